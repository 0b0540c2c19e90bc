"""How the parts of a line belong together: labels, what a reading fills, and a moment of its parts."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from feedsvc.dates.clock import Clock
from feedsvc.dates.hints import Hints
from feedsvc.dates.line import Line
from feedsvc.dates.moment import Doubt, Label, Moment, Precision, Reason

#: A reading that might be chance (no year, a bare clock) must fill so much of its part of the line.
ENOUGH = 0.75
LABELS = {"P": Label.PUBLISHED, "U": Label.UPDATED, "": None}
_LABEL_BEFORE = re.compile(r"[PU][.,:|/\-~(ftaA]{0,6}$")
_NUMBERS = "nYBJDx"
_PARTING = "|~,(PU"
#: kinds that do not go with a date: other words, names of months and days without one, other numbers
_STRANGERS = frozenset("wMKWuen" + _NUMBERS)


class Span(NamedTuple):
    """What was read, and from which token to before which it stands."""

    result: Moment | Doubt
    start: int
    end: int


def doubt(line: Line, reason: Reason, start: int = 0, end: int = 0) -> Span:
    """A reading that came to nothing."""
    return Span(Doubt(reason=reason, text=line.text), start, end)


def label_before(line: Line, start: int, end: int) -> str:
    """P ("published") or U ("updated"), whichever stands last between two tokens; "" if none does."""
    at = max(line.shape.rfind("P", start, end), line.shape.rfind("U", start, end))
    return line.shape[at] if at >= 0 else ""


def with_label(line: Line, start: int) -> int:
    """Where the label right before token `start` begins; `start` if there is none."""
    match = _LABEL_BEFORE.search(line.shape, max(0, start - 7), start)
    return match.start() if match else start


def share(line: Line, start: int, end: int) -> float:
    """How much of the line's letters and digits the tokens are."""
    return line.letters(start, end) / max(1, line.letters(0, len(line.shape)))


def fills(line: Line, start: int, end: int) -> bool:
    """Do these tokens fill their part of the line? Parts end at signs like |, at commas and spaced dashes."""
    low, high = start, end
    while low > 0 and line.shape[low - 1] not in _PARTING:
        low -= 1
    while high < len(line.shape) and line.shape[high] not in _PARTING:
        high += 1
    others = (i for i in (*range(low, start), *range(end, high)) if line.shape[i] in _STRANGERS)
    own = line.letters(start, end)
    return own >= ENOUGH * (own + sum(map(line.size, others)))


def alone(line: Line, start: int, end: int, *, years_only: bool) -> bool:
    """Is there no other number, or no year, in the line? It may be a date in words that we do not know."""
    kinds = "YBJD" if years_only else _NUMBERS
    return not any(kind in kinds for kind in line.shape[:start] + line.shape[end:])


def moment(
    day: date,
    clock: Clock | None,
    zone: tzinfo | Reason | None,
    label: Label | None,
    flags: set[str],
    hints: Hints,
    text: str,
) -> Moment | Doubt:
    """Day, clock and zone as a moment. Clock times that summer time repeats are the first ones (fold 0).

    Letters that mean several zones (IST) leave the minute open, not the day.
    """
    if zone is Reason.AMBIGUOUS_ZONE and hints.zone is not None:
        clock, zone = None, hints.zone
        flags.add("zone-ambiguous")
    if isinstance(zone, Reason):
        return Doubt(reason=zone, text=text)
    if zone is None:
        if hints.zone is None:
            return Doubt(reason=Reason.NO_ZONE, text=text)
        zone = hints.zone
        flags.add("zone-assumed")
    if clock is None:
        precision, hour, minute, second = Precision.DAY, 0, 0, 0
    else:
        hour, minute, second = clock.hour, clock.minute, clock.second or 0
        precision = Precision.MINUTE if clock.second is None else Precision.SECOND
        if hour == 24:
            day, hour = day + timedelta(days=1), 0
    at = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone)
    return Moment(at=at, precision=precision, label=label, flags=frozenset(flags), text=text)
