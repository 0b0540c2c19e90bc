"""Settings → the objects of WebSub: hub and publisher in the worker, what a web process takes in."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from feedsvc.websub import rules as websub

if TYPE_CHECKING:
    from feedsvc.collect import Collector
    from feedsvc.config import Settings
    from feedsvc.fetch.sender import Sender
    from feedsvc.model import RunReport, Site
    from feedsvc.protocols import Clock
    from feedsvc.push.announce import Announcer
    from feedsvc.push.dispatch import Dispatch
    from feedsvc.serve.heartbeat import Heartbeat
    from feedsvc.store.engine import Database
    from feedsvc.store.push.deliveries import SqlPushes
    from feedsvc.store.queue.due import SqlDueQueue
    from feedsvc.websub.rules import Rules

ENDED = "this feed has ended or moved to another address"


# ── worker ────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Pushing:
    """What sends, beside the worker that collects and publishes."""

    announcer: Announcer
    dispatches: Sequence[Dispatch[Any, Any]]
    senders: Sequence[Sender]

    def start(self) -> None:
        """Begin to announce and to send."""
        self.announcer.start()
        for one in self.dispatches:
            one.start()

    def stop(self, seconds: float) -> None:
        """End; what is being sent has `seconds`."""
        with ThreadPoolExecutor(len(self.dispatches) + 1) as together:
            together.submit(self.announcer.stop)
            for one in self.dispatches:
                together.submit(one.stop, seconds)
        for sender in self.senders:  # what hangs is cut off: its lease brings it back
            sender.close()


def pushes_of(settings: Settings, database: Database) -> SqlPushes:
    """Where publications are noted for those who wait for them."""
    from feedsvc.store.push.deliveries import SqlPushes

    hubs, purge = settings.websub.hubs, bool(settings.purge)
    return SqlPushes(database, settings.site.base_url, hubs=hubs, purge=purge)


def pushing(
    settings: Settings,
    database: Database,
    pushes: SqlPushes,
    *,
    queue: SqlDueQueue,
    collector: Collector,
    user_agent: str,
    clock: Clock,
    report: Callable[[RunReport], None],
) -> Pushing:
    """What sends, and what reads that which is pushed to us."""
    from feedsvc.fetch.guard import system_lookup
    from feedsvc.push.announce import Announcer, HttpPurge
    from feedsvc.push.deliver import Deliveries, Intents
    from feedsvc.push.dispatch import Dispatch
    from feedsvc.push.gate import Gate
    from feedsvc.push.pings import Pings
    from feedsvc.push.subscriber import Arrivals, Requests
    from feedsvc.store.push.following import SqlFollowing
    from feedsvc.store.push.pings import SqlPings
    from feedsvc.store.push.subscriptions import SqlHub
    from feedsvc.store.queue.arrivals import SqlArrivals

    rules, base_url = settings.websub, settings.site.base_url
    sender = partial(_sender, settings, user_agent, clock)
    every_topic = websub.topics(base_url, settings.lists)
    topics = every_topic if rules.hub else frozenset()
    foreign = sender(frozenset())
    named = sender(frozenset(urlsplit(one).netloc.lower() for one in rules.hubs))
    upstream = sender(settings.own)
    stranger = sender(frozenset(), networks=())  # hubs that foreign feeds name are public ones
    cache = sender(frozenset({urlsplit(settings.purge).netloc.lower()}))
    hub, pings, follows = SqlHub(database), SqlPings(database), SqlFollowing(database)
    gate = Gate(system_lookup, per_second=rules.verify_rate)
    intents = Intents(foreign, hub, topics, gate=gate, quota=rules.quota, now=clock)
    deliveries = Dispatch(
        "deliver",
        Deliveries(foreign, pushes, method=rules.signature, now=clock),
        now=clock,
        per_host=rules.per_host,
    )
    pings_out = Dispatch("ping", Pings(named, pings, now=clock), now=clock, quick=8, slow=8, threads=32)
    dispatches: list[Dispatch[Any, Any]] = [
        Dispatch("confirm", intents, now=clock, quick=16, threads=64),
        deliveries,
        pings_out,
    ]
    if rules.follows:
        requests = Requests(upstream, stranger, follows, base_url, now=clock)
        arrivals = Arrivals(SqlArrivals(database, queue), collector, report)
        dispatches += [
            Dispatch("follow", requests, now=clock, quick=8, slow=8, threads=32, every=1.0),
            Dispatch("arrivals", arrivals, now=clock, quick=4, slow=1, threads=8),
        ]

    def tidy() -> None:
        pushes.tidy(clock())
        hub.tidy(sorted(topics), ENDED, clock())
        pings.keep_only(rules.hubs, every_topic)
        follows.tidy(clock())

    def announced() -> None:
        deliveries.wake()
        pings_out.wake()

    purge = HttpPurge(cache, settings.purge, settings.purge_headers, base_url) if settings.purge else None
    announcer = Announcer(pushes, now=clock, announced=announced, tidy=tidy, purge=purge)
    return Pushing(announcer, dispatches, (foreign, named, upstream, stranger, cache))


def _sender(
    settings: Settings,
    user_agent: str,
    clock: Clock,
    own: frozenset[str],
    networks: Sequence[str] | None = None,
) -> Sender:
    """A way out to hosts that others name: public ones, those in `networks`, and `own`.

    `networks` None: those of `[websub] private`.
    """
    from feedsvc.fetch.guard import Guard
    from feedsvc.fetch.sender import Sender

    private = settings.websub.networks if networks is None else networks
    allowed = tuple(ipaddress.ip_network(one) for one in private)
    guard = Guard(own=own, ports=settings.ports, networks=allowed, hint="[websub] private")
    return Sender(guard, user_agent=user_agent, now=clock, ca_bundle=settings.ca_bundle or None)


# ── web ───────────────────────────────────────────────────────────────────────────────────────────────


class StoredHub:
    """The hub as the web asks for it: plain values in."""

    def __init__(self, store_url: str, rules: Rules, clock: Clock) -> None:
        from feedsvc.store.engine import Database
        from feedsvc.store.push.subscriptions import SqlHub

        self._database = Database(store_url)
        self._hub = SqlHub(self._database)
        self._rules = rules
        self._clock = clock

    def ask(self, form: Sequence[tuple[str, str]]) -> None:
        """Take a request. Raises HubError, StoreError."""
        from feedsvc.websub.asking import read

        one = read(form, self._rules)
        self._hub.ask(
            mode=one.mode,
            callback=one.callback,
            topic=one.topic,
            host=one.host,
            secret=one.secret,
            lease_seconds=one.lease_seconds,
            quota=self._rules.quota,
            now=self._clock(),
        )

    def close(self) -> None:
        """Close the connections to the store."""
        self._database.close()


class StoredCallbacks:
    """Our callbacks at the hubs of upstream feeds: plain values in."""

    def __init__(self, store_url: str, clock: Clock) -> None:
        from feedsvc.store.engine import Database
        from feedsvc.store.push.following import SqlFollowing

        self._database = Database(store_url)
        self._store = SqlFollowing(self._database)
        self._clock = clock

    def confirm(self, name: str, *, mode: str, topic: str, lease_seconds: int) -> bool:
        """Whether we meant what a hub asks about. Raises StoreError."""
        from feedsvc.websub.retry import renewal

        now = self._clock()
        return self._store.confirm(
            name,
            mode=mode,
            topic=topic,
            lease_seconds=lease_seconds,
            renew=renewal(lease_seconds, now),
            now=now,
        )

    def receive(self, name: str, *, body: bytes, media_type: str, charset: str, signature: str) -> bool:
        """Take what a hub sends; False where there is no such callback. What is not signed by the hub is
        dropped without a word (W3C WebSub 8). Raises StoreError.
        """
        from feedsvc.websub.signature import is_genuine

        secret = self._store.secret(name)
        if secret is None:
            return False
        if is_genuine(signature, secret, body):
            self._store.keep(name, body=body, media_type=media_type, charset=charset, now=self._clock())
        return True

    def close(self) -> None:
        """Close the connections to the store."""
        self._database.close()


def heartbeat(store_url: str, site: Site, rules: Rules) -> Heartbeat:
    """Says that a web process lives, what it serves, and which hubs came to look."""
    from feedsvc.fetch.guard import system_lookup
    from feedsvc.serve.heartbeat import Heartbeat
    from feedsvc.store.web.heartbeats import Heartbeats

    beats = Heartbeats(store_url)
    return Heartbeat(
        beat=beats.beat,
        base_url=site.base_url,
        hubs=rules.hubs,
        agents=rules.hub_agents,
        lookup=system_lookup,
    )
