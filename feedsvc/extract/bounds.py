"""How much a parser would have to build from an HTML text, estimated from above in linear time."""

from __future__ import annotations

import re
from collections import Counter

from feedsvc.errors import Code, ReadError

MAX_OPEN = 2_000  #: elements nested in one another; lexbor's cost grows with the square
MAX_TAGS = 60_000  #: opened on one page; the largest of 220 real pages has 8,000
MAX_ATTRIBUTES = 4_000  #: of one element; lexbor compares each new one with all before …
_COMPARED = 100_000_000  #: … so a page costs the sum of their squares; 0.2 s
#: … so those that have few need no counting: on the longest page at most as much as this together
_FEW = (16, 64, 256, 1_024)
_REOPENED = 1_000_000  #: elements that a parser opens again by itself

_VALUE = r"\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\s>\"'][^\s>]*+"
_ATTRIBUTE = rf"[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:{_VALUE})?+)?+"
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_CROWDED = {few: re.compile(rf"<[a-zA-Z][^\s/>]*+(?=((?:{_ATTRIBUTE}){{{few},}}+))") for few in _FEW}
#: HTML 13.2.6.4.7: the attributes of another one are added to the first
_ONLY_ONE = re.compile(rf"<(?:html|body)\b(?=((?:{_ATTRIBUTE})*+))", re.I)
_OPENING = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_CLOSED_BY_THE_NEXT = frozenset("p li dt dd tr td th".split())
#: HTML 13.2.4.3: what is open of these is opened again in the next block
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_SAMPLE = 200_000  #: characters that tell why a page has too many elements
_TOO_FEW = 1_000  #: elements that can neither nest too deep nor be opened again too often
_NESTED = f"more than {MAX_OPEN:,} elements are nested in one another"


def refuse_excess(text: str) -> None:
    """Raises ReadError (TOO_LARGE, TOO_DEEP) for an HTML text that would hold a parser up.

    Every `<x` is taken as a tag, also in scripts, comments and values: what a parser takes as one is among
    them, so nothing can hide behind a quote. Their attributes are read by HTML 13.2.5.32 ff.
    """
    ended = text.count("</")
    begun = text.count("<") - ended
    if begun > MAX_TAGS:
        # an honest error for the worst of them: what nests too deep is mostly too much as well
        if depth(text[:_SAMPLE], MAX_OPEN) > MAX_OPEN:
            raise ReadError(Code.TOO_DEEP, _NESTED)
        raise ReadError(Code.TOO_LARGE, f"the page has more than {MAX_TAGS:,} elements")
    if ended > 4 * MAX_TAGS:
        raise ReadError(Code.TOO_LARGE, f"the page has more than {4 * MAX_TAGS:,} end tags")
    if begun > _TOO_FEW:
        deepest, reopened = _nesting(text, MAX_OPEN)
        if deepest > MAX_OPEN:
            raise ReadError(Code.TOO_DEEP, _NESTED)
        if reopened > _REOPENED:
            raise ReadError(Code.TOO_LARGE, "unclosed elements of the page open again too often")
    _refuse_attributes(text)


def _refuse_attributes(text: str) -> None:
    cost = shared = 0
    # tags that stand in values of tags are read again and again: as much as this is no page
    left = 4 * len(text) + 100_000
    few = max((number for number in _FEW if number * len(text) <= _COMPARED), default=_FEW[0])
    crowded = _CROWDED[few]
    for pattern in (crowded, _ONLY_ONE):
        for tag in pattern.finditer(text):
            number = 0
            left -= tag.end(1) - tag.start(1)
            if left >= 0:
                number = sum(1 for _ in _ATTRIBUTES.finditer(text, tag.start(1), tag.end(1)))
            if pattern is _ONLY_ONE:
                shared = number = shared + number
            cost += number * number if pattern is crowded else 0
            if left < 0 or number > MAX_ATTRIBUTES or cost > _COMPARED:
                raise ReadError(Code.TOO_LARGE, f"an element has more than {MAX_ATTRIBUTES:,} attributes")


def depth(text: str, limit: int) -> int:
    """An upper estimate of how deep the elements of `text` nest, counted up to `limit` + 1."""
    return 0 if text.count("<") <= limit else _nesting(text, limit)[0]


def _nesting(text: str, limit: int) -> tuple[int, int]:
    """How deep elements nest, and how often unclosed formatting (`<b>`) opens again; both from above.

    An end tag counts only where an element of its name is open: `<div></x>` nests for every repetition.
    Counting ends where the depth passes `limit`.
    """
    opened: Counter[str] = Counter()
    level = deepest = formatting = reopened = 0
    for ending, given in _OPENING.findall(text):
        name = given.lower()
        reopened += formatting
        if name in _VOID:
            continue
        if not ending:
            if name in _CLOSED_BY_THE_NEXT and opened[name]:
                continue
            opened[name] += 1
            level += 1
            formatting += name in _FORMATTING
            if level > deepest:
                deepest = level
                if deepest > limit:
                    break
        elif opened[name]:
            opened[name] -= 1
            level -= 1
            formatting -= name in _FORMATTING
    return deepest, reopened
