"""Feeds on demand: which one is asked for, built once, cached while nothing new is published.

Addresses: /feeds/tag/<slug>, /feeds/author/<slug>, /feeds/search, /feeds/<slug>/archive/<n>, each with the
extension of a format; variants of ready feeds by `limit` and `content`; ready feeds as ninjs.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Protocol
from urllib.parse import parse_qsl, urlencode

from feedsvc.model import Absent, BuiltDocument, FeedOptions, Format, ReadyDocument
from feedsvc.serve.documents import About, Document

log = logging.getLogger(__name__)

MAX_CACHE = 32 * 1024 * 1024  #: bytes of cached answers in one process
MAX_WAIT = 2.0  #: seconds that a request waits for a build
OVERHEAD = 4096  #: bytes that a cached answer takes besides its body
MAX_QUERY = 2000
MAX_WORDS = 200

_DERIVED = re.compile(r"/feeds/(tag|author)/([a-z0-9][a-z0-9-]{0,63})\.(rss|atom|json)")
_SEARCH = re.compile(r"/feeds/search\.(rss|atom|json)")
_ARCHIVE = re.compile(r"/feeds/([a-z0-9][a-z0-9-]{0,63})/archive/([1-9]\d{0,8})\.(rss|atom|json)")
NINJS = ".ninjs"
_NINJS = re.compile(r"(/feeds/[a-z0-9][a-z0-9-]{0,63})\.ninjs")
_OF_ANY = ("content", "limit")
_OF_SEARCH = ("author", "content", "limit", "not", "q", "section", "tag")


class BadOptionError(ValueError):
    """A known option with a value that it cannot have; the text says so."""


class FeedBuilder(Protocol):
    """Builds feeds; see publish.on_demand. Raises StoreError."""

    def variant(self, feed: ReadyDocument, options: FeedOptions, /) -> BuiltDocument | Absent: ...
    def ninjs(self, feed: ReadyDocument, options: FeedOptions, /) -> BuiltDocument | Absent: ...
    def derived(
        self, kind: str, slug: str, form: Format, options: FeedOptions, /
    ) -> BuiltDocument | Absent: ...
    def search(
        self, asked: Mapping[str, str], form: Format, options: FeedOptions, /
    ) -> BuiltDocument | Absent: ...
    def archive(self, slug: str, number: int, form: Format, /) -> BuiltDocument | Absent: ...
    def archive_for(self, slug: str, number: int, form: Format, /) -> BuiltDocument | Absent: ...


class PageBuilder(Protocol):
    """Builds pages; see publish.on_demand_pages. Raises StoreError."""

    def derived(self, kind: str, slug: str, /) -> BuiltDocument | Absent: ...
    def names(self, kind: str, /) -> BuiltDocument | Absent: ...
    def archive(self, slug: str, number: int, /) -> BuiltDocument | Absent: ...
    def search(self, asked: Mapping[str, str], query: str, /) -> BuiltDocument | Absent: ...
    def embed(
        self, stored: ReadyDocument, options: Mapping[str, str], /, *, fragment: bool
    ) -> BuiltDocument | Absent: ...
    def builder(self, options: Mapping[str, str], /) -> BuiltDocument | Absent: ...


class Builder(Protocol):
    """Builds what is asked for."""

    @property
    def feeds(self) -> FeedBuilder: ...
    @property
    def pages(self) -> PageBuilder: ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document that somebody asked for: its one name, and how it is built."""

    key: str  #: path and canonical query
    build: Callable[[Builder], BuiltDocument | Absent]
    quick: bool = False  #: joined from what is stored, in milliseconds


def options_of(query: str, names: tuple[str, ...] = _OF_ANY) -> dict[str, str]:
    """The options that we know in a query string; everything else is ignored (decision 16).

    Raises BadOptionError where one has a value that it cannot have.
    """
    found = {
        name: value for name, value in parse_qsl(query[:MAX_QUERY], keep_blank_values=True) if name in names
    }
    limit = found.get("limit")
    if limit is not None:
        found["limit"] = str(whole("limit", limit, 1000))
    content = found.get("content")
    if content is not None and content not in ("full", "summary", "none"):
        raise BadOptionError(f"content={content[:40]!r}: full, summary or none is expected.\n")
    for name in ("q", "not"):
        if len(found.get(name, "")) > MAX_WORDS:
            raise BadOptionError(f"{name}: at most {MAX_WORDS} characters are searched for.\n")
    for name in ("author", "tag", "section"):
        if name in found and not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", found[name]):
            raise BadOptionError(f"{name}={found[name][:40]!r}: a slug is expected.\n")
    return found


def whole(name: str, value: str, most: int) -> int:
    """An option that is a number from 1 to `most`. Raises BadOptionError."""
    if not (value.isascii() and value.isdecimal() and len(value) < 10 and 1 <= int(value) <= most):
        raise BadOptionError(f"{name}={value[:40]!r}: a number from 1 to {most} is expected.\n")
    return int(value)


def canonical(options: Mapping[str, str]) -> str:
    """The options in the one order and spelling in which our own links write them."""
    pairs = [(name, " ".join(value.split())) for name, value in sorted(options.items())]
    return urlencode([(name, value) for name, value in pairs if value])


def _feed_options(options: Mapping[str, str]) -> FeedOptions:
    limit = options.get("limit")
    return FeedOptions(canonical(options), int(limit) if limit else None, options.get("content"))


@lru_cache(maxsize=2048)
def _variant_options(query: str) -> FeedOptions | BadOptionError:
    """What a query string asks of a ready feed, or why it cannot be had."""
    try:
        return _feed_options(options_of(query))
    except BadOptionError as error:
        return error


def variant_of(feed: ReadyDocument, query: str) -> Wanted | None:
    """A variant of a ready feed; None where the query asks for none. Raises BadOptionError."""
    options = _variant_options(query[:MAX_QUERY])
    if isinstance(options, BadOptionError):
        raise BadOptionError(str(options))
    if not options.query:
        return None
    return Wanted(f"{feed.path}?{options.query}", lambda b: b.feeds.variant(feed, options), quick=True)


def wanted_feed(path: str, query: str, stored: Callable[[str], ReadyDocument | None]) -> Wanted | None:
    """The feed that an address names, where it has to be built; None where it names none.

    `stored` gives a ready feed by its path. Raises BadOptionError.
    """
    if match := _NINJS.fullmatch(path):
        feed = stored(f"{match[1]}.json")
        return wanted_ninjs(path, query, feed) if feed is not None else None
    if match := _DERIVED.fullmatch(path):
        kind, slug, form = match[1], match[2], Format(match[3])
        options = _feed_options(options_of(query))
        return Wanted(f"{path}?{options.query}", lambda b: b.feeds.derived(kind, slug, form, options))
    if match := _SEARCH.fullmatch(path):
        asked, form = options_of(query, _OF_SEARCH), Format(match[1])
        options = _feed_options(asked)
        if not any(asked.get(name, "").strip() for name in ("q", "section", "author", "tag")):
            raise BadOptionError("Say what to search for: q, section, author or tag.\n")
        return Wanted(f"{path}?{options.query}", lambda b: b.feeds.search(asked, form, options))
    if match := _ARCHIVE.fullmatch(path):
        slug, number, form = match[1], int(match[2]), Format(match[3])
        return Wanted(path, lambda b: b.feeds.archive(slug, number, form))
    return None


def wanted_ninjs(path: str, query: str, feed: ReadyDocument) -> Wanted:
    """A ready feed as ninjs. Raises BadOptionError."""
    options = _feed_options(options_of(query))
    return Wanted(f"{path}?{options.query}", lambda b: b.feeds.ninjs(feed, options))


class OnDemand:
    """Builds what is asked for and caches it, for one process.

    One thread builds; each document is built once at a time, whoever asks. Cached ones are served until
    something newer is published, and when a build takes too long. Those that were asked for longest ago go
    first when there is no more room.
    """

    def __init__(
        self, builder: Callable[[], Builder], *, limit: int = MAX_CACHE, about: About | None = None
    ) -> None:
        self._make_builder = builder
        self._builder: Builder | None = None
        self._limit = limit
        self._about = about or About()
        self._size = 0
        self._cache: OrderedDict[str, tuple[int, Document | Absent]] = OrderedDict()
        self._building: dict[str, Future[Document | Absent]] = {}
        self._lock = threading.Lock()
        self._loading = threading.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="on demand")
        self._quick = ThreadPoolExecutor(1, thread_name_prefix="variants")  # they wait for no search

    def cached(self, key: str, number: int) -> Document | Absent | None:
        """What is cached for a name, if nothing newer than `number` was published since."""
        with self._lock:
            cached = self._cache.get(key)
            if cached is None or cached[0] != number:
                return None
            self._cache.move_to_end(key)
            return cached[1]

    def warm(self) -> None:
        """Load the builder, so that the first who asks does not wait for it."""
        self._quick.submit(self._loaded_builder)

    def get(self, wanted: Wanted, number: int) -> Document | Absent | None:
        """The document as of publication `number`: cached, built, or (None) not in time.

        Raises what the builder raises.
        """
        begun = self.begin(wanted, number)
        if not isinstance(begun, Future):
            return begun
        try:
            return begun.result(MAX_WAIT)
        except FutureTimeoutError:
            log.warning("%s took longer than %g s to build", wanted.key, MAX_WAIT)
            return None

    def begin(self, wanted: Wanted, number: int) -> Document | Absent | Future[Document | Absent]:
        """The document as of publication `number` where it is cached, else what will bring it."""
        cached = self.cached(wanted.key, number)
        if cached is not None:
            return cached
        with self._lock:
            building = self._building.get(wanted.key)
            if building is None:
                thread = self._quick if wanted.quick else self._thread
                building = thread.submit(self._build, wanted, number)
                self._building[wanted.key] = building
        return building

    def older(self, key: str) -> Document | Absent | None:
        """What is cached for a name, however old it is."""
        with self._lock:
            cached = self._cache.get(key)
        return cached[1] if cached else None

    def _loaded_builder(self) -> Builder:
        with self._loading:
            if self._builder is None:
                self._builder = self._make_builder()
            return self._builder

    def _build(self, wanted: Wanted, number: int) -> Document | Absent:
        try:
            built = wanted.build(self._loaded_builder())
            if isinstance(built, Absent):
                return self._keep(wanted.key, number, built)
            ready = self._coded(wanted.key, number, built)
            return self._keep(wanted.key, number, Document(ready, self._about(ready)))
        finally:
            with self._lock:
                self._building.pop(wanted.key, None)

    def _keep(self, key: str, number: int, document: Document | Absent) -> Document | Absent:
        with self._lock:
            old = self._cache.pop(key, None)
            if old is not None:
                self._size -= _size(old[1])
            self._cache[key] = (number, document)
            self._size += _size(document)
            while self._size > self._limit and len(self._cache) > 1:
                _, (_, dropped) = self._cache.popitem(last=False)
                self._size -= _size(dropped)
        return document

    def _coded(self, key: str, number: int, built: BuiltDocument) -> ReadyDocument:
        tag = hashlib.sha256(built.identity).hexdigest()[:24]
        moment = built.last_modified
        before = self.older(key)
        if isinstance(before, Document):
            # other bytes are never of the same moment: an article that left may not have been the newest
            later = before.last_modified + timedelta(seconds=1)
            moment = before.last_modified if before.row.etag == tag else max(moment, later)
        return ReadyDocument(
            path=key.partition("?")[0],
            number=number,
            media_type=built.media_type,
            etag=tag,
            last_modified=moment,
            max_age=built.max_age,
            gzip=gzip.compress(built.identity, 6, mtime=0),
            links=built.links,
            page=built.page,
            static=False,
            private=built.private,
        )


def _size(document: Document | Absent) -> int:
    return OVERHEAD + (len(document.row.gzip) if isinstance(document, Document) else 0)
