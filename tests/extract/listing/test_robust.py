"""Whatever stands in a page, reading it ends, with a reading or a ReadError."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from feedsvc.errors import Code, ReadError
from feedsvc.extract import listing
from feedsvc.model import PageReading
from tests.kinds import examples

URL = "https://news.example/section/"

_TAGS = "div p a ul li table tr td h1 h3 span b br img nav aside section time input i script".split()
_WORDS = [
    "Storm",
    "hits the",
    "northern coast",
    "12 March 2026",
    "3",
    "10:45",
    "更多",
    "เรือข้ามฟาก",
    "More",
    " ",
    "\n",
    "&lt;b&gt;",
]
_HREFS = [
    "/a/storm-hits-coast-1",
    "/b/2.html",
    "#",
    "javascript:x()",
    "http://[",
    "//other.example/x",
    "?page=2",
    "mailto:a@b",
]


@st.composite
def markup(draw: st.DrawFn) -> str:
    """Broken and unbroken HTML."""
    pieces = []
    for _ in range(draw(st.integers(0, 60))):
        tag = draw(st.sampled_from(_TAGS))
        attrs = f' href="{draw(st.sampled_from(_HREFS))}"' if tag == "a" else ""
        attrs += draw(
            st.sampled_from(["", ' class="card title"', ' id="main"', ' datetime="2026-03-12"', " class"])
        )
        pieces.append(f"<{tag}{attrs}>{draw(st.sampled_from(_WORDS))}")
        if draw(st.booleans()):
            pieces.append(f"</{draw(st.sampled_from(_TAGS))}>")
    return "".join(pieces)


def check(reading: PageReading) -> None:
    """What holds for every reading."""
    assert [found.role for found in reading.lists].count("main") <= 1
    if reading.main is not None:
        assert reading.lists[0] is reading.main
    for found in reading.lists:
        assert len(found.items) >= 2
        assert len({item.url for item in found.items}) == len(found.items)
        for item in found.items:
            assert item.url.startswith(("http://", "https://"))
            assert item.title.strip() == item.title
            assert item.title


@examples(150, suppress_health_check=[HealthCheck.too_slow])
@given(markup())
def test_any_markup_is_read(text: str) -> None:
    check(listing.read(text, url=URL))


@examples(100)
@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    check(listing.read(text, url=URL))


@pytest.mark.parametrize(
    "text", ["", "\x00\xff", "<html>", "hello", "<a href=x>", "<body>" * 50, "<table><a>"]
)
def test_what_is_hardly_a_page_has_no_list(text: str) -> None:
    assert listing.read(text, url=URL).main is None


def card(n: int) -> str:
    return (
        f"<div class=c><a href='/news/a-long-enough-headline-{n}.html'>A long enough headline {n}</a></div>"
    )


def test_a_page_of_too_many_links_ends() -> None:
    check(listing.read("".join(map(card, range(12_000))), url=URL))


def test_a_page_of_too_many_siblings_ends() -> None:
    main = listing.read("<p>x</p>" * 50_000 + "".join(map(card, range(20))), url=URL).main
    assert main is not None
    assert len(main.items) == 20


def test_lists_nested_too_deeply_end() -> None:
    check(listing.read("".join("<div>" + card(n) for n in range(1_900)), url=URL))


def test_one_link_of_very_many_pieces_ends() -> None:
    check(listing.read(f"<h2><a href='/a-b-c-d-1'>{'<span>1</span>' * 19_000}</a></h2>" * 3, url=URL))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<div>" * 200_000, Code.TOO_DEEP),
        ("<p>" + "word " * 1_000_100, Code.TOO_LARGE),
        ("<i></i>" * 260_000, Code.TOO_LARGE),
    ],
)
def test_what_is_no_news_page_is_refused(text: str, code: Code) -> None:
    with pytest.raises(ReadError) as raised:
        listing.read(text, url=URL)
    assert raised.value.code is code


def test_a_link_within_a_link_is_read() -> None:
    deep = "Storm<div>" * 15
    text = f'<a href="/a/storm-hits-coast-1">{deep}Storm<a href="/b/2.html">Storm<div>Storm'
    assert listing.read(text, url="https://news.example/").verdict in ("ok", "no-list")
