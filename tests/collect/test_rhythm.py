"""How often sources are looked at: floors hold, the budget is kept, more looks where more is published."""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.polling import study, synthetic
from feedsvc.collect.rhythm import (
    DAY,
    HOUR,
    LOOK_YOUNG,
    MEMORY,
    WEEK,
    Fleet,
    Member,
    Rhythm,
    common_week,
    exposure,
    fleet,
    hour_of_week,
    profile,
)
from tests.kinds import examples

NOW = datetime(2025, 12, 18, 12, 0, tzinfo=UTC)
JAKARTA, LONDON = ZoneInfo("Asia/Jakarta"), ZoneInfo("Europe/London")
KATHMANDU = ZoneInfo("Asia/Kathmandu")


def rhythm(a_day: float, days: float = 14.0, **fields: object) -> Rhythm:
    """A source that was watched for some days."""
    values: dict[str, object] = {"count": a_day * days, "seconds": days * DAY, "at": NOW, "latest": NOW}
    return Rhythm(**(values | fields))  # type: ignore[arg-type]


rhythms = st.builds(
    rhythm,
    st.floats(0, 500),
    st.floats(0, 14),
    hours=st.dictionaries(st.integers(0, WEEK - 1), st.floats(0, 100), max_size=12),
)
members = st.builds(
    Member,
    rhythm=rhythms | st.just(Rhythm()),
    weight=st.floats(0.01, 100),
    floor=st.floats(900, DAY),
    zone=st.sampled_from([JAKARTA, LONDON, KATHMANDU, ZoneInfo("America/St_Johns"), ZoneInfo("UTC")]),
)
moments = st.integers(0, 3 * 365 * 86400).map(lambda seconds: NOW + timedelta(seconds=seconds - 86400 * 500))


@examples(40)
@given(st.lists(members, min_size=1, max_size=4), st.floats(1e-6, 1), moments)
def test_no_interval_is_below_its_floor_or_above_a_day(
    all_of_them: list[Member], budget: float, now: datetime
) -> None:
    found = fleet(all_of_them, budget=budget, now=now)
    for one in all_of_them:
        interval = found.interval(one, now=now).total_seconds()
        assert one.floor - 0.001 <= interval <= max(DAY, one.floor) + 0.001


@examples(40)
@given(
    st.floats(0.01, 400),
    st.floats(1, 20),
    st.dictionaries(st.integers(0, WEEK - 1), st.floats(0, 100), max_size=12),
    moments,
    st.floats(1e-4, 1),
)
def test_more_is_looked_at_where_more_is_published(
    a_day: float, times: float, hours: dict[int, float], now: datetime, pace: float
) -> None:
    found = Fleet(pace=pace)
    less, more = (
        Member(rhythm=rhythm(rate, hours=hours, latest=now, at=now)) for rate in (a_day, a_day * times)
    )
    assert found.interval(more, now=now) <= found.interval(less, now=now)


def test_frequency_goes_with_the_square_root() -> None:
    found = Fleet(pace=0.03, common=5 / DAY)
    one, four = (
        found.interval(Member(rhythm=rhythm(a_day, 14.0), floor=60), now=NOW) for a_day in (10.0, 40.0)
    )
    assert one / four == pytest.approx(2, rel=0.02)
    weighed = found.interval(Member(rhythm=rhythm(10.0), weight=4, floor=60), now=NOW)
    assert one / weighed == pytest.approx(2, rel=0.01)


@examples(10)
@given(st.lists(rhythms, min_size=3, max_size=5), st.floats(0.3, 2), st.integers(0, 10**6))
@pytest.mark.slow
def test_the_budget_is_kept(found: list[Rhythm], an_hour: float, seed: int) -> None:
    """A week of looks at all sources makes as many requests as were allowed, a twentieth more at most."""
    old = [replace(one, seconds=max(one.seconds, 2 * DAY)) for one in found]
    all_of_them = [Member(rhythm=one) for one in old]
    budget = an_hour * len(old) / HOUR
    shared = fleet(all_of_them, budget=budget, now=NOW)
    looks = 0
    chance = random.Random(seed)
    for one in all_of_them:
        at = NOW + timedelta(seconds=chance.random() * HOUR)
        while at < NOW + timedelta(days=7):
            looks += 1
            at += shared.interval(one, now=at)
    allowed = budget * 7 * DAY
    assert looks <= allowed * 1.05 + len(old) * 8  # a look a day each is made whatever the budget
    fastest = len(old) * 7 * DAY / 900
    assert looks >= min(allowed, fastest) * 0.9 - len(old)


def _fields(one: Rhythm) -> dict[str, object]:
    return {
        "count": one.count,
        "seconds": one.seconds,
        "at": one.at,
        "latest": one.latest,
        "hours": one.hours,
    }


def test_what_is_kept_comes_back() -> None:
    one = rhythm(3.0, hours={5: 2.0, 100: 1.25})
    again = Rhythm.load(json.loads(json.dumps(one.dump())))
    assert _fields(again) == _fields(one)
    assert Rhythm.load(None) == Rhythm.load({}) == Rhythm.load({"why": "every"}) == Rhythm()


def test_the_first_reading_tells_two_weeks() -> None:
    """A list that shows twenty articles of two days says how often it publishes before it was watched."""
    times = [NOW - timedelta(hours=2.4 * n) for n in range(20)]
    one = Rhythm().learn(times, now=NOW, zone=JAKARTA)
    assert one.rate(1 / DAY) * DAY == pytest.approx(10, rel=0.35)
    assert not one.young
    assert Rhythm().learn([None] * 20, now=NOW, zone=JAKARTA).young
    assert Rhythm().learn([NOW], now=NOW, zone=JAKARTA).young
    future = Rhythm().learn([NOW + timedelta(days=9)] * 5, now=NOW, zone=JAKARTA)
    assert (future.count, future.latest) == (0, NOW)


def test_rates_are_learnt_and_fade() -> None:
    one = Rhythm().learn([], now=NOW, zone=JAKARTA)
    now = NOW
    for _ in range(24 * 28):
        now += timedelta(hours=1)
        one = one.learn([now - timedelta(minutes=5)], now=now, zone=JAKARTA)
    assert one.rate(1 / DAY) * DAY == pytest.approx(24, rel=0.1)
    for _ in range(24 * 14):
        now += timedelta(hours=1)
        one = one.learn([], now=now, zone=JAKARTA)
    # e: what was learnt in four weeks is worth a third after two weeks of silence
    assert one.rate(1 / DAY) * DAY == pytest.approx(24 * math.exp(-1), rel=0.15)
    assert one.seconds < MEMORY


def test_a_clock_that_goes_back_and_a_long_pause_teach_nothing_wrong() -> None:
    one = rhythm(4.0)
    back = one.learn([], now=NOW - timedelta(days=1), zone=JAKARTA)
    assert (back.count, back.seconds) == (one.count, one.seconds)
    forth = back.learn([None], now=NOW + timedelta(days=400), zone=JAKARTA)
    assert forth.seconds <= one.seconds + 2 * DAY
    assert forth.rate(1 / DAY) * DAY < 4.1


def test_new_dead_and_living_sources() -> None:
    found = Fleet(pace=1e-9)
    fresh = Member(rhythm=Rhythm(at=NOW, latest=NOW))
    assert found.interval(fresh, now=NOW) == timedelta(seconds=LOOK_YOUNG)
    dead = Member(rhythm=rhythm(50.0, latest=NOW - timedelta(days=91)))
    fast = Fleet(pace=10.0)
    assert fast.interval(dead, now=NOW) == timedelta(days=1)
    revived = dead.rhythm.learn([NOW], now=NOW + timedelta(hours=1), zone=JAKARTA)
    assert not revived.dead(NOW)


def test_hours_are_local_also_when_summer_time_begins() -> None:
    assert hour_of_week(datetime(2025, 12, 22, 17, 30, tzinfo=UTC), JAKARTA) == 24  # Tuesday 0:30 in Jakarta
    before, after = datetime(2026, 3, 27, 8, 30, tzinfo=UTC), datetime(2026, 3, 30, 7, 30, tzinfo=UTC)
    assert hour_of_week(before, LONDON) % 24 == hour_of_week(after, LONDON) % 24 == 8
    # the night in which an hour is missing, and the one in which an hour comes twice
    for night in (datetime(2026, 3, 29, 0, 10, tzinfo=UTC), datetime(2026, 10, 25, 0, 10, tzinfo=UTC)):
        interval = Fleet(pace=0.02).interval(Member(rhythm=rhythm(4.0, at=night), zone=LONDON), now=night)
        assert timedelta(minutes=15) <= interval <= timedelta(days=1)


def test_a_busy_morning_is_looked_at_more_often_than_a_night() -> None:
    morning = {day * 24 + hour: 20.0 for day in range(7) for hour in (7, 8, 9)}
    one = Member(rhythm=rhythm(30.0, hours=morning), floor=60, zone=JAKARTA)
    found = fleet([one], budget=1 / HOUR, now=NOW)
    at_eight = datetime(2025, 12, 18, 1, 0, tzinfo=UTC)
    at_midnight = datetime(2025, 12, 18, 17, 0, tzinfo=UTC)
    fast = found.interval(one, now=at_eight)
    slow = found.interval(one, now=at_midnight)
    assert fast * 2 < slow
    # what was dull all night is not slept through: the look comes before the morning is over
    assert at_midnight + slow < at_eight + timedelta(days=1, hours=1)


def test_weeks_are_drawn_towards_what_all_do() -> None:
    assert common_week([]) == (1.0,) * WEEK
    week = common_week([Member(rhythm=rhythm(15.0, hours=dict.fromkeys(range(9, WEEK, 24), 30.0)))])
    assert sum(week) == pytest.approx(WEEK)
    assert week.index(max(week)) % 24 == 9
    assert week[9] > 3 > 1 > week[10]
    mine = profile(rhythm(1 / 14, hours={20: 1.0}), week, JAKARTA)
    assert mine.index(max(mine)) % 24 == 9  # one article makes no habit
    assert min(mine) > 0


def test_hours_that_nobody_watched_say_nothing() -> None:
    """Two days were watched: the other five are not quiet for that."""
    two_days = Rhythm().learn([NOW - timedelta(hours=n) for n in range(48)], now=NOW, zone=JAKARTA)
    week = profile(two_days, (1.0,) * WEEK, JAKARTA)
    assert sum(exposure(two_days, JAKARTA)) == pytest.approx(48, rel=0.1)
    unseen = [week[hour] for hour, hours in enumerate(exposure(two_days, JAKARTA)) if not hours]
    assert len(unseen) >= 115
    assert min(unseen) > 0.8


@pytest.mark.slow
def test_it_beats_a_fixed_interval_on_synthetic_sources() -> None:
    found = study(synthetic(20, days=8), 8, 1.0, 60.0)
    assert found.ours.looks <= found.fixed.looks
    assert found.gain >= 0.35
    assert found.of_oracle >= 0.7
