"""What readers find at the address of a section that was renamed or removed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import update

from feedsvc.config import load
from feedsvc.model import ListSpec
from feedsvc.serve.answers import with_query
from feedsvc.serve.front import Front
from feedsvc.store import schema as t
from tests.asking import ask
from tests.fronts import front_of
from tests.publish.test_archives import BASE, Newsroom


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    room = Newsroom(tmp_path, articles=230)
    yield room
    room.filled.database.close()


def served(newsroom: Newsroom, folder: Path, config: str) -> Front:
    """The service with another configuration of its sections."""
    file = folder / "feedsvc.toml"
    file.write_text(
        '[site]\ntitle = "Contoh"\nurl = "https://news.example/"\nlanguage = "id"\n'
        'namespace = "6b2b5a0e-6c1d-4a41-9d54-6f2a6f6c9a11"\n'
        f'[serve]\nbase_url = "{BASE}"\n[store]\nurl = "{newsroom.filled.url}"\n{config}'
    )
    return front_of(load(file, {}))


def renamed(spec: ListSpec) -> ListSpec:
    return replace(spec, slug="nasional", was=("s0",)) if spec.slug == "s0" else spec


def test_a_former_slug_leads_on_with_query_and_archive(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.publisher.stop()
    newsroom.filled.lists = tuple(renamed(spec) for spec in newsroom.filled.lists)
    newsroom.publisher = newsroom.filled.publisher(lambda number: None, newsroom.clock)
    newsroom.publish()
    config = '[[section]]\nslug = "nasional"\nwas = ["s0"]\nsources = [{ page = "https://news.example/" }]\n'
    front = served(newsroom, tmp_path, config)
    for old, new in (
        ("/feeds/s0.rss?limit=1", "/feeds/nasional.rss?limit=1"),
        ("/feeds/s0/archive/1.atom", "/feeds/nasional/archive/1.atom"),
        ("/embed/s0?limit=3", "/embed/nasional?limit=3"),
        ("/embed/s0/fragment?limit=3", "/embed/nasional/fragment?limit=3"),
    ):
        answer = ask(front, old)
        assert (answer.status, answer.headers["Location"]) == (301, f"{BASE}{new}")
        assert ask(front, new).status == 200, new
    found = ask(front, "/feeds/search.json?section=s0")
    assert found.status == 200
    assert len(json.loads(found.body)["items"]) > 0
    port = 443 if BASE.startswith("https:") else 80
    for url in (
        f"{BASE}/feeds/s0",
        f"{BASE}:{port}/feeds/s0",
        f"{BASE}/feeds/%73%30",
        f"{BASE.upper()}/feeds/s0",
        f"{BASE}/feeds/s0/",
        f"{BASE}/embed/s0/",
    ):
        assert ask(front, f"/oembed?url={quote(url)}").status == 200
    assert ask(front, f"/oembed?maxwidth=&url={quote(BASE)}/feeds/s0").status == 200
    assert ask(front, f"/oembed?maxwidth=0&url={quote(BASE)}/feeds/s0").status == 400
    for url in (
        f"{BASE}:81/feeds/s0",
        f"{BASE}/feeds/s0//",
        f"{BASE}.example/feeds/s0",
        f"{BASE}/feeds/%2e%2e/s0",
    ):
        assert ask(front, f"/oembed?url={quote(url)}").status == 404
    allowed = ask(front, "/oembed", "OPTIONS")
    assert (allowed.status, allowed.headers["Access-Control-Allow-Origin"]) == (204, "*")


def test_what_a_query_brings_cannot_break_the_header() -> None:
    assert with_query("/a", 'q=x\r\nSet-Cookie: a=b"<') == "/a?q=x%0D%0ASet-Cookie:%20a=b%22%3C"


def test_the_archives_of_a_removed_section_stay_as_long_as_its_feed(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    with newsroom.filled.database.write() as connection:
        removed = update(t.listing).where(t.listing.c.key == "s0")
        connection.execute(removed.values(removed_at=newsroom.clock()))
    config = '[[section]]\nslug = "lain"\nsources = [{ page = "https://news.example/lain" }]\n'
    front = served(newsroom, tmp_path, config)
    assert ask(front, "/feeds/s0.rss").status == 200
    assert ask(front, "/feeds/s0/archive/1.rss").status == 200
    assert ask(front, "/feeds/s0/archive/9.rss").status == 404
    assert ask(front, "/feeds/nie/archive/1.rss").status == 404
