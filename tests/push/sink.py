"""A subscriber on loopback: an ordinary HTTP server that confirms what it wants and keeps what it is sent."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Got:
    """One request as it came."""

    method: str
    path: str  #: without the query
    query: tuple[tuple[str, str], ...]
    headers: dict[str, str]  #: lower-case names
    body: bytes
    at: float  #: monotonic seconds

    def asks(self, name: str) -> str:
        """A parameter of the query."""
        return dict(self.query).get(name, "")


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


Rule = Callable[[Got], Reply]


def confirm(got: Got) -> Reply:
    """Confirms every intent and takes every delivery."""
    return Reply(200, got.asks("hub.challenge").encode()) if got.method == "GET" else Reply(204)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Quiet where a client went away: some tests want that."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Sink:
    """Answers each path by its rule (`confirm` where there is none); `got` holds what came, in order."""

    def __init__(self) -> None:
        self.rules: dict[str, Rule] = {}
        self.got: list[Got] = []
        self.released = threading.Event()  # ends what hangs
        sink = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # the answer in one segment
            disable_nagle_algorithm = True

            def _do(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                if len(body) < length:
                    return  # the sender died in the middle of it
                parts = urlsplit(self.path)
                got = Got(
                    method=self.command,
                    path=parts.path,
                    query=tuple(parse_qsl(parts.query, keep_blank_values=True)),
                    headers={name.lower(): value for name, value in self.headers.items()},
                    body=body,
                    at=time.monotonic(),
                )
                sink.got.append(got)
                reply = sink.rules.get(parts.path, confirm)(got)
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                if reply.status != 204:
                    self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                if reply.status != 204:
                    self.wfile.write(reply.body)

            do_GET = do_POST = do_PURGE = _do  # noqa: N815 - the names that http.server looks for

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name in http.server
                """Quiet."""

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.port: int = self._server.server_address[1]
        self.host = f"127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def url(self, path: str = "/") -> str:
        return f"http://{self.host}{path}"

    def hang(self, got: Got) -> Reply:
        """A rule: no answer until the test is over."""
        self.released.wait(60)
        return Reply(204)

    def posts(self, path: str) -> list[Got]:
        """The deliveries to a path, in order."""
        return [got for got in list(self.got) if got.method == "POST" and got.path == path]

    def gets(self, path: str) -> list[Got]:
        """The verifications and denials at a path, in order."""
        return [got for got in list(self.got) if got.method == "GET" and got.path == path]

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
