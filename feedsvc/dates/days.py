"""The days that a line names, with or without a year."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from feedsvc.dates import figures, named
from feedsvc.dates.calendars import PERSIAN, civil, jalali
from feedsvc.dates.fields import month_of, with_guessed_months
from feedsvc.dates.hints import Hints, date_order
from feedsvc.dates.line import Line
from feedsvc.dates.moment import Reason

#: no date with a whole year without one of these
_A_YEAR = re.compile("[YBJCye]")
_A_SIGN = re.compile("[ylje]")
_YEARLESS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{named.FREE}(?P<d>n)-?o?[.,\-f]{{0,3}}(?P<m>[MK])",
        r"(?P<m>M)\.?f?(?P<d>n)(?![:hAuZ]|\.n)-?o?",
        r"(?P<m>n)l(?P<d>n)j",
        r"(?P<d>n)l(?P<m>n)(?!j)",
    )
)
#: day and month in figures tell nothing unless a weekday or a clock stands beside them
_BARE = re.compile(
    rf"{figures.ALONE}(?P<a>n)(?P<s>[./\-])(?P<b>n)\.?(?!(?P=s)?[nxY](?!:))"
    rf"(?=(?:\(.\()?[,|\-~tfW(]{{0,3}}(?:n[:.h]n|W))"  # 11/25(水) 8:30
)
#: … or nothing else stands in the text, each with two digits: [12-18], 18.12. (both dots: 18.12 is a figure)
_ALONE = re.compile(r"^[(|]?(?P<a>n)(?:(?P<s>[/\-])(?P<b>n)|\.(?P<c>n)\.)[(|]?$")
#: 29 February may be eight years ago
_LOOK_BACK = 9


class Day(NamedTuple):
    """A day that a line names, or why it is none, and where: tokens `start` to before `end`."""

    start: int
    end: int
    day: date | Reason
    inferred: str = ""  #: the flag, if something had to be concluded


_Read = Callable[[Line, re.Match[str], Hints], "date | Reason | None"]


def full_days(line: Line, hints: Hints) -> list[Day]:
    """The days with their years, in the order of the text."""
    days = _all_days(line, hints)
    if "J" in line.shape and not any(_is_known(found) for found in days):
        days = _hijri_days(line, hints) or days
    if not days and (guessed := with_guessed_months(line)):
        days = [found._replace(inferred="month-guessed") for found in _all_days(guessed, hints)]
    return sorted(days) if len(days) > 1 else days


def _all_days(line: Line, hints: Hints) -> list[Day]:
    """Dates with whole years; only without any, those with short ones, which may be something else."""
    shape = line.shape
    found: list[Day] = []
    has_name = "M" in shape or "K" in shape
    if _A_YEAR.search(shape):
        if has_name:
            _collect(named.WITH_YEAR, named.read, line, hints, found)
        if _A_SIGN.search(shape):
            _collect(figures.SIGNED, figures.read_year_first, line, hints, found)
        _collect(figures.YEAR_FIRST, figures.read_year_first, line, hints, found)
        _collect(figures.YEAR_LAST, figures.read_year_last, line, hints, found)
    if not found:
        if has_name:
            _collect(named.WITH_SHORT_YEAR, named.read, line, hints, found)
        _collect(figures.SHORT_YEAR, figures.read_short_year, line, hints, found)
    if not found and "D" in shape:
        _collect(figures.PACKED, figures.read_packed, line, hints, found)
    return found


def _is_known(found: Day) -> bool:
    return not isinstance(found.day, Reason)


def _hijri_days(line: Line, hints: Hints) -> list[Day]:
    """Dates of the Islamic calendar: asked for last, because the other one stands beside them mostly."""
    found: list[Day] = []
    _collect(named.WITH_YEAR, named.read_hijri, line, hints, found)
    if hints.language == "ar":
        _collect((*figures.YEAR_FIRST, *figures.YEAR_LAST), figures.read_hijri, line, hints, found)
    return found


def _collect(
    patterns: Sequence[re.Pattern[str]], read: _Read, line: Line, hints: Hints, found: list[Day]
) -> None:
    """Add what the patterns find where nothing has been found before."""
    years = sum(map(line.shape.count, "YBJCye")) or len(line.shape)
    for pattern in patterns:
        if len(found) >= years:
            return
        for match in pattern.finditer(line.shape):
            start, end = match.span()
            if not any(day.start < end and start < day.end for day in found) and (
                day := read(line, match, hints)
            ):
                found.append(Day(start, end, day))


def days_without_year(line: Line, hints: Hints, today: date) -> list[Day]:
    """The days that name no year, in the year in which they were last (tomorrow still counts as now)."""
    found: list[Day] = []
    for pattern in _YEARLESS:
        for match in pattern.finditer(line.shape):
            i = match.start("m")
            if line.shape[i] == "K":
                if line.value(i)[0] != "p":
                    continue
                persian = _latest_persian(int(line.value(i)[1:]), line.number(match.start("d")), today)
                found.append(Day(*match.span(), persian, "year-inferred"))
                continue
            month = month_of(line, i) if line.shape[i] == "M" else line.number(i)
            if 1 <= month <= 12:
                day = _latest(month, line.number(match.start("d")), today)
                found.append(Day(*match.span(), day, "year-inferred"))
        if found:
            return found
    alone = _ALONE.match(line.shape)
    if alone is not None and alone["c"]:
        month, first = line.number(alone.start("c")), line.number(alone.start("a"))
        return [Day(*alone.span(), _latest(month, first, today), "year-inferred")]
    whole = alone is not None and line.size(alone.start("a")) == line.size(alone.start("b")) == 2
    return [
        Day(*match.span(), _latest(*parts, today), "year-inferred")
        for match in ([alone] if alone and whole else _BARE.finditer(line.shape))
        if (parts := _bare(line.number(match.start("a")), line.number(match.start("b")), hints))
    ]


def _bare(a: int, b: int, hints: Hints) -> tuple[int, int] | None:
    """Month and day of two figures, or None if their order is not known."""
    full, order = date_order(hints)
    if full == "ymd" and order == "?":
        order = "md"  # who writes the year first leaves it out first
    if not (0 < a <= 31 and 0 < b <= 31) or (a > 12 and b > 12):
        return None
    if order == "?" and a <= 12 and b <= 12 and a != b:
        return None
    day_first = a > 12 or (b <= 12 and order == "dm")
    return (b, a) if day_first else (a, b)


def _latest_persian(month: int, day: int, today: date) -> date | Reason:
    this = today.year - PERSIAN  # or the one before, until spring
    for year in range(this, this - _LOOK_BACK, -1):
        there = jalali(year, month, day)
        if not isinstance(there, Reason) and there <= today + timedelta(days=1):
            return there
    return Reason.IMPOSSIBLE_DATE


def _latest(month: int, day: int, today: date) -> date | Reason:
    for year in range(today.year + 1, today.year - _LOOK_BACK, -1):
        there = civil(year, month, day)
        if not isinstance(there, Reason) and there <= today + timedelta(days=1):
            return there
    return Reason.IMPOSSIBLE_DATE
