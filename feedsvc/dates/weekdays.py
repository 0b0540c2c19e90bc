"""The weekday that stands beside a date: it does not tell the date, but it can contradict it."""

from __future__ import annotations

import re
from typing import NamedTuple

from feedsvc.dates.line import Line

_BEFORE = re.compile(r"W[.,|/\-~('f]{0,4}$")
_BEHIND = re.compile(r"[.,|/\-~(fyo]{0,3}W")
_IN_BRACKETS = re.compile(r"\(.\(")
#: one letter between brackets, behind a Japanese, Korean or Chinese date
_LETTERS = {letter: i % 7 for i, letter in enumerate("月火水木金土日월화수목금토일一二三四五六天")}
#: A word of so few Latin letters that is no weekday in the page's language is likelier a name: Don, Sam.
_SHORT = 3


class Weekday(NamedTuple):
    """A weekday and the tokens from which to before which it and its date stand."""

    values: frozenset[int]  #: what it may mean, 0 is Monday; empty: nothing in this line's language
    start: int
    end: int


def weekday_near(line: Line, start: int, end: int) -> Weekday | None:
    """The weekday right before or behind the date in the tokens `start` to before `end`."""
    if match := _BEFORE.search(line.shape, max(0, start - 5), start):
        return Weekday(_values(line, match.start(), start, end), match.start(), end)
    if match := _BEHIND.match(line.shape, end):
        return Weekday(_values(line, match.end() - 1, start, end), start, match.end())
    if _IN_BRACKETS.match(line.shape, end) and (letter := line.raw(end + 1)) in _LETTERS:
        return Weekday(frozenset({_LETTERS[letter]}), start, end + 3)
    return None


def _values(line: Line, i: int, start: int, end: int) -> frozenset[int]:
    word = line.words[i]
    assert word is not None
    if line.language in word.weekdays:
        return frozenset({word.weekdays[line.language]})
    if line.language and line.size(i) <= _SHORT and line.raw(i).isascii():
        return frozenset()
    month = next((w for w in line.words[start:end] if w and w.months), None)
    return frozenset(n for language, n in word.weekdays.items() if month is None or language in month.months)
