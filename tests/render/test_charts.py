"""Charts count in whole articles."""

from __future__ import annotations

import re

import pytest

from feedsvc.render.charts import bars, lines

TICKS = list("abcde")


def steps(svg: str) -> list[str]:
    return re.findall(r">([\d.]+)</text>", svg)


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ([0, 0, 2, None, 1], ["0", "1", "2"]),
        ([0, 0, 0, 0, 0], ["0", "1"]),
        ([0.2, 0.3, 0.1, 0, 0], ["0", "1"]),
        ([None] * 5, ["0", "1"]),
    ],
)
def test_few_articles_are_whole_ones(values: list[float | None], wanted: list[str]) -> None:
    assert steps(str(lines("New articles", [("now", values)], TICKS))) == wanted


def test_many_are_counted_in_round_steps() -> None:
    drawn = bars("New articles", [("one", [0, 70, 2, 0, 1]), ("two", [1, 1, 1, 1, 1])], TICKS)
    assert steps(str(drawn)) == ["0", "20", "40", "60"]
