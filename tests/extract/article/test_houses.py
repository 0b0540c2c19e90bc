"""Article pages as systems and newsrooms of many languages write them, without metadata: all of them is read.

Of 22 pages, seen before any rule was changed for them: title and day of all, the minute of 21, authors of 12,
the picture of 19, the whole text of all, nothing else in it on 19. Of ten more, written after the rules had
been changed for those: all, but authors of 8, nothing else in the text on 6. Of another twenty: title, day,
minute and whole text of all, the picture of 19, authors of 15, nothing else in the text on 11; ten of them
are kept. They hold what is read now.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from feedsvc.extract import article
from feedsvc.model import ArticleReading
from tests.extract.article import houses, houses_more, houses_world
from tests.extract.article.houses import BASE, Read
from tests.extract.worn import bare

PAGES = (*houses.PAGES, *houses_more.PAGES, *houses_world.PAGES)
NOW = datetime(2025, 12, 20, 3, 0, tzinfo=UTC)
#: pages of which something is not read without names of classes and elements
_BARELY = {"vietnamese paper": {"image"}}


def plain(text: str) -> str:
    """Letters and figures of a text, folded."""
    return re.sub(r"[\W_]+", " ", text).strip().casefold()


def read(page: Read, html: str) -> ArticleReading:
    """The reading of a page with this body."""
    head = f"<head><meta charset=utf-8><title>{page.title} | Ruang</title></head>"
    text = f"<!DOCTYPE html><html lang={page.language}>{head}<body>{html}</body></html>"
    return article.read(text, url=BASE + page.path, now=NOW, zone=ZoneInfo(page.zone))


def wrong(page: Read, html: str) -> set[str]:
    """What of a page is read wrongly."""
    reading = read(page, html)
    draft, body = reading.draft, plain(reading.body_text)
    published = draft.published.at.isoformat() if draft.published else ""
    if "T" not in page.published:
        published = published[:10]
    image = draft.image.url.rsplit("/", 1)[-1] if draft.image else ""
    right = {
        "title": draft.title == page.title,
        "published": published == page.published,
        "authors": draft.authors == page.authors,
        "image": image == page.image,
        "text": all(plain(said) in body for said in page.text),
        "nothing else": not any(plain(said) in body for said in page.absent),
    }
    return {what for what, is_right in right.items() if not is_right}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_an_article_page_shows_is_read(page: Read) -> None:
    assert wrong(page, page.html) == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_it_is_read_without_names_of_classes_and_elements(page: Read) -> None:
    assert wrong(page, bare(page.html)) <= _BARELY.get(page.name, set())
