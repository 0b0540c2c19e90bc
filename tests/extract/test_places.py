"""Parts of a page: what names say in whole words, and what only structure tells."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from feedsvc.extract.outline import Outline, Part
from feedsvc.extract.places import Place, by_landmark, by_names, is_beside


@pytest.mark.parametrize(
    ("names", "place"),
    [
        ("c-related-posts__list", Place.RELATED),
        ("mostRead", Place.RELATED),
        ("kotak baca-juga", Place.RELATED),
        ("site-footer", Place.FOOTER),
        ("wp-caption-text", Place.CAPTION),
        ("comments-area", Place.COMMENTS),
        ("inline-newsletter", Place.PROMO),
        # words within other words, states and mentions of a place are no places
        ("relative md:relative", Place.NONE),
        ("jeg_pagination_disable", Place.NONE),
        ("date-comments-wrapper", Place.NONE),
        ("has-sidebar no-ads", Place.NONE),
        ("entry-footer", Place.NONE),
        ("tag-jakarta", Place.NONE),
        ("heading navy padding", Place.NONE),
    ],
)
def test_names_are_compared_in_whole_words(names: str, place: Place) -> None:
    assert by_names(names) == place


def test_an_element_and_its_role_say_what_it_is() -> None:
    assert by_landmark("aside") == Place.SIDE
    assert by_landmark("div", "navigation") == Place.MENU
    assert by_landmark("div") == Place.NONE


CARDS = "".join(
    f"<div><a href=/{n}>The {n} bridges of the old town are painted</a><span>{n} May 2026</span></div>"
    for n in range(3, 7)
)
TEXT = (
    "<p>" + "The mayor opened the bridge on Monday and walked over it with two hundred guests. " * 3 + "</p>"
)


def _part(page: str, selector: str) -> Part:
    tree = LexborHTMLParser(page)
    part = Outline(tree.body).of(tree.css(selector)[0])
    assert part is not None
    return part


def test_alike_neighbours_with_a_title_each_are_cards_whatever_they_are_called() -> None:
    assert _part(f"<div><h1>A</h1>{TEXT}<section>{CARDS}</section></div>", "section > div").is_card
    assert is_beside(_part(f"<div>{TEXT}<section>{CARDS}</section></div>", "section"))


def test_paragraphs_with_a_link_in_each_are_a_text() -> None:
    linked = TEXT.replace("The mayor", "<a href=/mayor>The mayor of the old river town</a>") * 4
    assert not is_beside(_part(f"<div><section>{linked}</section></div>", "section"))


def test_a_name_alone_makes_no_place_of_a_text() -> None:
    assert not is_beside(_part(f"<div><section class=sidebar>{TEXT}</section></div>", "section"))
    assert is_beside(_part(f"<div><section class=sidebar>{CARDS}</section></div>", "section"))


def test_the_foot_of_an_article_is_its_own() -> None:
    foot = "<footer><a href=/ann>Ann Lee</a>, 3 May 2026</footer>"
    assert not is_beside(_part(f"<article>{TEXT}{foot}</article>", "footer"))
    assert is_beside(_part(f"<div>{TEXT}{foot}</div>", "footer"))
