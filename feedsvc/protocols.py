"""What the flow asks of the stages: small protocols and the values that cross them. `wiring` fulfils them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from feedsvc.model import Fetched, ReadingSpec, Release, Upstream, Waiting
from feedsvc.plugin_api import Job, Reading, Request

Clock = Callable[[], datetime]  #: the wall clock: an aware moment in UTC

# ── the way out ───────────────────────────────────────────────────────────────────────────────────────


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One address on the way of a request: the first one, or where redirects led."""

    url: str
    own: bool  #: the rights of own hosts hold: the work began at one, and only own hosts were on the way
    count: int = 0  #: redirects so far
    permanent: bool = True  #: all of them were for good


#: Called before each address is asked: may raise FetchError, or say that it is asked later.
Admit = Callable[[Hop], None]


class Http(Protocol):
    """The only way out of the process."""

    def get(
        self, request: Request, *, own: bool = False, admit: Admit | None = None, start: Hop | None = None
    ) -> Fetched:
        """200 with its body or 304; raises FetchError for everything else. Blocks; safe in many threads.

        `own`: work that began at an own host by configuration, so the rights of own hosts hold. `admit` is
        called before each address is asked. `start`: where an earlier try of the same request came to.
        """
        ...

    def done(self) -> None:
        """The bodies that this thread got are no longer needed."""
        ...


class Sender(Protocol):
    """The same way out for what polls no source: deliveries, verifications, pings."""

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
    """What a robots.txt says to us. `at` is when it was last asked for, `read_at` when `body` came.

    `refusal` holds code and message, where the host answered that there is nothing to read now.
    """

    at: datetime
    body: bytes
    read_at: datetime | None
    refusal: str = ""


class RobotsMemory(Protocol):
    """Remembers robots.txt over restarts, so that no origin is asked twice a day."""

    def recall(self, origin: str) -> RobotsRecord | None: ...
    def remember(self, origin: str, record: RobotsRecord) -> None: ...


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a body asks of those who fetch it; unlike headers, a 304 does not repeat it."""

    ttl: int | None = None  #: seconds
    skip: tuple[int, ...] = ()  #: hours of the week (GMT, 0 is Monday 0:00) without polls


class Extractor(Protocol):
    """Foreign bytes → what they say."""

    def read(self, job: Job, *, own: bool = False) -> Reading:
        """`own`: those of an own host, whose turn comes first.

        Raises ReadError; ends within its time limit whatever the bytes are.
        """
        ...


# ── what it means ─────────────────────────────────────────────────────────────────────────────────────


class ReleaseRule(Protocol):
    """How an article goes live: its ids and dates; see `curate.release`."""

    def __call__(self, waiting: Waiting, *, now: datetime) -> Release: ...


# ── the store ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One unit of work, held until the lease ends. A stale `token` cannot write (fencing)."""

    upstream: int
    token: int
    host: str
    own: bool
    suspect: bool = False  #: workers died over it in a row: nothing else that is suspect is done beside it


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
    traces: Mapping[str, Any] | None = None  #: list → what it looked like at the last poll
    instead: Mapping[str, Any] | None = None  #: list → the reading that a person took instead
    drift: int = 0  #: how far it was from what is usual at the last poll; see curate.usual
    streak: int = 0  #: changes in a row that the upstream's hub pushed before a poll found them
    lost: int = 0  #: workers in a row that died over it, or were slower than their leases
    polled_at: datetime | None = None  #: when it was polled last
    planned: datetime | None = None  #: of what was pushed: when the upstream is polled next, as before


#: own hosts; foreign sources that did not fail last time; those that did
LaneName = Literal["own", "quick", "slow"]


class DueQueue(Protocol):
    """The due table: which upstream may be polled, by whom, until when."""

    def claim(
        self,
        limit: int,
        *,
        lane: LaneName | None,
        lease: float,
        now: datetime,
        blocked: Iterable[str],
        under_way: Iterable[int] = (),
        suspects: bool = True,
        begins: bool = True,
    ) -> list[Claim]: ...
    def renew(self, claims: Iterable[Claim], *, lease: float, now: datetime) -> None: ...
    def task(self, claim: Claim) -> Task | None: ...
    def release(self, claim: Claim, *, not_before: datetime, begun: bool = True) -> bool: ...
    def postpone(self, claim: Claim, until: datetime) -> None: ...
    def hurry(self, now: datetime) -> int: ...
