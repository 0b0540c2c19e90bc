"""The words around dates: names of months and weekdays, zones, labels, "yesterday", in some ninety languages.

Everything comes from names.json, which tools/make_date_names.py makes from CLDR and words.toml; it is loaded
when the first word is looked up (some 5 ms). The same word means different things in different languages
("mar" is a month and a weekday), so a look-up takes the language that the page claims; the claim is often
wrong, so words of other languages are found too.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from feedsvc.dates.spelling import folded, plain, squashed

#: A longer word is no name of anything here.
LONGEST_WORD = 40

#: Languages whose dates stand on pages that claim any other.
AT_HOME = frozenset({"id", "en"})
#: Names of so few letters are words in other languages, unless so many languages share them.
_SHORT, _COMMON = 3, 3

_NOWHERE: Mapping[str, int] = {}


class Word(NamedTuple):
    """What a word means, as far as dates go.

    `kind` is the letter that stands for it in a line's shape:

        M month · W weekday · T "yesterday" · R "just now" · O day of the month, counted in words
        K month of another calendar: p Persian, h Islamic, n Nepal's, and its number
        Z zone · A half of the day (value a, p, n, d) · N noon, midnight · P "published" · U "updated"
        e era · y l j the signs 年 月 日 · h m c the signs of hour, minute, second · u "minutes" as a length
        t words before a clock · f words that may stand in a date · a "about"
    """

    kind: str
    value: str = ""
    months: Mapping[str, int] = _NOWHERE  #: language → 1 to 12
    weekdays: Mapping[str, int] = _NOWHERE  #: language → 0 (Monday) to 6


class _Tables(NamedTuple):
    words: dict[str, str]
    ago: dict[str, str]
    once: dict[str, str]
    openers: frozenset[str]
    numbers: dict[str, str]
    order: dict[str, str]
    published: tuple[str, ...]
    updated: tuple[str, ...]
    phrases: dict[str, list[tuple[str, ...]]]  #: first word → the rest, longest first
    pieces: dict[str, int]  #: first letter → longest word, of scripts that put no spaces between words


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    raw = json.loads(files(__package__).joinpath("names.json").read_bytes())
    phrases: dict[str, list[tuple[str, ...]]] = {}
    pieces: dict[str, int] = {}
    for key in raw["words"]:
        if " " in key:
            first, *rest = key.split(" ")
            phrases.setdefault(first, []).append(tuple(rest))
        if key[0] >= "\u0e00":
            pieces[key[0]] = max(pieces.get(key[0], 0), len(key))
    for rests in phrases.values():
        rests.sort(key=len, reverse=True)
    stems = raw["stems"]
    return _Tables(
        raw["words"],
        raw["ago"],
        raw["once"],
        frozenset(raw["openers"]),
        raw["numbers"],
        raw["order"],
        tuple(stems["P"]),
        tuple(stems["U"]),
        phrases,
        pieces,
    )


def look_up(raw: str, language: str) -> Word | None:
    """What the word `raw` means on a page in `language` ("" is unknown), or None."""
    return _look_up(raw, language) if len(raw) <= LONGEST_WORD else None


@lru_cache(maxsize=16384)
def _look_up(raw: str, language: str) -> Word | None:
    words = _tables().words
    key = plain(raw)
    spec = words.get(key) or words.get(folded(key))
    if spec is None and "'" in key:  # d'octubre, dell'11
        key = key.rpartition("'")[2]
        spec = words.get(key)
    if spec is not None and (word := _resolve(spec, key, raw, language)):
        return word
    return _label(key)


def _label(key: str) -> Word | None:
    tables = _tables()
    if key.startswith(tables.updated):
        return Word("U")
    return Word("P") if key.startswith(tables.published) else None


def _resolve(spec: str, key: str, raw: str, language: str) -> Word | None:
    """Choose among a word's meanings: those of the page's language, of all languages, of others."""
    months: dict[str, int] = {}
    weekdays: dict[str, int] = {}
    general: Word | None = None
    own: Word | None = None
    for meaning in spec.split(" "):
        head, _, listed = meaning.partition(":")
        letter, value, languages = head[0], head[1:], listed.split(",") if listed else []
        if letter == "M":
            months |= dict.fromkeys(languages, int(value))
        elif letter == "W":
            weekdays |= dict.fromkeys(languages, int(value))
        elif language in languages:
            own = own or Word(letter, value)
        elif general is None and _holds(letter, key, raw, languages, language):
            general = Word(letter.upper() if letter == "z" else letter, value)
    if own:
        return own
    if language in months:
        return Word("M", "", months, weekdays)
    if language in weekdays:
        return Word("W", "", months, weekdays)
    if general:
        return general
    if not _foreign(key, {*months, *weekdays}, language):
        return None
    return Word(_likelier(months, weekdays), "", months, weekdays)


def _foreign(key: str, languages: set[str], language: str) -> bool:
    """Is this month or weekday read on a page that claims another language?

    Short names are words elsewhere: "on", "de" and "so" are weekdays, "pro", "led" and "mac" months.
    """
    if len(key) > _SHORT or not key.isascii() or not languages:
        return bool(languages)
    if len(key) < _SHORT:
        return False
    return not language or not AT_HOME.isdisjoint(languages) or len(languages) >= _COMMON


def _likelier(months: Mapping[str, int], weekdays: Mapping[str, int]) -> str:
    """Month or weekday, where the page's language has neither: as in Indonesian or English, or in most."""
    at_home = len(AT_HOME & months.keys()) - len(AT_HOME & weekdays.keys())
    return "M" if (at_home or len(months) - len(weekdays)) > 0 else "W"


def _holds(letter: str, key: str, raw: str, languages: list[str], language: str) -> bool:
    """Does this meaning hold on a page that does not claim one of its languages?"""
    if letter == "z":
        return raw.isupper()
    if letter == "T":
        return not AT_HOME.isdisjoint(languages) or not key.isascii() or (not language and len(key) > _SHORT)
    if letter == "A" and languages:
        return len(key) > 2 or not key.isascii() or not language
    return not languages or letter in "KO"


def phrases_from(raw: str) -> list[tuple[str, ...]]:
    """How phrases go on that begin with this word, longest first."""
    return _tables().phrases.get(plain(raw), []) if len(raw) <= LONGEST_WORD else []


def month_beginning(raw: str, language: str) -> Word | None:
    """The month whose name begins so ("Novem"), where all names that do agree; at least three letters.

    The names are those of the page's language, of Indonesian and English, or, if it is not known, of all.
    """
    key = plain(raw)
    if not _SHORT <= len(key) <= LONGEST_WORD:
        return None
    names = _month_names()
    months: dict[str, int] = {}
    for i in range(bisect_left(names, key), len(names)):
        if not names[i].startswith(key):
            break
        word = _resolve(_tables().words[names[i]], names[i], names[i], language)
        if word and word.kind == "M":
            months |= {
                name: month
                for name, month in word.months.items()
                if not language or name == language or name in AT_HOME
            }
    values = {months[language]} if language in months else set(months.values())
    return Word("M", "", dict.fromkeys(months, values.pop())) if len(values) == 1 else None


@lru_cache(maxsize=1)
def _month_names() -> list[str]:
    return sorted(key for key, spec in _tables().words.items() if spec[0] == "M" and " " not in key)


def pieces(word: str, *, after_number: bool) -> Iterator[tuple[int, int]]:
    """Cut a word of a script without spaces into the words that we know; the rest stays in one piece each.

    Korean is cut only right after a number, where the signs of year, month and day stand.
    """
    longest = _tables().pieces
    words = _tables().words
    start = i = 0
    while i < len(word):
        reach = longest.get(word[i], 0)
        least = 1 if word[i] >= "\u2e80" else 2  # one letter is a word only in Chinese, Japanese, Korean
        size = next(
            (n for n in range(min(reach, len(word) - i), least - 1, -1) if plain(word[i : i + n]) in words), 0
        )
        if size:
            if start < i:
                yield start, i
            yield i, i + size
            start = i + size
        i += size or 1
        if after_number and size == 0:
            break
    if start < len(word):
        yield start, len(word)


@lru_cache(maxsize=1)
def first_words() -> frozenset[str]:
    """The squashed words with which a date without digits may begin: "kemarin", "baru", "sejam", "an"."""
    tables = _tables()
    names = {key.partition(" ")[0] for key, spec in tables.words.items() if spec[0] in "TR" or " T" in spec}
    return frozenset(map(squashed, names | tables.numbers.keys())) | tables.openers


def opens(name: str) -> bool:
    """May a phrase for `once` begin with this squashed word?"""
    return name in _tables().openers


def ago(head: str, tail: str, language: str) -> str:
    """The unit (s m h d w M y) of a squashed phrase like "#jamlalu" of which # is the number, or ""."""
    return _agreed(_tables().ago.get(f"{head}#{tail}", ""), language)


@lru_cache(maxsize=1)
def ago_ends() -> tuple[frozenset[str], frozenset[str]]:
    """What may stand before the number of an "ago" phrase, and what behind it."""
    parts = [key.partition("#") for key in _tables().ago]
    return frozenset(head for head, _, _ in parts), frozenset(tail for _, _, tail in parts)


def once(key: str, language: str) -> str:
    """Count and unit ("1h") of a squashed phrase that holds its number, or ""."""
    return _agreed(_tables().once.get(key, ""), language)


def number(key: str, language: str) -> int:
    """The number that a word counts, or 0."""
    return int(_agreed(_tables().numbers.get(key, ""), language) or 0)


def order(language: str, region: str) -> tuple[str, str]:
    """CLDR's order of a date in figures ("dmy") and of its day and month ("dm").

    "?" is not known; a language that is not in the table has "".
    """
    table = _tables().order
    full, _, short = (table.get(f"{language}-{region}") or table.get(language, "")).partition(" ")
    return full, short


def _agreed(spec: str, language: str) -> str:
    """The value that holds in the language; without it, the one that all languages agree in."""
    if not spec:
        return ""
    values: set[str] = set()
    for meaning in spec.split(" "):
        value, _, languages = meaning.partition(":")
        if language in languages.split(","):
            return value
        values.add(value)
    return values.pop() if len(values) == 1 else ""
