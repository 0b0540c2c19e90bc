"""One GET: guarded, conditional, bounded in bytes and in time; nothing of requests leaves this module."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NoReturn

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.response import GzipDecoderState

from feedsvc import urls
from feedsvc.errors import Code, FetchError
from feedsvc.fetch.brake import Brake, Watch
from feedsvc.fetch.clocks import HostClocks
from feedsvc.fetch.connections import pools
from feedsvc.fetch.failures import bad_status, failure, too_slow
from feedsvc.fetch.guard import Guard
from feedsvc.fetch.room import LARGE, Room
from feedsvc.model import Fetched
from feedsvc.plugin_api import Request
from feedsvc.protocols import Admit, Hop

CHUNK = 64 * 1024
MAX_REDIRECTS = 5
CODINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate", "br"})
#: Headers of an answer that somebody downstream reads; everything else is dropped here.
HINTS = frozenset(
    {
        *("age", "cache-control", "content-language", "content-type", "date", "expires", "link"),
        *("retry-after", "x-wp-totalpages"),
    }
)
MAX_HEADER = 8 * 1024  #: characters of a header that somebody reads; a longer one counts as not sent
MAX_VALIDATOR = 1000  #: the same for what is sent back with every later request
_SWITCHED = 101  #: from here on the connection speaks another protocol
_PERMANENT = frozenset({301, 308})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHARSET = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([a-zA-Z0-9_.:-]{2,40})", re.I)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class _Adapter(HTTPAdapter):
    """requests' adapter over guarded connections; it knows no proxies and keeps no cookies.

    It is used without a Session: that one reads the whole body of a redirect before it tells of it, whatever
    its size, also where it is told not to follow.
    """

    def __init__(self, guard: Guard, brake: Brake) -> None:
        self._guard, self._brake = guard, brake
        super().__init__(pool_connections=64, pool_maxsize=8, max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: Any) -> None:
        self.poolmanager = pools(
            self._guard, self._brake, num_pools=connections, maxsize=maxsize, block=block, **kwargs
        )

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> NoReturn:
        raise FetchError(Code.BLOCKED_URL, "a proxy would connect to addresses that were not checked")


class Client:
    """Makes GET requests for the whole process; safe to use from many threads.

    `user_agent` names the product and whom to ask; `now` is the wall clock; `clocks` hears
    what hosts say of it.
    """

    def __init__(
        self,
        guard: Guard,
        *,
        user_agent: str,
        now: Callable[[], datetime],
        ca_bundle: str | None = None,
        clocks: HostClocks | None = None,
    ) -> None:
        self.guard = guard
        self._clocks = clocks or HostClocks(now)
        self._brake = Brake()
        # two ways out: a connection that was made with the rights of own hosts is lent to nobody else
        self._guards = {True: guard, False: guard.without_own()}
        self._adapters = {own: _Adapter(one, self._brake) for own, one in self._guards.items()}
        self._rooms = {True: Room(), False: Room()}  # foreign bodies take no room from own ones
        self._now = now
        self._verify: str | bool = ca_bundle or True
        self._headers = {"User-Agent": user_agent, "Accept-Encoding": "gzip, deflate, br"}

    def get(
        self,
        request: Request,
        *,
        own: bool = False,
        admit: Admit | None = None,
        start: Hop | None = None,
    ) -> Fetched:
        """The answer to `request`: 200 with its decoded body, or 304. `done` gives back what a body takes.

        `own`: the work began at an own host, so that the rights of own hosts hold, there and where those
        lead. Redirects are followed (5 at most), each hop judged; of their bodies nothing is read. `admit` is
        called before each address is asked; what it waits for is not counted. `start`: the hop to go on at.
        Raises FetchError with the code of what went wrong; nothing of the body is kept then.
        """
        begun = time.monotonic()
        hop = start or self._hop(Hop(url=request.url, own=own), request.url)
        while True:
            if admit is not None:
                stopped = time.monotonic()
                admit(hop)
                begun += time.monotonic() - stopped
            with self._brake.watching(begun + request.seconds) as watch:
                response = self._send(hop, request, watch)
                try:
                    target = response.headers.get("Location")
                    if response.status_code not in _REDIRECTS or not target:
                        return self._answer(response, hop, request, begun)
                finally:
                    _end(response)
            if hop.count == MAX_REDIRECTS:
                raise FetchError(
                    Code.TOO_MANY_REDIRECTS,
                    f"{request.url} redirects more than {MAX_REDIRECTS} times, last to {target[:200]}",
                )
            permanent = hop.permanent and response.status_code in _PERMANENT
            led = replace(hop, count=hop.count + 1, permanent=permanent)
            hop = self._hop(led, _target(hop.url, target))

    def done(self) -> None:
        """This thread needs the bodies that it got no longer: others may have large ones."""
        for room in self._rooms.values():
            room.leave()

    def _hop(self, hop: Hop, url: str) -> Hop:
        """`hop` at another address, judged; the rights of own hosts end where it leaves them."""
        own = hop.own and self.guard.owns(url)
        return replace(hop, url=self._guards[own].admit(url), own=own)

    def _send(self, hop: Hop, request: Request, watch: Watch) -> requests.Response:
        headers = {**self._headers, "Accept": request.accept, **_conditions(request, hop)}
        if request.part:
            headers |= {"Range": f"bytes=0-{request.limit - 1}", "Accept-Encoding": "identity"}
        try:
            return self._adapters[hop.own].send(
                requests.Request("GET", hop.url, headers=headers).prepare(),
                stream=True,
                verify=self._verify,
                timeout=max(0.01, watch.deadline - time.monotonic()),
            )
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise failure(error, hop.url, request.seconds, expired=watch.expired) from error

    def _answer(self, response: requests.Response, hop: Hop, request: Request, begun: float) -> Fetched:
        status = response.status_code
        headers = {name.lower(): value for name, value in response.headers.items()}
        self._clocks.heard(urls.host(hop.url), headers)
        if status == 304 and not _conditions(request, hop):  # RFC 9110 15.4.5: nothing that it confirms
            raise FetchError(
                Code.HTTP_STATUS, f"{hop.url} answers 304 to a request without a condition", status=status
            )
        if status not in (200, 304) and not (status == 206 and request.part):
            raise bad_status(hop.url, status, headers.get("retry-after"), self._now())
        content_type = _header(headers, "content-type")
        charset = _CHARSET.search(content_type)
        return Fetched(
            url=hop.url,
            status=status,
            body=b"" if status == 304 else self._body(response, request, hop),
            media_type=content_type.partition(";")[0].strip().lower()[:100],
            charset=charset[1] if charset else "",
            etag=_validator(headers, "etag"),
            last_modified=_validator(headers, "last-modified"),
            at=self._now(),
            hints={name: value for name in sorted(HINTS) if (value := _header(headers, name))},
            moved=hop.url if hop.permanent and hop.count else "",
            seconds=time.monotonic() - begun,
            length=_whole_length(headers),
        )

    def _body(self, response: requests.Response, request: Request, hop: Hop) -> bytes:
        url, room = hop.url, self._rooms[hop.own]
        for coding in response.headers.get("Content-Encoding", "").lower().split(","):
            if coding.strip() not in CODINGS:
                # urllib3 would hand the bytes on as they are
                raise FetchError(
                    Code.BAD_ENCODING, f"{url} is encoded as {coding.strip()[:40]!r}, which was not asked for"
                )
        body = bytearray()
        raw = response.raw
        watch = self._brake.current
        try:
            # read1 returns what has arrived; read() and iter_content() would wait for a full chunk
            while chunk := raw.read1(CHUNK, decode_content=True):
                body += chunk
                if len(body) > request.limit:
                    if request.cut or request.part:
                        return bytes(body[: request.limit])
                    raise FetchError(Code.TOO_LARGE, f"{url} is larger than {request.limit:,} bytes")
                if len(body) > LARGE and watch and not room.take(watch.deadline - time.monotonic()):
                    raise too_slow(url, request.seconds)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            expired = watch is not None and watch.expired
            raise failure(error, url, request.seconds, expired=expired) from error
        if watch and watch.expired:
            raise too_slow(url, request.seconds)
        announced = _number(response.headers.get("Content-Length", ""))
        if "Transfer-Encoding" not in response.headers and raw.tell() < announced:
            raise FetchError(Code.TRUNCATED, f"{url} announced {announced} bytes and sent {raw.tell()}")
        if raw.tell() and not request.part and not _unpacked_to_its_end(raw):
            raise FetchError(Code.TRUNCATED, f"{url} is packed, and ends before its end")
        return bytes(body)


def _conditions(request: Request, hop: Hop) -> dict[str, str]:
    """The headers that make a request conditional: a validator belongs to one resource (RFC 9110 13.1)."""
    if request.validators_url not in ("", hop.url):
        return {}
    given = {"If-None-Match": request.etag, "If-Modified-Since": request.last_modified}
    return {name: value for name, value in given.items() if value}


def _unpacked_to_its_end(raw: Any) -> bool:
    """Whether each coding of a body came to its own end (RFC 1952 2.3, RFC 1950 2.2, RFC 7932 9).

    urllib3 hands on what there is. A program that dies while it packs leaves a whole HTTP message with half
    a list in it. What follows the end is ignored, as everywhere.
    """
    decoder = raw._decoder  # noqa: SLF001 - urllib3 tells it nowhere else; a test reads each coding
    for one in getattr(decoder, "_decoders", [decoder]):
        packed: Any = getattr(one, "_obj", None)
        ended = packed.is_finished() if hasattr(packed, "is_finished") else getattr(packed, "eof", True)
        if not ended and getattr(one, "_state", None) is not GzipDecoderState.SWALLOW_DATA:
            return False
    return True


def _end(response: requests.Response) -> None:
    """Give the connection back where nothing of the answer is left to read; close it otherwise."""
    raw = response.raw
    if raw.length_remaining == 0 and not raw.closed and response.status_code != _SWITCHED:
        raw.read1(1, decode_content=False)  # reads nothing: it tells the connection that the answer is over
    response.close()


def _target(base: str, location: str) -> str:
    """The absolute address that a Location header names, whose bytes are UTF-8 as a rule (WHATWG URL)."""
    try:
        location = location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        pass  # it is Latin-1 after all
    found = urls.absolute(base, location)
    if found is None:
        raise FetchError(Code.BLOCKED_URL, f"{base} redirects to no http(s) address: {location[:200]!r}")
    return found


def _header(headers: Mapping[str, str], name: str) -> str:
    """A header as far as it can be believed: one that is endless or holds control characters was not sent."""
    value = headers.get(name, "")
    return "" if len(value) > MAX_HEADER or _CONTROL.search(value) else value


def _validator(headers: Mapping[str, str], name: str) -> str:
    value = _header(headers, name)
    return value if len(value) <= MAX_VALIDATOR else ""


def _whole_length(headers: Mapping[str, str]) -> int:
    """The length that an answer tells of the whole resource, without its coding; 0 if it does not."""
    plain = headers.get("content-encoding", "identity").strip().lower() == "identity"
    total = headers.get("content-range", "").rpartition("/")[2] or headers.get("content-length", "")
    return _number(total) if plain else 0


def _number(text: str) -> int:
    """A length in a header; 0 if there is none. Digits without end would be refused by int() itself."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0
