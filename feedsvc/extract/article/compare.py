"""When do two pieces of text say the same, whatever their case, punctuation and spacing?"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_APOSTROPHES = str.maketrans("’‘ʼ`´", "'''''")
_NO_WORD = re.compile(r"[\W_]+")


@lru_cache(maxsize=4096)
def words(text: str) -> str:
    """The words of `text`, folded in case and width, with one space between them."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_APOSTROPHES)
    return _NO_WORD.sub(" ", folded).strip()


def squeezed(text: str) -> str:
    """The letters and digits of `text`, folded: `Kabar-Kini.id` and `KABAR KINI ID` are one."""
    return words(text).replace(" ", "")


def overlap(one: str, other: str) -> float:
    """How much two texts have in common, 0 to 1: 1 equal, .9 one holds the other, else shared words."""
    a, b = words(one), words(other)
    if not a or not b:
        return 0.0
    if a == b:
        return 1.0
    short, long = sorted((a, b), key=len)
    if short in long:
        return 0.9 if len(short) > 12 else 0.5
    both = set(a.split()), set(b.split())
    return 0.8 * len(both[0] & both[1]) / len(both[0] | both[1])


def share_of_words(text: str, other: str) -> float:
    """The share of the longer words of `text` that stand in `other`, 0 to 1."""
    longer = [word for word in words(text).split() if len(word) > 3]
    said = words(other)
    return sum(word in said for word in longer) / len(longer) if longer else 0.0
