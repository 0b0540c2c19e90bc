"""Whether our clock is right is told by the hosts that answer."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import pytest

from feedsvc.errors import FetchError
from feedsvc.fetch.client import Client
from feedsvc.fetch.clocks import HostClocks
from feedsvc.fetch.guard import Guard
from feedsvc.plugin_api import Request
from tests.conftest import Clock
from tests.servers import ScriptedServer


@pytest.fixture
def clocks(clock: Clock) -> HostClocks:
    return HostClocks(clock, lambda: 1000.0)


def says(clock: Clock, **span: float) -> dict[str, str]:
    return {"date": format_datetime(clock() + timedelta(**span), usegmt=True)}


def test_nobody_was_heard(clocks: HostClocks) -> None:
    assert clocks.off() == (0.0, 0)


def test_one_wrong_host_says_nothing_of_ours(clocks: HostClocks, clock: Clock) -> None:
    for host in ("a.example", "b.example"):
        clocks.heard(host, says(clock))
    clocks.heard("wrong.example", says(clock, hours=-9))
    assert clocks.off() == (0.0, 3)


def test_of_two_hosts_the_one_that_agrees_is_believed(clocks: HostClocks, clock: Clock) -> None:
    clocks.heard("a.example", says(clock))
    clocks.heard("b.example", says(clock, hours=-9))
    assert clocks.off() == (0.0, 2)


def test_a_clock_that_is_put_right_is_right_at_once(clocks: HostClocks, clock: Clock) -> None:
    for host in ("a.example", "b.example", "c.example"):
        clocks.heard(host, says(clock, minutes=-10))
    assert clocks.off() == (600.0, 3)
    clock.moment -= timedelta(minutes=10)
    assert clocks.off() == (0.0, 3)


def test_an_answer_from_a_cache_is_as_old_as_it_says(clocks: HostClocks, clock: Clock) -> None:
    clocks.heard("cdn.example", says(clock, hours=-1) | {"age": "3600"})
    assert clocks.off() == (0.0, 1)


@pytest.mark.parametrize("date", ["", "yesterday", "Thu, 99 Foo 2025 99:99:99 GMT", "0"])
def test_what_is_no_date_is_not_heard(clocks: HostClocks, date: str) -> None:
    clocks.heard("a.example", {"date": date})
    clocks.heard("b.example", {})
    assert clocks.off() == (0.0, 0)


def test_the_client_hears_refusals_too(upstream: ScriptedServer, clock: Clock) -> None:
    clocks = HostClocks(clock, lambda: 0.0)
    own = frozenset({upstream.host})
    client = Client(Guard(own=own), user_agent="feedsvc", now=clock, clocks=clocks)
    upstream.page("/", b"no", 403, Date=says(clock, minutes=-5)["date"])
    with pytest.raises(FetchError):
        client.get(Request(url=upstream.url("/")), own=True)
    assert clocks.off() == (300.0, 1)
