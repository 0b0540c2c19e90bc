"""The same entries in many markups and surroundings: means over pages that are drawn by chance."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

import pytest

from feedsvc import urls
from feedsvc.extract import listing
from tests.extract.listing import combos, furniture, markups, pens
from tests.extract.listing.layouts import NOW, TONGUES


def judged(seed: int) -> tuple[float, float, float | None]:
    """F1 of the page's list, and the shares of right titles and days among what it should hold."""
    drawn = combos.page(seed)
    reading = listing.read(drawn.html, url=drawn.url, now=NOW, zone=ZoneInfo("UTC"))
    wanted = {urls.key(story.url): story for story in drawn.main}
    found = {urls.key(item.url): item for item in (reading.main.items if reading.main else ())}
    counted = set(found) - ({urls.key(url) for url in drawn.extra} - set(wanted))
    overlap = 2 * len(counted & set(wanted)) / (len(counted) + len(wanted))
    titles = sum(key in found and found[key].title == story.title for key, story in wanted.items())
    days = 0
    for key, story in wanted.items():
        published = found[key].published if key in found else None
        days += published is not None and published.at.date() == story.at.date()
    return overlap, titles / len(wanted), days / len(wanted) if drawn.dated else None


def check(seeds: Iterable[int]) -> None:
    lists, titles, days = zip(*map(judged, seeds), strict=True)
    dated = [share for share in days if share is not None]
    assert sum(lists) / len(lists) >= 0.96
    assert sum(titles) / len(titles) >= 0.96
    assert sum(dated) / len(dated) >= 0.96


def test_some_pages() -> None:
    check(range(5000, 5080))


@pytest.mark.slow
def test_many_pages() -> None:
    check(range(10_000, 10_800))


def test_the_same_seed_draws_the_same_page() -> None:
    assert combos.page(7).html == combos.page(7).html


@pytest.mark.parametrize("name", sorted(markups.CARDS))
def test_each_card_by_itself(name: str) -> None:
    """Every markup is read where nothing but a menu and a footer stands around it."""
    pen = pens.Pen(3)
    pen.dated, pen.level, pen.landmarks, pen.naming = True, "h3", True, "none"
    pen.tongue = next(tongue for tongue in TONGUES if tongue.code == "en")
    stories = pen.stories(8, 8)
    drawn = pens.Drawn("", f"{pens.HOST}/news/", stories, True)
    body = pen.part("main", markups.contained(pen, stories, name, "one"), "content")
    page = (
        f"<html lang=en><body>{furniture.menu(pen, drawn)}{body}{furniture.footer(pen, drawn)}</body></html>"
    )
    reading = listing.read(page, url=drawn.url, now=NOW, zone=ZoneInfo("UTC"))
    assert reading.main is not None
    assert [item.title for item in reading.main.items] == [story.title for story in stories]


def cards(days: Iterable[int], word: str) -> str:
    return "".join(
        f"<article class=note><h3><a href=/{word}-{day}-of-the-mill>The {word} of day {day} at the mill</a>"
        f"</h3><time>{day} March 2026</time></article>"
        for day in days
    )


def read(body: str) -> list[int]:
    page = f"<html lang=en><body>{body}</body></html>"
    reading = listing.read(page, url="https://mill.example/notes/", now=NOW, zone=ZoneInfo("UTC"))
    assert reading.main is not None
    return [item.published.at.day for item in reading.main.items if item.published]


def test_a_list_goes_on_below_a_side_box_where_its_dates_go_on() -> None:
    side = f"<div class=b><h3>Most read</h3>{cards([12, 3, 9], 'talk')}</div>"
    first = f"<div class=a><div><h2>Latest</h2>{cards([14, 13, 12], 'note')}</div>{side}</div>"
    assert read(f"{first}<section><div>{cards([11, 10, 8], 'note')}</div></section>") == [
        14,
        13,
        12,
        11,
        10,
        8,
    ]


def test_newer_cards_further_down_are_another_list() -> None:
    below = f"<section><div>{cards([14, 13, 12], 'talk')}</div></section>"
    assert read(f"<div class=a><h2>Latest</h2>{cards([11, 10, 9, 8], 'note')}</div>{below}") == [11, 10, 9, 8]
