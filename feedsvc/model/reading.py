"""What readers found in the bytes: lists of headlines, drafts of articles, with their evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from feedsvc.dates import Doubt, Moment
from feedsvc.model.podcast import Episode


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture, as far as it is known; 0 and "" mean unknown."""

    url: str
    width: int = 0
    height: int = 0
    type: str = ""
    length: int = 0
    caption: str = ""
    credit: str = ""
    thumbnail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file that an upstream's entry carries (podcast, video)."""

    url: str
    type: str = ""
    length: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """One item of a list on a page."""

    url: str  #: absolute, as linked (tracking parameters removed)
    title: str  #: as a person reads it; plain text
    published: Moment | None = None
    doubt: Doubt | None = None  #: why a printed date was not taken
    summary: str = ""  #: plain text
    image: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundList:
    """A list that stands on a page."""

    role: str  #: main | box
    heading: str  #: exactly as printed; "" where there is none
    items: tuple[Headline, ...]
    score: float = 0.0
    confidence: float = 1.0  #: 0 to 1; how often it holds: docs/reading.md, "Lists"
    why: str = ""  #: what spoke for it and against it, for people
    select: str = ""  #: CSS that finds its items again, to paste into the config


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReading:
    """A section page, home page or any other page with lists on it."""

    url: str
    lists: tuple[FoundList, ...]  #: at most one has the role main; it comes first
    verdict: str = "ok"  #: ok | no-list | login | blocked | app-shell | article | empty
    hint: str = ""  #: what to do next, where the verdict is not ok
    older: tuple[str, ...] = ()  #: addresses of the following (older) pages of the main list, nearest first
    rejected: Mapping[str, int] = field(default_factory=dict)  #: reason → number of links not taken
    language: str = ""  #: as the page declares it
    canonical: str = ""

    @property
    def main(self) -> FoundList | None:
        """The list that a feed of this page carries."""
        return next((found for found in self.lists if found.role == "main"), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Everything that one reading says about one article. Empty fields say nothing (not: "has none")."""

    url: str = ""  #: canonical, clean; empty only for rows of a source that has no addresses
    title: str = ""
    guid: str = ""  #: the upstream's own id, verbatim
    row: str = ""  #: the source store's row id
    published: Moment | None = None
    updated: Moment | None = None
    doubt: Doubt | None = None
    authors: tuple[str, ...] = ()  #: people, in order
    summary: str = ""  #: plain text
    content: str = ""  #: clean HTML, absolute addresses
    image: Image | None = None
    enclosures: tuple[Enclosure, ...] = ()
    tags: tuple[str, ...] = ()
    section: str = ""  #: as the article names it
    language: str = ""
    also: tuple[str, ...] = ()  #: other addresses that lead here (redirected from, AMP, former)
    state: str = "published"  #: published | withdrawn (rows with a status)
    embargo: bool = False  #: a future date is meant (source store, API)
    episode: Episode | None = None  #: what it is as an episode of a podcast
    origin: Mapping[str, str] = field(default_factory=dict)  #: field → where it came from
    #: field → how sure the reader is of it, 0 to 1; `list`: of the list that shows the article
    confidence: Mapping[str, float] = field(default_factory=dict)

    def told_sure(self, name: str) -> str:
        """How sure the reader was of a field, for people, behind what else is told; "" if nothing says."""
        sure = self.confidence.get(name)
        return "" if sure is None else f", {sure:.0%} sure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing that an article page says about one field."""

    field: str
    value: str
    origin: str  #: ld+json, meta property=…, h1, date line, …
    used: bool = False
    note: str = ""  #: why it was not used, or what it contradicts


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleReading:
    """An article page."""

    draft: Draft
    body_text: str = ""  #: the body as plain text, a paragraph a line
    evidence: tuple[Evidence, ...] = ()
    probably_article: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuLink:
    """A link with the words that a page shows for it."""

    url: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteReading:
    """What a home page tells of its site; "" where it does not."""

    url: str
    name: str
    description: str
    language: str  #: two letters
    timezone: str  #: as address and language tell it
    links: tuple[MenuLink, ...]  #: candidates for sections, those in menus first
    feeds: tuple[MenuLink, ...]  #: that the page names (rel=alternate)
    wordpress: str  #: the address of WordPress's REST API
