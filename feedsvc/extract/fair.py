"""Readers are shared fairly: pages that are made to be slow hold up nobody but one another.

Own hosts have one reader that foreign pages cannot take. A host whose page took long is read elsewhere for an
hour, by one reader for all such hosts; hosts that were read before come before those that are new.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from feedsvc import urls
from feedsvc.errors import Code, ReadError
from feedsvc.extract.child import ChildExtractor
from feedsvc.plugin_api import Job, Reading

READERS = 2
QUICK = 5.0  #: seconds for a foreign body; who needs more gets them where nobody else waits
SLOW = 2.0  #: seconds after which a host's next page is read there, too
KEPT = 3600.0  #: seconds for which it is remembered how a host was read
MOST_HOSTS = 10_000


class Turns:
    """Hands out places: to own hosts first, then in the order of rank and arrival."""

    def __init__(self, places: int = READERS, clock: Callable[[], float] = time.monotonic) -> None:
        self._places = places
        self._clock = clock
        self._free = threading.Condition()
        self._waiting: list[tuple[int, int]] = []  # (rank, number)
        self._next = 0
        self._running = self._foreign = 0
        self._own_until = float("-inf")  # until then a place is kept for own hosts

    @contextmanager
    def turn(self, *, own: bool, known: bool = False) -> Iterator[None]:
        """A place, as soon as there is one. `known`: such work was quick before."""
        with self._free:
            ticket = (0 if own else 1 if known else 2, self._next)
            self._next += 1
            if own:
                self._own_until = self._clock() + KEPT
            self._waiting.append(ticket)
            self._free.wait_for(lambda: self._is_next(ticket))
            self._waiting.remove(ticket)
            self._running += 1
            self._foreign += not own
            self._free.notify_all()  # there may be a place for the next one, too
        try:
            yield
        finally:
            with self._free:
                self._running -= 1
                self._foreign -= not own
                self._free.notify_all()

    def _is_next(self, ticket: tuple[int, int]) -> bool:
        if ticket != min(self._waiting) or self._running == self._places:
            return False
        kept = self._places > 1 and self._clock() < self._own_until
        return ticket[0] == 0 or self._foreign < self._places - kept


class FairExtractor:
    """Reads jobs in child processes. Safe to use from many threads."""

    def __init__(self, *, quick: float = QUICK, clock: Callable[[], float] = time.monotonic) -> None:
        self._patience = quick
        self._quick = ChildExtractor(workers=READERS)
        self._slow = ChildExtractor(workers=1)
        self._turns, self._slow_turns = Turns(READERS, clock), Turns(1, clock)
        self._clock = clock
        self._known: dict[str, tuple[float, bool]] = {}  # host → (until, whether it is slow)

    def read(self, job: Job, *, own: bool = False) -> Reading:
        """What the bytes say. `own`: they are those of an own host. Raises ReadError."""
        host = urls.host(job.url)
        if own:
            with self._turns.turn(own=True):
                return self._quick.read(job)
        until, slow = self._known.get(host, (0.0, False))
        known = self._clock() < until
        if not (known and slow):
            try:
                with self._turns.turn(own=False, known=known), self._timed(host):
                    return self._quick.read(job, seconds=self._patience)
            except ReadError as error:
                if error.code is not Code.PARSE_TIMEOUT:
                    raise
        with self._slow_turns.turn(own=False), self._timed(host):
            return self._slow.read(job)

    @contextmanager
    def _timed(self, host: str) -> Iterator[None]:
        """Remember of a host whether its page took long."""
        begun = self._clock()
        try:
            yield
        finally:
            if len(self._known) >= MOST_HOSTS:
                self._known.pop(next(iter(self._known)), None)
            now = self._clock()
            self._known[host] = (now + KEPT, now - begun > min(SLOW, self._patience))

    def close(self) -> None:
        """End the children; work under way is abandoned."""
        self._quick.close()
        self._slow.close()
