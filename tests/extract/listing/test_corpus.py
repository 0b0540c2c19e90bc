"""Real pages with their truth, where they lie beside the repository (they belong to their publishers)."""

from __future__ import annotations

import gzip
import json
import os
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from feedsvc.extract import encoding, listing
from feedsvc.model import FoundList, PageReading
from tests.extract.listing.site import spoil

HERE = Path(__file__).resolve().parents[3]
CORPUS = Path(os.environ.get("FEEDSVC_CORPUS") or HERE.parent / "shared" / "corpus") / "list"
PAGES = sorted(CORPUS.glob("*.json"))

pytestmark = pytest.mark.skipif(not PAGES, reason=f"no corpus of real pages at {CORPUS}")


def same(url: str) -> str:
    parts = urlsplit(url.strip())
    return f"{(parts.hostname or '').removeprefix('www.')}{unquote(parts.path).rstrip('/')}?{parts.query}"


def plain(text: str | None) -> str:
    return re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", text or "").casefold()).strip()


def keys(found: FoundList) -> set[str]:
    return {same(item.url) for item in found.items}


def f1(found: set[str], true: set[str]) -> float:
    return 2 * len(found & true) / (len(found) + len(true))


def judge(reading: PageReading, truth: dict[str, Any], out: dict[str, list[float]]) -> None:
    """Add the figures of one page, as shared/score does."""
    for box in truth["boxes"]:
        true = {same(item["url"]) for item in box["items"]}
        if not true or (box["role"] == "main" and truth["page_kind"] == "sidebar-on-article"):
            continue
        if box["role"] == "main":
            matched = reading.main
            hit = keys(matched) & true if matched else set()
            union = truth.get("main_is_union")
            out["main"].append(len(hit) / len(true) if union else f1(keys(matched), true) if matched else 0.0)
        else:
            matched = max(reading.lists, key=lambda found: f1(keys(found), true), default=None)
            out["box"].append(f1(keys(matched), true) if matched else 0.0)
        got = {same(item.url): item for item in matched.items} if matched else {}
        for item in box["items"]:
            mine = got.get(same(item["url"]))
            out["title"].append(float(mine is not None and plain(mine.title) == plain(item["title"])))
            if item.get("time_text"):
                out["time"].append(float(mine is not None and mine.published is not None))


def figures(change: Callable[[str], str] = str) -> dict[str, float]:
    out: dict[str, list[float]] = {"main": [], "box": [], "title": [], "time": []}
    for path in PAGES:
        truth = json.loads(path.read_text(encoding="utf-8"))
        text = encoding.decode(gzip.decompress(path.with_name(truth["html_file"]).read_bytes()), html=True)
        judge(listing.read(change(text), url=truth["url"]), truth, out)
    return {name: sum(values) / len(values) for name, values in out.items()}


def test_the_lists_of_real_pages() -> None:
    found = figures()
    assert found["main"] >= 0.98, found
    assert found["box"] >= 0.98, found
    assert found["title"] >= 0.97, found
    assert found["time"] >= 0.97, found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("way", "main", "box"),
    [
        ("scramble", 0.97, 0.97),
        ("class", 0.96, 0.96),
        ("heading", 0.97, 0.97),
        ("class heading landmark", 0.92, 0.92),
    ],
)
def test_the_lists_of_real_pages_without_hints(way: str, main: float, box: float) -> None:
    found = figures(lambda text: spoil(text, way))
    assert found["main"] >= main, found
    assert found["box"] >= box, found


def test_articles_are_told_from_lists() -> None:
    for path in PAGES:
        truth = json.loads(path.read_text(encoding="utf-8"))
        text = encoding.decode(gzip.decompress(path.with_name(truth["html_file"]).read_bytes()), html=True)
        verdict = listing.read(text, url=truth["url"]).verdict
        assert (verdict == "article") == (truth["page_kind"] == "sidebar-on-article"), path.stem
