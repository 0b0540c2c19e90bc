"""Days without a year, as a column of a list has them: `12-18`, `[12/17]`, `03.12`.

One such text alone may be a result or a ratio. A column of them that goes back in time is read: the newest
day is the latest that has been, each further one lies before it, over New Year too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise

from feedsvc.dates import Moment, Precision

_FIGURES = re.compile(r"[\s\[\]()（）【】]*(\d{1,2})[-/.](\d{1,2})[\s\[\]()（）【】]*")
_TWO_EACH = re.compile(r"\W*\d\d[-/.]\d\d\W*")
_FEWEST = 3
_YEARLESS = "year-inferred"
_LEAP = timedelta(days=7)  #: further ahead of the card before it, a day lies in an earlier year
_NEARLY_ALL = 0.7  #: share of the cards that have such a text
_MONTH_FIRST = ("zh", "ja", "ko")  #: languages that write the month first where figures leave it open
Day = tuple[int, int]  #: month and day


def figures_of(text: str) -> tuple[int, int] | None:
    """The two figures of a text that is nothing but a day without a year."""
    match = _FIGURES.fullmatch(text)
    return (int(match[1]), int(match[2])) if match else None


def may_be_day(text: str) -> bool:
    """Whether a text looks like a day without a year by itself: a result rarely has four figures."""
    return bool(_TWO_EACH.fullmatch(text)) and figures_of(text) is not None


def days_of_column(
    column: Sequence[tuple[int, int] | None], language: str, now: datetime, zone: tzinfo
) -> list[Moment | None]:
    """The day of each card, from the figures that stand in it; None for each where they are no days."""
    nothing: list[Moment | None] = [None] * len(column)
    figures = [pair for pair in column if pair]
    if len(figures) < max(_FEWEST, _NEARLY_ALL * len(column)):
        return nothing
    month_first = language.lower().startswith(_MONTH_FIRST)
    if not month_first and all(max(pair) <= 12 for pair in figures):
        return nothing  # nothing says which of them is the month
    for day_first in (not month_first, month_first):
        days = [_day(pair, day_first) if pair else None for pair in column]
        read = [day for day in days if day]
        if len(read) == len(figures):  # the other order is tried only where this one is impossible
            return _moments(days, now.astimezone(zone)) if _goes_back(read) else nothing
    return nothing


def settle_years(moments: Sequence[Moment | None]) -> list[Moment | None]:
    """The days of a list without their guessed leaps: a day whose year nobody wrote goes on back in time.

    Read by itself 29.11. lies in this year; below 3 December of last year it lies before that.
    """
    settled: list[Moment | None] = []
    row: list[datetime] = []  # that went back in time so far; one or two days may be pinned on top
    for moment in moments:
        if moment and row and moment.at > row[-1]:
            if len(row) >= _FEWEST and _YEARLESS in moment.flags and moment.at - row[-1] > _LEAP:
                moment = _years_back(moment, row[-1])
            else:
                row.clear()
        settled.append(moment)
        row += [moment.at] if moment else []
    return settled


def _years_back(moment: Moment, before: datetime) -> Moment:
    at = moment.at
    while at - before > _LEAP:
        try:
            at = at.replace(year=at.year - 1)
        except ValueError:  # 29 February
            return moment
    return replace(moment, at=at)


def _day(pair: tuple[int, int], day_first: bool) -> Day | None:
    day, month = pair if day_first else pair[::-1]
    try:
        datetime(2024, month, day)  # noqa: DTZ001 a leap year: any day that there is
    except ValueError:
        return None
    return month, day


def _goes_back(days: Sequence[Day]) -> bool:
    """Whether days go back in time, but for New Year or one that stands out."""
    forward = sum(after > before for before, after in pairwise(days))
    return forward <= 1 + len(days) // 20 and len(set(days)) > 1


def _moments(days: Sequence[Day | None], now: datetime) -> list[Moment | None]:
    latest = (now + timedelta(days=1)).date()
    year, before = latest.year, (latest.month, latest.day)
    found: list[Moment | None] = []
    for day in days:
        if day is None:
            found.append(None)
            continue
        if day > before:
            year -= 1
        before = day
        found.append(_moment(year, day, now))
    return found


def _moment(year: int, day: Day, now: datetime) -> Moment | None:
    try:
        at = now.replace(year=year, month=day[0], day=day[1], hour=0, minute=0, second=0, microsecond=0)
    except ValueError:  # 29 February of a year without one
        return None
    flags = frozenset({_YEARLESS, "zone-assumed"})
    return Moment(at=at, precision=Precision.DAY, flags=flags, text=f"{day[0]:02}-{day[1]:02}")
