"""The pages, over the wire: every part that the newsroom of the seed has."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

import pytest
from lxml import html

from feedsvc.demo import DESKS, INDONESIAN, DemoServer, Desk, Story
from feedsvc.demo.dateline import local_iso, utc_iso
from feedsvc.demo.desks import BY_SLUG, Metadata
from feedsvc.demo.pages import habit

from .conftest import Clock, Reader

STAMP = re.compile(r"(?:Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu), \d\d [A-Z][a-z]+ \d{4} \| \d\d:\d\d")
LINE = re.compile(r"KAMIS, 18 DESEMBER 2025 \| \d\d:\d\d WIB \| LAPORAN: [A-Z ]+")


def page(reader: Reader, path: str) -> html.HtmlElement:
    answer = reader.get(path)
    assert answer.status_code == 200, path
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return html.document_fromstring(answer.content.decode())


def texts(tree: html.HtmlElement, css_class: str) -> list[str]:
    return [node.text_content().strip() for node in tree.find_class(css_class)]


def metas(tree: html.HtmlElement) -> dict[str, str]:
    return {
        str(node.get("property") or node.get("name")): str(node.get("content")) for node in tree.iter("meta")
    }


def newest(server: DemoServer, clock: Clock, desk: Desk) -> Story:
    return server.newsroom.listing(clock.now, desk, count=1)[0]


def link(tree: html.HtmlElement, rel: str) -> str | None:
    found = [node for node in tree.iter("link") if node.get("rel") == rel]
    return str(found[0].get("href")) if found else None


@pytest.mark.parametrize("desk", INDONESIAN, ids=lambda desk: desk.slug)
def test_an_article_page_has_all_its_parts(
    reader: Reader, server: DemoServer, clock: Clock, desk: Desk
) -> None:
    story = newest(server, clock, desk)
    tree = page(reader, story.path)
    assert texts(tree, "kicker") == ["Berita"]
    assert texts(tree, "article-section") == [desk.title]
    assert texts(tree, "article-title") == [story.headline]
    (line,) = texts(tree, "article-date")
    assert LINE.fullmatch(line)
    assert line.endswith(story.reporter.upper())
    (caption,) = [node.text_content() for node in tree.iter("figcaption")]
    assert re.search(r"\(Foto: .+\)$|/Net$", caption)
    paragraphs = [node.text_content() for node in tree.find_class("article-body")[0].iter("p")]
    assert [text for text in paragraphs if not text.startswith("Baca juga")] == [*story.body]
    assert len(tree.find_class("share")) == 2


def test_the_boxes(reader: Reader, server: DemoServer, clock: Clock) -> None:
    for path in ("/", "/politik", "/indeks", newest(server, clock, BY_SLUG["dunia"]).path):
        tree = page(reader, path)
        popular, update = tree.find_class("box")
        assert [box.findtext(".//h4") for box in (popular, update)] == ["Populer", "UPDATE"]
        assert len(popular.findall(".//li")) == 7
        assert len(update.findall(".//li")) == 10
        assert all(STAMP.fullmatch(text) for text in texts(tree, "box-date"))
        assert texts(update, "more") == ["Selengkapnya"]
        links = [str(node.get("href")) for node in update.find_class("box-title")]
        assert links == [story.path for story in server.newsroom.listing(clock.now, count=10)]
        assert not any(address.startswith("/en/") for address in links)


def test_habits_of_real_pages_turn_up_and_stay(reader: Reader, server: DemoServer, clock: Clock) -> None:
    stories = server.newsroom.listing(clock.now, count=40)
    also = next(story for story in stories if habit(story).read_also_after)
    body = page(reader, also.path).find_class("article-body")[0]
    assert "Baca juga: " in body.text_content()
    box = next(story for story in stories if habit(story).box_after)
    related = page(reader, box.path).find_class("related")[0]
    assert related.text_content().strip().startswith("BERITA TERKAIT")
    assert len(related.findall(".//li")) == 3
    stray = next(story for story in stories if habit(story).stray_alt)
    last = page(reader, stray.path).find_class("article-body")[0]
    assert last.text_content().strip().endswith(stray.photo)
    for address in [str(node.get("href")) for node in related.iter("a")]:
        assert reader.get(address).status_code == 200


@pytest.mark.parametrize("desk", DESKS, ids=lambda desk: desk.slug)
def test_metadata_is_true_and_each_desk_has_its_habit(
    reader: Reader, server: DemoServer, clock: Clock, desk: Desk
) -> None:
    story = newest(server, clock, desk)
    tree = page(reader, story.path)
    known = metas(tree)
    scripts = [json.loads(node.text_content()) for node in tree.iter("script")]
    if desk.metadata is Metadata.NONE:
        assert not scripts
        assert link(tree, "canonical") is None
        assert not any(name.startswith(("og:", "article:")) for name in known)
        return
    spell = utc_iso if desk.metadata is Metadata.UTC else local_iso
    assert link(tree, "canonical") == known["og:url"] == server.url + story.path
    assert known["og:title"] == story.headline
    assert known["article:published_time"] == spell(story.published)
    if desk.metadata is Metadata.OPEN_GRAPH:
        assert not scripts
        return
    (data,) = scripts
    objects = data if isinstance(data, list) else data.get("@graph", [data])
    (article,) = [one for one in objects if one["@type"] == "NewsArticle"]
    assert (article["headline"], article["author"]["name"]) == (story.headline, story.reporter)
    assert article["datePublished"] == spell(story.published)


def test_hostile_words_stay_words(reader: Reader, server: DemoServer, clock: Clock) -> None:
    title = "</script><b>\"A\" & 'B'"
    own = server.edits.add("politik", title, (title,), at=clock.now)
    story = server.newsroom.story(own, clock.now)
    assert story is not None
    tree = page(reader, story.path)
    assert texts(tree, "article-title") == [title]
    assert json.loads(next(tree.iter("script")).text_content())["headline"] == title
    assert not tree.find_class("article-body")[0].findall(".//b")


@pytest.mark.parametrize("desk", DESKS, ids=lambda desk: desk.slug)
def test_section_pages_go_on_to_older_ones(reader: Reader, desk: Desk) -> None:
    tree = page(reader, desk.path)
    first = [str(node.get("href")) for node in tree.find_class("item-photo")]
    assert len(first) == 20
    following = link(tree, "next")
    assert following is not None
    assert following.endswith(f"{desk.path}?page=2")
    parts = urlsplit(following)
    tree = page(reader, f"{parts.path}?{parts.query}")
    second = [str(node.get("href")) for node in tree.find_class("item-photo")]
    assert not set(first) & set(second)
    assert "/" + desk.slug + "/read/" in second[0]
    assert any(node.get("rel") == "next" for node in tree.iter("a"))
    assert link(tree, "prev") is not None


def test_one_section_has_the_dirt_of_real_sites(reader: Reader) -> None:
    tree = page(reader, "/nusantara?page=2")
    assert link(tree, "canonical") == reader.url + "/", "a wrong canonical address"
    assert set(texts(tree, "item-date")) == {"Kamis, 18 Desember 2025"}, "a day without its time"
    tree = page(reader, "/politik?page=2")
    assert link(tree, "canonical") == reader.url + "/politik?page=2"
    assert all(STAMP.fullmatch(text) for text in texts(tree, "item-date"))


def test_the_home_page_leads_everywhere(reader: Reader, server: DemoServer, clock: Clock) -> None:
    tree = page(reader, "/")
    assert texts(tree, "hero-title") == [server.newsroom.listing(clock.now, count=1)[0].headline]
    assert [node.findtext(".//h3/a") for node in tree.find_class("block")] == [
        desk.title for desk in INDONESIAN
    ]
    feeds = [str(node.get("href")) for node in tree.iter("link") if node.get("type") == "application/rss+xml"]
    assert feeds == [f"{reader.url}/rss", *(reader.url + desk.feed for desk in DESKS)]
    for feed in feeds:
        assert reader.get(feed.removeprefix(reader.url)).status_code == 200


def test_the_english_desk_speaks_english(reader: Reader, server: DemoServer, clock: Clock) -> None:
    tree = page(reader, "/en/")
    assert tree.get("lang") == "en"
    assert [box.findtext(".//h4") for box in tree.find_class("box")] == ["Most Read", "Latest"]
    assert all("/en/read/" in str(node.get("href")) for node in tree.find_class("box-title"))
    story = newest(server, clock, BY_SLUG["en"])
    (line,) = texts(page(reader, story.path), "article-date")
    assert re.fullmatch(r"THURSDAY, 18 DECEMBER 2025 \| \d\d:\d\d WIB \| BY [A-Z ]+", line)


def test_page_numbers_that_do_not_exist(reader: Reader) -> None:
    assert reader.get("/politik?page=101").status_code == 404
    assert reader.get("/politik?page=100").status_code == 200
    assert reader.get("/politik?page=x&utm_source=y").content == reader.get("/politik").content
