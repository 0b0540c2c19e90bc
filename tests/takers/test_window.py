"""What a taker's feed carries is exactly what it takes of all articles, in its window and its archives."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from feedsvc.serve.front import Front
from tests.asking import ask
from tests.filled import START, story
from tests.judges import ATOM, complaints
from tests.takers.room import BASE, NOW, Room, ask_built

TAKERS = """
[[taker]]
slug = "semua"
[[taker]]
slug = "dua-rubrik"
sections = ["s1", "s3"]
size = 20
[[taker]]
slug = "tanpa"
not_sections = ["s0"]
not_tags = ["Tag-3", "TAG 7"]
size = 30
[[taker]]
slug = "satu-tag"
tags = ["tag 5"]
size = 10
[[taker]]
slug = "baru"
hours = 12
[[taker]]
slug = "lacak"
guid = "link"
tracking = "utm_source=mitra&utm_medium=feed"
content = "none"
footer = "Pertama terbit di {site}: {article}"
"""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    made = Room(tmp_path_factory.mktemp("takers"), TAKERS)
    made.publish()
    yield made
    made.close()


@pytest.fixture(scope="module")
def front(room: Room) -> Front:
    return room.front()


def section(number: int) -> int:
    return number % 4


def numbers(room: Room, wanted: Any) -> list[int]:
    """The articles that a rule wants, newest first: the rule of the feed, told once more."""
    return [number for number in range(room.filled.articles, 0, -1) if wanted(number)]


def walk(front: Front, path: str) -> tuple[list[str], list[str]]:
    """The ids of the feed, and those of the feed with all its archives."""
    here: list[str] = []
    every: list[str] = []
    address = path
    while address:
        answer = ask_built(front, address)
        assert answer.status == 200, address
        assert not complaints(answer.body), address
        root = etree.fromstring(answer.body)
        ids = [entry.findtext(f"{ATOM}id") or "" for entry in root.iter(f"{ATOM}entry")]
        here = here or ids
        every += ids
        links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
        address = (links.get("prev-archive") or "").removeprefix(BASE)
    return here, every


@pytest.mark.parametrize(
    ("slug", "size", "wanted"),
    [
        ("semua", 50, lambda n: True),
        ("dua-rubrik", 20, lambda n: section(n) in (1, 3)),
        ("tanpa", 30, lambda n: section(n) != 0 and n % 20 not in (3, 7)),
        ("satu-tag", 10, lambda n: n % 20 == 5),
    ],
)
def test_window_and_archives_hold_what_is_taken(
    room: Room, front: Front, slug: str, size: int, wanted: Any
) -> None:
    expected = [f"https://news.example/?p={number}" for number in numbers(room, wanted)]
    here, every = walk(front, f"/feeds/for/{slug}.atom")
    assert here[:size] == expected[:size]
    assert set(here) <= set(expected)
    assert sorted(set(every)) == sorted(expected)


def test_a_feed_of_hours_has_what_is_young_and_no_archive(room: Room, front: Front) -> None:
    # the store's articles are a second apart, from START on
    young = [
        n for n in numbers(room, lambda n: True) if START + timedelta(seconds=n) >= NOW - timedelta(hours=12)
    ]
    here, every = walk(front, "/feeds/for/baru.atom")
    assert here == every == [f"https://news.example/?p={number}" for number in young]
    assert ask(front, "/feeds/for/baru/archive/1.atom").status == 404


def test_an_article_has_one_id_wherever_it_stands(front: Front) -> None:
    ids = [
        {item["url"].partition("?")[0]: item["id"] for item in json.loads(ask(front, path).body)["items"]}
        for path in ("/feeds/latest.json", "/feeds/for/semua.json")
    ]
    assert ids[0] == ids[1]


def test_a_taker_may_want_addresses_as_ids_and_parameters_on_links(front: Front) -> None:
    assert not complaints(ask(front, "/feeds/for/lacak.rss").body)
    root = etree.fromstring(ask(front, "/feeds/for/lacak.rss").body)
    for item in root.iter("item"):
        guid, link = item.find("guid"), item.findtext("link") or ""
        assert guid is not None
        assert guid.get("isPermaLink") == "true"
        assert link == f"{guid.text}?utm_source=mitra&utm_medium=feed"
        assert item.find("description") is None
    feed = json.loads(ask(front, "/feeds/for/lacak.json").body)
    assert "?" not in feed["items"][0]["id"]
    assert feed["items"][0]["url"].endswith("utm_medium=feed")


def test_takers_stand_in_no_page_list_or_export(room: Room, front: Front, tmp_path: Path) -> None:
    from feedsvc.wiring.commands import export

    for path in ("/", "/feeds.opml", "/feeds-catalogue.json", "/robots.txt", "/news-sitemap.xml"):
        body = ask(front, path).body
        assert b"/feeds/for/" not in body, path
        assert b"dua-rubrik" not in body, path
    export(room.settings, tmp_path / "out")
    assert not list((tmp_path / "out").rglob("for/*"))
    assert b"/feeds/for/" not in (tmp_path / "out/.nginx/http.conf").read_bytes()


def test_options_of_the_address_do_not_change_what_a_taker_gets(front: Front) -> None:
    plain = ask(front, "/feeds/for/semua.rss")
    assert ask(front, "/feeds/for/semua.rss?limit=1").body == plain.body


def test_an_open_feed_names_the_hub(front: Front) -> None:
    link = ask(front, "/feeds/for/semua.rss").headers["Link"]
    assert f'<{BASE}/websub>; rel="hub"' in link


def test_news_of_a_section_comes_to_its_takers_alone(tmp_path: Path) -> None:
    room = Room(tmp_path, TAKERS, articles=40)
    try:
        room.publish()
        room.publish(30)
        before = room.front()
        tags = {
            slug: ask(before, f"/feeds/for/{slug}.rss").headers["ETag"] for slug in ("semua", "dua-rubrik")
        }
        room.filled.add(4, room.clock.forward(seconds=5), backfill=False)  # 41 … 44, one for each section
        room.publish()
        after = room.front()
        assert all(ask(after, f"/feeds/for/{slug}.rss").headers["ETag"] != tag for slug, tag in tags.items())
        new = {f"https://news.example/?p={number}" for number in (41, 43)}
        here, _ = walk(after, "/feeds/for/dua-rubrik.atom")
        assert set(here[:2]) == new
        assert "https://news.example/?p=42" not in here
    finally:
        room.close()


def test_a_feed_ends_after_its_last_day_where_the_newsroom_is(tmp_path: Path) -> None:
    # NOW is 19:00 in Jakarta
    room = Room(tmp_path, '[[taker]]\nslug = "uji"\nuntil = 2026-01-02\n', articles=120)
    try:
        room.publish()
        assert ask(room.front(), "/feeds/for/uji.rss").status == 200
        assert ask_built(room.front(), "/feeds/for/uji/archive/1.rss").status == 200
        room.publish(5 * 3600 + 700)
        assert ask(room.front(), "/feeds/for/uji.rss").status == 410
        assert ask(room.front(), "/feeds/for/uji/archive/1.rss").status == 410
    finally:
        room.close()


def test_a_taker_that_left_the_configuration_is_served_no_longer(tmp_path: Path) -> None:
    room = Room(tmp_path, '[[taker]]\nslug = "dulu"\n', articles=30)
    try:
        room.publish()
        room.configure("")
        room.publish()
        assert ask(room.front(), "/feeds/for/dulu.rss").status == 404
    finally:
        room.close()


def test_the_titles_of_the_made_up_articles_are_told_apart(room: Room) -> None:
    assert story(1).title != story(2).title  # else the tests above compare nothing
