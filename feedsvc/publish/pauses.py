"""Pauses that are kept by the wall clock, which may be set."""

from __future__ import annotations

from datetime import datetime, timedelta


def is_over(pause: timedelta, since: datetime | None, now: datetime) -> bool:
    """Whether a pause since `since` (None: never) is over; also where the clock was set back meanwhile."""
    return since is None or not timedelta() <= now - since < pause
