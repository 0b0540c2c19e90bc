"""The import graph stays one that a newcomer can draw: few names at the top. Contracts keep its direction."""

from __future__ import annotations

import tomllib
from pathlib import Path

import feedsvc

MOST_NAMES = 28


def test_few_names_stand_at_the_top_level() -> None:
    top = Path(feedsvc.__file__).parent
    names = {path.stem for path in top.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert len(names - {"__init__", "__main__"}) <= MOST_NAMES


def test_contracts_allow_no_cycle_and_know_every_name() -> None:
    text = (Path(feedsvc.__file__).parents[1] / "pyproject.toml").read_text()
    contracts = {one["type"]: one for one in tomllib.loads(text)["tool"]["importlinter"]["contracts"]}
    assert contracts["layers"]["exhaustive"] is True
    assert contracts["acyclic_siblings"]["ancestors"] == ["feedsvc"]
