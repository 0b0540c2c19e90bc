"""The parts of the reader: people, languages, pauses, links between feeds."""

from __future__ import annotations

import pytest

from feedsvc.extract.feed import people
from feedsvc.extract.feed.adapt import language_tag
from feedsvc.extract.feed.mend import mend
from feedsvc.extract.feed.pictures import first_in
from tests.extract.feed.cases import read


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("ana@a.example (Ana Putri)", "Ana Putri"),
        ("Ana Putri <ana@a.example>", "Ana Putri"),
        ("Ana Putri (ana@a.example)", "Ana Putri"),
        ("ana@a.example", ""),
        ("<ana@a.example>", ""),
        ("mailto:ana@a.example", ""),
        ("  Ana  Putri ", "Ana Putri"),
        ("Ana &amp; Bima", "Ana & Bima"),
        ("Ana @ the desk", "Ana @ the desk"),
        ("https://a.example/ana", ""),
        ("( @" * 100, None),
        ("", ""),
    ],
)
def test_names_of_people(said: str, name: str | None) -> None:
    found = people.names([said])
    if name is not None:
        assert found == ((name,) if name else ())


@pytest.mark.parametrize(
    ("said", "tag"),
    [
        ("id", "id"),
        ("EN_us", "en-US"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("en-US, id", "en-US"),
        ("Bahasa Indonesia", ""),
        ("english", ""),
        ("", ""),
        ("x" * 100_000, ""),
    ],
)
def test_languages(said: str, tag: str) -> None:
    assert language_tag(said) == tag


@pytest.mark.parametrize(
    ("head", "seconds"),
    [
        ("<ttl>60</ttl>", 3_600),
        ("<ttl> 5 </ttl>", 300),
        ("<ttl>0</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>soon</ttl>", None),
        ("<ttl>999999999</ttl>", 31 * 86_400),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", 3_600),
        ("<sy:updatePeriod>Daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 21_600),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", 86_400),
        ("<sy:updatePeriod>never</sy:updatePeriod>", None),
        ("<ttl>10</ttl><sy:updatePeriod>yearly</sy:updatePeriod>", 600),
        ("", None),
    ],
)
def test_how_long_a_feed_asks_to_be_left_alone(head: str, seconds: int | None) -> None:
    space = "xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'"
    assert read(f"<rss {space}><channel>{head}</channel></rss>".encode()).ttl == seconds


def test_first_picture_of_a_text() -> None:
    text = (
        "<img src='data:image/png;base64,xx'><img height=1 src='/pixel.gif'><img alt='>' src=''>"
        "<IMG data-src='/lazy.jpg' src='/wait.gif' width='300px'>"
    )
    image = first_in(text, base="https://a.example/x")
    assert image is not None
    assert (image.url, image.width) == ("https://a.example/lazy.jpg", 300)
    assert first_in("<p>no picture</p>", base="https://a.example/") is None
    assert first_in("<img src='/1.gif' width=1>" * 10_000, base="https://a.example/") is None


def test_mending_leaves_alone_what_is_right() -> None:
    right = "<title>a &amp; b &#38; c &lt; d</title><!-- & < --><x><![CDATA[& <y> &nbsp;]]></x>"
    feed = f"<rss><channel>{right}</channel></rss>"
    mended, notes = mend(feed)
    assert mended == feed
    assert notes == ()


def test_mending_twice_changes_nothing_more() -> None:
    feed = (
        "x<rss><channel><title>a & b &nbsp; < c &zzz; \x01 &#0;</title><dc:date>x</dc:date></channel></rss>y"
    )
    mended, notes = mend(feed)
    assert mend(mended) == (mended, ())
    assert len(notes) == 4


def test_text_before_cdata_and_comments_stays_one_text() -> None:
    body = "<rss><channel><title>a<!-- x -->b<![CDATA[c&amp;]]><?pi x?>d</title></channel></rss>"
    assert read(body.encode()).title == "abc&d"


@pytest.mark.parametrize("relation", ["self", "SELF ", "hub"])
def test_relations_of_the_feed(relation: str) -> None:
    rss = f"<rss xmlns:a='http://www.w3.org/2005/Atom'><channel><a:link rel='{relation}' href='/x'/>"
    atom = f"<feed xmlns='http://www.w3.org/2005/Atom'><link rel='{relation}' href='/x'/></feed>"
    for feed in (f"{rss}</channel></rss>", atom):
        reading = read(feed.encode())
        assert (reading.hub if relation == "hub" else reading.topic) == "https://feeds.example/x"
