"""Names of articles as upstream feeds give them: repeated, changed, replayed, missing, respelled."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.collect.newsroom import House, house, text
from tests.conftest import Clock
from tests.servers import ScriptedServer

FEEDS = """
[[section]]
slug = "satu"
sources = [{ feed = "SITE/satu.xml", every = "60s", follow = false }]
[[section]]
slug = "dua"
sources = [{ feed = "SITE/dua.xml", every = "60s", follow = false }]
"""


@pytest.fixture
def room(tmp_path: Path, clock: Clock, upstream: ScriptedServer) -> Iterator[House]:
    feeds: dict[str, list[dict[str, str]]] = {"/satu.xml": [], "/dua.xml": []}
    with house(tmp_path, clock, upstream, FEEDS, filled=0, feeds=feeds) as found:
        yield found


def entry(room: House, path: str, title: str, guid: str = "", body: str = "") -> dict[str, str]:
    link = path if path.startswith("http") else room.server.url(path)
    made = {"title": title, "link": link, "pubDate": format_datetime(room.clock())}
    made["description"] = f"<p>{body or ' '.join(text(path.strip('/')))}</p>"
    return made | ({"guid": guid} if guid else {})


def test_two_items_with_one_guid_are_two_articles(room: House) -> None:
    room.site.feeds["/satu.xml"] = [
        entry(room, "/a", "Banjir melanda desa", "g1"),
        entry(room, "/b", "Pasar dibuka", "g1"),
    ]
    room.look()
    assert len({one["id"] for one in room.items("satu")}) == 2


def test_entries_with_one_link_are_as_many_articles_as_they_have_guids(room: House) -> None:
    """Podcasts link to their show, changelogs to a place in one page; all keep the link as it is given."""
    links = {
        "Versi satu": "/catatan#v1",
        "Versi dua": "/catatan#v2",
        "Acara pagi": "/acara",
        "Acara sore": "/acara",
    }
    entries = [entry(room, link, title, title, f"Tentang {title}.") for title, link in links.items()]
    room.site.feeds["/satu.xml"] = entries[1:]
    room.look()
    room.site.feeds["/satu.xml"] = entries
    room.look()
    found = {one["title"]: one["url"] for one in room.items("satu")}
    assert found == {title: room.server.url(link) for title, link in links.items()}
    assert all(
        one.get("date_modified", one["date_published"]) == one["date_published"] for one in room.items("satu")
    )


def test_a_guid_with_another_text_is_a_correction(room: House) -> None:
    room.site.feeds["/satu.xml"] = [entry(room, "/a", "Banjir melanda desa", "g1")]
    room.look()
    before = room.item("Banjir melanda desa", "satu")
    room.site.feeds["/satu.xml"] = [entry(room, "/a", "Banjir surut", "g1", "Air sudah surut.")]
    room.look()
    after = room.item("Banjir surut", "satu")
    assert (after["id"], after["date_published"]) == (before["id"], before["date_published"])
    assert len(room.items("satu")) == 1


def test_a_guid_that_changes_at_each_look_repeats_nothing(room: House) -> None:
    for n in range(4):
        room.site.feeds["/satu.xml"] = [entry(room, "/a", "Banjir melanda desa", f"guid-{n}", "Tetap.")]
        room.site.feeds["/satu.xml"][0]["pubDate"] = "Thu, 18 Dec 2025 11:00:00 +0000"
        room.look()
        (one,) = room.items("satu")
        assert "date_modified" not in one or one["date_modified"] == one["date_published"]


def test_spellings_of_one_address_are_one_article(room: House) -> None:
    base = room.server.url("/a?id=7&x=1")
    spellings = [
        base,
        f"{base}&utm_source=twitter&utm_medium=x",
        f"{base}&fbclid=abc",
        room.server.url("/a?x=1&id=7"),
        f"{base}#komentar",
        f"{base}&gclid=1",
    ]
    for link in spellings:
        room.site.feeds["/satu.xml"] = [entry(room, link, "Banjir melanda desa", body="Tetap.")]
        room.look()
    assert len(room.rows("article")) == 1
    assert len(room.items("satu")) == 1


def test_an_item_without_guid_and_link_harms_nothing(room: House) -> None:
    bare = {"title": "Tanpa alamat", "description": "x"}
    room.site.feeds["/satu.xml"] = [bare, entry(room, "/a", "Banjir melanda desa")]
    for _ in range(3):
        room.look()
    assert room.titles("satu").count("Banjir melanda desa") == 1
    assert room.titles("satu").count("Tanpa alamat") <= 1


def test_two_sources_with_one_article_make_one(room: House) -> None:
    for feed, guid in (("/satu.xml", "s-1"), ("/dua.xml", "d-1")):
        room.site.feeds[feed] = [entry(room, "/a", "Banjir melanda desa", guid)]
        room.look()
    (one,), (two,) = room.items("satu"), room.items("dua")
    assert one["id"] == two["id"]
    assert len(room.items("latest")) == 1


def test_a_guid_that_another_source_repeats_overwrites_nothing(room: House) -> None:
    room.site.feeds["/satu.xml"] = [entry(room, "/a", "Banjir melanda desa", "tag:news.example,2025:1")]
    room.look()
    before = room.item("Banjir melanda desa", "satu")
    room.site.feeds["/dua.xml"] = [entry(room, "/jahat", "Beli obat murah", "tag:news.example,2025:1")]
    room.look()
    assert room.item("Banjir melanda desa", "satu") == before
    other = room.item("Beli obat murah", "dua")
    assert other["id"] != before["id"]
    assert before["id"] == "tag:news.example,2025:1"


def test_an_item_that_goes_and_comes_back_is_the_same(room: House) -> None:
    one = entry(room, "/a", "Banjir melanda desa", "g1")
    room.site.feeds["/satu.xml"] = [one, entry(room, "/b", "Pasar dibuka", "g2")]
    room.look()
    before = room.item("Banjir melanda desa", "satu")
    room.site.feeds["/satu.xml"] = room.site.feeds["/satu.xml"][1:]
    room.look(hours=3)
    assert room.item("Banjir melanda desa", "satu") == before  # a section keeps what entered it
    room.site.feeds["/satu.xml"].insert(0, one)
    room.look(hours=3)
    assert room.item("Banjir melanda desa", "satu") == before
    assert len(room.rows("article")) == 2
