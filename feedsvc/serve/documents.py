"""Ready documents: every header of both answers (200, 304) is made once, when a document is loaded."""

from __future__ import annotations

import gzip
import re
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from feedsvc.model import NOTHING, ReadyDocument
from feedsvc.serve.negotiation import codings, http_date
from feedsvc.serve.policy import policy_of

Headers = list[tuple[str, str]]

STALE = "stale-while-revalidate=30, stale-if-error=86400"
EXPOSED = "ETag, Last-Modified, Link, Retry-After"
ANY_ORIGIN = ("Access-Control-Allow-Origin", "*")
NO_SNIFF = ("X-Content-Type-Options", "nosniff")
FOREVER = 365 * 86400  #: seconds; a document of this age or more never changes
UNCODED_BYTES = 16 * 1024 * 1024  #: of documents without a coding that a process caches
_PLACE = re.compile(r"/feeds/(?:for/)?[^/.]+")  #: of a list
_WATCHED = re.compile(r"/feeds/([a-z0-9-]+)\.json")  #: feeds whose changes are streamed


class Variant:
    """One document in one coding: its bytes and both answers' headers."""

    __slots__ = ("body", "headers", "not_modified", "quoted", "tag")

    def __init__(
        self, row: ReadyDocument, coding: str, body: bytes, validators: Headers, about: Headers
    ) -> None:
        self.body = [body]  # granian sends a list whole; it iterates over anything else, for a sixth more CPU
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


def tag_of(row: ReadyDocument, coding: str, length: int) -> str:
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


def validators_of(row: ReadyDocument) -> Headers:
    """What stands on 200 and 304 alike, besides the tag."""
    kept = f"private, max-age={row.max_age}" if row.private else cache_control(row.max_age)
    return [
        ("Last-Modified", http_date(row.last_modified)),
        ("Cache-Control", kept),
        ("Vary", "Accept-Encoding"),
    ]


def present(headers: Headers, now: float) -> Headers:
    """`headers` with a Last-Modified that is not later than `now` (seconds), as RFC 9110 8.8.2.1 wants it.

    The publisher never takes the moment of a document back, so that one may lie ahead after a clock was set.
    """
    today = http_date(datetime.fromtimestamp(now, UTC))
    return [(name, today if name == "Last-Modified" else value) for name, value in headers]


class About:
    """What stands on a 200 alone, whatever the coding: type, links, what scripts and browsers may do.

    `frame_ancestors` may show embeds in a frame; `stream` is where changes of feeds are streamed, "" nowhere.
    `usage` is what feeds and lists say of machine learning (Content-Usage), "" nothing; `usages` what some
    lists say instead, by their path.
    """

    def __init__(
        self,
        frame_ancestors: Sequence[str] = ("*",),
        stream: str = "",
        usage: str = "",
        usages: Mapping[str, str] = NOTHING,
    ) -> None:
        self._usage = usage
        self._usages = usages
        self._ancestors = frame_ancestors
        self._stream = stream

    def __call__(self, row: ReadyDocument) -> Headers:
        found: Headers = [("Content-Type", row.media_type)]
        if row.media_type.startswith("text/html"):
            found += [
                ("Content-Security-Policy", policy_of(row.path, self._ancestors)),
                ("Referrer-Policy", "strict-origin-when-cross-origin"),
            ]
        elif row.private:
            found.append(("X-Robots-Tag", "noindex"))
        else:
            found += [ANY_ORIGIN, ("Access-Control-Expose-Headers", EXPOSED)]
        found.append(NO_SNIFF)
        usage = self._usage_of(row.path)
        if usage:
            found.append(("Content-Usage", usage))
        links = [*row.links]
        feed = _WATCHED.fullmatch(row.path) if self._stream else None
        if feed:
            links.append(("monitor", f"{self._stream}?feed={feed[1]}"))  # RFC 5989
        if links:
            found.append(("Link", ", ".join(f'<{target}>; rel="{rel}"' for rel, target in links)))
        return found

    def _usage_of(self, path: str) -> str:
        place = _PLACE.match(path)
        return self._usages.get(place[0], self._usage) if place else ""


class Document:
    """One path: its variants by coding, and the row that they were made from."""

    __slots__ = ("about", "last_modified", "location", "moment", "page", "row", "status", "variants")

    def __init__(self, row: ReadyDocument, about: Headers) -> None:
        self.row = row
        self.about = about
        self.status = row.status
        self.location = row.location
        self.page = row.page
        self.last_modified = row.last_modified
        self.moment = row.last_modified.timestamp()
        validators = validators_of(row)
        self.variants = {
            coding: Variant(row, coding, body, validators, about)
            for coding, body in (("br", row.br), ("gzip", row.gzip))
            if body
        }

    def variant(self, accept_encoding: str | None, uncoded: Uncoded) -> Variant:
        """The one that a client gets."""
        for coding in codings(accept_encoding):
            variant = self.variants.get(coding)
            if variant is not None:
                return variant
            if coding == "identity":
                break
        return uncoded.get(self)


class Uncoded:
    """A cache of documents without a coding: few ask for them, so they are unpacked from gzip."""

    def __init__(self, limit: int = UNCODED_BYTES) -> None:
        self._limit = limit
        self._cache: dict[Document, Variant] = {}
        self._size = 0
        self._lock = threading.Lock()

    def get(self, document: Document) -> Variant:
        """The document without a coding."""
        return self._cache.get(document) or self._keep(document)

    def forget(self, document: Document) -> None:
        """It is no longer served."""
        with self._lock:
            gone = self._cache.pop(document, None)
            if gone is not None:
                self._size -= len(gone.body[0])

    def _keep(self, document: Document) -> Variant:
        row = document.row
        body = gzip.decompress(row.gzip) if row.gzip else b""
        variant = Variant(row, "identity", body, validators_of(row), document.about)
        with self._lock:
            if document not in self._cache:
                self._cache[document] = variant
                self._size += len(body)
            while self._size > self._limit:  # the one that was unpacked first goes first
                oldest = next(iter(self._cache))
                self._size -= len(self._cache.pop(oldest).body[0])
        return variant
