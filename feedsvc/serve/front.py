"""The front: answers feeds by looking them up, before Flask and without it.

A look-up never waits for the store, an upstream or a render (decision 12). What has to wait is told apart
from it; serve.rsgi lets it wait where it delays no feed.
"""

from __future__ import annotations

import gzip
import logging
import re
import threading
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from feedsvc.errors import FeedsvcError
from feedsvc.model import PLACE, Absent, Member, ReadyDocument
from feedsvc.serve.answers import (
    StartResponse,
    later,
    lost,
    moved,
    other_method,
    problem,
    see_other,
    text,
    with_query,
)
from feedsvc.serve.clients import client_of
from feedsvc.serve.documents import Document, Headers, present
from feedsvc.serve.embeds import wanted_page
from feedsvc.serve.guesses import guessed
from feedsvc.serve.heartbeat import Heartbeat
from feedsvc.serve.members import Asked, Members, Refusal, Slower, turned_away, wanted_of_taker
from feedsvc.serve.negotiation import not_modified, unmet
from feedsvc.serve.on_demand import NINJS, BadOptionError, OnDemand, Wanted, variant_of, wanted_feed
from feedsvc.serve.published import Published
from feedsvc.serve.reach import Readers
from feedsvc.serve.request_bodies import BodyError

log = logging.getLogger(__name__)

Wsgi = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

_OF_LIST = re.compile(r"/(?:feeds|embed)/([a-z0-9-]+)(?:\.(?:rss|atom|json)|/fragment)?")
NOT_BUILT = "This address is configured and not built yet.\n"
LOST = "/404"  #: where the page for what is not there stands
NOT_HERE = "There is no such address.\n"
BUSY_ERROR = BodyError("503 Service Unavailable", "Too many slow requests at once.\n")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that is no look-up: for a document that has to be built, or (None) for everything else.

    `early`: nothing is published as far as is known; `refresh`, and ask again.
    """

    wanted: Wanted | None
    number: int  #: the publication of which it is asked
    early: bool = False
    asked: Asked | None = None  #: a private feed: `for_member` answers, in a thread


class Front:
    """Answers ready paths from what is published, other feeds from `on_demand`; hands the rest to `others`.

    `heartbeat` reports what is served, and (where outside hubs are to be watched) who asks for feeds.
    `others` makes the application for the rest at its first use. `configured` are slugs, and old addresses,
    of lists that are wanted, and addresses of other documents: one that is not there yet is being built.
    `readers` counts who asks for feeds.
    """

    def __init__(
        self,
        published: Published,
        *,
        on_demand: OnDemand,
        others: Callable[[], Wsgi],
        base_url: str,
        heartbeat: Heartbeat | None = None,
        configured: Collection[str] = (),
        members: Members | None = None,
        readers: Readers | None = None,
    ) -> None:
        self.published = published
        self.on_demand = on_demand
        self._make_others = others
        self._others: Wsgi | None = None
        self._others_lock = threading.Lock()
        self._base_url = base_url
        self._heartbeat = heartbeat
        self._watched = heartbeat is not None and heartbeat.watches
        self._configured = frozenset(configured)
        self._members = members
        self._readers = readers

    @property
    def serves(self) -> bool:
        """Whether anything is served, if only the last good copy."""
        return self.published.serves

    def start(self) -> None:
        """Load what is stored and keep following it from threads of its own."""
        self.published.start()
        if self._heartbeat is not None:
            self._heartbeat.start(lambda: self.published.number)
        if self._readers is not None:
            self._readers.start()

    def stop(self) -> None:
        """Follow no more: another front has taken its place. What is asked of it is still answered."""
        self.published.stop()
        if self._heartbeat is not None:
            self._heartbeat.stop()
        if self._readers is not None:
            self._readers.stop()

    # ── requests ──

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """The answer as a WSGI application gives it: the caller's thread waits for it."""
        answer = self.at_once(environ, start_response)
        if isinstance(answer, Waiting) and answer.early:
            self.published.refresh()
            answer = self.at_once(environ, start_response, looked=True)
        if isinstance(answer, Waiting) and answer.asked is not None:
            answer = self.for_member(answer.asked, answer.number, environ, start_response)
        if not isinstance(answer, Waiting):
            return answer
        if answer.wanted is None:
            return self.elsewhere(environ, start_response)
        try:
            found = self.on_demand.get(answer.wanted, answer.number)
        except FeedsvcError as error:
            self.published.outage.failed(error)
            found = self.on_demand.older(answer.wanted.key)
        return self.built(found, environ, start_response)

    def at_once(
        self, environ: dict[str, Any], start_response: StartResponse, *, looked: bool = False
    ) -> Iterable[bytes] | Waiting:
        """The answer, if it is a look-up; else what it waits for. `looked`: `refresh` was just done."""
        published = self.published
        number = published.number  # before anything is looked up: what is built is at least as new
        if published.generation() > number:
            published.wake()
        host = environ.get("HTTP_HOST")
        if (host == "" and environ["SERVER_PROTOCOL"] == "HTTP/1.1") or (host and "," in host):
            # RFC 9112 3.2: granian joins several with a comma, and has "" for none
            words = "A request names one Host.\n"
            return text(start_response, "400 Bad Request", words, environ["REQUEST_METHOD"])
        path = environ["PATH_INFO"]
        if environ["QUERY_STRING"] or not path.isascii():
            path = published.old.meant(path, environ["QUERY_STRING"])
        document = published.documents.get(path)
        if document is None:
            return self._not_ready(path, number, environ, start_response, looked)
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD"):
            return other_method(start_response, method)
        if document.location and document.status == 200:  # an old address of the newsroom's
            target = published.documents.get(document.location)
            if target is None:
                return later(start_response, NOT_BUILT, method)
            return self._ready(target, environ, start_response)  # its parameters are the old system's
        if document.status != 200:
            if document.status == 301:
                return moved(start_response, with_query(document.location, environ["QUERY_STRING"]))
            return text(start_response, "410 Gone", "This feed has ended.\n", method)
        query = environ["QUERY_STRING"]
        if query and (document.page or path.startswith("/embed")):
            try:
                one = variant_of(document.row, query) if document.page else self._embed(path, query)
            except BadOptionError as error:
                return text(start_response, "400 Bad Request", str(error), method)
            if one is not None:
                return self._cached(one, document.row.number, environ, start_response)
        return self._ready(document, environ, start_response)

    def _ready(
        self, document: Document, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        if self._watched and document.page and self._heartbeat is not None:
            self._heartbeat.look(document.row.path, environ)
        return self._answer(document, environ, start_response)

    def _answer(
        self, document: Document, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        if document.page and environ.get("HTTP_SEC_FETCH_DEST") == "document":
            return see_other(start_response, f"{self._base_url}{document.page}")
        variant = document.variant(environ.get("HTTP_ACCEPT_ENCODING"), self.published.uncoded)
        if ("HTTP_IF_MATCH" in environ or "HTTP_IF_UNMODIFIED_SINCE" in environ) and unmet(
            variant.tag,
            document.last_modified,
            if_match=environ.get("HTTP_IF_MATCH"),
            if_unmodified_since=environ.get("HTTP_IF_UNMODIFIED_SINCE"),
        ):
            words = "The document is another one by now.\n"
            return text(start_response, "412 Precondition Failed", words, environ["REQUEST_METHOD"])
        readers = self._readers if document.page else None  # feeds alone are counted
        tags = environ.get("HTTP_IF_NONE_MATCH")
        since = environ.get("HTTP_IF_MODIFIED_SINCE")
        if (tags or since) and (
            tags == variant.quoted
            or not_modified(variant.tag, document.last_modified, if_none_match=tags, if_modified_since=since)
        ):
            if readers is not None:
                readers.count(document.row.path, environ, 0, unchanged=True)
            start_response("304 Not Modified", _present(document, variant.not_modified))
            return []
        if readers is not None:
            size = 0 if environ["REQUEST_METHOD"] == "HEAD" else len(variant.body[0])
            readers.count(document.row.path, environ, size, unchanged=False)
        start_response("200 OK", _present(document, variant.headers))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else variant.body

    # ── on demand ──

    def _not_ready(
        self, path: str, number: int, environ: dict[str, Any], start_response: StartResponse, looked: bool
    ) -> Iterable[bytes] | Waiting:
        method = environ["REQUEST_METHOD"]
        ours = path.startswith(("/feeds/", "/embed/")) or path in self._configured
        if number <= 0 and not self.published.copied and ours:
            if not looked:
                return Waiting(None, number, early=True)  # it may be there, and its notice not yet
            words = "Nothing is published yet; it takes a moment after the first start.\n"
            return later(start_response, words, method)
        if path.startswith("//"):  # Flask would drop a slash, which a rule of a proxy for the path does not
            return self._lost(environ, start_response)
        if path == "/healthz":  # answered without a lane: it must not wait for slow ones
            if method not in ("GET", "HEAD"):
                return other_method(start_response, method)
            return text(start_response, "200 OK", "ok\n", method)
        target = guessed(path, self.published.documents) if method in ("GET", "HEAD") else None
        if target is not None:
            return moved(start_response, with_query(f"{self._base_url}{target}", environ["QUERY_STRING"]))
        if not ours:
            return Waiting(None, number)
        if method not in ("GET", "HEAD"):
            return other_method(start_response, method)
        query = environ["QUERY_STRING"]
        if path.startswith(PLACE):
            return self._for_taker(path, number, environ, start_response)
        base = "/".join(path.split("/")[:3]).removesuffix(NINJS)
        former = self.published.documents.get(base)
        if former is not None and former.status == 301:  # what is built on demand, under a former slug
            below = path.removeprefix(base)
            return moved(start_response, with_query(f"{former.location}{below}", query))
        try:
            one = wanted_feed(path, query, self._stored) or wanted_page(path, query, self._stored)
        except BadOptionError as error:
            return text(start_response, "400 Bad Request", str(error), method)
        if one is None and self._awaited(path):
            return later(start_response, NOT_BUILT, method)
        if one is None:
            return self._lost(environ, start_response)
        return self._cached(one, number, environ, start_response)

    def _for_taker(
        self, path: str, number: int, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes] | Waiting:
        """An archive of an open feed; a private one waits until its member is known."""
        asked = self._members.asked(path) if self._members is not None else None
        if asked is None or asked.spec.taker is None:
            return self._lost(environ, start_response)
        if asked.spec.taker.private:
            return Waiting(None, number, asked=asked)
        feed = self.published.documents.get(f"{asked.spec.path}.{asked.form}")
        return self._taken(asked, None, feed, number, environ, start_response)

    def for_member(
        self, asked: Asked, number: int, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes] | Waiting:
        """What a private feed answers: the store may be asked who wants it, so not in the event loop."""
        judged = self._judged(asked, environ)
        if not isinstance(judged, Member):
            return turned_away(start_response, judged, asked.spec, environ["REQUEST_METHOD"])
        feed = self.published.private.get(f"{asked.spec.path}.{asked.form}")
        return self._taken(asked, judged, feed, number, environ, start_response)

    def _taken(
        self,
        asked: Asked,
        member: Member | None,
        feed: Document | None,
        number: int,
        environ: dict[str, Any],
        start_response: StartResponse,
    ) -> Iterable[bytes] | Waiting:
        method = environ["REQUEST_METHOD"]
        if feed is None or feed.status == 404:
            return later(start_response, NOT_BUILT, method)
        if feed.status == 410:  # an archive ends with its feed
            return text(start_response, "410 Gone", "This feed has ended.\n", method)
        if member is not None and not (asked.token or asked.archive or asked.ninjs):
            return self._answer(feed, environ, start_response)
        one = wanted_of_taker(asked, member, feed.row, self._base_url)
        return self._cached(one, number, environ, start_response)

    def _judged(self, asked: Asked, environ: dict[str, Any]) -> Member | Refusal | Slower | None:
        """Whether a request may have a private feed; None where that cannot be known now."""
        assert self._members is not None
        try:
            return self._members.judge(asked, environ.get("HTTP_AUTHORIZATION", ""), client_of(environ))
        except FeedsvcError as error:
            self.published.outage.failed(error)
            return None

    def _awaited(self, path: str) -> bool:
        """Whether a list of the configuration will be served at an address that has no document yet."""
        match = _OF_LIST.fullmatch(path)
        return (match[1] if match else path) in self._configured

    def _embed(self, path: str, query: str) -> Wanted | None:
        """An embed with options; None where none that we know is given. Raises BadOptionError."""
        one = wanted_page(path, query, self._stored)
        return None if one is None or one.key.endswith("?") else one

    def _stored(self, path: str) -> ReadyDocument | None:
        """The ready document of a path, as it is stored."""
        document = self.published.documents.get(path)
        return document.row if document is not None and document.status == 200 else None

    def _cached(
        self, one: Wanted, number: int, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes] | Waiting:
        found = self.on_demand.cached(one.key, number)
        return Waiting(one, number) if found is None else self.built(found, environ, start_response)

    def built(
        self, found: Document | Absent | None, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        """The answer with what was built; None: it could not be in time."""
        method = environ["REQUEST_METHOD"]
        if found is None:
            return later(start_response, "This feed could not be built in time.\n", method)
        if found is Absent.GONE:
            return text(start_response, "410 Gone", "This archive is no longer kept.\n", method)
        if not isinstance(found, Document):
            return self._lost(environ, start_response)
        return self._answer(found, environ, start_response)

    def lost_page(self) -> bytes | None:
        """What people see where there is nothing: it leads back. None before the first publication."""
        document = self.published.documents.get(LOST)
        return gzip.decompress(document.row.gzip) if document is not None else None

    def _lost(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """404: a page for a browser's navigation, a sentence for everybody else."""
        page = self.lost_page() if environ.get("HTTP_SEC_FETCH_DEST") == "document" else None
        if page is None:
            return text(start_response, "404 Not Found", NOT_HERE, environ["REQUEST_METHOD"])
        return lost(start_response, page, environ["REQUEST_METHOD"])

    # ── everything else ──

    def elsewhere(self, environ: dict[str, Any], start_response: StartResponse) -> list[bytes]:
        """The whole answer of the other application, which may take its time."""
        others = self._others
        if others is None:
            with self._others_lock:
                others = self._others = self._others or self._make_others()
        answer = others(environ, start_response)
        try:
            return [b"".join(answer)]  # those of Flask are small
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()


def refused(error: BodyError, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """The answer to a request that is not worked on: of the API a problem document."""
    busy = error.status.startswith("503")
    if str(environ["PATH_INFO"]).startswith("/api/"):
        more = ("Retry-After", "2") if busy else ("Connection", "close")
        return problem(start_response, error.status, str(error).strip(), more)
    if busy:
        return later(start_response, str(error), environ["REQUEST_METHOD"])
    close = ("Connection", "close")
    return text(start_response, error.status, str(error), environ["REQUEST_METHOD"], close)


def _present(document: Document, headers: Headers) -> Headers:
    now = time.time()
    return headers if document.moment <= now else present(headers, now)
