"""Room for large bodies: many may arrive at once, but only a few that are large.

A thread takes room when a body grows beyond `LARGE`, and gives it back when it is done with what it got.
"""

from __future__ import annotations

import threading

LARGE = 1024 * 1024  #: bytes; most feeds and pages are smaller
PLACES = 12


class Room:
    """Places for large bodies, counted by thread."""

    def __init__(self, places: int = PLACES) -> None:
        self._free = threading.BoundedSemaphore(places)
        self._mine = threading.local()

    def take(self, seconds: float) -> bool:
        """Whether this thread has a place, or gets one within `seconds`."""
        if not getattr(self._mine, "taken", False):
            self._mine.taken = self._free.acquire(timeout=max(0.0, seconds))
        return bool(self._mine.taken)

    def leave(self) -> None:
        """This thread needs its bodies no longer."""
        if getattr(self._mine, "taken", False):
            self._mine.taken = False
            self._free.release()
