"""Settings → what the worker sends: WebSub as hub, publisher and subscriber; caches that are emptied."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from feedsvc.collect import Collector
from feedsvc.config import Settings
from feedsvc.fetch.guard import Guard, system_lookup
from feedsvc.fetch.sender import Sender
from feedsvc.model import RunReport, ready
from feedsvc.protocols import Clock
from feedsvc.push.announce import Announcer, HttpPurge
from feedsvc.push.buckets import Buckets
from feedsvc.push.deliver import Deliveries, Intents
from feedsvc.push.dispatch import Dispatch
from feedsvc.push.gate import Gate
from feedsvc.push.object_storage import Bucket
from feedsvc.push.pings import Pings
from feedsvc.push.subscriber import Arrivals, Requests
from feedsvc.render.assets import assets
from feedsvc.store.engine import Database
from feedsvc.store.push.buckets import SqlBuckets
from feedsvc.store.push.deliveries import SqlPushes
from feedsvc.store.push.following import SqlFollowing
from feedsvc.store.push.pings import SqlPings
from feedsvc.store.push.subscriptions import SqlHub
from feedsvc.store.queue.arrivals import SqlArrivals
from feedsvc.store.queue.due import SqlDueQueue
from feedsvc.websub import rules as websub

ENDED = "this feed has ended or moved to another address"


@dataclass(slots=True)
class Pushing:
    """What sends, beside the worker that collects and publishes."""

    announcer: Announcer
    dispatches: Sequence[Dispatch[Any, Any]]
    buckets: Buckets
    senders: Sequence[Sender]

    def start(self) -> None:
        """Begin to announce and to send."""
        self.buckets.start()
        self.announcer.start()
        for one in self.dispatches:
            one.start()

    def stop(self, seconds: float) -> None:
        """End; what is being sent has `seconds`."""
        with ThreadPoolExecutor(len(self.dispatches) + 2) as together:
            together.submit(self.announcer.stop)
            together.submit(self.buckets.stop)
            for one in self.dispatches:
                together.submit(one.stop, seconds)
        for sender in self.senders:  # what hangs is cut off: its lease brings it back
            sender.close()


def pushes_of(settings: Settings, database: Database) -> SqlPushes:
    """Where publications are noted for those who wait for them."""

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

    rules, base_url = settings.websub, settings.site.base_url
    sender = partial(_sender, settings, user_agent, clock)
    every_topic = websub.topics(base_url, (*settings.lists, *settings.takers))
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
    buckets = buckets_of(settings, database, clock)
    announcer = Announcer(pushes, now=clock, announced=announced, tidy=tidy, purge=purge, stored=buckets.have)
    return Pushing(announcer, dispatches, buckets, (foreign, named, upstream, stranger, cache))


def buckets_of(settings: Settings, database: Database, clock: Clock) -> Buckets:
    """The object storages that get what is published. Raises BucketError where they cannot be used at all."""

    given = settings.publish
    return Buckets(
        SqlBuckets(database),
        [Bucket(one, endpoint=given.endpoint, region=given.region) for one in given.to],
        now=clock,
        fixed=[ready(one) for one in assets()] if given.to else [],
    )


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

    private = settings.websub.networks if networks is None else networks
    allowed = tuple(ipaddress.ip_network(one) for one in private)
    guard = Guard(own=own, ports=settings.ports, networks=allowed, hint="[websub] private")
    return Sender(guard, user_agent=user_agent, now=clock, ca_bundle=settings.ca_bundle or None)
