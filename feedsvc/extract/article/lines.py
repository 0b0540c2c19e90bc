"""The lines of text around the headline, as a reader sees them: date line, byline, standfirst."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from selectolax.lexbor import LexborNode

from feedsvc.extract.article.page import Page, fold_literal
from feedsvc.extract.article.words import COMMENTS
from feedsvc.extract.clean import SILENT

BEFORE, AFTER = 16, 40  #: lines that can belong to the head of an article
_BREAKS = frozenset({"br", "hr"})
_INLINE = frozenset(
    "a abbr b bdi bdo cite code em font i ins kbd label mark q s small span strong sub sup time u var "
    "address data del".split()
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of visible text and the block that it stands in."""

    text: str
    block: LexborNode
    distance: int  #: lines from the headline: negative above it, 0 the headline


def lines_around(page: Page, headline: LexborNode | None) -> tuple[Line, ...]:
    """Up to BEFORE lines above and AFTER lines below the headline, in reading order.

    Without a headline the first lines of the page. Lines beside the article (related, comments) are left out.
    """
    body = page.tree.body
    if body is None:
        return ()
    above: deque[tuple[str, LexborNode]] = deque(maxlen=3 * BEFORE)
    below: list[tuple[str, LexborNode]] = []
    own = _block_of(headline).mem_id if headline is not None else None  # it may be only bold …
    said = fold_literal(headline.text(deep=True)) if headline is not None and headline.mem_id != own else ""
    passed = headline is None
    for text, block in _lines(body):
        if not passed:
            passed = block.mem_id == own and said in fold_literal(text)  # … and not its block's first line
            above.append((text, block))
        else:
            if COMMENTS.match(fold_literal(text)):
                break  # what follows is said by others
            below.append((text, block))
            if len(below) >= 3 * AFTER:
                break
    if not passed:
        return ()
    near = (line for line in reversed(above) if not page.is_beside(line[1]))
    kept_above = list(islice(near, BEFORE))[::-1]
    kept_below = list(islice((line for line in below if not page.is_beside(line[1])), AFTER))
    first = len(kept_above) - (1 if headline is not None else 0)
    return tuple(
        Line(fold_literal(text), block, number - first)
        for number, (text, block) in enumerate([*kept_above, *kept_below])
    )


def _lines(body: LexborNode) -> Iterator[tuple[str, LexborNode]]:
    """The text of each line with its block; white space as it stands in the source."""
    held: list[str] = []
    current: LexborNode | None = None
    block: LexborNode | None = None
    text = ""
    own = within = 0  #: mem_ids of the block of the text that is held, of the parent whose block is known
    for node in body.traverse(include_text=True):
        tag = node.tag
        if tag == "-text":
            text = node.text_content or ""
            if not held and text.isspace():
                continue  # a line does not begin with it
            parent = node.parent
            if parent is None:
                continue
            if parent.mem_id != within:
                if parent.tag in SILENT:
                    continue
                block, within = _block_of(parent), parent.mem_id
        elif tag not in _BREAKS:
            continue
        if held and current is not None and (tag in _BREAKS or (block is not None and block.mem_id != own)):
            yield "".join(held), current
            held.clear()
        if tag == "-text" and block is not None and (held or not text.isspace()):
            current, own = block, block.mem_id
            if held and _run_together(held[-1], text):
                held.append(" ")  # two elements that only their styles set apart: `Ann Lee` `Editor`
            held.append(text)
    if current is not None and held:
        yield "".join(held), current


def _run_together(before: str, after: str) -> bool:
    """Whether a word ends where two texts meet: `Lee|Editor`, `2025|By`, `ANN LEE|Thursday`, `WIB|BY`."""
    last, first = before[-1:], after[:1]
    if last.isdigit():
        return first.isdigit() or first.isupper()
    if not first.isupper() or last.islower():
        return first.isupper()
    return _is_loud(before[-3:]) and (after[1:2].islower() or _is_loud(after[:3]))


def _is_loud(letters: str) -> bool:
    return len(letters) == 3 and letters.isalpha() and letters.isupper()


def _block_of(node: LexborNode) -> LexborNode:
    while node.tag in _INLINE and node.parent is not None:
        node = node.parent
    return node
