"""Years, months and days of several calendars as a date of ours, or the reason why there is none."""

from __future__ import annotations

from datetime import date, timedelta

from feedsvc.dates.moment import Reason

#: What can be a news date; a year outside is a fault of the page.
FIRST_YEAR, LAST_YEAR = 1990, 2100
#: Years of the Buddhist era (Thailand, Laos) are so many more than ours.
BUDDHIST = 543
#: Years of the Persian calendar that begin in a year of ours are so many fewer.
PERSIAN = 621
_JALALI_SPRING = date(2024, 3, 20)  #: the first day of the Persian year 1403
_JALALI_SPRING_YEAR = 1403
#: Persian leap years follow the sun; these are the ones near (the Iranian calendar authority's tables)
_JALALI_LEAP = frozenset(
    {1370, 1375, 1379, 1383, 1387, 1391, 1395, 1399, 1403, 1408, 1412, 1416, 1420, 1424, 1428}
)


def civil(year: int, month: int, day: int) -> date | Reason:
    """The date, or why it cannot be: it does not exist, or it is no news date."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Reason.OUT_OF_RANGE
    try:
        return date(year, month, day)
    except ValueError:
        return Reason.IMPOSSIBLE_DATE


def full_year(short: int) -> int:
    """The year that two digits mean: 90–99 the nineties, the rest this century."""
    return short + (1900 if short >= 90 else 2000)


def jalali(year: int, month: int, day: int) -> date | Reason:
    """The day of a date in the Persian calendar."""
    if not min(_JALALI_LEAP) <= year <= max(_JALALI_LEAP):
        return Reason.OUT_OF_RANGE
    length = 31 if month <= 6 else 30 if month <= 11 or year in _JALALI_LEAP else 29
    if not (1 <= month <= 12 and 1 <= day <= length):
        return Reason.IMPOSSIBLE_DATE
    first, last = sorted((year, _JALALI_SPRING_YEAR))
    between = sum(365 + (y in _JALALI_LEAP) for y in range(first, last))
    spring = _JALALI_SPRING + timedelta(days=between if year > _JALALI_SPRING_YEAR else -between)
    return spring + timedelta(days=min(month - 1, 6) * 31 + max(month - 7, 0) * 30 + day - 1)
