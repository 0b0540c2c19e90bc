#!/usr/bin/env python3
"""Writes feedsvc/dates/names.json: every word that the date reader knows, from CLDR and words.toml.

    .venv/bin/python tools/make_date_names.py [--check]

CLDR (through babel, a development dependency) gives names of months and weekdays, "am" and "pm", "5 minutes
ago" and the order of day and month for some ninety languages; words.toml gives what newsrooms print beside
that. The answer is the same wherever it runs with the same babel; `--check` only tells whether it is current.

Shape of names.json:

    words   key → its meanings, "M12:id,no W0:cs Zwib…"; a letter (see vocabulary.Word.kind), a value,
            the languages it holds in (none: all). Keys are made by spelling.plain, with spaces in phrases
    ago     "#jamyanglalu" → "h:id,ms": unit of time and languages; # stands for the number
    once    "sejamlalu" → "1h:id": the same with the number inside
    openers the first words of those
    numbers "satu" → "1:id,ms"
    order   language → order of a date in figures and of its day and month: "dmy dm", "ymd ?"
    stems   label letter → beginnings of longer words
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from babel import Locale, localedata

from feedsvc.dates.spelling import family, folded, plain, squashed

DATES = Path(__file__).parents[1] / "feedsvc" / "dates"
#: locales whose words are joined under their language; variants stand after their language
LOCALES = """
    af am ar ar_LB ar_DZ ar_MA az be bg bn bs ca ckb cs cy da de de_AT el en en_GB en_AU es
    es_MX et eu fa fi fil fo fr fr_CA fy ga gl gu ha he hi hr hu hy id ig is it ja jv ka kk km
    kn ko ky lb lo lt lv mg mk ml mn mr ms mt my ne nl nb nn or pa pl ps pt pt_PT ro ru sd si sk
    sl so sq sr sr_Latn su sv sw ta te tg th tk tr tt uk ur uz uz_Cyrl vi xh yo zh zh_Hant zu
""".split()
UNITS = {"second": "s", "minute": "m", "hour": "h", "day": "d", "week": "w", "month": "M", "year": "y"}
#: kind letters of the plain word lists in words.toml, in the order in which they win
MARKS = {
    "year": "y",
    "month": "l",
    "day": "j",
    "hour": "h",
    "minute": "m",
    "second": "c",
    "span": "u",
    "lead": "t",
    "filler": "f",
}

#: how months stand in dates where CLDR's patterns, not its names, hold the ending
INFLECTED = {"he": "ב{}", "mn": "{}ын", "eu": "{}ren"}

#: languages that leave the number out when it is one: "час назад", "před hodinou"
WITHOUT_ONE = frozenset("be bg bs cs hr lt lv mk pl ru sk sl sr uk et fi af".split())

Meanings = dict[str, dict[str, list[str]]]  # key → "M12" → languages


class Names:
    """What is collected; the order of collecting decides which meaning of a word comes first."""

    def __init__(self) -> None:
        self.words: Meanings = defaultdict(lambda: defaultdict(list))
        self.ago: Meanings = defaultdict(lambda: defaultdict(list))
        self.once: Meanings = defaultdict(lambda: defaultdict(list))
        self.numbers: Meanings = defaultdict(lambda: defaultdict(list))
        self.order: dict[str, str] = {}
        self.openers: set[str] = set()

    def word(self, name: str, meaning: str, language: str = "") -> None:
        """Add a word or phrase, also without its accents. Signs and single letters of CLDR stay out."""
        key = plain(name)
        if re.search(r"\d", key) or (len(key) < 2 and language and (meaning[0] != "A" or key.isascii())):
            return
        for spelling in dict.fromkeys((key, folded(key))):
            _add(self.words[spelling], meaning, language)

    def whole(self, phrase: str, value: str, language: str) -> None:
        """Add an "ago" phrase that holds its number."""
        _add(self.once[squashed(phrase)], value, language)
        self.openers.add(squashed(phrase.split()[0]))

    def relative(self, pattern: str, unit: str, language: str) -> None:
        """Add an "ago" pattern with # for its number; too short ones ("-# h") say nothing."""
        key = squashed(pattern)
        signed = pattern.lstrip(" \u200e\u200f").startswith(("-", "−", "–", "+"))
        if "#" in key and len(key) > 2 and not signed:
            _add(self.ago[key], unit, language)


def _add(meanings: dict[str, list[str]], meaning: str, language: str) -> None:
    if language not in meanings[meaning]:
        meanings[meaning].append(language)


def pairs(text: str) -> Iterator[tuple[str, str]]:
    """The entries of a list in words.toml: "hari_ini=0 kemarin=1"."""
    for entry in text.split():
        name, _, value = entry.partition("=")
        yield name.replace("_", " "), value


def add_marks(names: Names, tables: Mapping[str, Any]) -> None:
    """The words that mean the same in every language."""
    capitals = set(tables["zones"]["capitals"].split())
    for kind in ("fixed", "moving", "several"):
        for name, value in pairs(tables["zones"][kind]):
            letter = "z" if name in capitals else "Z"
            names.word(name, letter + value)
    for kind in ("a", "p", "n", "d"):
        for name, _ in pairs(tables["periods"][kind]):
            names.word(name, "A" + kind)
    for kind, hour in (("noon", 12), ("midnight", 0)):
        for name, _ in pairs(tables["periods"][kind]):
            names.word(name, f"N{hour}")
    for kind, letter in (("published", "P"), ("updated", "U")):
        for name, _ in pairs(tables["labels"][kind]):
            names.word(name, letter)
    for kind, letter in MARKS.items():
        for name, _ in pairs(tables["marks"][kind]):
            names.word(name, letter)
    for name, value in pairs(tables["eras"]["base"]):
        names.word(name, "e" + value)
    for name, _ in pairs(tables["about"]["words"]):
        names.word(name, "a")
    for name, _ in pairs(tables["now"]["words"]):
        names.word(name, "R")


def add_hand_names(names: Names, tables: Mapping[str, Any]) -> None:
    """The words of one language each."""
    for section, letter in (
        ("months", "M"),
        ("weekdays", "W"),
        ("days", "T"),
        ("jalali", "Kp"),
        ("hijri", "Kh"),
        ("nepali", "Kn"),
        ("ordinals", "O"),
        ("fillers", "f"),
    ):
        for language, text in tables[section].items():
            for name, value in pairs(text):
                names.word(name, letter + value, language)
    for language, text in tables["once"].items():
        for name, value in pairs(text):
            names.whole(name, value, language)
    for language, text in tables["numbers"].items():
        for name, value in pairs(text):
            for spelling in dict.fromkeys((plain(name), folded(plain(name)))):
                _add(names.numbers[spelling], value, language)
    for language, frames in tables["frames"].items():
        for unit_name, unit in pairs(tables["units"][language]):
            for frame in frames.split("|"):
                names.relative(frame.replace("{}", unit_name), unit, language)


def fresh(code: str) -> Locale:
    """A locale as CLDR has it.

    babel 2.18 resolves an alias inside the root locale's own tables (LocaleDataDict.__getitem__ writes to
    what `load("root").copy()` shares), so Japanese would get the months of whichever locale came before.
    """
    localedata._cache.clear()  # noqa: SLF001
    return Locale.parse(code)


def add_cldr(names: Names, locale: Locale) -> None:
    """Months, weekdays, halves of the day and "ago" patterns of one locale."""
    language = family(locale.language)
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated", "short"):
            for number, name in dict(locale.months.get(context, {}).get(width, {})).items():
                names.word(name, f"M{number}", language)
                if form := INFLECTED.get(language):
                    names.word(form.format(name), f"M{number}", language)
            for number, name in dict(locale.days.get(context, {}).get(width, {})).items():
                names.word(name, f"W{number}", language)
            for half in ("am", "pm"):
                if name := dict(locale.day_periods.get(context, {}).get(width, {})).get(half):
                    names.word(name, "A" + half[0], language)
    for field, forms in locale._data["date_fields"].items():  # noqa: SLF001 - babel has no public way
        unit = UNITS.get(field.split("-")[0])
        for plural, pattern in dict(dict(forms).get("past", {})).items() if unit else ():
            if "{0}" in pattern:
                if field in UNITS and plural == "one" and language in WITHOUT_ONE:
                    names.whole(pattern.replace("{0}", ""), f"1{unit}", language)
                names.relative(pattern.replace("{0}", "#"), str(unit), language)
            elif count := {"one": 1, "two": 2}.get(plural):
                names.whole(pattern, f"{count}{unit}", language)


def order_of(locale: Locale) -> str:
    """ "dmy dm": the order of a date in figures, and of its day and month where the year stands last."""
    pattern = locale.date_formats["short"].pattern
    order = "".join(dict.fromkeys(c for c in pattern if c in "dMy")).lower()
    if order != "ymd":
        return f"{order} {order.replace('y', '')}"
    short = str(locale.datetime_skeletons.get("Md", ""))
    return "ymd dm" if re.match(r"\W*d", short) else "ymd ?"


def build() -> dict[str, Any]:
    """Everything, ready to be written."""
    tables = tomllib.loads((DATES / "words.toml").read_text(encoding="utf-8"))
    names = Names()
    add_marks(names, tables)
    add_hand_names(names, tables)
    for code in LOCALES:
        locale = fresh(code)
        add_cldr(names, locale)
        names.order.setdefault(family(locale.language), order_of(locale))
    for region, order in pairs(tables["order"]["region"]):
        names.order[region] = f"{order} {order.replace('y', '')}"
    return {
        "words": {key: _spec(meanings) for key, meanings in sorted(names.words.items())},
        "ago": {key: _spec(meanings) for key, meanings in sorted(names.ago.items())},
        "once": {key: _spec(meanings) for key, meanings in sorted(names.once.items())},
        "numbers": {key: _spec(meanings) for key, meanings in sorted(names.numbers.items())},
        "openers": sorted(names.openers),
        "order": dict(sorted(names.order.items())),
        "stems": {
            "P": sorted(plain(stem) for stem in tables["labels"]["published_stems"].split()),
            "U": sorted(plain(stem) for stem in tables["labels"]["updated_stems"].split()),
        },
    }


def _spec(meanings: Mapping[str, list[str]]) -> str:
    """One string of a word's meanings: a file of strings loads several times faster than nested tables."""
    return " ".join(
        meaning + (":" + ",".join(sorted(languages)) if "" not in languages else "")
        for meaning, languages in meanings.items()
    )


def as_text() -> str:
    """The content of names.json: one entry a line, so that a change shows in a diff."""
    return json.dumps(build(), ensure_ascii=False, indent=0, separators=(",", ":")) + "\n"


def main() -> int:
    """Write the file, or with --check say whether it is current."""
    target = DATES / "names.json"
    text = as_text()
    if "--check" in sys.argv:
        current = target.exists() and target.read_text(encoding="utf-8") == text
        print("current" if current else f"{target} is not current: run tools/make_date_names.py")
        return 0 if current else 1
    target.write_text(text, encoding="utf-8")
    print(f"{target}: {len(text.encode()) // 1024} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
