"""Whole pages of invented newsrooms, with the answer beside each."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from feedsvc.extract import article
from feedsvc.model import ArticleReading

PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))


def _read(page: Path, *, body: bool = True) -> tuple[ArticleReading, dict[str, Any]]:
    want: dict[str, Any] = json.loads(page.with_suffix(".json").read_text("utf-8"))
    reading = article.read(
        page.read_text("utf-8"),
        url=want["url"],
        language=want.get("language", ""),
        zone=ZoneInfo(want["zone"]) if "zone" in want else None,
        now=datetime.fromisoformat(want["now"]) if "now" in want else None,
        body=body,
    )
    return reading, want


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_fields(page: Path) -> None:
    reading, want = _read(page)
    draft = reading.draft
    found: dict[str, Any] = {
        "title": draft.title,
        "published": draft.published.at.isoformat() if draft.published else None,
        "updated": draft.updated.at.isoformat() if draft.updated else None,
        "authors": list(draft.authors),
        "section": draft.section,
        "tags": list(draft.tags),
        "summary": draft.summary,
        "canonical": draft.url,
        "probably_article": reading.probably_article,
    }
    assert {key: found[key] for key in found if key in want} == {
        key: want[key] for key in found if key in want
    }
    assert reading.probably_article == want.get("probably_article", True)
    assert set(want.get("also", ())) <= set(draft.also)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_body(page: Path) -> None:
    reading, want = _read(page)
    if "body" in want:
        assert reading.body_text.split("\n") == want["body"]
    for text in want.get("contains", ()):
        assert text in reading.body_text
    for text in want.get("absent", ()):
        assert text not in reading.body_text
        assert text not in reading.draft.content
    for text in want.get("content", ()):
        assert text in reading.draft.content


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_image(page: Path) -> None:
    reading, want = _read(page, body=False)
    for key, value in want.get("image", {}).items():
        assert reading.draft.image is not None
        assert getattr(reading.draft.image, key) == value


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_without_the_body_everything_else_is_the_same(page: Path) -> None:
    with_body, _ = _read(page)
    without, _ = _read(page, body=False)
    assert without.body_text == without.draft.content == ""
    fields = (
        "url",
        "title",
        "published",
        "updated",
        "authors",
        "image",
        "tags",
        "section",
        "language",
        "also",
    )
    assert [getattr(without.draft, name) for name in fields] == [
        getattr(with_body.draft, name) for name in fields
    ]


def test_a_relative_time_is_read_against_the_given_clock() -> None:
    page = next(page for page in PAGES if page.stem == "es_other_canonical")
    reading, want = _read(page)
    published = reading.draft.published
    assert published is not None
    assert abs(published.at - datetime.fromisoformat(want["published_hour"])) < timedelta(hours=1)


def test_a_doubtful_date_is_given_as_a_doubt() -> None:
    page = next(page for page in PAGES if page.stem == "en_old_cms")
    reading, _ = _read(page)
    assert reading.draft.published is None
    assert reading.draft.doubt is not None


def test_every_answer_says_where_it_came_from() -> None:
    page = next(page for page in PAGES if page.stem == "id_portal")
    reading, _ = _read(page)
    assert reading.draft.origin["title"] == "h1"
    assert reading.draft.origin["published"] == "date line"
    used = {statement.field: statement.origin for statement in reading.evidence if statement.used}
    for field in ("title", "published", "authors", "image"):
        assert used[field] == reading.draft.origin[field]
