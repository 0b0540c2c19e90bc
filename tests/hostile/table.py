"""The table of hostile inputs (cases.toml), for the tests that send them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

TABLE: dict[str, dict[str, dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parent / "cases.toml").read_text("utf-8")
)
GROUPS = {"S": 86, "X": 39, "H": 30, "I": 10, "C": 11, "W": 10}  #: how many there are of each


def sent_here(group: str) -> dict[str, dict[str, Any]]:
    """The cases of a group that no other test sends."""
    return {name: case for name, case in TABLE[group].items() if "test" not in case}
