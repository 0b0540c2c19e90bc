"""How much a parser would have to build from an HTML text, estimated from above in linear time."""

from __future__ import annotations

import re
from collections import Counter

from feedsvc.errors import Code, ReadError

MAX_OPEN = 2_000  #: elements nested in one another; lexbor's cost grows with the square
MAX_TAGS = 60_000  #: opened on one page; the largest of 220 real pages has 8,000
MAX_ATTRIBUTES = 4_000  #: of one element; lexbor compares each new one with all before …
_COMPARED = 100_000_000  #: … so a page costs the sum of their squares; 0.2 s
_FEW = 12  #: attributes that need no counting
_REOPENED = 1_000_000  #: elements that a parser opens again by itself

_VALUE = r"\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\s>\"'][^\s>]*+"
_ATTRIBUTE = rf"[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:{_VALUE})?+)?+"
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_CROWDED = re.compile(rf"<[a-zA-Z][^\s/>]*+(?=((?:{_ATTRIBUTE}){{{_FEW},}}+)?+)")
#: HTML 13.2.6.4.7: the attributes of another one are added to the first
_ONLY_ONE = re.compile(rf"<(?:html|body)\b(?=((?:{_ATTRIBUTE})*+))", re.I)
_OPENING = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_CLOSED_BY_THE_NEXT = frozenset("p li dt dd tr td th".split())
#: HTML 13.2.4.3: what is open of these is opened again in the next block
_FORMATTING = re.compile(r"<(/?)(a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])", re.I)


def refuse_excess(text: str) -> None:
    """Raises ReadError (TOO_LARGE, TOO_DEEP) for an HTML text that would hold a parser up.

    Every `<x` is taken as a tag, also in scripts, comments and values: what a parser takes as one is among
    them, so nothing can hide behind a quote. Their attributes are read by HTML 13.2.5.32 ff.
    """
    if depth(text, MAX_OPEN) > MAX_OPEN:
        raise ReadError(Code.TOO_DEEP, f"more than {MAX_OPEN:,} elements are nested in one another")
    ended = text.count("</")
    if text.count("<") - ended > MAX_TAGS or ended > 4 * MAX_TAGS:
        raise ReadError(Code.TOO_LARGE, f"the page has more than {MAX_TAGS:,} elements")
    _refuse_attributes(text)
    _refuse_reopening(text)


def _refuse_attributes(text: str) -> None:
    cost = shared = 0
    # tags that stand in values of tags are read again and again: as much as this is no page
    left = 4 * len(text) + 100_000
    for pattern in (_CROWDED, _ONLY_ONE):
        for tag in pattern.finditer(text):
            if tag[1] is None:
                continue
            number = 0
            left -= tag.end(1) - tag.start(1)
            if left >= 0:
                number = sum(1 for _ in _ATTRIBUTES.finditer(text, tag.start(1), tag.end(1)))
            if pattern is _ONLY_ONE:
                shared = number = shared + number
            cost += number * number if pattern is _CROWDED else 0
            if left < 0 or number > MAX_ATTRIBUTES or cost > _COMPARED:
                raise ReadError(Code.TOO_LARGE, f"an element has more than {MAX_ATTRIBUTES:,} attributes")


def _refuse_reopening(text: str) -> None:
    """Unclosed `<b>` times paragraphs: each is opened again in each of them."""
    left = _REOPENED
    opened: Counter[str] = Counter()
    level = 0
    before = 0
    for tag in _FORMATTING.finditer(text):
        if level:
            left -= level * text.count("<", before, tag.start())
            if left < 0:
                break
        before = tag.end()
        name = tag[2].lower()
        if not tag[1]:
            opened[name] += 1
            level += 1
        elif opened[name]:
            opened[name] -= 1
            level -= 1
    if left - level * text.count("<", before) < 0:
        raise ReadError(Code.TOO_LARGE, "unclosed elements of the page open again too often")


def depth(text: str, limit: int) -> int:
    """An upper estimate of how deep the elements of `text` nest, counted up to `limit` + 1.

    An end tag counts only where an element of its name is open: `<div></x>` nests for every repetition.
    """
    if text.count("<") <= limit:
        return 0
    opened: Counter[str] = Counter()
    level = deepest = 0
    for match in _OPENING.finditer(text):
        name = match[2].lower()
        if name in _VOID:
            continue
        if not match[1]:
            if name in _CLOSED_BY_THE_NEXT and opened[name]:
                continue
            opened[name] += 1
            level += 1
            deepest = max(deepest, level)
            if deepest > limit:
                break
        elif opened[name]:
            opened[name] -= 1
            level -= 1
    return deepest
