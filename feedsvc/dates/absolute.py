"""A day with its year: which of several, and the weekday, clock, zone and label that belong to it.

Of several dates the one labelled "published" wins, then the first without a label, then "updated". A clock
belongs to the day beside which it stands. A weekday that contradicts the date makes it a doubt in a text for
people; where a program wrote it (a zone in figures, or seconds and a zone) figures and zone are right and
only the name is wrong, as feeds have it every day: then the moment is flagged `weekday-wrong`.
"""

from __future__ import annotations

import re
from datetime import date, datetime, tzinfo

from feedsvc.dates.clock import Clock, clock_after, clock_before, clocks, only_filling
from feedsvc.dates.days import Day
from feedsvc.dates.hints import Hints
from feedsvc.dates.layout import LABELS, Span, doubt, label_before, moment, with_label
from feedsvc.dates.line import Line
from feedsvc.dates.moment import Reason
from feedsvc.dates.weekdays import weekday_near
from feedsvc.dates.zones import zone_behind

#: More unknown words than this between a day and a clock: they do not belong together.
_MOST_WORDS_BETWEEN = 4
_LABEL = re.compile("[PU]")
_RANK = {"P": 0, "": 1, "U": 2}


def best_day(line: Line, found: list[Day], hints: Hints) -> Span:
    """The best labelled of several days, with what belongs to it."""
    good = [i for i, day in enumerate(found) if isinstance(day.day, date)]
    if not good:
        first = found[0]
        assert isinstance(first.day, Reason)
        return doubt(line, first.day, first.start, first.end)
    if len(found) == 1:
        return one_day(line, found[0], 0, len(line.shape), hints)
    labels = [label_before(line, found[i - 1].end if i else 0, day.start) for i, day in enumerate(found)]
    best = min(good, key=lambda i: (_RANK[labels[i]], i))
    low = found[best - 1].end if best else 0
    high = found[best + 1].start if best + 1 < len(found) else len(line.shape)
    return one_day(line, found[best], low, high, hints)


def one_day(line: Line, found: Day, low: int, high: int, hints: Hints) -> Span:
    """A day with all that belongs to it, looked for between the tokens `low` and `high`."""
    day, start, end = found.day, found.start, found.end
    assert isinstance(day, date)
    contradicts = False
    if near := weekday_near(line, start, end):
        start, end = near.start, near.end
        contradicts = bool(near.values) and day.weekday() not in near.values
    clock = _clock_of(line, start, end, low, high)
    if isinstance(clock, Reason):
        return doubt(line, clock, start, end)
    flags = {found.inferred} if found.inferred else set()
    zone: tzinfo | Reason | None = None
    if clock:
        zone, zone_end = _zone_of(line, day, clock, start, end, hints)
        figures = "+" in line.shape[clock.end : zone_end] or "-" in line.shape[clock.end : zone_end]
        if contradicts and isinstance(zone, tzinfo) and (figures or clock.second is not None):
            contradicts = False
            flags.add("weekday-wrong")
        start, end = min(start, clock.start), max(end, clock.end, zone_end)
    if contradicts:
        return doubt(line, Reason.WEEKDAY, start, end)
    label = LABELS[label_before(line, low, start)]
    return Span(moment(day, clock, zone, label, flags, hints, line.text), with_label(line, start), end)


def _zone_of(
    line: Line, day: date, clock: Clock, start: int, end: int, hints: Hints
) -> tuple[tzinfo | Reason | None, int]:
    """The zone behind the clock, or behind the day that follows it, and where it ends (0: there is none)."""
    naive = datetime(day.year, day.month, day.day, clock.hour % 24, clock.minute)  # noqa: DTZ001 - the zone is asked
    zone, zone_end = zone_behind(line, clock.end, naive, hints)
    if zone is None and clock.end <= start:
        zone, zone_end = zone_behind(line, end, naive, hints)
    return zone, zone_end if zone else 0


def _clock_of(line: Line, start: int, end: int, low: int, high: int) -> Clock | Reason | None:
    """The clock of the day from `start` to before `end`: inside, right behind, right before, or near."""
    if ":" in line.shape[start:end] and (inside := next(clocks(line, start, end), None)):
        return inside
    behind = clock_after(line, end, high)
    if isinstance(behind, Clock) and (high == len(line.shape) or not only_filling(line, behind.end, high)):
        return behind
    before = clock_before(line, low, start) if start > low else None
    if before or behind:
        return before or behind
    return _clock_near(line, start, end, low, high)


def _clock_near(line: Line, start: int, end: int, low: int, high: int) -> Clock | None:
    """A clock with a few words between it and the day; a label between parts them."""
    label = _LABEL.search(line.shape, end, high)
    for clock in clocks(line, end, label.start() if label else high):
        if line.shape.count("w", end, clock.start) <= _MOST_WORDS_BETWEEN:
            return clock
    label_at = max(line.shape.rfind("P", low, start), line.shape.rfind("U", low, start))
    for clock in clocks(line, max(low, label_at + 1), start):
        if line.shape.count("w", clock.end, start) <= _MOST_WORDS_BETWEEN:
            return clock
    return None
