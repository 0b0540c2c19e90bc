"""Dates from real pages with their truth: the figures may not fall below these floors.

The corpus is not part of the repository; without it these tests are skipped. score/score.py beside it counts
the same way.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from feedsvc.dates import Moment, read

CORPUS = Path(os.environ.get("FEEDSVC_CORPUS", Path(__file__).parents[3] / "shared" / "corpus"))
FILE = CORPUS / "dates" / "dates.jsonl"
#: What is missing to 1.0 is truth that the string does not hold (a zone of the page's own, or its update).
FLOORS = {"Indonesian": 1.0, "page": 0.97, "noisy": 0.86, "test-suite": 0.88}
SLACK = {"hour": timedelta(hours=1), "day": timedelta(days=1)}


def right(case: dict[str, Any]) -> bool:
    """Does what is read agree with the truth?"""
    now = datetime.fromisoformat(case["relative_to"]) if case["relative_to"] else None
    found = read(
        case["text"],
        language=case["lang"] or "",
        zone=ZoneInfo(case["default_tz"]) if case["default_tz"] else None,
        now=now,
    )
    if not isinstance(found, Moment):
        return False
    truth = datetime.fromisoformat(case["expected"])
    local = found.at.replace(tzinfo=UTC)
    if now and case["precision"] in SLACK:
        return abs(local - truth.replace(tzinfo=UTC)) <= SLACK[case["precision"]]
    if case["precision"] == "date":
        return local.date() == truth.date()
    if truth.tzinfo:
        return abs(found.at - truth) < timedelta(minutes=1)
    return abs(local - truth.replace(tzinfo=UTC)) < timedelta(minutes=1)


def group(case: dict[str, Any]) -> str:
    """The figure to which a case counts."""
    if case["lang"] == "id":
        return "Indonesian"
    return "noisy" if case["noisy"] else str(case["origin"])


@pytest.mark.skipif(not FILE.exists(), reason=f"{FILE} is not here (set FEEDSVC_CORPUS)")
def test_the_figures_of_the_corpus() -> None:
    results: dict[str, list[bool]] = defaultdict(list)
    for line in FILE.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        results[group(case)].append(right(case))
    figures = {name: sum(all_of) / len(all_of) for name, all_of in results.items()}
    assert {name: figure for name, figure in figures.items() if figure < FLOORS.get(name, 0.0)} == {}
    assert figures.keys() >= FLOORS.keys()
