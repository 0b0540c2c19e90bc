"""Word lists as data: a TOML file of tables, each with its words by language.

    [next]
    en = ["next", "older posts"]
    fr = ["suivant"]

A language is added by adding lines to the file; readers ask for a table and get the words of every language,
because what a page claims as its language is often wrong.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

#: Letters from here on belong to scripts that glue words together, or put articles before them.
_GLUED = "\u0530"


class Vocabulary:
    """The word lists of one package."""

    def __init__(self, tables: dict[str, dict[str, list[str]]]) -> None:
        self._tables = tables

    def words(self, *tables: str) -> tuple[str, ...]:
        """The words of these tables in every language, each once, in the file's order.

        Raises KeyError for a table that the file does not have.
        """
        lists = (words for table in tables for words in self._tables[table].values())
        return tuple(dict.fromkeys(word for words in lists for word in words))

    def alternatives(self, *tables: str) -> str:
        """The words as alternatives of a regular expression, longest first, as they are written."""
        return "|".join(map(re.escape, _longest_first(self.words(*tables))))

    def beginning(self, *tables: str) -> re.Pattern[str]:
        """A pattern that finds a word where a word of the text begins (anywhere, in scripts without spaces).

        The words may be stems: "recommend" finds "recommended".
        """
        words = _longest_first(self.words(*tables))
        parts = (re.escape(word) if word[0] >= _GLUED else rf"(?<!\w){re.escape(word)}" for word in words)
        return re.compile(f"(?:{'|'.join(parts)})", re.I)

    def within(self, *tables: str) -> re.Pattern[str]:
        """A pattern that finds the words as whole words of a text (anywhere, in scripts without spaces)."""
        words = _longest_first(self.words(*tables))
        parts = (re.escape(word) if word[0] >= _GLUED else rf"\b{re.escape(word)}\b" for word in words)
        return re.compile(f"(?:{'|'.join(parts)})", re.I)

    def whole(self, *tables: str) -> re.Pattern[str]:
        """A pattern that matches a text that is one of the words, but for punctuation around it."""
        return re.compile(rf"^\W*(?:{self.alternatives(*tables)})\W*$", re.I)


@lru_cache
def load(package: str, file: str = "words.toml") -> Vocabulary:
    """The word lists in `file` beside the modules of `package`.

    Raises ValueError where the file is no table of tables of word lists.
    """
    tables = tomllib.loads(files(package).joinpath(file).read_text("utf-8"))
    for name, table in tables.items():
        _check(f"{package}/{file} [{name}]", table)
    return Vocabulary(tables)


def _check(place: str, table: object) -> None:
    if not isinstance(table, dict) or not table:
        raise ValueError(f"{place}: languages with their words are wanted")
    for language, words in table.items():
        if not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
            raise ValueError(f"{place} {language}: a list of words is wanted")


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(words, key=len, reverse=True)
