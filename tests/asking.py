"""Requests to an application in this process: WSGI, or RSGI as granian speaks it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from wsgiref.util import setup_testing_defaults


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


def ask(
    app: Any, path: str, method: str = "GET", *, body: Any = None, remote: str = "", **headers: str
) -> Answer:
    """One request, with a file as its body, from an address if one is given. No header may come twice."""
    environ: dict[str, Any] = {"REMOTE_ADDR": remote} if remote else {}
    setup_testing_defaults(environ)
    path, _, query = path.partition("?")
    environ |= {"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": method}
    environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    if body is not None:
        environ["wsgi.input"] = body
        environ["CONTENT_LENGTH"] = headers.get("content_length", "")
    seen: list[Any] = []

    def start_response(status: str, given: list[tuple[str, str]]) -> None:
        names = [name for name, _ in given]
        assert len(names) == len(set(names))
        seen.extend((int(status[:3]), dict(given)))

    answered = b"".join(app(environ, start_response))
    return Answer(seen[0], seen[1], answered)


class Headers:
    """The headers of an RSGI request."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._pairs = [(name.lower(), value) for name, value in pairs]

    def __contains__(self, name: str, /) -> bool:
        return any(one == name for one, _ in self._pairs)

    def get(self, name: str, /) -> str | None:
        return next((value for one, value in self._pairs if one == name), None)

    def get_all(self, name: str, /) -> list[str]:
        return [value for one, value in self._pairs if one == name]

    def items(self) -> Sequence[tuple[str, str]]:
        return self._pairs


@dataclass
class Scope:
    """The head of an RSGI request."""

    path: str
    query_string: str
    method: str
    headers: Headers
    client: str
    http_version: str = "1.1"
    server: str = "127.0.0.1:80"
    scheme: str = "http"
    authority: str | None = None


@dataclass
class Http:
    """The rest of an RSGI request. Each chunk of the body comes after its seconds."""

    chunks: Sequence[tuple[float, bytes]] = ()
    answers: list[Answer] = field(default_factory=list)
    read: int = 0  #: chunks that were asked for

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for seconds, chunk in self.chunks:
            await asyncio.sleep(seconds)
            self.read += 1
            yield chunk

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes, /) -> None:
        self.answers.append(Answer(status, dict(headers), body))


async def ask_rsgi(
    app: Any,
    path: str,
    method: str = "GET",
    *,
    remote: str = "203.0.113.7",
    http: Http | None = None,
    **headers: str,
) -> Answer:
    """One request from an address."""
    http = http or Http()
    path, _, query = path.partition("?")
    given = [("host", "feeds.example")]
    given += [(name.replace("_", "-"), value) for name, value in headers.items()]
    await app.__rsgi__(Scope(path, query, method, Headers(given), f"{remote}:40000"), http)
    [answer] = http.answers
    return answer
