"""What is usual for a source, and whether it still is so: robust statistics, pure.

Three things are watched. *Yield*: how many articles each hour brought, compared with the same hours of the
weeks before, so that a quiet Sunday night is nothing special. *Fields*: the share of its articles that have a
date, a text and so on. *Lag*: how long after their publication it did not show its articles yet. Each is
compared with its own past by median and median absolute deviation (MAD), which single odd days do not move.

What left its range is kept apart from the past that it is compared with, so a fault does not become usual by
lasting. Hours are whole hours since 1970 UTC.
"""

from __future__ import annotations

from base64 import b85decode, b85encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import IntEnum
from itertools import pairwise
from math import sqrt
from statistics import median
from types import MappingProxyType
from typing import Any

HOUR = 3600
WEEK = 168
WEEKS = 8  #: of counts that are kept
UNWATCHED = 255  #: nobody polled in that hour; a count is at most one less
LONG_GAP = 48  #: hours; lists are short: what was published while nobody looked for longer is not known
LEAST_WEEKS = 3  #: to compare with
WINDOWS = (3, 6, 12, 24, 48, 96, WEEK)  #: hours that are looked back; the shortest that can tell does
WATCHED = 0.8  #: share of the hours of a window that must have been watched
SIGMA = 1.4826  #: MAD × this is the standard deviation of a normal distribution
FAR = 4.5  #: deviations below the median that are no chance, in all those comparisons
KEPT = 30  #: past readings of each field, and of the lag
LEAST_PAST = 8
LEAST_DROP = 0.35  #: of a share
LEAST_LAG = 1800.0  #: seconds
LEAST_GAPS = 5  #: hours with news, before a silence can be long


class Drift(IntEnum):
    """How far a source is from what is usual for it."""

    NONE = 0
    AMBER = 1
    RED = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """What is not as usual, for a person."""

    drift: Drift
    what: str  #: yield | lag | the name of a field
    reason: str


NO_DRIFT = Finding(Drift.NONE, "", "")


@dataclass(frozen=True, slots=True)
class Series:
    """Readings of one figure: the past, and the newest ones, which are compared with it."""

    past: tuple[float, ...] = ()
    recent: tuple[float, ...] = ()

    def then(self, value: float, *, recent: int, is_off: bool) -> Series:
        """With one more reading; the recent ones become past as long as they are as usual."""
        new = (*self.recent, value)
        if len(new) <= recent:
            return Series(self.past, new)
        grown = self.past if is_off else (*self.past, new[0])[-KEPT:]
        return Series(grown, new[1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What is kept of one source, or of the article pages of one host."""

    last: int = 0  #: the hour of the newest count; 0: it was never polled
    counts: bytes = b""  #: new articles an hour, the newest last
    fields: Mapping[str, Series] = field(default_factory=lambda: MappingProxyType({}))
    lag: Series = field(default_factory=Series)
    span: int = 3  #: readings that are compared with the past at once

    # ── keeping ──

    @classmethod
    def load(cls, kept: Mapping[str, Any] | None, *, span: int = 3) -> Usual:
        """From what `dump` gave; None: nothing was kept."""
        if not kept:
            return cls(span=span)
        return cls(
            last=kept["last"],
            counts=b85decode(kept["counts"]),
            fields={name: Series(*map(tuple, said)) for name, said in kept["fields"].items()},
            lag=Series(*map(tuple, kept["lag"])),
            span=span,
        )

    def dump(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "last": self.last,
            "counts": b85encode(self.counts).decode(),
            "fields": {name: [one.past, one.recent] for name, one in self.fields.items()},
            "lag": [self.lag.past, self.lag.recent],
        }

    # ── learning ──

    def polled(self, now: datetime, published: Iterable[datetime | None]) -> Usual:
        """After a poll at `now` that showed articles which were not there before; None: without a time.

        An article counts for the hour in which it was published, if that was since the last poll.
        """
        hour = _hour(now)
        if self.last and hour < self.last:
            return self  # the clock went back: nothing is learnt
        since = self.last if self.last and hour - self.last <= LONG_GAP else hour
        counts = bytearray(self.counts)
        if self.last and hour > self.last:
            counts += bytes([UNWATCHED]) * (since - self.last - 1) + bytes(hour - max(since, self.last))
            if since > self.last:
                counts += bytes(1)
        elif not self.last:
            counts += bytes(1)
        for at in published:
            place = _hour(at) if at is not None and since <= _hour(at) <= hour else hour
            index = len(counts) - 1 - (hour - place)
            value = counts[index]
            counts[index] = min((0 if value == UNWATCHED else value) + 1, UNWATCHED - 1)
        return replace(self, last=hour, counts=bytes(counts[-WEEKS * WEEK :]))

    def read(self, shares: Mapping[str, float], *, lag: float | None = None) -> Usual:
        """After a reading: the share of its articles that have each field; seconds that new ones took."""
        fields = dict(self.fields)
        for name, share in shares.items():
            before = fields.get(name, Series())
            is_off = _dropped(before, self.span)
            fields[name] = before.then(round(share, 3), recent=2 * self.span, is_off=is_off)
        late = self.lag
        if lag is not None:
            late = late.then(round(lag), recent=2 * self.span, is_off=_late(late, self.span))
        return replace(self, fields=fields, lag=late)

    # ── telling ──

    def expected(self, hour: int, hours: int = 1) -> float | None:
        """The median of what the same hours of the weeks before brought; None: too little is known."""
        past = [
            found for week in range(1, WEEKS) if (found := self._sum(hour - week * WEEK, hours)) is not None
        ]
        return float(median(past)) if len(past) >= LEAST_WEEKS else None

    def count(self, hour: int) -> int | None:
        """What an hour brought; None: nobody watched."""
        index = len(self.counts) - 1 - (self.last - hour)
        if not 0 <= index < len(self.counts) or self.counts[index] == UNWATCHED:
            return None
        return self.counts[index]

    def judge(self, now: datetime) -> Finding:
        """The worst that is not as usual at `now`."""
        found = [self._yield(now), self._silence(now), self._lag(), *self._fields()]
        return max(found, key=lambda one: one.drift)

    def _sum(self, hour: int, hours: int) -> int | None:
        """Articles of the `hours` that end with `hour`; None where too few of them were watched."""
        end = len(self.counts) - (self.last - hour)
        if not hours <= end <= len(self.counts):
            return None
        part = self.counts[end - hours : end]
        missed = part.count(UNWATCHED)
        return sum(part) - missed * UNWATCHED if hours - missed >= WATCHED * hours else None

    def _yield(self, now: datetime) -> Finding:
        hour = _hour(now) - 1  # the last whole one
        off: list[tuple[int, int, float]] = []
        for hours in WINDOWS:
            got = self._sum(hour, hours)
            past = [
                one for week in range(1, WEEKS) if (one := self._sum(hour - week * WEEK, hours)) is not None
            ]
            if got is None or len(past) < LEAST_WEEKS:
                continue
            middle = median(past)
            if _lowest(past) <= 0:
                continue  # even silence would be chance
            if got < _lowest(past) and got < min(past):
                off.append((hours, got, middle))
            elif off:
                break
        if not off:
            return NO_DRIFT
        hours, got, middle = off[0]
        drift = Drift.RED if len(off) > 1 else Drift.AMBER
        return Finding(drift, "yield", f"{got} new articles in {hours} hours, usually {middle:g}")

    def _silence(self, now: datetime) -> Finding:
        """For sources that publish too rarely to be counted: the longest pause that there ever was."""
        busy = [
            self.last - (len(self.counts) - 1 - index)
            for index, one in enumerate(self.counts)
            if one not in (0, UNWATCHED)
        ]
        if len(busy) < LEAST_GAPS or self.last - busy[0] < 2 * WEEK or UNWATCHED in self.counts[-WEEK:]:
            return NO_DRIFT
        silent = _hour(now) - busy[-1]
        longest = max(max(later - earlier for earlier, later in pairwise(busy)), 12)
        if silent <= 2 * longest:
            return NO_DRIFT
        drift = Drift.RED if silent > 4 * longest else Drift.AMBER
        return Finding(drift, "yield", f"nothing new for {silent} hours; the longest pause was {longest}")

    def _fields(self) -> list[Finding]:
        found = []
        for name, series in self.fields.items():
            if _dropped(series, self.span):
                lasting = series.recent[-self.span - 1 :]
                whole = all(_dropped(Series(series.past, (one,)), 1) for one in lasting)
                share = median(series.recent[-self.span :])
                reason = f"{share:.0%} of its articles have {_named(name)}, usually {median(series.past):.0%}"
                found.append(Finding(Drift.RED if whole else Drift.AMBER, name, reason))
        return found

    def _lag(self) -> Finding:
        if not _late(self.lag, self.span):
            return NO_DRIFT
        lasting = self.lag.recent[-self.span - 1 :]
        whole = all(_late(Series(self.lag.past, (one,)), 1) for one in lasting)
        came, usual = (
            timedelta(seconds=round(median(one))) for one in (self.lag.recent[-self.span :], self.lag.past)
        )
        reason = f"new articles are shown {came} after their publication, usually {usual}"
        return Finding(Drift.RED if whole else Drift.AMBER, "lag", reason)


def _hour(at: datetime) -> int:
    return int(at.timestamp()) // HOUR


def _mad(values: Sequence[float]) -> float:
    middle = median(values)
    return float(median([abs(one - middle) for one in values]))


def _lowest(past: Sequence[int]) -> float:
    """The count below which it is no chance any more. Counts scatter at least as Poisson's do."""
    middle = median(past)
    far = FAR * (1 + 1.5 / len(past))  # of few weeks little is known
    return middle - far * max(SIGMA * _mad(past), sqrt(middle), 1.0)


def _dropped(series: Series, span: int) -> bool:
    if len(series.past) < LEAST_PAST or len(series.recent) < span:
        return False
    drop = median(series.past) - median(series.recent[-span:])
    return drop > max(LEAST_DROP, 4 * SIGMA * _mad(series.past))


def _late(series: Series, span: int) -> bool:
    if len(series.past) < LEAST_PAST or len(series.recent) < span:
        return False
    middle = median(series.past)
    late = median(series.recent[-span:]) - middle
    return late > max(LEAST_LAG, middle, 4 * SIGMA * _mad(series.past))


_NAMES = {
    "title": "a title", "published": "a date", "summary": "a summary", "content": "a text",
    "authors": "a byline", "image": "a picture",
}  # fmt: skip


def _named(name: str) -> str:
    return _NAMES.get(name, name)


#: Fields of a draft whose shares are watched.
FIELDS = tuple(_NAMES)
