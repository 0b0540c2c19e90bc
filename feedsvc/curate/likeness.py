"""Whether two texts tell one story: near-equal, or so unlike that an address was used again.

Likeness alone proves nothing: prayer times and gold prices are near-equal every day. Callers ask for it only
where something else says that one of two addresses took the place of the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache

from feedsvc.model import Story

NEAR_TITLE = 0.6  #: shared words of two titles that may be one, rewritten
NEAR_BODY = 0.6  #: shared word triples of two versions of one text
NEAR_NUMBERS = 0.5  #: shared numbers of two versions of one text: one of three may have been corrected
FAR_TITLE, FAR_BODY = 0.3, 0.15  #: below both: another story
LATER = timedelta(hours=1)
TELLING = 4  #: letters of a word that says what a text is about
STEM = 5  #: letters by which two forms of one word are the same
ENOUGH_WORDS = 3  #: of a headline, from which on it can be missed in a text

_MARKUP = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")  # Thai … Han
_NUMBER = re.compile(r"\d+")
_FIGURE = re.compile(r"\d+(?:[.,:/]\d+)*")  # 1.234.500 and 04:12 are one each


def words(text: str) -> list[str]:
    """The words of a text or of HTML; of scripts that put no spaces between them, pairs of characters."""
    found: list[str] = []
    for word in _WORD.findall(_MARKUP.sub(" ", text).casefold()):
        if len(word) > 2 and _UNSPACED.search(word):
            found += [word[n : n + 2] for n in range(len(word) - 1)]
        else:
            found.append(word)
    return found


def told(title: str, text: str) -> float:
    """The share of a headline's telling words that a text (or HTML) has, in whatever form: 0 to 1.

    1 for a headline that has too few of them to be missed.
    """
    wanted = _telling(title)
    return len(wanted & _telling(text)) / len(wanted) if len(wanted) >= ENOUGH_WORDS else 1.0


def _telling(text: str) -> frozenset[str]:
    found = (word for word in words(text) if not word.isdecimal())
    return frozenset(word[:STEM] for word in found if len(word) >= TELLING or _UNSPACED.search(word))


def overlap(one: Iterable[object], other: Iterable[object]) -> float:
    """Shared members of two sets, as a share of both together (Jaccard)."""
    a, b = set(one), set(other)
    return len(a & b) / len(a | b) if a and b else 0.0


@lru_cache(maxsize=256)
def _triples(text: str) -> frozenset[int]:
    """The hashes of each three words in a row. Kept for a while: a newcomer is compared with many."""
    found = words(text)
    return frozenset(hash(tuple(found[n : n + 3])) for n in range(len(found) - 2))


def same_numbers(one: str, other: str) -> bool:
    """Whether two titles name the same numbers: "Harga emas 18 Desember" and "… 19 Desember" do not."""
    return numbers(one) == numbers(other)


def numbers(title: str) -> tuple[str, ...]:
    """The numbers that a title names, sorted."""
    return tuple(sorted(_NUMBER.findall(title)))


def titles_near(one: str, other: str) -> bool:
    """Whether two headlines may stand over one story."""
    return same_numbers(one, other) and overlap(words(one), words(other)) >= NEAR_TITLE


def near(one: Story, other: Story) -> bool:
    """Whether two articles tell the same, as far as their texts go."""
    if one.content and other.content:
        return overlap(_triples(one.content), _triples(other.content)) >= NEAR_BODY
    return titles_near(one.title, other.title)


def retold(one: Story, other: Story) -> bool:
    """Whether two texts are near-equal and no two days of one template (prayer times, gold prices, scores).

    Templates repeat their words and change their numbers; corrections change one number of many.
    """
    if not same_numbers(one.title, other.title) or not near(one, other):
        return False
    first, second = (_FIGURE.findall(_MARKUP.sub(" ", text.content)) for text in (one, other))
    return not first or not second or overlap(first, second) >= NEAR_NUMBERS


def reused(old: Story, new: Story, old_date: datetime | None, new_date: datetime | None) -> bool:
    """Whether an address that carried `old` now carries another story: other words, and a later date."""
    if old_date is None or new_date is None or new_date < old_date + LATER:
        return False
    if overlap(words(old.title), words(new.title)) >= FAR_TITLE:
        return False
    if old.content and new.content:
        return overlap(_triples(old.content), _triples(new.content)) < FAR_BODY
    return True
