"""Bodies of requests, read before a request gets a lane: a sender that drips never holds one."""

from __future__ import annotations

import io
import threading
from typing import Any

MAX_BODY = 8 * 1024 * 1024  #: bytes; no address takes more (a feed that a hub sends)
READERS = 2  #: bodies that one process waits for at once
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
        self._readers = threading.BoundedSemaphore(readers)
        self._turn = turn

    def take(self, environ: dict[str, Any]) -> None:
        """Put the whole body, read, into the place of the stream. Raises BodyError."""
        length = environ.get("CONTENT_LENGTH") or "0"
        if environ["REQUEST_METHOD"] in ("GET", "HEAD", "OPTIONS"):
            return
        if length == "0" and "HTTP_TRANSFER_ENCODING" not in environ:
            return
        if not length.isdecimal():
            raise BodyError("400 Bad Request", "Content-Length is no number.\n")
        body = b"" if int(length) > MAX_BODY else self._read(environ["wsgi.input"])
        if max(int(length), len(body)) > MAX_BODY:
            raise BodyError("413 Content Too Large", f"A body has at most {MAX_BODY:,} bytes.\n")
        if len(body) < int(length):
            raise BodyError("400 Bad Request", "The body ended before its end.\n")
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        environ.pop("HTTP_TRANSFER_ENCODING", None)

    def _read(self, stream: Any) -> bytes:
        if not self._readers.acquire(timeout=self._turn):
            raise BodyError("503 Service Unavailable", "Too many bodies are on their way.\n")
        try:
            found: bytes = stream.read(MAX_BODY + 1)
            return found
        except OSError as error:
            raise BodyError("400 Bad Request", "The body cannot be read.\n") from error
        finally:
            self._readers.release()
