"""Whether a store can be used, as one process sees it: said once when it cannot, and once when it can again.

Many threads ask a store many times a second. While it is gone each of them fails each time; the log gets one
line, and the line at the end says how many there were.
"""

from __future__ import annotations

import functools
import logging
import threading
import time
from collections.abc import Callable

from feedsvc.errors import FeedsvcError

log = logging.getLogger(__name__)

CALM = 5.0  #: seconds without a failure after which it is over: parts of a damaged store can be read
REMINDER = 600.0  #: seconds between two lines that say the same


class Outage:
    """What went wrong with one store since it went wrong. Safe to use from many threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._since: float | None = None
        self._last = 0.0
        self._told = False
        self._writing = False  # whether it was something written that failed
        self._said: dict[str, float] = {}  # what the log has, and since when
        self.count = 0  #: what failed since the outage began

    def failed(self, error: FeedsvcError, *, writing: bool = False) -> None:
        """Something could not be done: the log says so, unless it has this already."""
        error.said = True
        with self._lock:
            now, text = self._clock(), str(error)
            if self._since is None:
                self._since, self._told, self.count = now, False, 0
                self._writing = False
            self._writing = self._writing or writing
            self.count += 1
            self._last = now
            self._said = {one: then for one, then in self._said.items() if now - then < REMINDER}
            if text in self._said:
                return
            lasted = f" (for {now - self._since:.0f} s, {self.count} times)" if self._told else ""
            self._said[text], self._told = now, True
        log.error("the store cannot be used%s; what is served stays: %s", lasted, text)

    @property
    def calm(self) -> bool:
        """Whether nothing is wrong, as far as this process knows."""
        return self._since is None

    def worked(self, *, writing: bool = True) -> None:
        """Something was done. What was read proves nothing where writing failed: a full disk can be read."""
        if self.calm or (self._writing and not writing):
            return
        with self._lock:
            begun, told = self._since, self._told
            if begun is None or self._clock() - self._last < CALM:
                return
            lasted, self._since = self._last - begun, None
        if told:
            log.warning("the store can be used again; it failed %d times in %.0f s", self.count, lasted)


@functools.cache
def outage_of(url: str) -> Outage:
    """The one of this process for a store: its readers and its writers are out together."""
    return Outage()
