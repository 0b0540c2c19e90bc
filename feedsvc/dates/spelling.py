"""The forms under which words are kept and compared: case, accents, apostrophes, scripts."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ALIASES = {"nb": "no", "nn": "no", "in": "id", "iw": "he", "tl": "fil", "sh": "sr", "mo": "ro", "jw": "jv"}
_APOSTROPHES = {ord(c): "'" for c in "’‘ʼ`´′＇"}
_PLAIN = str.maketrans(
    {
        ".": None,
        "-": " ",
        "_": " ",
        "\u200c": None,
        "\u200d": None,
        "\u0307": None,
        "\u0640": None,
        "׳": None,
        "॰": None,
    }
)
#: letters that people write for one another: Persian and Arabic forms, the dotless i, ё
_TWINS = str.maketrans(
    {"ي": "ی", "ى": "ی", "ك": "ک", "ۀ": "ه", "ة": "ه", "ı": "i", "ё": "е", "đ": "d", "ø": "o", "ł": "l"}
)
_MARK = re.compile("[\u0300-\u036f\u064b-\u0655]")
_NOT_LETTERS = re.compile(r"[^\w#]|_")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
_HANGUL = re.compile("[\uac00-\ud7a3]")


def family(language: str) -> str:
    """The language that holds the words for this one: both written forms of Norwegian are "no"."""
    return _ALIASES.get(language, language)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """The form under which words are kept: no capitals, dots, curly apostrophes; hyphens are spaces."""
    lower = text.casefold().translate(_APOSTROPHES)
    if not lower.isascii():
        lower = unicodedata.normalize("NFKC", lower)
    return lower.translate(_PLAIN).strip()


def folded(key: str) -> str:
    """A plain word without the accents that people leave out: Latin, Greek and Arabic ones, not й."""
    if key.isascii():
        return key
    return "".join(_bare(c) for c in key if not _MARK.match(c)).translate(_TWINS)


@lru_cache(maxsize=2048)
def _bare(character: str) -> str:
    parts = unicodedata.normalize("NFD", character)
    strips = len(parts) > 1 and (parts[0] < "\u0400" or "\u0600" <= parts[0] < "\u0700")
    return parts[0] if strips else character


@lru_cache(maxsize=4096)
def squashed(text: str) -> str:
    """Only letters and #: how "ago" phrases are kept, whatever stands between their words."""
    return _NOT_LETTERS.sub("", folded(plain(text)))


def unspaced(letter: str) -> bool:
    """Does this letter belong to a script that puts no spaces between words?"""
    return _UNSPACED.match(letter) is not None


def hangul(letter: str) -> bool:
    """Is this a Korean letter?"""
    return _HANGUL.match(letter) is not None
