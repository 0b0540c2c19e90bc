"""The control room at /status, /status.atom and /metrics: for operators, from this machine or with a token.

A browser sends the token as the password of HTTP Basic (RFC 7617), a program as a bearer token (RFC 6750).
What changes something is a POST of one of our own pages: a browser says where a request comes from (`Origin`,
Fetch Metadata), and what comes from elsewhere is refused. Without a token only this
machine is let in, where the service has no public address, and only under a name of this machine (a foreign
name that leads here is DNS rebinding).
"""

from __future__ import annotations

import binascii
import time
from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from flask import Blueprint, Response, g, request

from feedsvc.errors import FeedsvcError, StoreError
from feedsvc.limits import Buckets
from feedsvc.serve.answers import plain
from feedsvc.serve.api.routes import FAILURE_BURST, FAILURE_RATE, bearer
from feedsvc.serve.clients import client_of, is_loopback
from feedsvc.serve.policy import PAGE
from feedsvc.serve.request_bodies import ADMITTED, JUDGED

PASSED_ON = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP")  #: what proxies add
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
MAX_NUMBER = 1_000_000


class Room(Protocol):
    """What the control room shows and does; see wiring.room. Raises StoreError."""

    def close(self) -> None: ...
    def operates(self, token: str) -> bool: ...
    def text(self) -> str: ...
    def values(self) -> bytes: ...
    def overview(self, done: str) -> str: ...
    def sources(self, health: str, words: str, number: int, done: str) -> str: ...
    def source(self, number: int, done: str) -> str | None: ...
    def feeds(self, number: int) -> str: ...
    def feed(self, slug: str, done: str) -> str | None: ...
    def readers(self) -> str: ...
    def changes(self) -> bytes: ...
    def metrics(self) -> tuple[bytes, str]: ...
    def act(self, what: str, values: Mapping[str, str]) -> bool: ...


class Rooms(Protocol):
    """Opens the control room for one request. Raises StoreError."""

    def open(self) -> Room: ...


def blueprint(rooms: Callable[[], Rooms], base_url: str) -> Blueprint:
    """The addresses of the control room. `rooms` is called when the first one is asked for."""
    pages = Blueprint("room", __name__)
    failures = Buckets(per_second=FAILURE_RATE, burst=FAILURE_BURST)

    def room() -> Room:
        if "room" not in g:
            g.room = rooms().open()
        opened: Room = g.room
        return opened

    @pages.teardown_request
    def leave(_: BaseException | None) -> None:
        if "room" in g:
            g.pop("room").close()

    @pages.before_request
    def admit() -> Response | None:
        if request.environ.get(ADMITTED):
            return None  # the head was judged, before the body was read
        refused = _refused(room, failures, base_url)
        if refused is not None:
            return refused
        if request.method == "POST" and not _is_ours(base_url):
            return plain("This is done from the control room's own pages.\n", 403)
        return Response(status=204) if request.environ.get(JUDGED) else None

    @pages.errorhandler(StoreError)
    def failed(error: StoreError) -> Response:
        return plain(f"{error.code}: the store cannot be read; see the log\n", 503)

    @pages.errorhandler(FeedsvcError)
    def impossible(error: FeedsvcError) -> Response:
        return plain(f"{error}\n", 422)

    _add_pages(pages, room)
    _add_acts(pages, room, urlsplit(base_url).path.rstrip("/"))
    return pages


def _add_pages(pages: Blueprint, room: Callable[[], Room]) -> None:
    """What is shown."""

    @pages.get("/status")
    def status() -> Response:
        best = request.accept_mimetypes.best_match(["text/plain", "text/html", "application/json"])
        if best == "application/json":
            return _sent(room().values(), "application/json")
        if best == "text/html":
            return _page(room().overview(_done()))
        return plain(room().text(), 200)

    @pages.get("/status/sources")
    def sources() -> Response:
        asked = request.args
        return _page(room().sources(asked.get("health", ""), asked.get("q", "")[:200], _number(), _done()))

    @pages.get("/status/sources/<int:number>")
    def source(number: int) -> Response:
        return _page(room().source(min(number, 2**62), _done()))

    @pages.get("/status/feeds")
    def feeds() -> Response:
        return _page(room().feeds(_number()))

    @pages.get("/status/feeds/<slug>")
    def feed(slug: str) -> Response:
        return _page(room().feed(slug, _done()))

    @pages.get("/status/readers")
    def readers() -> Response:
        return _page(room().readers())

    @pages.get("/status.atom")
    def changes() -> Response:
        answer = _sent(room().changes(), "application/atom+xml; charset=utf-8")
        answer.add_etag()
        answer.make_conditional(request)
        return answer

    @pages.get("/metrics")
    def metrics() -> Response:
        body, kind = room().metrics()
        return _sent(body, kind)


def _add_acts(pages: Blueprint, room: Callable[[], Room], root: str) -> None:
    """What buttons do."""

    @pages.post("/status/act")
    def act() -> Response:
        values = {name: value[:2100] for name, value in request.form.items()}
        what = values.pop("act", "")
        back = values.pop("back", "")
        done = what if room().act(what, values) else "nothing"
        if not back.startswith("/status") or "//" in back or "\\" in back:
            back = "/status"
        sign = "&" if "?" in back else "?"
        target = f"{root}{quote(back, safe='/?&=%+-._~')}{sign}done={quote(done)}"
        answer = plain(f"See {target}\n", 303)
        answer.headers["Location"] = target
        return answer


def _refused(room: Callable[[], Room], failures: Buckets, base_url: str) -> Response | None:
    """The answer to somebody who may not see this; None: he may."""
    authorization = request.headers.get("Authorization", "")
    token = bearer(authorization) or _password(authorization)
    if not token:
        if is_here(request.environ, base_url):
            return None
        return _unauthorised("Ask with a token of an operator: feedsvc token add NAME --operate\n")
    if room().operates(token):
        return None
    if failures.take(client_of(request.environ), time.monotonic()):
        return plain("Too many requests with a token that is not known.\n", 429)
    return _unauthorised(
        "This token is not known, or is no operator's. Make one: feedsvc token add NAME --operate\n"
    )


def _unauthorised(words: str) -> Response:
    answer = plain(words, 401)
    answer.headers.add(
        "WWW-Authenticate", 'Basic realm="feedsvc: any name, the token as password", charset="UTF-8"'
    )
    answer.headers.add("WWW-Authenticate", 'Bearer realm="feedsvc"')
    return answer


def is_here(environ: Mapping[str, Any], base_url: str) -> bool:
    """Whether a request comes from this machine, not through a proxy on it, and under a name of this machine.

    Where the service has a public address a proxy is before it, and one that adds no header looks the same.
    """
    if (urlsplit(base_url).hostname or "") not in HERE:
        return False
    if any(name in environ for name in PASSED_ON) or not is_loopback(environ):
        return False
    try:
        asked = urlsplit(f"//{environ.get('HTTP_HOST', '')}").hostname or ""
    except ValueError:
        return False
    return asked in HERE


def _is_ours(base_url: str) -> bool:
    """Whether a POST comes from one of our own pages, or from a program, which no foreign page can steer."""
    if bearer(request.headers.get("Authorization", "")):
        return True  # a browser adds none by itself
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    if origin is None:
        return False
    parts = urlsplit(origin)
    return parts.netloc in (request.headers.get("Host"), urlsplit(base_url).netloc) and bool(parts.netloc)


def _password(authorization: str) -> str:
    """The password of HTTP Basic; "": there is none."""
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return b64decode(value.strip(), validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _number() -> int:
    value = request.args.get("page", "1")
    return max(1, min(int(value[:9]), MAX_NUMBER)) if value.isascii() and value.isdecimal() else 1


def _done() -> str:
    return request.args.get("done", "")[:20]


def _page(body: str | None) -> Response:
    if body is None:
        return plain("There is no such source or feed.\n", 404)
    answer = _sent(body.encode(), "text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = PAGE
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["Vary"] = "Accept"
    return answer


def _sent(body: bytes, kind: str) -> Response:
    answer = Response(body, content_type=kind)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
