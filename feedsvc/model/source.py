"""Where articles come from: the site, its lists, the addresses that are fetched and what is taken there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from feedsvc.model.podcast import Show
from feedsvc.model.taker import Taker

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What others may do with what is served; "" and () say nothing."""

    statement: str = ""
    licence: str = ""  #: its address
    permits: tuple[str, ...] = ()  #: uses, in the words of RSL
    prohibits: tuple[str, ...] = ()
    usage: str = ""  #: the value of Content-Usage
    items: bool = False  #: each entry of RSS and Atom carries the licence for machines

    @property
    def rsl(self) -> bool:
        """Whether there is a licence for machines."""
        return bool(self.permits or self.prohibits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The newsroom that is served."""

    title: str
    url: str
    language: str
    zone: ZoneInfo
    namespace: str  #: uuid; public ids are minted from it
    base_url: str  #: where this service is reached, without a last slash
    description: str = ""
    contact: str = ""
    copyright: str = ""
    logo: str = ""
    icon: str = ""
    hubs: tuple[str, ...] = ()  #: of WebSub: our own first
    rights: Rights = Rights()
    accounts: tuple[tuple[str, str], ...] = ()  #: (service, name) of the newsroom elsewhere
    markdown: bool = False  #: whether RSS gives full texts in Markdown too

    @property
    def speaks_source(self) -> bool:
        """Whether its RSS declares the source namespace."""
        return self.markdown or bool(self.accounts)

    @property
    def documents(self) -> tuple[str, ...]:
        """Where the documents stand that are served whatever the lists are."""
        licence = ("/license.xml",) if self.rights.rsl else ()
        return (
            *("/", "/embed", "/feeds.opml", "/feeds-catalogue.json", "/news-sitemap.xml", "/robots.txt"),
            *("/.well-known/feed-menu.json", *licence),
        )


class ListKind(StrEnum):
    """What a list of articles means."""

    SECTION = "section"  #: a category; membership is for good
    BOX = "box"  #: what a page shows now; no category
    LATEST = "latest"  #: everything
    TAKER = "taker"  #: what one taker wants of everything; no category


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSpec:
    """A section, box or taker of the configuration: a list of articles that is served as feeds."""

    key: str  #: identity for ever (its first slug); feed ids are minted from it
    slug: str
    kind: ListKind
    title: str
    description: str = ""
    ranked: bool = False  #: keeps the page's order
    size: int = 50
    content: str = "auto"  #: full | summary | auto (full where the newsroom is the operator's own)
    language: str = ""
    max_age: int = 60  #: seconds, for Cache-Control and <ttl>
    position: int = 0  #: order in the directory
    combined: bool = False  #: its entries tell which section's feed they come from
    of: str = ""  #: key of the list whose articles it shows, if it is not its own
    by_entry: bool = False  #: each article once, when it first enters; newest entry first
    logo: str = ""
    icon: str = ""
    copyright: str = ""
    contact: str = ""
    merge_duplicates: bool = False  #: near-duplicates of one day are one entry
    keep: int | None = None  #: seconds after which its archives are dropped; None: never
    keep_count: int | None = None  #: how many articles it keeps at least, before the oldest archive goes
    was: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    retired: bool = False
    taker: Taker | None = None  #: of a kind TAKER alone
    show: Show | None = None  #: its entries are episodes of a podcast
    rights: Rights | None = None  #: its own; None: those of the site

    @property
    def path(self) -> str:
        """Where its feeds are served, without the extension of a format."""
        return f"/feeds/for/{self.slug}" if self.taker is not None else f"/feeds/{self.slug}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """One address that is fetched, whoever reads it: the unit of the due table."""

    key: str  #: identity over restarts and config edits
    name: str  #: for people
    kind: str  #: page | feed | article | …; names the reader
    url: str
    options: Mapping[str, Any] = field(default_factory=dict)  #: what the reader needs to know besides
    own: bool = False  #: the operator's own host: no gap, no floor, no robots
    every: int | None = None  #: wished seconds between two polls
    weight: float = 1.0  #: how much a minute's delay of its articles counts beside that of others
    language: str = ""
    zone: ZoneInfo = ZoneInfo("UTC")
    ladder: str = ""  #: key of the first rung, where it is one of several that stand in for each other
    rung: int = 0
    instead_of: str = ""  #: name of the first rung, where it is a later one
    patience: float = 0.0  #: seconds that a rung must be wrong, or well, until another one is read


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingSpec:
    """What one list takes from one upstream."""

    upstream: str  #: key of the upstream
    list: str  #: key of the list
    box: str = ""  #: the heading above the wanted list; empty: the main one
    select: Mapping[str, str] = field(default_factory=dict)  #: CSS selectors, where the machine is wrong
    match: str = ""  #: only articles whose address, title or category holds this
    exclude: str = ""  #: … and none that hold this
    pages: int = 1  #: how many pages of the list are read
    follow: bool | None = None  #: read each article's own page; None: where the reading leaves something open


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An answer of an upstream: 200 with a body, or 304 without one."""

    url: str  #: after redirects
    status: int
    body: bytes = b""  #: decoded of its content coding
    media_type: str = ""  #: lower case, without parameters
    charset: str = ""  #: as the header says, may be wrong
    etag: str = ""  #: as it came, byte for byte
    last_modified: str = ""  #: as it came
    at: datetime
    #: Cache-Control, Expires, Retry-After, Link, Date …; lower-case names
    hints: Mapping[str, str] = field(default_factory=dict)
    moved: str = ""  #: the target, when every redirect on the way was permanent
    seconds: float = 0.0
    length: int = 0  #: bytes of the whole thing, also where only a part came; 0: not told

    @property
    def unchanged(self) -> bool:
        """The upstream says that nothing is new (304)."""
        return self.status == 304
