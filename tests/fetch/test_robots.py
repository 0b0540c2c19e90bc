"""robots.txt as RFC 9309 wants it, asked at most once a day per origin."""

from __future__ import annotations

import socket
from datetime import timedelta

import pytest

from feedsvc.errors import Code, FetchError
from feedsvc.fetch.client import Client
from feedsvc.fetch.guard import Guard
from feedsvc.fetch.robots import Robots
from feedsvc.protocols import RobotsRecord
from tests.conftest import Clock
from tests.servers import ScriptedServer


class Memory:
    """Remembers in a dict."""

    def __init__(self) -> None:
        self.kept: dict[str, RobotsRecord] = {}

    def recall(self, origin: str) -> RobotsRecord | None:
        return self.kept.get(origin)

    def remember(self, origin: str, record: RobotsRecord) -> None:
        self.kept[origin] = record


def robots(
    upstream: ScriptedServer, clock: Clock, memory: Memory, pauses: list[float] | None = None
) -> Robots:
    guard = Guard(own=frozenset({upstream.host}))
    client = Client(guard, user_agent="test", now=clock)
    return Robots(client.get, memory, clock, pause=(pauses if pauses is not None else []).append)


def blocked(rules: Robots, url: str) -> bool:
    try:
        rules.check(url)
    except FetchError as error:
        return error.code is Code.BLOCKED_ROBOTS
    return False


def test_rules_for_us_and_for_all(upstream: ScriptedServer, clock: Clock) -> None:
    upstream.page(
        "/robots.txt",
        b"User-agent: *\nDisallow: /admin\n\n"
        b"User-agent: feedsvc\nDisallow: /private\nAllow: /private/ok\nCrawl-delay: 7\n",
    )
    rules = robots(upstream, clock, Memory())
    assert rules.check(upstream.url("/admin")) == 7
    assert blocked(rules, upstream.url("/private/x"))
    assert not blocked(rules, upstream.url("/private/ok"))


def test_asked_once_a_day_also_over_restarts(upstream: ScriptedServer, clock: Clock) -> None:
    upstream.page("/robots.txt", b"User-agent: *\nDisallow:\n")
    memory, pauses = Memory(), list[float]()
    for _ in range(3):
        robots(upstream, clock, memory, pauses).check(upstream.url("/a"))
        clock.forward(hours=7)
    assert upstream.paths() == ["/robots.txt"]
    assert pauses == [1.0]  # the page that follows is asked for a gap later
    clock.forward(hours=4)
    robots(upstream, clock, memory).check(upstream.url("/a"))
    assert upstream.paths() == ["/robots.txt"] * 2


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_none_is_none(upstream: ScriptedServer, clock: Clock, status: int) -> None:
    upstream.page("/robots.txt", b"", status)
    assert robots(upstream, clock, Memory()).check(upstream.url("/a")) == 1.0


@pytest.mark.parametrize("status", [429, 500, 503])
def test_unreachable_is_a_no_until_it_answers(upstream: ScriptedServer, clock: Clock, status: int) -> None:
    upstream.page("/robots.txt", b"", status)
    rules = robots(upstream, clock, Memory())
    assert blocked(rules, upstream.url("/a"))
    assert blocked(rules, upstream.url("/b"))
    assert len(upstream.log) == 1
    clock.forward(hours=23)
    assert blocked(rules, upstream.url("/c"))
    assert len(upstream.log) == 1
    clock.forward(hours=1)
    upstream.page("/robots.txt", b"")
    assert not blocked(rules, upstream.url("/a"))


def test_an_old_copy_counts_for_thirty_days(upstream: ScriptedServer, clock: Clock) -> None:
    upstream.page("/robots.txt", b"User-agent: *\nDisallow: /no\n")
    rules = robots(upstream, clock, Memory())
    assert blocked(rules, upstream.url("/no"))
    upstream.page("/robots.txt", b"", 500)
    for _ in range(29):
        clock.forward(days=1)
        assert blocked(rules, upstream.url("/no"))
        assert not blocked(rules, upstream.url("/yes"))
    clock.forward(days=2)
    assert blocked(rules, upstream.url("/yes"))


def test_only_the_beginning_of_a_huge_one_is_read(upstream: ScriptedServer, clock: Clock) -> None:
    upstream.page("/robots.txt", b"User-agent: *\nDisallow: /no\n" + b"# filler\n" * 200_000)
    memory = Memory()
    rules = robots(upstream, clock, memory)
    assert blocked(rules, upstream.url("/no"))
    assert len(memory.kept[upstream.url("").rstrip("/")].body) == 512 * 1024


def test_delays_are_capped(upstream: ScriptedServer, clock: Clock) -> None:
    upstream.page("/robots.txt", b"User-agent: *\nCrawl-delay: 1000000000\n")
    assert robots(upstream, clock, Memory()).check(upstream.url("/a")) == 60.0
    clock.moment += timedelta(days=2)
    upstream.page("/robots.txt", b"User-agent: *\nCrawl-delay: 0.1\n")
    assert robots(upstream, clock, Memory()).check(upstream.url("/a")) == 1.0


def test_a_host_that_cannot_be_reached_was_not_asked(clock: Clock) -> None:
    """No network for a moment must not cost a day: the error is told, and nothing is remembered."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host = f"127.0.0.1:{listener.getsockname()[1]}"
    client = Client(Guard(own=frozenset({host})), user_agent="test", now=clock)
    memory = Memory()
    rules = Robots(client.get, memory, clock, pause=lambda seconds: None)
    with pytest.raises(FetchError) as caught:
        rules.check(f"http://{host}/a")
    assert caught.value.code is Code.CONNECT
    assert memory.kept == {}
    memory.kept[f"http://{host}"] = RobotsRecord(
        at=clock() - timedelta(days=2),
        body=b"User-agent: *\nDisallow: /no\n",
        read_at=clock(),
        reachable=True,
    )
    assert blocked(rules, f"http://{host}/no")
    assert not blocked(rules, f"http://{host}/yes")


def test_a_port_that_is_not_allowed_is_told_as_what_it_is(upstream: ScriptedServer, clock: Clock) -> None:
    """Not as a robots.txt that cannot be read: the operator would look for it at the wrong end."""
    memory = Memory()
    client = Client(Guard(own=frozenset()), user_agent="test", now=clock)
    with pytest.raises(FetchError) as caught:
        Robots(client.get, memory, clock, pause=lambda seconds: None).check(upstream.url("/a"))
    assert caught.value.code is Code.BLOCKED_URL
    assert "[fetch] own" in str(caught.value)
    assert upstream.log == []
    assert memory.kept == {}
