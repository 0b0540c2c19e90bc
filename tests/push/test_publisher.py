"""Outside hubs and caches: pings, their proof, their repetition; purges before anybody is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import orjson
import pytest

from feedsvc.errors import Code, FetchError, StoreError
from feedsvc.push.announce import HttpPurge
from feedsvc.serve.heartbeat import Heartbeat
from feedsvc.store.publishing.builds import Changes
from tests.conftest import Clock, until
from tests.push.hub import BASE, TOPIC, Hub
from tests.push.sink import Reply, Sink

BODY = b"<feed>berita</feed>"


@pytest.fixture
def publisher(store_url: str, clock: Clock, sink: Sink) -> Iterator[Hub]:
    found = Hub(store_url, clock, hubs=[sink.url("/hub")])
    yield found
    found.close()


def ping(publisher: Hub) -> dict[str, Any]:
    (row,) = publisher.rows("ping")
    return row


def news(publisher: Hub, body: bytes = BODY) -> int:
    number = publisher.publish(body)
    publisher.announcer.run()
    publisher.work(publisher.pings)
    return number


def test_a_ping_names_one_topic_in_a_form(publisher: Hub, sink: Sink) -> None:
    news(publisher)
    (got,) = sink.posts("/hub")
    assert parse_qs(got.body.decode()) == {
        "hub.mode": ["publish"],
        "hub.url": [TOPIC],
        "hub.topic": [TOPIC],
    }
    assert got.headers["content-type"] == "application/x-www-form-urlencoded"
    assert (ping(publisher)["state"], ping(publisher)["tries"]) == ("sent", 1)


def test_no_news_no_ping(publisher: Hub, sink: Sink) -> None:
    publisher.publish(BODY, news=False)
    publisher.publish(BODY, "/feeds/politik", hub=False)
    publisher.announcer.run()
    assert publisher.work(publisher.pings) == 0


def test_a_ping_that_fails_is_repeated_and_news_does_not_hurry_it(
    publisher: Hub, sink: Sink, clock: Clock
) -> None:
    sink.rules["/hub"] = lambda got: Reply(500)
    news(publisher)
    assert "answers 500" in ping(publisher)["error"]
    news(publisher, BODY + b"2")
    assert len(sink.posts("/hub")) == 1
    del sink.rules["/hub"]
    clock.forward(seconds=6)
    publisher.work(publisher.pings)
    assert (ping(publisher)["state"], ping(publisher)["error"]) == ("sent", "")
    assert len(sink.posts("/hub")) == 2


def test_a_look_of_the_hub_is_the_proof(publisher: Hub, sink: Sink, clock: Clock) -> None:
    number = news(publisher)
    beats = publisher.beats()
    beats.beat(number, [(sink.url("/hub"), TOPIC, number - 1)])  # it got the publication before
    assert ping(publisher)["state"] == "sent"
    beats.beat(number, [(sink.url("/other"), TOPIC, number), (sink.url("/hub"), f"{BASE}/other", number)])
    assert ping(publisher)["state"] == "sent"
    beats.beat(number, [(sink.url("/hub"), TOPIC, number)])
    assert ping(publisher)["state"] == "proven"
    publisher.end(beats)
    clock.forward(hours=2)
    assert publisher.work(publisher.pings) == 0
    next_number = news(publisher, BODY + b"2")
    assert (ping(publisher)["state"], ping(publisher)["number"]) == ("sent", next_number)


def test_a_hub_may_look_while_it_is_told(publisher: Hub, sink: Sink) -> None:
    beats = publisher.beats()

    def look(got: object) -> Reply:
        number = publisher.publishing.save(Changes(), token=1, now=publisher.clock())
        assert number
        beats.beat(number, [(sink.url("/hub"), TOPIC, number)])
        return Reply(204)

    sink.rules["/hub"] = look
    news(publisher)
    assert ping(publisher)["state"] == "proven"
    assert ping(publisher)["sent_at"] is not None
    beats.close()


def test_without_proof_it_is_told_again_four_times(publisher: Hub, sink: Sink, clock: Clock) -> None:
    news(publisher)
    for _ in range(200):
        clock.forward(minutes=1)
        publisher.work(publisher.pings)
    assert len(sink.posts("/hub")) == 5
    assert ping(publisher)["state"] == "unproven"
    beats = publisher.beats()
    beats.beat(9, [(sink.url("/hub"), TOPIC, 9)])  # better late
    assert ping(publisher)["state"] == "proven"
    beats.close()


# ── who looks ──


class Heart:
    def __init__(self) -> None:
        self.beats: list[tuple[int, list[tuple[str, str, int]]]] = []
        self.broken = False

    def beat(self, number: int, looks: Any) -> None:
        if self.broken:
            raise StoreError(Code.STORE, "away")
        self.beats.append((number, list(looks)))


def heartbeat(heart: Heart, hub: str = "https://push.hub.example/", **options: Any) -> Heartbeat:
    lookup = options.pop("lookup", lambda host, port: ["192.0.0.9"])
    return Heartbeat(beat=heart.beat, base_url=BASE, hubs=[hub], lookup=lookup, **options)


@pytest.mark.parametrize(
    ("environ", "is_hub"),
    [
        ({"REMOTE_ADDR": "192.0.0.9"}, True),
        ({"REMOTE_ADDR": "192.0.0.8"}, False),
        ({"HTTP_USER_AGENT": "Superb/2.0 (+http://push.hub.example)"}, True),
        ({"HTTP_USER_AGENT": "Superb/2.0 (http://Hub.Example/)"}, True),
        ({"HTTP_USER_AGENT": "Mozilla/5.0 example"}, False),
        ({"HTTP_USER_AGENT": "FeedFetcher-Google; (+http://www.google.com/feedfetcher.html)"}, True),
        ({}, False),
    ],
)
def test_hubs_are_known_by_their_address_or_their_name(environ: dict[str, str], is_hub: bool) -> None:
    heart = Heart()
    one = heartbeat(heart, agents=["feedfetcher-google"])
    one.start(lambda: 3)
    until(lambda: heart.beats)
    one.look("/feeds/politik.atom", environ)
    one.once()
    looks = [look for _, found in heart.beats for look in found]
    assert looks == ([("https://push.hub.example/", TOPIC, 3)] if is_hub else [])


def test_a_store_that_is_away_loses_no_look() -> None:
    heart = Heart()

    def nowhere(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    one = heartbeat(heart, hub="http://127.0.0.1:8000/hub", lookup=nowhere)
    one.start(lambda: 3)
    until(lambda: heart.beats)
    heart.broken = True
    one.look("/feeds/politik.atom", {"HTTP_USER_AGENT": "hub at 127.0.0.1"})
    one.once()
    one.once()
    heart.broken = False
    one.once()
    assert ("http://127.0.0.1:8000/hub", TOPIC, 3) in [look for _, found in heart.beats for look in found]


# ── caches in front ──


def test_a_purge_for_each_address(hub: Hub, sink: Sink) -> None:
    purge = HttpPurge(hub.sender, sink.url("{path}"), {"Fastly-Key": "k"}, BASE)
    sink.rules["/feeds/b.rss"] = lambda got: Reply(404)  # it was not cached
    purge([f"{BASE}/feeds/a.rss", f"{BASE}/feeds/b.rss"])
    assert [(got.method, got.path) for got in sink.got] == [
        ("PURGE", "/feeds/a.rss"),
        ("PURGE", "/feeds/b.rss"),
    ]
    assert sink.got[0].headers["fastly-key"] == "k"
    sink.rules["/feeds/a.rss"] = lambda got: Reply(403)
    with pytest.raises(FetchError, match="403"):
        purge([f"{BASE}/feeds/a.rss"])


def test_a_purge_by_list(hub: Hub, sink: Sink) -> None:
    purge = HttpPurge(hub.sender, sink.url("/purge"), {"Authorization": "Bearer t"}, BASE)
    addresses = [f"{BASE}/feeds/{n}.rss" for n in range(31)]
    purge(addresses)
    bodies = [orjson.loads(got.body) for got in sink.posts("/purge")]
    assert bodies == [{"files": addresses[:30]}, {"files": addresses[30:]}]
    assert sink.got[0].headers["authorization"] == "Bearer t"
    assert sink.got[0].headers["content-type"] == "application/json"


def test_nobody_is_told_before_the_cache_forgot(store_url: str, clock: Clock, sink: Sink) -> None:
    order: list[str] = []

    def forget(addresses: Any) -> None:
        order.append(f"purge {','.join(addresses)}")
        if len(order) == 1:
            raise FetchError(Code.CONNECT, "the cache is away")

    hub = Hub(store_url, clock, purge=forget)
    hub.subscribe(sink.url("/cb"))
    hub.publish(BODY)
    hub.publish(b"page", "/feeds/politik", news=False, hub=False)
    assert hub.announcer.run() is True
    assert hub.work(hub.deliveries) == 0
    assert hub.announcer.run() is False
    assert hub.work(hub.deliveries) == 1
    assert order == [f"purge {BASE}/feeds/politik,{TOPIC}"] * 2
    hub.close()


def test_a_cache_that_is_broken_is_waited_for_half_a_minute(store_url: str, clock: Clock, sink: Sink) -> None:
    def broken(addresses: Any) -> None:
        raise FetchError(Code.CONNECT, "the cache is away")

    hub = Hub(store_url, clock, purge=broken)
    hub.subscribe(sink.url("/cb"))
    hub.publish(BODY)
    clock.forward(seconds=29)
    assert hub.announcer.run() is True
    clock.forward(seconds=1)
    assert hub.announcer.run() is False
    assert hub.work(hub.deliveries) == 1
    hub.close()
