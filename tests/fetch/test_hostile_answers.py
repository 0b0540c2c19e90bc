"""Each hostile answer to a poll of a feed, over real sockets: the code that its source is shown with.

That a source with a code changes nothing that is served, and holds up no other, is tested in tests/collect.
"""

from __future__ import annotations

import gzip
import socket
import struct
import zlib
from collections.abc import Callable
from datetime import UTC, datetime

import brotli
import pytest
import zstandard

from feedsvc.errors import Code, FeedsvcError
from feedsvc.extract.read import read
from feedsvc.fetch.client import Client
from feedsvc.fetch.guard import Guard
from feedsvc.plugin_api import Job, Request
from tests.servers import Exchange, ScriptedServer

NOW = datetime(2025, 12, 18, 12, 0, tzinfo=UTC)
FEED = "application/rss+xml"


def rss(*items: str, head: str = "") -> bytes:
    text = f"<rss version='2.0'><channel><title>Kabar</title>{''.join(items)}</channel></rss>"
    return (head + text).encode("utf-8", "surrogatepass")


def item(title: str, link: str, more: str = "") -> str:
    date = "<pubDate>Thu, 18 Dec 2025 11:00:00 GMT</pubDate>"
    return f"<item><title>{title}</title><link>{link}</link>{date}{more}</item>"


def said(body: bytes, status: int = 200, kind: str = FEED, **headers: str) -> Callable[[Exchange], None]:
    named = {"Content-Type": kind, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return lambda exchange: exchange.answer(status, body, named)


def led(location: str, status: int = 302) -> Callable[[Exchange], None]:
    return said(b"", status, Location=location)


def raw(*pieces: bytes) -> Callable[[Exchange], None]:
    def handler(exchange: Exchange) -> None:
        for piece in pieces:
            exchange.send(piece)

    return handler


def reset(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 9999\r\n\r\n<rss>")
    exchange.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def endless(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<rss><channel><title>")
    for _ in range(12):
        exchange.send(b"a" * 1024 * 1024)


def growing(exchange: Exchange) -> None:
    exchange.answer(302, headers={"Location": f"{exchange.path}?{'x' * 40}{len(exchange.path)}"})


def in_circles(exchange: Exchange) -> None:
    exchange.answer(302, headers={"Location": exchange.path})


ENTITIES = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10 if n else 'ha'}'>" for n in range(9))
LONG = "<!ENTITY a '" + "a" * 50_000 + "'>"
MANY = 10 * 1024 * 1024
GOOD_BODY = rss(item("Dermaga dibuka", "http://news.example/dermaga"))

#: name → (what is answered, its code)
REFUSED: dict[str, tuple[Callable[[Exchange], None], Code]] = {
    # XML
    "entities of entities": (
        said(rss(item("&a8;", "http://n.example/1"), head=f"<!DOCTYPE rss [{ENTITIES}]>")),
        Code.BAD_XML,
    ),
    "one long entity many times": (
        said(rss(item("&a;" * 20_000, "http://n.example/1"), head=f"<!DOCTYPE rss [{LONG}]>")),
        Code.BAD_XML,
    ),
    "an entity that is a file": (
        said(
            rss(
                item("&a;", "http://n.example/1"),
                head="<!DOCTYPE rss [<!ENTITY a SYSTEM 'file:///etc/hostname'>]>",
            )
        ),
        Code.BAD_XML,
    ),
    "a parameter entity that is a file": (
        said(
            rss(
                item("x", "http://n.example/1"),
                head="<!DOCTYPE rss [<!ENTITY % a SYSTEM 'file:///etc/hostname'> %a;]>",
            )
        ),
        Code.BAD_XML,
    ),
    "elements without depth": (said(rss("<a>" * 200_000)), Code.TOO_DEEP),
    "attributes without end": (
        said(rss("<item " + " ".join(f"a{n}='b'" for n in range(200_000)) + "/>")),
        Code.BAD_XML,
    ),
    "a feed that ends in an entry": (said(GOOD_BODY[:-40]), Code.BAD_XML),
    "a feed that ends in a tag": (said(GOOD_BODY[:-3]), Code.BAD_XML),
    # other things than a feed
    "nothing": (said(b""), Code.NOT_A_FEED),
    "white space": (said(b" \n\t\n"), Code.NOT_A_FEED),
    "a page": (said(b"<!doctype html><title>Masuk</title><p>Halo</p>", kind="text/html"), Code.NOT_A_FEED),
    "a page that says it is a feed": (said(b"<html><body><p>Sebentar</p></body></html>"), Code.NOT_A_FEED),
    "a picture": (said(b"\x89PNG\r\n\x1a\n" + bytes(2000)), Code.NOT_A_FEED),
    "an archive": (said(b"PK\x03\x04" + bytes(2000)), Code.NOT_A_FEED),
    "another XML": (said(b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>"), Code.NOT_A_FEED),
    "a list of JSON": (said(b"[1, 2, 3]", kind="application/json"), Code.NOT_A_FEED),
    "JSON that ends": (said(b'{"version": "https://jsonfeed.org/version/1.1", "it'), Code.BAD_XML),
    "JSON without depth": (said(b'{"items":' + b"[" * 100_000, kind="application/json"), Code.TOO_DEEP),
    "UTF-7": (said(GOOD_BODY, kind="text/xml; charset=utf-7"), Code.BAD_XML),
    # bodies
    "a body of ten megabytes": (said(b"<rss>" + b"a" * MANY), Code.TOO_LARGE),
    "a body without end": (endless, Code.TOO_LARGE),
    "a gzip bomb": (said(gzip.compress(bytes(MANY * 4)), Content_Encoding="gzip"), Code.TOO_LARGE),
    "a deflate bomb": (said(zlib.compress(bytes(MANY * 4)), Content_Encoding="deflate"), Code.TOO_LARGE),
    "a brotli bomb": (said(brotli.compress(bytes(MANY * 4)), Content_Encoding="br"), Code.TOO_LARGE),
    "zstd, which nobody asked for": (
        said(zstandard.compress(GOOD_BODY), Content_Encoding="zstd"),
        Code.BAD_ENCODING,
    ),
    "gzip that is none": (said(GOOD_BODY, Content_Encoding="gzip"), Code.BAD_ENCODING),
    "gzip that ends": (said(gzip.compress(GOOD_BODY)[:-9], Content_Encoding="gzip"), Code.TRUNCATED),
    "fewer bytes than announced": (
        raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 5000\r\n\r\n" + GOOD_BODY),
        Code.TRUNCATED,
    ),
    "a chunk that ends": (
        raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n" + GOOD_BODY),
        Code.CONNECT,
    ),
    # heads
    "a header of a megabyte": (
        raw(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 1024 * 1024 + b"\r\n\r\n"),
        Code.CONNECT,
    ),
    "ten thousand headers": (raw(b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 10_000 + b"\r\n"), Code.CONNECT),
    "no HTTP": (raw(b"SSH-2.0-OpenSSH_9.2\r\n" * 3), Code.CONNECT),
    "a status that is no number": (raw(b"HTTP/1.1 OK\r\n\r\n"), Code.CONNECT),
    "a connection that is closed": (raw(), Code.CONNECT),
    "a connection that is reset": (reset, Code.CONNECT),
    # statuses
    **{
        f"status {status}": (said(GOOD_BODY, status), code)
        for status, code in {
            400: Code.HTTP_STATUS,
            401: Code.HTTP_STATUS,
            403: Code.HTTP_STATUS,
            404: Code.HTTP_GONE,
            410: Code.HTTP_GONE,
            418: Code.HTTP_STATUS,
            429: Code.HTTP_WAIT,
            451: Code.HTTP_STATUS,
            500: Code.HTTP_STATUS,
            502: Code.HTTP_STATUS,
            503: Code.HTTP_WAIT,
            504: Code.HTTP_STATUS,
            599: Code.HTTP_STATUS,
        }.items()
    },
    # where a redirect leads
    "a redirect to itself": (in_circles, Code.TOO_MANY_REDIRECTS),
    "a redirect that grows": (growing, Code.TOO_MANY_REDIRECTS),
    "a redirect without an address": (said(b"", 302), Code.HTTP_STATUS),
    **{
        f"a redirect to {where}": (led(where), Code.BLOCKED_URL)
        for where in (
            *("file:///etc/passwd", "gopher://news.example/", "ftp://news.example/x", "data:text/xml,x"),
            *("dict://news.example:11211/", "jar:http://news.example!/", "http+unix://%2Frun/x"),
            *("http://news.example:22/", "http://news.example:6379/", "http://u:p@news.example/"),
            *("http://[::1/", "http://news.example:99999/", "http://a\\@127.0.0.1/"),
        )
    },
    **{
        f"a redirect to {where}": (led(f"http://{where}/"), Code.BLOCKED_ADDRESS)
        for where in (
            *("127.0.0.1", "2130706433", "0x7f000001", "0", "10.0.0.1", "169.254.169.254", "168.63.129.16"),
            *("[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[fd00:ec2::254]", "localhost"),
        )
    },
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_answer_has_its_code(upstream: ScriptedServer, name: str) -> None:
    handler, code = REFUSED[name]
    upstream.routes["*"] = handler
    client = Client(Guard(own=frozenset({upstream.host})), user_agent="feedsvc/0", now=lambda: NOW)
    with pytest.raises(FeedsvcError) as caught:
        polled(client, upstream.url("/feed"))
    assert caught.value.code is code


def polled(client: Client, url: str) -> None:
    answer = client.get(Request(url=url), own=True)
    kind, charset = answer.media_type, answer.charset
    read(Job(kind="feed", body=answer.body, url=answer.url, media_type=kind, charset=charset, now=NOW))
