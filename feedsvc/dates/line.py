"""A text as a line of tokens, and its shape: one letter for each token.

    Kamis, 18 Desember 2025 | 19:00 WIB
    W    , n  M        Y    | n :n  Z      → shape "W,nMY|n:nZ"

Dates and clocks are then found by short patterns over the shape, whatever the language, the script of the
digits and the spaces between. The letters of words stand at vocabulary.Word; beside them

    n one or two digits · Y a year · B a year of the Buddhist era · J one of the Persian or Hijri calendars
    O, where a day is counted in words (بیست و یکم before a month), and 十八 in 十二月十八日, are n as well
    C a year of Taiwan's count (`with_years_of_taiwan`)
    D eight digits · x any other number · o what is glued to a number ("18th") · w any other word
    . , : / - + ' ( |   the signs themselves, with their twins in other scripts; | also is any other sign
    ~ a dash between spaces, which parts what stands around it
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from feedsvc.dates.spelling import hangul, plain, unspaced
from feedsvc.dates.vocabulary import Word, look_up, phrases_from, pieces

#: What is read of a text; a date line is shorter, and a longer text is prose.
LONGEST_LINE = 300


def _ranges(codes: Iterable[int]) -> str:
    """The inside of a character class: Python's \\w leaves out the vowel signs of many scripts."""
    spans: list[list[int]] = []
    for code in codes:
        if spans and code == spans[-1][1] + 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in spans)


#: unknown words of so few letters may be endings ("18-án") and particles ("18 ta Diċembru")
_SHORT = 3
_NUMBER, _SIGN = 1, 3  # groups of _TOKEN; the second is a word
_MARKS = _ranges(c for c in range(0x300, 0x1A00) if unicodedata.category(chr(c)) in ("Mn", "Mc"))
_LETTER = rf"[^\W\d_][{_MARKS}\u200c\u200d]*"
_RUN = rf"[^\W\d_]+(?:[{_MARKS}\u200c\u200d]+[^\W\d_]*)*"
_TOKEN = re.compile(
    r"(\d+)"
    rf"|((?:{_LETTER}){{1,3}}(?:\.(?:{_LETTER}){{1,3}})+(?![^\W\d_])|{_RUN}(?:['’‘ʼ`´]{_RUN})*)"
    r"|([^\s\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff])"
)
#: where words have grown together: GearApr, UhrStuttgart, WIBJakarta
_SEAM = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SIGNS = {
    **dict.fromkeys(".．。｡·׳॰", "."),
    **dict.fromkeys(",，、،﹐;；", ","),
    **dict.fromkeys(":：∶︰", ":"),
    **dict.fromkeys("/／⁄∕", "/"),
    **dict.fromkeys("-‐‑‒–—―−－~〜～", "-"),
    **dict.fromkeys("+＋", "+"),
    **dict.fromkeys("'’‘ʼ`´＇", "'"),
    **dict.fromkeys("()[]（）［］【】「」『』〔〕<>《》", "("),
    **dict.fromkeys("°˚", "o"),
}
_HALF = re.compile(r"(\d\s{0,2})([ap])(\.?)\s{1,2}m(?![^\W\d_])(\.?)", re.I)  # 7:05 p. m.
_FIRST_YEAR = re.compile(r"(?<=令和|平成|昭和|民國|民国)元(?=年)")  # the first year of an era
#: Japan's eras by their letters: R7.12.18 is ㋿7.12.18
_ERA_LETTER = re.compile(r"(?<![A-Za-z\d])[RHS](?=\d{1,2}(?P<s>[./\-])\d{1,2}(?P=s)\d{1,2}(?![\d./\-]))")
_ERAS = {"R": "㋿", "H": "㍻", "S": "㍼"}
_CJK_DIGITS = "〇一二三四五六七八九零"
_IN_CJK_NUMBERS = re.compile(
    rf"(?:(?P<year>[十百{_CJK_DIGITS}]{{1,5}})年)?(?P<month>[十{_CJK_DIGITS}]{{1,3}})月(?P<day>[十{_CJK_DIGITS}]{{1,4}})[日号號]"
)
YEAR_OF_TAIWAN = 1911  #: its year 0
_TAIWAN = re.compile(r"(?<![nxYe./\-])x(?=(?P<s>[./\-])n(?P=s)n|ynl)")
_TWICE = re.compile(r"(M)(?:/|\((?=M\())(M)(?:(?<=\(M)\()?")
#: kinds that are no letters and digits
SIGN_KINDS = frozenset(".,:/-~+'(|")
#: kind, start, end, meaning
Token = tuple[str, int, int, Word | None]


class Line:
    """A text, its tokens and its shape. Made by `line_of`; nothing changes it afterwards."""

    __slots__ = ("ends", "language", "shape", "starts", "text", "words")

    def __init__(self, text: str, language: str, tokens: list[Token]) -> None:
        self.text = text
        self.language = language
        self.shape = "".join([token[0] for token in tokens])
        self.starts = [token[1] for token in tokens]
        self.ends = [token[2] for token in tokens]
        self.words = [token[3] for token in tokens]

    def raw(self, i: int) -> str:
        """The text of token `i`."""
        return self.text[self.starts[i] : self.ends[i]]

    def number(self, i: int) -> int:
        """The value of the number that token `i` is."""
        word = self.words[i]
        number = int(word.value if word else self.text[self.starts[i] : self.ends[i]])
        return number + YEAR_OF_TAIWAN if self.shape[i] == "C" else number

    def size(self, i: int) -> int:
        """How many letters or digits token `i` has."""
        return self.ends[i] - self.starts[i]

    def value(self, i: int) -> str:
        """The value of the word that token `i` is."""
        word = self.words[i]
        return word.value if word else ""

    def glued(self, i: int) -> bool:
        """Does token `i` touch the one before it?"""
        return 0 < i < len(self.starts) and self.starts[i] == self.ends[i - 1]

    def letters(self, start: int, end: int) -> int:
        """How many letters and digits the tokens from `start` to before `end` have."""
        return sum(self.size(i) for i in range(start, end) if self.shape[i] not in SIGN_KINDS)


def line_of(text: str, language: str) -> Line:
    """Cut a text into tokens; words mean what they mean in `language` (vocabulary.look_up)."""
    text = _flattened(text[: LONGEST_LINE + 1], language) + text[LONGEST_LINE + 1 :]
    matches = list(_TOKEN.finditer(text, 0, LONGEST_LINE))
    if len(text) > LONGEST_LINE and matches:
        matches.pop()  # the cut may have gone through it
    tokens: list[Token] = []
    skip = 0
    for i, match in enumerate(matches):
        if skip:
            skip -= 1
            continue
        raw = match[0]
        start, end = match.span()
        if match.lastindex == _NUMBER:
            tokens.append((_number_kind(raw), start, end, None))
        elif raw in _ERAS.values() and (word := look_up(plain(raw), language)):
            tokens.append((word.kind, start, end, word))
        elif match.lastindex == _SIGN:
            sign = _SIGNS.get(raw, "|")
            spaced = sign == "-" and text[max(0, start - 1)].isspace() and text[end : end + 1].isspace()
            tokens.append(("~" if spaced else sign, start, end, None))
        elif (word := look_up(raw, language)) and not phrases_from(raw):
            tokens.append((_ordinal(word.kind, raw, start, tokens), start, end, word))
        elif phrase := _phrase(matches, i, language):
            skip = phrase[0]
            tokens.append((phrase[1].kind, start, matches[i + skip].end(), phrase[1]))
        elif word:
            tokens.append((word.kind, start, end, word))
        elif _is_plain(raw):
            tokens.append(("w", start, end, None))
        else:
            tokens.extend(_unknown(raw, start, language, tokens))
    return Line(text, language, _once(_counted(tokens)))


def _flattened(text: str, language: str) -> str:
    """`text` with some spellings of two tokens as one, of the same length."""
    text = _HALF.sub(_joined, text)
    if language == "ja":
        text = _ERA_LETTER.sub(lambda found: _ERAS[found[0]], text)
    return _FIRST_YEAR.sub("1", text)


def _joined(found: re.Match[str]) -> str:
    before, first, dot, last = found.groups()
    half = f"{first}{dot}m{last}"
    return before + half.rjust(len(found[0]) - len(before))


def _counted(tokens: list[Token]) -> list[Token]:
    """A day in words is a number before the name of a month; elsewhere it is a word like others."""
    for i, (kind, start, end, word) in enumerate(tokens):
        if kind == "O":
            is_day = i + 1 < len(tokens) and tokens[i + 1][0] == "K"
            tokens[i] = ("n", start, end, word) if is_day else ("w", start, end, None)
    return tokens


def _once(tokens: list[Token]) -> list[Token]:
    """A month that is named twice, in two sets of names, once: كانون الأول/ديسمبر, Styczeń (January)."""
    kinds = "".join([token[0] for token in tokens])
    for found in reversed(list(_TWICE.finditer(kinds))):
        first, second = tokens[found.start(1)], tokens[found.start(2)]
        months = [set(word.months.values()) if word else set() for word in (first[3], second[3])]
        if months[0] & months[1]:
            tokens[found.start() : found.end()] = [(first[0], first[1], tokens[found.end() - 1][2], first[3])]
    return tokens


def with_years_of_taiwan(line: Line) -> Line:
    """The line of a page from Taiwan, where 114/12/18 and 114年12月18日 are dates of 2025."""
    found = {
        match.start() for match in _TAIWAN.finditer(line.shape) if 80 <= line.number(match.start()) < 200
    }
    if not found:
        return line
    kinds = ("C" if i in found else kind for i, kind in enumerate(line.shape))
    return Line(line.text, line.language, list(zip(kinds, line.starts, line.ends, line.words, strict=True)))


def _number_kind(digits: str) -> str:
    size = len(digits)
    if size < 3:
        return "n"
    if size == 4:
        return _year_kind(digits)
    return "D" if size == 8 and digits[:2] in ("19", "20") else "x"


@lru_cache(maxsize=512)
def _year_kind(digits: str) -> str:
    year = int(digits)
    if 1900 <= year < 2200:
        return "Y"
    if 2400 <= year < 2700:
        return "B"
    return "J" if 1300 <= year < 1500 else "x"


def _ordinal(kind: str, raw: str, start: int, before: list[Token]) -> str:
    """A short word that touches the number before it belongs to it: 1º, 8de, 2025م ("pm" elsewhere)."""
    glued = len(raw) < 3 and before and before[-1][2] == start
    number = before[-1][0] if glued else ""
    return "o" if (kind in "tfWM" and number == "n") or (kind in "A" and number == "Y") else kind


def _phrase(matches: list[re.Match[str]], i: int, language: str) -> tuple[int, Word] | None:
    """The phrase that begins with match `i`: how many more matches it takes, and its meaning."""
    for rest in phrases_from(matches[i][0]):
        j = i + 1
        for part in rest:
            if j < len(matches) and matches[j][0] in "-‐–":
                j += 1
            if j == len(matches) or plain(matches[j][0]) != part:
                break
            j += 1
        else:
            if word := look_up(" ".join((plain(matches[i][0]), *rest)), language):
                return j - i - 1, word
    return None


def _is_plain(raw: str) -> bool:
    """Is this unknown word nothing but a word, whatever stands around it?"""
    grown = not (raw.islower() or raw.isupper() or raw.istitle()) and _SEAM.search(raw)
    return not (len(raw) <= _SHORT or "." in raw or unspaced(raw[0]) or hangul(raw[0]) or grown)


def _unknown(raw: str, start: int, language: str, before: list[Token]) -> Iterator[Token]:
    """A word that is in no table: cut where words may have grown together, or taken for what it may be."""
    after_number = bool(before) and before[-1][2] == start and before[-1][0] in "nYBJDx"
    end = start + len(raw)
    if "." in raw:
        spans = [m.span() for m in re.finditer(r"[^.]+|\.", raw)]
        yield from _parts(raw, start, spans, language, after_number=after_number)
    elif found := _IN_CJK_NUMBERS.search(raw):
        yield from _unknown(raw[: found.start()], start, language, before) if found.start() else ()
        yield from _cjk_date(found, start)
        if found.end() < len(raw):
            yield from _unknown(raw[found.end() :], start + found.end(), language, [])
    elif unspaced(raw[0]) or (after_number and hangul(raw[0])):
        spans = list(pieces(raw, after_number=hangul(raw[0])))
        yield from _parts(raw, start, spans, language, after_number=after_number)
    elif len(raw) > _SHORT and _SEAM.search(raw):
        cuts = [0, *(m.start() for m in _SEAM.finditer(raw)), len(raw)]
        yield from _parts(raw, start, list(pairwise(cuts)), language, after_number=after_number)
    elif (len(raw) <= _SHORT and after_number) or (len(raw) <= _SHORT and _hyphenated(before, start)):
        yield "o", start, end, None
    elif len(raw) == 1 or (len(raw) <= _SHORT and raw.islower()):
        yield "f", start, end, None
    else:
        yield "w", start, end, None


def _cjk_date(found: re.Match[str], start: int) -> Iterator[Token]:
    for name, sign in (("year", "y"), ("month", "l"), ("day", "j")):
        if found[name]:
            number, end = str(_cjk_value(found[name])), start + found.end(name)
            yield _number_kind(number), start + found.start(name), end, Word("O", number)
            yield sign, end, end + 1, Word(sign)


def _cjk_value(numerals: str) -> int:
    """二〇二五 is 2025, 十八 18, 三十一 31, 一百一十四 114."""
    if not set("十百") & set(numerals):
        return int("".join(str(_CJK_DIGITS.index(char) % 10) for char in numerals))
    value = digit = 0
    for char in numerals:
        if char in "十百":
            value += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = _CJK_DIGITS.index(char) % 10
    return value + digit


def _hyphenated(before: list[Token], start: int) -> bool:
    """Does the word at `start` hang on a number by a hyphen, as in 18-án?"""
    return (
        len(before) > 1
        and before[-1][0] == "-"
        and before[-1][2] == start
        and before[-2][0] in "nY"
        and before[-2][2] == before[-1][1]
    )


def _parts(
    raw: str, start: int, spans: list[tuple[int, int]], language: str, *, after_number: bool
) -> Iterator[Token]:
    for a, b in spans:
        part = raw[a:b]
        word = look_up(part, language)
        kind = word.kind if word else _SIGNS.get(part, "w")
        if b - a == 1 and kind in "yljhmc" and (a or not after_number):
            kind = "w"  # 分 right behind a number is the minute, in 分享 it is not
        yield kind, start + a, start + b, word
