"""robots.txt as RFC 9309 wants it, asked at most once a day per origin."""

from __future__ import annotations

import socket
import tracemalloc
from datetime import timedelta
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego

from feedsvc.errors import Code, FetchError
from feedsvc.fetch.client import Client
from feedsvc.fetch.guard import Guard
from feedsvc.fetch.pace import PostponedError
from feedsvc.fetch.robots import Robots, applicable
from feedsvc.protocols import RobotsRecord
from tests.conftest import Clock
from tests.servers import Exchange, ScriptedServer


class Memory:
    """Remembers in a dict."""

    def __init__(self) -> None:
        self.kept: dict[str, RobotsRecord] = {}

    def recall(self, origin: str) -> RobotsRecord | None:
        return self.kept.get(origin)

    def remember(self, origin: str, record: RobotsRecord) -> None:
        self.kept[origin] = record


def robots(upstream: ScriptedServer, clock: Clock, memory: Memory) -> Robots:
    guard = Guard(ports=frozenset({upstream.port}), networks=(ip_network("127.0.0.1/32"),))
    return Robots(Client(guard, user_agent="test", now=clock).get, memory, clock)


def check(rules: Robots, url: str) -> float:
    """As a unit does that is postponed once, where robots.txt had to be asked for."""
    try:
        return rules.check(url)
    except PostponedError:
        return rules.check(url)


def blocked(rules: Robots, url: str) -> bool:
    return code(rules, url) is Code.BLOCKED_ROBOTS


def code(rules: Robots, url: str) -> Code | None:
    try:
        check(rules, url)
    except FetchError as error:
        return error.code
    return None


def test_rules_for_us_and_for_all(upstream: ScriptedServer, clock: Clock) -> None:
    upstream.page(
        "/robots.txt",
        b"User-agent: *\nDisallow: /admin\n\n"
        b"User-agent: feedsvc\nDisallow: /private\nAllow: /private/ok\nCrawl-delay: 7\n",
    )
    rules = robots(upstream, clock, Memory())
    assert check(rules, upstream.url("/admin")) == 7
    assert blocked(rules, upstream.url("/private/x"))
    assert not blocked(rules, upstream.url("/private/ok"))


def test_asked_once_a_day_also_over_restarts(upstream: ScriptedServer, clock: Clock) -> None:
    upstream.page("/robots.txt", b"User-agent: *\nDisallow:\n")
    memory = Memory()
    with pytest.raises(PostponedError):  # the page that follows is asked for a gap later
        robots(upstream, clock, memory).check(upstream.url("/a"))
    for _ in range(3):
        assert robots(upstream, clock, memory).check(upstream.url("/a")) == 1.0
        clock.forward(hours=7)
    assert upstream.paths() == ["/robots.txt"]
    clock.forward(hours=4)
    check(robots(upstream, clock, memory), upstream.url("/a"))
    assert upstream.paths() == ["/robots.txt"] * 2


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_none_is_none(upstream: ScriptedServer, clock: Clock, status: int) -> None:
    upstream.page("/robots.txt", b"", status)
    assert check(robots(upstream, clock, Memory()), upstream.url("/a")) == 1.0


@pytest.mark.parametrize(
    ("status", "cause"), [(429, Code.HTTP_WAIT), (500, Code.HTTP_STATUS), (503, Code.HTTP_WAIT)]
)
def test_unreachable_is_a_no_until_it_answers(
    upstream: ScriptedServer, clock: Clock, status: int, cause: Code
) -> None:
    """RFC 9309 2.3.1.4. The cause is told as what it is, also after a restart."""
    upstream.page("/robots.txt", b"", status, Retry_After="77")
    memory = Memory()
    rules = robots(upstream, clock, memory)
    with pytest.raises(FetchError) as caught:
        rules.check(upstream.url("/a"))
    assert (caught.value.code, caught.value.status, caught.value.wait) == (cause, status, 77)
    assert f"{upstream.url('/robots.txt')} answers {status}" in caught.value.message
    assert code(rules, upstream.url("/b")) is cause
    clock.forward(hours=23)
    assert code(robots(upstream, clock, memory), upstream.url("/c")) is cause
    assert len(upstream.log) == 1
    clock.forward(hours=1)
    upstream.page("/robots.txt", b"")
    assert code(rules, upstream.url("/a")) is None
    assert len(upstream.log) == 2


def test_a_silent_robots_txt_is_told_as_too_slow(
    upstream: ScriptedServer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedsvc.fetch.robots.FIRST_SECONDS", 0.2)

    def silent(exchange: Exchange) -> None:
        exchange.connection.recv(1)  # until the client gives up

    upstream.routes["/robots.txt"] = silent
    memory = Memory()
    rules = robots(upstream, clock, memory)
    assert code(rules, upstream.url("/a")) is Code.TOO_SLOW
    assert memory.kept == {}
    upstream.page("/robots.txt", b"")
    clock.forward(minutes=9)
    assert code(rules, upstream.url("/a")) is Code.TOO_SLOW
    assert len(upstream.log) == 1
    clock.forward(minutes=1)
    assert code(rules, upstream.url("/a")) is None


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
    assert code(rules, upstream.url("/yes")) is Code.HTTP_STATUS


def test_only_the_beginning_of_a_huge_one_is_read(upstream: ScriptedServer, clock: Clock) -> None:
    late = b"# filler\n" * 200_000 + b"Disallow: /late\n"
    upstream.page("/robots.txt", b"User-agent: *\nDisallow: /no\n" + late)
    memory = Memory()
    rules = robots(upstream, clock, memory)
    assert blocked(rules, upstream.url("/no"))
    assert not blocked(rules, upstream.url("/late"))
    assert memory.kept[upstream.url("").rstrip("/")].body == b"User-agent: *\ndisallow: /no\n"


@pytest.mark.slow
def test_agents_times_rules_cost_one_pass(upstream: ScriptedServer, clock: Clock) -> None:
    """512 kB of agents and rules: a parser that keeps each rule for each agent takes gigabytes."""
    agents = b"".join(b"User-agent: a%d\n" % n for n in range(17_000))
    rules = b"".join(b"Disallow: /%d\n" % n for n in range(9_000))
    upstream.page("/robots.txt", agents + b"User-agent: *\n" + rules)
    memory = Memory()
    tracemalloc.start()
    try:
        one = robots(upstream, clock, memory)
        assert blocked(one, upstream.url("/8999/x"))
        assert tracemalloc.get_traced_memory()[1] < 20 * 1024**2
    finally:
        tracemalloc.stop()
    assert len(memory.kept[upstream.url("").rstrip("/")].body) < 200_000
    # what an earlier release stored is the whole file: it is cut down before it is parsed, too
    whole = RobotsRecord(at=clock(), body=agents + b"User-agent: *\n" + rules, read_at=clock())
    memory.kept[upstream.url("").rstrip("/")] = whole
    assert blocked(robots(upstream, clock, memory), upstream.url("/8999/x"))


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("", []),
        ("Disallow: /nobodys", []),
        ("User-agent: *\nDisallow: /a", ["disallow: /a"]),
        ("User-agent: x\nDisallow: /x\nUser-agent: *\nDisallow: /a", ["disallow: /a"]),
        ("User-agent: FeedSvc\nDisallow: /us\nUser-agent: *\nDisallow: /a", ["disallow: /us"]),
        ("User-agent: feedsvc/1.0\nAllow: /us", ["allow: /us"]),
        ("User-agent: feedsvcx\nDisallow: /\nUser-agent: feed\nDisallow: /", []),
        ("User-agent: *\nDisallow: /a\n\nUser-agent: feedsvc\nDisallow:", []),
        # groups that name one agent count together; agents that follow one another share their rules
        ("User-agent: feedsvc\nDisallow: /1\nUser-agent: x\nUser-agent: feedsvc\nDisallow: /2", [1, 2]),
        # what stands between agents and is no rule ends no group (RFC 9309 2.2)
        ("User-agent: feedsvc\nSitemap: https://x/s\nUser-agent: x\nDisallow: /1", [1]),
        ("\ufeffuser agent *\ndissallow /1\nCrawl-delay: 5 # s", [1, "crawl-delay: 5"]),
        ("User-agent: *\nDisallow: /" + "x" * 9000 + "\nDisallow: /1", [1]),
    ],
)
def test_the_group_that_is_meant_for_us(text: str, rules: list[str | int]) -> None:
    found = applicable(text).splitlines()
    assert found[0] == "User-agent: *"
    expected = [f"disallow: /{one}" if isinstance(one, int) else one for one in rules]
    assert [line.replace("dissallow", "disallow") for line in found[1:]] == expected


@given(
    st.lists(
        st.sampled_from(
            [
                *("User-agent: *", "User-agent: feedsvc", "User-agent: other", "", "# x", "Sitemap: /s"),
                *("Disallow: /a", "Allow: /a/b", "Disallow: /a/b*c$", "Disallow:", "Crawl-delay: 3"),
                "Foo: x",
            ]
        ),
        max_size=14,
    )
)
def test_cut_down_it_says_the_same(lines: list[str]) -> None:
    """As the parser alone reads the whole file; fields that it does not know are left out on both sides."""
    text = "\n".join(lines)
    known = "\n".join(line for line in lines if line != "Foo: x")
    whole, ours = Protego.parse(known), Protego.parse(applicable(text))
    for path in ("/", "/a", "/a/b", "/a/bxc", "/a/bxcd"):
        url = f"https://x.example{path}"
        assert ours.can_fetch(url, "feedsvc") == whole.can_fetch(url, "feedsvc")
    assert ours.crawl_delay("feedsvc") == whole.crawl_delay("feedsvc")


def test_delays_are_capped(upstream: ScriptedServer, clock: Clock) -> None:
    upstream.page("/robots.txt", b"User-agent: *\nCrawl-delay: 1000000000\n")
    assert check(robots(upstream, clock, Memory()), upstream.url("/a")) == 60.0
    clock.moment += timedelta(days=2)
    upstream.page("/robots.txt", b"User-agent: *\nCrawl-delay: 0.1\n")
    assert check(robots(upstream, clock, Memory()), upstream.url("/a")) == 1.0


def test_a_host_that_cannot_be_reached_was_not_asked(clock: Clock) -> None:
    """No network for a moment must not cost a day: the error is told, and nothing is remembered."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host = f"127.0.0.1:{listener.getsockname()[1]}"
    port = int(host.rpartition(":")[2])
    guard = Guard(ports=frozenset({port}), networks=(ip_network("127.0.0.1/32"),))
    memory = Memory()
    rules = Robots(Client(guard, user_agent="test", now=clock).get, memory, clock)
    with pytest.raises(FetchError) as caught:
        rules.check(f"http://{host}/a")
    assert caught.value.code is Code.CONNECT
    assert memory.kept == {}
    memory.kept[f"http://{host}"] = RobotsRecord(
        at=clock() - timedelta(days=2),
        body=b"User-agent: *\nDisallow: /no\n",
        read_at=clock(),
    )
    assert blocked(rules, f"http://{host}/no")
    assert not blocked(rules, f"http://{host}/yes")


def test_a_port_that_is_not_allowed_is_told_as_what_it_is(upstream: ScriptedServer, clock: Clock) -> None:
    """Not as a robots.txt that cannot be read: the operator would look for it at the wrong end."""
    memory = Memory()
    client = Client(Guard(own=frozenset()), user_agent="test", now=clock)
    with pytest.raises(FetchError) as caught:
        Robots(client.get, memory, clock).check(upstream.url("/a"))
    assert caught.value.code is Code.BLOCKED_URL
    assert "[fetch] own" in str(caught.value)
    assert upstream.log == []
    assert memory.kept == {}
