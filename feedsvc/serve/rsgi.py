"""The front as an RSGI application (granian): look-ups in the event loop, the rest in lanes beside it.

A look-up is answered at once. What waits, for a body, a lane or a build, waits here and holds no thread; so
neither slow senders nor slow requests, however many there are, delay a feed.
"""

from __future__ import annotations

import asyncio
import io
import logging
import sys
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from feedsvc.errors import FeedsvcError
from feedsvc.model import Absent
from feedsvc.serve import lanes
from feedsvc.serve.clients import client_of
from feedsvc.serve.documents import Document, Headers
from feedsvc.serve.front import BUSY_ERROR, Front, Waiting, refused
from feedsvc.serve.lanes import Lanes
from feedsvc.serve.members import AT_ONCE
from feedsvc.serve.on_demand import MAX_WAIT, Wanted
from feedsvc.serve.request_bodies import ADMITTED, Bodies, BodyError, has_body, without_body

log = logging.getLogger(__name__)

QUICK_WAIT = 0.25  #: seconds that a request waits for a variant before it needs a lane
#: Headers that a look-up needs; all of them would cost as much as the rest of it. These do not come twice,
_LOOKED_AT = (
    ("accept-encoding", "HTTP_ACCEPT_ENCODING"),
    ("if-modified-since", "HTTP_IF_MODIFIED_SINCE"),
    ("if-unmodified-since", "HTTP_IF_UNMODIFIED_SINCE"),
    ("sec-fetch-dest", "HTTP_SEC_FETCH_DEST"),
    ("user-agent", "HTTP_USER_AGENT"),
)
#: and these may.
_LISTS = (
    ("host", "HTTP_HOST"),
    ("if-none-match", "HTTP_IF_NONE_MATCH"),
    ("if-match", "HTTP_IF_MATCH"),
    ("x-forwarded-for", "HTTP_X_FORWARDED_FOR"),  # a proxy may add a line of its own; the last word counts
)


class HeaderMap(Protocol):
    """The headers of an RSGI request, their names in lower case."""

    def __contains__(self, name: str, /) -> bool: ...
    def get(self, name: str, /) -> str | None: ...
    def get_all(self, name: str, /) -> list[str]: ...
    def items(self) -> Iterable[tuple[str, str]]: ...


class Scope(Protocol):
    """The head of an RSGI request (RSGI specification 1.6, "HTTP Scope")."""

    @property
    def http_version(self) -> str: ...
    @property
    def server(self) -> str: ...
    @property
    def client(self) -> str: ...
    @property
    def scheme(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def query_string(self) -> str: ...
    @property
    def headers(self) -> HeaderMap: ...
    @property
    def authority(self) -> str | None: ...


class Http(Protocol):
    """The rest of an RSGI request: its body, and the way back."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...
    def response_bytes(self, status: int, headers: Headers, body: bytes, /) -> Any: ...


class Told:
    """What a WSGI application says before its body."""

    def __init__(self) -> None:
        self.status = 500
        self.headers: Headers = []

    def __call__(self, status: str, headers: Headers) -> None:
        self.status, self.headers = int(status[:3]), headers


class Application:
    """Answers for one process. `front` decides, this waits."""

    def __init__(self, front: Front, *, own_lanes: Lanes | None = None, bodies: Bodies | None = None) -> None:
        self.front = front
        self._lanes = own_lanes or Lanes()
        self._bodies = bodies or Bodies()
        self._members = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="members")
        self._threads = ThreadPoolExecutor(lanes.LANES, thread_name_prefix="slow requests")

    async def __rsgi__(self, scope: Scope, http: Http) -> None:
        """Answer a request."""
        told = Told()
        environ = _head(scope)
        answer = self.front.at_once(environ, told)
        if isinstance(answer, Waiting) and answer.early:
            await asyncio.get_running_loop().run_in_executor(self._threads, self.front.published.refresh)
            answer = self.front.at_once(environ, told, looked=True)
        if isinstance(answer, Waiting):
            answer = await self._waited(answer, {**_whole(scope), **environ}, http, told)
        http.response_bytes(told.status, told.headers, b"".join(answer))

    def exchange(self, front: Front) -> None:
        """Let another front decide from now on, once it has something to serve."""
        before, self.front = self.front, front
        before.stop()

    async def _waited(
        self, waiting: Waiting, environ: dict[str, Any], http: Http, told: Told
    ) -> Iterable[bytes]:
        """The answer to a request that is no look-up."""
        client = client_of(environ)
        if waiting.asked is not None:
            loop, ask = asyncio.get_running_loop(), self.front.for_member
            answer = await loop.run_in_executor(
                self._members, ask, waiting.asked, waiting.number, environ, told
            )
            if not isinstance(answer, Waiting):
                return answer
            waiting = answer
        if waiting.wanted is None:
            return await self._elsewhere(environ, http, client, told)
        found = await self._built(waiting.wanted, waiting.number, client)
        return self.front.built(found, environ, told)

    # ── on demand ──

    async def _built(self, one: Wanted, number: int, client: str) -> Document | Absent | None:
        """A feed built now; where that cannot be, the older one that is cached, or None."""
        on_demand = self.front.on_demand
        try:
            if one.quick and not self.front.published.in_trouble:
                # milliseconds, and many ask for the same one just after a publication: no lane for these
                found = await self._within(QUICK_WAIT, one, number)
                if found is not None:
                    return found
            if await self._lanes.enter(client):
                try:
                    found = await self._within(MAX_WAIT, one, number)
                    if found is not None:
                        return found
                    log.warning("%s took longer than %g s to build", one.key, MAX_WAIT)
                finally:
                    self._lanes.leave(client)
        except FeedsvcError as error:
            self.front.published.outage.failed(error)
        return on_demand.older(one.key)

    async def _within(self, seconds: float, one: Wanted, number: int) -> Document | Absent | None:
        begun = self.front.on_demand.begin(one, number)
        if isinstance(begun, Document | Absent):
            return begun
        building = asyncio.wrap_future(begun)
        done, _ = await asyncio.wait({building}, timeout=seconds)  # others may wait for it: no cancelling
        return building.result() if done else None

    # ── everything else ──

    async def _elsewhere(
        self, environ: dict[str, Any], http: Http, client: str, told: Told
    ) -> Iterable[bytes]:
        """An answer of the other application, made inside a lane.

        The head is judged before a body is read, and for the API always: so nobody without a right to the
        address makes us wait for a body, and a newsroom's own system may queue.
        """
        with_body, api = has_body(environ), environ["PATH_INFO"].startswith("/api/articles")
        places = lanes.JUDGED if api else lanes.STRANGER
        patience = lanes.NEWSROOM_PATIENCE if api else lanes.PATIENCE
        if with_body or api:
            words = await self._in_lane(without_body(environ), told, client, places, patience)
            if words is None:
                return refused(BUSY_ERROR, environ, told)
            if told.status != 204:
                if with_body:
                    told.headers = [*told.headers, ("Connection", "close")]
                return words
            environ[ADMITTED] = True
        if api:
            places = lanes.NEWSROOM
        if not with_body:
            answer = await self._in_lane(environ, told, client, places, patience)
        else:
            try:
                async with self._bodies.held(environ, http, client):
                    answer = await self._in_lane(environ, told, client, places, patience)
            except BodyError as error:
                return refused(error, environ, told)
        return answer if answer is not None else refused(BUSY_ERROR, environ, told)

    async def _in_lane(
        self, environ: dict[str, Any], told: Told, client: str, places: int, patience: float
    ) -> list[bytes] | None:
        """The whole answer of the other application; None: there was no lane."""
        if not await self._lanes.enter(client, places=places, patience=patience):
            return None
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, self.front.elsewhere, environ, told)
        finally:
            self._lanes.leave(client)


def _head(scope: Scope) -> dict[str, Any]:
    """The part of a WSGI environ (PEP 3333) that a look-up needs."""
    headers, path = scope.headers, scope.path
    environ: dict[str, Any] = {
        "PATH_INFO": path if path.isascii() else path.encode("utf-8", "replace").decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "REQUEST_METHOD": scope.method,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "HTTP_HOST": scope.authority or "",
    }
    for header, name in _LOOKED_AT:
        value = headers.get(header)
        if value is not None:
            environ[name] = value
    for header, name in _LISTS:
        if header in headers:
            environ[name] = ",".join(headers.get_all(header))
    return environ


def _whole(scope: Scope) -> dict[str, Any]:
    """The rest of it."""
    environ: dict[str, Any] = {
        "SCRIPT_NAME": "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    host, _, port = scope.server.rpartition(":")
    environ["SERVER_NAME"], environ["SERVER_PORT"] = host.strip("[]"), port
    for header, value in scope.headers.items():
        if "_" in header:
            continue  # `content_length` would pass for Content-Length, `x_forwarded_for` for a proxy's word
        name = header.upper().replace("-", "_")
        if name not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            name = f"HTTP_{name}"
        environ[name] = f"{environ[name]},{value}" if name in environ else value
    return environ
