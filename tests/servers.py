"""Real servers for tests, on 127.0.0.1 and free ports. They answer what a test tells them, byte by byte."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Exchange:
    """One request as it came, and the connection to answer on."""

    method: str
    path: str
    headers: dict[str, str]
    connection: socket.socket
    begun: bytes = b""  #: what came of the body together with the head

    @property
    def body(self) -> bytes:
        """The body, as long as Content-Length says."""
        left = int(self.headers.get("content-length", 0)) - len(self.begun)
        while left > 0 and (data := self.connection.recv(left)):
            self.begun += data
            left -= len(data)
        return self.begun

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def answer(
        self,
        status: int = 200,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        *,
        length: bool = True,
    ) -> None:
        """A whole answer; the connection is closed after it."""
        lines = [f"HTTP/1.1 {status} Test", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        if length:
            lines.append(f"Content-Length: {len(body)}")
        self.send("\r\n".join([*lines, "", ""]).encode("latin-1") + (b"" if self.method == "HEAD" else body))


Handler = Callable[[Exchange], None]


@dataclass
class ScriptedServer:
    """Calls the handler of a path for each request; keeps a log of (method, path, headers)."""

    address: str = "127.0.0.1"  #: any of loopback
    routes: dict[str, Handler] = field(default_factory=dict)
    log: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._listener = socket.create_server((self.address, 0))
        self.port: int = self._listener.getsockname()[1]
        self.host = f"{self.address}:{self.port}"
        self._open: list[socket.socket] = []
        self._closed = False
        self._threads: list[threading.Thread] = []
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    def url(self, path: str = "/") -> str:
        return f"http://{self.host}{path}"

    def page(self, path: str, body: bytes, status: int = 200, **headers: str) -> None:
        """Have `path` answer the same from now on."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named.setdefault("Content-Type", "text/html; charset=utf-8")
        self.routes[path] = lambda exchange: exchange.answer(status, body, named)

    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [path for _, path, _ in self.log]

    def close(self) -> None:
        self._closed = True
        # closing alone does not wake an accept()
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._listener.close()
        for connection in self._open:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self._acceptor.join(5)
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        while not self._closed:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open = [one for one in self._open if one.fileno() >= 0]  # for tests of many hours
            self._threads = [one for one in self._threads if one.is_alive()]
            self._open.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                head = b""
                while b"\r\n\r\n" not in head:
                    data = connection.recv(65536)
                    if not data:
                        return
                    head += data
                start, _, begun = head.partition(b"\r\n\r\n")
                first, *lines = start.decode("latin-1").split("\r\n")
                method, path, _ = first.split(" ")
                headers = {
                    name.strip().lower(): value.strip()
                    for name, _, value in (line.partition(":") for line in lines)
                }
                self.log.append((method, path, headers))
                exchange = Exchange(method, path, headers, connection, begun)
                handler = self.routes.get(path) or self.routes.get("*")
                if handler is None:
                    exchange.answer(404, b"not here")
                else:
                    handler(exchange)
            except OSError:
                return  # the client went away, as some tests want it to
