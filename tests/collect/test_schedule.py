"""When to look again: floors hold, wishes are wishes, hosts that ask for patience get it."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.collect.rhythm import DAY, Fleet, Rhythm
from feedsvc.collect.schedule import FLOOR, LONGEST, ROUND, Budget, Timing
from feedsvc.errors import Code, FetchError, ReadError
from feedsvc.model import Upstream
from feedsvc.protocols import Claim, Task, Wishes
from feedsvc.run.ticker import Ticker
from tests.conftest import until

NOW = datetime(2025, 12, 18, 12, 0, tzinfo=UTC)


def task(*, own: bool = False, every: int | None = None, **fields: object) -> Task:
    upstream = Upstream(key="k", name="n", kind="page", url="https://n.example/", every=every)
    claim = Claim(upstream=1, token=1, host="n.example", own=own)
    return replace(Task(claim=claim, upstream=upstream, readings=(), lists={}), **fields)  # type: ignore[arg-type]


def wait(one: Task, jitter: float = 0.0, **options: object) -> timedelta:
    due = Timing(lambda: jitter).after(one, now=NOW, **options).due  # type: ignore[arg-type]
    assert due is not None
    return due - NOW


def test_usual_distances() -> None:
    assert wait(task()) == timedelta(minutes=30)
    assert wait(task(own=True)) == timedelta(seconds=30)
    assert wait(task(every=3600)) == timedelta(hours=1)
    assert wait(task(own=True, every=5)) == timedelta(seconds=5)


def test_wishes_do_not_go_below_the_floor() -> None:
    assert wait(task(every=60)) == FLOOR


@given(st.floats(0, 1), st.integers(1, 10**6) | st.none(), st.integers(0, 10**7), st.integers(0, 30))
def test_floors_hold_whatever_comes(jitter: float, every: int | None, max_age: int, failures: int) -> None:
    one = task(every=every, failures=failures)
    hinted = wait(one, jitter, hints={"cache-control": f"public, max-age={max_age}"})
    assert hinted >= max(FLOOR, min(timedelta(seconds=max_age), LONGEST))
    failed = wait(one, jitter, error=FetchError(Code.TOO_SLOW, "slow"))
    assert failed >= FLOOR


def test_hints_are_floors_for_foreign_hosts_alone() -> None:
    hints = {"expires": format_datetime(NOW + timedelta(hours=2), usegmt=True)}
    assert wait(task(), hints=hints) == timedelta(hours=2)
    assert wait(task(own=True), hints=hints) == timedelta(seconds=30)
    assert wait(task(), wishes=Wishes(3600)) == timedelta(hours=1)
    assert wait(task(), hints={"cache-control": "max-age=99999999"}) == LONGEST
    assert wait(task(), hints={"expires": "0", "cache-control": "no-cache"}) == timedelta(minutes=30)


def kept(one: Task, **options: object) -> Task:
    """The task of the next look, with what this one left."""
    found = Timing(lambda: 0.0).after(one, now=NOW, **options)  # type: ignore[arg-type]
    return replace(one, rhythm=found.rhythm)


def test_a_304_repeats_neither_the_bodys_wishes_nor_always_the_headers() -> None:
    asked = kept(task(), wishes=Wishes(7200), hints={"cache-control": "max-age=10800"})
    assert wait(asked, wishes=None, hints={}) == timedelta(hours=3)
    assert wait(asked, wishes=None, hints={"cache-control": "max-age=60"}) == timedelta(hours=2)
    assert wait(asked, wishes=Wishes(), hints={}) == timedelta(minutes=30)  # a 200 that asks for nothing


def test_a_failure_waits_as_long_as_the_source_asked_for() -> None:
    asked = kept(task(), wishes=Wishes(6 * 3600))
    assert wait(asked, error=FetchError(Code.TOO_SLOW, "slow")) >= timedelta(hours=6)


def test_skipped_hours_and_days_see_no_look() -> None:
    # NOW is a Thursday, 12:00 GMT
    afternoon = Wishes(skip=tuple(day * 24 + hour for day in range(7) for hour in (12, 13, 14)))
    assert wait(task(), wishes=afternoon) == timedelta(hours=3)
    thursday_and_friday = Wishes(skip=tuple(range(3 * 24, 5 * 24)))
    assert wait(kept(task(), wishes=thursday_and_friday), wishes=None) == timedelta(hours=36)
    assert wait(task(), wishes=Wishes(skip=tuple(range(168)))) == timedelta(minutes=30)


def test_the_budget_is_shared_out_by_what_sources_publish() -> None:
    busy = kept(task(), published=[NOW - timedelta(minutes=20 * n) for n in range(200)])
    quiet = kept(task(), published=[NOW - timedelta(days=n) for n in range(10)])
    fixed = Upstream(key="f", name="f", kind="page", url="https://f.example/", every=1800)
    sources: list[tuple[Upstream, Any]] = [
        (busy.upstream, busy.rhythm),
        (quiet.upstream, quiet.rhythm),
        (fixed, None),
    ]
    calls: list[int] = []

    def foreign() -> list[tuple[Upstream, dict[str, Any] | None]]:
        calls.append(1)
        return list(sources)

    budget = Budget(6.0, foreign)
    found = budget.fleet(NOW)
    timing = Timing(lambda: 0.0, budget.fleet)
    soon, late = timing.after(busy, now=NOW).due, timing.after(quiet, now=NOW).due
    assert soon is not None
    assert late is not None
    assert FLOOR <= soon - NOW < late - NOW
    assert budget.fleet(NOW + timedelta(minutes=4)) is found
    assert len(calls) == 1
    budget.fleet(NOW + timedelta(minutes=6))
    budget.fleet(NOW - timedelta(hours=1))  # the clock went back
    assert len(calls) == 3


def test_the_parts_of_a_look_follow_each_other_and_the_floor_holds_for_the_whole() -> None:
    one, own = task(every=60), task(own=True)
    timing = Timing(lambda: 0.0)
    assert timing.after(own, now=NOW, more=True).due == NOW
    now = NOW
    waits = []
    for _ in range(2 * ROUND):
        found = timing.after(one, now=now, more=True)
        assert found.due is not None
        waits.append(found.due - now)
        one, now = replace(one, rhythm=found.rhythm), found.due
    rest = [timedelta()] * (ROUND - 1)
    assert waits == [*rest, FLOOR, *rest, FLOOR]
    last = timing.after(one, now=now)
    assert last.due == now + FLOOR
    assert last.rhythm is not None
    assert not {"parts", "since"} & set(last.rhythm)  # the next look begins anew
    # a part that fails is a look that failed
    failed = timing.after(one, now=now, more=True, error=FetchError(Code.TOO_SLOW, "slow")).due
    assert failed is not None
    assert failed >= now + FLOOR


def test_an_archive_that_is_read_in_parts_was_not_published_today() -> None:
    """Ten files with a hundred old articles each teach that little is published."""
    old = [NOW - timedelta(days=100 + n) for n in range(100)]
    new = [NOW - timedelta(days=n) for n in range(1, 8)]

    def rate(first: list[Any], parts: list[list[Any]]) -> float:
        one = kept(task(), published=first, more=True)
        for part in parts:
            one = kept(one, published=part, more=True)
        return Rhythm.load(kept(one).rhythm).rate(5 / DAY) * DAY

    assert rate([], [new, *[old] * 10]) == pytest.approx(1, rel=0.3)
    assert rate(new, [old] * 10) == pytest.approx(1, rel=0.3)
    # a later look of many parts: what is dated since the look before was published since
    known = kept(task(), published=new)
    later = replace(known, rhythm={**(known.rhythm or {}), "at": (NOW - timedelta(hours=10)).timestamp()})
    began = kept(later, published=[], more=True)
    told = kept(began, published=[NOW - timedelta(hours=2)] * 3 + old)
    assert told.rhythm is not None
    assert began.rhythm is not None
    assert told.rhythm["count"] == pytest.approx(began.rhythm["count"] + 3, abs=0.01)


def test_every_is_kept_whatever_the_rhythm() -> None:
    timing = Timing(lambda: 0.0, lambda now: Fleet(pace=1.0))
    assert timing.after(task(every=7200), now=NOW).due == NOW + timedelta(hours=2)
    assert timing.after(task(), now=NOW).due == NOW + FLOOR


@pytest.mark.parametrize("own", [True, False])
def test_a_host_that_asks_to_wait_is_left_alone(own: bool) -> None:
    error = FetchError(Code.HTTP_WAIT, "429", status=429, wait=7200)
    found = Timing(lambda: 0.5).after(task(own=own), now=NOW, error=error)
    asked = timedelta(hours=1 if own else 2)  # an odd header must not silence one's own house
    assert found.not_before == found.hold_host == NOW + asked
    assert found.due is not None
    assert found.due >= NOW + asked
    without = Timing(lambda: 0.5).after(
        task(own=own), now=NOW, error=FetchError(Code.HTTP_WAIT, "503", status=503)
    )
    assert without.hold_host is not None
    assert without.hold_host > NOW


def test_failures_wait_longer_and_longer_but_not_for_ever() -> None:
    error = ReadError(Code.EMPTY_LIST, "empty")
    waits = [wait(task(failures=n), 1.0, error=error) for n in range(12)]
    assert waits == sorted(waits)
    assert max(waits) <= LONGEST * 1.2
    own = [wait(task(own=True, failures=n), 1.0, error=error) for n in range(12)]
    assert max(own) <= timedelta(minutes=6)


def test_gone_is_gone_and_not_found_is_not() -> None:
    gone = FetchError(Code.HTTP_GONE, "410", status=410)
    assert Timing().after(task(), now=NOW, error=gone).due is None
    assert Timing().after(task(own=True), now=NOW, error=gone).due is not None
    assert (
        Timing().after(task(), now=NOW, error=FetchError(Code.HTTP_GONE, "404", status=404)).due is not None
    )


def test_article_pages_are_looked_at_again_and_then_no_more() -> None:
    born = NOW - timedelta(minutes=10)
    one = task(article=5, born=born)
    assert wait(one) == timedelta(minutes=5)
    assert wait(replace(one, born=NOW - timedelta(hours=2))) == timedelta(hours=4)
    assert Timing().after(replace(one, born=NOW - timedelta(days=2)), now=NOW).due is None
    assert wait(task(own=True, article=5, born=NOW)) == timedelta(minutes=1)


def test_article_pages_that_fail_are_tried_a_few_times() -> None:
    error = FetchError(Code.TOO_SLOW, "slow")
    waits = [Timing().after(task(article=5, failures=n), now=NOW, error=error).due for n in range(7)]
    assert [one is None for one in waits] == [False] * 5 + [True] * 2
    robots = FetchError(Code.BLOCKED_ROBOTS, "no")
    assert Timing().after(task(article=5), now=NOW, error=robots).due is None


def test_the_ticker_ticks_until_it_is_stopped() -> None:
    ticks: list[int] = []
    ticker = Ticker(lambda: ticks.append(1), seconds=0.05)
    ticker.start()
    until(lambda: len(ticks) >= 3)
    ticker.stop()
    count = len(ticks)
    assert count >= 3


@pytest.mark.parametrize("days", [30, -30])
def test_a_clock_that_is_set_delays_no_tick(days: int) -> None:
    """Seen from the scheduler, the tick is planned a month ahead, or was missed for a month."""
    ticks: list[int] = []
    ticker = Ticker(lambda: ticks.append(1), seconds=0.05)
    ticker.start()
    until(lambda: ticks)
    tracemalloc.start()
    try:
        ticker._scheduler.modify_job("tick", next_run_time=datetime.now(UTC) + timedelta(days=days))
        ticks.clear()
        until(lambda: len(ticks) >= 3)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000  # no list of the five million that were missed
    finally:
        tracemalloc.stop()
        ticker.stop()
