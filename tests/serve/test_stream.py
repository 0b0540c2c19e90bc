"""What open pages get: the news since their last event, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from feedsvc.model import ListKind, ListSpec
from feedsvc.serve.stream import Broadcast, Stream
from feedsvc.store.web.news import News
from feedsvc.wiring.stream import by_name

FEEDS = ("politik", "update")


class Page:
    """An open page: what it was sent, and its going away."""

    def __init__(self, stream: Stream, query: str, method: str = "GET", **headers: str) -> None:
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.body = b""
        self._gone = asyncio.Event()
        self._scope = {
            "type": "http",
            "path": "/stream",
            "method": method,
            "query_string": query.encode(),
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        }
        self.task = asyncio.ensure_future(stream(self._scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = dict(message["headers"])
        else:
            self.body += message["body"]

    async def has(self, text: bytes) -> None:
        async with asyncio.timeout(5):
            while text not in self.body:
                await asyncio.sleep(0.005)

    async def close(self) -> None:
        self._gone.set()
        await self.task


async def _nothing(broadcast: Broadcast) -> None:
    del broadcast


def run(test: Callable[[Stream, Broadcast], Awaitable[None]], **options: Any) -> None:
    async def inside() -> None:
        broadcast = Broadcast(kept=3)
        broadcast.begin(10)
        values: dict[str, Any] = {"limit": 2, "heartbeat": 60.0, "follow": _nothing} | options
        await test(Stream(broadcast, FEEDS, **values), broadcast)

    asyncio.run(inside())


def test_a_page_is_told_of_its_own_feeds() -> None:
    async def test(stream: Stream, broadcast: Broadcast) -> None:
        page = Page(stream, "feed=politik&feed=nowhere", last_event_id="10")
        await page.has(b"retry: ")
        broadcast.add(11, {"update": b'{"again":true}'})
        broadcast.add(12, {"politik": b'{"gone":["x"]}', "update": b'{"again":true}'})
        await page.has(b'id: 12\nevent: news\ndata: {"politik":{"gone":["x"]}}\n\n')
        assert b"id: 11" not in page.body
        assert b"update" not in page.body
        assert page.headers[b"content-type"].startswith(b"text/event-stream")
        await page.close()
        assert stream.open == 0

    run(test)


def test_who_comes_back_is_told_what_he_missed() -> None:
    async def test(stream: Stream, broadcast: Broadcast) -> None:
        for number in (11, 12, 13):
            broadcast.add(number, {"politik": b"{}"})
        by_header, by_query = (
            Page(stream, "feed=politik", last_event_id="11"),
            Page(stream, "feed=politik&after=11"),
        )
        for page in (by_header, by_query):
            await page.has(b"id: 13")
            assert b"id: 12\nevent: news" in page.body
            assert b"id: 11\n" not in page.body
            assert b"again" not in page.body
            await page.close()

    run(test)


def test_who_cannot_be_told_reads_the_feeds_anew() -> None:
    async def test(stream: Stream, broadcast: Broadcast) -> None:
        for number in range(11, 16):  # three are kept
            broadcast.add(number, {"politik": b"{}"})
        for last in ("", "11", "9", "99", "-3", "many", "9" * 40):
            page = Page(stream, "feed=politik", **({"last_event_id": last} if last else {}))
            await page.has(b"id: 15\nevent: again\ndata: {}\n\n")
            assert b"news" not in page.body
            await page.close()

    run(test)


def test_there_is_room_for_some() -> None:
    async def test(stream: Stream, broadcast: Broadcast) -> None:
        pages = [Page(stream, "feed=politik") for _ in range(2)]
        for page in pages:
            await page.has(b"again")
        late = Page(stream, "feed=politik")
        await late.task
        assert (late.status, late.headers[b"retry-after"]) == (503, b"60")
        await pages[0].close()
        again = Page(stream, "feed=politik")
        await again.has(b"again")
        await pages[1].close()
        await again.close()

    run(test)


def test_an_idle_stream_says_that_it_lives() -> None:
    async def test(stream: Stream, broadcast: Broadcast) -> None:
        page = Page(stream, "feed=politik")
        await page.has(b":\n\n:\n\n")
        await page.close()

    run(test, heartbeat=0.01)


def test_a_page_without_feeds_is_refused() -> None:
    async def test(stream: Stream, broadcast: Broadcast) -> None:
        for query in ("", "feed=", "feed=nowhere", "feeds=politik"):
            page = Page(stream, query)
            await page.task
            assert page.status == 404
            assert page.headers[b"access-control-allow-origin"] == b"*"

    run(test)


def test_a_script_of_another_site_may_say_what_it_saw_last() -> None:
    async def test(stream: Stream, broadcast: Broadcast) -> None:
        page = Page(stream, "", method="OPTIONS", origin="https://other.example")
        await page.task
        assert page.status == 204
        assert b"Last-Event-ID" in page.headers[b"access-control-allow-headers"]
        assert page.headers[b"access-control-allow-origin"] == b"*"

    run(test)


def test_one_client_does_not_get_every_place() -> None:
    async def test(stream: Stream, broadcast: Broadcast) -> None:
        pages = [Page(stream, "feed=politik", x_forwarded_for="203.0.113.1") for _ in range(6)]
        for page in pages[:4]:
            await page.has(b"retry: ")
        await asyncio.gather(*(page.task for page in pages[4:]))
        assert [page.status for page in pages] == [200] * 4 + [503] * 2
        other = Page(stream, "feed=politik", x_forwarded_for="203.0.113.2")
        await other.has(b"retry: ")
        for page in (*pages[:4], other):
            await page.close()
        assert stream.open == 0

    run(test, limit=40)


def test_a_page_that_knows_a_former_slug_gets_the_news_under_it() -> None:
    renamed = ListSpec(
        key="politik", slug="nasional", kind=ListKind.SECTION, title="Nasional", was=("politik",)
    )
    news = by_name({"nasional": News(again=True)}, [renamed])
    assert news == {"nasional": b'{"again":true}', "politik": b'{"again":true}'}

    async def test(stream: Stream, broadcast: Broadcast) -> None:
        page = Page(stream, "feed=politik")
        await page.has(b"retry:")
        broadcast.add(11, news)
        await page.has(b'data: {"politik":{"again":true}}')
        assert b"nasional" not in page.body
        await page.close()

    run(test)
