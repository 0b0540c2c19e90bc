"""How far this machine's clock is from those of the hosts that answer, by their Date headers."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MOST = 200  #: hosts that are remembered, those heard last


class HostClocks:
    """Hears what hosts say the time is. Safe to use from many threads.

    `now` is the wall clock that is judged, `steady` one that nobody sets: so what was heard holds when the
    wall clock is set, and one that was put right is seen at once.
    """

    def __init__(self, now: Callable[[], datetime], steady: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._steady = steady
        self._begun: OrderedDict[str, float] = OrderedDict()  # host → when `steady` was 0 by its clock
        self._lock = threading.Lock()

    def heard(self, host: str, headers: Mapping[str, str]) -> None:
        """An answer came; names of `headers` are in small letters. One from a cache is as old as it says."""
        try:
            moment = parsedate_to_datetime(headers["date"])
            age = float(headers.get("age", "0"))
            if moment.tzinfo is None:  # "-0000" (RFC 5322 3.3)
                moment = moment.replace(tzinfo=UTC)
            begun = moment.timestamp() + age - self._steady()
        except (KeyError, ValueError, OverflowError, IndexError, TypeError):
            return  # says nothing of its clock
        with self._lock:
            self._begun[host] = begun
            self._begun.move_to_end(host)
            if len(self._begun) > MOST:
                self._begun.popitem(last=False)

    def off(self) -> tuple[float, int]:
        """(seconds that our clock is ahead of most hosts, how many hosts were heard).

        The median, of an even number the smaller one: one host whose clock is wrong says nothing of ours.
        """
        with self._lock:
            begun = list(self._begun.values())
        ahead = self._now().timestamp() - self._steady()
        apart = sorted(ahead - one for one in begun)
        if not apart:
            return 0.0, 0
        middle = len(apart) // 2
        return min(apart[(len(apart) - 1) // 2], apart[middle], key=abs), len(apart)
