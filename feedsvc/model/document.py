"""Documents on their way to a client: as stored or built, and what an address may ask of a feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from feedsvc.model.feed import Frame, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltDocument:
    """What was built because somebody asked for it, before it is coded."""

    identity: bytes
    media_type: str
    last_modified: datetime
    max_age: int  #: seconds
    links: tuple[tuple[str, str], ...]
    page: str = ""  #: of a feed: where a browser's navigation is sent
    private: bool = False  #: for members alone: no shared cache may keep it


class Absent(Enum):
    """Why an address that could be built on demand has no document."""

    MISSING = 404
    GONE = 410  #: an archive that retention dropped


@dataclass(frozen=True, slots=True)
class FeedOptions:
    """What a query string asks of a feed."""

    query: str = ""  #: the options in the one spelling in which our own links write them
    limit: int | None = None  #: entries
    content: str | None = None  #: full | summary | none


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyDocument:
    """A document as it is served: its codings, and all that its headers say.

    Its uncoded bytes are left out: unpacking gzip costs little, keeping them costs memory.
    """

    path: str
    number: int  #: of the publication that brought it
    media_type: str
    etag: str
    last_modified: datetime
    max_age: int
    gzip: bytes
    br: bytes = b""
    links: Sequence[Sequence[str]] = ()  #: (relation, address)
    page: str = ""
    status: int = 200
    location: str = ""
    entries: str = "[]"  #: JSON: [article, full text, combined, extra] of each entry of a feed, in order
    frame: Frame | None = None  #: of a feed, for variants of it
    static: bool = True  #: its moment and length distinguish it from all that stood at its path
    private: bool = False  #: for members alone: no shared cache may keep it


def ready(snapshot: Snapshot) -> ReadyDocument:
    """A document that no publication brought: a file of the package, or one of an export."""
    return ReadyDocument(
        path=snapshot.path,
        number=0,
        media_type=snapshot.media_type,
        etag=snapshot.etag,
        last_modified=snapshot.last_modified,
        max_age=snapshot.max_age,
        gzip=snapshot.gzip,
        br=snapshot.br,
        links=snapshot.links,
        page=snapshot.page,
    )
