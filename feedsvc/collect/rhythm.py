"""How often a source publishes, and how often it is therefore worth a poll.

An article waits half an interval on average, so for a given number of requests the mean delay is least when
the frequency of polls follows the square root of the publishing rate (Sia, Cho, Cho: Efficient Monitoring
Algorithm for Fast News Alerts, 2007). Rates change over the week, so each hour of the week has its own.

    frequency = pace × √(rate × weight × profile[hour of the week])

The rate is a count that fades over two weeks, smoothed with one article's worth of what all sources do
(a Gamma prior). The profile is the source's own week, drawn towards the week of all sources together. `pace`
is solved so that all frequencies, floors respected, add up to the budget. Pure; rates are articles a second.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

HOUR, DAY = 3600.0, 86400.0
MEMORY = 14 * DAY  #: after this time an article counts 1/e
PRIOR = 1.0  #: articles' worth of the common rate that each source begins with
TRUSTED = 2 * DAY  #: what was published while nobody looked for longer tells little: a list is short
DEAD = 90 * DAY  #: nothing new for so long: a poll a day is enough
YOUNG = DAY  #: watched for less: at least a poll an hour (floors permitting)
LOOK_YOUNG = HOUR
RAREST = DAY  #: no source is polled less often
#: Articles at which an hour, a day or an hour of the day counts as much as what it is drawn towards.
OWN_PRIOR, COMMON_PRIOR, DAY_PRIOR, HOUR_PRIOR = 3.0, 8.0, 20.0, 8.0
LEAST = 0.05  #: no hour of a profile sinks below this share of the mean
WEEK = 168
COMMON_RATE = 5 / DAY  #: of a source about which nothing is known, where no other source is either

_FLAT = (1.0,) * WEEK
_UTC = ZoneInfo("UTC")
_HOUR = timedelta(hours=1)
_HOUR_FADE, _WEEK_FADE = math.exp(-HOUR / MEMORY), math.exp(-WEEK * HOUR / MEMORY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What is known of one source. `hours`: faded articles by local hour of the week (0: Monday 0:00)."""

    count: float = 0.0
    seconds: float = 0.0  #: watched, faded like the count
    at: datetime | None = None  #: up to when it was watched
    latest: datetime | None = None  #: when it last published; before that: when it was first polled
    hours: Mapping[int, float] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def load(cls, stored: Mapping[str, Any] | None) -> Rhythm:
        """From what `dump` gave; None is a source that was never polled."""
        if not stored or "at" not in stored:
            return cls()
        return cls(
            count=float(stored["count"]),
            seconds=float(stored["seconds"]),
            at=datetime.fromtimestamp(stored["at"], UTC),
            latest=datetime.fromtimestamp(stored["latest"], UTC),
            hours={int(hour): float(weight) for hour, weight in stored["hours"].items()},
        )

    def dump(self) -> dict[str, Any]:
        """Plain values for JSON."""
        assert self.at is not None
        assert self.latest is not None
        return {
            "count": round(self.count, 4),
            "seconds": round(self.seconds),
            "at": round(self.at.timestamp()),
            "latest": round(self.latest.timestamp()),
            "hours": {str(hour): round(weight, 3) for hour, weight in self.hours.items() if weight >= 0.01},
        }

    def learn(self, published: Iterable[datetime | None], *, now: datetime, zone: ZoneInfo) -> Rhythm:
        """After a poll at `now` that showed articles that were not there before; None: without a time.

        At the first poll the list's own dates are the past two weeks. A clock that went back teaches nothing.
        """
        moments = list(published)
        if self.at is None:
            return self._begin(moments, now, zone)
        elapsed = (now - self.at).total_seconds()
        watched = min(max(elapsed, 0.0), TRUSTED)
        since = now - timedelta(seconds=watched)
        middle = since + (now - since) / 2
        # an article that is dated before the last poll was published then for all that readers could see
        times = [middle if at is None or not since <= at <= now else at for at in moments]
        if elapsed > TRUSTED:
            times = [
                at
                for at, printed in zip(times, moments, strict=True)
                if printed is not None and printed >= since
            ]
        fade = math.exp(-watched / MEMORY)
        hours = {hour: weight * fade for hour, weight in self.hours.items()}
        for at in times:
            hour = hour_of_week(at, zone)
            hours[hour] = hours.get(hour, 0.0) + 1.0
        latest = max((at for at in moments if at is not None and at <= now), default=now) if moments else None
        previous = min(self.latest or now, now)
        return Rhythm(
            count=self.count * fade + len(times),
            seconds=self.seconds * fade + watched,
            at=now,
            latest=max(previous, latest) if latest else previous,
            hours=hours,
        )

    def _begin(self, moments: Sequence[datetime | None], now: datetime, zone: ZoneInfo) -> Rhythm:
        dated = sorted(at for at in moments if at is not None and at <= now)
        if not dated:
            return Rhythm(at=now, latest=now)
        within = [at for at in dated if (now - at).total_seconds() <= MEMORY]
        span = min(MEMORY, (now - dated[0]).total_seconds())
        hours: dict[int, float] = {}
        count = seconds = 0.0
        if len(dated) >= 3:  # two dates make no rate
            count, seconds = float(len(within)), span
            for at in within:
                hour = hour_of_week(at, zone)
                hours[hour] = hours.get(hour, 0.0) + 1.0
        return Rhythm(count=count, seconds=seconds, at=now, latest=dated[-1], hours=hours)

    def further(
        self, published: Iterable[datetime | None], *, since: datetime | None, now: datetime, zone: ZoneInfo
    ) -> Rhythm:
        """After another part of one poll: what it shows may be old. `since`: the poll before; None: none was.

        Only what is dated after that poll was published since; of a first poll the past two weeks count.
        """
        dated = [at for at in published if at is not None and at <= now]
        begin = since or now - timedelta(seconds=MEMORY)
        times = [at for at in dated if at >= begin]
        hours = dict(self.hours)
        for at in times:
            hour = hour_of_week(at, zone)
            hours[hour] = hours.get(hour, 0.0) + 1.0
        seconds = self.seconds
        if times and since is None:
            seconds = max(seconds, (now - min(times)).total_seconds())
        latest = max([*dated, *([self.latest] if self.latest else [])], default=now)
        return replace(self, count=self.count + len(times), seconds=seconds, latest=latest, hours=hours)

    def rate(self, common: float) -> float:
        """Articles a second: Gamma-smoothed towards the `common` rate; always above 0."""
        return (self.count + PRIOR) / (self.seconds + PRIOR / common)

    def dead(self, now: datetime) -> bool:
        """Whether it published nothing for 90 days."""
        return self.latest is not None and (now - self.latest).total_seconds() > DEAD

    @property
    def young(self) -> bool:
        """Whether it was watched too little to be judged."""
        return self.seconds < YOUNG


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A source that shares the budget. `floor`: seconds between two polls, at least."""

    rhythm: Rhythm
    weight: float = 1.0
    floor: float = 900.0
    zone: ZoneInfo = _UTC  #: whose week counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """What all sources together say: the common rate and week, and the pace that keeps the budget."""

    common: float = COMMON_RATE
    week: tuple[float, ...] = _FLAT  #: mean 1
    pace: float = 0.0

    def level(self, member: Member, now: datetime) -> float:
        """The mean polls a second at a source, but for the hour of the week."""
        if member.rhythm.dead(now):
            return 0.0
        level = self.pace * math.sqrt(member.rhythm.rate(self.common) * member.weight)
        return max(level, 1 / LOOK_YOUNG) if member.rhythm.young else level

    def interval(self, member: Member, *, now: datetime) -> timedelta:
        """From a poll at `now` to the next one: never below the floor, never above a day unless the floor is.

        The moment at which the frequency, added up over the hours to come, reaches one poll.
        """
        level = self.level(member, now)
        if level <= 0:
            return timedelta(seconds=max(RAREST, member.floor))
        week = profile(member.rhythm, self.week, member.zone)
        hour = now.replace(minute=0, second=0, microsecond=0)
        at, due = 0.0, 0.0
        step = HOUR - (now - hour).total_seconds()
        while at < RAREST:
            frequency = level * math.sqrt(week[hour_of_week(hour, member.zone)])
            if due + frequency * step >= 1.0:
                at += (1.0 - due) / frequency
                break
            due, at = due + frequency * step, at + step
            hour, step = hour + _HOUR, HOUR
        return timedelta(seconds=max(min(at, RAREST), member.floor))


def hour_of_week(at: datetime, zone: ZoneInfo) -> int:
    """The local hour of the week: 0 is Monday 0:00 to 1:00."""
    local = at.astimezone(zone)
    return local.weekday() * 24 + local.hour


def exposure(rhythm: Rhythm, zone: ZoneInfo) -> list[float]:
    """For how many (faded) hours each hour of the week was watched; one that was never seen says nothing."""
    if rhythm.at is None or rhythm.seconds <= 0:
        return [0.0] * WEEK
    # faded seconds → how long ago the watching began
    left = max(1 - rhythm.seconds / MEMORY, 1e-4)
    hours = int(-MEMORY * math.log(left) / HOUR) + 1
    last = hour_of_week(rhythm.at, zone)
    watched = [0.0] * WEEK
    for ago in range(min(WEEK, hours)):
        weeks = (hours - ago - 1) // WEEK + 1
        watched[(last - ago) % WEEK] = _HOUR_FADE**ago * (1 - _WEEK_FADE**weeks) / (1 - _WEEK_FADE)
    return watched


def profile(rhythm: Rhythm, week: Sequence[float], zone: ZoneInfo) -> tuple[float, ...]:
    """A source's week, mean 1: `week`, corrected by what it published in the hours that were watched."""
    hours = exposure(rhythm, zone)
    watched = sum(hours)
    if not rhythm.hours or watched <= 0:
        return tuple(week)
    hourly = rhythm.count / watched
    expected = _smooth([seen * hourly * share for seen, share in zip(hours, week, strict=True)])
    counts = _smooth([rhythm.hours.get(hour, 0.0) for hour in range(WEEK)])
    return _level([week[h] * (counts[h] + OWN_PRIOR) / (expected[h] + OWN_PRIOR) for h in range(WEEK)])


def common_week(members: Iterable[Member]) -> tuple[float, ...]:
    """The week of all sources, mean 1, drawn towards the product of its days and its hours."""
    counts, expected = [0.0] * WEEK, [0.0] * WEEK
    for member in members:
        watched = exposure(member.rhythm, member.zone)
        hourly = member.rhythm.count / max(sum(watched), 1.0)
        for hour, weight in member.rhythm.hours.items():
            counts[hour] += weight
        for hour, hours in enumerate(watched):
            expected[hour] += hours * hourly

    def drawn(bins: Sequence[Sequence[int]], prior: float) -> list[float]:
        return [
            (sum(counts[h] for h in hours) + prior) / (sum(expected[h] for h in hours) + prior)
            for hours in bins
        ]

    by_day = drawn([range(day * 24, day * 24 + 24) for day in range(7)], DAY_PRIOR)
    by_hour = drawn([range(hour, WEEK, 24) for hour in range(24)], HOUR_PRIOR)
    product = _level([by_day[h // 24] * by_hour[h % 24] for h in range(WEEK)])
    return _level(
        [(counts[h] + COMMON_PRIOR * product[h]) / (expected[h] + COMMON_PRIOR) for h in range(WEEK)]
    )


def _smooth(counts: Sequence[float]) -> list[float]:
    """Counts spread over the neighbouring hours: a publication at 8:59 speaks for 9:00 too."""
    return [
        0.5 * counts[hour] + 0.25 * (counts[hour - 1] + counts[(hour + 1) % WEEK]) for hour in range(WEEK)
    ]


def _level(week: Sequence[float]) -> tuple[float, ...]:
    raised = [max(hour, LEAST) for hour in week]
    mean = sum(raised) / WEEK
    return tuple(hour / mean for hour in raised)


def fleet(members: Sequence[Member], *, budget: float, now: datetime) -> Fleet:
    """The fleet whose polls add up to `budget` requests a second over a week.

    Floors win: where they and the poll a day that every source gets leave no choice, fewer or more are made.
    """
    seen = [one for one in members if one.rhythm.at is not None]
    seconds = sum(one.rhythm.seconds for one in seen)
    common = (sum(one.rhythm.count for one in seen) + PRIOR) / (seconds + PRIOR / COMMON_RATE)
    found = Fleet(common=common, week=common_week(seen))
    usual = _ladder(found.week)
    alive = [one for one in members if not one.rhythm.dead(now)]
    amplitudes = [
        (
            math.sqrt(one.rhythm.rate(common) * one.weight),
            1 / LOOK_YOUNG if one.rhythm.young else 0.0,
            1 / max(one.floor, 1.0),
            _ladder(profile(one.rhythm, found.week, one.zone)) if one.rhythm.hours else usual,
        )
        for one in alive
    ]
    asleep = (len(members) - len(alive)) / RAREST

    def spent(pace: float) -> float:
        total = asleep
        for amplitude, least, most, (roots, sums) in amplitudes:
            level = max(pace * amplitude, least)
            if level <= 0:
                total += min(1 / RAREST, most)
                continue
            low = bisect_left(roots, 1 / RAREST / level)
            high = max(low, bisect_left(roots, most / level))
            hours = low / RAREST + level * (sums[high] - sums[low]) + (WEEK - high) * most
            total += min(max(hours / WEEK, 1 / RAREST), most)
        return total

    return replace(found, pace=_solve(spent, budget))


def _ladder(week: Sequence[float]) -> tuple[list[float], list[float]]:
    """The roots of a week's hours, rising, and the sums of the first n of them."""
    roots = sorted(map(math.sqrt, week))
    return roots, [0.0, *accumulate(roots)]


def _solve(spent: Any, budget: float) -> float:
    """The greatest pace that spends at most `budget`."""
    low, high = 0.0, 1e-6
    while spent(high) < budget and high < 1e6:
        low, high = high, high * 8
    if high >= 1e6:
        return high  # floors bind everywhere: there is budget left
    for _ in range(18):
        middle = (low + high) / 2
        if spent(middle) > budget:
            high = middle
        else:
            low = middle
    return low
