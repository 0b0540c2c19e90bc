"""One function for each reader of foreign bytes: it raises where the reader does what it must not.

`tools/fuzz.py` (make fuzz) drives them with coverage, test_targets.py with a few bytes of chance.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from feedsvc import config, dates
from feedsvc.errors import Code, ConfigError, ReadError
from feedsvc.extract.read import read
from feedsvc.model import Absent
from feedsvc.plugin_api import Job
from tests.serve.test_front import Site, row

NOW = datetime(2025, 12, 18, 12, 0, tzinfo=UTC)
JAKARTA = ZoneInfo("Asia/Jakarta")
CHARSETS = ("", "utf-8", "windows-1254", "utf-16")
LANGUAGES = ("", "id", "tr", "en", "ar", "ja")


def printed_dates(data: bytes) -> None:
    """A date is read, or doubted; never anything else, and never one without a zone."""
    language = LANGUAGES[data[0] % len(LANGUAGES)] if data else ""
    text = data[1:].decode("utf-8", "replace")
    found = dates.read(text, now=NOW, zone=JAKARTA, language=language)
    assert isinstance(found, dates.Doubt) or found.at.tzinfo is not None
    dates.read_stamp(text, zone=JAKARTA)
    dates.is_date(text, language)


def _reading(kind: str, media_type: str) -> Callable[[bytes], None]:
    def target(data: bytes) -> None:
        charset = CHARSETS[data[0] % len(CHARSETS)] if data else ""
        job = Job(
            kind=kind,
            body=data[1:],
            url="https://news.example/",
            media_type=media_type,
            charset=charset,
            now=NOW,
            zone=JAKARTA,
        )
        try:
            read(job)
        except ReadError as error:
            if error.code is Code.INTERNAL:
                raise

    return target


def configuration(data: bytes) -> None:
    """A configuration is loaded, or refused with its problems."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "feedsvc.toml"
        file.write_bytes(data)
        try:
            config.load(file, {})
        except ConfigError as error:
            if not error.problems:
                raise


class _Nothing:
    """What builds documents on demand, where there is none to build."""

    def __getattr__(self, name: str) -> Any:
        return self if name in ("feeds", "pages", "embeds", "takers") else lambda *_, **__: Absent.MISSING


@cache
def _site() -> Site:
    site = Site(rows=[row(), row("/", body=b"<html>", page="")], builder=_Nothing())
    site.others = lambda: lambda environ, start: (start("404 Not Found", []), [b""])[1]
    return site


def front(data: bytes) -> None:
    """A request has an answer, and no header of it has a line end."""
    head, _, query = data.partition(b"?")
    path, _, header = head.partition(b"\n")
    names = (
        "Accept-Encoding",
        "If-None-Match",
        "If-Modified-Since",
        "Host",
        "X-Forwarded-For",
        "Sec-Fetch-Dest",
    )
    value = header.replace(b"\r", b"").replace(b"\n", b"").decode("latin-1")
    named = {names[len(query) % len(names)]: value} if value else {}
    target = f"/{path.decode('latin-1')}?{query.decode('latin-1')}"
    answer = _site().ask(target, **named)
    assert answer.status < 500, answer
    assert not any(set(str(one)) & set("\r\n") for one in answer.headers.values())


TARGETS: dict[str, Callable[[bytes], None]] = {
    "dates": printed_dates,
    "feed": _reading("feed", "application/rss+xml"),
    "list": _reading("page", "text/html"),
    "article": _reading("article", "text/html"),
    "config": configuration,
    "front": front,
}
RSS = b"""\0<rss version='2.0'><channel><title>x</title><item><title>a</title><link>https://n.example/1</link>
<pubDate>Thu, 18 Dec 2025 11:00:00 GMT</pubDate><category>b</category></item></channel></rss>"""
ATOM = b"""\1<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id><title type='html'>a &amp;lt;</title>
<link href='/1'/><updated>2025-12-18T11:00:00Z</updated></entry></feed>"""
JSON_FEED = (
    b"""\1{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": 1, "url": "/1", "title": "a"}]}"""
)
LIST = b"""\1<html lang=id><h1>Politik</h1><ul><li><a href=/read/1><h3>Dermaga baru dibuka di pulau</h3></a>
<time>18/12/2025 10:00</time><li><a href=/read/2><h3>Nelayan menunggu cuaca membaik</h3></a></ul>"""
ARTICLE = b"""\1<html><title>Dermaga</title><script type='application/ld+json'>{"@type": "NewsArticle",
"headline": "Dermaga dibuka", "datePublished": "2025-12-18T11:00:00Z", "author": [{"name": "Hani"}]}</script>
<article><h1>Dermaga dibuka</h1><p>Warga menunggu.</p></article></html>"""
CONFIG = b"""[site]\ntitle = "T"\nurl = "https://news.example/"\n[[section]]\nslug = "a"
sources = [{ page = "https://news.example/a", every = "5m", was = ["x"] }]\n"""
#: What a fuzzer begins with.
SEEDS: dict[str, tuple[bytes, ...]] = {
    "dates": (b"\1Kamis, 18 Desember 2025 | 19:00 WIB", b"\3Thu, 18 Dec 2025 11:00:00 GMT", b"\2dun 23:10"),
    "feed": (RSS, ATOM, JSON_FEED),
    "list": (LIST,),
    "article": (ARTICLE,),
    "config": (CONFIG,),
    "front": (b'feeds/politik.rss\n"x", W/"y"?limit=5', b"embed/politik\ngzip;q=0, br?count=3", b"\n*?%zz"),
}
