"""What is served from a fixed store stays the same, byte for byte."""

from __future__ import annotations

from pathlib import Path

from tests.reference.store import documents, kept


def test_everything_that_is_served_from_the_fixed_store_is_as_it_was(tmp_path: Path) -> None:
    made, before = documents(tmp_path), kept()
    assert sorted(made) == sorted(before)
    assert [path for path in made if made[path] != before[path]] == []
