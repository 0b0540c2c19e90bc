"""Requests to a WSGI application in this process."""

from __future__ import annotations

from dataclasses import dataclass
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
