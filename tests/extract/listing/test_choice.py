"""The selectors of the configuration, and boxes by their headings."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedsvc.errors import Code, ReadError
from feedsvc.extract import listing
from feedsvc.model import FoundList, Headline, PageReading

URL = "https://news.example/"
NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
PAGE = """
<html lang="en"><base href="https://cdn.example/x/"><div class=card><a class=k href=/politics>Politics</a>
<h3><a href="/1?utm_source=x">Ferry &amp; tram<b>lines</b></a></h3>
<time datetime="2026-03-12T10:00:00Z">x</time>
<p>It was a long night.</p><img data-src="/a.jpg"></div>
<div class=card><h3><a href=/2>Oak trees</a></h3><span class=date>12 March 2026, 08:15</span></div>
<div class=card><h3>No link here</h3></div><div class=card><h3><a href=/2>Oak trees again</a></h3></div>
<div class=card><a href=/3><img src="/c.jpg" alt=""></a><h3>Beavers</h3></div>
"""


def test_selectors_choose_cards_and_their_parts() -> None:
    select = {
        "item": ".card",
        "link": "h3 a",
        "title": "h3",
        "time": "time, .date",
        "image": "img",
        "summary": "p",
    }
    one, two = listing.select_items(PAGE, url=URL, select=select, now=NOW)
    assert (one.url, one.title) == ("https://cdn.example/1", "Ferry & tramlines")
    assert one.published is not None
    assert one.published.at == datetime(2026, 3, 12, 10, tzinfo=UTC)
    assert (one.summary, one.image) == ("It was a long night.", "https://cdn.example/a.jpg")
    assert two.title == "Oak trees"
    assert two.published is not None
    assert (two.summary, two.image) == ("", "")


def test_only_the_cards_need_a_selector() -> None:
    found = listing.select_items(PAGE, url=URL, select={"item": ".card:nth-child(n+2)"}, now=NOW)
    assert [item.title for item in found] == ["Oak trees", "Beavers"]


def test_a_card_may_be_the_link() -> None:
    found = listing.select_items(
        "<a class=x href=/1>One two</a><a class=x>no</a>", url=URL, select={"item": "a.x"}
    )
    assert [(item.url, item.title) for item in found] == [("https://news.example/1", "One two")]


@pytest.mark.parametrize(
    ("select", "said"),
    [
        ({"item": "div["}, "div["),
        ({"item": ".card", "title": ":::"}, "select.title"),
        ({"item": ".card", "titel": "h3"}, "'titel'"),
        ({"title": "h3"}, "`item`"),
    ],
)
def test_a_bad_selector_is_named(select: dict[str, str], said: str) -> None:
    with pytest.raises(ReadError) as raised:
        listing.select_items(PAGE, url=URL, select=select)
    assert raised.value.code is Code.CONFIG
    assert said in raised.value.message


def reading(*headings: str) -> PageReading:
    items = (Headline(url="https://news.example/1", title="One"),)
    return PageReading(
        url=URL, lists=tuple(FoundList(role="box", heading=heading, items=items) for heading in headings)
    )


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Populer", "TERPOPULER:  Populer"),
        ("update", "UPDATE"),
        (" most  read ", "Most-read!"),
        ("meist", "Meistgelesen"),
        ("últimas", "Ultimas noticias"),
    ],
)
def test_a_box_is_found_whatever_its_case_and_signs(asked: str, found: str) -> None:
    page = reading("UPDATE", "Most-read!", "Meistgelesen", "Ultimas noticias", "Updates from the region")
    box = listing.find_box(page, asked)
    assert (box.heading if box else None) == (None if found.startswith("TER") else found)


def test_two_boxes_that_begin_alike_are_not_guessed_at() -> None:
    assert listing.find_box(reading("More news", "More sport"), "more") is None
    assert listing.find_box(reading("More news"), "") is None
