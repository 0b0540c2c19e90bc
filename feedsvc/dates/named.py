"""Dates whose month stands by its name: "18 Desember 2025", "Dec. 18, 2025", "2025 Dec 18", "18-Dec-25".

The patterns run over a line's shape (see line.py), the surest first. Groups: d day, m month, y year.
"""

from __future__ import annotations

import re
from datetime import date

from feedsvc.dates.calendars import NEPALI_FIRST, civil, hijri, jalali, nepali
from feedsvc.dates.fields import month_of, year_of
from feedsvc.dates.hints import Hints
from feedsvc.dates.line import Line
from feedsvc.dates.moment import Reason
from feedsvc.dates.weekdays import weekday_near

#: what may stand between the parts of a date
_GAP = r"[.,/|\-fo']{0,4}"
#: a number that belongs to a clock is no day, nor is the end of a span of days: 12-14 June
FREE = r"(?<!n[.:])(?<!^n[\-~])(?<![^:.h]n[\-~])(?<!n\.[\-~])"

WITH_YEAR = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{FREE}(?P<d>n)-?o?{_GAP}(?P<m>[MK]){_GAP}(?P<y>[YBJ])",
        r"(?P<m>M)\.?(?P<d>n),?n:n(?::n)?(?:[.,][nx])?A?Z?(?:[+\-][nxYBJ])?,?(?P<y>Y)",  # as `date` prints it
        r"(?P<m>[MK])[.,/|\-f(]{0,3}(?P<d>n)-?o?(?:\(?W\(?)?[.,/|\-f]{0,3}'?(?P<y>[YBJ])",
        rf"(?<![nYx][./:\-])(?P<y>[YBJ])-?[oy]?{_GAP}(?P<m>[MK])[.,/|\-fo]{{0,3}}(?P<d>n)(?!:n)",
        r"(?P<y>[YBJ])-?[oy]?[.,/|\-f]{0,3}(?P<d>n)-?o?[.,\-f]{0,2}(?P<m>[MK])",
    )
)
#: two digits are a year behind an apostrophe, between equal signs, or where nothing else can follow
WITH_SHORT_YEAR = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{FREE}(?P<d>n)-?o?[.,/\-f]{{0,3}}(?P<m>M)[.,f]{{0,2}}'(?P<y>n)",
        r"(?P<m>M)[.,\-f]{0,2}(?P<d>n)-?o?[.,\-f]{0,2}'(?P<y>n)",
        rf"{FREE}(?P<d>n)(?P<s>[./\-])(?P<m>M)(?P=s)(?P<y>n)(?![:/])",
        rf"{FREE}(?P<d>n)-?o?[.f]{{0,2}}(?P<m>M)[.,]?(?P<y>n)(?=\.?$|[,|()Wf\-]|t?n:n|t?nh|tn\.n)",
    )
)


def read(line: Line, match: re.Match[str], hints: Hints) -> date | Reason | None:
    """The date of a match; None if it is none."""
    i, y, day = match.start("m"), match.start("y"), line.number(match.start("d"))
    if line.shape[i] == "K":
        return _of_another_calendar(line, i, y, day)
    if line.shape[y] == "n" and line.size(y) != 2:
        return None
    month = month_of(line, i)
    return civil(year_of(line, y, hints), month, day) if month else Reason.AMBIGUOUS_MONTH


def _of_another_calendar(line: Line, month: int, year: int, day: int) -> date | Reason | None:
    calendar, number = line.value(month)[0], int(line.value(month)[1:])
    if calendar == "p":
        return jalali(line.number(year), number, day) if line.shape[year] == "J" else Reason.OUT_OF_RANGE
    if calendar == "n" and line.number(year) >= NEPALI_FIRST:
        return nepali(line.number(year), number, day)
    return None


def read_hijri(line: Line, match: re.Match[str], _: Hints) -> date | Reason | None:
    """The date of a match whose month is one of the Islamic calendar."""
    i, y = match.start("m"), match.start("y")
    if line.shape[i] != "K" or line.shape[y] != "J" or line.value(i)[0] != "h":
        return None
    near = weekday_near(line, *match.span())
    weekdays = near.values if near else frozenset()
    return hijri(line.number(y), int(line.value(i)[1:]), line.number(match.start("d")), weekdays)
