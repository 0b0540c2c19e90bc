"""One request may lead to many hosts: each of them is asked as politely as the first one.

A redirect, a file of a sitemap on a sub-domain, a page of an API: robots.txt of that host counts, one request
to it runs at a time, and the gap between two is kept. No thread waits for a gap: the work is postponed, and
goes on where it was when the gap is over.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Protocol

from feedsvc import urls
from feedsvc.errors import Code, FetchError
from feedsvc.fetch.pace import PostponedError
from feedsvc.model import Fetched
from feedsvc.plugin_api import Request
from feedsvc.protocols import Hop, HostPace, Http

TRIES = 8  #: to get a turn at a host that it was led to
LONGEST_WAIT = 30.0  #: seconds between two of them; the first comes after one second, each later one doubles
TRAIL_KEPT = 300.0  #: seconds after which a request that was led away begins anew
MOST_TRAILS = 10_000


class Rules(Protocol):
    """May an address be fetched, and how slowly? Raises FetchError, PostponedError; see `robots`."""

    def check(self, url: str) -> float: ...


@dataclass(slots=True)
class _Trail:
    """Where a request came to that was postponed."""

    hop: Hop
    at: float
    tries: int = 0


class Courtesy:
    """Makes requests for who holds a place at one host (see HostPace) and may be led to others."""

    def __init__(
        self, http: Http, robots: Rules, pace: HostPace, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._http = http
        self._robots = robots
        self._pace = pace
        self._clock = clock
        self._trails: dict[tuple[str, bool], _Trail] = {}
        self._lock = threading.Lock()

    def get(self, request: Request, *, at: Collection[str], own: bool, asked: bool = False) -> Fetched:
        """The answer to `request`. `at` are the hosts at which the caller holds places, for one request.

        `own`: the work began at an own host. `asked`: the caller has just asked the last one of `at`. Raises
        FetchError, also for what a robots.txt forbids (BLOCKED_ROBOTS), and PostponedError: then the same
        request goes on later where it was.
        """
        with self._lock:
            trail = self._trails.pop((request.url, own), None)
        if trail is not None and self._clock() - trail.at > TRAIL_KEPT:
            trail = None
        visit = _Visit(self._robots, self._pace, set(at), trail)
        if asked:
            visit.asked[tuple(at)[-1]] = None
        try:
            return self._http.get(request, own=own, admit=visit.admit, start=trail.hop if trail else None)
        except PostponedError:
            if visit.reached is not None:
                self._keep((request.url, own), visit.reached, trail)
            raise
        finally:
            for host in visit.held:
                self._pace.release(host)

    def done(self) -> None:
        """The bodies that this thread got are no longer needed."""
        self._http.done()

    def wait(self, request: Request, *, own: bool, pause: Callable[[float], None] = time.sleep) -> Fetched:
        """The answer to `request` for a command, which waits in the gaps itself. Raises FetchError."""
        while True:
            try:
                return self.get(request, at=(), own=own)
            except PostponedError as later:
                pause(later.seconds)

    def _keep(self, name: tuple[str, bool], hop: Hop, trail: _Trail | None) -> None:
        tries = trail.tries + 1 if trail else 1
        at = trail.at if trail else self._clock()
        with self._lock:
            if len(self._trails) >= MOST_TRAILS:
                self._trails.pop(next(iter(self._trails)))
            self._trails[name] = _Trail(hop, at, tries)


@dataclass(slots=True)
class _Visit:
    """One try of a request: the hosts at which it holds places, and those that it has asked."""

    robots: Rules
    pace: HostPace
    at: set[str]
    trail: _Trail | None
    held: list[str] = field(default_factory=list)
    asked: dict[str, float | None] = field(default_factory=dict)  #: with the gap that each wants
    reached: Hop | None = None

    def admit(self, hop: Hop) -> None:
        """Before each address is asked. Raises FetchError, PostponedError."""
        self.reached = hop
        if hop.own:
            return
        host = urls.host(hop.url)
        if host not in self.at and host not in self.held:
            self._enter(host)
        if (known := self.asked.get(host)) is not None:
            raise PostponedError(known)
        gap = self.robots.check(hop.url)
        self.pace.slow_down(host, gap)
        if host in self.asked:
            raise PostponedError(gap)
        self.asked[host] = gap

    def _enter(self, host: str) -> None:
        """Take a place at another host, or come again for it."""
        if self.pace.acquire(host, own=False):
            self.held.append(host)
            return
        tries = self.trail.tries if self.trail else 0
        if tries >= TRIES:
            raise FetchError(
                Code.TOO_SLOW, f"{host}, to which it leads, is being asked by others; tried again"
            )
        raise PostponedError(min(2.0**tries, LONGEST_WAIT))
