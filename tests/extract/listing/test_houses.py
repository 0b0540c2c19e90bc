"""List pages as the usual systems and newsrooms of many languages write them: everything on them is read.

Of these 34 pages, seen before any rule was changed for them, all were read right as they are; of the same
pages in other clothes, with a menu of previews, a ticker and a "most read" around them, .960. Of twenty
more 19; in other clothes .935, amid noise as well .887; two of them are kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urljoin

import pytest

from feedsvc.extract import listing
from feedsvc.model import FoundList, PageReading
from tests.extract.listing.houses import Shown, Story, others, stories, written
from tests.extract.listing.houses_more import MORE
from tests.extract.listing.houses_newsrooms import NEWSROOMS
from tests.extract.listing.houses_systems import SYSTEMS
from tests.extract.listing.houses_world import WORLD
from tests.extract.worn import bare

NOW = datetime(2025, 12, 19, 3, 0, tzinfo=UTC)
PAGES = (*SYSTEMS, *NEWSROOMS, *MORE, *WORLD)
#: Of the mean over all pages in other clothes
FLOOR = 0.98


def noisy(page: Shown) -> str:
    """The page with what stands around others: a menu that previews articles, a ticker, ranks, a footer."""
    menu, lines = stories("en", "/old/{slug}-{n}", lead=False), others("en", "/extra/{slug}-{n}")
    card = '<div><a href="%(u)s"><img src="/q%(i)s.jpg"><span>Before: %(t)s</span></a></div>'
    return "".join(
        (
            f'<div class=mm><a href="/town">Town</a><div>{written(card, menu[:4])}</div>',
            f'<a href="/sea">Sea</a><div>{written(card, menu[4:])}</div></div>',
            f'<div class=tk>{written("""<span><a href="/t%(u)s">Just in, %(t)s</a></span>""", lines)}</div>',
            page.html,
            f"""<div class=mr><div>Most read</div>{
                written('<div><img src="/w%(i)s.jpg"><a href="/m%(u)s">Read: %(t)s</a></div>', lines)
            }</div>""",
            f"""<div class=ft><p>About us</p>{
                written('<a href="/about/%(i)s">The long name of a page about us %(i)s</a>', menu)
            }</div>""",
        )
    )


def read(page: Shown, body: str) -> PageReading:
    """The reading of a page with this body."""
    head = f"<head><meta charset=utf-8><title>Ruang</title></head><body>{body}</body></html>"
    return listing.read(f"<!DOCTYPE html><html lang={page.language}>{head}", url=page.url, now=NOW)


def main_of(reading: PageReading) -> FoundList:
    """The page's own list, or an empty one."""
    empty = FoundList(role="main", heading="", items=())
    return next((found for found in reading.lists if found.role == "main"), empty)


def address(page: Shown, story: Story) -> str:
    """Where a story's card leads."""
    return urljoin(page.url, story.path)


def without_origin(url: str) -> str:
    """An address without what only says where one came from."""
    return re.split(r"\?source=", url)[0]


@pytest.mark.parametrize("make", PAGES, ids=lambda make: make.__name__)
def test_what_a_list_page_shows_is_read(make: Callable[[], Shown]) -> None:
    page = make()
    reading = read(page, page.html)
    main = main_of(reading)
    assert [without_origin(item.url) for item in main.items] == [address(page, story) for story in page.main]
    assert [item.title for item in main.items] == [story.title for story in page.main]
    if page.dated:
        days = [item.published and item.published.at.date().isoformat() for item in main.items]
        assert days == [story.day for story in page.main]
    boxes = {found.heading: [item.title for item in found.items] for found in reading.lists}
    for heading, told in page.boxes.items():
        assert boxes[heading] == [story.title for story in told]


def share(page: Shown) -> float:
    """F1 of the main list of a page without names, amid noise."""
    found = {without_origin(item.url) for item in main_of(read(page, bare(noisy(page)))).items}
    true = {address(page, story) for story in page.main}
    return 2 * len(found & true) / (len(found) + len(true))


def test_the_same_pages_are_read_without_names_and_amid_noise() -> None:
    shares = {make.__name__: share(make()) for make in PAGES}
    assert sum(shares.values()) / len(shares) >= FLOOR, shares
