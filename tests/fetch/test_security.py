"""docs/security.md promises only what a test shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from feedsvc.errors import Code

ROOT = Path(__file__).parents[2]
ROWS = re.findall(
    r"^\| .+? \| .+? \| (?:`(\w+)`)? ?\| `(tests/[\w/]+\.py)::(\w+)` \|$",
    (ROOT / "docs/security.md").read_text(),
    re.M,
)


def test_there_are_rows() -> None:
    text = (ROOT / "docs/security.md").read_text()
    assert len(ROWS) == text.count("::test_") > 30


@pytest.mark.parametrize(("code", "file", "test"), ROWS)
def test_each_row_has_its_test(code: str, file: str, test: str) -> None:
    assert f"def {test}(" in (ROOT / file).read_text()
    assert not code or code in Code.__members__
