"""Day, clock and zone put together."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

from feedsvc.dates.clock import Clock
from feedsvc.dates.hints import Hints
from feedsvc.dates.moment import Doubt, Label, Moment, Precision, Reason


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
