"""One request may lead to many hosts: each of them is asked as politely as the first one.

A redirect, a file of a sitemap on a sub-domain, a page of an API: robots.txt of that host counts, one request
to it runs at a time, and the gap between two is kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Protocol

from feedsvc import urls
from feedsvc.errors import Code, FetchError
from feedsvc.model import Fetched
from feedsvc.plugin_api import Request
from feedsvc.protocols import HostPace, Http

PATIENCE = 10.0  #: seconds that a thread waits for its turn at a host that it was led to
STEP = 0.25  #: seconds between two tries to get it
MOST_PAUSE = 5.0  #: seconds before a redirect within one host is followed, however long its gap is


class Rules(Protocol):
    """May an address be fetched, and how slowly? Raises FetchError; see `robots`."""

    def check(self, url: str) -> float: ...


class Courtesy:
    """Makes requests for who holds a place at one host (see HostPace) and may be led to others."""

    def __init__(
        self,
        http: Http,
        robots: Rules,
        pace: HostPace,
        is_own: Callable[[str], bool],
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._http = http
        self._robots = robots
        self._pace = pace
        self._is_own = is_own
        self._pause = pause

    def get(self, request: Request, *, at: str) -> Fetched:
        """The answer to `request`. `at` is the host at which the caller holds a place, for one request.

        Raises FetchError, also for what a robots.txt forbids (BLOCKED_ROBOTS).
        """
        with self.visit(at) as admit:
            admit(request.url)
            return self._http.get(replace(request, admit=admit))

    @contextmanager
    def visit(self, *at: str, begun: bool = False) -> Iterator[Callable[[str], None]]:
        """Gives what is to be called before each address is asked; it raises FetchError, or waits.

        The caller holds places at the hosts `at`; `begun`: and has just asked them. Places that are taken at
        others are given back at the end.
        """
        held: list[str] = []
        asked = set(at) if begun else set[str]()

        def admit(url: str) -> None:
            if self._is_own(url):
                return
            host = urls.host(url)
            if host not in (*at, *held):
                self._wait_for(host)
                held.append(host)
            gap = self._robots.check(url)
            self._pace.slow_down(host, gap)
            if host in asked:
                self._pause(min(gap, MOST_PAUSE))
            asked.add(host)

        try:
            yield admit
        finally:
            for host in held:
                self._pace.release(host)

    def _wait_for(self, host: str) -> None:
        for _ in range(int(PATIENCE / STEP)):
            if self._pace.acquire(host, own=False):
                return
            self._pause(STEP)
        raise FetchError(Code.TOO_SLOW, f"{host}, to which it leads, is being asked by others; tried again")
