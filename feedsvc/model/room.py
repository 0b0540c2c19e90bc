"""What the control room shows: frozen values, moments in UTC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Health(StrEnum):
    """How a source is, the worst first."""

    RED = "red"
    AMBER = "amber"
    PAUSED = "paused"
    RESTING = "resting"  #: it stands in for another source that is well
    NEW = "new"  #: not polled yet
    OK = "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A source as a line of a table."""

    no: int
    name: str
    kind: str
    url: str
    health: Health
    code: str
    reason: str
    remedy: str = ""
    good_at: datetime | None
    polled_at: datetime | None
    due: datetime | None  #: None: nobody polls it
    late: float = 0.0  #: seconds that it is overdue
    failures: int = 0
    why: str = ""  #: what decided when it is polled next
    proposed: bool = False
    instead: bool = False  #: a person took another reading than the configured one


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePage:
    """One page of the table, and how many there are of each health."""

    rows: Sequence[SourceRow]
    counts: Mapping[Health, int]
    total: int  #: that match
    number: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One poll."""

    at: datetime
    outcome: str
    status: int | None
    code: str
    milliseconds: int
    requests: int
    found: int | None
    new: int
    changed: int
    fields: Mapping[str, float] | None
    lag: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """What an hour brought, and what it usually brings; None: not known."""

    at: datetime
    count: int | None
    usual: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDetail:
    """Everything about one source."""

    row: SourceRow
    runs: Sequence[Run]  #: the newest first
    hours: Sequence[Hour]  #: of the last two days
    fields: Mapping[str, tuple[float, float | None]]  #: share now, usually
    lag: tuple[float, float] | None  #: seconds from publication to feed: p50, p95
    lists: Sequence[tuple[str, str]]  #: (slug, title) of the lists that it feeds
    proposal: Mapping[str, Any] | None
    traces: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """A list with the documents that are served of it."""

    slug: str
    title: str
    kind: str
    entries: int
    bytes: int  #: of RSS, as it is
    gzip: int
    etag: str
    last_modified: datetime | None
    subscribers: int  #: at our hub
    reported: int  #: subscribers that aggregators report
    requests: int  #: today


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDetail:
    """Everything about one feed."""

    row: FeedRow
    documents: Sequence[tuple[str, int, int, str, datetime]]  #: (path, bytes, gzip, etag, last modified)
    articles: Sequence[tuple[str, str, str, datetime | None]]  #: (id, title, address, published)
    aggregators: Sequence[tuple[str, int, datetime]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Who read on one day."""

    day: str
    requests: int = 0
    not_modified: int = 0
    bytes: int = 0
    pollers: int = 0  #: about so many different ones


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderRow:
    """A program that reads."""

    agent: str
    requests: int
    not_modified: int
    whole: int
    bytes: int
    pollers: int
    behaves: str = ""  #: what it does badly; "": nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Who reads the feeds."""

    subscribers: int  #: that aggregators report, of all feeds
    aggregators: Sequence[tuple[str, int, int]]  #: (name, feeds, subscribers)
    days: Sequence[Day]
    formats: Mapping[str, int]  #: format → requests of the last seven days
    readers: Sequence[ReaderRow]
    feeds: Sequence[tuple[str, int, int]]  #: (path, requests, pollers) of the last day


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The service as a whole."""

    now: datetime
    counts: Mapping[Health, int]
    wrong: Sequence[Any]  #: conditions
    lately: Sequence[Any]  #: notices that are over
    web: Sequence[int]
    workers: Sequence[datetime]
    publication: int
    feeds: int
    articles_today: int
    hours: Sequence[Hour]  #: articles that entered `latest`, of the last two days
    lag: tuple[float, float] | None
    requests_today: int
    polls_today: tuple[int, int]  #: requests to sources that are remembered, of them unchanged
    topics: Sequence[Any] = field(default_factory=tuple)
    trouble: Sequence[Any] = field(default_factory=tuple)
    pings: Sequence[Any] = field(default_factory=tuple)
    following: Sequence[Any] = field(default_factory=tuple)
