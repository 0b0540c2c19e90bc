"""The table of names: made by tools/make_date_names.py, shipped, and the same wherever it is made."""

from __future__ import annotations

import json
import runpy
from importlib.resources import files
from pathlib import Path

import pytest

from feedsvc.dates.spelling import folded, plain
from feedsvc.dates.vocabulary import look_up

TOOL = Path(__file__).parents[2] / "tools" / "make_date_names.py"


@pytest.mark.slow
def test_making_it_again_gives_the_same() -> None:
    shipped = files("feedsvc.dates").joinpath("names.json").read_text(encoding="utf-8")
    made: str = runpy.run_path(str(TOOL))["as_text"]()
    assert made == shipped, "run tools/make_date_names.py and commit names.json"


def test_every_word_is_kept_in_the_form_in_which_it_is_looked_up() -> None:
    words = json.loads(files("feedsvc.dates").joinpath("names.json").read_text(encoding="utf-8"))["words"]
    assert [key for key in words if plain(key) != key] == []
    assert all(words.get(folded(key)) for key in words)


def test_a_word_means_what_it_means_in_the_language_of_the_page() -> None:
    spanish, romanian = look_up("mar", "es"), look_up("mar", "fr")
    assert spanish is not None
    assert romanian is not None
    assert (spanish.kind, romanian.kind) == ("M", "W")
    german, english = look_up("am", "de"), look_up("am", "en")
    assert german is not None
    assert english is not None
    assert (german.kind, english.kind) == ("f", "A")
    assert look_up("est", "fr") is None
    assert look_up("x" * 41, "en") is None
