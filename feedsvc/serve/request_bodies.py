"""Bodies of requests, read before a request gets a lane: a sender that drips never holds one.

Only what was admitted has its body read: for the API that is a request with a token (see serve.front).
"""

from __future__ import annotations

import io
import threading
from typing import Any

from feedsvc.serve.clients import client_of

MAX_BODY = 8 * 1024 * 1024  #: bytes; no address takes more (a feed that a hub sends)
READERS = 2  #: bodies of a kind (API, WebSub) that one process waits for at once; of WebSub one a client
JUDGED = "feedsvc.judged"  #: in an environ: only the head is there; 204 lets the body in
ADMITTED = "feedsvc.admitted"  #: in an environ: the head was judged before
TURN = 0.05  #: seconds that a request waits for its turn; a body that was sent whole is read in far less


class BodyError(Exception):
    """The body cannot be had; `status` and the text are the answer."""

    def __init__(self, status: str, words: str) -> None:
        super().__init__(words)
        self.status = status


class Bodies:
    """Reads the bodies of requests into memory, a few at once.

    A read from granian's stream has no end of time, and in another thread than the request's it holds the
    interpreter; so who never sends the rest keeps a thread until he goes, and others' bodies wait for a proxy
    that takes only whole ones. Feeds and searches do not.
    """

    def __init__(self, *, readers: int = READERS, turn: float = TURN) -> None:
        self._readers = {kind: threading.BoundedSemaphore(readers) for kind in (True, False)}
        self._turn = turn
        self._sending: set[str] = set()  # clients without a token whose body is on its way
        self._lock = threading.Lock()

    def take(self, environ: dict[str, Any]) -> None:
        """Put the whole body, read, into the place of the stream. Raises BodyError."""
        length = environ.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal():
            raise BodyError("400 Bad Request", "Content-Length is no number.\n")
        body = b"" if int(length) > MAX_BODY else self._read(environ)
        if max(int(length), len(body)) > MAX_BODY:
            raise BodyError("413 Content Too Large", f"A body has at most {MAX_BODY:,} bytes.\n")
        if len(body) < int(length):
            raise BodyError("400 Bad Request", "The body ended before its end.\n")
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        environ.pop("HTTP_TRANSFER_ENCODING", None)

    def _read(self, environ: dict[str, Any]) -> bytes:
        with_token = str(environ["PATH_INFO"]).startswith("/api/")
        client = "" if with_token else client_of(environ)
        with self._lock:
            if client in self._sending:
                raise BodyError("503 Service Unavailable", "Another body of yours is on its way.\n")
            if not with_token:
                self._sending.add(client)
        try:
            return self._read_in_turn(environ["wsgi.input"], self._readers[with_token])
        finally:
            with self._lock:
                self._sending.discard(client)

    def _read_in_turn(self, stream: Any, readers: threading.BoundedSemaphore) -> bytes:
        if not readers.acquire(timeout=self._turn):
            raise BodyError("503 Service Unavailable", "Too many bodies are on their way.\n")
        try:
            found: bytes = stream.read(MAX_BODY + 1)
            return found
        except OSError as error:
            raise BodyError("400 Bad Request", "The body cannot be read.\n") from error
        finally:
            readers.release()


def has_body(environ: dict[str, Any]) -> bool:
    """Whether a body comes with the request, and its method may have one."""
    if environ["REQUEST_METHOD"] in ("GET", "HEAD", "OPTIONS"):
        return False
    return (environ.get("CONTENT_LENGTH") or "0") != "0" or "HTTP_TRANSFER_ENCODING" in environ


def without_body(environ: dict[str, Any]) -> dict[str, Any]:
    """The request as if it had no body: its head alone is judged."""
    head = {**environ, "wsgi.input": io.BytesIO(), "CONTENT_LENGTH": "0", JUDGED: True}
    head.pop("HTTP_TRANSFER_ENCODING", None)
    return head
