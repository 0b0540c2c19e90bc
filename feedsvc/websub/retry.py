"""When what did not arrive is tried again: exponential backoff with full jitter, and an end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

FIRST, LONGEST = timedelta(seconds=5), timedelta(hours=6)
LEAST = timedelta(seconds=1)  #: full jitter may come near zero; a host that fails gets at least this
PATIENCE = timedelta(days=7)  #: a callback that has failed for so long is dropped
CONFIRM_TRIES = 3  #: of a question that got no answer
#: When a ping is repeated whose hub did not come to look.
REPEATS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60))


def pause(tries: int, jitter: Callable[[], float], wait: float | None = None) -> timedelta:
    """How long after failure number `tries` (from 0). `wait`: seconds that the host asked for; it is a floor.

    `jitter` gives numbers from 0 to 1.
    """
    ceiling = min(LONGEST, timedelta(seconds=FIRST.total_seconds() * 2.0 ** min(tries, 20)))
    asked = timedelta(seconds=min(wait or 0.0, LONGEST.total_seconds()))
    return max(LEAST, ceiling * jitter(), asked)


def is_dead(failing_since: datetime | None, now: datetime) -> bool:
    """Whether a callback has failed for too long."""
    return failing_since is not None and now - failing_since >= PATIENCE


def renewal(granted: int, now: datetime) -> datetime:
    """When our own subscription at an upstream's hub is renewed: well before `granted` seconds are over."""
    return now + timedelta(seconds=max(30.0, granted * 0.8))
