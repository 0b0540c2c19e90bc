"""robots.txt (RFC 9309), read by Protego, asked at most once a day per origin."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from protego import Protego

from feedsvc import urls
from feedsvc.errors import Code, FetchError, UnreachedError
from feedsvc.fetch.pace import GAP, MAX_GAP
from feedsvc.model import Fetched
from feedsvc.plugin_api import Request
from feedsvc.protocols import RobotsMemory, RobotsRecord

MAX_BYTES = 512 * 1024  #: RFC 9309 2.5: parse at least 500 KiB; Protego needs seconds for megabytes
FRESH = timedelta(hours=24)  #: RFC 9309 2.4
UNREACHABLE_KEPT = timedelta(days=30)  #: RFC 9309 2.3.1.4: an old copy counts until then
AGENT = "feedsvc"  #: the product token in robots.txt


class Robots:
    """Answers whether an address may be fetched, and how slowly."""

    def __init__(
        self,
        get: Callable[[Request], Fetched],
        memory: RobotsMemory,
        now: Callable[[], datetime],
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._get = get
        self._memory = memory
        self._now = now
        self._pause = pause
        self._parsed: dict[str, tuple[datetime, Protego]] = {}

    def check(self, url: str) -> float:
        """The gap in seconds that the host wants between two requests; raises FetchError (BLOCKED_ROBOTS)."""
        origin = urls.origin(url)
        record = self._record(origin)
        if not record.reachable:
            raise FetchError(
                Code.BLOCKED_ROBOTS,
                f"{origin}/robots.txt cannot be read, so nothing may be (RFC 9309); asked again in a day",
            )
        rules = self._rules(origin, record)
        if not rules.can_fetch(url, AGENT):
            raise FetchError(
                Code.BLOCKED_ROBOTS,
                f"{origin}/robots.txt asks {AGENT} not to read {url}; if the site is yours, add "
                f'"{urls.host(url)}" to [fetch] own',
            )
        delay = rules.crawl_delay(AGENT)
        return min(max(GAP, float(delay)), MAX_GAP) if delay else GAP

    def _record(self, origin: str) -> RobotsRecord:
        known = self._memory.recall(origin)
        now = self._now()
        # abs: a clock that went back makes no copy fresh for longer
        if known is not None and abs(now - known.at) < FRESH:
            return known
        record = self._ask(origin, known, now)
        self._memory.remember(origin, record)
        self._pause(GAP)  # the page that is wanted comes from the same host: keep the gap
        return record

    def _ask(self, origin: str, known: RobotsRecord | None, now: datetime) -> RobotsRecord:
        request = Request(
            url=f"{origin}/robots.txt", limit=MAX_BYTES, cut=True, seconds=15, accept="text/plain,*/*;q=0.5"
        )
        try:
            body = self._get(request).body
        except UnreachedError:
            if known is None or known.read_at is None:
                raise  # nobody was asked: the page could not be fetched either, and nothing is remembered
            return known
        except FetchError as error:
            if error.status is not None and 400 <= error.status < 500 and error.status != 429:
                return RobotsRecord(at=now, body=b"", read_at=now, reachable=True)  # RFC 9309 2.3.1.3
            if known is not None and known.read_at is not None and now - known.read_at < UNREACHABLE_KEPT:
                return RobotsRecord(at=now, body=known.body, read_at=known.read_at, reachable=True)
            return RobotsRecord(at=now, body=b"", read_at=None, reachable=False)
        return RobotsRecord(at=now, body=body, read_at=now, reachable=True)

    def _rules(self, origin: str, record: RobotsRecord) -> Protego:
        cached = self._parsed.get(origin)
        if cached is None or cached[0] != record.at:
            rules = Protego.parse(record.body.decode("utf-8", "replace").removeprefix("\ufeff"))
            if len(self._parsed) > 2000:
                self._parsed.clear()
            self._parsed[origin] = cached = (record.at, rules)
        return cached[1]
