"""The zone that stands behind a clock: WIB, CEST, GMT+7, (UTC-05:00), or the page's own.

Several countries use the same letters. Where the page's own zone or language says which is meant, that holds
(the page's zone comes back as itself, so that summer time is right); otherwise the zone is ambiguous.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from feedsvc.dates.hints import Hints, home_of
from feedsvc.dates.line import Line
from feedsvc.dates.moment import Reason

#: No zone is further from UTC.
FURTHEST = timedelta(hours=14)
#: American pages print the zones of their neighbours, which lie no further away.
_NEIGHBOURS = timedelta(hours=4)
_BEHIND_CLOCK = re.compile(r"[hf]?[,(|/]{0,2}f?(?P<z>Z)\(?|h?\.?\(?(?=[+\-])")
_OFFSET = re.compile(r"(?P<sign>[+\-])(?P<h>[nxYBJ])(?:[:.](?P<m>n))?")
_TEXT_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d\d)?(?::?\d\d)?")


def offset(sign: str, hours: int, minutes: int) -> tzinfo | None:
    """A fixed distance from UTC, or None if no place has it."""
    delta = timedelta(hours=hours, minutes=minutes)
    if delta > FURTHEST or minutes > 59:
        return None
    return fixed(delta if sign == "+" else -delta)


@lru_cache(maxsize=256)
def fixed(delta: timedelta) -> tzinfo:
    """The zone that always lies so far from UTC."""
    return timezone(delta) if delta else UTC


def offset_text(text: str) -> tzinfo | None:
    """The zone of "+07", "-0330", "+07:00", "+7:00:00"."""
    match = _TEXT_OFFSET.fullmatch(text)
    return offset(match[1], int(match[2]), int(match[3] or 0)) if match else None


def zone_behind(line: Line, i: int, local: datetime, hints: Hints) -> tuple[tzinfo | Reason | None, int]:
    """The zone that is printed behind a clock ending before token `i`, and where it ends.

    `local` is the naive time on that clock. None: no zone stands there.
    """
    match = _BEHIND_CLOCK.match(line.shape, i)
    if match is None:
        return None, i
    word = match["z"]
    sure = bool(word) or line.shape.endswith("n:n:n", 0, i)  # figures behind seconds are no span of time
    printed = _offset_at(line, match.end(), sure=sure)
    if printed:
        return printed
    if not word:
        return None, i
    at = match.start("z")
    return named_zone(line.raw(at), line.value(at), local, hints), at + 1


def _offset_at(line: Line, i: int, *, sure: bool) -> tuple[tzinfo, int] | None:
    """A signed distance from UTC at token `i`. Where that is not sure, it needs four digits or a plus."""
    match = _OFFSET.match(line.shape, i)
    if match is None or not (sure or line.glued(i + 1)):
        return None
    sign, digits = match["sign"], line.size(i + 1)
    if digits == 4:
        hours, minutes, end = *divmod(line.number(i + 1), 100), i + 2
    elif digits <= 2:
        short = match["m"] is None
        if not sure and sign == "-" and (short or line.glued(i)):
            return None  # 10:00-12:00 is a span of time
        hours, minutes, end = line.number(i + 1), 0 if short else line.number(i + 3), match.end()
    else:
        return None
    zone = offset(sign, hours, minutes)
    return (zone, end) if zone else None


def named_zone(raw: str, value: str, local: datetime, hints: Hints) -> tzinfo | Reason:
    """The zone that a word means; `value` is the table's: "+0700", a zone's name, or several offsets."""
    name = raw.upper()
    for zone in (hints.zone, home_of(hints.language, hints.region)):
        if zone and zone.tzname(local) == name:
            return zone
    if value[0] not in "+-":
        return ZoneInfo(value)
    choices = [_distance(text) for text in value.split("|")]
    if len(choices) == 1:
        return fixed(choices[0])
    american = min(choices)
    if american < timedelta(0) and (hints.region in ("US", "CA") or _near(hints.zone, local, american)):
        return fixed(american)
    return Reason.AMBIGUOUS_ZONE


def _distance(text: str) -> timedelta:
    return int(text[0] + "1") * timedelta(hours=int(text[1:3]), minutes=int(text[3:5]))


def _near(zone: tzinfo | None, local: datetime, distance: timedelta) -> bool:
    """Is the page's zone an American one, near this distance from UTC?"""
    there = zone.utcoffset(local) if zone else None
    return there is not None and there < timedelta(0) and abs(there - distance) < _NEIGHBOURS
