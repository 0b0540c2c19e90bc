"""One GET against real sockets: conditional, bounded in bytes and in time, honest about what went wrong."""

from __future__ import annotations

import gzip
import socket
import struct
import threading
import time
import tracemalloc
import zlib
from datetime import UTC, datetime

import brotli
import pytest
import zstandard

from feedsvc.errors import Code, FetchError
from feedsvc.fetch.client import Client
from feedsvc.fetch.failures import retry_after_seconds
from feedsvc.fetch.guard import Guard
from feedsvc.fetch.room import LARGE, PLACES
from feedsvc.model import Fetched
from feedsvc.plugin_api import Request
from tests.conftest import until
from tests.servers import Exchange, ScriptedServer

NOW = datetime(2025, 12, 18, 12, 0, tzinfo=UTC)


def get(server: ScriptedServer, path: str = "/", **options: object) -> Fetched:
    guard = Guard(own=frozenset({server.host}))
    client = Client(guard, user_agent="feedsvc/0 (+http://f.example/; ops@f.example)", now=lambda: NOW)
    return client.get(Request(url=server.url(path), **options), own=True)  # type: ignore[arg-type]


def fails(server: ScriptedServer, path: str = "/", **options: object) -> FetchError:
    with pytest.raises(FetchError) as caught:
        get(server, path, **options)
    return caught.value


def test_an_answer_with_everything_that_is_kept(upstream: ScriptedServer) -> None:
    upstream.page(
        "/",
        b"<html>",
        Content_Type="Text/HTML; Charset=ISO-8859-1",
        ETag='W/"a b"',
        Last_Modified="Thu, 18 Dec 2025 11:00:00 GMT",
        Cache_Control="max-age=60",
        Set_Cookie="a=b",
    )
    answer = get(upstream)
    assert (answer.status, answer.body, answer.media_type) == (200, b"<html>", "text/html")
    assert answer.charset == "ISO-8859-1"
    assert answer.etag == 'W/"a b"'
    assert answer.last_modified == "Thu, 18 Dec 2025 11:00:00 GMT"
    assert answer.hints["cache-control"] == "max-age=60"
    assert "set-cookie" not in answer.hints
    assert answer.at == NOW


def test_requests_say_who_asks_and_nothing_more(upstream: ScriptedServer) -> None:
    upstream.page("/", b"x", Set_Cookie="session=1; Path=/")
    get(upstream, accept="text/html")
    get(upstream, accept="text/html")
    _, _, headers = upstream.log[1]
    assert headers["user-agent"] == "feedsvc/0 (+http://f.example/; ops@f.example)"
    assert headers["accept"] == "text/html"
    assert "gzip" in headers["accept-encoding"]
    assert not {"cookie", "referer", "authorization", "from"} & set(headers)


def test_validators_go_back_byte_for_byte(upstream: ScriptedServer) -> None:
    tag, date = 'W/"ä; -- ,"', "Thursday, 18-Dec-25 11:00:00 GMT"
    upstream.routes["/"] = lambda exchange: exchange.answer(304, headers={"ETag": '"new"'})
    answer = get(upstream, etag=tag, last_modified=date)
    assert answer.unchanged
    assert answer.etag == '"new"'
    headers = upstream.log[0][2]
    assert headers["if-none-match"] == tag
    assert headers["if-modified-since"] == date


def test_validators_belong_to_the_address_that_sent_them(upstream: ScriptedServer) -> None:
    upstream.page("/a", b"", 302, Location="/b")
    upstream.page("/b", b"b", ETag='"b"')
    first = get(upstream, "/a")
    assert (first.url, first.etag, first.moved) == (upstream.url("/b"), '"b"', "")
    get(upstream, "/a", etag=first.etag, validators_url=first.url)
    assert "if-none-match" not in upstream.log[2][2]
    assert upstream.log[3][2]["if-none-match"] == '"b"'


def test_permanent_redirects_are_told(upstream: ScriptedServer) -> None:
    upstream.page("/a", b"", 301, Location="/b")
    upstream.page("/b", b"", 308, Location="/c")
    upstream.page("/c", b"c")
    assert get(upstream, "/a").moved == upstream.url("/c")
    upstream.page("/b", b"", 307, Location="/c")
    assert get(upstream, "/a").moved == ""


@pytest.mark.parametrize("hops", [5, 6])
def test_redirects_are_counted(upstream: ScriptedServer, hops: int) -> None:
    for hop in range(hops):
        upstream.page(f"/{hop}", b"", 302, Location=f"/{hop + 1}")
    upstream.page(f"/{hops}", b"there")
    if hops == 5:
        assert get(upstream, "/0").body == b"there"
    else:
        assert fails(upstream, "/0").code is Code.TOO_MANY_REDIRECTS


class Endless:
    """A body of zeros that has no end, packed; counts what could be sent of it before the client went."""

    def __init__(self, status: int, headers: dict[str, str]) -> None:
        self.sent = 0
        self._head = f"HTTP/1.1 {status} Test\r\nContent-Encoding: gzip\r\nContent-Type: text/html\r\n"
        self._head += "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n"
        self.ended = threading.Event()

    def __call__(self, exchange: Exchange) -> None:
        pack = zlib.compressobj(wbits=31)
        exchange.send(self._head.encode())
        try:
            while self.sent < 200_000_000:  # unpacked, a thousand times as much
                data = pack.compress(b"\0" * 1_000_000)
                exchange.send(data)
                self.sent += len(data)
        finally:
            self.ended.set()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 304, 401, 404, 429, 500, 503, 299])
def test_bodies_of_answers_that_bring_nothing_are_not_read(upstream: ScriptedServer, status: int) -> None:
    """A redirect of 5 kB once took 6 GB: whoever follows it has no use for its body, packed or not."""
    body = Endless(status, {"Location": "/there"} if 300 < status < 309 and status != 304 else {})
    upstream.routes["/"] = body
    upstream.page("/there", b"here")
    tracemalloc.start()
    try:
        if status in (301, 302, 303, 307, 308):
            assert get(upstream).body == b"here"
        elif status == 304:
            assert get(upstream, etag='"a"').unchanged
        else:
            assert fails(upstream).status == status
        assert tracemalloc.get_traced_memory()[1] < 6_000_000  # of both ends, they share this process
    finally:
        tracemalloc.stop()
    assert body.ended.wait(20)  # the connection was closed on it


def test_a_redirect_without_a_body_keeps_its_connection(upstream: ScriptedServer) -> None:
    def handler(exchange: Exchange) -> None:
        exchange.send(b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n")
        assert exchange.connection.recv(65536).startswith(b"GET /b ")
        exchange.send(b"HTTP/1.1 304 Not Modified\r\n\r\n")
        assert exchange.connection.recv(65536).startswith(b"GET /a ")
        exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    upstream.routes["/a"] = handler
    guard = Guard(own=frozenset({upstream.host}))
    client = Client(guard, user_agent="t", now=lambda: NOW)
    known = Request(url=upstream.url("/a"), etag='"1"', validators_url=upstream.url("/b"))
    assert client.get(known, own=True).unchanged
    assert client.get(Request(url=upstream.url("/a")), own=True).body == b"ok"
    assert upstream.paths() == ["/a"]  # all on one connection


def test_what_comes_before_the_answer_is_not_the_answer(upstream: ScriptedServer) -> None:
    """103 Early Hints: the answer after it was read as that to the next request, of another source."""

    def handler(exchange: Exchange) -> None:
        hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nContent-Length: 9\r\n\r\n"
        exchange.send(hints + b"HTTP/1.1 102 Processing\r\n\r\n")
        exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst")
        assert exchange.connection.recv(65536).startswith(b"GET /b ")
        exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond")

    upstream.routes["/a"] = handler
    client = Client(Guard(own=frozenset({upstream.host})), user_agent="t", now=lambda: NOW)
    assert client.get(Request(url=upstream.url("/a")), own=True).body == b"first"
    assert client.get(Request(url=upstream.url("/b")), own=True).body == b"second"


def test_a_connection_that_became_something_else_serves_no_other_request(upstream: ScriptedServer) -> None:
    upstream.routes["/"] = lambda exchange: exchange.send(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
    client = Client(Guard(own=frozenset({upstream.host})), user_agent="t", now=lambda: NOW)
    for _ in range(2):
        with pytest.raises(FetchError) as caught:
            client.get(Request(url=upstream.url("/")), own=True)
        assert caught.value.status == 101
    assert upstream.paths() == ["/", "/"]  # each on a connection of its own


def test_an_answer_whose_head_is_refused_holds_no_connection(upstream: ScriptedServer) -> None:
    """Not even while its error is kept, as it is until the garbage is collected."""
    ended = threading.Event()

    def handler(exchange: Exchange) -> None:
        lengths = b"Content-Length: 1\r\nContent-Length: 2\r\n"
        exchange.send(b"HTTP/1.1 200 OK\r\nConnection: close\r\n" + lengths + b"\r\nab")
        exchange.connection.settimeout(60)
        if exchange.connection.recv(65536) == b"":
            ended.set()

    upstream.routes["/"] = handler
    error = fails(upstream)
    assert ended.wait(60)
    assert error.code is Code.CONNECT


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("/ä".encode(), "/%C3%A4"),  # UTF-8, as most servers write it
        (b"/\xe4", "/%C3%A4"),  # Latin-1
        (b"  /a b\t", "/a%20b"),
        (b"?x=1#part", "/?x=1"),
        (b"//%b/there", "/there"),
    ],
)
def test_where_a_redirect_leads(upstream: ScriptedServer, location: bytes, path: str) -> None:
    location = location.replace(b"%b", upstream.host.encode())
    upstream.routes["/"] = lambda exchange: exchange.send(
        b"HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: " + location + b"\r\n\r\n"
    )
    upstream.page(path, b"there")
    assert get(upstream).url == upstream.url(path)


@pytest.mark.parametrize(
    "location", ["http://[::1", "http://a:b/", "javascript:x", "http://" + "a" * 3000, "http://\xad/"]
)
def test_a_redirect_to_no_address(upstream: ScriptedServer, location: str) -> None:
    upstream.page("/", b"", 302, Location=location)
    assert fails(upstream).code is Code.BLOCKED_URL


def test_a_redirect_to_itself(upstream: ScriptedServer) -> None:
    upstream.routes["*"] = lambda exchange: exchange.answer(
        302, headers={"Location": exchange.path + ("&x" if "?" in exchange.path else "?x")}
    )
    assert fails(upstream).code is Code.TOO_MANY_REDIRECTS
    assert len(upstream.log) == 6


@pytest.mark.slow
@pytest.mark.parametrize(
    ("coding", "encode"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("br", brotli.compress),
    ],
)
def test_codings_are_undone_and_decoded_bytes_are_counted(
    upstream: ScriptedServer, coding: str, encode: object
) -> None:
    assert callable(encode)
    upstream.page("/ok", encode(b"a" * 1000), Content_Encoding=coding)
    assert get(upstream, "/ok").body == b"a" * 1000
    upstream.page("/bomb", encode(b"\0" * 50_000_000), Content_Encoding=coding)
    assert fails(upstream, "/bomb", limit=1_000_000).code is Code.TOO_LARGE


def test_a_zstd_bomb_and_a_double_gzip(upstream: ScriptedServer) -> None:
    upstream.page("/zstd", zstandard.compress(b"\0" * 50_000_000), Content_Encoding="zstd")
    assert fails(upstream, "/zstd", limit=1_000_000).code in (Code.TOO_LARGE, Code.BAD_ENCODING)
    twice = gzip.compress(gzip.compress(b"\0" * 50_000_000))
    upstream.page("/twice", twice, Content_Encoding="gzip, gzip")
    assert fails(upstream, "/twice", limit=1_000_000).code in (Code.TOO_LARGE, Code.BAD_ENCODING)


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(b"Isi", mtime=0)),
        ("deflate", zlib.compress(b"Isi")),
        ("br", brotli.compress(b"Isi")),
    ],
)
def test_a_packed_body_that_ends_before_its_end(upstream: ScriptedServer, coding: str, packed: bytes) -> None:
    upstream.page("/", packed, Content_Encoding=coding)
    assert get(upstream).body == b"Isi"
    upstream.page("/", packed[:-1], Content_Encoding=coding)
    assert fails(upstream).code is Code.TRUNCATED
    upstream.page("/", b"", Content_Encoding=coding)
    assert get(upstream).body == b""


def test_a_part_of_a_packed_body_is_what_was_asked_for(upstream: ScriptedServer) -> None:
    """A server that packs a picture although that was not wanted, and sends the beginning."""
    upstream.page("/", gzip.compress(b"GIF89a")[:-4], 206, Content_Encoding="gzip")
    assert get(upstream, part=True).body == b"GIF89a"


def test_what_follows_a_packed_body_is_ignored(upstream: ScriptedServer) -> None:
    upstream.page("/", gzip.compress(b"Isi ") + gzip.compress(b"dua") + b"sisa", Content_Encoding="gzip")
    assert get(upstream).body == b"Isi dua"


def test_a_coding_that_is_not_what_it_says(upstream: ScriptedServer) -> None:
    upstream.page("/", b"this is not gzip at all", Content_Encoding="gzip")
    assert fails(upstream).code is Code.BAD_ENCODING


def test_a_body_without_end(upstream: ScriptedServer) -> None:
    def endless(exchange: Exchange) -> None:
        exchange.send(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            exchange.send(b"x" * 65536)

    upstream.routes["/"] = endless
    assert fails(upstream, limit=300_000).code is Code.TOO_LARGE


def test_only_a_few_large_bodies_at_a_time(upstream: ScriptedServer) -> None:
    """A hundred hosts that send 8 MiB each, slowly, would take a gigabyte: the others wait for their turn."""
    go_on = threading.Event()

    def large(exchange: Exchange) -> None:
        exchange.send(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"x" * (LARGE + 1))
        go_on.wait(20)
        exchange.send(b"end")

    upstream.routes["/large"] = large
    upstream.page("/small", b"small")
    client = Client(Guard(own=frozenset({upstream.host})), user_agent="t", now=lambda: NOW)
    ended: list[Code | int] = []

    def ask(seconds: float) -> None:
        try:
            ended.append(len(client.get(Request(url=upstream.url("/large"), seconds=seconds), own=True).body))
        except FetchError as error:
            ended.append(error.code)
        finally:
            client.done()

    threads = [threading.Thread(target=ask, args=(20,)) for _ in range(PLACES)]
    for thread in threads:
        thread.start()
    until(lambda: client._rooms[True]._free._value == 0)
    ask(0.3)
    assert ended == [Code.TOO_SLOW]
    assert client.get(Request(url=upstream.url("/small")), own=True).body == b"small"
    go_on.set()
    for thread in threads:
        thread.join(20)
    assert ended[1:] == [LARGE + 4] * PLACES
    ask(20)
    assert ended[-1] == LARGE + 4


def test_more_than_announced_is_no_part_of_the_answer(upstream: ScriptedServer) -> None:
    upstream.routes["/"] = lambda exchange: exchange.send(
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnewsHTTP/1.1 200 OK\r\n\r\nsmuggled"
    )
    assert get(upstream).body == b"news"


def test_a_connection_that_is_reset_in_the_middle(upstream: ScriptedServer) -> None:
    def handler(exchange: Exchange) -> None:
        exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"x" * 5000)
        linger = struct.pack("ii", 1, 0)
        exchange.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        exchange.connection.close()

    upstream.routes["/"] = handler
    assert fails(upstream).code in (Code.CONNECT, Code.TRUNCATED)


@pytest.mark.parametrize(
    ("head", "rest", "codes"),
    [
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n", {Code.TOO_SLOW}),
        (b"HTTP/1.1 200 OK\r\n", b"X: a\r\n", {Code.CONNECT}),
        (b"HTTP/1.1 200 OK\r\nX: ", b"a" * 1000, {Code.CONNECT}),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;", b"a" * 1000, {Code.CONNECT}),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n",
            b"X: a\r\n" * 100,
            {Code.TOO_SLOW},
        ),
    ],
    ids=["interim answers", "headers", "one header", "a chunk's extension", "trailers"],
)
def test_what_has_no_end_is_given_up(
    upstream: ScriptedServer, head: bytes, rest: bytes, codes: set[Code]
) -> None:
    """In time, and without keeping it."""

    def endless(exchange: Exchange) -> None:
        exchange.send(head)
        while True:
            exchange.send(rest)

    upstream.routes["/"] = endless
    tracemalloc.start()
    try:
        assert fails(upstream, seconds=0.5).code in codes
        assert tracemalloc.get_traced_memory()[1] < 6_000_000
    finally:
        tracemalloc.stop()


def test_cut_gives_the_beginning(upstream: ScriptedServer) -> None:
    upstream.page("/", b"x" * 1000)
    assert get(upstream, limit=100, cut=True).body == b"x" * 100


def test_too_few_bytes_are_no_answer(upstream: ScriptedServer) -> None:
    upstream.routes["/"] = lambda exchange: exchange.send(
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nConnection: close\r\n\r\nonly this"
    )
    assert fails(upstream).code is Code.TRUNCATED


def test_a_chunked_answer_that_breaks_off(upstream: ScriptedServer) -> None:
    upstream.routes["/"] = lambda exchange: exchange.send(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n50\r\nbut"
    )
    assert fails(upstream).code in (Code.TRUNCATED, Code.CONNECT)


def drip(data: bytes, pause: float) -> object:
    def handler(exchange: Exchange) -> None:
        for byte in data:
            exchange.send(bytes([byte]))
            time.sleep(pause)  # the server is slow on purpose

    return handler


@pytest.mark.parametrize(
    "beginning",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"HT",
    ],
)
@pytest.mark.slow
def test_a_dripping_server_is_stopped_at_the_total_limit(upstream: ScriptedServer, beginning: bytes) -> None:
    dripping = drip(b"x" * 400, 0.02)
    assert callable(dripping)

    def handler(exchange: Exchange) -> None:
        exchange.send(beginning)
        dripping(exchange)

    upstream.routes["/"] = handler
    assert fails(upstream, seconds=0.5).code is Code.TOO_SLOW
    # each byte came in time for a timeout per read; the server had most of its bytes left to send
    assert len(upstream.log) == 1


def test_a_server_that_never_answers(upstream: ScriptedServer) -> None:
    def handler(exchange: Exchange) -> None:
        exchange.connection.recv(1)  # until the client gives up

    upstream.routes["/"] = handler
    assert fails(upstream, seconds=0.3).code is Code.TOO_SLOW


def test_a_server_that_never_shakes_hands() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host = f"127.0.0.1:{listener.getsockname()[1]}"
        client = Client(Guard(own=frozenset({host})), user_agent="t", now=lambda: NOW)
        with pytest.raises(FetchError) as caught:
            client.get(Request(url=f"https://{host}/", seconds=0.3), own=True)
    assert caught.value.code is Code.TOO_SLOW


def test_a_server_that_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host = f"127.0.0.1:{listener.getsockname()[1]}"
    client = Client(Guard(own=frozenset({host})), user_agent="t", now=lambda: NOW)
    with pytest.raises(FetchError) as caught:
        client.get(Request(url=f"http://{host}/", seconds=2), own=True)
    assert caught.value.code is Code.CONNECT


def test_a_server_that_speaks_no_http(upstream: ScriptedServer) -> None:
    upstream.routes["/"] = lambda exchange: exchange.send(b"SSH-2.0-OpenSSH_9.2\r\n")
    assert fails(upstream).code is Code.CONNECT


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 1_000_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: a\r\n" % n for n in range(10_000)) + b"\r\n",
    ],
)
def test_headers_without_measure(upstream: ScriptedServer, head: bytes) -> None:
    upstream.routes["/"] = lambda exchange: exchange.send(head)
    assert fails(upstream).code is Code.CONNECT


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (404, Code.HTTP_GONE),
        (410, Code.HTTP_GONE),
        (429, Code.HTTP_WAIT),
        (503, Code.HTTP_WAIT),
        (500, Code.HTTP_STATUS),
        (403, Code.HTTP_STATUS),
        (206, Code.HTTP_STATUS),
        (302, Code.HTTP_STATUS),
    ],
)
def test_other_answers_are_errors_with_their_status(
    upstream: ScriptedServer, status: int, code: Code
) -> None:
    upstream.page("/", b"x", status, Retry_After="120")
    error = fails(upstream)
    assert (error.code, error.status) == (code, status)
    if code is not Code.HTTP_GONE:
        assert error.wait == 120


def test_a_304_that_nobody_asked_for_confirms_nothing(upstream: ScriptedServer) -> None:
    """Not straight away, and not after a redirect to an address whose validators we do not have."""
    upstream.page("/", b"", 304)
    upstream.page("/old", b"", 301, Location="/")
    for path in ("/", "/old"):
        error = fails(upstream, path, etag='"1"', validators_url=upstream.url("/old"))
        assert (error.code, error.status) == (Code.HTTP_STATUS, 304)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Thu, 18 Dec 2025 12:05:00 GMT", 300.0),
        ("Thu, 18 Dec 2025 11:00:00 GMT", 0.0),
        ("99999999999999", 86400.0),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        (None, None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(value, NOW) == seconds


def test_connections_are_kept_for_the_next_request(upstream: ScriptedServer) -> None:
    """A second request on a connection that was kept alive is watched by the brake as the first one is."""

    def handler(exchange: Exchange) -> None:
        exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        exchange.connection.recv(65536)
        exchange.connection.recv(65536)  # the second request gets no answer; this ends when it is shut down

    upstream.routes["/"] = handler
    guard = Guard(own=frozenset({upstream.host}))
    client = Client(guard, user_agent="t", now=lambda: NOW)
    assert client.get(Request(url=upstream.url()), own=True).body == b"ok"
    with pytest.raises(FetchError) as caught:
        client.get(Request(url=upstream.url(), seconds=0.4), own=True)
    assert caught.value.code is Code.TOO_SLOW
    assert len(upstream.log) == 1
