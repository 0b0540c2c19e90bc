"""Articles: one story, kept once, whoever lists it; and what was ever said about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import NamedTuple

from feedsvc.dates import Precision
from feedsvc.model.podcast import Episode
from feedsvc.model.reading import Draft, Enclosure, Image


class Level(IntEnum):
    """How much a statement about an article counts: the smaller, the more."""

    HAND = -1  #: an editor's correction
    STORE = 0  #: the newsroom's own database, files or API
    PAGE = 1  #: the article's page
    FEED = 2  #: an entry of a feed
    SITEMAP = 3
    LIST = 4  #: a headline in a list


class Key(NamedTuple):
    """One of the names under which an article is known."""

    kind: str  #: row | guid | address
    scope: str  #: key of the upstream for rows and guids; "" for addresses
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The last thing that one upstream said about an article."""

    upstream: int  #: 0: the editor's hand
    upstream_key: str
    level: Level
    draft: Draft
    at: datetime
    upstream_url: str = ""  #: where the upstream is read; "" for what has no address (the API, an editor)


class State(StrEnum):
    """Where an article stands."""

    WAITING = "waiting"  #: seen, its page not yet read; or under embargo
    LIVE = "live"
    WITHDRAWN = "withdrawn"
    HIDDEN = "hidden"  #: by the editor's hand
    MERGED = "merged"  #: it turned out to be another one that was known before
    RETIRED = "retired"  #: past its retention; only its names are kept, so that it never comes back as new


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What readers see of an article: the statements about it, merged."""

    url: str = ""
    title: str = ""
    summary: str = ""  #: plain text
    content: str = ""  #: clean HTML
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    image: Image | None = None
    enclosures: tuple[Enclosure, ...] = ()
    language: str = ""
    section: str = ""
    episode: Episode | None = None
    origin: Mapping[str, str] = field(default_factory=dict, compare=False)  #: field → where it came from


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article."""

    no: int  #: row number; never leaves the service
    id: str  #: public and for ever; "" until it is first served
    state: State
    story: Story
    published: datetime | None = None  #: UTC, settled when first served
    precision: Precision | None = None
    offset: int | None = None  #: minutes east of UTC, as the source wrote it
    updated: datetime | None = None  #: moves only when visible content changes
    first_seen: datetime
    own: bool = False  #: from the operator's own newsroom: full text by default
    withdrawn: datetime | None = None
    erased: bool = False  #: its texts were removed for ever

    def __post_init__(self) -> None:
        for moment in (self.published, self.updated, self.first_seen):
            if moment is not None and moment.tzinfo is None:
                raise ValueError("an article's moments carry their zone")
