"""What stands in a feed, whatever its dialect: the shape between the readers and the adapter.

Every reader (RSS, Atom, JSON Feed, feedparser) ends here; `adapt` alone turns this into drafts. So two
readers that find the same things give the same articles. Nothing is cleaned or resolved here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Text(NamedTuple):
    """A text with the way to read it. `base` is its own xml:base; "" means its entry's."""

    value: str = ""
    html: bool = False  #: markup and entities are to be undone; else every character is meant as it stands
    base: str = ""


class Medium(NamedTuple):
    """A picture or another file, with attributes as written."""

    url: str
    origin: str  #: media:content | media:thumbnail | enclosure | itunes:image | image …
    type: str = ""
    medium: str = ""
    width: str = ""
    height: str = ""
    length: str = ""
    caption: Text = Text()
    credit: str = ""


class Stamp(NamedTuple):
    """A date as written, and the element that it stands in."""

    text: str
    origin: str


class Link(NamedTuple):
    """An address as written, and the element that it stands in."""

    href: str
    origin: str


class File(NamedTuple):
    """A transcript, with attributes as written."""

    url: str
    type: str = ""
    language: str = ""
    relation: str = ""


class Airing(NamedTuple):
    """What an entry says of itself as an episode of a podcast, as written."""

    duration: str = ""
    number: str = ""
    season: str = ""
    kind: str = ""
    explicit: str = ""
    image: str = ""
    title: str = ""
    summary: Text = Text()
    transcripts: tuple[File, ...] = ()
    chapters: str = ""


class WireEntry(NamedTuple):
    """One item or entry. Where several elements may say a thing, the better one comes first."""

    base: str
    title: Text = Text()
    links: tuple[Link, ...] = ()
    guid: str = ""
    published: tuple[Stamp, ...] = ()
    updated: tuple[Stamp, ...] = ()
    authors: tuple[str, ...] = ()  #: as written: `mail (Name)` and all
    summary: Text = Text()
    content: Text = Text()
    content_origin: str = ""
    media: tuple[Medium, ...] = ()
    tags: tuple[str, ...] = ()
    language: str = ""
    airing: Airing | None = None


class Sealed(NamedTuple):
    """An entry that is taken apart only if that was not done before."""

    open: Callable[[], WireEntry]
    seal: bytes = b""  #: digest of all that the entry holds; b"": not to be remembered


class WireFeed(NamedTuple):
    """A whole feed."""

    base: str
    based: bool = False  #: it says itself to what addresses are relative (XML Base)
    site: str = ""  #: the site's address, as written
    title: Text = Text()
    entries: tuple[Sealed, ...] = ()
    context: str = ""  #: what else its entries' content depends on
    language: str = ""
    ttl: str = ""  #: minutes
    skip_hours: tuple[str, ...] = ()
    skip_days: tuple[str, ...] = ()
    period: str = ""  #: sy:updatePeriod
    frequency: str = ""  #: sy:updateFrequency
    hub: str = ""
    topic: str = ""
    notes: tuple[str, ...] = ()
