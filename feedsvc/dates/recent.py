"""What counts from the time of collecting: "3 hours ago", "yesterday, 21:15", "18 Dec", a bare clock.

Such words stand in headlines too, so they are read only where they fill their part of the line. What would
lie more than ten minutes ahead of the collecting time was yesterday, or last week, or last year.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, tzinfo

from feedsvc.dates.absolute import one_day
from feedsvc.dates.calendars import FIRST_YEAR, LAST_YEAR
from feedsvc.dates.clock import Clock, clock_after, clock_before, clocks
from feedsvc.dates.days import days_without_year
from feedsvc.dates.hints import Hints
from feedsvc.dates.layout import LABELS, Span, alone, doubt, fills, label_before, moment, share, with_label
from feedsvc.dates.line import Line
from feedsvc.dates.moment import Moment, Precision, Reason
from feedsvc.dates.relative import Ago, ago_in
from feedsvc.dates.zones import zone_behind

#: Clocks differ: so far ahead is still now.
SLACK = timedelta(minutes=10)
#: "3 hours ago" is hardly chance: it may stand beside other words if it is so much of the line.
_ENOUGH_AGO = 0.4
_TELLS_CLOCK = re.compile("[:.A]")
#: Without a collecting time any day will do to see whether a date stands there; this one is of a leap year.
ANY_DAY = datetime(2024, 12, 31)  # noqa: DTZ001


def recent(line: Line, hints: Hints) -> Span | None:
    """What the line says beside the collecting time; None if it is no such line."""
    for attempt in (_ago, _yearless, _now, _day_word, _weekday, _bare_clock):
        if span := attempt(line, hints):
            return span
    return None


def _ago(line: Line, hints: Hints) -> Span | None:
    """ "3 hours ago"."""
    ago = ago_in(line)
    if ago is None or not (share(line, ago.start, ago.end) >= _ENOUGH_AGO or fills(line, ago.start, ago.end)):
        return None
    if hints.now is None:
        return doubt(line, Reason.NO_CLOCK, ago.start, ago.end)
    if ago.months or ago.unit not in "smh":
        return _days_ago(line, ago, hints.now, hints)
    at = hints.now - timedelta(days=ago.days, seconds=ago.seconds)
    if at.year < FIRST_YEAR:
        return doubt(line, Reason.OUT_OF_RANGE, ago.start, ago.end)
    at = at.astimezone(hints.zone or at.tzinfo)
    return _instant(line, at, Precision.HOUR if ago.unit == "h" else Precision.MINUTE, ago.start, ago.end)


def _days_ago(line: Line, ago: Ago, now: datetime, hints: Hints) -> Span:
    if hints.zone is None:
        return doubt(line, Reason.NO_ZONE, ago.start, ago.end)
    day = ago.before((now.astimezone(hints.zone) - timedelta(seconds=ago.seconds)).date())
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        return doubt(line, Reason.OUT_OF_RANGE, ago.start, ago.end)
    flags = {"relative"} if ago.unit == "d" else {"relative", "coarse"}
    label = LABELS[label_before(line, 0, ago.start)]
    return Span(moment(day, None, None, label, flags, hints, line.text), with_label(line, ago.start), ago.end)


def _instant(line: Line, at: datetime, precision: Precision, start: int, end: int) -> Span:
    """A moment counted from now, to the minute: more was not said."""
    at = at.replace(second=0, microsecond=0)
    label = LABELS[label_before(line, 0, start)]
    result = Moment(at=at, precision=precision, label=label, flags=frozenset({"relative"}), text=line.text)
    return Span(result, with_label(line, start), end)


def _yearless(line: Line, hints: Hints) -> Span | None:
    """A day that names no year: the last such day."""
    now = hints.local_now() or hints.now
    days = days_without_year(line, hints, (now or ANY_DAY).date())
    if not days:
        return None
    first = days[0]
    if isinstance(first.day, Reason):
        return doubt(line, first.day, first.start, first.end) if fills(line, first.start, first.end) else None
    span = one_day(line, first, 0, len(line.shape), hints)
    if not fills(line, span.start, span.end) or not alone(line, span.start, span.end, years_only=True):
        return None
    return span if now else doubt(line, Reason.NO_CLOCK, span.start, span.end)


def _now(line: Line, hints: Hints) -> Span | None:
    """ "Baru saja"."""
    i = line.shape.find("R")
    if i < 0 or not fills(line, i, i + 1):
        return None
    if hints.now is None:
        return doubt(line, Reason.NO_CLOCK, i, i + 1)
    return _instant(line, hints.local_now() or hints.now, Precision.MINUTE, i, i + 1)


def _day_word(line: Line, hints: Hints) -> Span | None:
    """ "Kemarin, 21.15 WIB", "Hari ini 10:20"."""
    i = line.shape.find("T")
    if i < 0:
        return None
    clock = clock_after(line, i + 1, len(line.shape)) or clock_before(line, 0, i)
    return _past_day(line, i, i + 1, clock, hints, back=int(line.value(i)))


def _weekday(line: Line, hints: Hints) -> Span | None:
    """ "Kamis, 19:00 WIB": the last such weekday."""
    i = line.shape.find("W")
    word = line.words[i] if i >= 0 else None
    if word is None:
        return None
    own = word.weekdays.get(line.language)
    values = set(word.weekdays.values()) if own is None else {own}
    clock = clock_after(line, i + 1, len(line.shape)) or clock_before(line, 0, i)
    if len(values) != 1 or not isinstance(clock, Clock):
        return None
    return _past_day(line, i, i + 1, clock, hints, weekday=values.pop())


def _bare_clock(line: Line, hints: Hints) -> Span | None:
    """A clock and nothing else: 19:05, 19.05 WIB, 7 pm, but not "7 WIB"."""
    clock = next(clocks(line, 0, len(line.shape)), None)
    if clock is None or not _TELLS_CLOCK.search(line.shape, clock.start, clock.end):
        return None
    return _past_day(line, clock.start, clock.end, clock, hints)


def _past_day(
    line: Line,
    start: int,
    end: int,
    clock: Clock | Reason | None,
    hints: Hints,
    *,
    back: int | None = None,
    weekday: int | None = None,
) -> Span | None:
    """The day told by the word at `start`, with its clock.

    It is `back` days ago, or the last `weekday`, or, without both, the last day with such an hour.
    """
    if isinstance(clock, Reason):
        return doubt(line, clock, start, end)
    zone: tzinfo | Reason | None = None
    if clock:
        zone, zone_end = zone_behind(line, clock.end, (hints.now or ANY_DAY).replace(tzinfo=None), hints)
        start, end = min(start, clock.start), max(end, clock.end, zone_end if zone else 0)
    if not fills(line, start, end) or not alone(line, start, end, years_only=back is not None):
        return None
    there = hints.zone if zone is None else zone
    if hints.now is None:
        return doubt(line, Reason.NO_CLOCK, start, end)
    if there is None or isinstance(there, Reason):
        return doubt(line, there or Reason.NO_ZONE, start, end)
    day = _day_before(hints.now.astimezone(there), clock, back, weekday)
    flags = {"relative"} if back is not None else {"day-inferred"}
    if back is None and weekday is None:
        flags.add("clock-only")
    label = LABELS[label_before(line, 0, start)]
    return Span(moment(day, clock, zone, label, flags, hints, line.text), with_label(line, start), end)


def _day_before(now: datetime, clock: Clock | None, back: int | None, weekday: int | None) -> date:
    if back is not None:
        return now.date() - timedelta(days=back)
    day = now.date() if weekday is None else now.date() - timedelta(days=(now.weekday() - weekday) % 7)
    assert clock is not None
    at = datetime(day.year, day.month, day.day, tzinfo=now.tzinfo) + timedelta(
        hours=clock.hour, minutes=clock.minute
    )
    return day if at <= now + SLACK else day - timedelta(days=1 if weekday is None else 7)
