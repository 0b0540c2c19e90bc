"""The hub, by its promises, against real subscribers; on SQLite and PostgreSQL.

Among them are the cases of websub.rocks for hubs: subscription with and without a secret, unsubscription,
denied and unconfirmed requests, contents and their headers.
"""

from __future__ import annotations

import hmac
from datetime import timedelta

import pytest

from feedsvc.protocols import Clock
from feedsvc.push.gate import BURST
from feedsvc.serve.websub import CLIENT_BURST
from feedsvc.store.publishing.builds import Changes
from tests.push.hub import BASE, HUB, TOPIC, Hub
from tests.push.sink import Got, Reply, Sink

BODY = b"<feed>berita</feed>" * 50


# ── subscribing ──


def test_a_subscription_is_confirmed_by_the_challenge(hub: Hub, sink: Sink) -> None:
    assert hub.ask(sink.url("/cb?id=7"), lease_seconds="1000") == 202
    assert sink.got == []  # the answer does not wait for the question
    assert hub.work(hub.intents) == 1
    (got,) = sink.gets("/cb")
    assert got.asks("id") == "7"
    assert (got.asks("hub.mode"), got.asks("hub.topic")) == ("subscribe", TOPIC)
    assert got.asks("hub.lease_seconds") == "1000"
    (row,) = hub.rows("subscription")
    assert row["expires"] - row["since"] == 1000 * 1_000_000
    assert hub.rows("intent") == []


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, b"something else"),
        Reply(200, b""),
        Reply(404, b""),
        Reply(302, b"", {"Location": "/yes"}),
    ],
)
def test_whoever_does_not_echo_is_not_subscribed(hub: Hub, sink: Sink, reply: Reply) -> None:
    sink.rules["/cb"] = lambda got: reply
    hub.subscribe(sink.url("/cb"))
    assert hub.rows("subscription") == []
    assert hub.rows("intent") == []
    assert sink.gets("/yes") == []  # no redirect is followed


def test_a_callback_that_has_trouble_is_asked_three_times(hub: Hub, sink: Sink, clock: Clock) -> None:
    sink.rules["/cb"] = lambda got: Reply(500)
    hub.subscribe(sink.url("/cb"))
    for _ in range(5):
        hub.clock.forward(minutes=5)
        hub.work(hub.intents)
    assert len(sink.gets("/cb")) == 3
    assert hub.rows("intent") == []


def test_an_unknown_topic_is_denied_with_a_reason(hub: Hub, sink: Sink) -> None:
    topics = [f"{BASE}/feeds/politik.atom?limit=1", f"{BASE}/feeds/politik", f"{BASE}/", "https://a.example/"]
    topics += [
        f"{BASE}/feeds/politik/archive/1.atom",
        TOPIC.upper().replace("HTTPS://FEEDS", "https://feeds"),
    ]
    for number, topic in enumerate(topics):
        assert hub.ask(sink.url(f"/{number}"), topic=topic) == 202
    assert hub.work(hub.intents) == len(topics)
    for number, topic in enumerate(topics):
        (got,) = sink.gets(f"/{number}")
        assert (got.asks("hub.mode"), got.asks("hub.topic")) == ("denied", topic)
        assert got.asks("hub.reason")
        assert not got.asks("hub.challenge")
    assert hub.rows("subscription") == []


def test_unsubscribing_is_confirmed_too(hub: Hub, sink: Sink) -> None:
    hub.subscribe(sink.url("/cb"))
    sink.rules["/cb"] = lambda got: Reply(404)
    assert hub.ask(sink.url("/cb"), "unsubscribe") == 202
    hub.work(hub.intents)
    assert len(hub.rows("subscription")) == 1  # somebody else asked for it
    del sink.rules["/cb"]
    hub.ask(sink.url("/cb"), "unsubscribe")
    hub.work(hub.intents)
    assert hub.rows("subscription") == []
    assert sink.gets("/cb")[-1].asks("hub.mode") == "unsubscribe"
    assert hub.push(BODY) == 0


def test_a_renewal_takes_the_place_of_the_old_lease_and_secret(hub: Hub, sink: Sink) -> None:
    hub.subscribe(sink.url("/cb"), secret="old")
    hub.clock.forward(days=1)
    hub.subscribe(sink.url("/cb"), secret="new")
    (row,) = hub.rows("subscription")
    assert row["secret"] == "new"
    assert row["expires"] - row["since"] == (86400 + hub.rules.lease_default) * 1_000_000


def test_a_renewal_that_is_not_confirmed_changes_nothing(hub: Hub, sink: Sink) -> None:
    hub.subscribe(sink.url("/cb"), secret="ours")
    sink.rules["/cb"] = lambda got: Reply(404)
    hub.subscribe(sink.url("/cb"), secret="theirs")
    assert [row["secret"] for row in hub.rows("subscription")] == ["ours"]


def test_the_answer_to_an_older_request_does_not_count(hub: Hub, sink: Sink) -> None:
    """Somebody asks again while the first question is on its way: only the second one confirms."""
    hub.ask(sink.url("/cb"), secret="first")
    (first,) = hub.intents.claim(1, slow=False, lease=30, now=hub.clock(), blocked=())
    hub.ask(sink.url("/cb"), secret="second")
    hub.intents.finish([hub.intents.do(first)])
    assert hub.rows("subscription") == []
    hub.work(hub.intents)
    assert [row["secret"] for row in hub.rows("subscription")] == ["second"]


def test_leases_end(hub: Hub, sink: Sink) -> None:
    hub.subscribe(sink.url("/cb"), lease_seconds="300")
    hub.clock.forward(seconds=299)
    assert hub.push(BODY) == 1
    hub.clock.forward(seconds=2)
    assert hub.push(BODY + b"2") == 0
    hub.clock.forward(days=31)  # a clock that is a month ahead costs nobody a subscription
    hub.announcer.run()
    assert len(hub.rows("subscription")) == 1
    hub.clock.forward(days=5)
    hub.announcer.run()
    assert hub.rows("subscription") == []


def test_when_a_feed_ends_its_subscribers_are_told(hub: Hub, sink: Sink) -> None:
    hub.subscribe(sink.url("/cb"))
    hub.store.tidy([f"{BASE}/feeds/other.rss"], "it has ended", hub.clock())
    assert hub.rows("subscription") == []
    hub.work(hub.intents)
    assert sink.gets("/cb")[-1].asks("hub.mode") == "denied"
    assert sink.gets("/cb")[-1].asks("hub.reason") == "it has ended"


def test_one_host_may_have_so_many(hub: Hub, store_url: str, sink: Sink) -> None:
    small = Hub(store_url, hub.clock, quota=3)
    for number in range(3):
        small.subscribe(sink.url(f"/{number}"))
    assert small.ask(sink.url("/3")) == 429
    assert small.ask(sink.url("/0")) == 202  # a renewal
    assert small.ask(sink.url("/0"), "unsubscribe") == 202
    small.close()


def test_many_hosts_of_one_address_have_one_quota(store_url: str, hub: Hub, sink: Sink) -> None:
    small, other = Hub(store_url, hub.clock, quota=3), Sink()
    for server in (sink, other):  # two ports are two hosts
        for path in ("/a", "/b"):
            small.subscribe(server.url(path))
    assert [row["address"] for row in small.rows("subscription")] == ["127.0.0.1"] * 3
    other.close()
    small.close()


def test_an_address_is_asked_few_questions_a_second(store_url: str, hub: Hub, sink: Sink) -> None:
    calm = Hub(store_url, hub.clock, verify_rate=0.5)
    for number in range(30):
        calm.ask(sink.url(f"/{number}"))
    calm.work(calm.intents)
    assert len(sink.got) == BURST
    for _ in range(20):
        hub.clock.forward(seconds=2)
        calm.work(calm.intents)
    assert BURST + 15 <= len(sink.got) <= BURST + 20  # one in two seconds, and none was lost
    hub.clock.forward(minutes=10)
    while calm.work(calm.intents):
        hub.clock.forward(minutes=1)
    assert len(calm.rows("subscription")) == 30
    assert calm.rows("intent") == []
    calm.close()


def test_an_address_is_asked_one_question_at_a_time(hub: Hub) -> None:
    first = hub.gate.address("http://127.0.0.1:1/a")
    assert (first, hub.gate.enter(first)) == ("127.0.0.1", 0.0)
    assert hub.gate.enter(hub.gate.address("http://127.0.0.1:2/b")) > 0
    assert hub.gate.enter(hub.gate.address("http://127.0.0.2/")) == 0.0
    hub.gate.leave(first)
    assert hub.gate.enter(first) == 0.0
    assert hub.gate.address("http://[2001:db8::7]/") == hub.gate.address("http://[2001:db8::8]/")


def test_ending_what_is_not_subscribed_to_asks_nobody(hub: Hub, sink: Sink) -> None:
    assert hub.ask(sink.url("/cb"), "unsubscribe") == 202
    assert hub.work(hub.intents) == 0
    assert sink.got == []


def test_one_client_may_ask_so_often(hub: Hub, sink: Sink) -> None:
    asked = 0  # a slow machine earns further requests while it asks
    while (status := hub.post({"hub.mode": "x"}).status_code) == 400 and asked < 2 * CLIENT_BURST:
        asked += 1
    assert status == 429
    assert asked >= CLIENT_BURST
    refused = hub.post({"hub.mode": "x"})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) >= 1
    other = hub.client.post("/websub", data={"hub.mode": "x"}, headers={"X-Forwarded-For": "203.0.113.9"})
    assert other.status_code == 400  # behind a proxy the client counts


# ── the door ──


def test_requests_that_are_no_form_are_refused(hub: Hub) -> None:
    assert hub.post(b"{}", "application/json").status_code == 415
    assert hub.post(b"a" * 20_000).status_code == 413
    assert hub.post(b"hub.mode=\xff\xfe").status_code == 400
    assert hub.post("&".join(f"a{n}=1" for n in range(99))).status_code == 400


def test_answers_are_plain_text_and_reflect_nothing(hub: Hub) -> None:
    answer = hub.post({"hub.mode": "<script>", "hub.callback": "<b>", "hub.topic": "<i>"})
    assert answer.status_code == 400
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"<" not in answer.data
    assert hub.client.get("/websub").status_code == 200
    assert hub.client.put("/websub").status_code == 405


def test_a_store_that_is_away_is_said_so(hub: Hub, sink: Sink) -> None:
    with hub.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE intent RENAME TO elsewhere")
    fields = {"hub.mode": "subscribe", "hub.callback": sink.url("/cb"), "hub.topic": TOPIC}
    answer = hub.post(fields)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")


# ── contents ──


def test_contents_are_the_feed_as_it_is_served(hub: Hub, sink: Sink) -> None:
    hub.subscribe(sink.url("/cb?id=7"), secret="geheim")
    assert hub.push(BODY) == 1
    (got,) = sink.posts("/cb")
    assert got.body == BODY
    assert got.asks("id") == "7"
    assert got.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert got.headers["link"] == f'<{TOPIC}>; rel="self", <{HUB}>; rel="hub"'
    assert got.headers["x-hub-signature"] == f"sha256={hmac.new(b'geheim', BODY, 'sha256').hexdigest()}"
    assert hub.rows("delivery") == []


def test_without_a_secret_there_is_no_signature(hub: Hub, sink: Sink) -> None:
    hub.subscribe(sink.url("/cb"))
    hub.push(BODY)
    assert "x-hub-signature" not in sink.posts("/cb")[0].headers


@pytest.mark.parametrize("method", ["sha384", "sha512"])
def test_other_signatures_by_configuration(store_url: str, clock: Clock, sink: Sink, method: str) -> None:
    strong = Hub(store_url, clock, signature=method)  # type: ignore[arg-type]
    strong.subscribe(sink.url("/cb"), secret="geheim")
    strong.push(BODY)
    (got,) = sink.posts("/cb")
    assert got.headers["x-hub-signature"] == f"{method}={hmac.new(b'geheim', BODY, method).hexdigest()}"
    strong.close()


def test_only_news_is_pushed_and_only_from_topics(hub: Hub, sink: Sink) -> None:
    hub.subscribe(sink.url("/cb"))
    hub.publish(BODY, news=False)
    hub.publish(BODY, "/feeds/dunia.atom")
    hub.announcer.run()
    assert hub.work(hub.deliveries) == 0


def test_news_that_an_earlier_publication_already_carried_is_told(hub: Hub, sink: Sink) -> None:
    """The outbox row came between two looks: the feed was built with the article, but not as news."""
    hub.subscribe(sink.url("/cb"))
    hub.publish(BODY, news=False)
    token = hub.publishing.take_lease(hub.clock(), 10, 1)
    assert token
    for _ in range(2):  # a second time there is nothing new to tell
        hub.publishing.save(Changes(news={"/feeds/politik.atom"}), token=token, now=hub.clock())
        hub.announcer.run()
        hub.work(hub.deliveries)
    assert [got.body for got in sink.posts("/cb")] == [BODY]


def test_what_failed_is_repeated_with_the_same_bytes(hub: Hub, sink: Sink) -> None:
    hub.subscribe(sink.url("/cb"), secret="s")
    sink.rules["/cb"] = lambda got: Reply(500)
    hub.push(BODY)
    assert hub.work(hub.deliveries) == 0  # not at once
    (row,) = hub.rows("subscription")
    assert (bool(row["slow"]), "answers 500") == (True, row["error"])
    del sink.rules["/cb"]
    hub.clock.forward(seconds=6)
    assert hub.work(hub.deliveries) == 1
    first, second = sink.posts("/cb")
    assert (first.body, first.headers) == (second.body, second.headers)
    (row,) = hub.rows("subscription")
    assert (bool(row["slow"]), row["error"], row["failing_since"]) == (False, "", None)


def test_whoever_missed_several_gets_the_newest(hub: Hub, sink: Sink) -> None:
    hub.subscribe(sink.url("/cb"))
    sink.rules["/cb"] = lambda got: Reply(503, b"", {"Retry-After": "60"})
    hub.push(b"one")
    assert hub.push(b"two") == 0  # a new push does not shorten the pause
    del sink.rules["/cb"]
    hub.clock.forward(seconds=59)
    assert hub.work(hub.deliveries) == 0
    hub.clock.forward(seconds=2)
    assert hub.work(hub.deliveries) == 1
    assert [got.body for got in sink.posts("/cb")] == [b"one", b"two"]


def test_news_that_comes_while_a_delivery_runs_follows_it(hub: Hub, sink: Sink) -> None:
    hub.subscribe(sink.url("/cb"))

    def more(got: Got) -> Reply:
        if got.body == b"one":
            hub.publish(b"two")
            hub.announcer.run()
        return Reply(204)

    sink.rules["/cb"] = more
    hub.publish(b"one")
    hub.announcer.run()
    assert [hub.work(hub.deliveries) for _ in range(3)] == [1, 1, 0]
    assert [got.body for got in sink.posts("/cb")] == [b"one", b"two"]


def test_gone_ends_a_subscription(hub: Hub, sink: Sink) -> None:
    hub.subscribe(sink.url("/cb"))
    sink.rules["/cb"] = lambda got: Reply(410)
    hub.push(BODY)
    assert hub.rows("subscription") == []
    assert hub.rows("delivery") == []


def test_a_callback_that_fails_for_a_week_is_dropped(hub: Hub, sink: Sink) -> None:
    hub.subscribe(sink.url("/cb"))
    sink.rules["/cb"] = lambda got: Reply(500)
    hub.push(BODY)
    for _ in range(27):
        hub.clock.forward(hours=6)
        assert hub.work(hub.deliveries) == 1
    assert len(hub.rows("subscription")) == 1
    hub.clock.forward(hours=6, minutes=1)
    hub.work(hub.deliveries)
    assert hub.rows("subscription") == []


def test_a_delivery_whose_worker_died_is_taken_up_with_the_same_bytes(hub: Hub, sink: Sink) -> None:
    """At least once: the first worker sent and could not write it down; what it writes later is void."""
    hub.subscribe(sink.url("/cb"))
    hub.publish(BODY)
    hub.announcer.run()
    (held,) = hub.deliveries.claim(10, slow=False, lease=30, now=hub.clock(), blocked=())
    late = hub.deliveries.do(held)
    assert hub.work(hub.deliveries) == 0
    hub.clock.forward(seconds=31)
    (again,) = hub.deliveries.claim(10, slow=False, lease=30, now=hub.clock(), blocked=())
    hub.deliveries.finish([late])
    assert len(hub.rows("delivery")) == 1
    hub.deliveries.finish([hub.deliveries.do(again)])
    assert hub.rows("delivery") == []
    first, second = sink.posts("/cb")
    assert first.body == second.body == BODY


def test_bytes_are_kept_as_long_as_somebody_waits_for_them(hub: Hub, sink: Sink) -> None:
    hub.subscribe(sink.url("/cb"))
    sink.rules["/cb"] = lambda got: Reply(500)
    hub.push(BODY)
    hub.clock.forward(hours=1)
    hub.pushes.tidy(hub.clock())
    assert len(hub.rows("push")) == 1
    del sink.rules["/cb"]
    hub.work(hub.deliveries)
    hub.pushes.tidy(hub.clock())
    assert hub.rows("push") == []


# ── addresses ──


def test_private_callbacks_are_neither_asked_nor_sent_anything(
    store_url: str, clock: Clock, sink: Sink
) -> None:
    strict = Hub(store_url, clock, networks=())  # type: ignore[arg-type]
    for callback in (sink.url("/cb"), "http://169.254.169.254/latest/", "http://[::1]/", "http://10.0.0.1/"):
        strict.subscribe(callback)
    strict.ask(sink.url("/denied"), topic="https://a.example/")
    strict.work(strict.intents)
    assert sink.got == []
    assert strict.rows("subscription") == []
    assert strict.rows("intent") == []
    strict.close()


def test_redirects_of_a_callback_lead_nowhere(hub: Hub, sink: Sink) -> None:
    hub.subscribe(sink.url("/cb"))
    sink.rules["/cb"] = lambda got: Reply(307, b"", {"Location": sink.url("/inner")})
    hub.push(BODY)
    assert sink.posts("/inner") == []
    assert len(hub.rows("delivery")) == 1


def test_long_answers_are_cut(hub: Hub, sink: Sink) -> None:
    sink.rules["/cb"] = lambda got: Reply(200, b"x" * 5_000_000)
    hub.subscribe(sink.url("/cb"))
    assert hub.rows("subscription") == []


# ── when everybody may know ──


def test_nobody_is_told_before_every_web_process_serves_it(hub: Hub, sink: Sink) -> None:
    hub.subscribe(sink.url("/cb"))
    one, other = hub.beats(), hub.beats()
    number = hub.publish(BODY)
    one.beat(number)
    other.beat(number - 1)
    assert hub.announcer.run() is True
    assert hub.work(hub.deliveries) == 0
    other.beat(number)
    assert hub.announcer.run() is False
    assert hub.work(hub.deliveries) == 1
    one.close()
    other.close()


def test_a_web_process_that_ended_is_not_waited_for(hub: Hub, sink: Sink) -> None:
    hub.subscribe(sink.url("/cb"))
    gone = hub.beats()
    gone.beat(0)
    hub.publish(BODY)
    assert hub.announcer.run() is True
    hub.end(gone)
    assert hub.announcer.run() is False


def test_a_web_process_that_lives_and_does_not_follow_is_waited_for_ten_seconds(hub: Hub) -> None:
    stuck = hub.beats()
    stuck.beat(0)
    hub.subscribe("http://127.0.0.1:9/")
    with hub.database.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO subscription (callback, topic, host, secret, since, expires, slow, error) "
            f"VALUES ('http://127.0.0.1:9/', '{TOPIC}', '127.0.0.1:9', '', 0, 9000000000000000, "
            f"{'0' if hub.database.sqlite else 'false'}, '')"
        )
    hub.publish(BODY)
    assert hub.announcer.run() is True
    hub.clock.moment += timedelta(seconds=10)
    assert hub.announcer.run() is False
    assert len(hub.rows("delivery")) == 1
    stuck.close()
