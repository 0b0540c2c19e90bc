"""Everything that a plug-in may use: what is asked of it, and the values that it gives back.

A plug-in imports this module and nothing else of feedsvc (docs/plugins.md). Names are only added within one
version of `API`; what is taken away or changed makes it grow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from feedsvc.dates import Doubt, Label, Moment, Precision, Reason
from feedsvc.errors import Code, FetchError, PluginError, ReadError, SourceError
from feedsvc.model import (
    ArticleReading,
    Draft,
    Enclosure,
    Episode,
    EpisodeKind,
    Fetched,
    Image,
    Level,
    PageReading,
    SiteReading,
    Transcript,
)

__all__ = [
    "API",
    "MAX_DRAFTS",
    "ArticleReading",
    "Batch",
    "Child",
    "Code",
    "Doubt",
    "Draft",
    "Enclosure",
    "Episode",
    "EpisodeKind",
    "FeedReading",
    "FetchError",
    "Fetched",
    "Image",
    "Job",
    "Label",
    "Level",
    "Moment",
    "PageReading",
    "PluginError",
    "Poll",
    "Precision",
    "ReadError",
    "Reading",
    "Reason",
    "Request",
    "SitemapReading",
    "Source",
    "SourceError",
    "Tools",
    "Transcript",
]

API = 1  #: the version of what a plug-in sees
MAX_DRAFTS = 500  #: drafts of one batch: they are written in one short transaction
MiB = 1024 * 1024


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


Reading = PageReading | ArticleReading | FeedReading | SitemapReading | SiteReading


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One poll of a source, and how far earlier ones came."""

    url: str  #: as the configuration names it
    options: Mapping[str, Any]  #: the further keys of the source's kind
    cursor: str  #: what the last poll answered as its cursor; "" at the first one
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
    """What one poll came to."""

    drafts: tuple[Draft, ...] = ()  #: at most `MAX_DRAFTS`
    cursor: str = ""
    more: bool = False  #: there is more already: poll again at once; feeds are built at the end
    fetched: Fetched | None = None  #: the answer whose validators are kept
    ttl: int | None = None  #: seconds before which the source does not want to be asked again
    withdrawn_rows: tuple[str, ...] = ()  #: values of `row` that were taken back
    alive_rows: frozenset[str] | None = None  #: all values of `row` that there still are
    notes: tuple[str, ...] = ()  #: what was left out, for people


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What a source may use."""

    get: Callable[[Request], Fetched]  #: guarded, polite; raises FetchError
    read: Callable[[Job], Reading]  #: the readers, in a child process; raises ReadError


class Source(Protocol):
    """A kind of source besides pages and feeds. One poll makes at most one request."""

    level: Level  #: how much its statements count
    follow: bool  #: whether the article pages are read, where the configuration does not say

    def read(self, poll: Poll, tools: Tools) -> Batch:
        """What is new since the cursor. Raises SourceError; all else that it raises is a fault of its own."""
        ...
