"""What `make quick` leaves out is told by fixtures and folders."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import kinds


class Item:
    """A test as pytest collects it, as far as `kinds` looks at it."""

    def __init__(self, nodeid: str, *fixtures: str) -> None:
        self.nodeid = nodeid
        self.fixturenames = fixtures
        self.marks: list[str] = []

    def add_marker(self, mark: str) -> None:
        self.marks.append(mark)


@pytest.mark.parametrize(
    ("item", "marks"),
    [
        (Item("tests/dates/test_zones.py::test_a"), []),
        (Item("tests/browser/test_pages.py::test_a"), ["browser"]),
        (Item("tests/sources/test_sql.py::test_a", "tmp_path", "mariadb"), ["server"]),
        (Item("tests/e2e/test_run.py::test_a", "service"), ["server"]),
    ],
)
def test_a_test_is_marked_by_what_it_uses(item: Item, marks: list[str]) -> None:
    kinds.mark([item])  # type: ignore[list-item]
    assert item.marks == marks


def test_every_fixture_that_marks_exists() -> None:
    """A fixture that got another name would no longer keep its tests out of `make quick`."""
    source = "".join(path.read_text() for path in Path(__file__).parent.rglob("*.py"))
    for name in kinds.FIXTURES:
        assert re.search(rf"@pytest\.fixture.*\ndef {name}\(", source), name
    for folder in kinds.FOLDERS:
        assert (Path(__file__).parent.parent / folder).is_dir(), folder
