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
#: The calendar of Umm al-Qura, Saudi Arabia's: for each year twelve bits, 1 for a month of 30 days
_HIJRI = """
    5b4 9ba 4db 25d 52d aa5 ad4 aea 56d 4bd 23d 91d a95 b4a b5a 56d 2b6 93b 49b 655 6a9 754 b6a 56c
    aad 555 b29 b92 ba9 5d4 ada 55a aab 595 749 764 baa 5b5 2b6 a56 d2a e95 72a 755 35a 95d 49b a4d
    d26 d53 5aa aad 4b6 a57 527 a95 b4a b55 36c 9ae 4b6 a96 b4a da5 5d2 5d9 2dc 96d 4ad 655 6d2 b69
    374 9b6 4d7 2ab 54b 6a5 752 b69 56b 2ad 94d c95 d4a ea5 6ca ad5 556 c97""".split()
_HIJRI_START = date(1990, 7, 23)  #: the first day of …
_HIJRI_FIRST = 1411
#: Nepal's calendar, Bikram Sambat: for each year the last digits of its months' lengths, 29 to 32 days
_NEPALI = """
    111211090900 112111090900 121210009900 121210009091 111211090900 112111090900 121210009900
    121210009091 112111090900 112120090900 121210009901 021210009091 112111090900 112210090900
    121210009901 111211909091 112111090900 112210090900 121210009901 111211900991 112111090900
    112210090900 121210009901 111211900900 112111090900 121210090900 121210009901 111211090900
    112111090900 121210009900 121210009091 111211090900 112111090900 121210009900 121210009091
    112111090900 112111090900 112110009000 121201009000 021210009000 112111090000 012201009000
    021210009000 021210009000""".split()
_NEPALI_START = date(1990, 4, 14)  #: the first day of …
NEPALI_FIRST = 2047


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


def hijri(year: int, month: int, day: int, weekdays: frozenset[int] = frozenset()) -> date | Reason:
    """The day of a date in the Islamic calendar.

    Where the moon is watched for, a month may begin a day before or after Saudi Arabia's: the weekday tells.
    """
    lengths = [[29 + (int(bits, 16) >> 11 - i & 1) for i in range(12)] for bits in _HIJRI]
    found = _tabled(year - _HIJRI_FIRST, month, day, lengths, _HIJRI_START)
    if isinstance(found, Reason) or not weekdays or found.weekday() in weekdays:
        return found
    near = (found + timedelta(days=shift) for shift in (-1, 1))
    return next((other for other in near if other.weekday() in weekdays), found)


def nepali(year: int, month: int, day: int) -> date | Reason:
    """The day of a date in Nepal's calendar."""
    lengths = [
        [20 + int(digit) if digit == "9" else 30 + int(digit) for digit in digits] for digits in _NEPALI
    ]
    return _tabled(year - NEPALI_FIRST, month, day, lengths, _NEPALI_START)


def _tabled(year: int, month: int, day: int, lengths: list[list[int]], start: date) -> date | Reason:
    """The day of a calendar whose months have the lengths of a table, which begins at `start`."""
    if not 0 <= year < len(lengths):
        return Reason.OUT_OF_RANGE
    if not (1 <= month <= 12 and 1 <= day <= lengths[year][month - 1]):
        return Reason.IMPOSSIBLE_DATE
    before = sum(map(sum, lengths[:year])) + sum(lengths[year][: month - 1])
    return start + timedelta(days=before + day - 1)
