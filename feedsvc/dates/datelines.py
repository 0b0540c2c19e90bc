"""Telling a date line from a title: is this short text a date and hardly anything else?

The list reader asks this of every piece of text on a page, so most answers must come without reading: no
digit, and no word with which a date without digits begins.
"""

from __future__ import annotations

import re

from feedsvc.dates.clock import clocks
from feedsvc.dates.days import days_without_year, full_days
from feedsvc.dates.hints import Hints, hints_of
from feedsvc.dates.line import Line, line_of
from feedsvc.dates.recent import ANY_DAY
from feedsvc.dates.relative import ago_in
from feedsvc.dates.spelling import squashed, unspaced
from feedsvc.dates.vocabulary import first_words

#: So much of the letters and digits must belong to the date.
SHARE = 0.75
#: Longer texts are no date lines; with few digits, or without any, they are shorter still.
LONGEST, LONGEST_FEW_DIGITS, LONGEST_UNSPACED = 120, 40, 12
FEW_DIGITS = 4  #: a year or a clock has as many
MOST_WORDS = 6  #: of a date without digits

_DIGIT = re.compile(r"\d")
_WORDS = re.compile(r"[^\s,.:;|()\-–—/]+")
#: words that go with a date: weekday, zone, half of the day, labels, fillers, marks, "about"
_COMPANY = frozenset("WZAPUfthaoN")
_MONTH_AND_YEAR = re.compile(r"(?<!n)[MK][.,f]{0,2}[YBJ]|(?:Y[yf])nl")


def is_date(text: str, language: str = "") -> bool:
    """Is (nearly) the whole of this short text a date, a time, or both, with what goes with them?

    A date need not be readable: 05/06/2025 is one whatever its order. Never raises.
    """
    if not _may_be_date(text.strip()):
        return False
    hints = hints_of(language, None, None)
    line = line_of(text, hints.language)
    covered = _covered(line, hints)
    if not covered:
        return False
    own = sum(line.size(i) for i, kind in enumerate(line.shape) if i in covered or kind in _COMPANY)
    return own >= SHARE * line.letters(0, len(line.shape))


def _may_be_date(text: str) -> bool:
    """The quick no: without digits, only a short text with a word like "kemarin", "sejam", 昨天 goes on."""
    if not text or len(text) > LONGEST:
        return False
    digits = len(_DIGIT.findall(text))
    if digits >= FEW_DIGITS:
        return True
    if len(text) > LONGEST_FEW_DIGITS:
        return False
    if digits:
        return True
    if unspaced(text[0]):
        return len(text) <= LONGEST_UNSPACED
    words = _WORDS.findall(text)
    return len(words) <= MOST_WORDS and not first_words().isdisjoint(map(squashed, words))


def _covered(line: Line, hints: Hints) -> set[int]:
    """The tokens of the dates and clocks of a line."""
    spans = [(day.start, day.end) for day in full_days(line, hints)]
    if not spans:
        spans = [(day.start, day.end) for day in days_without_year(line, hints, ANY_DAY.date())]
    if not spans and (ago := ago_in(line)):
        spans.append((ago.start, ago.end))
    spans += [match.span() for match in _MONTH_AND_YEAR.finditer(line.shape)]
    spans += [(i, i + 1) for i, kind in enumerate(line.shape) if kind in "TR"]
    spans += [(clock.start, clock.end) for clock in clocks(line, 0, len(line.shape), sure=not spans)]
    return {i for start, end in spans for i in range(start, end)}
