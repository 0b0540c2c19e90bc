"""Which blocks are the article: trafilatura's choice, checked against the page's fullest element."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable

from lxml.html import HtmlElement

from feedsvc.extract.article.body.blocks import Block
from feedsvc.extract.article.body.layout import LONG, OUTSIDE, container_of, running_text
from feedsvc.extract.article.compare import squeezed
from feedsvc.extract.outline import Part

MAX_ELEMENTS = 12_000  #: a larger page is read without trafilatura, whose cost grows faster than the page
_AGREED = 0.6  #: share of a choice from which another confirms it
_FULLER = 3  #: times as much running text; what shares nothing with a container so much fuller is wrong
_FULL = 500  #: … as reading_length counts characters
_SURE = 0.85  #: share of both choices that they have in common, from which no third one is asked
EXACT = 20  #: characters; a shorter line has to be equal, a longer one may be part of another


def base_choice(
    text: str, blocks: list[Block], elements: int, titles: frozenset[str] = frozenset()
) -> frozenset[int]:
    """The blocks that trafilatura takes, or on a huge or strange page those of the fullest container.

    `titles`: squeezed headlines of the article; the text is right below.
    """
    if elements > MAX_ELEMENTS:
        return fullest_container(blocks)
    full = fullest_container(blocks)
    tree = _parsed(text)
    quick = _matched(_trafilatura_text(tree, strict=True, fast=True), blocks)
    if _is_sure(quick, full, blocks):
        return quick  # its comparison with further algorithms would take as long again
    strict = _matched(_trafilatura_text(tree, strict=True), blocks)
    here = _amount(strict, blocks)
    if here and _amount(strict & full, blocks) >= _AGREED * here:
        return strict  # two rules of different kinds say the same
    lenient = _matched(_trafilatura_text(tree, strict=False, fast=True), blocks)
    most = _FULLER * max(_amount(lenient, blocks), here)
    if not (strict | lenient) & full and _amount(full, blocks) >= max(most, _FULL):
        return full  # both fell for readers' comments or the page's frame
    if not strict & full and _amount(full, blocks) > here and _right_below(blocks, titles) & full:
        return full  # it fell for another part of the page
    if here and _amount(strict & lenient, blocks) >= _AGREED * here:
        return strict
    return lenient or full  # the strict choice fell for a dialog or a box of teasers


def _right_below(blocks: list[Block], titles: frozenset[str]) -> frozenset[int]:
    """The first paragraphs of running text below the headline; a long line of dates and names may be one."""
    title = next((block.number for block in blocks if block.is_text and block.key in titles), None)
    if title is None:
        return frozenset()
    return frozenset([block.number for block in blocks[title + 1 :] if _is_running(block)][:2])


def _is_running(block: Block) -> bool:
    """Whether a block is a paragraph of running text in no place for other things."""
    return (
        block.length >= LONG
        and block.link_share < 0.3
        and not any(place & OUTSIDE for place, _ in block.places)
    )


def _is_sure(choice: frozenset[int], full: frozenset[int], blocks: list[Block]) -> bool:
    """Whether two rules of different kinds found nearly the same text."""
    both = _amount(choice & full, blocks)
    return both > 0 and both >= _SURE * max(_amount(choice, blocks), _amount(full, blocks))


def _amount(chosen: frozenset[int], blocks: list[Block]) -> int:
    """How much running text a choice holds."""
    return running_text(blocks[number] for number in chosen)


def _parsed(text: str) -> HtmlElement | None:
    """The page as trafilatura parses it, once for all its choices; each works on a copy."""
    from trafilatura.utils import load_html  # takes a third of a second to import: metadata does without

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    return load_html(text)


def _trafilatura_text(tree: HtmlElement | None, *, strict: bool, fast: bool = False) -> str:
    if tree is None:
        return ""
    import trafilatura

    read = trafilatura.bare_extraction(
        tree,
        fast=fast,
        include_comments=False,
        include_tables=True,
        favor_precision=strict,
        with_metadata=False,
    )
    return str(getattr(read, "text", None) or "")


def _matched(text: str, blocks: list[Block]) -> frozenset[int]:
    lines = {squeezed(line) for line in text.split("\n")}
    whole = squeezed(text)
    taken = {
        block.number
        for block in blocks
        if block.is_text
        and block.key
        and (block.key in lines or (len(block.key) >= EXACT and block.key in whole))
    }
    return frozenset(_without_doubles(taken, blocks))


def _without_doubles(taken: set[int], blocks: list[Block]) -> set[int]:
    """Of equal blocks the one in the container: texts stand again in teasers and menus."""
    by_key: dict[str, list[int]] = defaultdict(list)
    for number in sorted(taken):
        by_key[blocks[number].key].append(number)
    container = container_of(blocks[numbers[0]] for numbers in by_key.values() if len(numbers) == 1)
    kept = set()
    for numbers in by_key.values():
        inside = [number for number in numbers if container is not None and container in blocks[number].path]
        if len(numbers) == 1:
            kept.add(numbers[0])
        elif inside and len(blocks[numbers[0]].key) < LONG:
            kept.update(inside)  # `Yes.` may be said twice
        else:
            kept.add((inside or numbers)[0])
    return kept


def fullest_container(blocks: Iterable[Block]) -> frozenset[int]:
    """The blocks around the most running text, by a rule like Readability's: parents and grandparents "
    "score."""
    score: Counter[Part] = Counter()
    texts = [block for block in blocks if _is_running(block)]
    for block in texts:
        for level, element in enumerate(reversed(block.path[-3:])):
            score[element] += block.length // (level + 1)
    best = max(score, key=lambda element: score[element], default=None)
    return frozenset(block.number for block in texts if best in block.path)
