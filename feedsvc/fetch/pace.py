"""How often one host may be asked: one request at a time and a gap between two, more freely for own hosts."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from feedsvc.errors import StoreError

log = logging.getLogger(__name__)

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

    def hand_back(self, host: str, seconds: float) -> None:
        """No request was made: somebody else asks the host now, and it has no place for `seconds`."""
        with self._lock:
            state = self._hosts[host]
            state.busy -= 1
            state.free_at = max(state.free_at, self._clock() + seconds)

    def slow_down(self, host: str, gap: float) -> None:
        """Keep at least `gap` seconds (Crawl-delay) between two requests to `host` from now on."""
        with self._lock:
            self._hosts.setdefault(host, _Host()).gap = min(max(GAP, gap), MAX_GAP)

    def full(self) -> frozenset[str]:
        """The hosts that have no place now."""
        now = self._clock()
        full = set()
        with self._lock:
            for name, state in list(self._hosts.items()):
                if state.busy >= OWN_CONNECTIONS if state.own else state.busy or now < state.free_at:
                    full.add(name)
                elif not state.busy and (state.gap == GAP or state.free_at < now - 3600):
                    del self._hosts[name]  # what is left of it is what a new one begins with
        return frozenset(full)


class Places(Protocol):
    """The places at foreign hosts that all workers share; see `store.queue.pace`. Raises StoreError."""

    def take(self, host: str, *, gap: float) -> float: ...
    def give_back(self, host: str) -> None: ...
    def set_gap(self, host: str, gap: float) -> None: ...


class SharedPace:
    """Pace for many workers: foreign hosts are asked by one of them at a time, own hosts by each for itself.

    What a worker learns of a host that others hold it keeps in memory: `full` asks nobody.
    """

    def __init__(self, places: Places, memory: MemoryPace) -> None:
        self._places = places
        self._memory = memory
        self._held: set[str] = set()
        self._gaps: dict[str, float] = {}  # what this worker has told the others

    def acquire(self, host: str, *, own: bool) -> bool:
        """Take a place for one request, if there is one now; `release` gives it back. Raises StoreError."""
        if not self._memory.acquire(host, own=own):
            return False
        if own:
            return True
        try:
            wait = self._places.take(host, gap=GAP)
        except StoreError:
            self._memory.hand_back(host, GAP)
            raise
        if wait:
            self._memory.hand_back(host, wait)
            return False
        self._held.add(host)
        return True

    def release(self, host: str) -> None:
        """The request is over; the gap begins."""
        self._memory.release(host)
        if host in self._held:
            self._held.discard(host)
            try:
                self._places.give_back(host)
            except StoreError as error:
                log.warning("%s stays taken for all workers until its time is over: %s", host, error)

    def slow_down(self, host: str, gap: float) -> None:
        """Keep at least `gap` seconds (Crawl-delay) between two requests to `host`. Raises StoreError."""
        self._memory.slow_down(host, gap)
        gap = min(max(GAP, gap), MAX_GAP)
        if self._gaps.get(host, GAP) != gap:
            self._places.set_gap(host, gap)
            self._gaps[host] = gap

    def full(self) -> frozenset[str]:
        """The hosts that have no place now, as far as this worker knows."""
        return self._memory.full()
