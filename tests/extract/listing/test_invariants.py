"""What must not change what is read: another day's news, adverts, wrappers, copies."""

from __future__ import annotations

import re

import pytest

from tests.extract.listing.site import answer_of, html_of, read

LISTS = ["wordpress", "section-sidebar", "css-in-js", "hero-river", "portal-id", "home-blocks", "chinese"]


def main_urls(text: str, name: str) -> list[str]:
    main = read(text, answer_of(name)).main
    assert main is not None
    return [item.url for item in main.items]


@pytest.mark.parametrize("name", LISTS)
def test_another_days_titles_give_the_same_list(name: str) -> None:
    text = html_of(name)
    other = re.sub(r"\bthe\b", "their", text).replace("council", "committee").replace("bank", "office")
    assert len(main_urls(other, name)) == len(main_urls(text, name))


@pytest.mark.parametrize("name", LISTS)
def test_a_wrapper_around_the_page_changes_nothing(name: str) -> None:
    text = html_of(name)
    wrapped = text.replace("<body>", "<body><div class='has-sidebar'><div><div>", 1)
    wrapped = wrapped.replace("</body>", "</div></div></div></body>", 1)
    assert main_urls(wrapped, name) == main_urls(text, name)


@pytest.mark.parametrize("name", ["wordpress", "css-in-js", "section-sidebar"])
def test_an_advert_amid_the_list_changes_nothing(name: str) -> None:
    text = html_of(name)
    card = {
        "wordpress": "<article ",
        "css-in-js": '<div class="sc-1ab',
        "section-sidebar": '<div class="media">',
    }
    advert = "<div class='promo'><span>Advertisement</span><img src='/ad.jpg'></div>"
    parts = text.split(card[name])
    spoiled = card[name].join(parts[:4]) + advert + card[name] + card[name].join(parts[4:])
    assert main_urls(spoiled, name) == main_urls(text, name)


def test_cards_in_another_order_give_the_same_list_in_that_order() -> None:
    text = html_of("wordpress")
    cards = re.findall(r"<article .*?</article>\n", text, re.S)
    turned = text.replace("".join(cards), "".join(reversed(cards)))
    assert main_urls(turned, "wordpress") == list(reversed(main_urls(text, "wordpress")))


def test_a_hidden_copy_for_phones_comes_once() -> None:
    text = html_of("section-sidebar")
    match = re.search(r'<div class="col-md-4">.*?</div></div></div>', text, re.S)
    assert match is not None
    twice = text.replace(match[0], f"{match[0][:-6]}</div>{match[0]}", 1)
    headings = [found.heading for found in read(twice, answer_of("section-sidebar")).lists]
    assert headings.count("News from all over") == 1


def test_the_second_page_has_the_shape_of_the_first() -> None:
    text = html_of("portal-id")
    second = re.sub(r"/(61|51|71)(\d\d)/", r"/\g<1>9\2/", text).replace("Maret", "Februari")
    one, two = read(text, answer_of("portal-id")), read(second, answer_of("portal-id"))
    assert [(f.role, f.heading, len(f.items)) for f in one.lists] == [
        (f.role, f.heading, len(f.items)) for f in two.lists
    ]
