"""Sitemaps and WordPress sites: real servers on loopback, looked at as the worker does."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from feedsvc.errors import Code
from tests.conftest import Clock
from tests.servers import Exchange, ScriptedServer
from tests.sources.newsroom import Newsroom

Open = Callable[[str], Newsroom]
SPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)


@pytest.fixture
def open_(tmp_path: Path, upstream: ScriptedServer, clock: Clock) -> Iterator[Open]:
    opened: list[Newsroom] = []

    def make(source: str) -> Newsroom:
        opened.append(Newsroom(tmp_path, f"sqlite:///{tmp_path}/store.db", clock, source, host=upstream.host))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def article(title: str) -> bytes:
    body = "".join(
        f"<p>Kalimat nomor {n} dari berita ini cukup panjang untuk dibaca orang.</p>" for n in range(9)
    )
    return (
        f"<html lang=id><head><title>{title}</title><meta property=og:type content=article>"
        f'<meta property="article:published_time" content="2025-12-18T17:00:00+07:00"></head>'
        f"<body><main><article><h1>{title}</h1>{body}</article></main></body></html>"
    ).encode()


def news(server: ScriptedServer, *numbers: int, at: str = "2025-12-18T18:00:00+07:00") -> bytes:
    entries = "".join(
        f"<url><loc>{server.url(f'/politik/read/{n}')}</loc><news:news><news:publication>"
        "<news:name>K</news:name><news:language>id</news:language></news:publication>"
        f"<news:publication_date>{at}</news:publication_date><news:title>Judul {n}</news:title>"
        "<news:keywords>Gempa, Merawan</news:keywords></news:news></url>"
        for n in numbers
    )
    return f"<urlset {SPACES}>{entries}</urlset>".encode()


@pytest.mark.slow
def test_a_news_sitemap(upstream: ScriptedServer, open_: Open) -> None:
    upstream.page("/news.xml", news(upstream, 1, 2), Content_Type="application/xml")
    upstream.page("/politik/read/1", article("Judul 1"))
    upstream.page("/politik/read/2", b"", 500)
    newsroom = open_(f'sitemap = "{upstream.url("/news.xml")}"')
    newsroom.look()
    newsroom.look(minutes=3)
    assert set(newsroom.titles()) == {"Judul 1", "Judul 2"}
    read = newsroom.item("Judul 1")
    assert "Kalimat nomor 3" in read["content_html"]
    assert set(read["tags"]) >= {"Gempa", "Merawan"}
    assert newsroom.item("Judul 2")["date_published"].startswith("2025-12-18T11:00")


@pytest.mark.slow
def test_an_index_is_read_file_by_file_and_only_where_something_changed(
    upstream: ScriptedServer, open_: Open
) -> None:
    def index(second: str) -> bytes:
        children = [("/1.xml.gz", "2025-12-18T10:00:00Z"), ("/2.xml", second), ("/old.xml", "2019-01-01")]
        inner = "".join(
            f"<sitemap><loc>{upstream.url(path)}</loc><lastmod>{at}</lastmod></sitemap>"
            for path, at in children
        )
        other = "<sitemap><loc>https://elsewhere.example/s.xml</loc></sitemap>"
        return f"<sitemapindex {SPACES}>{inner}{other}</sitemapindex>".encode()

    upstream.page("/sitemap.xml", index("2025-12-18T09:00:00Z"), Content_Type="text/xml")
    upstream.page("/1.xml.gz", gzip.compress(news(upstream, 1)), Content_Type="application/gzip")
    upstream.page("/2.xml", news(upstream, 2), Content_Type="text/xml")
    for number in (1, 2, 3):
        upstream.page(f"/politik/read/{number}", article(f"Judul {number}"))
    newsroom = open_(f'sitemap = "{upstream.url("/sitemap.xml")}"')
    newsroom.look()
    assert set(newsroom.titles()) == {"Judul 1", "Judul 2"}
    maps = [path for path in upstream.paths() if path.endswith((".xml", ".gz"))]
    assert maps == ["/sitemap.xml", "/1.xml.gz", "/2.xml"]
    upstream.log.clear()
    upstream.page("/sitemap.xml", index("2025-12-18T12:30:00Z"), Content_Type="text/xml")
    upstream.page("/2.xml", news(upstream, 2, 3), Content_Type="text/xml")
    newsroom.look(minutes=1)
    maps = [path for path in upstream.paths() if path.endswith((".xml", ".gz"))]
    assert maps == ["/sitemap.xml", "/2.xml"]
    assert "Judul 3" in newsroom.titles()


def test_a_broken_file_of_an_index_does_not_hide_the_others(upstream: ScriptedServer, open_: Open) -> None:
    children = [("/cut.xml", "12:00"), ("/down.xml", "11:00"), ("/good.xml", "10:00")]
    inner = "".join(
        f"<sitemap><loc>{upstream.url(path)}</loc><lastmod>2025-12-18T{at}:00Z</lastmod></sitemap>"
        for path, at in children
    )
    index = f"<sitemapindex {SPACES}>{inner}</sitemapindex>".encode()
    upstream.page("/sitemap.xml", index, Content_Type="text/xml")
    upstream.page("/cut.xml", news(upstream, 1)[:-20], Content_Type="text/xml")
    upstream.page("/down.xml", b"", 500)
    upstream.page("/good.xml", news(upstream, 2), Content_Type="text/xml")
    for number in (1, 2, 3):
        upstream.page(f"/politik/read/{number}", article(f"Judul {number}"))
    newsroom = open_(f'sitemap = "{upstream.url("/sitemap.xml")}"')
    told = newsroom.look().message
    assert newsroom.titles() == ["Judul 2"]
    assert "/cut.xml" in told
    assert "/down.xml" in told
    upstream.page("/cut.xml", news(upstream, 1), Content_Type="text/xml")
    upstream.page("/down.xml", news(upstream, 3), Content_Type="text/xml")
    newsroom.look(minutes=1)
    assert newsroom.titles() == ["Judul 2"]  # not asked again at once
    newsroom.look(minutes=6)
    assert set(newsroom.titles()) == {"Judul 1", "Judul 2", "Judul 3"}


@pytest.mark.slow
def test_a_plain_sitemap_names_pages_that_are_no_articles(upstream: ScriptedServer, open_: Open) -> None:
    paths = ["/politik/read/1", "/tentang-kami", "/politik/read/2"]
    entries = "".join(
        f"<url><loc>{upstream.url(path)}</loc><lastmod>{at}</lastmod></url>"
        for path, at in zip(paths, ["2025-12-18", "2025-12-18", "2024-01-01"], strict=True)
    )
    upstream.page("/s.xml", f"<urlset {SPACES}>{entries}</urlset>".encode(), Content_Type="text/xml")
    upstream.page("/politik/read/1", article("Judul 1"))
    upstream.page("/tentang-kami", b"<html><body><a href=/>Beranda</a></body></html>")
    newsroom = open_(f'sitemap = "{upstream.url("/s.xml")}"')
    newsroom.look()
    newsroom.look(minutes=5)
    newsroom.look(hours=3)
    assert newsroom.titles() == ["Judul 1"]
    assert "/politik/read/2" not in upstream.paths()  # older than `since`


# ── WordPress ─────────────────────────────────────────────────────────────────────────────────────────


class Blog:
    """The posts route of a WordPress, as far as its documentation promises it."""

    def __init__(
        self, server: ScriptedServer, *, pretty: bool = True, most: int = 100, mark: bytes = b""
    ) -> None:
        self.posts: dict[int, dict[str, Any]] = {}
        self.server = server
        self.asked: list[dict[str, str]] = []
        self.pretty, self.most, self.mark = pretty, most, mark
        server.routes["*"] = self.answer

    def put(self, number: int, modified: datetime, **more: Any) -> None:
        stamp = modified.strftime("%Y-%m-%dT%H:%M:%S")
        local = (modified + timedelta(hours=7)).strftime("%Y-%m-%dT%H:%M:%S")
        self.posts[number] = {
            "id": number, "date": local, "date_gmt": "2025-12-18T11:00:00", "modified": local,
            "modified_gmt": stamp, "status": "publish", "link": self.server.url(f"/p/{number}/"),
            "guid": {"rendered": f"https://news.example/?p={number}"},
            "title": {"rendered": f"Judul &#8220;{number}&#8221;"},
            "content": {"rendered": f"<p>Isi {number}.</p>", "protected": False},
            "excerpt": {"rendered": "<p>Ringkas [&hellip;]</p>"},
            "_embedded": {
                "author": [{"name": "Hani Fatunnisa"}],
                "wp:term": [[{"taxonomy": "category", "name": "Politik &amp; Hukum", "slug": "politik"}],
                            [{"taxonomy": "post_tag", "name": "Gempa", "slug": "gempa"}]],
                "wp:featuredmedia": [{
                    "source_url": "https://news.example/a.jpg", "mime_type": "image/jpeg",
                    "caption": {"rendered": "<p>Keterangan</p>"},
                    "media_details": {"width": 5000, "height": 3000, "sizes": {
                        "large": {"source_url": "https://news.example/a-1024.jpg", "width": 1024,
                                  "height": 614, "mime_type": "image/jpeg"}}},
                }],
            },
            **more,
        }  # fmt: skip

    def answer(self, exchange: Exchange) -> None:
        parts = urlsplit(exchange.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        route = parts.path if self.pretty else query.pop("rest_route", "")
        if not route.endswith("/wp/v2/posts"):
            exchange.answer(404, b"{}", {"Content-Type": "application/json"})
            return
        self.asked.append(query)
        found = sorted(self.posts.values(), key=lambda post: (post["modified_gmt"], post["id"]))
        if "modified_after" in query:
            after = query["modified_after"].rstrip("Z")
            found = [post for post in found if post["modified_gmt"] > after]
        if "include" in query:
            wanted = {int(number) for number in query["include"].split(",")}
            found = [post for post in found if post["id"] in wanted]
        size, page = min(int(query["per_page"]), self.most), int(query.get("page", "1"))
        shown = found[(page - 1) * size : page * size]
        if page > 1 and not shown:
            exchange.answer(
                400, b'{"code":"rest_post_invalid_page_number"}', {"Content-Type": "application/json"}
            )
            return
        pages = str(-(-len(found) // size))
        exchange.answer(
            200,
            self.mark + json.dumps(shown).encode(),
            {"Content-Type": "application/json", "X-WP-TotalPages": pages},
        )


@pytest.mark.parametrize("pretty", [True, False])
def test_posts_with_all_that_they_have(
    upstream: ScriptedServer, open_: Open, clock: Clock, pretty: bool
) -> None:
    blog = Blog(upstream, pretty=pretty)
    blog.put(1, clock() - timedelta(hours=1))
    blog.put(2, clock(), content={"rendered": "", "protected": True})
    newsroom = open_(f'wordpress = "{upstream.url("/")}"')
    newsroom.look()
    (item,) = newsroom.items()
    assert item["title"] == "Judul “1”"
    assert item["id"] == "https://news.example/?p=1"
    assert item["content_html"] == "<p>Isi 1.</p>"
    assert item["summary"] == "Ringkas"
    assert item["date_published"].startswith("2025-12-18T11:00:00")
    assert item["authors"] == [{"name": "Hani Fatunnisa"}]
    assert {"Politik & Hukum", "Gempa"} <= set(item["tags"])
    assert item["image"] == "https://news.example/a-1024.jpg"


@pytest.mark.slow
def test_every_post_is_read_whatever_times_they_have(
    upstream: ScriptedServer, open_: Open, clock: Clock
) -> None:
    blog = Blog(upstream)
    at = clock() - timedelta(days=9)
    for number in range(1, 131):  # an import gave them all one time
        blog.put(number, at)
    for number in range(131, 261):
        blog.put(number, at + timedelta(minutes=number))
    newsroom = open_(f'wordpress = "{upstream.url("/")}"')
    newsroom.look()
    assert newsroom.ask("SELECT count(*) FROM article WHERE state = 'live'") == [260]


def test_a_site_that_gives_fewer_posts_a_page_and_marks_its_bytes(
    upstream: ScriptedServer, open_: Open, clock: Clock
) -> None:
    blog = Blog(upstream, most=10, mark=b"\xef\xbb\xbf\n")
    at = clock() - timedelta(hours=9)
    for number in range(1, 36):
        blog.put(number, at if number < 25 else at + timedelta(minutes=number))
    newsroom = open_(f'wordpress = "{upstream.url("/")}"')
    newsroom.look()
    assert newsroom.ask("SELECT count(*) FROM article WHERE state = 'live'") == [35]
    assert newsroom.ask("SELECT count(*) FROM membership WHERE backfill") == [70]  # the section, and `latest`
    newsroom.look(minutes=1)
    assert len(blog.asked) < 12
    del blog.posts[35]
    newsroom.look(minutes=11)
    assert newsroom.ask("SELECT count(*) FROM article WHERE state = 'live'") == [34]


def test_changed_deleted_and_closed_posts(upstream: ScriptedServer, open_: Open, clock: Clock) -> None:
    blog = Blog(upstream)
    for number in (1, 2, 3):
        blog.put(number, clock() - timedelta(hours=1))
    newsroom = open_(f'wordpress = "{upstream.url("/")}"')
    newsroom.look()
    clock.forward(minutes=1)
    blog.put(1, clock(), title={"rendered": "Judul baru"})
    blog.put(3, clock(), content={"rendered": "", "protected": True})
    del blog.posts[2]
    blog.asked.clear()
    newsroom.look(minutes=1)
    assert blog.asked[-1]["modified_after"] == "2025-12-18T10:50:00Z"
    newsroom.look(minutes=11)
    assert newsroom.titles() == ["Judul baru"]


def test_a_site_that_is_no_wordpress(upstream: ScriptedServer, open_: Open) -> None:
    upstream.routes["*"] = lambda exchange: exchange.answer(404, b"no")
    report = open_(f'wordpress = "{upstream.url("/")}"').look()
    assert report.code is Code.NOT_WORDPRESS
    assert len(upstream.paths()) == 2
