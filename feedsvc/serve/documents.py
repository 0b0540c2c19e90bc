"""Ready documents: every header of both answers (200, 304) is made once, when a document is loaded."""

from __future__ import annotations

import gzip
import re
import threading
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from feedsvc.serve.negotiation import codings, http_date
from feedsvc.serve.policy import policy_of

Headers = list[tuple[str, str]]

STALE = "stale-while-revalidate=30, stale-if-error=86400"
EXPOSED = "ETag, Last-Modified, Link, Retry-After"
ANY_ORIGIN = ("Access-Control-Allow-Origin", "*")
NO_SNIFF = ("X-Content-Type-Options", "nosniff")
FOREVER = 365 * 86400  #: seconds; a document of this age or more never changes
RARE_BYTES = 16 * 1024 * 1024  #: of documents in rare codings that a process keeps; others are made each time
ZSTD = 5  #: level: beyond it the work is twice as much and saves 2 %
_WATCHED = re.compile(r"/feeds/([a-z0-9-]+)\.json")  #: feeds whose changes are streamed


class Row(Protocol):
    """A stored snapshot, as the store hands it out."""

    @property
    def path(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def media_type(self) -> str: ...
    @property
    def etag(self) -> str: ...
    @property
    def last_modified(self) -> datetime: ...
    @property
    def max_age(self) -> int: ...
    @property
    def gzip(self) -> bytes: ...
    @property
    def br(self) -> bytes: ...
    @property
    def links(self) -> Sequence[Sequence[str]]: ...
    @property
    def page(self) -> str: ...
    @property
    def status(self) -> int: ...
    @property
    def location(self) -> str: ...
    @property
    def static(self) -> bool: ...


class Variant:
    """One document in one coding: its bytes and both answers' headers."""

    __slots__ = ("body", "headers", "not_modified", "quoted", "tag")

    def __init__(self, row: Row, coding: str, body: bytes, validators: Headers, about: Headers) -> None:
        self.body = [
            body
        ]  # a list, which granian sends whole; what else it gets it iterates over, for a sixth more CPU
        self.tag = tag_of(row, coding, len(body))
        self.quoted = f'"{self.tag}"'
        # RFC 9110 15.4.5: what a cache needs to update what it has, and nothing that it has already
        self.not_modified: Headers = [("ETag", self.quoted), *validators]
        if ANY_ORIGIN in about:
            self.not_modified.append(ANY_ORIGIN)
        self.headers: Headers = [
            ("ETag", self.quoted),
            *validators,
            *about,
            ("Content-Length", str(len(body))),
        ]
        if coding != "identity":
            self.headers.append(("Content-Encoding", coding))


def tag_of(row: Row, coding: str, length: int) -> str:
    """The tag of one coding of a document, without its quotes (decision 15).

    Of what the publisher stored: its moment, which is never given twice for a path, and its length, which no
    two codings share (render.freeze). That is the tag that nginx gives the same file, so that an export has
    the same validators. Of what is built on demand: a hash of its bytes.
    """
    if row.static:
        return f"{int(row.last_modified.timestamp()):x}-{length:x}"
    return f"{row.etag}.{coding}"


def cache_control(max_age: int) -> str:
    """How long caches may keep a document; shared ones half as long, as their copies add up."""
    if max_age >= FOREVER:
        return f"public, max-age={max_age}, immutable"  # RFC 8246
    return f"public, max-age={max_age}, s-maxage={max(1, max_age // 2)}, {STALE}"


def validators_of(row: Row) -> Headers:
    """What stands on 200 and 304 alike, besides the tag."""
    return [
        ("Last-Modified", http_date(row.last_modified)),
        ("Cache-Control", cache_control(row.max_age)),
        ("Vary", "Accept-Encoding"),
    ]


class About:
    """What stands on a 200 alone, whatever the coding: type, links, what scripts and browsers may do.

    `frame_ancestors` may show embeds in a frame; `stream` is where changes of feeds are told, "" nowhere.
    """

    def __init__(self, frame_ancestors: Sequence[str] = ("*",), stream: str = "") -> None:
        self._ancestors = frame_ancestors
        self._stream = stream

    def __call__(self, row: Row) -> Headers:
        found: Headers = [("Content-Type", row.media_type)]
        if row.media_type.startswith("text/html"):
            found += [
                ("Content-Security-Policy", policy_of(row.path, self._ancestors)),
                ("Referrer-Policy", "strict-origin-when-cross-origin"),
            ]
        else:
            found += [ANY_ORIGIN, ("Access-Control-Expose-Headers", EXPOSED)]
        found.append(NO_SNIFF)
        links = [*row.links]
        feed = _WATCHED.fullmatch(row.path) if self._stream else None
        if feed:
            links.append(("monitor", f"{self._stream}?feed={feed[1]}"))  # RFC 5989
        if links:
            found.append(("Link", ", ".join(f'<{target}>; rel="{rel}"' for rel, target in links)))
        return found


class Document:
    """One path: its variants by coding, and the row that they were made from."""

    __slots__ = ("about", "last_modified", "location", "page", "row", "status", "variants")

    def __init__(self, row: Row, about: Headers) -> None:
        self.row = row
        self.about = about
        self.status = row.status
        self.location = row.location
        self.page = row.page
        self.last_modified = row.last_modified
        validators = validators_of(row)
        self.variants = {
            coding: Variant(row, coding, body, validators, about)
            for coding, body in (("br", row.br), ("gzip", row.gzip))
            if body
        }

    def variant(self, accept_encoding: str | None, rare: Rare) -> Variant:
        """The one that a client gets."""
        for coding in codings(accept_encoding):
            found = self.variants.get(coding)
            if found is None and coding == "zstd" and self.row.static:
                found = rare.zstandard(self)
            if found is not None:
                return found
            if coding == "identity":
                break
        return rare.plain(self)


def zstandard_of(row: Row) -> bytes:
    """What the publisher stored, in Zstandard; b"" where another coding has the same length already.

    No two codings of a document may have one length: it makes the tag (see `tag_of`).
    """
    import zstandard  # here: hardly any process needs it, and one must be ready at once

    if not row.gzip:
        return b""
    plain = gzip.decompress(row.gzip)
    made = zstandard.ZstdCompressor(level=ZSTD).compress(plain)
    return b"" if len(made) in {len(plain), len(row.gzip), len(row.br)} else made


class Rare:
    """Variants that few ask for, made from gzip and kept for a while: uncoded ones, and Zstandard.

    Who takes Zstandard nearly always takes Brotli too; kept ready, a third of the memory would be for it.
    """

    def __init__(self, limit: int = RARE_BYTES) -> None:
        self._limit = limit
        self._kept: dict[tuple[Document, str], Variant] = {}
        self._size = 0
        self._lock = threading.Lock()

    def plain(self, document: Document) -> Variant:
        """The document without a coding."""
        found = self._kept.get((document, "identity"))
        if found is None:
            row = document.row
            found = self._keep(document, "identity", gzip.decompress(row.gzip) if row.gzip else b"")
        return found

    def zstandard(self, document: Document) -> Variant | None:
        """The document in Zstandard; None where it is not to be had in it."""
        found = self._kept.get((document, "zstd"))
        if found is None:
            body = zstandard_of(document.row)
            found = self._keep(document, "zstd", body) if body else None
        return found

    def forget(self, document: Document) -> None:
        """It is no longer served."""
        with self._lock:
            for coding in ("identity", "zstd"):
                gone = self._kept.pop((document, coding), None)
                if gone is not None:
                    self._size -= len(gone.body[0])

    def _keep(self, document: Document, coding: str, body: bytes) -> Variant:
        made = Variant(document.row, coding, body, validators_of(document.row), document.about)
        key = document, coding
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made
                self._size += len(body)
            while self._size > self._limit:  # the one that was made first goes first
                gone = next(iter(self._kept))
                self._size -= len(self._kept.pop(gone).body[0])
        return made
