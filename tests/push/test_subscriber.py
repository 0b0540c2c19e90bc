"""The subscriber: an upstream that pushes, from discovery to the feed; what is false is dropped."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from flask.testing import FlaskClient

from feedsvc import config
from feedsvc.collect.schedule import PUSHED
from feedsvc.push.subscriber import Arrivals, Requests
from feedsvc.serve.app import create_app
from feedsvc.store.push.following import SqlFollowing
from feedsvc.store.queue.arrivals import SqlArrivals
from feedsvc.websub.links import discovered
from feedsvc.wiring.websub import StoredCallbacks
from feedsvc.wiring.work import collecting
from tests.conftest import Clock, until
from tests.makers import SITE
from tests.push.sink import Got, Reply, Sink

CONFIG = """
[site]
title = "Contoh"
url = "https://news.example/"
timezone = "Asia/Jakarta"
[serve]
base_url = "http://127.0.0.1:1"
[fetch]
own = ["{host}"]
[websub]
private = ["127.0.0.0/8"]
[store]
url = "{store}"
[[section]]
slug = "politik"
sources = [{{ feed = "{feed}", every = "30s", follow = false }}]
"""


def rss(numbers: range, *, hub: str = "", topic: str = "") -> bytes:
    items = "".join(
        f"<item><title>Judul {n}</title><link>https://up.example/{n}</link>"
        f"<guid>https://up.example/{n}</guid><description>Isi berita {n}.</description>"
        f"<pubDate>Thu, 18 Dec 2025 11:{n % 60:02}:00 GMT</pubDate></item>"
        for n in reversed(numbers)
    )
    links = f'<a:link rel="hub" href="{hub}"/>' if hub else ""
    links += f'<a:link rel="self" href="{topic}"/>' if topic else ""
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel>'
        f"<title>Hulu</title><link>https://up.example/</link><description>d</description>{links}{items}"
        "</channel></rss>"
    ).encode()


class Upstream:
    """A feed with a hub on the sink, and a worker that reads it."""

    def __init__(self, folder: Path, store_url: str, clock: Clock, sink: Sink) -> None:
        self.sink, self.clock = sink, clock
        self.topic = sink.url("/feed.xml")
        self.numbers = range(1, 6)
        self.advertised = sink.url("/hub")
        sink.rules["/feed.xml"] = self.feed
        sink.rules["/hub"] = lambda got: Reply(202)
        file = folder / "feedsvc.toml"
        file.write_text(CONFIG.format(host=sink.host, store=store_url, feed=self.topic))
        settings = config.load(file, {})
        assert settings.websub.follows
        self.wired = collecting(settings, clock=clock)
        self.worker = self.wired.worker
        self.callbacks = StoredCallbacks(store_url, clock)
        app = create_app(
            ready=lambda: True, editorial=lambda: None, site=SITE, lists=(), callbacks=lambda: self.callbacks
        )
        self.client: FlaskClient = app.test_client()
        self.database = self.callbacks._database
        self.store = SqlFollowing(self.database)
        _, _, own, stranger, _ = self.wired.pushing.senders
        base_url = settings.site.base_url
        self.requests = Requests(own, stranger, self.store, base_url, now=clock, jitter=lambda: 1.0)
        queue = self.wired.queue
        self.arrivals = Arrivals(SqlArrivals(self.database, queue), self.wired.collector)

    def feed(self, got: Got) -> Reply:
        body = rss(self.numbers, hub=self.advertised, topic=self.topic)
        return Reply(200, body, {"Content-Type": "application/rss+xml"})

    # ── steps ──

    def poll(self, **span: float) -> None:
        """Let time pass and look, where a look is due."""
        self.clock.forward(**span)

        def quiet() -> bool:
            self.worker.tick()
            return self.worker.busy == 0 and not self.wired.queue.outstanding(self.clock(), pages=True)

        until(quiet, 30)

    def work(self, work: Any) -> int:
        jobs = [
            *work.claim(10, slow=False, lease=30, now=self.clock(), blocked=()),
            *work.claim(10, slow=True, lease=30, now=self.clock(), blocked=()),
        ]
        if jobs:
            work.finish([work.do(job) for job in jobs])
        return len(jobs)

    def confirm(self, **changes: str) -> Any:
        """Ask as the hub does."""
        fields = {
            "hub.mode": "subscribe",
            "hub.topic": self.topic,
            "hub.challenge": "<b>chal</b>",
            "hub.lease_seconds": "86400",
        } | {f"hub.{name}": value for name, value in changes.items()}
        return self.client.get(f"/websub/callback/{self.following['name']}", query_string=fields)

    def followed(self) -> None:
        """From discovery to an active subscription."""
        self.poll()
        assert self.work(self.requests) == 1
        assert self.confirm().status_code == 200

    def push(self, numbers: range, *, secret: str | None = None, method: str = "sha256") -> int:
        body = rss(numbers)
        key = (self.following["secret"] if secret is None else secret).encode()
        return self.client.post(
            f"/websub/callback/{self.following['name']}",
            data=body,
            content_type="application/rss+xml; charset=utf-8",
            headers={"X-Hub-Signature": f"{method}={hmac.new(key, body, method).hexdigest()}"},
        ).status_code

    # ── what is stored ──

    def rows(self, statement: str) -> list[dict[str, Any]]:
        with self.database.read() as connection:
            return [dict(row._mapping) for row in connection.exec_driver_sql(statement)]

    @property
    def following(self) -> dict[str, Any]:
        (row,) = self.rows("SELECT * FROM following")
        return row

    @property
    def titles(self) -> set[str]:
        return {row["title"] for row in self.rows("SELECT title FROM article")}

    @property
    def looks(self) -> int:
        return len(self.sink.gets("/feed.xml"))

    @property
    def next_look(self) -> timedelta:
        (row,) = self.rows("SELECT next_due FROM due")
        since = row["next_due"] / 1_000_000 - self.clock().timestamp()
        return timedelta(seconds=since)

    def close(self) -> None:
        self.worker.stop(5)
        self.wired.pushing.stop(0)
        self.wired.close()
        self.callbacks.close()


@pytest.fixture
def upstream(tmp_path: Path, store_url: str, clock: Clock, sink: Sink) -> Iterator[Upstream]:
    found = Upstream(tmp_path, store_url, clock, sink)
    yield found
    found.close()


def test_a_hub_is_found_asked_and_confirmed(upstream: Upstream) -> None:
    upstream.poll()
    assert upstream.following["state"] == "wanted"
    assert upstream.work(upstream.requests) == 1
    (got,) = upstream.sink.posts("/hub")
    form = {name: values[0] for name, values in parse_qs(got.body.decode()).items()}
    assert form["hub.mode"] == "subscribe"
    assert form["hub.topic"] == upstream.topic
    assert form["hub.callback"] == f"http://127.0.0.1:1/websub/callback/{upstream.following['name']}"
    assert len(form["hub.secret"]) >= 32
    assert int(form["hub.lease_seconds"]) > 0
    answer = upstream.confirm()
    assert (answer.status_code, answer.data) == (200, b"<b>chal</b>")
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert upstream.following["state"] == "active"


def test_a_hub_that_asks_before_its_answer_is_written_counts(upstream: Upstream) -> None:
    upstream.poll()
    upstream.sink.rules["/hub"] = lambda got: Reply(upstream.confirm().status_code + 2)
    upstream.work(upstream.requests)
    assert upstream.following["state"] == "active"
    assert upstream.following["tries"] == 0
    assert upstream.work(upstream.requests) == 0


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"topic": "https://other.example/"}, 404),
        ({"mode": "unsubscribe"}, 404),
        ({"mode": "publish"}, 404),
        ({"lease_seconds": "0"}, 400),
        ({"lease_seconds": "soon"}, 400),
        ({"challenge": "x" * 1001}, 400),
    ],
)
def test_what_was_not_asked_for_is_not_confirmed(
    upstream: Upstream, changes: dict[str, str], status: int
) -> None:
    upstream.poll()
    assert upstream.confirm(**changes).status_code == status
    assert upstream.following["state"] == "wanted"
    nobody = "/websub/callback/nobody?hub.mode=subscribe&hub.lease_seconds=9"
    assert upstream.client.get(nobody).status_code == 404


def test_a_push_is_read_like_a_look_without_a_request(upstream: Upstream) -> None:
    upstream.followed()
    looks, planned = upstream.looks, upstream.next_look
    assert upstream.push(range(1, 8)) == 202
    assert upstream.work(upstream.arrivals) == 1
    assert upstream.titles == {f"Judul {n}" for n in range(1, 8)}
    assert upstream.looks == looks
    assert upstream.next_look == planned
    assert upstream.following["streak"] == 1
    assert upstream.rows("SELECT * FROM arrival") == []
    upstream.numbers = range(1, 8)
    upstream.poll(minutes=1)  # the look finds what was pushed
    assert upstream.looks == looks + 1
    assert upstream.following["streak"] == 1


@pytest.mark.parametrize("method", ["sha256", "sha384", "sha512"])
def test_every_good_signature_is_taken(upstream: Upstream, method: str) -> None:
    upstream.followed()
    upstream.push(range(1, 7), method=method)
    assert upstream.work(upstream.arrivals) == 1


def test_what_is_not_signed_by_the_hub_is_taken_and_dropped(upstream: Upstream) -> None:
    upstream.followed()
    assert upstream.push(range(1, 9), secret="guess") == 202
    assert upstream.push(range(1, 9), method="sha1") == 202
    path = f"/websub/callback/{upstream.following['name']}"
    assert upstream.client.post(path, data=rss(range(1, 9))).status_code == 202
    assert upstream.client.post("/websub/callback/nobody", data=rss(range(1, 9))).status_code == 410
    assert upstream.rows("SELECT * FROM arrival") == []
    assert upstream.work(upstream.arrivals) == 0


def test_the_same_push_again_changes_nothing(upstream: Upstream) -> None:
    upstream.followed()
    for _ in range(2):
        upstream.push(range(1, 8))
        upstream.work(upstream.arrivals)
    assert len(upstream.titles) == 7
    assert upstream.following["streak"] == 1


def test_a_recorded_push_does_not_bring_back_what_was_corrected(upstream: Upstream) -> None:
    upstream.followed()
    for numbers in (range(1, 8), range(1, 9), range(1, 8)):
        assert upstream.push(numbers) == 202
    assert [upstream.work(upstream.arrivals) for _ in range(3)] == [1, 1, 0]


def test_a_push_that_cannot_be_read_changes_nothing(upstream: Upstream) -> None:
    upstream.followed()
    planned = upstream.next_look
    body = b"this is no feed"
    signature = hmac.new(upstream.following["secret"].encode(), body, "sha256").hexdigest()
    path = f"/websub/callback/{upstream.following['name']}"
    upstream.client.post(path, data=body, headers={"X-Hub-Signature": f"sha256={signature}"})
    assert upstream.work(upstream.arrivals) == 1
    assert upstream.next_look == planned
    assert upstream.rows("SELECT failures, error_code FROM upstream") == [{"failures": 0, "error_code": ""}]
    upstream.push(range(1, 8))
    upstream.work(upstream.arrivals)
    assert len(upstream.titles) == 7


def test_while_somebody_looks_a_push_waits(upstream: Upstream) -> None:
    upstream.followed()
    upstream.push(range(1, 8))
    upstream.clock.forward(minutes=1)
    (claim,) = upstream.wired.queue.claim(1, lease=60, now=upstream.clock(), blocked=())
    assert upstream.work(upstream.arrivals) == 0
    upstream.wired.queue.release(claim, not_before=upstream.clock())
    assert upstream.work(upstream.arrivals) == 1


def test_ten_pushes_in_a_row_make_looks_hourly_and_one_look_that_is_first_ends_that(
    upstream: Upstream,
) -> None:
    upstream.followed()
    for n in range(PUSHED):
        assert upstream.next_look <= timedelta(seconds=33)
        upstream.push(range(1, 7 + n))
        upstream.work(upstream.arrivals)
        upstream.numbers = range(1, 7 + n)
        upstream.poll(seconds=40)
    assert upstream.following["streak"] == PUSHED
    assert upstream.next_look >= timedelta(hours=1)
    upstream.numbers = range(1, 40)  # the hub fails to tell
    upstream.poll(hours=1, minutes=7)
    assert upstream.following["streak"] == 0
    upstream.poll(hours=1, minutes=7)
    assert upstream.next_look <= timedelta(seconds=33)


def test_leases_are_renewed_in_time_and_asked_for_anew_where_they_ended(upstream: Upstream) -> None:
    upstream.followed()
    upstream.clock.forward(hours=19)
    assert upstream.work(upstream.requests) == 0
    upstream.clock.forward(minutes=13)
    assert upstream.work(upstream.requests) == 1
    assert upstream.confirm().status_code == 200
    upstream.clock.forward(hours=25)
    upstream.store.tidy(upstream.clock())
    assert upstream.following["state"] == "wanted"
    assert upstream.work(upstream.requests) == 1


def test_a_hub_that_refuses_is_asked_more_and_more_rarely(upstream: Upstream) -> None:
    upstream.poll()
    upstream.sink.rules["/hub"] = lambda got: Reply(400, b"no such topic")
    for _ in range(100):
        upstream.work(upstream.requests)
        upstream.clock.forward(minutes=10)
    assert 5 <= len(upstream.sink.posts("/hub")) <= 12
    assert "no such topic" in upstream.following["error"]


def test_a_denial_ends_it_for_a_day(upstream: Upstream) -> None:
    upstream.followed()
    assert upstream.confirm(mode="denied").status_code == 200
    assert upstream.following["state"] == "denied"
    assert upstream.push(range(1, 9)) == 410
    upstream.clock.forward(hours=23)
    assert upstream.work(upstream.requests) == 0
    upstream.clock.forward(hours=2)
    assert upstream.work(upstream.requests) == 1


def test_another_hub_is_asked_and_no_hub_ends_it(upstream: Upstream) -> None:
    upstream.followed()
    upstream.advertised = upstream.sink.url("/hub2")
    upstream.poll(minutes=1)
    assert upstream.following["state"] == "wanted"
    upstream.sink.rules["/hub2"] = lambda got: Reply(202)
    upstream.work(upstream.requests)
    assert len(upstream.sink.posts("/hub2")) == 1
    upstream.confirm()
    upstream.advertised = ""
    upstream.poll(minutes=1)
    assert upstream.following["state"] == "ended"
    upstream.work(upstream.requests)
    form = parse_qs(upstream.sink.posts("/hub2")[-1].body.decode())
    assert form["hub.mode"] == ["unsubscribe"]
    assert upstream.confirm(mode="unsubscribe").status_code == 200
    upstream.clock.forward(hours=1)
    upstream.work(upstream.requests)
    assert upstream.rows("SELECT * FROM following") == []


def test_a_hub_that_floods_loses_its_oldest(upstream: Upstream) -> None:
    upstream.followed()
    for n in range(25):
        upstream.push(range(1, 7 + n))
    assert len(upstream.rows("SELECT no FROM arrival")) == 20
    while upstream.work(upstream.arrivals):
        pass
    assert len(upstream.titles) == 30


def test_the_header_of_a_real_answer_is_found() -> None:
    """websub.rocks, discovery: header, body, both; relative addresses; several hubs."""
    url = "https://up.example/feed"
    header = '</hub>; rel="hub", </feed?x>; rel="self"'
    assert discovered(header, url=url, hub="", topic="") == (
        "https://up.example/hub",
        "https://up.example/feed?x",
    )
