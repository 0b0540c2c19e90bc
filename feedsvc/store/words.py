"""Words as a search knows them: the same of an article and of a question, on every database."""

from __future__ import annotations

import re
import unicodedata

# Scripts that write words without spaces, or join particles to them: Thai, Lao, Burmese, Khmer, Kana,
# Hangul, Han.
# Each of their letters is a word, and words of several letters are phrases; so any part of a run is found.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\ua980-\ua9df\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")


def words(text: str) -> list[str]:
    """The words of a text, in order; composed (NFC), so that both spellings of a letter are one.

    Signs that belong to a letter and are none themselves (some vowels of Thai and Khmer) are left out.
    """
    found = _WORD.findall(unicodedata.normalize("NFC", text))
    return [word for word in found if unicodedata.category(word[0])[0] not in "MSZC"]
