"""docs/security.md and docs/faults.md promise only what a test shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from feedsvc.errors import Code

ROOT = Path(__file__).parents[2]
PAGES = ("security", "faults")
TEXT = "".join((ROOT / f"docs/{page}.md").read_text() for page in PAGES)
ROWS = re.findall(r"^\| .+? \| .+? \| (?:`(\w+)`)? ?\| `(tests/[\w/]+\.py)::(\w+)` \|$", TEXT, re.MULTILINE)


def test_there_are_rows() -> None:
    assert len(ROWS) == TEXT.count("::test_") > 60


@pytest.mark.parametrize(("code", "file", "test"), ROWS)
def test_each_row_has_its_test(code: str, file: str, test: str) -> None:
    assert f"def {test}(" in (ROOT / file).read_text()
    assert not code or code in Code.__members__
