"""Connections that go where the guard lets them and end when the brake says so, for client and sender."""

from __future__ import annotations

import http.client
import math
import socket
import ssl
import time
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.response import HTTPResponse

from feedsvc.errors import FetchError
from feedsvc.fetch.brake import Brake
from feedsvc.fetch.certificates import describe
from feedsvc.fetch.guard import Guard

CONNECT_TIMEOUT = 10.0
LOOK_AGAIN = 5.0  #: seconds for looking at a certificate that was refused


class _Answer(http.client.HTTPResponse):
    """The final answer to a request: what comes before it (103 Early Hints) is passed over.

    RFC 9110 15.2. The standard library knows 100 alone and takes any other for the final answer; the true one
    would then be read as the answer to the next request on the connection.
    """

    def begin(self) -> None:
        while True:
            super().begin()
            if self.status < 102 or self.status > 199:  # 101 is final: the connection is something else now
                return
            self.headers = self.msg = None  # type: ignore[assignment]  # else `begin` does nothing


class _Guarded(HTTPConnection):
    """A connection that goes where the guard lets it and stops when the brake says so."""

    guard: Guard
    brake: Brake
    handle: socket.socket | None = None
    answer: _Answer | None = None

    def response_class(self, *args: Any, **kwargs: Any) -> _Answer:  # type: ignore[override]
        """Make what reads the answer, as the standard library asks for it."""
        self.answer = _Answer(*args, **kwargs)
        return self.answer

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        """The answer's head. Where urllib3 refuses it, nothing of it is left open."""
        try:
            return super().getresponse()
        except Exception:
            if self.answer is not None:
                self.answer.close()  # it may hold the socket alone, which urllib3 does not know
            raise
        finally:
            self.answer = None

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

    def connect(self) -> None:
        try:
            super().connect()
        except ssl.SSLCertVerificationError as error:
            error.add_note(self._refused())
            raise

    def _refused(self) -> str:
        """What the certificate that was refused says of itself; "" where it does not come again."""
        watch = self.brake.current
        deadline = min(watch.deadline if watch else math.inf, time.monotonic() + LOOK_AGAIN)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # nothing is sent or believed
        try:
            with (
                self.guard.connect(self._dns_host, self.port, deadline=deadline, timeout=LOOK_AGAIN) as made,
                context.wrap_socket(made, server_hostname=self._dns_host) as secured,
            ):
                return describe(secured.getpeercert(binary_form=True) or b"")
        except (OSError, ValueError, FetchError):
            return ""


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
