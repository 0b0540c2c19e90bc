"""What is served: entries, the feeds that carry them, the ready bytes; and the report of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from feedsvc.errors import Code
from feedsvc.model.article import Article


class Format(StrEnum):
    """The formats of a feed. The value is the extension of its address."""

    RSS = "rss"
    ATOM = "atom"
    JSON = "json"

    @property
    def media_type(self) -> str:
        """The media type with its charset, as it is served (RFC 8259: JSON has no charset parameter)."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    Format.RSS: "application/rss+xml; charset=utf-8",
    Format.ATOM: "application/atom+xml; charset=utf-8",
    Format.JSON: "application/feed+json",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """One entry in one format, as bytes that a feed is joined from.

    head + (summary) + (content, or `instead` where it is left out) + (source, in combined feeds) + tail;
    where neither is wanted, `bare` takes the place of both.
    """

    head: bytes
    summary: bytes
    content: bytes
    tail: bytes
    instead: bytes = b""
    bare: bytes = b""
    source: bytes = b""


@dataclass(frozen=True, slots=True)
class Part:
    """An entry as one feed carries it."""

    fragment: Fragment
    full: bool = True  #: with its full text
    combined: bool = False  #: with the feed that it comes from
    extra: bytes = b""  #: what only this feed says of it, in the feed's format


@dataclass(frozen=True, slots=True)
class Element:
    """An element of an RSS extension that a taker asks for, named with the usual prefix (mi:shortTitle)."""

    name: str
    text: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple[Element, ...] = ()
    markup: bool = False  #: its text is written as a CDATA section


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHead:
    """All that stands in a feed besides its entries."""

    id: str
    title: str
    description: str
    url: str  #: its own address
    page: str  #: the same for people
    language: str
    updated: datetime
    ttl: int  #: seconds
    site_title: str
    site_url: str
    copyright: str = ""
    contact: str = ""
    logo: str = ""
    icon: str = ""
    hubs: tuple[str, ...] = ()  #: of WebSub
    previous: str = (
        ""  #: the archive document before this one (RFC 5005), or before the subscription document
    )
    following: str = ""  #: of an archive: the one after it
    current: str = ""  #: of an archive: the subscription document
    tombstones: tuple[tuple[str, datetime], ...] = ()  #: (id, moment) of withdrawn articles; in Atom alone
    elements: tuple[Element, ...] = ()  #: what a taker's RSS has besides
    show: tuple[Element, ...] = ()  #: what RSS and Atom have of a podcast besides
    prefixes: tuple[str, ...] = ()  #: that RSS and Atom declare besides
    namespaces: tuple[str, ...] = ()  #: prefixes that a taker's RSS declares besides
    rights: str = ""
    licence: str = ""  #: its address (RFC 4946)
    dated: bool = False  #: with a pubDate: the moment of the last change


@dataclass(frozen=True, slots=True)
class Category:
    """A section that an article stands in."""

    term: str  #: slug
    label: str
    scheme: str  #: the address under which the terms have their meaning


@dataclass(frozen=True, slots=True)
class FeedSource:
    """The feed that an entry of a combined feed comes from."""

    id: str
    title: str
    url: str  #: without the format's extension


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowEntry:
    """An article's place in the window of a feed, in the order of the feed."""

    article: Article
    digest: bytes  #: what its fragments were or will be rendered from
    categories: tuple[Category, ...] = ()
    full: bool = True  #: full text is allowed here
    source: FeedSource | None = None  #: the section's feed, for combined feeds
    extra: dict[str, object] | None = None  #: rank, previous rank and since when, in a ranked box
    related: tuple[tuple[str, str, str], ...] = ()  #: (id, address, title) of near-equal articles within it
    elements: tuple[Element, ...] = ()  #: what a taker's RSS has besides
    picture: tuple[Element, ...] = ()  #: what its RSS says of the picture besides
    namespaces: tuple[str, ...] = ()  #: prefixes that a taker's RSS declares
    permalink: bool = False  #: its id is its address
    episode: bool = False  #: the feed is a podcast
    terms: tuple[Element, ...] = ()  #: its licence for machines, in RSS and Atom
    markdown: bool = False  #: whether RSS gives its full text in Markdown too


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What pages link to from an article, besides its address."""

    sections: Mapping[int, tuple[str, ...]] = field(default_factory=dict)  #: article → keys of its sections
    #: (article, `tag` or `author`, key of the name) → slug
    slugs: Mapping[tuple[int, str, str], str] = field(default_factory=dict)


#: Stands for a feed's own address in its head, until it is known under which one it is served.
SELF = "https://self.invalid/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What surrounds the entries of a feed. The address of the feed itself reads `SELF` in it."""

    head: bytes
    separator: bytes  #: between two entries
    tail: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The ready bytes of one document, plain, gzip and Brotli, with all that its headers say."""

    path: str  #: "/feeds/politik.rss"
    media_type: str
    etag: str  #: hash of the identity bytes, without quotes and coding
    last_modified: datetime  #: when these bytes were stored; strictly rising for a path
    max_age: int
    identity: bytes
    gzip: bytes = b""
    br: bytes = b""
    links: tuple[tuple[str, str], ...] = ()  #: (relation, address) of the Link header, self first
    page: str = ""  #: where a browser's navigation is sent (303)
    status: int = 200
    location: str = ""  #: for a status of 301
    frame: Frame | None = None  #: of a feed, for variants of it


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """What one poll of one upstream came to."""

    name: str
    url: str
    kind: str
    outcome: str  #: ok | unchanged | failed | skipped
    status: int | None = None
    found: int | None = None  #: articles of the reading; None: nothing was read
    new: int = 0
    changed: int = 0
    seconds: float = 0.0
    code: Code | None = None
    message: str = ""
    next_due: datetime | None = None

    @property
    def failed(self) -> bool:
        """Whether a person should look at it."""
        return self.outcome == "failed"
