"""Who publishes through the API, what they send, and what a request expects of the article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from feedsvc.model.podcast import Episode
from feedsvc.model.reading import Enclosure, Image


@dataclass(frozen=True, slots=True)
class Newsroom:
    """The holder of a token."""

    name: str
    sections: frozenset[str] | None = None  #: keys of those that it may publish into; None: all

    @property
    def source(self) -> str:
        """The key of the source that its own system is."""
        return f"api:{self.name}"[:64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The preconditions of a request that writes (RFC 9110 13.1.1, 13.1.2), by versions of the article.

    None: anything will do. An empty set stands for `*`.
    """

    match: frozenset[str] | None = None
    none_match: frozenset[str] | None = None

    def allows(self, version: str | None) -> bool:
        """Whether the article, which is at `version` (None: there is none), is as it was expected."""
        if self.match is not None and (version is None or (self.match and version not in self.match)):
            return False
        if self.none_match is None or version is None:
            return True
        return bool(self.none_match) and version not in self.none_match


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """An article as a newsroom's own system publishes it. Texts are as they came; sections are slugs."""

    id: str = ""  #: the system's own
    url: str = ""
    title: str
    content: str = ""  #: HTML
    summary: str = ""
    authors: tuple[str, ...] = ()
    sections: tuple[str, ...]
    tags: tuple[str, ...] = ()
    image: Image | None = None
    enclosures: tuple[Enclosure, ...] = ()
    published: datetime | None = None  #: in the future: an embargo
    updated: datetime | None = None
    language: str = ""
    episode: Episode | None = None
