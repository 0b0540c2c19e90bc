# ruff: noqa: E501 - markup reads better whole
"""What stands amid, before and beside the cards of a list, and pages that are one of what they list."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedsvc.extract import listing
from tests.extract.listing.test_parts import HEADS, read, slug, titles

TIMES = [f"{hours} hours ago" for hours in range(1, 6)]


def card(head: str, kicker: str = "", time: str = "2 hours ago") -> str:
    return (
        f'<div class=card><a href="/2026/03/13/{slug(head)}"><img src=/a.jpg>'
        f"<h4 class=card-title>{kicker}{head}</h4></a><small>{time}</small></div>"
    )


@pytest.mark.parametrize("extra", ["card promo", "card card--wide", "card"])
def test_a_promotion_amid_the_cards_does_not_part_the_list(extra: str) -> None:
    promo = f'<div class="{extra}"><a href=/subscribe><h4 class=card-title>Subscribe for a morning letter</h4></a></div>'
    cards = [card(head, time=time) for head, time in zip(HEADS, TIMES, strict=True)]
    assert titles("".join([*cards[:3], promo, *cards[3:]])) == HEADS


def test_an_unlinked_heading_amid_the_cards_parts_the_list() -> None:
    cards = [card(head) for head in HEADS * 2]
    for n in range(5, 10):
        cards[n] = cards[n].replace("/13/", "/12/").replace("Harbour", "Port")
    reading = read("".join([*cards[:5], "<div class=row><h2>More from the islands</h2></div>", *cards[5:]]))
    assert "More from the islands" in {found.heading for found in reading.lists}


@pytest.mark.parametrize("names", [("teaser__kicker", "teaser__headline"), ("k1", "k2")])
def test_a_kicker_in_the_heading_is_no_part_of_the_title(names: tuple[str, str]) -> None:
    heads = [f"<span class={names[1]}>{head}</span>" for head in HEADS]
    kicker = f"<span class={names[0]}>County</span>"
    found = titles(
        "".join(card(head, kicker).replace(slug(head), str(n) * 5) for n, head in enumerate(heads))
    )
    if names[0] == "teaser__kicker":
        assert found == HEADS
    else:  # nothing tells that it is one, but nothing may be lost either
        assert all(head in title for head, title in zip(HEADS, found, strict=True))


def test_short_numbers_below_a_name_are_articles() -> None:
    rows = "".join(
        f"<tr><td>{13 - n}.03.2026 - 14:00</td><td><a href=/node/{550 + n}>{head}</a></td></tr>"
        for n, head in enumerate(HEADS)
    )
    pager = "".join(f"<a href=/news?page={n}>{n + 1}</a>" for n in (1, 2))
    reading = read(f"<table>{rows}</table>{pager}")
    assert reading.main is not None
    assert [item.title for item in reading.main.items] == HEADS
    assert list(reading.older) == ["https://news.example/news?page=1", "https://news.example/news?page=2"]


def test_offsets_below_a_section_are_pages() -> None:
    pager = "".join(f"<a href=/politics/{10 * n}>{n + 1}</a>" for n in (1, 2, 3))
    reading = read("".join(map(card, HEADS)) + pager, url="https://news.example/politics")
    assert list(reading.older) == [f"https://news.example/politics/{10 * n}" for n in (1, 2, 3)]


STORY = "".join(
    f"<br><br>The council met for the {nth} time and heard from the people of the eastern shore at length."
    for nth in ("first", "second", "third", "fourth", "fifth", "sixth")
)


def old_page(story: str) -> str:
    related = "".join(
        f'<tr><td><a href="show.php?id={500 + n}">{head}</a></td></tr>' for n, head in enumerate(HEADS)
    )
    return f"<table><tr><td><a href=/>Home</a></td><td><b>Council keeps the old ferry</b>{story}</td><td><b>Other news</b><table>{related}</table></td></tr></table>"


def test_a_page_that_declares_nothing_and_whose_address_is_like_those_it_names_is_an_article() -> None:
    assert read(old_page(STORY), url="https://news.example/show.php?id=512").verdict == "article"


@pytest.mark.parametrize("url", ["https://news.example/show.php", "https://news.example/index.php?page=2"])
def test_an_address_of_another_kind_does_not_make_it_one(url: str) -> None:
    assert read(old_page(STORY), url=url).verdict != "article"


def test_without_a_story_it_is_a_list() -> None:
    assert read(old_page(""), url="https://news.example/show.php?id=512").verdict != "article"


HEADLINES = [
    f"{who} {what} in {where}"
    for where in ("Harbour Town", "the old quarter", "Ferry Valley")
    for who, what in (
        ("Council", "agrees on a new bridge for cyclists"),
        ("Bakers", "reopen the market hall after repairs"),
        ("Pupils", "plant two hundred oak trees by hand"),
        ("Fishermen", "find a clock from the last century"),
        ("Doctors", "warn of a long season of influenza"),
        ("Players", "win the final after extra time again"),
        ("Judges", "stop the plan for a third quarry"),
        ("Trains", "run every ten minutes from the spring"),
    )
]


@pytest.mark.parametrize(
    ("name", "below"),
    [
        ("owl-carousel", ""),
        ("slider-top", ""),
        ("x7f", "<p><a href='?page=2'>2</a> <a href='?page=3'>3</a></p>"),
    ],
    ids=["carousel", "slider", "unnamed, with pages"],
)
def test_a_slider_of_rich_cards_is_not_the_list_below_it(name: str, below: str) -> None:
    def address(number: int) -> str:
        slug = "-".join(HEADLINES[number].lower().split())
        return f"https://post.example/read/{9000 + number}/{slug}.html"

    cards = "".join(
        f"<div class=card><a href={address(n)}><img src=/{n}.jpg></a><h2><a href={address(n)}>{HEADLINES[n]}</a></h2>"
        "<span>3 Jan 2024</span></div>"
        for n in range(6)
    )
    rows = "".join(f"<div class=row><a href={address(n)}>{HEADLINES[n]}</a></div>" for n in range(6, 24))
    page = f"<html lang=en><body><div class={name}>{cards}</div><div class=list>{rows}</div>{below}</body></html>"
    main = listing.read(page, url="https://post.example/local", now=datetime(2024, 1, 4, tzinfo=UTC)).main
    assert main is not None
    assert [item.title for item in main.items] == HEADLINES[6:]
