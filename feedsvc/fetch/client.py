"""One GET: guarded, conditional, bounded in bytes and in time; nothing of requests leaves this module."""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn
from urllib.parse import urljoin

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from feedsvc.errors import Code, FetchError
from feedsvc.fetch.brake import Brake
from feedsvc.fetch.guard import Guard
from feedsvc.model import Fetched
from feedsvc.plugin_api import Request

CHUNK = 64 * 1024
MAX_REDIRECTS = 5
CODINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate", "br"})
CONNECT_TIMEOUT = 10.0
#: Headers of an answer that somebody downstream reads; everything else is dropped here.
HINTS = frozenset(
    {
        *("age", "cache-control", "content-language", "content-type", "date", "expires", "link"),
        *("retry-after", "x-wp-totalpages"),
    }
)
_PERMANENT = frozenset({301, 308})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([a-zA-Z0-9_.:-]{2,40})", re.I)


class _Guarded(HTTPConnection):
    """A connection that goes where the guard lets it and stops when the brake says so."""

    guard: Guard
    brake: Brake
    handle: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        watch = self.brake.current
        deadline = watch.deadline if watch else time.monotonic() + CONNECT_TIMEOUT
        made = self.guard.connect(self._dns_host, self.port, deadline=deadline, timeout=CONNECT_TIMEOUT)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # TLS takes the descriptor away from `made`; the duplicate can still shut the connection down
        self.handle = made.dup()
        if watch:
            watch.hold(self.handle)
        return made

    def request(self, *args: Any, **kwargs: Any) -> None:
        if self.sock is not None and self.handle is not None and self.brake.current:
            self.brake.current.hold(self.handle)  # a connection kept alive from an earlier request
        super().request(*args, **kwargs)

    def close(self) -> None:
        if self.handle is not None:
            self.handle.close()
            self.handle = None
        super().close()


class _GuardedTLS(_Guarded, HTTPSConnection):
    """The same with TLS; certificate and SNI are those of the host name."""


def pools(guard: Guard, brake: Brake, **options: Any) -> urllib3.PoolManager:
    """Connection pools whose connections go where `guard` lets them and stop when `brake` says so."""
    attributes = {"guard": guard, "brake": brake}
    plain = type("GuardedConnection", (_Guarded,), attributes)
    tls = type("GuardedTLSConnection", (_GuardedTLS,), attributes)
    manager = urllib3.PoolManager(**options)
    manager.pool_classes_by_scheme = {
        "http": type("GuardedPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("GuardedTLSPool", (HTTPSConnectionPool,), {"ConnectionCls": tls}),
    }
    return manager


class _Adapter(HTTPAdapter):
    """requests' adapter over guarded connections; it knows no proxies."""

    def __init__(self, guard: Guard, brake: Brake) -> None:
        self._guard, self._brake = guard, brake
        super().__init__(pool_connections=64, pool_maxsize=8, max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: Any) -> None:
        self.poolmanager = pools(
            self._guard, self._brake, num_pools=connections, maxsize=maxsize, block=block, **kwargs
        )

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> NoReturn:
        raise FetchError(Code.BLOCKED_URL, "a proxy would connect to addresses that nobody has judged")


class Client:
    """Makes GET requests for the whole process; safe to use from many threads.

    `user_agent` names the product and whom to ask; `now` is the wall clock.
    """

    def __init__(
        self,
        guard: Guard,
        *,
        user_agent: str,
        now: Callable[[], datetime],
        ca_bundle: str | None = None,
    ) -> None:
        self.guard = guard
        self._brake = Brake()
        self._adapter = _Adapter(guard, self._brake)
        self._now = now
        self._verify: str | bool = ca_bundle or True
        self._headers = {"User-Agent": user_agent, "Accept-Encoding": "gzip, deflate, br"}

    def get(self, request: Request) -> Fetched:
        """The answer to `request`: 200 with its decoded body, or 304.

        Redirects are followed (5 at most), each hop judged; what `request.admit` waits for is not counted.
        Raises FetchError with the code of what went wrong; nothing of the body is kept then.
        """
        started = time.monotonic()
        url, moved, permanent = self.guard.admit(request.url), "", True
        for _ in range(MAX_REDIRECTS + 1):
            with self._brake.watching(started + request.seconds) as watch:
                response = self._send(url, request, watch.deadline)
                try:
                    target = response.headers.get("Location")
                    if response.status_code not in _REDIRECTS or not target:
                        return self._answer(response, request, url, moved if permanent else "", started)
                finally:
                    response.close()
            permanent = permanent and response.status_code in _PERMANENT
            url = moved = self.guard.admit(urljoin(url, target))
            if request.admit is not None:
                stopped = time.monotonic()
                request.admit(url)
                started += time.monotonic() - stopped
        raise FetchError(
            Code.TOO_MANY_REDIRECTS, f"{request.url} redirects more than {MAX_REDIRECTS} times, last to {url}"
        )

    def _send(self, url: str, request: Request, deadline: float) -> requests.Response:
        headers = {**self._headers, "Accept": request.accept}
        if request.validators_url in ("", url):  # RFC 9110 13.1: a validator belongs to one resource
            if request.etag:
                headers["If-None-Match"] = request.etag
            if request.last_modified:
                headers["If-Modified-Since"] = request.last_modified
        if request.part:
            headers |= {"Range": f"bytes=0-{request.limit - 1}", "Accept-Encoding": "identity"}
        session = requests.Session()
        session.trust_env = False  # no proxies, no .netrc, no CA from the environment
        session.headers.clear()
        session.mount("http://", self._adapter)
        session.mount("https://", self._adapter)
        try:
            return session.get(
                url,
                headers=headers,
                stream=True,
                allow_redirects=False,
                verify=self._verify,
                timeout=max(0.01, deadline - time.monotonic()),
            )
        except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError) as error:
            raise self._translate(error, url, request) from error

    def _answer(
        self, response: requests.Response, request: Request, url: str, moved: str, started: float
    ) -> Fetched:
        status = response.status_code
        headers = response.headers
        if status not in (200, 304) and not (status == 206 and request.part):
            raise _bad_status(url, status, headers.get("Retry-After"), self._now())
        content_type = headers.get("Content-Type", "")
        charset = _CHARSET.search(content_type)
        return Fetched(
            url=url,
            status=status,
            body=b"" if status == 304 else self._body(response, request, url),
            media_type=content_type.partition(";")[0].strip().lower(),
            charset=charset[1] if charset else "",
            etag=headers.get("ETag", ""),
            last_modified=headers.get("Last-Modified", ""),
            at=self._now(),
            hints={name.lower(): value for name, value in headers.items() if name.lower() in HINTS},
            moved=moved,
            seconds=time.monotonic() - started,
            length=_whole_length(headers),
        )

    def _body(self, response: requests.Response, request: Request, url: str) -> bytes:
        for coding in response.headers.get("Content-Encoding", "").lower().split(","):
            if coding.strip() not in CODINGS:
                # urllib3 would hand the bytes on as they are
                raise FetchError(
                    Code.BAD_ENCODING, f"{url} is encoded as {coding.strip()!r}, which nobody asked for"
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
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise self._translate(error, url, request) from error
        if watch and watch.expired:
            raise _too_slow(url, request.seconds)
        announced = response.headers.get("Content-Length", "")
        if (
            announced.isdecimal()
            and "Transfer-Encoding" not in response.headers
            and raw.tell() < int(announced)
        ):
            raise FetchError(Code.TRUNCATED, f"{url} announced {announced} bytes and sent {raw.tell()}")
        return bytes(body)

    def _translate(self, error: Exception, url: str, request: Request) -> FetchError:
        watch = self._brake.current
        return failure(error, url, request.seconds, expired=watch is not None and watch.expired)


def failure(error: Exception, url: str, seconds: float, *, expired: bool) -> FetchError:
    """The error tree of two libraries and the socket, in our codes. `expired`: the time was up."""
    if expired:
        return _too_slow(url, seconds)
    chain: list[BaseException] = []
    seen: BaseException | None = error
    while seen is not None and len(chain) < 8:
        chain.append(seen)
        seen = seen.__cause__ or seen.__context__ or _reason(seen)
    for cause in chain:
        if isinstance(cause, FetchError):
            return cause
    for cause in chain:
        if isinstance(cause, (TimeoutError, requests.Timeout, urllib3.exceptions.TimeoutError)):
            return _too_slow(url, seconds)
        if isinstance(cause, ssl.SSLError):
            return FetchError(Code.TLS, f"{url}: {cause.reason or cause}")
        if isinstance(cause, urllib3.exceptions.DecodeError):
            return FetchError(Code.BAD_ENCODING, f"{url}: {cause}")
        if isinstance(cause, urllib3.exceptions.IncompleteRead):
            return FetchError(Code.TRUNCATED, f"{url} ended before it was complete")
    return FetchError(Code.CONNECT, f"{url}: {type(error).__name__}: {chain[-1]}")


def _whole_length(headers: Mapping[str, str]) -> int:
    """The length that an answer tells of the whole resource, without its coding; 0 if it does not."""
    total = headers.get("Content-Range", "").rpartition("/")[2] or headers.get("Content-Length", "")
    plain = headers.get("Content-Encoding", "identity").strip().lower() == "identity"
    return int(total) if plain and total.isascii() and total.isdecimal() and len(total) < 16 else 0


def _reason(error: BaseException) -> BaseException | None:
    reason = getattr(error, "reason", None)
    return reason if isinstance(reason, BaseException) else None


def _too_slow(url: str, seconds: float) -> FetchError:
    return FetchError(Code.TOO_SLOW, f"{url} was not complete after {seconds:g} s")


def _bad_status(url: str, status: int, retry_after: str | None, now: datetime) -> FetchError:
    wait = retry_after_seconds(retry_after, now)
    if status in (404, 410):
        return FetchError(Code.HTTP_GONE, f"{url} answers {status}", status=status)
    code = Code.HTTP_WAIT if status in (429, 503) else Code.HTTP_STATUS
    return FetchError(code, f"{url} answers {status}", status=status, wait=wait, url=url)


def retry_after_seconds(value: str | None, now: datetime) -> float | None:
    """Seconds from `now` that a Retry-After header asks for (RFC 9110 10.2.3: seconds or an HTTP date)."""
    if value is None:
        return None
    value = value.strip()
    if value.isascii() and value.isdecimal():
        return float(min(int(value[:12]), 365 * 86400))
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max(0.0, (until - now).total_seconds()), 365 * 86400.0)
