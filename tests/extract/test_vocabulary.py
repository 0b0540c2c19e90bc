"""Word lists as data: languages are added without code, and a broken file says where it is broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedsvc.extract import vocabulary
from feedsvc.extract.vocabulary import Vocabulary

WORDS = Vocabulary(
    {
        "more": {"en": ["more", "see all"], "fr": ["plus", "more"], "ja": ["もっと"]},
        "advert": {"en": ["advert"]},
    }
)


def test_a_table_gives_the_words_of_every_language_once() -> None:
    assert WORDS.words("more") == ("more", "see all", "plus", "もっと")
    assert WORDS.words("more", "advert")[-1] == "advert"


def test_an_unknown_table_is_an_error() -> None:
    with pytest.raises(KeyError, match="less"):
        WORDS.words("less")


@pytest.mark.parametrize(
    ("text", "found"),
    [("Moreover", True), ("read MORE", True), ("furthermore", False), ("記事もっと見る", True)],
)
def test_words_are_found_where_a_word_begins(text: str, found: bool) -> None:
    assert bool(WORDS.beginning("more").search(text)) is found


@pytest.mark.parametrize(("text", "found"), [("» See all…", True), ("See all towns", False), ("plus", True)])
def test_a_whole_text_may_have_punctuation_around_it(text: str, found: bool) -> None:
    assert bool(WORDS.whole("more").match(text)) is found


def package(at: Path, text: str) -> str:
    """The name of a new package below `at` that holds `text` as words.toml."""
    name = f"of_{at.name}"
    (at / name).mkdir()
    (at / name / "__init__.py").touch()
    (at / name / "words.toml").write_text(text, "utf-8")
    return name


def test_a_language_needs_no_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    words = vocabulary.load(package(tmp_path, '[more]\neo = ["pli"]\n'))
    assert words.whole("more").match("Pli »")


@pytest.mark.parametrize("broken", ['more = ["more"]', "[more]\nen = 3", '[more]\nen = [""]', "[more]"])
def test_a_broken_file_names_the_place(broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    name = package(tmp_path, broken)
    with pytest.raises(ValueError, match=rf"{name}/words\.toml \[more\]"):
        vocabulary.load(name)
