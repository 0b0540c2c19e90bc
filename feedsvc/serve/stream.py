"""Server-sent events: open pages get the news at once (HTML Living Standard, 9.2). An ASGI application.

A page asks for /stream?feed=politik&feed=update once, for all that it shows. Every publication that has news
for it is one event, whose id is the publication's number. Who comes back with the id of his last event is
sent what he missed, or, where that is no longer known, to read the feeds anew (event `again`).
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from feedsvc.serve.clients import client_of

log = logging.getLogger(__name__)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

LIFE = 3600.0  #: seconds after which a page has to come back: none that is dead is kept for ever
MOST_FEEDS = 50  #: of one page
KEPT = 500  #: publications that can be sent again
RETRY = (2000, 8000)  #: milliseconds; after a restart not all come back at once
OF_ONE_CLIENT = 10  #: one client gets so many hundredths of the places
PREFLIGHT = [
    (b"allow", b"GET, OPTIONS"),
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"GET, OPTIONS"),
    (b"access-control-allow-headers", b"Accept, Cache-Control, Last-Event-ID"),
    (b"access-control-max-age", b"86400"),
]
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"access-control-allow-origin", b"*"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-accel-buffering", b"no"),  # nginx must not collect events
]


@dataclass(slots=True)
class Event:
    """The news of one publication."""

    number: int
    news: Mapping[str, bytes]  #: slug → JSON
    _made: dict[tuple[str, ...], bytes] = field(default_factory=dict)

    def bytes_for(self, feeds: tuple[str, ...]) -> bytes:
        """The event as a page with these feeds gets it; b"" where nothing in it is for that page."""
        wanted = tuple(feed for feed in feeds if feed in self.news)
        if not wanted:
            return b""
        made = self._made.get(wanted)
        if made is None:
            inner = b",".join(b'"%b":%b' % (feed.encode(), self.news[feed]) for feed in wanted)
            made = b"id: %d\nevent: news\ndata: {%b}\n\n" % (self.number, inner)
            self._made[wanted] = made
        return made


class Broadcast:
    """The news of late, and a bell for those who wait for more. For one event loop."""

    def __init__(self, kept: int = KEPT) -> None:
        self._events: deque[Event] = deque(maxlen=kept)
        self._oldest = -1  # events with greater numbers are all here
        self.number = -1
        self._bell = asyncio.Event()

    def begin(self, number: int) -> None:
        """Everything up to this publication was before us."""
        self.number = self._oldest = number

    def add(self, number: int, news: Mapping[str, bytes]) -> None:
        """A publication, and what in it is news."""
        self.number = number
        if news:
            if len(self._events) == self._events.maxlen:
                self._oldest = self._events[0].number
            self._events.append(Event(number, news))
            bell, self._bell = self._bell, asyncio.Event()
            bell.set()

    def since(self, number: int) -> list[Event] | None:
        """The events after a publication; None where they are no longer all known."""
        if not self._oldest <= number <= self.number:
            return None
        return [event for event in self._events if event.number > number]

    async def more(self) -> None:
        """Until there is more news."""
        await self._bell.wait()


class Stream:
    """The application. `feeds` are the slugs that may be asked for; `follow` brings the news."""

    def __init__(
        self,
        broadcast: Broadcast,
        feeds: Sequence[str],
        *,
        limit: int,
        heartbeat: float,
        follow: Callable[[Broadcast], Awaitable[None]],
    ) -> None:
        self._broadcast = broadcast
        self._known = frozenset(feeds)
        self._limit = limit
        self._heartbeat = heartbeat
        self._follow = follow
        self._following: asyncio.Task[None] | None = None
        self.open = 0
        self._of: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._following = asyncio.ensure_future(self._follow(self._broadcast))
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                if self._following is not None:
                    self._following.cancel()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/healthz":
            await _text(send, 200, f"ok, {self.open} open\n")
        elif not scope["path"].rstrip("/").endswith("/stream"):
            await _text(send, 404, "There is no such address.\n")
        elif scope["method"] == "OPTIONS":
            await send({"type": "http.response.start", "status": 204, "headers": PREFLIGHT})
            await _body(send, b"", more=False)
        elif scope["method"] != "GET":
            await _text(send, 405, "GET is expected.\n", (b"allow", b"GET, OPTIONS"))
        else:
            await self._open(scope, receive, send)

    async def _open(self, scope: Scope, receive: Receive, send: Send) -> None:
        query = parse_qs(scope["query_string"].decode("latin-1"))
        feeds = tuple(sorted({one for one in query.get("feed", [])[:MOST_FEEDS] if one in self._known}))
        if not feeds:
            await _text(send, 404, "feed: the slug of a feed is expected; none of those given is one.\n")
            return
        client = _client(scope)
        if self.open >= self._limit or self._of[client] >= max(4, self._limit * OF_ONE_CLIENT // 100):
            await _text(send, 503, "Too many open pages; poll the feed instead.\n", (b"retry-after", b"60"))
            return
        self.open += 1
        self._of[client] += 1
        gone = asyncio.ensure_future(_until_gone(receive))
        try:
            last = _number(dict(scope["headers"]).get(b"last-event-id") or query.get("after", [""])[0])
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await self._tell(feeds, last, gone, send)
        except OSError:
            pass  # the page went away while it was sent something
        finally:
            self.open -= 1
            self._of[client] -= 1
            if not self._of[client]:
                del self._of[client]
            gone.cancel()

    async def _tell(
        self, feeds: tuple[str, ...], last: int | None, gone: asyncio.Future[None], send: Send
    ) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + LIFE * random.uniform(0.8, 1.2)  # noqa: S311 - not a secret
        await _body(send, b"retry: %d\n\n" % random.randint(*RETRY))  # noqa: S311 - spreads returns
        position = -1 if last is None else last
        while not gone.done() and loop.time() < end:
            more = asyncio.ensure_future(self._broadcast.more())
            events = self._broadcast.since(position)
            position = self._broadcast.number
            if events is None:
                await _body(send, b"id: %d\nevent: again\ndata: {}\n\n" % position)
            elif news := b"".join(event.bytes_for(feeds) for event in events):
                await _body(send, news)
            done, _ = await asyncio.wait(
                {more, gone}, timeout=self._heartbeat, return_when=asyncio.FIRST_COMPLETED
            )
            if not done:
                await _body(send, b":\n\n")
            more.cancel()
        if not gone.done():
            await _body(send, b"", more=False)


def _client(scope: Scope) -> str:
    forwarded = dict(scope["headers"]).get(b"x-forwarded-for", b"").decode("latin-1")
    return client_of({"REMOTE_ADDR": (scope.get("client") or [""])[0], "HTTP_X_FORWARDED_FOR": forwarded})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _number(given: str | bytes) -> int | None:
    text = given.decode("latin-1") if isinstance(given, bytes) else given
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


async def _body(send: Send, data: bytes, *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": more})


async def _text(send: Send, status: int, text: str, *more: tuple[bytes, bytes]) -> None:
    body = text.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"access-control-allow-origin", b"*"),
        *more,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await _body(send, body, more=False)
