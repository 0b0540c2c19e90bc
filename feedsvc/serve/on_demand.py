"""Feeds that are not ready: which one is asked for, built once, kept while nothing new is published.

Addresses: /feeds/tag/<slug>, /feeds/author/<slug>, /feeds/search, /feeds/<slug>/archive/<n>, each with the
extension of a format; and variants of ready feeds by `limit` and `content`.
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
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode

from feedsvc.serve.documents import About, Document

log = logging.getLogger(__name__)

MAX_CACHE = 32 * 1024 * 1024  #: bytes of kept answers in one process
MAX_WAIT = 2.0  #: seconds that a request waits for a build
OVERHEAD = 4096  #: bytes that a kept answer takes besides its body
MAX_QUERY = 2000
MAX_WORDS = 200

_FACET = re.compile(r"/feeds/(tag|author)/([a-z0-9][a-z0-9-]{0,63})\.(rss|atom|json)")
_SEARCH = re.compile(r"/feeds/search\.(rss|atom|json)")
_ARCHIVE = re.compile(r"/feeds/([a-z0-9][a-z0-9-]{0,63})/archive/([1-9]\d{0,8})\.(rss|atom|json)")
_OF_ANY = ("content", "limit")
_OF_SEARCH = ("author", "content", "limit", "not", "q", "section", "tag")


class BadOptionError(ValueError):
    """A known option with a value that it cannot have; the text says so."""


class Built(Protocol):
    """A feed as the builder makes it."""

    @property
    def identity(self) -> bytes: ...
    @property
    def media_type(self) -> str: ...
    @property
    def last_modified(self) -> datetime: ...
    @property
    def max_age(self) -> int: ...
    @property
    def links(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def page(self) -> str: ...


class Builder(Protocol):
    """Makes lazy feeds; see feedsvc.lazy. None: there is no such feed; "gone": there is no more."""

    def variant(self, row: Any, query: str, limit: int | None, content: str | None) -> Built | None: ...
    def facet(
        self, kind: str, slug: str, form: str, query: str, limit: int | None, content: str | None
    ) -> Built | None: ...
    def search(
        self, options: Mapping[str, str], form: str, query: str, limit: int | None, content: str | None
    ) -> Built | str | None: ...
    def archive(self, slug: str, number: int, form: str) -> Built | str | None: ...
    def facet_page(self, kind: str, slug: str) -> Built | None: ...
    def search_page(self, options: Mapping[str, str], query: str) -> Built | None: ...
    def embed(self, row: Any, options: Mapping[str, str], fragment: bool) -> Built | None: ...
    def builder(self, options: Mapping[str, str]) -> Built | None: ...


@dataclass(frozen=True, slots=True)
class ReadyRow:
    """A built feed in the shape of a stored one."""

    path: str
    number: int
    media_type: str
    etag: str
    last_modified: datetime
    max_age: int
    gzip: bytes
    links: tuple[tuple[str, str], ...]
    page: str
    br: bytes = b""
    status: int = 200
    location: str = ""
    static: bool = False


Make = Callable[[Builder], "Built | str | None"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A lazy feed that somebody asked for: its one name, and how it is made."""

    key: str  #: path and canonical query
    make: Make
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


def _shape(options: Mapping[str, str]) -> tuple[int | None, str | None]:
    limit = options.get("limit")
    return (int(limit) if limit else None), options.get("content")


@dataclass(frozen=True, slots=True)
class _Options:
    """What a query string asks of a ready feed, or why it cannot be had."""

    named: str
    limit: int | None
    content: str | None
    error: str = ""


@lru_cache(maxsize=2048)
def _read(query: str) -> _Options:
    try:
        options = options_of(query)
    except BadOptionError as error:
        return _Options("", None, None, str(error))
    return _Options(canonical(options), *_shape(options))


def variant_of(row: Any, query: str) -> Wanted | None:
    """A variant of a ready feed; None where the query asks for none. Raises BadOptionError."""
    options = _read(query[:MAX_QUERY])
    if options.error:
        raise BadOptionError(options.error)
    if not options.named:
        return None
    named, limit, content = options.named, options.limit, options.content
    return Wanted(f"{row.path}?{named}", lambda builder: builder.variant(row, named, limit, content), True)


def wanted(path: str, query: str) -> Wanted | None:
    """The lazy feed that an address names; None where it names none. Raises BadOptionError."""
    if match := _FACET.fullmatch(path):
        options = options_of(query)
        kind, slug, form = match.groups()
        named = canonical(options)
        return Wanted(f"{path}?{named}", lambda b: b.facet(kind, slug, form, named, *_shape(options)))
    if match := _SEARCH.fullmatch(path):
        options = options_of(query, _OF_SEARCH)
        form, named = match[1], canonical(options)
        if not {"q", "section", "author", "tag"} & {name for name, value in options.items() if value.strip()}:
            raise BadOptionError("Say what to search for: q, section, author or tag.\n")
        return Wanted(f"{path}?{named}", lambda b: b.search(options, form, named, *_shape(options)))
    if match := _ARCHIVE.fullmatch(path):
        slug, number, form = match[1], int(match[2]), match[3]
        return Wanted(path, lambda b: b.archive(slug, number, form))
    return None


class Lazies:
    """Builds and keeps lazy feeds for one process.

    One thread builds (feedgen must not run on a request's thread); each feed is built once at a time,
    whoever asks. Kept answers are served until something newer is published, and when a build takes too long.
    Those that were asked for longest ago go first when there is no more room.
    """

    def __init__(
        self, builder: Callable[[], Builder], *, limit: int = MAX_CACHE, about: About | None = None
    ) -> None:
        self._make_builder = builder
        self._builder: Builder | None = None
        self._limit = limit
        self._about = about or About()
        self._size = 0
        self._kept: OrderedDict[str, tuple[int, Document | str]] = OrderedDict()
        self._building: dict[str, Future[Document | str]] = {}
        self._lock = threading.Lock()
        self._making = threading.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="lazy feeds")
        self._quick = ThreadPoolExecutor(1, thread_name_prefix="variants")  # they wait for no search

    def kept(self, key: str, number: int) -> Document | str | None:
        """What is kept for a name, if nothing newer than `number` was published since."""
        with self._lock:
            known = self._kept.get(key)
            if known is None or known[0] != number:
                return None
            self._kept.move_to_end(key)
            return known[1]

    def warm(self) -> None:
        """Load what builds, so that the first who asks does not wait for it."""
        self._quick.submit(self._ready_builder)

    def get(self, one: Wanted, number: int, wait: float | None = None) -> Document | str | None:
        """The feed as of publication `number`: kept, built, or (None) not in time.

        "missing" where there is no such feed, "gone" where there is no more. Raises what the builder raises.
        """
        found = self.kept(one.key, number)
        if found is not None:
            return found
        with self._lock:
            building = self._building.get(one.key)
            if building is None:
                thread = self._quick if one.quick else self._thread
                building = thread.submit(self._build, one, number)
                self._building[one.key] = building
        try:
            return building.result(MAX_WAIT if wait is None else wait)
        except FutureTimeoutError:
            if wait is None:
                log.warning("%s took longer than %g s to build", one.key, MAX_WAIT)
            return None

    def older(self, key: str) -> Document | str | None:
        """What is kept for a name, however old it is."""
        with self._lock:
            known = self._kept.get(key)
        return known[1] if known else None

    def _ready_builder(self) -> Builder:
        with self._making:
            if self._builder is None:
                self._builder = self._make_builder()
            return self._builder

    def _build(self, one: Wanted, number: int) -> Document | str:
        try:
            built = one.make(self._ready_builder())
            made = built or "missing"
            if not isinstance(made, str):
                row = self._ready(one.key, number, made)
                return self._keep(one.key, number, Document(row, self._about(row)))
            return self._keep(one.key, number, made)
        finally:
            with self._lock:
                self._building.pop(one.key, None)

    def _keep(self, key: str, number: int, made: Document | str) -> Document | str:
        with self._lock:
            old = self._kept.pop(key, None)
            if old is not None:
                self._size -= _size(old[1])
            self._kept[key] = (number, made)
            self._size += _size(made)
            while self._size > self._limit and len(self._kept) > 1:
                _, (_, dropped) = self._kept.popitem(last=False)
                self._size -= _size(dropped)
        return made

    def _ready(self, key: str, number: int, built: Built) -> ReadyRow:
        tag = hashlib.sha256(built.identity).hexdigest()[:24]
        moment = built.last_modified
        before = self.older(key)
        if isinstance(before, Document):
            # other bytes are never of the same moment: an article that left may not have been the newest
            same = before.row.etag == tag
            moment = (
                before.last_modified if same else max(moment, before.last_modified + timedelta(seconds=1))
            )
        return ReadyRow(
            path=key.partition("?")[0],
            number=number,
            media_type=built.media_type,
            etag=tag,
            last_modified=moment,
            max_age=built.max_age,
            gzip=gzip.compress(built.identity, 6, mtime=0),
            links=built.links,
            page=built.page,
        )


def fixed_row(one: Any) -> ReadyRow:
    """A document that belongs to the package, as a stored one."""
    names = ("path", "media_type", "etag", "last_modified", "max_age", "gzip", "br", "links", "page")
    return ReadyRow(number=0, static=True, **{name: getattr(one, name) for name in names})


def _size(made: Document | str) -> int:
    return OVERHEAD + (len(made.row.gzip) if isinstance(made, Document) else 0)
