"""The demo newsroom's web server: HTTP/1.1 on the standard library, one thread for each connection."""

from __future__ import annotations

import re
import signal
import socket
import socketserver
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from logging import getLogger
from typing import Any, Self

from feedsvc.demo.dateline import http_date
from feedsvc.demo.edits import Edits
from feedsvc.demo.faults import Fault, Faults, Hit, Kind, Log
from feedsvc.demo.newsroom import Newsroom
from feedsvc.demo.schedule import Schedule
from feedsvc.demo.site import Answer, Site, blank_site

Clock = Callable[[], datetime]

HOST = re.compile(r"[A-Za-z0-9.-]+(?::\d{1,5})?|\[[0-9A-Fa-f:.]+\](?::\d{1,5})?")
LAST_WORDS = 2  #: seconds that connections get to end when the server stops
IDLE = 30  #: seconds until a silent connection is closed
logger = getLogger(__name__)


def now_utc() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


class DemoServer(ThreadingHTTPServer):
    """A newsroom at an address. `start` and `stop`, or `with`, run it in a thread of its own."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], clock: Clock, schedule: Schedule, feeds: str = "") -> None:
        self.clock = clock
        self.edits = Edits()
        self.faults = Faults()
        self.log = Log()
        self.newsroom = Newsroom(schedule, self.edits)
        self.site = Site(self.newsroom, feeds)
        self.empty = blank_site()
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._closing = threading.Condition()
        self._thread: threading.Thread | None = None
        super().__init__(address, Handler)

    def server_bind(self) -> None:
        """Bind without asking the name service who we are (http.server would, for seconds)."""
        socketserver.TCPServer.server_bind(self)
        host, port = self.server_address[:2]
        self.server_name, self.server_port = str(host), port

    @property
    def url(self) -> str:
        """Where it is reached, without a last slash."""
        return f"http://{self.server_name}:{self.server_port}"

    def start(self) -> Self:
        """Serve in a thread."""
        self._thread = threading.Thread(
            target=self.serve_forever, args=(0.02,), name="demo newsroom", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Close the port and all connections; returns when nothing is left of it."""
        self.stopping.set()
        if self._thread is not None:
            self.shutdown()
            self._thread.join()
        self.server_close()
        with self._closing:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self._closing.wait_for(lambda: not self._open, timeout=LAST_WORDS)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, so that `stop` can close it."""
        with self._closing:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection."""
        super().shutdown_request(request)
        with self._closing:
            self._open.discard(request)
            self._closing.notify_all()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A reader that went away is no error; anything else is ours."""
        if not isinstance(sys.exc_info()[1], OSError):
            logger.exception("a request from %s failed", client_address)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: DemoServer
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "KabarMerawan", ""
    disable_nagle_algorithm = True
    wbufsize = -1  # header and body leave together
    timeout = IDLE

    def do_GET(self) -> None:
        """Answer with the body."""
        fault = self.server.faults.of(self.path.partition("?")[0])
        match fault:
            case Fault(kind=Kind.HANG):
                self._note(0)
                self.server.stopping.wait()
                self.close_connection = True
            case Fault(kind=Kind.STATUS):
                extra = {"Retry-After": fault.retry_after} if fault.retry_after else {}
                reason = f"{fault.status} {HTTPStatus(fault.status).phrase}\n".encode()
                self._send(
                    fault.status, reason, {"Content-Type": "text/plain", "Cache-Control": "no-store", **extra}
                )
            case Fault(kind=Kind.LOGIN):
                self._answer(self.server.site.login())
            case Fault(kind=Kind.EMPTY):
                self._answer(self.server.empty.answer(self.path, self._base(), self.server.clock()))
            case _:
                self._answer(self.server.site.answer(self.path, self._base(), self.server.clock()), fault)

    do_HEAD = do_GET  # noqa: N815

    def _refuse(self) -> None:
        self.close_connection = True  # a body may follow that nobody reads
        self._send(405, b"", {"Allow": "GET, HEAD", "Connection": "close"})

    do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = _refuse  # noqa: N815

    def _base(self) -> str:
        host = self.headers.get("Host", "")
        return f"http://{host}" if HOST.fullmatch(host) else self.server.url

    def _answer(self, answer: Answer, fault: Fault | None = None) -> None:
        headers = {"Cache-Control": answer.cache}
        body = answer.body
        coding = ""
        if answer.zipped:
            headers["Vary"] = "Accept-Encoding"
            if accepts_gzip(self.headers.get("Accept-Encoding", "")):
                body, coding = answer.zipped, "-gzip"
        if answer.changed is not None:
            headers["Last-Modified"] = http_date(answer.changed)
        if answer.etag:
            headers["ETag"] = f'"{answer.etag}{coding}"'
            if is_unchanged(answer, self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")):
                self._send(304, b"", headers)
                return
        if answer.location:
            headers["Location"] = answer.location
        headers["Content-Type"] = answer.media_type
        if coding:
            headers["Content-Encoding"] = "gzip"
        self._send(answer.status, body, headers, fault)

    def _send(self, status: int, body: bytes, headers: dict[str, str], fault: Fault | None = None) -> None:
        self._note(status)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        match fault:
            case Fault(kind=Kind.TRUNCATED):
                self.wfile.write(body[: len(body) // 2])
                self.close_connection = True
            case Fault(kind=Kind.DRIP):
                self._drip(body, fault.pause)
            case _:
                self.wfile.write(body)

    def _drip(self, body: bytes, pause: float) -> None:
        self.close_connection = True
        for at in range(len(body)):
            self.wfile.write(body[at : at + 1])
            self.wfile.flush()
            if self.server.stopping.wait(pause):
                return

    def _note(self, status: int) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.log.add(Hit(time.monotonic(), self.command, self.path, headers, status))

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The Date header goes by the same clock as the stories."""
        return http_date(self.server.clock())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (as the base class has it)
        """Quiet, unless someone listens."""
        logger.debug(format, *args)


def accepts_gzip(header: str) -> bool:
    """Whether `gzip` or `*` is accepted with a weight above zero (RFC 9110 12.5.3)."""
    weights = {}
    for part in header.lower().split(","):
        coding, _, parameter = part.partition(";")
        weight = re.fullmatch(r"q=([01](?:\.\d{0,3})?)", parameter.strip())
        weights[coding.strip()] = float(weight[1]) if weight else 1.0
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def is_unchanged(answer: Answer, if_none_match: str | None, if_modified_since: str | None) -> bool:
    """RFC 9110 13.2.2: tags first, compared weakly; the date only without them."""
    if if_none_match is not None:
        tags = re.findall(r'"([^"]*)"', if_none_match)
        return if_none_match.strip() == "*" or any(tag.removesuffix("-gzip") == answer.etag for tag in tags)
    if if_modified_since is None or answer.changed is None:
        return False
    try:
        since = parsedate_to_datetime(if_modified_since)
    except ValueError:
        return False
    return since.tzinfo is not None and answer.changed.replace(microsecond=0) <= since


def make_server(
    host: str = "127.0.0.1",
    port: int = 0,
    clock: Clock = now_utc,
    *,
    schedule: Schedule | None = None,
    feeds: str = "",
) -> DemoServer:
    """A newsroom that is bound but not yet serving; port 0 takes a free one.

    `feeds` is the address of a feed service, without a last slash, whose headlines the pages show.
    """
    return DemoServer((host, port), clock, schedule or Schedule(), feeds)


def serve(
    host: str, port: int, *, clock: Clock = now_utc, schedule: Schedule | None = None, feeds: str = ""
) -> None:
    """Serve until SIGTERM or SIGINT. Raises OSError if the address cannot be had."""
    server = make_server(host, port, clock, schedule=schedule, feeds=feeds)

    def end(*_: object) -> None:
        threading.Thread(target=server.shutdown, daemon=True).start()

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        server.serve_forever(0.05)
    finally:
        server.stop()
        for number, handler in before.items():
            signal.signal(number, handler)
