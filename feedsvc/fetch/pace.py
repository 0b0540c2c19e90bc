"""How often one host may be asked: one request at a time and a gap between two, more freely for own hosts."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

GAP = 1.0  #: seconds between two requests to a foreign host
MAX_GAP = 60.0  #: however long a Crawl-delay robots.txt asks for
OWN_CONNECTIONS = 4


class PostponedError(Exception):
    """Not a failure: a host wants a pause of `seconds` first. The work goes on after it, no thread waits."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(slots=True)
class _Host:
    busy: int = 0
    free_at: float = 0.0
    gap: float = GAP
    own: bool = False  #: as the last request said: also databases and folders have a name here, and no gap


class MemoryPace:
    """Pace for the threads of one process. Times are monotonic seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    def acquire(self, host: str, *, own: bool) -> bool:
        """Take a place for one request, if there is one now; `release` gives it back."""
        with self._lock:
            state = self._hosts.setdefault(host, _Host())
            state.own = own
            if own:
                granted = state.busy < OWN_CONNECTIONS
            else:
                granted = state.busy == 0 and self._clock() >= state.free_at
            if granted:
                state.busy += 1
            return granted

    def release(self, host: str) -> None:
        """The request is over; the gap begins."""
        with self._lock:
            state = self._hosts[host]
            state.busy -= 1
            state.free_at = max(state.free_at, self._clock() + state.gap)

    def slow_down(self, host: str, gap: float) -> None:
        """Keep at least `gap` seconds (Crawl-delay) between two requests to `host` from now on."""
        with self._lock:
            self._hosts.setdefault(host, _Host()).gap = min(max(GAP, gap), MAX_GAP)

    def full(self) -> frozenset[str]:
        """The hosts that have no place now."""
        now = self._clock()
        with self._lock:
            for name in [n for n, s in self._hosts.items() if not s.busy and s.free_at < now - 3600]:
                del self._hosts[name]
            return frozenset(
                name
                for name, state in self._hosts.items()
                if (state.busy >= OWN_CONNECTIONS if state.own else state.busy or now < state.free_at)
            )
