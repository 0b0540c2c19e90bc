"""`match` and `not` choose articles by address, title and category, whatever the kind of source."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.conftest import Clock
from tests.pipeline import Pipeline
from tests.servers import ScriptedServer
from tests.sources.newsroom import HEAD

#: (address, title, category)
STORIES = (
    ("/olahraga/1", "Timnas menang besar di kandang", "Sepak Bola"),
    ("/politik/2", "Anggaran daerah disahkan dewan", "Pemerintahan"),
    ("/politik/3", "Iklan: rumah murah di pinggir kota", "Bisnis"),
)
CHOICES = {
    "alamat": 'match = "/POLITIK/"',
    "judul": 'not = "iklan:"',
    "kategori": 'match = "sepak bola"',
    "keduanya": 'match = "/politik/", not = "bisnis"',
}
Make = Callable[[ScriptedServer, Path], str]


def feed(server: ScriptedServer, folder: Path) -> str:
    items = "".join(
        f"<item><title>{title}</title><link>{server.url(path)}</link><category>{category}</category></item>"
        for path, title, category in STORIES
    )
    body = f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>".encode()
    server.page("/feed", body, Content_Type="application/rss+xml")
    return f'feed = "{server.url("/feed")}", follow = false'


def sitemap(server: ScriptedServer, folder: Path) -> str:
    entries = "".join(
        f"<url><loc>{server.url(path)}</loc><n:news><n:publication_date>2025-12-18T18:00:00+07:00"
        f"</n:publication_date><n:title>{title}</n:title><n:keywords>{category}</n:keywords></n:news></url>"
        for path, title, category in STORIES
    )
    spaces = (
        'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
    )
    server.page("/map", f"<urlset {spaces}>{entries}</urlset>".encode(), Content_Type="text/xml")
    return f'sitemap = "{server.url("/map")}", follow = false'


def wordpress(server: ScriptedServer, folder: Path) -> str:
    posts = [
        {
            "id": number,
            "date_gmt": "2025-12-18T11:00:00",
            "modified_gmt": "2025-12-18T11:00:00",
            "status": "publish",
            "link": server.url(path),
            "guid": {"rendered": f"urn:post:{number}"},
            "title": {"rendered": title},
            "content": {"rendered": "<p>Isi.</p>"},
            "_embedded": {"wp:term": [[{"taxonomy": "category", "name": category, "slug": "x"}]]},
        }
        for number, (path, title, category) in enumerate(STORIES, 1)
    ]
    body = json.dumps(posts).encode()
    server.routes["*"] = lambda exchange: exchange.answer(200, body, {"Content-Type": "application/json"})
    return f'wordpress = "{server.url("/")}"'


def sql(server: ScriptedServer, folder: Path) -> str:
    engine = create_engine(f"sqlite:///{folder}/cms.db")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE b (id INTEGER PRIMARY KEY, judul TEXT, url TEXT, kanal TEXT)"))
        for number, (path, title, category) in enumerate(STORIES, 1):
            connection.execute(
                text("INSERT INTO b VALUES (:id, :judul, :url, :kanal)"),
                {"id": number, "judul": title, "url": server.url(path), "kanal": category},
            )
    engine.dispose()
    columns = 'id = "id", title = "judul", url = "url", section = "kanal"'
    return f'sql = "sqlite:///{folder}/cms.db", table = "b", map = {{ {columns} }}'


def files(server: ScriptedServer, folder: Path) -> str:
    place = folder / "berita"
    place.mkdir()
    records = [
        {"url": server.url(path), "title": title, "tags": [category]} for path, title, category in STORIES
    ]
    (place / "a.json").write_text(json.dumps(records))
    return f'files = "{place}"'


@pytest.mark.slow
@pytest.mark.parametrize("make", [feed, sitemap, wordpress, sql, files])
def test_by_address_title_and_category(
    make: Make, tmp_path: Path, upstream: ScriptedServer, clock: Clock
) -> None:
    source = make(upstream, tmp_path)
    sections = "".join(
        f'[[section]]\nslug = "{slug}"\nsources = [{{ {source}, {choice} }}]\n'
        for slug, choice in CHOICES.items()
    )
    file = tmp_path / "feedsvc.toml"
    file.write_text(HEAD.format(host=upstream.host, store=f"sqlite:///{tmp_path}/store.db") + sections)
    pipeline = Pipeline(file, f"sqlite:///{tmp_path}/store.db", clock)
    try:
        pipeline.settle()
        pipeline.forward(minutes=6)  # a file is read once nothing was written to it for a while
        found = {slug: {item["title"] for item in pipeline.items(slug)} for slug in CHOICES}
    finally:
        pipeline.close()
    sport, budget, advertisement = (title for _, title, _ in STORIES)
    assert found == {
        "alamat": {budget, advertisement},
        "judul": {sport, budget},
        "kategori": {sport},
        "keduanya": {budget},
    }
