"""Floors over a part of the corpus of real pages; skipped where it is not at hand."""

from __future__ import annotations

import gzip
import json
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from feedsvc.extract import article, encoding
from feedsvc.model import ArticleReading

CORPUS = Path(os.environ.get("FEEDSVC_CORPUS", Path(__file__).parents[4] / "shared" / "corpus")) / "article"
EVERY = 6  #: every sixth page: seconds, not minutes

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no corpus at {CORPUS} (set FEEDSVC_CORPUS)")


@cache
def _readings(source: str) -> tuple[tuple[ArticleReading, dict[str, Any]], ...]:
    return tuple(_read(source))


def _read(source: str) -> Iterator[tuple[ArticleReading, dict[str, Any]]]:
    for answer in sorted((CORPUS / source).glob("*.json"))[::EVERY]:
        truth = json.loads(answer.read_text("utf-8"))
        raw = answer.with_name(truth["html_file"]).read_bytes()
        text = encoding.decode(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw, html=True)
        yield article.read(text, url=truth["url"].strip()), truth


def _norm(text: str) -> str:
    return re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", text).casefold()).strip()


def _grams(text: str) -> Counter[str]:
    plain = _norm(text).split()
    return Counter(" ".join(plain[at : at + 4]) for at in range(max(1, len(plain) - 3)))


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def test_body() -> None:
    scores = []
    for reading, truth in _readings("fundus"):
        found = _grams(reading.body_text)
        true = _grams("\n".join([*(truth.get("summary") or []), *truth["body_paragraphs"]]))
        scores.append(2 * (found & true).total() / max(1, found.total() + true.total()))
    assert _mean(scores) >= 0.93


def test_minute_and_zone() -> None:
    right = []
    for reading, truth in _readings("fundus"):
        expected = datetime.fromisoformat(truth["published"])
        if expected.tzinfo is not None:
            published = reading.draft.published
            right.append(float(published is not None and abs((published.at - expected).total_seconds()) < 60))
    assert _mean(right) >= 0.97


def test_nothing_that_must_be_there_is_lost() -> None:
    found = [
        float(_norm(text) in _norm(reading.body_text))
        for reading, truth in _readings("evaldata")
        for text in truth.get("body_must_contain") or ()
    ]
    assert _mean(found) >= 0.95


@pytest.mark.slow
def test_every_page_is_an_article_with_a_title() -> None:
    readings = _readings("fundus") + _readings("evaldata")
    assert _mean([float(reading.probably_article) for reading, _ in readings]) >= 0.95
    assert all(reading.draft.title for reading, _ in readings)
