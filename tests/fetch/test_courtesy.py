"""Where one request leads to other hosts: robots.txt, the gap and the address guard hold for each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_network

import pytest

from feedsvc.errors import Code, FetchError
from feedsvc.fetch.client import Client
from feedsvc.fetch.courtesy import TRAIL_KEPT, TRIES, Courtesy
from feedsvc.fetch.guard import Guard
from feedsvc.fetch.pace import MemoryPace, PostponedError
from feedsvc.fetch.robots import Robots
from feedsvc.model import Fetched
from feedsvc.plugin_api import Request
from feedsvc.protocols import RobotsRecord
from tests.servers import Exchange, ScriptedServer

NOW = datetime(2025, 12, 18, 12, tzinfo=UTC)


@dataclass
class World:
    """Every name is one server, which is a public one; time passes when somebody waits."""

    server: ScriptedServer
    seconds: float = 0.0
    records: dict[str, RobotsRecord] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)
    leads: dict[str, str] = field(default_factory=dict)  # host + path → address
    asked: list[tuple[float, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server.routes["*"] = self._answer
        guard = Guard(
            ports=frozenset({self.server.port}),
            networks=(ip_network("127.0.0.1/32"),),
            lookup=lambda host, port: [self.address(host)],
        )
        self.http = Client(guard, user_agent="t", now=lambda: NOW)
        self.pace = MemoryPace(lambda: self.seconds)
        robots = Robots(self.http.get, self, lambda: NOW)
        self.courtesy = Courtesy(self.http, robots, self.pace, lambda: self.seconds)

    def address(self, host: str) -> str:
        return "10.0.0.1" if host == "inside.example" else "127.0.0.1"

    def recall(self, origin: str) -> RobotsRecord | None:
        return self.records.get(origin)

    def remember(self, origin: str, record: RobotsRecord) -> None:
        self.records[origin] = record

    def pause(self, seconds: float) -> None:
        self.seconds += seconds

    def host(self, name: str) -> str:
        return f"{name}.example:{self.server.port}"

    def url(self, name: str, path: str = "/") -> str:
        return f"http://{self.host(name)}{path}"

    def _answer(self, exchange: Exchange) -> None:
        name = exchange.headers["host"].partition(".")[0]
        self.asked.append((self.seconds, f"{name}{exchange.path}"))
        if exchange.path == "/robots.txt":
            exchange.answer(200, self.rules.get(name, "").encode(), {"Content-Type": "text/plain"})
        elif f"{name}{exchange.path}" in self.leads:
            exchange.answer(302, b"", {"Location": self.leads[f"{name}{exchange.path}"]})
        else:
            exchange.answer(200, b"here", {"Content-Type": "text/plain"})

    def get(self, name: str, path: str = "/", *, to: str = "") -> Fetched:
        """As a unit does, which holds a place at the host of its own address, and comes again later."""
        request = Request(url=self.url(to or name, path))
        while True:
            while not self.pace.acquire(self.host(name), own=False):
                self.pause(0.5)
            try:
                return self.courtesy.get(request, at=(self.host(name),), own=False)
            except PostponedError as later:
                self.pause(later.seconds)
            finally:
                self.pace.release(self.host(name))

    def times(self, what: str) -> list[float]:
        return [at for at, asked in self.asked if asked == what]


@pytest.fixture
def world(upstream: ScriptedServer) -> World:
    return World(upstream)


def refused(work: Callable[[], object]) -> Code:
    with pytest.raises(FetchError) as caught:
        work()
    return caught.value.code


def test_robots_of_the_host_that_a_redirect_leads_to_counts(world: World) -> None:
    world.leads["one/"] = world.url("two", "/closed/page")
    world.rules["two"] = "User-agent: *\nDisallow: /closed/\n"
    assert refused(lambda: world.get("one")) is Code.BLOCKED_ROBOTS
    assert world.times("two/robots.txt")
    assert not world.times("two/closed/page")
    world.leads["one/"] = world.url("two", "/open")
    assert world.get("one").url == world.url("two", "/open")


def test_the_first_host_of_a_sub_domain_counts_too(world: World) -> None:
    world.rules["two"] = "User-agent: *\nDisallow: /\n"
    assert refused(lambda: world.get("one", "/sitemap-1.xml", to="two")) is Code.BLOCKED_ROBOTS


def test_the_gap_of_the_other_host_is_kept(world: World) -> None:
    world.rules["two"] = "User-agent: *\nCrawl-delay: 7\n"
    world.leads["one/"] = world.url("two", "/a")
    world.get("one")
    assert world.pace.full() == {world.host("one"), world.host("two")}
    world.pause(1.5)
    world.get("one")
    first, second = world.times("two/a")
    assert second - first >= 7
    assert len(world.times("two/robots.txt")) == 1


def test_a_host_that_others_are_asking_is_waited_for_and_then_left(world: World) -> None:
    world.leads["one/"] = world.url("two", "/a")
    assert world.pace.acquire(world.host("two"), own=False)  # by another thread
    assert refused(lambda: world.get("one")) is Code.TOO_SLOW
    assert world.seconds >= 2**TRIES / 4
    assert not world.times("two/a")
    assert len(world.times("one/")) == 1  # the way is not begun anew with each try
    world.pace.release(world.host("two"))
    world.pause(2)
    assert world.get("one").body == b"here"
    world.pause(2)
    assert not world.pace.full()  # every place was given back


def test_a_redirect_within_one_host_keeps_the_gap(world: World) -> None:
    world.leads |= {"one/": world.url("one", "/b"), "one/b": world.url("one", "/c")}
    world.get("one")
    at = [world.times(f"one{path}")[0] for path in ("/", "/b", "/c")]
    assert at[1] - at[0] >= 1
    assert at[2] - at[1] >= 1
    world.leads |= {"two/": world.url("two", "/b"), "two/b": world.url("two", "/c")}
    world.rules["two"] = "User-agent: *\nCrawl-delay: 60\n"
    world.get("two")
    (first,), (second,), (third,) = (world.times(f"two{path}") for path in ("/", "/b", "/c"))
    assert second - first >= 60
    assert third - second >= 60


def test_a_command_waits_for_itself(world: World) -> None:
    world.leads["one/"] = world.url("one", "/b")
    request = Request(url=world.url("one"))
    assert world.courtesy.wait(request, own=False, pause=world.pause).body == b"here"
    assert world.times("one/b")[0] - world.times("one/")[0] >= 1


def test_a_way_that_was_left_for_long_begins_anew(world: World) -> None:
    world.leads["one/"] = world.url("one", "/b")
    request = Request(url=world.url("one"))
    for wait, asked in ((2.0, 0), (TRAIL_KEPT + 1, 1), (2.0, 2)):  # robots.txt comes first
        assert world.pace.acquire(world.host("one"), own=False)
        with pytest.raises(PostponedError):
            world.courtesy.get(request, at=(world.host("one"),), own=False)
        world.pace.release(world.host("one"))
        world.pause(wait)
        assert len(world.times("one/")) == asked
    assert not world.times("one/b")


def test_an_address_inside_is_not_reached_by_a_redirect(world: World) -> None:
    world.leads["one/"] = "http://inside.example/"
    assert refused(lambda: world.get("one")) is Code.BLOCKED_ADDRESS
    world.leads["one/"] = "file:///etc/passwd"
    assert refused(lambda: world.get("one")) is Code.BLOCKED_URL


def test_who_asks_to_wait_is_the_one_that_answered(world: World) -> None:
    world.leads["one/"] = world.url("two", "/a")

    def busy(exchange: Exchange) -> None:
        if exchange.headers["host"].startswith("two") and exchange.path == "/a":
            exchange.answer(429, b"", {"Retry-After": "600"})
        else:
            world._answer(exchange)

    world.server.routes["*"] = busy
    with pytest.raises(FetchError) as caught:
        world.get("one")
    assert (caught.value.wait, caught.value.url) == (600.0, world.url("two", "/a"))
