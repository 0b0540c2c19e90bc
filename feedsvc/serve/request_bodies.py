"""Bodies of requests: read beside the event loop's other work, within a time, a size and a share.

Only what was admitted has its body read: for the API that is a request with a token (see serve.rsgi). A body
on its way holds no thread and no lane, so senders that drip cost others nothing.
"""

from __future__ import annotations

import asyncio
import io
from collections import Counter
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

MAX_BODY = 8 * 1024 * 1024  #: bytes; no address takes more (a feed that a hub sends)
MAX_FORM = 16 * 1024  #: bytes of a request to the hub, which needs no token
MAX_ALL = 64 * 1024 * 1024  #: bytes of all bodies that one process holds at once
FIRST_BYTE = 5.0  #: seconds until something of a body comes
WHOLE = 10.0  #: seconds until all of it is there, and one more for each of
RATE = 100_000  #: bytes
OF_ONE_CLIENT = 256  #: bodies of one client that are held at once
JUDGED = "feedsvc.judged"  #: in an environ: only the head is there; 204 lets the body in
ADMITTED = "feedsvc.admitted"  #: in an environ: the head was judged before


class BodyError(Exception):
    """The body cannot be had; `status` and the text are the answer."""

    def __init__(self, status: str, words: str) -> None:
        super().__init__(words)
        self.status = status


class Bodies:
    """Reads the bodies of requests into memory. For one event loop."""

    def __init__(
        self,
        *,
        first_byte: float = FIRST_BYTE,
        whole: float = WHOLE,
        of_one: int = OF_ONE_CLIENT,
        most: int = MAX_ALL,
    ) -> None:
        self._first_byte = first_byte
        self._whole = whole
        self._of_one = of_one
        self._most = most
        self._held: Counter[str] = Counter()
        self._bytes = 0

    @asynccontextmanager
    async def held(
        self, environ: dict[str, Any], chunks: AsyncIterable[bytes], client: str
    ) -> AsyncIterator[None]:
        """Put the whole body, read, into the place of the stream, and count it until the end of the block.

        Raises BodyError.
        """
        length = environ.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdecimal()):
            raise BodyError("400 Bad Request", "Content-Length is not a number.\n")
        if environ.get("HTTP_TRANSFER_ENCODING", "chunked").strip().lower() != "chunked":
            # RFC 9112 6.1: else a proxy before us may see another end of the body than we do
            raise BodyError("400 Bad Request", "Of transfer codings only `chunked` is understood, once.\n")
        limit = MAX_FORM if environ["PATH_INFO"] == "/websub" else MAX_BODY
        if int(length) > limit:
            raise _too_large(limit)
        if self._held[client] >= self._of_one:
            raise BodyError("503 Service Unavailable", "Too many bodies of yours are on their way.\n")
        self._held[client] += 1
        body = bytearray()
        try:
            await self._read(body, chunks, limit, self._whole + int(length) / RATE)
            if len(body) < int(length):
                raise BodyError("400 Bad Request", "The body ended before its end.\n")
            environ["wsgi.input"] = io.BytesIO(body)
            environ["CONTENT_LENGTH"] = str(len(body))
            environ.pop("HTTP_TRANSFER_ENCODING", None)
            yield
        finally:
            self._bytes -= len(body)
            self._held[client] -= 1
            if not self._held[client]:
                del self._held[client]

    async def _read(self, body: bytearray, chunks: AsyncIterable[bytes], limit: int, seconds: float) -> None:
        ended = False
        try:
            async with asyncio.timeout(self._first_byte) as deadline:
                async for chunk in chunks:
                    # granian raises nothing where a chunked body breaks off (RFC 9112 8): it gives an empty
                    # chunk, as it does at the end, and then goes on; so it does where a trailer comes
                    if ended:
                        raise BodyError(
                            "400 Bad Request", "The body ended before its end, or has a trailer.\n"
                        )
                    ended = not chunk
                    if not body and chunk:
                        deadline.reschedule(asyncio.get_running_loop().time() + seconds)
                    body += chunk
                    self._bytes += len(chunk)
                    if len(body) > limit:
                        raise _too_large(limit)
                    if self._bytes > self._most:
                        raise BodyError("503 Service Unavailable", "Too many bodies are on their way.\n")
        except TimeoutError as error:
            raise BodyError("408 Request Timeout", "The body takes too long.\n") from error


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


def _too_large(limit: int) -> BodyError:
    return BodyError("413 Content Too Large", f"A body has at most {limit:,} bytes.\n")
