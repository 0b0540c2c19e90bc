"""Texts that count from the time of reading: "5 menit yang lalu", "an hour ago", "sejam lalu"."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from feedsvc.dates import vocabulary
from feedsvc.dates.line import SIGN_KINDS, Line
from feedsvc.dates.spelling import squashed

#: Words before and behind the number that a phrase may have.
_BEFORE, _BEHIND = 4, 5
_SECONDS = {"s": 1, "m": 60, "h": 3600}
_DAYS = {"d": 1, "w": 7}
_MONTHS = {"M": 1, "y": 12}
_DIGITS = 3
#: Tokens that a unit may have: 分 and 钟 are two.
_UNIT = 3
#: More of a unit than this is no news: "3000 tahun lalu".
_MOST = 1000


class Ago(NamedTuple):
    """A distance back in time, and where it stands: tokens `start` to before `end`."""

    start: int
    end: int
    seconds: int  #: of hours and smaller units
    days: int
    months: int
    unit: str  #: the smallest one: s m h d w M y

    def before(self, today: date) -> date | None:
        """The day so long before `today`, or None if it is out of all reason."""
        month = today.year * 12 + today.month - 1 - self.months
        try:
            first = date(month // 12, month % 12 + 1, 1)
        except ValueError:
            return None
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        return first.replace(day=min(today.day, (following - first).days)) - timedelta(days=self.days)


def ago_in(line: Line) -> Ago | None:
    """The first "so long ago" of a line."""
    names = [squashed(line.raw(i)) if kind not in SIGN_KINDS else "" for i, kind in enumerate(line.shape)]
    for i in range(len(names)):
        count = _count(line, i, names)
        if count is not None and (found := _around(line, i, count, names)):
            return found
    return _without_number(line, names)


def _count(line: Line, i: int, names: list[str]) -> int | None:
    """The number that token `i` counts, in figures or words; None if it counts nothing."""
    kind = line.shape[i]
    if kind in "nx":
        decimal = i > 1 and line.shape[i - 1] in ".," and line.shape[i - 2] in "nx" and line.glued(i)
        return None if decimal or line.size(i) > _DIGITS else line.number(i)
    return None if kind in "MYBJD" or not names[i] else vocabulary.number(names[i], line.language) or None


def _around(line: Line, i: int, count: int, names: list[str]) -> Ago | None:
    """The longest phrase around the number at token `i`."""
    heads, tails = vocabulary.ago_ends()
    ends = [
        (end, tail)
        for end in range(min(len(names), i + 1 + _BEHIND), i + 1, -1)
        if names[end - 1] and (tail := "".join(names[i + 1 : end])) in tails
    ]
    if not ends:
        return None
    for start in range(max(0, i - _BEFORE), i + 1):
        head = "".join(names[start:i])
        if head not in heads or not (start == i or names[start]):
            continue
        for end, tail in ends:
            if unit := vocabulary.ago(head, tail, line.language):
                found = _of_unit(start, end, count, unit)
                return _joined(line, found, i, names) if found else None
    return None


def _joined(line: Line, found: Ago, i: int, names: list[str]) -> Ago:
    """ "1 hour 20 minutes ago", "vor 2 Stunden 5 Minuten": other numbers with units belong to it."""
    if found.start == i:  # … ago: those before, with the same ending
        tail = "".join(names[i + 1 : found.end])
        # 分钟前 → 钟前, 前: not every script parts its words
        endings = [tail[k:] for k in range(1, len(tail))]
        while other := _neighbour_before(line, found.start, endings, names):
            found = _sum(other, found, found.unit)
    elif names[found.end - 1] and found.start < i:  # vor …: those behind, with the same beginning
        head = "".join(names[found.start : i])
        while other := _neighbour_behind(line, found.end, head, names):
            found = _sum(found, other, other.unit)
    return found


def _neighbour_before(line: Line, end: int, endings: list[str], names: list[str]) -> Ago | None:
    """The number with a unit right before token `end`, commas and fillers between left out."""
    for i in range(end - 2, max(-1, end - 3 - _UNIT), -1):
        count = _count(line, i, names)
        for last in range(end, i + 1, -1) if count is not None else ():
            name = "".join(names[i + 1 : last])
            for ending in endings if name else ():
                if unit := vocabulary.ago("", name + ending, line.language):
                    return _of_unit(i, end, count or 0, unit)
    return None


def _neighbour_behind(line: Line, start: int, head: str, names: list[str]) -> Ago | None:
    """The number with a unit right behind token `start`, commas and fillers between left out."""
    for i in range(start, min(start + 2, len(names) - 1)):
        count = _count(line, i, names)
        if count is not None and (unit := vocabulary.ago(head, names[i + 1], line.language)):
            return _of_unit(i, i + 2, count, unit)
        if line.shape[i] not in ",f":
            break
    return None


def _sum(a: Ago, b: Ago, unit: str) -> Ago:
    return Ago(
        min(a.start, b.start),
        max(a.end, b.end),
        a.seconds + b.seconds,
        a.days + b.days,
        a.months + b.months,
        unit,
    )


def _without_number(line: Line, names: list[str]) -> Ago | None:
    """ "sejam lalu", "hace media hora": phrases that hold their number."""
    for start in range(len(names)):
        if not vocabulary.opens(names[start]):
            continue
        key = ""
        for end in range(start + 1, min(len(names), start + _BEHIND) + 1):
            key += names[end - 1]
            spec = vocabulary.once(key, line.language)
            if spec:
                return _of_unit(start, end, int(spec[:-1]), spec[-1])
    return None


def _of_unit(start: int, end: int, count: int, unit: str) -> Ago | None:
    if not unit or count > _MOST:
        return None
    return Ago(
        start,
        end,
        count * _SECONDS.get(unit, 0),
        count * _DAYS.get(unit, 0),
        count * _MONTHS.get(unit, 0),
        unit,
    )
