"""What a page does not say of its lead picture: asked once, with one small request, in the page's own work.

What stays unknown is left out of the feeds; it never delays an article for long, and never changes one later.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from feedsvc import urls
from feedsvc.errors import Code, FetchError
from feedsvc.extract.picture import facts
from feedsvc.fetch.pace import PostponedError
from feedsvc.model import Fetched, Image
from feedsvc.plugin_api import Request
from feedsvc.protocols import Clock, HostPace

log = logging.getLogger(__name__)

BYTES = 64 * 1024
SECONDS = 4.0  #: for the whole request
MOST_GAP = 5.0  #: seconds; the article does not wait for who wishes for a longer pause
RESTS = 600.0  #: seconds; a host that did not answer in time is left alone
MAX_URL = 2000


class Memory(Protocol):
    """Remembers what was found out, and that nothing was."""

    def recall(self, url: str) -> Image | None: ...
    def remember(self, image: Image, at: datetime) -> None: ...


class Visits(Protocol):
    """Makes requests as each host wants them; see fetch.courtesy."""

    def get(self, request: Request, *, at: Collection[str], own: bool, asked: bool) -> Fetched: ...


class Pictures:
    """Completes pictures; one object for all threads of a worker."""

    def __init__(
        self,
        *,
        pace: HostPace,
        courtesy: Visits,
        memory: Memory,
        now: Clock,
        is_own: Callable[[str], bool],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._monotonic = monotonic
        self._pace = pace
        self._courtesy = courtesy
        self._memory = memory
        self._now = now
        self._is_own = is_own
        self._resting: dict[str, float] = {}  # until when, in monotonic seconds
        self._lock = threading.Lock()

    def complete(self, image: Image, *, host: str, own: bool, rested: bool = False) -> Image:
        """`image` with what is missing of its size, type and length, as far as one request shows.

        `host` is the one that the caller holds a place of, and has asked unless `rested`; `own`: its page
        lies on an own host. What the page says itself stays. Raises StoreError, and PostponedError where the
        gap of the host comes first.
        """
        known = image.width and image.height and image.type and image.length
        if known or len(image.url) > MAX_URL or not image.url.startswith(("http://", "https://")):
            return image
        found = self._memory.recall(image.url)
        if found is None:
            found = self._ask(image.url, host, own=own and self._is_own(image.url), rested=rested)
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

    def _ask(self, url: str, held: str, *, own: bool, rested: bool) -> Image | None:
        """What the picture's first bytes show; None where it was not asked and may be another time."""
        host = urls.host(url)
        if self._monotonic() < self._resting.get(host, 0.0):
            return None
        if host != held and not self._pace.acquire(host, own=own):
            return None  # its turn is somebody else's: the article does not wait for it
        try:
            request = Request(url=url, accept="image/*", limit=BYTES, part=True, seconds=SECONDS)
            asked = host == held and not rested
            answer = self._courtesy.get(request, at=(host, held), own=own, asked=asked)
        except PostponedError as error:
            if error.seconds > MOST_GAP:
                return None
            raise
        except FetchError as error:
            log.info("nothing was learnt about the picture %s: %s", url, error)
            if error.code in (Code.TOO_SLOW, Code.CONNECT, Code.HTTP_WAIT):
                with self._lock:
                    self._resting[host] = self._monotonic() + RESTS
                return None
            return Image(url=url)
        finally:
            if host != held:
                self._pace.release(host)
        width, height, kind = facts(answer.body)
        return Image(url=url, width=width, height=height, type=kind, length=answer.length if kind else 0)
