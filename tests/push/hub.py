"""A hub over a real store, whose steps a test takes by hand, on a clock that it moves."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from feedsvc.fetch.guard import Guard, system_lookup
from feedsvc.fetch.sender import Sender
from feedsvc.model import Format
from feedsvc.push.announce import Announcer, Purge
from feedsvc.push.deliver import Deliveries, Intents
from feedsvc.push.dispatch import Work
from feedsvc.push.gate import Gate
from feedsvc.push.pings import Pings
from feedsvc.render.freeze import freeze
from feedsvc.serve.app import create_app
from feedsvc.store.publishing.builds import Changes, SqlPublishing
from feedsvc.store.publishing.documents import NewDocument
from feedsvc.store.push.deliveries import SqlPushes
from feedsvc.store.push.pings import SqlPings
from feedsvc.store.push.subscriptions import SqlHub
from feedsvc.store.web.heartbeats import Heartbeats
from feedsvc.websub.rules import Rules
from feedsvc.wiring.websub import StoredHub
from tests.conftest import Clock
from tests.makers import SITE
from tests.stores import migrated

BASE = "https://feeds.example"
HUB = f"{BASE}/websub"
TOPICS = frozenset(f"{BASE}/feeds/politik.{form}" for form in Format)
TOPIC = f"{BASE}/feeds/politik.atom"


LASTING = 3_600_000_000  #: microseconds


class Lasting(Heartbeats):
    """A beat is old after three seconds of the database's time, which a test on a busy machine may take."""

    def beat(self, number: int, looks: Iterable[tuple[str, str, int]] = ()) -> None:
        super().beat(number, looks)
        self._do(f"UPDATE heartbeat SET at = at + {LASTING} WHERE id = ?", (self._id,))


class Hub:
    """Door, store and what sends."""

    def __init__(
        self,
        url: str,
        clock: Clock,
        *,
        networks: Sequence[str] = ("127.0.0.0/8",),
        hubs: Sequence[str] = (),
        purge: Purge | None = None,
        **rules: Any,
    ) -> None:
        self.clock = clock
        self.url = url
        self.database = migrated(url)
        rules.setdefault("verify_rate", 1000.0)
        self.rules = Rules(networks=tuple(networks), hubs=tuple(hubs), **rules)
        self.stored = StoredHub(url, self.rules, clock)
        app = create_app(
            ready=lambda: True, editorial=lambda: None, site=SITE, lists=(), hub=lambda: self.stored
        )
        self.client: FlaskClient = app.test_client()
        guard = Guard(networks=tuple(ipaddress.ip_network(one) for one in networks), hint="[websub] private")
        self.sender = Sender(guard, user_agent="feedsvc/0", now=clock)
        self.store = SqlHub(self.database)
        self.pushes = SqlPushes(self.database, BASE, hubs=self.rules.hubs, purge=purge is not None)
        self.publishing = SqlPublishing(self.database, self.pushes)
        self.gate = Gate(system_lookup, per_second=self.rules.verify_rate, clock=lambda: clock().timestamp())
        self.intents = Intents(
            self.sender, self.store, TOPICS, gate=self.gate, quota=self.rules.quota, now=clock
        )
        self.deliveries = Deliveries(
            self.sender, self.pushes, method=self.rules.signature, now=clock, jitter=lambda: 1.0
        )
        self.pings = Pings(self.sender, SqlPings(self.database), now=clock, jitter=lambda: 1.0)
        self.announcer = Announcer(
            self.pushes,
            now=clock,
            announced=lambda: None,
            tidy=lambda: self.store.tidy(sorted(TOPICS), "it has ended", clock()),
            purge=purge,
        )
        self._token = 0

    # ── from outside ──

    def post(self, data: Any, content_type: str = "application/x-www-form-urlencoded") -> TestResponse:
        return self.client.post("/websub", data=data, content_type=content_type)

    def ask(self, callback: str, mode: str = "subscribe", topic: str = TOPIC, **more: str) -> int:
        fields = {"hub.mode": mode, "hub.callback": callback, "hub.topic": topic}
        return self.post(fields | {f"hub.{name}": value for name, value in more.items()}).status_code

    def subscribe(self, callback: str, **more: str) -> None:
        """Ask and confirm."""
        assert self.ask(callback, **more) == 202
        assert self.work(self.intents) >= 1

    # ── steps of the worker ──

    def work(self, work: Work[Any, Any]) -> int:
        """Do what is due once; returns how much that was."""
        jobs: list[Any] = []
        for slow in (False, True):
            jobs += work.claim(1000, slow=slow, lease=30, now=self.clock(), blocked=())
        if jobs:
            work.finish([work.do(job) for job in jobs])
        return len(jobs)

    def publish(
        self, body: bytes, path: str = "/feeds/politik.atom", *, news: bool = True, hub: bool = True
    ) -> int:
        """Store a document as the publisher does; returns the number of the publication."""
        self._token = self.publishing.take_lease(self.clock(), 10, self._token) or 0
        assert self._token
        snapshot = freeze(
            body,
            path=path,
            media_type="application/atom+xml; charset=utf-8",
            stored=self.clock(),
            max_age=60,
            links=[("self", f"{BASE}{path}"), *([("hub", HUB)] if hub else [])],
            page="/feeds/politik",
        )
        number = self.publishing.save(
            Changes(documents=[NewDocument(snapshot, "politik", body[:16])], news={path} if news else set()),
            token=self._token,
            now=self.clock(),
        )
        assert number
        return number

    def push(self, body: bytes) -> int:
        """Publish news, announce it and deliver; returns how many deliveries were tried."""
        self.publish(body)
        self.announcer.run()
        return self.work(self.deliveries)

    # ── what is stored ──

    def rows(self, table: str, columns: str = "*") -> list[dict[str, Any]]:
        with self.database.read() as connection:
            found = connection.exec_driver_sql(f"SELECT {columns} FROM {table}")
            return [dict(row._mapping) for row in found]

    def beats(self) -> Heartbeats:
        """The heart of one more web process; it counts as alive until it is ended, however slow the test."""
        return Lasting(self.url)

    def end(self, beats: Heartbeats) -> None:
        """A web process was killed, and its last beat has grown old."""
        beats.close()
        with self.database.write() as connection:
            connection.exec_driver_sql(f"UPDATE heartbeat SET at = at - {LASTING + 4_000_000}")

    def close(self) -> None:
        self.sender.close()
        self.stored.close()
        self.database.close()
