"""A small news site whose editors do what a test tells them, read by the real pipeline."""

from __future__ import annotations

import gzip
import html
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree
from sqlalchemy import select

from feedsvc.editorial import Editorial
from feedsvc.store import schema as t
from feedsvc.store.engine import Database
from feedsvc.wiring.editorial import open_editorial
from tests.conftest import Clock
from tests.pipeline import NAMESPACE, Pipeline
from tests.servers import Exchange, ScriptedServer

ZONE = ZoneInfo("Asia/Jakarta")
WORDS = "pasar warga kapal sungai gedung jalan sekolah petani nelayan hujan kantor rapat jembatan".split()
ATOM = "{http://www.w3.org/2005/Atom}"
TOMB = "{http://purl.org/atompub/tombstones/1.0}"


def text(seed: str, paragraphs: int = 4) -> list[str]:
    """Paragraphs that no other seed gives."""
    return [
        " ".join(f"{WORDS[(n * 7 + len(seed) + row) % len(WORDS)]} {seed}{row}{n}" for n in range(24)) + "."
        for row in range(paragraphs)
    ]


@dataclass
class Story:
    """An article of the site, as its page shows it now."""

    path: str
    headline: str
    at: datetime
    body: list[str]
    canonical: str = ""
    image: str = ""
    extra: str = ""  #: further HTML within the body's element
    status: int = 200
    location: str = ""


@dataclass
class Site:
    """Pages, lists of them, and feeds."""

    server: ScriptedServer
    clock: Clock
    stories: dict[str, Story] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    feeds: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.server.routes["*"] = self._answer

    def publish(
        self, path: str, headline: str, *lists: str, at: datetime | None = None, **more: Any
    ) -> Story:
        """A new story at the top of some lists."""
        story = Story(
            path, headline, at or self.clock(), more.pop("body", None) or text(path.strip("/")), **more
        )
        self.stories[path] = story
        for name in lists:
            self.lists.setdefault(name, []).insert(0, path)
        return story

    def asked(self, path: str) -> list[Mapping[str, str]]:
        """The headers of every request for a path."""
        return [headers for _, found, headers in self.server.log if found == path]

    def _answer(self, exchange: Exchange) -> None:
        path = exchange.path
        if path in self.lists:
            self._page(exchange, self._list(self.lists[path]), "text/html; charset=utf-8")
        elif path in self.feeds:
            self._page(exchange, self._feed(self.feeds[path]), "application/rss+xml")
        elif path in self.stories:
            story = self.stories[path]
            if story.location:
                exchange.answer(301, b"", {"Location": self.server.url(story.location)})
            elif story.status != 200:
                exchange.answer(story.status, b"<h1>gone</h1>", {"Content-Type": "text/html"})
            else:
                self._page(exchange, self._article(story), "text/html; charset=utf-8")
        else:
            exchange.answer(404, b"<h1>not here</h1>", {"Content-Type": "text/html"})

    @staticmethod
    def _page(exchange: Exchange, body: str, kind: str) -> None:
        tag = f'"{hash(body) & 0xFFFFFFFF:x}"'
        if exchange.headers.get("if-none-match") == tag:
            exchange.answer(304, b"", {"ETag": tag}, length=False)
        else:
            exchange.answer(200, body.encode(), {"Content-Type": kind, "ETag": tag})

    def _list(self, paths: list[str]) -> str:
        cards = "".join(
            f'<li class="card"><a href="{path}"><h3>{html.escape(story.headline)}</h3></a>'
            f'<time datetime="{story.at.astimezone(ZONE).isoformat()}">{story.at:%H:%M}</time></li>'
            for path in paths
            for story in [self.stories[path]]
        )
        head = "<html><head><title>Berita</title></head>"
        return f"{head}<body><main><h1>Berita</h1><ul>{cards}</ul></main></body></html>"

    def _article(self, story: Story) -> str:
        data: dict[str, Any] = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": story.headline,
            "datePublished": story.at.astimezone(ZONE).isoformat(),
        }
        if story.image:
            data["image"] = self.server.url(story.image)
        canonical = self.server.url(story.canonical or story.path)
        paragraphs = "".join(f"<p>{html.escape(one)}</p>" for one in story.body)
        return (
            f'<html lang="id"><head><title>{html.escape(story.headline)}</title>'
            f'<link rel="canonical" href="{canonical}">'
            f'<script type="application/ld+json">{json.dumps(data)}</script></head>'
            f"<body><article><h1>{html.escape(story.headline)}</h1>{paragraphs}{story.extra}</article></body></html>"
        )

    @staticmethod
    def _feed(entries: list[dict[str, str]]) -> str:
        items = "".join(
            "<item>"
            + "".join(f"<{name}>{html.escape(value)}</{name}>" for name, value in one.items())
            + "</item>"
            for one in entries
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{items}</channel></rss>'


class House:
    """The site, feedsvc reading it, and what its editors use."""

    def __init__(
        self, folder: Path, clock: Clock, server: ScriptedServer, config: str, store_url: str
    ) -> None:
        self.site = Site(server, clock)
        self.clock = clock
        self.server = server
        file = folder / "feedsvc.toml"
        head = (
            f'[site]\ntitle = "Kabar"\nurl = "{server.url()}"\nlanguage = "id"\ntimezone = "Asia/Jakarta"\n'
            f'namespace = "{NAMESPACE}"\n[serve]\nbase_url = "https://feeds.example"\n'
            f'[fetch]\nown = ["{server.host}"]\n[store]\nurl = "{store_url}"\n'
        )
        file.write_text(head + config.replace("SITE", server.url().rstrip("/")))
        self.file, self.store_url = file, store_url
        self.pipeline = Pipeline(file, store_url, clock)
        self.database = Database(store_url)
        settings = self.pipeline.settings
        self.editorial: Editorial = open_editorial(store_url, settings.lists, settings.site, clock)

    def look(self, **span: float) -> None:
        """Time passes, everything that is due is looked at, what changed is published."""
        self.pipeline.forward(**(span or {"seconds": 70}))

    def items(self, slug: str = "berita") -> list[dict[str, Any]]:
        return self.pipeline.items(slug)

    def item(self, title: str, slug: str = "berita") -> dict[str, Any]:
        """The one entry with a title."""
        (found,) = [one for one in self.items(slug) if one["title"] == title]
        return found

    def titles(self, slug: str = "berita") -> list[str]:
        return [one["title"] for one in self.items(slug)]

    def document(self, path: str) -> bytes:
        """A feed as it is served."""
        rows = {row.path: row for row in self.pipeline.snapshots.since(0)}
        return gzip.decompress(rows[path].gzip)

    def tombstones(self, slug: str = "berita") -> list[str]:
        root = etree.fromstring(self.document(f"/feeds/{slug}.atom"))
        return [str(one.get("ref")) for one in root.iter(f"{TOMB}deleted-entry")]

    def rows(self, table: str, **where: object) -> list[dict[str, Any]]:
        columns = t.metadata.tables[table]
        with self.database.read() as connection:
            found = connection.execute(
                select(columns).where(*(columns.c[name] == value for name, value in where.items()))
            )
            return [dict(row._mapping) for row in found]

    def find(self, path: str) -> int:
        """The number of the article at a path."""
        return self.editorial.find(self.server.url(path))

    def close(self) -> None:
        self.pipeline.close()
        self.editorial.close()
        self.database.close()


PAGE = """
[[section]]
slug = "berita"
sources = [{ page = "SITE/berita", every = "60s" }]
"""


@contextmanager
def house(
    folder: Path,
    clock: Clock,
    server: ScriptedServer,
    config: str = PAGE,
    *,
    filled: int = 6,
    name: str = "store",
    lists: Mapping[str, list[str]] | None = None,
    feeds: Mapping[str, list[dict[str, str]]] | None = None,
    store_url: str = "",
) -> Iterator[House]:
    """A house with a list `/berita` of some stories, which was read once; its store is SQLite if not said."""
    found = House(folder, clock, server, config, store_url or f"sqlite:///{folder}/{name}.db")
    for n in range(filled):
        at = clock.moment.replace(microsecond=0)
        found.site.publish(f"/read/isi-{n}", f"Kabar pengisi nomor {WORDS[n]} dari daerah", "/berita", at=at)
        clock.forward(minutes=7)
    found.site.lists.update(lists or {})
    found.site.feeds.update(feeds or {})
    try:
        found.pipeline.settle()
        yield found
    finally:
        found.close()
