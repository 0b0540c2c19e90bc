"""robots.txt (RFC 9309), read by Protego, asked at most once a day per origin."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from protego import Protego

from feedsvc import urls
from feedsvc.errors import Code, FetchError, UnreachedError
from feedsvc.fetch.pace import GAP, MAX_GAP, PostponedError
from feedsvc.model import Fetched
from feedsvc.plugin_api import Request
from feedsvc.protocols import RobotsMemory, RobotsRecord

MAX_BYTES = 512 * 1024  #: RFC 9309 2.5: parse at least 500 KiB
MAX_LINE = 8000  #: characters; no address that is asked for is as long as a longer rule
MAX_PARSED = 1024 * 1024  #: characters of rules, of all origins together, that are kept ready
SECONDS = 15.0  #: for the whole request …
FIRST_SECONDS = 6.0  #: … and at a host that was never asked: it may be one of thousands that are silent
FRESH = timedelta(hours=24)  #: RFC 9309 2.4
AGAIN = timedelta(minutes=10)  #: the same where no answer came
UNREACHABLE_KEPT = timedelta(days=30)  #: RFC 9309 2.3.1.4: an old copy counts until then
AGENT = "feedsvc"  #: the product token in robots.txt

# As generous with spellings as Protego
_LINE = re.compile(
    r"(user[- ]?agent|dis{1,2}al{1,2}ow|diasllow|disallaw|allow|crawl[- ]delay)(?:[ \t]*:|[ \t])(.*)", re.I
)
_TOKEN = re.compile(r"[a-z_-]*", re.I)  # RFC 9309 2.2.1


def applicable(text: str) -> str:
    """The rules of a robots.txt that are meant for us, as a robots.txt of one group.

    RFC 9309 2.2.1: the groups that name us, taken together; where none does, those of `*`. One pass over the
    lines, so that groups for thousands of agents cost nothing.
    """
    ours: dict[str, None] = {}
    everybodys: dict[str, None] = {}
    named = mine = all_mine = ruled = False
    for line in text.removeprefix("\ufeff").splitlines():
        found = _LINE.match(line.partition("#")[0].strip()) if len(line) <= MAX_LINE else None
        if found is None:
            continue
        field, value = found[1].lower(), found[2].strip()
        if field.startswith("user"):
            if ruled:  # the rules of a group have begun: this begins the next one
                mine = all_mine = ruled = False
            is_us = _TOKEN.match(value)[0].lower() == AGENT  # type: ignore[index]  # it matches nothing, too
            mine, all_mine, named = mine or is_us, all_mine or value == "*", named or is_us
            continue
        ruled = True
        if value and mine:
            ours[f"{field}: {value}"] = None
        if value and all_mine:
            everybodys[f"{field}: {value}"] = None
    return "\n".join(["User-agent: *", *(ours if named else everybodys), ""])


class Robots:
    """Answers whether an address may be fetched, and how slowly. Safe to use from many threads."""

    def __init__(
        self, get: Callable[[Request], Fetched], memory: RobotsMemory, now: Callable[[], datetime]
    ) -> None:
        self._get = get
        self._memory = memory
        self._now = now
        self._lock = threading.Lock()
        self._parsed: dict[str, tuple[datetime, int, Protego]] = {}
        self._size = 0  # of what is parsed, in characters
        self._failed: dict[str, tuple[datetime, FetchError]] = {}

    def check(self, url: str) -> float:
        """The gap in seconds that the host wants between two requests.

        Raises FetchError: BLOCKED_ROBOTS where the address is forbidden, and what went wrong where robots.txt
        cannot be read, so that nothing else may be (RFC 9309 2.3.1.4). Raises PostponedError where robots.txt
        has just been read: the address comes from the same host, so the gap comes first.
        """
        origin = urls.origin(url)
        rules = self._parsed_lately(origin) or self._rules(origin, self._record(origin))
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
            if known.refusal:
                code, _, message = known.refusal.partition(" ")
                raise FetchError(Code(code), message)
            return known
        failed = self._failed.get(origin)
        if failed is not None and abs(now - failed[0]) < AGAIN:
            raise failed[1].with_traceback(None)
        try:
            record = self._ask(origin, known, now)
        except UnreachedError:
            if known is None or known.read_at is None:
                raise  # nobody was asked: the page could not be fetched either
            return known
        except FetchError as error:
            self._failure(origin, error, now)
            raise
        self._failed.pop(origin, None)
        self._memory.remember(origin, record)
        raise PostponedError(GAP)

    def _failure(self, origin: str, error: FetchError, now: datetime) -> None:
        """What the host answered holds for a day; what went wrong on the way may be over before long."""
        if error.status is not None:
            refusal = f"{error.code} {error.message}"
            self._memory.remember(origin, RobotsRecord(at=now, body=b"", read_at=None, refusal=refusal))
            return
        with self._lock:
            if len(self._failed) > 10_000:
                self._failed.clear()
            self._failed[origin] = (now, error)

    def _ask(self, origin: str, known: RobotsRecord | None, now: datetime) -> RobotsRecord:
        request = Request(
            url=f"{origin}/robots.txt",
            limit=MAX_BYTES,
            cut=True,
            seconds=SECONDS if known or origin in self._failed else FIRST_SECONDS,
            accept="text/plain,*/*;q=0.5",
        )
        try:
            body = self._get(request).body
        except UnreachedError:
            raise
        except FetchError as error:
            if error.status is not None and 400 <= error.status < 500 and error.status != 429:
                return RobotsRecord(at=now, body=b"", read_at=now)  # RFC 9309 2.3.1.3: there is none
            if known is not None and known.read_at and now - known.read_at < UNREACHABLE_KEPT:
                return RobotsRecord(at=now, body=known.body, read_at=known.read_at)
            again = "a day" if error.status else "ten minutes"
            raise FetchError(
                error.code,
                f"{origin}/robots.txt cannot be read, so nothing else may be (RFC 9309; asked again in "
                f"{again}): {error.message}",
                status=error.status,
                wait=error.wait,
                url=error.url,
            ) from error
        return RobotsRecord(at=now, body=applicable(body.decode("utf-8", "replace")).encode(), read_at=now)

    def _parsed_lately(self, origin: str) -> Protego | None:
        """What this process has read and is fresh: the store need not be asked at each poll."""
        with self._lock:
            at, _, rules = self._parsed.get(origin, (None, 0, None))
        return rules if at is not None and abs(self._now() - at) < FRESH else None

    def _rules(self, origin: str, record: RobotsRecord) -> Protego:
        with self._lock:
            cached = self._parsed.get(origin)
        if cached is not None and cached[0] == record.at:
            return cached[2]
        # once more: what an earlier release stored is the whole file
        text = applicable(record.body.decode("utf-8", "replace"))
        rules = Protego.parse(text)
        with self._lock:
            if self._size + len(text) > MAX_PARSED:
                self._parsed.clear()
                self._size = 0
            self._parsed[origin] = (record.at, len(text), rules)
            self._size += len(text)
        return rules
