"""Finding the clock that a line names: 19:00, 19.00, 7 pm, 14h40, 19 Uhr 30, 午後7時5分, noon."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from feedsvc.dates.line import Line
from feedsvc.dates.moment import Reason

#: hours, minutes and seconds with what says which half of the day it is, before or after
_CLOCK = (
    r"A?n(?::n(?::n(?:[.,][nxYBJ])?)?|\.n(?:\.n)?|h(?:n[mu]?(?:nc|(?<=u)n[uf])?)?|(?=h?[AZ])"
    r"|(?<=tn)(?![.:/n]|f?n|[.,]?M))h?A?"
)
_HIT = rf"(?:(?P<word>N)|{_CLOCK})(?!u)"
_BETWEEN = r"[.,|\-~/()'fWothA]{0,6}?"  # what may stand between a day and its clock
_AFTER_DAY = re.compile(rf"{_BETWEEN}(?P<clock>{_HIT})")
_BEFORE_DAY = re.compile(
    rf"(?<!n[.:])(?P<clock>{_HIT})[hf]?[,(|/]{{0,2}}f?Z?(?:[+\-][nx](?::n)?)?[.,|\-~/()'fWt]{{0,5}}$"
)
_ANYWHERE = re.compile(rf"(?<!n[.:])(?<!\+)(?<!Z-)(?P<clock>{_HIT})")
_FILLING = frozenset(".,|/-~('fotha")


class Clock(NamedTuple):
    """A time of day, and where: tokens `start` to before `end`."""

    start: int
    end: int
    hour: int  #: 0 to 24; 24 only as 24:00, the end of the day
    minute: int
    second: int | None  #: None: not printed


def clock_after(line: Line, start: int, end: int) -> Clock | Reason | None:
    """The clock right behind token `start`, with nothing but fillers and signs between."""
    match = _AFTER_DAY.match(line.shape, start, end)
    return _read(line, *match.span("clock")) if match else None


def clock_before(line: Line, start: int, end: int) -> Clock | None:
    """The clock right before token `end`; its zone may stand between."""
    for match in _BEFORE_DAY.finditer(line.shape, start, end):
        if isinstance(clock := _read(line, *match.span("clock")), Clock):
            return clock
    return None


def clocks(line: Line, start: int, end: int, *, sure: bool = True) -> Iterator[Clock]:
    """All clocks from token `start` to before `end`.

    `sure`: only those that can be nothing else: with a colon, a zone, or a word like "pukul" before them.
    """
    for match in _ANYWHERE.finditer(line.shape, start, end):
        clock = _read(line, *match.span("clock"))
        if isinstance(clock, Clock) and (_sure(line, clock) or not sure):
            yield clock


def _sure(line: Line, clock: Clock) -> bool:
    """Is this a clock even where nothing leads up to it? 19.05 alone may be a price."""
    inside = line.shape[clock.start : clock.end]
    led = clock.start > 0 and line.shape[clock.start - 1] in "tT"
    return led or ":" in inside or "A" in inside or line.shape[clock.end : clock.end + 1] in ("Z", "h")


def _read(line: Line, start: int, end: int) -> Clock | Reason | None:
    """The clock of some tokens: None if it is none, a reason if there is no such time."""
    shape = line.shape[start:end]
    if "N" in shape:
        return Clock(start, end, int(line.value(start)), 0, None)
    places = [start + i for i, kind in enumerate(shape) if kind == "n"]
    if not _written_as_clock(line, shape, places):
        return None
    if len(places) > 1 and "h" in shape and not _has_minutes(line, places[1]):
        return _read(line, start, places[1])
    hour = line.number(places[0])
    minute = line.number(places[1]) if len(places) > 1 else 0
    second = line.number(places[2]) if len(places) > 2 else None
    halves = [line.value(start + i) for i, kind in enumerate(shape) if kind == "A"]
    for half in halves[:1]:
        turned = _half(hour, half)
        if turned is None and line.raw(end - 1) == "am" and line.shape[end : end + 1] == "n":
            # German: um 15:44 am 13. Mai
            return Clock(start, end - 1, hour, minute, second)
        hour = 99 if turned is None else turned
    if not possible(hour, minute, second):
        return Reason.IMPOSSIBLE_TIME
    return Clock(start, end, hour, minute, None if second is None else min(second, 59))


def possible(hour: int, minute: int, second: int | None) -> bool:
    """Is there such a time of day? 24:00 is the end of the day; a leap second counts as the one before it."""
    return (hour < 24 and minute < 60 and (second or 0) <= 60) or (hour == 24 and not (minute or second))


def _written_as_clock(line: Line, shape: str, places: list[int]) -> bool:
    """19:00 and 7.05, not 2:1 or 3.5; the spaces of a date list ("5. 10") are not inside a clock."""
    if len(places) == 1 or "h" in shape[:3]:
        return True
    tight = line.glued(places[1]) if "." in shape else True
    return tight and all(line.size(i) == 2 for i in places[1:3])


def _has_minutes(line: Line, i: int) -> bool:
    """Is the number at token `i` the minutes to the sign before it? In "7 Uhr 14 Kommentare" it is not."""
    if line.glued(i) or line.shape[i + 1 : i + 2] in ("m", "u"):
        return True
    return line.size(i) == 2 and (line.size(i - 1) <= 2 or line.shape[i + 1 : i + 2] not in ("w", "f"))


def _half(hour: int, half: str) -> int | None:
    """The hour of the day: a before noon, p after it, n at night, d around noon; None if it is in no half."""
    if half == "a":
        return None if hour > 12 else hour % 12
    if hour > 12:
        return hour  # "19:00 PM" is common
    if half == "n":
        return 0 if hour == 12 else hour + 12 if hour > 4 else hour
    if half == "d":
        return hour + 12 if hour < 6 else hour
    return None if hour == 0 else hour % 12 + 12


def only_filling(line: Line, start: int, end: int) -> bool:
    """Do nothing but signs and fillers stand from token `start` to before `end`?"""
    return all(kind in _FILLING for kind in line.shape[start:end])
