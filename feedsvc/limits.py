"""How often something may happen: token buckets. Pure; moments are seconds of a monotonic clock."""

from __future__ import annotations

import threading
from collections import OrderedDict


class Buckets:
    """One bucket for each key: `burst` at once, then `per_second`. Of `most` keys the latest are kept."""

    def __init__(self, *, per_second: float, burst: float, most: int = 10_000) -> None:
        self._rate = per_second
        self._burst = float(burst)
        self._most = most
        self._kept: OrderedDict[str, tuple[float, float]] = OrderedDict()  # key → tokens, at
        self._lock = threading.Lock()

    def take(self, key: str, now: float) -> float:
        """Take one token; 0.0 where there was one, else the seconds until there is one."""
        with self._lock:
            tokens = self._level(key, now)
            taken = tokens >= 1.0
            self._kept[key] = (tokens - 1.0 if taken else tokens, now)
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return 0.0 if taken else (1.0 - tokens) / self._rate

    def wait(self, key: str, now: float) -> float:
        """The seconds until there is a token; none is taken."""
        with self._lock:
            return max(0.0, (1.0 - self._level(key, now)) / self._rate)

    def _level(self, key: str, now: float) -> float:
        tokens, at = self._kept.get(key, (self._burst, now))
        return min(self._burst, tokens + max(0.0, now - at) * self._rate)
