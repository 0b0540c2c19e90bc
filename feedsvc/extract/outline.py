"""The elements of a page with what they hold: how much text, how much of it links, and which repeat as cards.

One walk over the parser's tree. What follows from it is structure alone: no name of a class is asked.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from feedsvc.extract.clean import SILENT

MAX_PARTS = 60_000  #: a news page has some thousands; of a larger one the beginning is looked at
TITLE = (
    25  #: length of a link that may be the title of another article; shorter ones are menus, sections, names
)
_FEWEST_CARDS = 3  #: alike neighbours that make a list: two may be a pair of anything
_CARD = 600  #: characters of a card at most, its summary included; more is a section of a text
_CARD_LINKED = 0.25  #: share of a card's text that links: its title beside a summary and a date
_CARD_TITLES = 3  #: links of a card with the length of a title at most: title, picture's text, more
_BOX_LINKED = 0.5  #: share of the text of a box of links; running text stays below
_BOX_TITLES = 3  #: titles in a box of links at least
_HIDING = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_WIDE = re.compile("[\u2e80-\ud7af]")


def reading_length(text: str) -> int:
    """How long a text is for a reader: a Chinese, Japanese or Korean character counts for two and a half."""
    return len(text) if text.isascii() else len(text) + 3 * len(_WIDE.findall(text)) // 2


@dataclass(slots=True, eq=False)
class Part:
    """One element of a page."""

    index: int
    tag: str
    names: str  #: class and id, and the tag of a house's own element
    role: str
    parent: Part | None
    is_hidden: bool  #: says that it is not shown
    line: int  #: characters of text before it: its place in the page's order
    told: int  #: … that do not link
    chars: int = 0  #: of text in it
    linked: int = 0  #: of which links
    titles: int = 0  #: links in it that are as long as a title
    pictures: int = 0
    is_card: bool = False  #: one of several alike that lead to other articles
    children: list[Part] = field(default_factory=list)

    @property
    def end(self) -> int:
        """Characters of text before its end."""
        return self.line + self.chars

    @property
    def unlinked(self) -> int:
        """Characters of its text that do not link."""
        return self.chars - self.linked

    @property
    def link_share(self) -> float:
        """How much of its text links, 0 to 1."""
        return self.linked / self.chars if self.chars else 0.0

    @property
    def is_box_of_links(self) -> bool:
        """Whether it holds hardly anything but links with the length of titles."""
        return self.titles >= _BOX_TITLES and self.linked >= _BOX_LINKED * self.chars

    def around(self) -> Iterator[Part]:
        """It and the elements that it stands in, innermost first."""
        part: Part | None = self
        while part is not None:
            yield part
            part = part.parent


class Outline:
    """All elements of a page in document order, found by the parser's number of a node."""

    def __init__(self, body: LexborNode | None) -> None:
        self.parts: list[Part] = []
        self._by_node: dict[int, Part] = {}
        if body is not None:
            self._walk(body)
            for part in self.parts:
                if len(part.children) >= _FEWEST_CARDS:
                    _mark_cards(part.children)

    def of(self, node: LexborNode) -> Part | None:
        """The part of an element; None beyond MAX_PARTS and in what is not shown."""
        return self._by_node.get(node.mem_id)

    def _walk(self, body: LexborNode) -> None:
        chars = linked = 0
        waiting: list[tuple[Part, LexborNode | None]] = [(self._add(body, None, 0, 0), body.child)]
        while waiting:
            part, child = waiting[-1]
            if child is None:
                waiting.pop()
                _close(part, chars)
                linked += part.chars if part.tag == "a" else 0
                continue
            waiting[-1] = (part, child.next)
            tag = child.tag or "-"
            if tag == "-text":
                chars += reading_length((child.text_content or "").strip())
            elif tag not in SILENT and tag[0] not in "-_!?" and len(self.parts) < MAX_PARTS:
                waiting.append((self._add(child, part, chars, chars - linked), child.child))

    def _add(self, node: LexborNode, parent: Part | None, line: int, told: int) -> Part:
        given = node.attributes
        tag = node.tag or "-"
        names = f"{given.get('class') or ''} {given.get('id') or ''}" if given else ""
        if "-" in tag:
            names = f"{names} {tag}"  # a house's own element says what it is: `side-rail`, `amp-consent`
        role = given.get("role") or "" if given else ""
        hidden = bool(given) and ("hidden" in given or _HIDING.search(given.get("style") or "") is not None)
        part = Part(len(self.parts), tag, names, role, parent, hidden, line, told)
        self.parts.append(part)
        self._by_node[node.mem_id] = part
        if parent is not None:
            parent.children.append(part)
        return part


def _close(part: Part, chars: int) -> None:
    """Count what a finished element holds, for itself and for the one around it."""
    part.chars = chars - part.line
    if part.tag == "a":
        part.linked = part.chars
        part.titles = int(part.chars >= TITLE)
    elif part.tag == "img":
        part.pictures = 1
    if (above := part.parent) is not None:
        above.linked += part.linked
        above.titles += part.titles
        above.pictures += part.pictures


def _mark_cards(children: list[Part]) -> None:
    """Neighbours of one kind that each hold one title that links, and little else."""
    kinds: dict[str, list[Part]] = defaultdict(list)
    for child in children:
        kinds[child.tag].append(child)
    for tag, alike in kinds.items():
        if tag == "p":
            continue  # paragraphs with a link in each are a text
        cards = [child for child in alike if _is_like_a_card(child)]
        if len(cards) >= _FEWEST_CARDS and 2 * len(cards) >= len(alike):
            for card in cards:
                card.is_card = True


def _is_like_a_card(part: Part) -> bool:
    return (
        0 < part.titles <= _CARD_TITLES
        and TITLE <= part.chars <= _CARD
        and part.linked >= _CARD_LINKED * part.chars
    )
