"""The parts of a date: what a token says as a year or as a month's name."""

from __future__ import annotations

import re
from collections.abc import Mapping

from feedsvc.dates.calendars import BUDDHIST, NEPALI_FIRST, full_year
from feedsvc.dates.hints import Hints
from feedsvc.dates.line import Line
from feedsvc.dates.vocabulary import month_beginning

#: Of two-digit years in Thai texts, from here on they are of the Buddhist era (2543 is 2000).
_BUDDHIST_SHORT = 43
_BETWEEN_NUMBERS = re.compile(r"[nY][.,\-]?([wW])[.,\-]?(?=[nY])")


def year_of(line: Line, i: int, hints: Hints) -> int:
    """The year of token `i` in our count; 0, which is out of range, if the page does not use its calendar."""
    year = line.number(i)
    if line.shape[i] == "n":
        thai = year >= _BUDDHIST_SHORT and _thai(line, hints)
        return year + 2500 - BUDDHIST if thai else full_year(year)
    if line.shape[i] == "B":
        return year - BUDDHIST if _thai(line, hints) else 0
    nepali = hints.language == "ne" and year >= NEPALI_FIRST
    return 0 if line.shape[i] == "J" or nepali else year


def _thai(line: Line, hints: Hints) -> bool:
    return hints.language in ("th", "lo") or any("\u0e00" <= c < "\u0f00" for c in line.text)


def month_of(line: Line, i: int) -> int:
    """The month that token `i` names; 0 where its languages disagree and no other word decides."""
    word = line.words[i]
    assert word is not None
    months: Mapping[str, int] = word.months
    if line.language in months:
        return months[line.language]
    values = set(months.values())
    if len(values) > 1:
        named = [
            w.weekdays or w.months for w in line.words if w and w is not word and (w.weekdays or w.months)
        ]
        values = {value for language, value in months.items() if any(language in other for other in named)}
    return values.pop() if len(values) == 1 else 0


def with_guessed_months(line: Line) -> Line | None:
    """The line with words between numbers read as months; None if there are none.

    These are beginnings of names ("12 Novem 2024"), and names that are weekdays in most languages
    ("9 sen 2022").
    """
    tokens = list(zip(line.shape, line.starts, line.ends, line.words, strict=True))
    found = False
    for match in _BETWEEN_NUMBERS.finditer(line.shape):
        i = match.start(1)
        known = line.words[i]
        word = known if known and known.months else month_beginning(line.raw(i), line.language)
        if word:
            tokens[i] = ("M", line.starts[i], line.ends[i], word)
            found = True
    return Line(line.text, line.language, tokens) if found else None
