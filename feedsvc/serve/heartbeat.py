"""A web process says that it lives, which publication it serves, and which outside hubs came to look.

Deliveries and pings wait for the first two: whoever is notified must find the news. The third proves that a
ping was heard.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from feedsvc.errors import Code, FeedsvcError
from feedsvc.model.outage import Outage

log = logging.getLogger(__name__)

EVERY = 1.0  #: seconds between two beats
RESOLVE_EVERY = 300  #: beats between two look-ups of the hubs' names
MOST = 1000  #: looks that are remembered between two beats

Look = tuple[str, str, int]  #: hub, topic, number of the publication that it got


class Heartbeat:
    """The beat of one process, as long as it lives. `beat` writes it, `lookup` asks for a name's addresses.

    A request is a hub's look if it comes from one of the addresses of the hub's name, or if its User-Agent
    names the hub's host, the domain above it, or one of `agents`.
    """

    def __init__(
        self,
        *,
        beat: Callable[[int, Iterable[Look]], None],
        base_url: str,
        hubs: Sequence[str] = (),
        agents: Sequence[str] = (),
        lookup: Callable[[str, int], list[str]] | None = None,
        outage: Outage | None = None,
    ) -> None:
        self._beat = beat
        self._base_url = base_url
        self._hubs = tuple(hubs)
        self._agents = tuple(word.lower() for word in agents)
        self._lookup = lookup
        self._names = {hub: _names(hub) for hub in hubs}
        self._addresses: dict[str, frozenset[str]] = {hub: frozenset() for hub in hubs}
        self._looks: deque[Look] = deque(maxlen=MOST)  # threads may append while another one takes out
        self._number: Callable[[], int] = lambda: 0
        self._wake = threading.Event()
        self._outage = outage or Outage()
        self._ended = False

    @property
    def watches(self) -> bool:
        """Whether there are hubs whose looks count."""
        return bool(self._hubs)

    def start(self, number: Callable[[], int]) -> None:
        """Beat from a thread of its own; `number` gives the publication that is served."""
        self._number = number
        threading.Thread(target=self._loop, name="heartbeat", daemon=True).start()

    def wake(self) -> None:
        """Another publication is served: say so at once."""
        self._wake.set()

    def stop(self) -> None:
        """Beat no more."""
        self._ended = True
        self._wake.set()

    def look(self, path: str, environ: Mapping[str, Any]) -> None:
        """A feed was asked for: remember it if it was by a hub."""
        agent = environ.get("HTTP_USER_AGENT", "").lower()
        address = environ.get("REMOTE_ADDR", "")
        by_word = any(word in agent for word in self._agents)
        for hub in self._hubs:
            by_name = any(name in agent for name in self._names[hub])
            if by_word or by_name or address in self._addresses[hub]:
                self._looks.append((hub, f"{self._base_url}{path}", self._number()))

    def _loop(self) -> None:
        beats = 0
        while not self._ended:
            if beats % RESOLVE_EVERY == 0:
                self._resolve()
            self.once()
            beats += 1
            self._wake.wait(EVERY)
            self._wake.clear()

    def once(self) -> None:
        """One beat; a fault is said once and the next beat tries again."""
        number = self._number()
        if number <= 0:
            return  # nothing is served: there is nothing to wait for
        looks: set[Look] = set()
        while self._looks:
            looks.add(self._looks.popleft())
        try:
            self._beat(number, sorted(looks))
            self._outage.worked()
        except FeedsvcError as error:
            self._looks.extend(looks)
            if error.code is not Code.STORE_BUSY:  # a beat that is left out
                self._outage.failed(error, writing=True)

    def _resolve(self) -> None:
        for hub in self._hubs if self._lookup else ():
            parts = urlsplit(hub)
            try:
                assert self._lookup is not None
                found = self._lookup(parts.hostname or "", parts.port or 80)
            except (OSError, UnicodeError) as error:
                log.info("the addresses of the hub %s are not known: %s", hub, error)
                continue
            self._addresses[hub] = frozenset(found)


def _names(hub: str) -> tuple[str, ...]:
    """What names a hub in a User-Agent: its host, and the domain above it where that is no whole registry."""
    host = (urlsplit(hub).hostname or "").lower()
    above = host.partition(".")[2]
    if host.replace(".", "").isdigit() or ":" in host or above.count(".") < 1:
        return (host,)
    return host, above
