"""What a page does not tell of its lead picture: asked once, with one small request, in the page's own work.

What stays unknown is left out of the feeds; it never delays an article for long, and never changes one later.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from feedsvc import urls
from feedsvc.errors import Code, FetchError
from feedsvc.extract.picture import facts
from feedsvc.model import Image
from feedsvc.plugin_api import Request
from feedsvc.protocols import Clock, HostPace, Http

log = logging.getLogger(__name__)

BYTES = 64 * 1024
SECONDS = 4.0  #: for the whole request
GAP = 1.0  #: seconds between two requests to a foreign host
MOST_GAP = 5.0  #: who wishes for more is not asked
RESTS = timedelta(minutes=10)  #: a host that did not answer in time is left alone
MAX_URL = 2000


class Memory(Protocol):
    """Remembers what was found out, and that nothing was."""

    def recall(self, url: str) -> Image | None: ...
    def remember(self, image: Image, at: datetime) -> None: ...


class Robots(Protocol):
    """May an address be fetched, and how slowly? Raises FetchError."""

    def check(self, url: str) -> float: ...


class Visits(Protocol):
    """Asks, before a redirect is followed, whether and when that may be; see fetch.courtesy."""

    def visit(self, *at: str, begun: bool) -> AbstractContextManager[Callable[[str], None]]: ...


class Pictures:
    """Completes pictures; one object for all threads of a worker."""

    def __init__(
        self,
        *,
        http: Http,
        robots: Robots,
        pace: HostPace,
        courtesy: Visits,
        memory: Memory,
        now: Clock,
        is_own: Callable[[str], bool],
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._http = http
        self._robots = robots
        self._pace = pace
        self._courtesy = courtesy
        self._memory = memory
        self._now = now
        self._is_own = is_own
        self._pause = pause
        self._resting: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def complete(self, image: Image, *, host: str) -> Image:
        """`image` with what is missing of its size, type and length, as far as one request tells.

        `host` is the one that the caller holds a place of. What the page says itself stays. Raises StoreError
        alone.
        """
        known = image.width and image.height and image.type and image.length
        if known or len(image.url) > MAX_URL or not image.url.startswith(("http://", "https://")):
            return image
        found = self._memory.recall(image.url)
        if found is None:
            found = self._ask(image.url, host)
            if found is None:
                return image
            self._memory.remember(found, self._now())
        sized = image if image.width and image.height else found
        return replace(
            image,
            width=sized.width,
            height=sized.height,
            type=image.type or found.type,
            length=image.length or found.length,
        )

    def _ask(self, url: str, held: str) -> Image | None:
        """What the picture's first bytes tell; None where it was not asked and may be another time."""
        host, own = urls.host(url), self._is_own(url)
        if self._now() < self._resting.get(host, self._now()):
            return None
        if host != held and not self._pace.acquire(host, own=own):
            return None  # its turn is somebody else's: the article does not wait for it
        try:
            if not own:
                gap = self._robots.check(url)
                if gap > MOST_GAP:
                    return None
                if host == held:
                    self._pause(max(GAP, gap))
            with self._courtesy.visit(host, held, begun=True) as admit:
                request = Request(url=url, accept="image/*", limit=BYTES, part=True, seconds=SECONDS)
                answer = self._http.get(replace(request, admit=admit))
        except FetchError as error:
            log.info("the picture %s tells nothing: %s", url, error)
            if error.code in (Code.TOO_SLOW, Code.CONNECT, Code.HTTP_WAIT):
                with self._lock:
                    self._resting[host] = self._now() + RESTS
                return None
            return Image(url=url)
        finally:
            if host != held:
                self._pace.release(host)
        width, height, kind = facts(answer.body)
        return Image(url=url, width=width, height=height, type=kind, length=answer.length if kind else 0)
