"""Who may run now: lanes with places, so that nobody waits behind those who are slow or fail.

Own hosts have places that nobody else takes. Of foreign sources, those that failed last time run in a lane of
their own. And a place counts for `GRACE` seconds: what takes longer goes on, but the next one begins.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from feedsvc.protocols import LaneName

GRACE = 1.0  #: seconds after which a unit no longer takes a place


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane: its places, and how many units run in it at most, also those that take no place any more.

    A unit that ends has the next ones claimed once `refill` places are free, or nothing runs.
    """

    name: LaneName
    places: int
    most: int
    refill: int


#: A silent host takes a thread for seconds: the quick lane has many, for a first round of thousands. A claim
#: costs as much for eight foreign units as for one, and about as much as a poll that brings nothing new.
LANES = (Lane("own", 8, 16, 1), Lane("quick", 24, 96, 8), Lane("slow", 24, 24, 8))


class Lanes:
    """Counts what runs. Safe to use from many threads."""

    def __init__(self, lanes: tuple[Lane, ...] = LANES, clock: Callable[[], float] = time.monotonic) -> None:
        self.names = tuple(lane.name for lane in lanes)
        self.threads = sum(lane.most for lane in lanes)
        self._lanes = {lane.name: lane for lane in lanes}
        self._running: dict[LaneName, dict[int, float]] = {name: {} for name in self.names}
        self._clock = clock
        self._lock = threading.Lock()
        self._next = 0
        self.rested = clock()  #: when a unit ended last

    @property
    def busy(self) -> int:
        """Units under way."""
        return sum(len(one) for one in self._running.values())

    def free(self, name: LaneName) -> int:
        """How many units of a lane may begin now."""
        lane, now = self._lanes[name], self._clock()
        with self._lock:
            running = self._running[name]
            young = sum(now - begun < GRACE for begun in running.values())
            return max(0, min(lane.places - young, lane.most - len(running)))

    def wants_more(self, name: LaneName) -> bool:
        """Whether it is worth a claim that a unit of a lane ended."""
        return self.free(name) >= self._lanes[name].refill or not self._running[name]

    def enter(self, name: LaneName) -> int:
        """A unit begins; returns what `leave` wants to know."""
        with self._lock:
            self._next += 1
            self._running[name][self._next] = self._clock()
            return self._next

    def leave(self, name: LaneName, unit: int) -> None:
        """A unit ended."""
        with self._lock:
            del self._running[name][unit]
            self.rested = self._clock()
