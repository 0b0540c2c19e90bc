"""The desks of the newsroom, with the habits that tell their pages apart."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

NAME = "Kabar Merawan"
CLAIM = {"id": "Berita dari pulau ke pulau", "en": "News from island to island"}


class Metadata(StrEnum):
    """What the head of an article page tells machines."""

    FULL = "full"  #: ld+json and og:, local time with its offset
    GRAPH = "graph"  #: ld+json with @graph, as a well-known plug-in writes it, and og:
    OPEN_GRAPH = "og"  #: og: and article: metas alone
    UTC = "utc"  #: an array of ld+json objects, times in UTC
    NONE = "none"  #: nothing at all; only the visible lines tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A section of the newsroom."""

    slug: str
    title: str
    about: str
    share: int  #: stories in every dozen
    metadata: Metadata
    language: str = "id"
    minutes: bool = True  #: lists print the minute, not the day alone
    lost_canonical: bool = (
        False  #: its list pages name the home page as their canonical address (dirt of real sites)
    )
    full_feed: bool = False  #: its feed carries the whole text

    @property
    def path(self) -> str:
        """Where its list stands."""
        return "/en/" if self.slug == "en" else f"/{self.slug}"

    @property
    def feed(self) -> str:
        """Where its RSS feed stands."""
        return "/en/feed.xml" if self.slug == "en" else f"/{self.slug}/rss"

    @property
    def kicker(self) -> str:
        """The word above a headline."""
        return "News" if self.language == "en" else "Berita"


DESKS = (
    Desk(
        slug="politik",
        title="Politik",
        about="Dewan, pemilihan, dan balai kota dari seluruh kepulauan.",
        share=3,
        metadata=Metadata.FULL,
        full_feed=True,
    ),
    Desk(
        slug="hukum",
        title="Hukum",
        about="Kabar dari kepolisian, kejaksaan, dan ruang sidang.",
        share=2,
        metadata=Metadata.NONE,
    ),
    Desk(
        slug="ekonomi",
        title="Ekonomi",
        about="Harga, panen, pelabuhan, dan usaha warga.",
        share=2,
        metadata=Metadata.OPEN_GRAPH,
    ),
    Desk(
        slug="dunia",
        title="Dunia",
        about="Peristiwa di negeri orang dan cerita WNI di sana.",
        share=2,
        metadata=Metadata.GRAPH,
    ),
    Desk(
        slug="nusantara",
        title="Nusantara",
        about="Dari kampung, pesisir, dan pegunungan.",
        share=2,
        metadata=Metadata.UTC,
        minutes=False,
        lost_canonical=True,
    ),
    Desk(
        slug="en",
        title="World",
        about="The English desk: the islands and the world.",
        share=1,
        metadata=Metadata.FULL,
        language="en",
        full_feed=True,
    ),
)
BY_SLUG = {desk.slug: desk for desk in DESKS}
INDONESIAN = tuple(desk for desk in DESKS if desk.language == "id")
ENGLISH = tuple(desk for desk in DESKS if desk.language == "en")
