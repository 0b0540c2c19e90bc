"""Dates in figures: 2025-12-18, 18.12.2025, 12/18/25, 2025年12月18日, 18 tháng 12 năm 2025, 20251218.

Which of two small numbers is the day follows from evidence only (hints.date_order, a number above twelve, a
weekday beside them); otherwise the date is ambiguous. The patterns run over a line's shape; groups: y year,
m month, d day, or a and b where the order is to be found out.
"""

from __future__ import annotations

import re
from datetime import date

from feedsvc.dates.calendars import NEPALI_FIRST, civil, hijri, jalali, nepali
from feedsvc.dates.fields import year_of
from feedsvc.dates.hints import Hints, date_order
from feedsvc.dates.line import Line
from feedsvc.dates.moment import Reason
from feedsvc.dates.weekdays import weekday_near

#: not the end of a longer row of numbers
ALONE = r"(?<![nYx][./:\-])"

YEAR_FIRST = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{ALONE}(?P<y>[YBJC])(?P<s>[./\-~])(?P<m>n)(?P=s)(?P<d>n)j?(?!(?P=s)(?:[Yx]|n(?![:.h])))",
        rf"{ALONE}(?P<y>Y)(?P<s>)(?P<m>n)(?P<d>n)(?=$|[,|~(.UPWtf]|n[:.h])",  # 2025 12 18
        r"^(?P<d>n)(?P<y>Y)[./\-](?P<m>n)$",  # a leaf of a calendar: 08, below it 2025/12
        r"^(?P<y>Y)[./\-](?P<m>n)(?P<d>n)$",
    )
)
#: with 年 月 日, tháng or their like
SIGNED = tuple(
    re.compile(pattern)
    for pattern in (
        r"e?(?P<y>[YCn]|(?<=e)x)[yf](?P<m>n)(?:-?[of]l|[l/.\-])(?P<d>n)j?",
        r"e(?P<y>[nx])(?P<s>[./\-])(?P<m>n)(?P=s)(?P<d>n)",
        r"(?P<d>n)j(?P<m>n)l(?P<y>Y)y?",
        r"(?P<d>n),?l(?P<m>n)[fy,./\-]{0,3}(?P<y>Y)",
        r"l(?P<m>n)(?P<d>n),?(?P<y>Y)",
    )
)
YEAR_LAST = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{ALONE}(?P<a>n)(?P<s>[./\-~])(?P<b>n)(?P=s)(?P<y>[YBJ])",
        rf"{ALONE}(?P<a>n)(?P<s>[./])(?P<b>n)[.,\-~]?(?P<y>Y)",  # 18/12-2025, 18.12 2025
    )
)
SHORT_YEAR = (
    re.compile(rf"{ALONE}(?P<a>n)(?P<s>[./\-~])(?P<b>n)(?P=s)'?(?P<y>n)(?!(?P=s)n(?!:))(?![:ZhAu])"),
)
PACKED = (re.compile(r"(?<![.,:/+\-'])(?P<y>D)(?=$|[,|(]|-?o?n:n)"),)


def read_year_first(line: Line, match: re.Match[str], hints: Hints) -> date | Reason | None:
    """The date of a match whose parts tell themselves."""
    y, m, d = match.start("y"), line.number(match.start("m")), line.number(match.start("d"))
    if y and line.shape[y - 1] == "e":
        return civil(int(line.value(y - 1)) + line.number(y), m, d)
    if line.shape[y] == "J" and (
        hints.language in ("fa", "ps")
        or str(hints.zone) in ("Asia/Tehran", "Asia/Kabul")
        or "\u06f0" <= line.raw(y)[0] <= "\u06f9"  # Persian figures
    ):
        return jalali(line.number(y), m, d)
    if line.shape[y] == "Y" and hints.language == "ne" and line.number(y) >= NEPALI_FIRST:
        return nepali(line.number(y), m, d)
    if line.shape[y] == "n" and line.size(y) != 2:
        return None
    if match.groupdict().get("s") == "" and not (line.size(y + 1) == line.size(y + 2) == 2 and 0 < m <= 12):
        return None
    return civil(year_of(line, y, hints), m, d)


def read_hijri(line: Line, match: re.Match[str], _: Hints) -> date | Reason | None:
    """The date of figures with a year of the Islamic calendar, first or last."""
    y = match.start("y")
    if line.shape[y] != "J":
        return None
    parts = match.groupdict()
    month, day = ("m", "d") if "m" in parts else ("b", "a")
    near = weekday_near(line, *match.span())
    return hijri(
        line.number(y),
        line.number(match.start(month)),
        line.number(match.start(day)),
        near.values if near else frozenset(),
    )


def read_year_last(line: Line, match: re.Match[str], hints: Hints) -> date | Reason | None:
    """The date of a match with a whole year at its end."""
    a, b = line.number(match.start("a")), line.number(match.start("b"))
    if not (a and b) or max(a, b) > 31 or min(a, b) > 12:
        return None  # 19.00 2025
    year = year_of(line, match.start("y"), hints)
    _, order = date_order(hints)
    order = _order_by_weekday(line, match, year, a, b) or order
    dots = match["s"] == "." and order != "md"  # 18.12.2025 has the day first wherever dots are usual
    return _in_order(year, a, b, "dm" if dots else order)


def _order_by_weekday(line: Line, match: re.Match[str], year: int, a: int, b: int) -> str:
    """A weekday beside the figures tells their order where it fits only one."""
    near = weekday_near(line, *match.span())
    fits = [
        order
        for order, day in (("dm", civil(year, b, a)), ("md", civil(year, a, b)))
        if near and not isinstance(day, Reason) and day.weekday() in near.values
    ]
    return fits[0] if len(fits) == 1 else ""


def _in_order(year: int, a: int, b: int, order: str) -> date | Reason:
    if a > 12 or a == b:
        return civil(year, b, a)
    if b > 12:
        return civil(year, a, b)
    if order == "?":
        day = civil(year, b, a)
        return day if day is Reason.OUT_OF_RANGE else Reason.AMBIGUOUS_ORDER
    return civil(year, b, a) if order == "dm" else civil(year, a, b)


def read_short_year(line: Line, match: re.Match[str], hints: Hints) -> date | Reason | None:
    """The date of three numbers of at most two digits: any may be the year, so the order must be known."""
    a, b, c = (line.number(match.start(name)) for name in "aby")
    full, order = date_order(hints)
    east_asian = full == "ymd" and order == "?"
    if not 1 <= b <= 31 or line.size(match.start("a" if east_asian else "y")) != 2:
        return None
    year = year_of(line, match.start("y"), hints)
    readings = {
        "dmy": civil(year, b, a),
        "mdy": civil(year, a, b),
        "ymd": civil(year_of(line, match.start("a"), hints), b, c),
    }
    if east_asian:
        return readings["ymd"]
    if full in ("dmy", "mdy"):
        return _in_order(year, a, b, full[:2])
    if order != "?":
        del readings["mdy" if order == "dm" else "dmy"]
    possible = {day for day in readings.values() if not isinstance(day, Reason)}
    return possible.pop() if len(possible) == 1 else Reason.AMBIGUOUS_ORDER


def read_packed(line: Line, match: re.Match[str], _: Hints) -> date | None:
    """The date of eight digits, if they are one."""
    figures = line.number(match.start("y"))
    day = civil(figures // 10000, figures // 100 % 100, figures % 100)
    return None if isinstance(day, Reason) else day
