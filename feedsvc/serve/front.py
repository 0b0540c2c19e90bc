"""The front: a WSGI application that answers feeds by looking them up, before Flask and without it.

An eager request never waits for the store, an upstream or a render (decision 12). Everything else passes a
semaphore, so that slow requests cannot take every thread.
"""

from __future__ import annotations

import gzip
import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol

from feedsvc.errors import FeedsvcError
from feedsvc.serve.choose import codings, http_date, not_modified
from feedsvc.serve.lazies import BadOptionError, Lazies, ReadyRow, Wanted, variant_of, wanted

log = logging.getLogger(__name__)

Headers = list[tuple[str, str]]
StartResponse = Callable[[str, Headers], Any]
Wsgi = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

SLOW_LANES = 4  #: requests that are no look-up, at once, in one process
LANE_WAIT = 2.0  #: seconds that a request waits for a lane
KEEP_PLAIN = 16 * 1024  #: bytes of an uncoded document that are kept; larger ones are unpacked each time
LOOK_EVERY = 0.25  #: seconds between two looks into the store, for publications of other machines
FIRST_START = 15.0  #: seconds after which a store that cannot be read is a fault
STALE = "stale-while-revalidate=30, stale-if-error=86400"
FEED_METHODS = "GET, HEAD, OPTIONS"
EXPOSED = "ETag, Last-Modified, Link, Retry-After"
TEXT = ("Content-Type", "text/plain; charset=utf-8")
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' https: http: data:; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


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
    def zstd(self) -> bytes: ...
    @property
    def links(self) -> Sequence[Sequence[str]]: ...
    @property
    def page(self) -> str: ...
    @property
    def status(self) -> int: ...
    @property
    def location(self) -> str: ...


class Variant:
    """One document in one coding: its bytes and both answers' headers, made once."""

    __slots__ = ("body", "headers", "not_modified", "quoted", "tag")

    def __init__(self, row: Row, coding: str, body: bytes) -> None:
        self.body = body
        self.tag = f"{row.etag}.{coding}"
        self.quoted = f'"{self.tag}"'
        shared = [
            ("ETag", self.quoted),
            ("Last-Modified", http_date(row.last_modified)),
            ("Cache-Control", f"public, max-age={row.max_age}, s-maxage={max(1, row.max_age // 2)}, {STALE}"),
            ("Vary", "Accept-Encoding"),
        ]
        if row.links:
            shared.append(("Link", ", ".join(f'<{target}>; rel="{rel}"' for rel, target in row.links)))
        shared += _extra(row.media_type)
        # RFC 9110 15.4.5: a 304 carries what a cache needs; Link so that hubs are found on either answer
        self.not_modified = shared
        self.headers = [("Content-Type", row.media_type), ("Content-Length", str(len(body))), *shared]
        if coding != "identity":
            self.headers.append(("Content-Encoding", coding))


def _extra(media_type: str) -> Headers:
    if media_type.startswith("text/html"):
        return [
            ("Content-Security-Policy", PAGE_POLICY),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "strict-origin-when-cross-origin"),
        ]
    return [
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Expose-Headers", EXPOSED),
        ("X-Content-Type-Options", "nosniff"),
    ]


class Document:
    """One path: its variants by coding.

    The identity is not kept beside the codings: a client that takes none gets it unpacked.
    """

    __slots__ = ("_plain", "last_modified", "location", "page", "row", "status", "variants")

    def __init__(self, row: Row) -> None:
        self.status = row.status
        self.location = row.location
        self.page = row.page
        self.last_modified = row.last_modified
        self.row = row
        bodies = {"br": row.br, "zstd": row.zstd, "gzip": row.gzip}
        self.variants = {coding: Variant(row, coding, body) for coding, body in bodies.items() if body}
        self._plain: Variant | None = None

    def variant(self, accept_encoding: str | None) -> Variant:
        """The one that a client gets."""
        for coding in codings(accept_encoding):
            if coding in self.variants:
                return self.variants[coding]
            if coding == "identity":
                break
        return self.plain()

    def plain(self) -> Variant:
        """The document without a coding."""
        if self._plain is None:
            made = Variant(self.row, "identity", gzip.decompress(self.row.gzip))
            if len(made.body) <= KEEP_PLAIN:
                self._plain = made
            return made
        return self._plain


class Front:
    """Answers eager paths from memory, lazy feeds from `lazies`; hands everything else to `others`.

    `generation` gives the number of the newest publication of this machine (a memory read), `newest` the
    store's, `load` the rows after a number; `others` makes the application for the rest at its first use.
    """

    def __init__(
        self,
        *,
        generation: Callable[[], int],
        newest: Callable[[], int],
        load: Callable[[int], Sequence[Row]],
        lazies: Lazies,
        others: Callable[[], Wsgi],
        base_url: str,
    ) -> None:
        self._generation = generation
        self._newest = newest
        self._load = load
        self._lazies = lazies
        self._make_others = others
        self._others: Wsgi | None = None
        self._others_lock = threading.Lock()
        self._lanes = threading.BoundedSemaphore(SLOW_LANES)
        self._base_url = base_url
        self._documents: dict[str, Document] = {}
        self._number = -1
        self._wake = threading.Event()
        self._refreshing = threading.Lock()
        self._trouble = ""
        self._born = time.monotonic()

    # ── publications ──

    @property
    def number(self) -> int:
        """The number of the newest publication that is served; -1 before the first look."""
        return self._number

    def start(self) -> None:
        """Load what is stored and keep following it from a thread of its own."""
        self.refresh()
        threading.Thread(target=self._follow, name="follow publications", daemon=True).start()

    def refresh(self) -> None:
        """Take over every publication that is newer than what is served; a fault leaves all as it is."""
        with self._refreshing:
            try:
                newest = self._newest()
                if newest <= self._number:
                    return
                rows = self._load(self._number)
            except FeedsvcError as error:
                if str(error) != self._trouble:
                    # at the very first start the worker is still making the store
                    early = self._number < 0 and time.monotonic() - self._born < FIRST_START
                    log.log(
                        logging.INFO if early else logging.WARNING, "what is served stays as it is: %s", error
                    )
                self._trouble = str(error)
                return
            self._trouble = ""
            documents = dict(self._documents)
            for row in rows:
                if row.status == 404:
                    documents.pop(row.path, None)
                else:
                    documents[row.path] = Document(row)
            # one assignment: a request sees all of a publication or nothing of it
            self._documents = documents
            self._number = max([newest, *(row.number for row in rows)])

    def _follow(self) -> None:
        while True:
            self._wake.wait(LOOK_EVERY)
            if self._trouble:
                time.sleep(1)  # requests go on waking us; the store needs no more of that
            self._wake.clear()
            self.refresh()

    # ── requests ──

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if self._generation() > self._number:
            self._wake.set()
        path = environ["PATH_INFO"]
        document = self._documents.get(path)
        if document is None:
            if path.startswith("/feeds/"):
                return self._lazy(path, environ, start_response)
            return self._elsewhere(environ, start_response)
        if document.location and document.status == 200:  # an old address of the newsroom's
            document = self._documents.get(document.location, document)
        if document.status != 200:
            return self._moved(document, start_response)
        query = environ["QUERY_STRING"]
        if query and document.page:
            try:
                one = variant_of(document.row, query)
            except BadOptionError as error:
                return _text(start_response, "400 Bad Request", str(error), environ["REQUEST_METHOD"])
            if one is not None:
                return self._built(one, environ, start_response)
        return self._answer(document, environ, start_response)

    def _answer(
        self, document: Document, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD"):
            return _other_method(method, start_response)
        if document.page and environ.get("HTTP_SEC_FETCH_DEST") == "document":
            return _see_other(f"{self._base_url}{document.page}", start_response)
        variant = document.variant(environ.get("HTTP_ACCEPT_ENCODING"))
        given = environ.get("HTTP_IF_NONE_MATCH")
        if given == variant.quoted or not_modified(
            variant.tag,
            document.last_modified,
            if_none_match=given,
            if_modified_since=environ.get("HTTP_IF_MODIFIED_SINCE"),
        ):
            start_response("304 Not Modified", variant.not_modified)
            return ()
        start_response("200 OK", variant.headers)
        return () if method == "HEAD" else (variant.body,)

    def _moved(self, document: Document, start_response: StartResponse) -> Iterable[bytes]:
        if document.status == 301:
            headers = [("Location", document.location), ("Cache-Control", "public, max-age=3600")]
            start_response("301 Moved Permanently", [*headers, ("Content-Length", "0")])
            return ()
        return _text(start_response, "410 Gone", "This feed has ended.\n", "GET")

    # ── lazy feeds ──

    def _lazy(self, path: str, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        try:
            one = wanted(path, environ["QUERY_STRING"])
        except BadOptionError as error:
            return _text(start_response, "400 Bad Request", str(error), environ["REQUEST_METHOD"])
        if one is None:
            return self._elsewhere(environ, start_response)
        return self._built(one, environ, start_response)

    def _built(self, one: Wanted, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        found = self._lazies.kept(one.key, self._number)
        if found is None:
            if not self._lanes.acquire(timeout=LANE_WAIT):
                return _later(start_response, "Too many slow requests at once.\n")
            try:
                found = self._lazies.get(one, self._number)
            except FeedsvcError as error:
                log.warning("%s: %s", one.key, error)
            finally:
                self._lanes.release()
        if found is None:
            return _later(start_response, "This feed could not be built in time.\n")
        if found == "gone":
            return _text(
                start_response, "410 Gone", "This archive is no longer kept.\n", environ["REQUEST_METHOD"]
            )
        if not isinstance(found, ReadyRow):
            return _text(
                start_response, "404 Not Found", "There is no such feed.\n", environ["REQUEST_METHOD"]
            )
        return self._answer(Document(found), environ, start_response)

    # ── everything else ──

    def _elsewhere(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/healthz":  # answered without a lane: it must not wait for slow ones
            return _text(start_response, "200 OK", "ok\n", environ["REQUEST_METHOD"])
        if self._number <= 0 and (path == "/" or path.startswith("/feeds/")):
            self.refresh()  # the first publication may be there, and its notice not yet
            if self._number > 0:
                return self(environ, start_response)
            return _later(
                start_response, "Nothing is published yet; it takes a moment after the first start.\n"
            )
        if path.startswith("/feeds/"):
            return _text(
                start_response, "404 Not Found", "There is no such feed.\n", environ["REQUEST_METHOD"]
            )
        if not self._lanes.acquire(timeout=LANE_WAIT):
            return _later(start_response, "Too many slow requests at once.\n")
        try:
            others = self._others
            if others is None:
                with self._others_lock:
                    others = self._others = self._others or self._make_others()
            # the whole answer is made here, inside the lane: those of Flask are small
            answer = others(environ, start_response)
            try:
                return [b"".join(answer)]
            finally:
                close = getattr(answer, "close", None)
                if close is not None:
                    close()
        finally:
            self._lanes.release()


def _other_method(method: str, start_response: StartResponse) -> Iterable[bytes]:
    if method == "OPTIONS":
        start_response(
            "204 No Content",
            [
                ("Allow", FEED_METHODS),
                ("Access-Control-Allow-Origin", "*"),
                ("Access-Control-Allow-Methods", FEED_METHODS),
                ("Access-Control-Allow-Headers", "If-None-Match, If-Modified-Since, Accept"),
                ("Access-Control-Expose-Headers", EXPOSED),
                ("Access-Control-Max-Age", "86400"),
            ],
        )
        return ()
    headers = [TEXT, ("Allow", FEED_METHODS), ("Content-Length", "0")]
    start_response("405 Method Not Allowed", headers)
    return ()


def _see_other(location: str, start_response: StartResponse) -> Iterable[bytes]:
    start_response(
        "303 See Other", [("Location", location), ("Cache-Control", "no-store"), ("Content-Length", "0")]
    )
    return ()


def _later(start_response: StartResponse, text: str) -> Iterable[bytes]:
    body = text.encode()
    headers = [TEXT, ("Retry-After", "2"), ("Cache-Control", "no-store"), ("Content-Length", str(len(body)))]
    start_response("503 Service Unavailable", headers)
    return (body,)


def _text(start_response: StartResponse, status: str, text: str, method: str) -> Iterable[bytes]:
    body = text.encode()
    headers = [
        TEXT,
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store" if status.startswith(("2", "4")) else "public, max-age=60"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    start_response(status, headers)
    return () if method == "HEAD" else (body,)
