"""Article pages without metadata in many markups: of nearly all of them what a reader sees is read."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from feedsvc.extract import article
from tests.extract.article import themes

SEEDS = range(240)
#: Of all pages; the rest are kinds that are not mended yet
FLOORS = {
    "title": 1.0,
    "published": 0.99,
    "authors": 0.99,
    "image": 0.99,
    "start": 0.95,
    "end": 0.96,
    "whole": 0.9,
}


def wrong(seed: int) -> tuple[str, ...]:
    """What of a page is read wrongly."""
    page = themes.page(seed)
    reading = article.read(page.html, url=page.url)
    draft = reading.draft
    lines = reading.body_text.split("\n")
    right = {
        "title": draft.title == page.title,
        "published": draft.published is not None and draft.published.at.isoformat() == page.published,
        "authors": draft.authors == page.people,
        "image": draft.image is not None and draft.image.url == page.image,
        "start": lines[0] == page.first,
        "end": lines[-1] == page.last,
        "whole": set(page.inside) <= set(lines) and not any(said in lines for said in page.strange),
    }
    return tuple(what for what, is_right in right.items() if not is_right)


@cache
def shares() -> dict[str, float]:
    """How often each field is right."""
    counted = Counter(what for seed in SEEDS for what in wrong(seed))
    return {what: 1 - counted[what] / len(SEEDS) for what in FLOORS}


@pytest.mark.slow
@pytest.mark.parametrize("what", FLOORS)
def test_what_a_reader_sees_is_read_in_every_theme(what: str) -> None:
    assert shares()[what] >= FLOORS[what]
