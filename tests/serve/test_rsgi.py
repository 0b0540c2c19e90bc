"""The front behind granian's interface: what waits delays no look-up, and clients take turns."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from feedsvc.serve import rsgi
from feedsvc.serve.clients import client_of
from feedsvc.serve.lanes import JUDGED as JUDGED_AT_ONCE
from feedsvc.serve.lanes import LANES, OF_ONE_CLIENT, STRANGER, Lanes
from feedsvc.serve.request_bodies import JUDGED, MAX_BODY, MAX_FORM, Bodies
from feedsvc.serve.rsgi import Application
from tests.asking import Answer, Headers, Http, Scope, ask_rsgi
from tests.serve.test_front import Site, row

LONG = 30.0  #: seconds that no test waits


def application(site: Site, **bodies: Any) -> Application:
    return Application(site.front, bodies=Bodies(**bodies) if bodies else None)


@pytest.fixture
def site() -> Site:
    return Site(rows=[row()])


def echo(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("204 No Content" if JUDGED in environ else "200 OK", [])
    return [environ["wsgi.input"].read()]


class Slow:
    """An application whose answers are held back until they are let go."""

    def __init__(self) -> None:
        self.inside = threading.Semaphore(0)
        self.go = threading.Event()
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if JUDGED in environ:
            start_response("204 No Content", [])
            return []
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        self.inside.release()
        assert environ["PATH_INFO"] == "/quick" or self.go.wait(LONG)
        with self._lock:
            self._now -= 1
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]


async def taken(slow: Slow, count: int) -> None:
    for _ in range(count):
        assert await asyncio.to_thread(slow.inside.acquire, timeout=LONG)


def statuses(answers: Iterable[Answer]) -> dict[int, int]:
    found: dict[int, int] = {}
    for answer in answers:
        found[answer.status] = found.get(answer.status, 0) + 1
    return found


def run(test: Callable[[], Any]) -> None:
    asyncio.run(asyncio.wait_for(test(), LONG))


def test_a_look_up_says_what_the_front_says(site: Site) -> None:
    async def test() -> None:
        app = application(site)
        for path, method in (
            ("/feeds/politik.rss", "GET"),
            ("/feeds/politik.rss", "HEAD"),
            ("/feeds/politik.rss", "POST"),
            ("/feeds/politik.rss?limit=0", "GET"),
            ("/feeds/nirwana.rss", "GET"),
            ("/healthz", "GET"),
        ):
            answer = await ask_rsgi(app, path, method, accept_encoding="gzip")
            assert answer == site.ask(path, method, accept_encoding="gzip")
        answer = await ask_rsgi(app, "/feeds/politik.rss", if_none_match="*")
        assert answer == site.ask(if_none_match="*")

    run(test)


def test_a_header_with_an_underscore_is_not_the_one_with_a_hyphen(site: Site) -> None:
    seen: dict[str, Any] = {}

    def others(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        seen.update(environ)
        return echo(environ, start_response)

    async def test() -> None:
        site.others = lambda: others
        fakes = {"Content_Length": "7" * 5000, "X_Forwarded_For": "203.0.113.9", "Authorization_": "x"}
        pairs = [("Host", "feeds.example"), ("Authorization", "Bearer one"), *fakes.items()]
        http = Http()
        scope = Scope("/api/articles", "", "POST", Headers(pairs), "127.0.0.1:9")
        await application(site).__rsgi__(scope, http)
        assert http.answers[0].status == 200

    run(test)
    assert seen["HTTP_AUTHORIZATION"] == "Bearer one"
    assert not {"HTTP_X_FORWARDED_FOR", "HTTP_AUTHORIZATION_"} & set(seen)
    assert seen["CONTENT_LENGTH"] in ("", "0")


def test_conditions_that_stand_in_several_lines(site: Site) -> None:
    async def test() -> None:
        tag = site.ask().headers["ETag"]
        http = Http()
        app = application(site)
        pairs = [("Host", "feeds.example"), ("If-None-Match", '"other"'), ("If-None-Match", tag)]
        await app.__rsgi__(Scope("/feeds/politik.rss", "", "GET", Headers(pairs), "127.0.0.1:9"), http)
        assert http.answers[0].status == 304

    run(test)


@pytest.mark.parametrize("host", [[], ["a.example", "b.example"]])
def test_a_request_names_one_host(site: Site, host: list[str]) -> None:
    async def test() -> None:
        http = Http()
        pairs = [("Host", one) for one in host]
        scope = Scope("/feeds/politik.rss", "", "GET", Headers(pairs), "[::1]:9")
        await application(site).__rsgi__(scope, http)
        assert http.answers[0].status == 400

    run(test)


@pytest.mark.parametrize(
    ("length", "sent", "status"),
    [
        ("5", b"hello", 200),
        ("5", b"hell", 400),
        ("", b"hello", 200),  # chunked
        ("five", b"hello", 400),
        ("\u0665", b"hello", 400),
        (str(MAX_BODY + 1), b"", 413),
        ("", b"x" * (MAX_BODY + 1), 413),
    ],
    ids=["whole", "broken off", "chunked", "no number", "other figures", "too long", "chunked, too long"],
)
def test_bodies(site: Site, length: str, sent: bytes, status: int) -> None:
    async def test() -> None:
        site.others = lambda: echo
        headers = {"content_length": length} if length else {"transfer_encoding": "chunked"}
        http = Http([(0, sent[:2]), (0, sent[2:])])
        answer = await ask_rsgi(application(site), "/echo", "POST", http=http, **headers)
        assert answer.status == status
        assert status != 200 or answer.body == sent

    run(test)


def test_a_request_to_the_hub_is_short(site: Site) -> None:
    async def test() -> None:
        site.others = lambda: echo
        http = Http([(0, b"x" * (MAX_FORM + 1))])
        sent = await ask_rsgi(application(site), "/websub", "POST", http=http, transfer_encoding="chunked")
        assert sent.status == 413

    run(test)


@pytest.mark.parametrize(
    "chunks",
    [
        [(LONG, b"abc")],
        [(0.0, b"a"), (LONG, b"bc")],
        [(0.01, b"a")] * 2000,  # always something, never enough
    ],
    ids=["nothing", "a beginning", "drops"],
)
def test_a_body_that_takes_too_long_is_given_up(site: Site, chunks: list[tuple[float, bytes]]) -> None:
    async def test() -> None:
        site.others = lambda: echo
        app = application(site, first_byte=0.2, whole=0.4)
        http = Http(chunks)
        answer = await ask_rsgi(app, "/api/articles", "POST", http=http, content_length="3000")
        assert answer.status == 408
        assert answer.headers["Connection"] == "close"
        assert json.loads(answer.body)["status"] == 408

    run(test)


def test_hundreds_of_bodies_that_never_come_delay_nobody(site: Site) -> None:
    async def test() -> None:
        site.others = lambda: echo
        app = application(site)
        stuck = [
            asyncio.ensure_future(
                ask_rsgi(
                    app,
                    "/api/articles",
                    "POST",
                    remote=f"127.0.0.{number % 40}",
                    http=Http([(LONG, b"")]),
                    content_length="3",
                )
            )
            for number in range(400)
        ]
        await asyncio.sleep(0.2)
        whole = Http([(0, b"abc")])
        answer = await ask_rsgi(app, "/api/articles", "POST", http=whole, content_length="3")
        assert (answer.status, answer.body) == (200, b"abc")
        assert (await ask_rsgi(app, "/feeds/politik.rss")).status == 200
        for one in stuck:
            one.cancel()
        await asyncio.gather(*stuck, return_exceptions=True)
        assert app._bodies._bytes == 0
        assert not app._bodies._held

    run(test)


def test_bodies_have_a_share_of_memory(site: Site) -> None:
    async def test() -> None:
        site.others = lambda: echo
        app = application(site, most=100)
        held = asyncio.ensure_future(
            ask_rsgi(app, "/echo", "POST", http=Http([(0, b"x" * 90), (LONG, b"")]), content_length="91")
        )
        await asyncio.sleep(0.05)
        answer = await ask_rsgi(app, "/echo", "POST", http=Http([(0, b"x" * 20)]), content_length="20")
        assert answer.status == 503
        held.cancel()
        await asyncio.wait({held})
        answer = await ask_rsgi(app, "/echo", "POST", http=Http([(0, b"x" * 20)]), content_length="20")
        assert answer.status == 200

    run(test)


@pytest.mark.parametrize("path", ["/api/articles", "/nowhere"])
def test_a_body_is_read_only_where_the_head_was_admitted(site: Site, path: str) -> None:
    def strict(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        assert environ[JUDGED]
        assert environ["wsgi.input"].read() == b""
        start_response("401 Unauthorized", [("Content-Length", "2")])
        return [b"no"]

    async def test() -> None:
        site.others = lambda: strict
        http = Http([(0, b"hello")])
        answer = await ask_rsgi(application(site), path, "POST", http=http, content_length="5")
        assert (answer.status, answer.headers["Connection"], answer.body) == (401, "close", b"no")
        assert http.read == 0

    run(test)


def test_refused_bodies_of_the_api_are_problem_documents(site: Site) -> None:
    async def test() -> None:
        site.others = lambda: echo
        app = application(site)
        for length, status in (("five", 400), ("9", 400), (str(MAX_BODY + 1), 413)):
            http = Http([(0, b"x")])
            answer = await ask_rsgi(app, "/api/articles", "POST", http=http, content_length=length)
            assert (answer.status, answer.headers["Content-Type"]) == (status, "application/problem+json")
            assert json.loads(answer.body)["status"] == status

    run(test)


@pytest.mark.slow
def test_slow_requests_delay_no_feed(site: Site) -> None:
    """Fifty slow pages are under way: feeds answer as ever, and what finds no lane is told to come back."""

    async def test() -> None:
        slow = Slow()
        site.others = lambda: slow
        app = Application(site.front)
        asked = [
            asyncio.ensure_future(ask_rsgi(app, "/slow", remote=f"198.51.100.{number}"))
            for number in range(50)
        ]
        await taken(slow, LANES)
        assert (await ask_rsgi(app, "/feeds/politik.rss")).status == 200
        assert (await ask_rsgi(app, "/healthz")).status == 200
        late = await ask_rsgi(app, "/slow", remote="198.51.100.99")
        assert (late.status, late.headers["Retry-After"]) == (503, "2")
        slow.go.set()
        found = statuses(await asyncio.gather(*asked))
        assert found[200] >= LANES
        assert set(found) <= {200, 503}
        assert slow.most == LANES

    run(test)


def test_one_client_leaves_a_lane_to_others(site: Site) -> None:
    async def test() -> None:
        slow = Slow()
        site.others = lambda: slow
        app = Application(site.front)
        asked = [asyncio.ensure_future(ask_rsgi(app, "/slow")) for _ in range(20)]
        await taken(slow, OF_ONE_CLIENT)
        assert (await ask_rsgi(app, "/quick")).status == 503
        assert (await ask_rsgi(app, "/quick", remote="198.51.100.9")).status == 200
        slow.go.set()
        assert statuses(await asyncio.gather(*asked)) == {200: STRANGER, 503: 20 - STRANGER}

    run(test)


def test_a_newsroom_that_sends_many_articles_at_once_gets_them_all_in(site: Site) -> None:
    async def test() -> None:
        slow = Slow()
        site.others = lambda: slow
        app = Application(site.front)
        asked = [
            asyncio.ensure_future(
                ask_rsgi(app, "/api/articles", "POST", http=Http([(0, b"{}")]), content_length="2")
            )
            for _ in range(JUDGED_AT_ONCE)
        ]
        await taken(slow, OF_ONE_CLIENT)
        other = await ask_rsgi(app, "/quick", remote="198.51.100.9")  # they wait, and others take turns
        slow.go.set()
        assert other.status == 200
        assert statuses(await asyncio.gather(*asked)) == {200: JUDGED_AT_ONCE}
        assert slow.most <= LANES

    run(test)


def test_clients_take_turns() -> None:
    async def test() -> None:
        lanes = Lanes(lanes=1, of_one=1)
        order: list[str] = []
        assert await lanes.enter("a", places=10)

        async def work(client: str) -> None:
            assert await lanes.enter(client, places=10, patience=LONG)
            order.append(client)
            lanes.leave(client)

        tasks = [asyncio.ensure_future(work("a")) for _ in range(3)]
        await asyncio.sleep(0)
        tasks += [asyncio.ensure_future(work(one)) for one in ("b", "b", "c")]
        await asyncio.sleep(0)
        lanes.leave("a")
        await asyncio.gather(*tasks)
        assert order == ["a", "b", "c", "a", "b", "a"]
        assert await lanes.enter("d", places=1)

    run(test)


def test_who_stops_waiting_leaves_nothing_behind() -> None:
    async def test() -> None:
        lanes = Lanes(lanes=1)
        assert await lanes.enter("a")
        assert not await lanes.enter("b", patience=0.01)
        waiting = asyncio.ensure_future(lanes.enter("c", patience=LONG))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait({waiting})
        granted = asyncio.ensure_future(lanes.enter("c", patience=LONG))
        await asyncio.sleep(0)
        lanes.leave("a")
        granted.cancel()  # the lane was given to somebody who is gone by now
        await asyncio.wait({granted})
        assert await lanes.enter("d", patience=0.01)
        lanes.leave("d")
        assert (lanes._free, lanes._count, dict(lanes._running), dict(lanes._waiting)) == (1, 0, {}, {})

    run(test)


def test_who_asks_is_what_the_last_proxy_says_in_whatever_line() -> None:
    """HAProxy adds a line of its own below that of the client."""
    pairs = [("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "203.0.113.9")]
    head = rsgi._head(Scope("/", "", "GET", Headers(pairs), "127.0.0.1:40000"))
    assert client_of(head) == "203.0.113.9"
