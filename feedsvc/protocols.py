"""The seams: what the flow asks of the stages. Small protocols; `wiring` says who fulfils them.

A plug-in knows this module and `model`, nothing else (see docs/plugins.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from feedsvc.dates import Moment
from feedsvc.model import (
    Article,
    ArticleReading,
    Draft,
    Fetched,
    Level,
    PageReading,
    ReadingSpec,
    Upstream,
)

Clock = Callable[[], datetime]  #: the wall clock: an aware moment in UTC

MiB = 1024 * 1024


# ── the way out ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A GET that may leave the process. `limit` counts decoded bytes, `seconds` the whole exchange."""

    url: str
    accept: str = "*/*"
    etag: str = ""  #: as the upstream sent it
    last_modified: str = ""  #: as the upstream sent it
    validators_url: str = ""  #: the address that sent them; "": the requested one
    limit: int = 8 * MiB
    cut: bool = False  #: return the first `limit` bytes instead of failing
    part: bool = False  #: ask for the first `limit` bytes alone (RFC 9110 14.2), and take no more
    seconds: float = 30.0
    #: called with each address that a redirect leads to, before it is asked; may wait, or raise FetchError
    admit: Callable[[str], None] | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One exchange of any method, whose answer is taken as it is: no redirect is followed."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    limit: int = 64 * 1024  #: bytes of the answer that are read; the rest is dropped
    seconds: float = 10.0  #: for the whole exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, whatever its status."""

    status: int
    body: bytes = b""
    wait: float | None = None  #: seconds that the host asks for (Retry-After)

    @property
    def taken(self) -> bool:
        """Whether the status is one of success (2xx)."""
        return 200 <= self.status < 300


class Http(Protocol):
    """The only way out of the process."""

    def get(self, request: Request) -> Fetched:
        """200 with its body or 304; raises FetchError for everything else. Blocks; safe in many threads."""
        ...


class Sender(Protocol):
    """The same way out for what is no look at a source: deliveries, verifications, pings."""

    def send(self, message: Message) -> Answer:
        """The answer, whatever its status; raises FetchError where none came. Blocks; any thread may call."""
        ...


class HostPace(Protocol):
    """How many requests to one host may run, and how soon after one another."""

    def acquire(self, host: str, *, own: bool) -> bool: ...
    def release(self, host: str) -> None: ...
    def slow_down(self, host: str, gap: float) -> None: ...
    def full(self) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsRecord:
    """A robots.txt as it was last asked for. `read_at` is when `body` came; None if it never did."""

    at: datetime
    body: bytes
    read_at: datetime | None
    reachable: bool


class RobotsMemory(Protocol):
    """Remembers robots.txt over restarts, so that no origin is asked twice a day."""

    def recall(self, origin: str) -> RobotsRecord | None: ...
    def remember(self, origin: str, record: RobotsRecord) -> None: ...


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Bytes to be read, with all that a reader may know. Crosses into a child process: plain values only."""

    kind: str  #: page | article | feed | …
    body: bytes
    url: str
    charset: str = ""
    media_type: str = ""
    language: str = ""
    zone: ZoneInfo | None = None
    now: datetime
    select: Mapping[str, str] | None = None
    options: Mapping[str, Any] | None = None  #: what readers of other kinds need to know besides


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedReading:
    """What an upstream's feed says, in its order."""

    title: str = ""
    entries: tuple[Draft, ...] = ()
    language: str = ""
    ttl: int | None = None  #: seconds: <ttl>, sy:updatePeriod …
    skip: tuple[int, ...] = ()  #: <skipHours>, <skipDays>: hours of the week, GMT; 0 is Monday 0:00
    hub: str = ""
    topic: str = ""  #: its own idea of its address (rel=self)
    notes: tuple[str, ...] = ()  #: what was cut or mended, for people


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a body asks of those who fetch it; unlike headers, a 304 does not repeat it."""

    ttl: int | None = None  #: seconds
    skip: tuple[int, ...] = ()  #: hours of the week (GMT, 0 is Monday 0:00) without looks


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A sitemap that an index file names."""

    url: str
    updated: Moment | None = None  #: when it was changed, as the index says


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapReading:
    """What one sitemap or index of sitemaps says, in its order."""

    entries: tuple[Draft, ...] = ()
    children: tuple[Child, ...] = ()  #: of an index file
    notes: tuple[str, ...] = ()  #: what was cut or mended, for people


Reading = PageReading | ArticleReading | FeedReading | SitemapReading


class Extractor(Protocol):
    """Foreign bytes → what they say."""

    def read(self, job: Job) -> Reading:
        """Raises ReadError; ends within its time limit whatever the bytes are."""
        ...


# ── sources ───────────────────────────────────────────────────────────────────────────────────────────

#: The version of what a plug-in sees: `seams` and `model`. It grows when something is taken away or changed.
API = 1
MOST = 500  #: drafts of one look: they are written in one short transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at a source, and how far earlier ones came."""

    url: str  #: as the configuration names it
    options: Mapping[str, Any]  #: the further keys of the source's kind
    cursor: str  #: what the last look answered as its cursor; "" at the first one
    first: bool  #: no complete run has been made yet
    own: bool
    language: str
    zone: ZoneInfo
    now: datetime
    etag: str = ""
    last_modified: str = ""
    validators_url: str = ""

    def request(self, url: str, **more: Any) -> Request:
        """A request for `url` that carries the validators which that address sent last."""
        known = {
            "etag": self.etag,
            "last_modified": self.last_modified,
            "validators_url": self.validators_url,
        }
        return Request(url=url, **{**known, **more})


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one look came to."""

    drafts: tuple[Draft, ...] = ()  #: at most `MOST`
    cursor: str = ""
    more: bool = False  #: there is more already: look again at once; feeds are built at the end
    fetched: Fetched | None = None  #: the answer whose validators are kept
    ttl: int | None = None  #: seconds before which the source does not want to be asked again
    withdrawn_rows: tuple[str, ...] = ()  #: `row`s that were taken back
    alive_rows: frozenset[str] | None = None  #: all `row`s that there still are: others are withdrawn
    notes: tuple[str, ...] = ()  #: what was left out, for people


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What a source may use."""

    get: Callable[[Request], Fetched]  #: guarded, polite; raises FetchError
    read: Callable[[Job], Reading]  #: the readers, in a child process; raises ReadError


class Source(Protocol):
    """A kind of source besides pages and feeds. One look makes at most one request."""

    level: Level  #: how much its statements count
    follow: bool  #: whether the article pages are read, where the configuration does not say

    def read(self, look: Look, tools: Tools) -> Batch:
        """What is new since the cursor. Raises SourceError; all else that it raises is a fault of its own."""
        ...


# ── the store ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One unit of work, held until the lease ends. A stale `token` cannot write (fencing)."""

    upstream: int
    token: int
    host: str
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """All that a unit of work needs to know about its upstream."""

    claim: Claim
    upstream: Upstream
    readings: tuple[ReadingSpec, ...]
    lists: Mapping[str, bool]  #: key of each list that reads here → whether it is ranked
    article: int | None = None  #: the article whose page this is
    etag: str = ""
    last_modified: str = ""
    validators_url: str = ""
    body_hash: bytes = b""
    read_as: str = ""  #: fingerprint of reader and readings that last understood the body
    failures: int = 0  #: in a row
    attempts: int = 0
    complete: bool = False  #: a first complete run has been made: finds are news from now on
    last_change: datetime | None = None
    born: datetime | None = None  #: when the article of a page was published (or first seen)
    gone_times: int = 0  #: answers 404 or 410 in a row
    gone_since: datetime | None = None
    withdrawn: bool = False  #: the article of a page is
    cursor: str = ""  #: how far a source was read
    importing: bool = False
    moved: str = ""  #: where permanent redirects lead
    moved_times: int = 0  #: how many answers in a row said so
    rhythm: Mapping[str, Any] | None = None
    streak: int = 0  #: changes in a row that the upstream's hub pushed before a look found them
    planned: datetime | None = None  #: of what was pushed: when the upstream is looked at next, as before


class DueQueue(Protocol):
    """The due table: which upstream may be looked at, by whom, until when."""

    def claim(self, limit: int, *, lease: float, now: datetime, blocked: Iterable[str]) -> list[Claim]: ...
    def task(self, claim: Claim) -> Task | None: ...
    def release(self, claim: Claim, *, not_before: datetime) -> bool: ...
    def hurry(self, now: datetime) -> int: ...


class Sanitiser(Protocol):
    """Foreign HTML → harmless HTML."""

    def __call__(self, fragment: str, *, base: str) -> str: ...


class SnapshotReader(Protocol):
    """What a web process sees of the store; needs no ORM and no reading library."""

    def number(self) -> int:
        """The number of the newest publication."""
        ...

    def since(self, number: int) -> Sequence[Mapping[str, Any]]:
        """Every snapshot row with a greater number."""
        ...


class ArticleReader(Protocol):
    """Read access to articles, for commands and pages."""

    def by_no(self, numbers: Sequence[int]) -> Mapping[int, Article]: ...
