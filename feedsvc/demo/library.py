"""The texts of the newsroom: word lists and story skeletons, as `stories/*.toml` have them.

A skeleton's slots are filled with rows of word lists (`town = "town"`) or with numbers:
`120..480/5` a range with its step, `2.1..8.8` one decimal, `35% n` a share of another slot, `a - b`, `a + b`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from feedsvc.demo.desks import DESKS
from feedsvc.demo.dice import roll

STORIES = Path(__file__).parent / "stories"
Row = tuple[str, ...]
Number = int | float
PEOPLE = {"person": "id", "foreign": "en"}

WHOLE = re.compile(r"(\d+)\.\.(\d+)(?:/(\d+))?")
DECIMAL = re.compile(r"(\d+)\.(\d)\.\.(\d+)\.(\d)")
SHARE = re.compile(r"(\w+)% (\w+)")
SUM = re.compile(r"(\w+) ([+-]) (\w+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Skeleton:
    """A story with open slots."""

    headlines: tuple[str, ...]  #: ways to say it; all name the same words
    later: str  #: the headline after news came in
    slots: Mapping[str, str]
    keys: tuple[str, ...]  #: the words by which two headlines differ
    wrong: str  #: the number that a first version may have wrong
    wrong_name: str  #: what that number counts
    photo: str
    scene: str
    tags: tuple[str, ...]
    body: tuple[tuple[str, ...], ...]  #: paragraphs, each in one or more wordings
    update: str

    def is_word(self, slot: str) -> bool:
        """Whether a slot is filled from a word list, rather than with a number."""
        return self.slots[slot].isidentifier()


@dataclass(frozen=True, slots=True)
class Shelf:
    """What one desk writes from."""

    words: Mapping[str, tuple[Row, ...]]
    skeletons: tuple[Skeleton, ...]
    credits: tuple[str, ...]


@cache
def library() -> Mapping[str, Shelf]:
    """The shelves of all desks, read once."""
    common = _read("common")
    words = {name: _rows(lines) for name, lines in common["words"].items()}
    words |= {name: _people(common["people"][language]) for name, language in PEOPLE.items()}
    shelves = {}
    for desk in DESKS:
        own = _read(desk.slug)
        known = words | {name: _rows(lines) for name, lines in own["words"].items()}
        skeletons = tuple(_skeleton(raw, known) for raw in own["story"])
        shelves[desk.slug] = Shelf(known, skeletons, tuple(common["credits"][desk.language]))
    return shelves


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((STORIES / f"{name}.toml").read_text("utf-8"))


def _rows(lines: list[str]) -> tuple[Row, ...]:
    return tuple(tuple(line.split("|")) for line in lines)


def _people(names: Mapping[str, str]) -> tuple[Row, ...]:
    return tuple(
        (f"{first} {last}", last) for first in names["first"].split() for last in names["last"].split()
    )


def fields(text: str) -> tuple[str, ...]:
    """The slots that a text names, each once; `{town_2}` names the slot town."""
    names = [name for _, name, _, _ in Formatter().parse(text) if name]
    roots = [name.rpartition("_")[0] if name[-2:] in ("_2", "_3") else name for name in names]
    return tuple(dict.fromkeys(roots))


def _skeleton(raw: Mapping[str, Any], words: Mapping[str, tuple[Row, ...]]) -> Skeleton:
    body = tuple((text,) if isinstance(text, str) else tuple(text) for text in raw["body"])
    everything = " ".join(
        (*raw["headline"], raw["photo"], raw["update"], *(text for part in body for text in part))
    )
    implied = {name: name for name in fields(everything) if name in words}
    slots = implied | raw["slots"]
    wrong, _, wrong_name = raw["erratum"].partition("|")
    return Skeleton(
        headlines=tuple(raw["headline"]),
        later=raw["later"],
        slots=slots,
        keys=tuple(name for name in fields(raw["later"]) if slots[name].isidentifier()),
        wrong=wrong,
        wrong_name=wrong_name,
        photo=raw["photo"],
        scene=raw["scene"],
        tags=tuple(raw["tags"]),
        body=body,
        update=raw["update"],
    )


def number(rule: str, known: Mapping[str, Number], *seed: object) -> Number:
    """The number that a rule and a seed give."""
    if match := WHOLE.fullmatch(rule):
        low, high, step = int(match[1]), int(match[2]), int(match[3] or 1)
        return low + step * (roll(*seed) % ((high - low) // step + 1))
    if match := DECIMAL.fullmatch(rule):
        low, high = int(match[1] + match[2]), int(match[3] + match[4])
        return (low + roll(*seed) % (high - low + 1)) / 10
    if match := SHARE.fullmatch(rule):
        share = int(match[1]) if match[1].isdigit() else known[match[1]]
        return round(known[match[2]] * share / 100)
    if match := SUM.fullmatch(rule):
        return known[match[1]] + known[match[3]] * (1 if match[2] == "+" else -1)
    raise ValueError(f"no rule for a number: {rule!r}")


def spelled(value: Number, language: str) -> str:
    """`1.250` and `3,4` in Indonesian, `1,250` and `3.4` in English."""
    text = f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"
    return text if language == "en" else text.translate({ord(","): ".", ord("."): ","})
