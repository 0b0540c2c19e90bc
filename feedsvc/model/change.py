"""What a reading means for the articles: asked of the store, decided by `curate`, obeyed by the store.

drafts ──prepare──► Fresh ──(store answers: Known)──► decide ──► Plan ──(store obeys)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from feedsvc.dates import Precision
from feedsvc.model.article import Article, Key, Level, Statement, Story
from feedsvc.model.reading import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in a list that a reading gives an article."""

    list: str  #: key of the list
    rank: int  #: 0 is the first of the reading
    backfill: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """One article as one reading saw it, ready to be matched."""

    draft: Draft
    level: Level
    digest: bytes  #: equal digests: the upstream says what it said before
    keys: tuple[Key, ...]  #: strongest first
    places: tuple[Place, ...] = ()
    follow: bool = False  #: its page is to be read
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the store knows of an article that a reading may be about."""

    article: Article
    digest: bytes  #: of the visible story
    said: bytes | None  #: digest of what this upstream said last; None: nothing yet
    lists: frozenset[str]  #: where it stands now
    ready: bool = False
    statements: tuple[Statement, ...] = ()  #: of all upstreams; only where `said` is not what is said now
    places: tuple[Place, ...] = ()  #: where it stands, with its place
    withdrawn_by: Level | None = None  #: who took it back: HAND, STORE, or PAGE (its page was gone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The store's answer to: which of these keys do you know?"""

    keys: Mapping[Key, int] = field(default_factory=dict)
    articles: Mapping[int, Stored] = field(default_factory=dict)
    left: tuple[int, ...] = ()  #: articles of the reading before that are not in this one
    together: frozenset[frozenset[int]] = frozenset()  #: pairs of them that one list shows side by side now


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArticle:
    """An article that nobody had seen. Its reference in the same plan is its position, as -1, -2, …"""

    fresh: Fresh
    keys: tuple[Key, ...]  #: its names; those that another article had are its own from now on
    story: Story
    digest: bytes
    ready: bool  #: nothing is waited for
    release_at: datetime  #: when it goes live at the latest
    release: Release | None = None  #: it goes live at once, so
    suspects: tuple[int, ...] = ()  #: articles that left a list as it appeared: it may be one of them, moved
    instead_of: int | None = None  #: the article whose address it took over, with its page and its places


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A known article of which an upstream says something new."""

    article: int
    fresh: Fresh
    story: Story
    digest: bytes
    visible: bool  #: readers see a difference: a revision, and `updated` moves
    ready: bool  #: what was waited for has come
    shown: bool = False  #: what is served changes, but nothing that a reader would notice (its address)
    reread: bool = False  #: its headline changed in a list: poll its page at once
    revive: bool = False  #: it was withdrawn and is back


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Two articles that turned out to be one."""

    goes: int
    stays: int  #: the one that was known first; it keeps its id and its dates
    story: Story
    digest: bytes
    visible: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the store is to do, in one transaction."""

    new: tuple[NewArticle, ...] = ()
    corrections: tuple[Correction, ...] = ()
    keys: tuple[tuple[Key, int], ...] = ()  #: further names of known articles
    places: tuple[tuple[int, Place], ...] = ()  #: (article or -position, place) that do not exist yet
    ranked: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  #: list → its articles, in order
    withdraw: tuple[int, ...] = ()
    merge: tuple[Merge, ...] = ()
    reread: tuple[int, ...] = ()  #: articles whose pages are polled at once
    undecided: bool = False  #: the page is to be read again as a whole, even if it says the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An article that is about to go live."""

    article: Article
    statements: tuple[Statement, ...]
    keys: tuple[Key, ...]
    rank: int  #: in the list where it was first seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """How an article goes live: its identity and its dates are settled here, for ever."""

    article: int
    ids: Iterable[str]  #: the public id, then what to take where another article has it; as often as asked
    published: datetime
    precision: Precision | None  #: None: no source gave a date
    offset: int | None
    updated: datetime
    origin: str  #: where the date came from
    embargo: datetime | None = None  #: not before this moment; all else is settled then
