"""What an upstream answers in the cases of group X, and what is to be read of it where that is no error."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
import zstandard

from tests.servers import Exchange, Handler

FEED = "application/rss+xml"
MANY = 10 * 1024 * 1024
PREFIXES = (
    "xmlns:xi='http://www.w3.org/2001/XInclude' xmlns:content='http://purl.org/rss/1.0/modules/content/'"
)


def rss(*items: str, head: str = "") -> bytes:
    text = f"<rss version='2.0' {PREFIXES}><channel><title>Kabar</title>{''.join(items)}</channel></rss>"
    return (head + text).encode()


def item(name: str, title: str, more: str = "", link: str = "") -> str:
    date = "<pubDate>Thu, 18 Dec 2025 11:00:00 GMT</pubDate>"
    link = link or f"https://news.example/{name.lower()}"
    return f"<item><title>{title}</title><link>{link}</link><guid>{name}</guid>{date}{more}</item>"


def said(body: bytes, kind: str = FEED, **headers: str) -> Handler:
    named = {"Content-Type": kind, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return lambda exchange: exchange.answer(200, body, named)


def led(location: str) -> Handler:
    """A redirect; the address is sent as UTF-8, as browsers and servers do."""
    head = f"HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 0\r\nLocation: {location}\r\n\r\n"
    return lambda exchange: exchange.send(head.encode())


def raw(*pieces: bytes) -> Handler:
    def handler(exchange: Exchange) -> None:
        for piece in pieces:
            exchange.send(piece)

    return handler


class Endless:
    """A body without end; counts what the other side took of it."""

    def __init__(self) -> None:
        self.taken = 0

    def __call__(self, exchange: Exchange) -> None:
        exchange.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<rss><channel><title>")
        while self.taken < 100 * MANY:
            exchange.send(b"a" * 65536)
            self.taken += 65536


def hops(exchange: Exchange) -> None:
    """Twenty-one of them, to addresses of their own."""
    path, _, number = exchange.path.partition("?")
    if int(number or 0) < 21:
        exchange.answer(302, headers={"Location": f"{path}?{int(number or 0) + 1}"})
    else:
        exchange.answer(200, rss(item("X22", "Sampai")), {"Content-Type": FEED})


def in_circles(exchange: Exchange) -> None:
    exchange.answer(302, headers={"Location": exchange.path})


def growing(exchange: Exchange) -> None:
    exchange.answer(302, headers={"Location": f"{exchange.path}{'&' if '?' in exchange.path else '?'}x=1"})


def inwards(exchange: Exchange) -> None:
    """Two hops that may be made, and a third that leads into a private network."""
    path, _, number = exchange.path.partition("?")
    target = f"{path}?{int(number or 0) + 1}" if int(number or 0) < 2 else "http://10.0.0.1/"
    exchange.answer(302, headers={"Location": target})


def typed(subset: str) -> bytes:
    return rss(item("X", "&a9;&a;"), head=f"<!DOCTYPE rss [{subset}]>")


LAUGHS = "<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
HOSTNAME = Path("/etc/hostname").read_text().strip()
TURKISH = "Gündem şüphe İstanbul"
WHOLE = rss(item("X24", "Dermaga dibuka"))

#: Case → what is answered. Those whose outcome is an error name it in the table.
ANSWERS: dict[str, Handler] = {
    "S78": inwards,
    "X1": said(typed(LAUGHS)),
    "X2": said(
        rss(item("X2", "&a;" * 20_000), head=f"<!DOCTYPE rss [<!ENTITY a '{'x' * 50_000}'>]>"),
    ),
    "X3": said(typed("<!ENTITY a SYSTEM 'file:///etc/hostname'>")),
    "X4": said(typed("<!ENTITY % a SYSTEM 'file:///etc/hostname'> %a;")),
    "X7": said(rss("<a>" * 200_000)),
    "X8": said(rss("<item " + " ".join(f"a{n}='b'" for n in range(200_000)) + "/>")),
    "X10": said(rss(item("X10", "a" * 9_000_000))),
    "X11": Endless(),
    "X12": said(gzip.compress(bytes(MANY * 4)), Content_Encoding="gzip"),
    "X13": said(zlib.compress(bytes(MANY * 4)), Content_Encoding="deflate"),
    "X14": said(brotli.compress(bytes(MANY * 4), quality=1), Content_Encoding="br"),
    "X15": said(zstandard.compress(bytes(MANY * 4)), Content_Encoding="zstd"),
    "X16": raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 50000\r\n\r\n", WHOLE),
    "X18": raw(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 1024 * 1024 + b"\r\n\r\n"),
    "X21": in_circles,
    "X22": hops,
    "X23": growing,
    "X24": said(WHOLE[:-40]),
    "X25": said(b"<!doctype html><title>Masuk</title><form><input type=password></form>", "text/html"),
    "X26": said(b""),
    "X29": said(typed("<!ENTITY a9 'back\\slash \\1'>")),
    "X32": said(WHOLE, "text/xml; charset=utf-7"),
}


def titled(*titles: str) -> Callable[[list[dict[str, Any]]], bool]:
    return lambda found: sorted(one["title"] for one in found) == sorted(titles)


def undated(found: list[dict[str, Any]]) -> bool:
    """All are there, with about the moment at which they were found."""
    dates = [one["date_published"] for one in found]
    return len(dates) == 8 and all("2025-12-18T23:59" < date < "2025-12-19T00:05" for date in dates)


def cut(found: list[dict[str, Any]]) -> bool:
    (one,) = found
    return (
        len(one["title"]) < 1100
        and one["title"].endswith("…")
        and len(one["tags"]) <= 51  # and the section
        and len(one["attachments"]) <= 21
    )


DATES = (
    *("Mon, 31 Feb 2026 25:61:00 +9999", "9" * 14, "0000-00-00", "2101-01-01T00:00:00Z"),
    *("1970-01-01T00:00:00Z", "2026-11-23T10:00:00+24:00", "9" * 100_000, "23 " * 50_000),
)
UNDATED = "".join(
    f"<item><title>Tanggal {n} tidak ada</title><link>https://news.example/x37/{n}</link><guid>X37-{n}</guid>"
    f"<pubDate>{date}</pubDate></item>"
    for n, date in enumerate(DATES)
)
FILES = "".join(f"<enclosure url='https://news.example/{n}.mp3' type='audio/mpeg'/>" for n in range(5000))

#: Case → (what is answered, what has to be served of it).
READ: dict[str, tuple[Handler, Callable[[list[dict[str, Any]]], bool]]] = {
    "X5": (
        said(rss(item("X5", "<xi:include href='file:///etc/hostname' parse='text'/>Dermaga"))),
        lambda found: len(found) == 1 and "Dermaga" in found[0]["title"] and HOSTNAME not in str(found),
    ),
    "X6": (
        said(
            rss(
                item("X6", "Tanpa gaya"),
                head="<?xml-stylesheet href='/style.xsl'?><!DOCTYPE rss SYSTEM '/feed.dtd'>",
            )
        ),
        titled("Tanpa gaya"),
    ),
    "X27": (said(rss(item("X27", "Nol\x00 di\x00 tengah"))), titled("Nol di tengah")),
    "X28": (
        said(rss(item("X28", "Belah &#xD800;&#x110000;&#xFFFFFFFF; akhir"))),
        lambda found: len(found) == 1 and found[0]["title"].startswith("Belah"),
    ),
    "X30": (said(rss(item("X30", "@")).replace(b"@", TURKISH.encode("cp1254"))), titled(TURKISH)),
    "X31": (
        said(
            rss(item("X31", "@"), head="<?xml version='1.0' encoding='utf-8'?>").replace(
                b"@", TURKISH.encode("cp1254")
            ),
            "text/xml; charset=iso-8859-9",
        ),
        titled(TURKISH),
    ),
    "X33": (said(b"\xef\xbb\xbf\n\n\n" + rss(item("X33", "Di bawah"))), titled("Di bawah")),
    "X34": (
        said(rss(item("X34", "Satu\x01\x0b\x1f dua\ufffe\uffff tiga"))),
        titled("Satu dua tiga"),
    ),
    "X35": (
        said(rss(item("X35", "\u202eterbalik\u202c dan \u2066sendiri\u2069"))),
        lambda found: len(found) == 1 and not set(found[0]["title"]) & set("\u202a\u202b\u202c\u202d\u202e"),
    ),
    "X36": (
        said(
            rss(
                item(
                    "X36",
                    "panjang " * 125_000,
                    "".join(f"<category>t{n}</category>" for n in range(10_000)) + FILES,
                )
            )
        ),
        cut,
    ),
    "X37": (said(rss(UNDATED)), undated),
}
#: A feed of its own section: so many items leave no place to others.
MASSES = said(rss("".join(f"<item><title>{n}</title><guid>{n}</guid></item>" for n in range(100_000))))
