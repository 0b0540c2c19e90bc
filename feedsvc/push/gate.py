"""Questions to callbacks are requests that a stranger had us send: how many go to one address, and in all.

A callback counts by the address that its name leads to, so that many names of one host are one.
"""

from __future__ import annotations

import ipaddress
import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from feedsvc.limits import Buckets

BURST = 10  #: questions to one address at once, before the rate counts
TOTAL_RATE, TOTAL_BURST = 20.0, 200  #: questions a second to all addresses together
BUSY = 1.0  #: seconds to wait while another question to the address is under way


class Gate:
    """Lets questions through: one at a time to an address, `per_second` of them, and so many in all."""

    def __init__(
        self,
        lookup: Callable[[str, int], list[str]],
        *,
        per_second: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lookup = lookup
        self._clock = clock
        self._each = Buckets(per_second=per_second, burst=max(BURST, per_second))
        self._all = Buckets(per_second=max(TOTAL_RATE, per_second), burst=max(TOTAL_BURST, per_second))
        self._asking: set[str] = set()
        self._lock = threading.Lock()

    def address(self, callback: str) -> str:
        """What a callback counts by: its first address (of IPv6 the network), or the name that has none."""
        parts = urlsplit(callback)
        host = parts.hostname or ""
        try:
            found = sorted(self._lookup(host, parts.port or 443))
        except (OSError, UnicodeError, ValueError):
            return host[:60]
        return _network(found[0]) if found else host[:60]

    def enter(self, address: str) -> float:
        """0.0 where a question may go now (`leave` ends it), else the seconds to wait."""
        now = self._clock()
        with self._lock:
            if address in self._asking:
                return BUSY
            wait = self._each.wait(address, now) or self._all.take("", now)
            if not wait:
                self._each.take(address, now)
                self._asking.add(address)
            return wait

    def leave(self, address: str) -> None:
        """The question was answered, or was not."""
        with self._lock:
            self._asking.discard(address)


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if found.version == 6 and found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(found) if found.version == 4 else str(ipaddress.ip_network((found, 64), strict=False))
