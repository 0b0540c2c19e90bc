"""RSS, news sitemap and robots.txt, read back by other people's parsers."""

from __future__ import annotations

from calendar import timegm
from datetime import UTC, datetime

import feedparser
import pytest
from lxml import etree
from protego import Protego

from feedsvc.demo import DESKS, DemoServer, Desk

from .conftest import Clock, Reader

NEWS = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
}


@pytest.mark.parametrize("desk", DESKS, ids=lambda desk: desk.slug)
def test_a_section_feed_says_what_the_newsroom_says(
    reader: Reader, server: DemoServer, clock: Clock, desk: Desk
) -> None:
    answer = reader.get(desk.feed)
    assert answer.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    feed = feedparser.parse(answer.content)
    assert not feed.bozo
    stories = server.newsroom.listing(clock.now, desk, count=30)
    assert len(feed.entries) == 30
    for entry, story in zip(feed.entries, stories, strict=True):
        assert (entry.id, entry.title, entry.summary) == (story.guid, story.headline, story.lead)
        assert entry.link == reader.url + story.path
        assert datetime.fromtimestamp(timegm(entry.published_parsed), UTC) == story.published
        assert entry.author == story.reporter
        assert not entry.guidislink
        assert entry.content[0].value.startswith("<p>") == desk.full_feed  # else: the media:description
        assert entry.media_content[0]["url"] == reader.url + story.picture


def test_the_feed_of_everything_is_indonesian(reader: Reader) -> None:
    feed = feedparser.parse(reader.get("/rss").content)
    assert not feed.bozo
    assert len(feed.entries) == 50
    assert all(entry.id.startswith("km-") for entry in feed.entries)


def test_a_correction_and_an_own_story_reach_the_feed(
    reader: Reader, server: DemoServer, clock: Clock
) -> None:
    story = server.newsroom.listing(clock.now, start=3, count=1)[0]
    server.edits.rewrite(story.id, at=clock.now, headline="Judul <b>&</b> Ralat", body=("Satu.", "Dua."))
    entry = next(e for e in feedparser.parse(reader.get("/rss").content).entries if e.id == story.guid)
    assert (entry.title, entry.summary) == ("Judul <b>&</b> Ralat", "Satu.")


def test_the_sitemap_parses(reader: Reader, server: DemoServer, clock: Clock) -> None:
    tree = etree.fromstring(reader.get("/news-sitemap.xml").content)
    addresses = tree.xpath("//s:url/s:loc/text()", namespaces=NEWS)
    stories = server.newsroom.listing(clock.now, *DESKS, count=500)
    assert addresses == [reader.url + story.path for story in stories]
    assert tree.xpath("//n:title/text()", namespaces=NEWS) == [story.headline for story in stories]
    dates = tree.xpath("//n:publication_date/text()", namespaces=NEWS)
    assert isinstance(dates, list)
    assert [datetime.fromisoformat(str(date)) for date in dates] == [story.published for story in stories]
    assert set(tree.xpath("//n:language/text()", namespaces=NEWS)) == {"id", "en"}  # type: ignore[arg-type]


def test_robots_txt_lets_readers_in_and_names_the_sitemap(reader: Reader) -> None:
    rules = Protego.parse(reader.get("/robots.txt").text)
    assert rules.can_fetch(f"{reader.url}/politik", "feedsvc")
    assert list(rules.sitemaps) == [f"{reader.url}/news-sitemap.xml"]
