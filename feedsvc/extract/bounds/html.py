"""How much a parser would have to build from an HTML text, estimated from above in linear time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from feedsvc.errors import Code, ReadError

MAX_OPEN = 2_000  #: elements nested in one another; lexbor's cost grows with the square
MAX_TAGS = 60_000  #: opened on one page; the largest of 220 real pages has 8,000
MAX_ATTRIBUTES = 4_000  #: of one element; lexbor compares each new one with all before …
_COMPARED = 100_000_000  #: … so a page costs the sum of their squares; 0.2 s
#: … so those that have few need no counting: on the longest page at most as much as this together
_FEW = (16, 64, 256, 1_024)
_WITHIN_TAGS = 300_000  #: attributes of tags that stand in tags; scripts of real pages have hundreds
_REOPENED = 1_000_000  #: elements that a parser opens again by itself

_VALUE = r"\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\s>\"'][^\s>]*+"
_ATTRIBUTE = rf"[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:{_VALUE})?+)?+"
_NEXT_ATTRIBUTE = re.compile(_ATTRIBUTE)
#: A tag to its end; the second group are its attributes beyond few
_TAGS = {
    few: re.compile(rf"<[a-zA-Z][^\s/>]*+((?:{_ATTRIBUTE}){{0,{few}}}+)((?:{_ATTRIBUTE})*+)") for few in _FEW
}
_NAME = re.compile(r"<[a-zA-Z][^\s/>]*+")
#: HTML 13.2.6.4.7: the attributes of another one are added to the first
_ONLY_ONE = re.compile(r"<(?:html|body)(?![^\s/>])", re.I)
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
    few = max((number for number in _FEW if number * len(text) <= _COMPARED), default=_FEW[0])
    attributes = Attributes(text)
    cost = 0
    for number in (*attributes.crowded(few), attributes.shared()):
        cost += number * number if number > few else 0
        if number > MAX_ATTRIBUTES or cost > _COMPARED or attributes.read > _WITHIN_TAGS:
            raise ReadError(Code.TOO_LARGE, f"an element has more than {MAX_ATTRIBUTES:,} attributes")


class Attributes:
    """How many attributes each `<x` of a text would have, if it were a tag.

    A tag that stands in a value of another one is read from there on, as it would be if the quote were none.
    Two such readings soon agree where the next attribute begins, and are one from there. So every attribute
    is read once (at most once within each kind of quotes), however the tags are nested in one another.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._left: dict[int, int] = {}  # where an attribute begins → how many are left of its tag
        self.read = 0  #: attributes that were read one by one

    def crowded(self, few: int) -> Iterator[int]:
        """The numbers of tags that have more than `few`, and of all that stand within a tag."""
        for tag in _TAGS[few].finditer(self._text):
            inner = self._text.find("<", tag.start(1), tag.end())
            if inner < 0 and not tag[2]:
                continue
            yield self._count(tag.start(1))
            if inner >= 0:
                for name in _NAME.finditer(self._text, inner, tag.end()):
                    yield self._count(name.end())

    def shared(self) -> int:
        """The number of all that `<html` and `<body` tags have together, if there are several."""
        tags = [tag.end() for tag in _ONLY_ONE.finditer(self._text)]
        return sum(map(self._count, tags)) if len(tags) > 2 else 0

    def _count(self, at: int) -> int:
        begun = []
        while at not in self._left and (found := _NEXT_ATTRIBUTE.match(self._text, at)):
            begun.append(at)
            at = found.end()
        number = self._left.get(at, 0)
        for start in reversed(begun):
            number += 1
            self._left[start] = number
        self.read += len(begun)
        return number


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
