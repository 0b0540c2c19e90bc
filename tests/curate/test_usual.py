"""What is usual for a source: quiet nights are, a source that goes quiet is not, and single odd days are."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.curate.usual import Drift, Usual

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)


def office(at: datetime) -> float:
    """Articles an hour of a newsroom that works by day, little at weekends and hardly on Sunday nights."""
    by_day = 6.0 if 7 <= at.hour < 22 else 0.3
    return by_day * (0.25 if at.weekday() >= 5 else 1.0)


def poisson(dice: random.Random, mean: float) -> int:
    count, product, limit = 0, dice.random(), math.exp(-mean)
    while product > limit:
        count, product = count + 1, product * dice.random()
    return count


def watched(hours: int, dice: random.Random, rate=office, usual: Usual | None = None, start=MONDAY):  # type: ignore[no-untyped-def]
    """A source that is polled every hour; yields (moment, what is known)."""
    usual = usual or Usual()
    for n in range(hours):
        now = start + n * HOUR + timedelta(minutes=59)
        usual = usual.polled(now, [now - timedelta(minutes=5)] * poisson(dice, rate(now)))
        yield now, usual


@pytest.mark.parametrize("seed", range(4))
def test_twenty_ordinary_weeks_are_no_alarm(seed: int) -> None:
    dice = random.Random(seed)
    alarms = [now for now, usual in watched(20 * 168, dice) if usual.judge(now).drift]
    assert alarms == []


def test_a_quiet_sunday_night_is_no_alarm_and_a_silent_tuesday_noon_is_soon_one() -> None:
    dice = random.Random(7)
    *_, (_, usual) = watched(5 * 168, dice)
    start = MONDAY + timedelta(weeks=5)
    *_, (_, usual) = watched(24 + 9, dice, usual=usual, start=start)  # Tuesday 9:00
    quiet = watched(72, dice, rate=lambda at: 0.0, usual=usual, start=start + timedelta(hours=33))
    found = {now: known.judge(now) for now, known in quiet}
    amber = min(now for now, one in found.items() if one.drift is Drift.AMBER)
    red = min(now for now, one in found.items() if one.drift is Drift.RED)
    assert amber - (start + timedelta(hours=33)) < timedelta(hours=12)
    assert amber < red < amber + timedelta(hours=24)
    assert "new articles in" in found[amber].reason


def test_a_rare_source_may_be_silent_as_long_as_it_ever_was() -> None:
    usual = Usual()
    alarms = []
    for n in range(6 * 168):  # an article each Monday, Wednesday and Friday
        now = MONDAY + n * HOUR
        usual = usual.polled(now, [now] if now.hour == 9 and now.weekday() in (0, 2, 4) else [])
        alarms.append(usual.judge(now).drift)
    assert set(alarms) == {Drift.NONE}
    silent = [
        usual.polled(now := MONDAY + n * HOUR, []).judge(now).drift for n in range(6 * 168, 6 * 168 + 14)
    ]
    assert set(silent) == {Drift.NONE}
    for n in range(6 * 168, 9 * 168):
        usual = usual.polled(MONDAY + n * HOUR, [])
    assert usual.judge(MONDAY + 9 * 7 * 24 * HOUR).drift is Drift.RED


def test_dates_that_vanish_turn_amber_then_red_and_do_not_become_usual() -> None:
    usual = Usual()
    for _ in range(20):
        usual = usual.read({"published": 1.0, "image": 0.4})
    assert not usual.judge(MONDAY).drift
    seen = []
    for _ in range(100):
        usual = usual.read({"published": 0.0, "image": 0.4})
        seen.append(usual.judge(MONDAY))
    assert [one.drift for one in seen[:4]] == [Drift.NONE, Drift.AMBER, Drift.AMBER, Drift.RED]
    assert seen[-1].drift is Drift.RED
    assert seen[-1].reason == "0% of its articles have a date, usually 100%"
    for _ in range(4):
        usual = usual.read({"published": 1.0, "image": 0.4})
    assert not usual.judge(MONDAY).drift


def test_articles_that_come_late_are_noticed() -> None:
    usual = Usual()
    for n in range(20):
        usual = usual.read({}, lag=300 + 60 * (n % 5))
    assert not usual.judge(MONDAY).drift
    for _ in range(4):
        usual = usual.read({}, lag=6 * 3600)
    found = usual.judge(MONDAY)
    assert found.drift is Drift.RED
    assert found.reason == "new articles are shown 6:00:00 after their publication, usually 0:07:00"


@given(
    st.lists(
        st.tuples(st.integers(-3, 200), st.lists(st.one_of(st.none(), st.integers(-100, 5)), max_size=5)),
        max_size=60,
    )
)
def test_every_article_counts_once_and_only_watched_hours_count(
    polls: list[tuple[int, list[int | None]]],
) -> None:
    usual, now, total = Usual(), MONDAY, 0
    for step, dates in polls:
        now += step * HOUR
        before = usual
        usual = usual.polled(now, [None if one is None else now + one * HOUR for one in dates])
        if before.last and now.timestamp() // 3600 < before.last:
            assert usual is before
            continue
        total += len(dates)
        assert len(usual.counts) <= 8 * 168
        assert usual.last == now.timestamp() // 3600
        kept = sum(one for one in usual.counts if one != 255)
        assert kept <= total
        if len(usual.counts) < 8 * 168:
            assert kept == total
    assert Usual.load(usual.dump()) == usual


@settings(max_examples=60)
@given(
    st.lists(st.floats(0, 1), max_size=60),
    st.lists(st.floats(0, 10**6), max_size=60),
    st.binary(max_size=1344),
)
def test_whatever_is_kept_it_can_be_judged(shares: list[float], lags: list[float], counts: bytes) -> None:
    usual = Usual(last=int(MONDAY.timestamp()) // 3600, counts=counts)
    for share in shares:
        usual = usual.read({"image": share})
    for lag in lags:
        usual = usual.read({}, lag=lag)
    found = usual.judge(MONDAY + HOUR)
    assert bool(found.reason) is (found.drift is not Drift.NONE)
    assert Usual.load(usual.dump()).judge(MONDAY + HOUR) == found


@given(st.lists(st.integers(0, 60), min_size=9, max_size=30))
def test_more_of_the_same_is_never_worse(values: list[int]) -> None:
    """A share that does not fall is no drift, whatever the scatter of the past is."""
    usual = Usual()
    for value in values:
        usual = usual.read({"image": value / 60})
    for _ in range(8):
        usual = usual.read({"image": 1.0})
    assert not usual.judge(MONDAY).drift
