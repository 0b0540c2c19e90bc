"""The page as a row of blocks: paragraphs, headings, list items, pictures, in reading order.

One walk over the tree yields each block with its text, its inline HTML and the elements that it stands in.
Everything after this works on blocks; nothing cuts into the tree.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass

from lxml import etree

from feedsvc.extract.article.body.places import Place, places_of
from feedsvc.extract.article.compare import reading_length, squeezed

MAX_BLOCKS = 8_000  #: a news page has some hundreds
_PARAGRAPH = 60  #: characters of running text …
_PARAGRAPHS = 3  #: … and how many of them in one cell of a table make it a page's layout
MAX_KEY = 4_000  #: characters of a block that are compared
_BLOCK_TAGS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer "
    "form h1 "
    "h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr "
    "ul".split()
)
_SKIPPED = frozenset(
    "script style noscript template svg math canvas select option button input textarea head title object "
    "map "
    "applet frameset link meta".split()
)
_FRAMES = frozenset({"iframe", "embed", "video", "audio"})
_KEPT_INLINE = frozenset("a b strong i em u s sub sup code small mark q cite abbr kbd ins del".split())
_KINDS = {
    "blockquote": "quote",
    "li": "li",
    "dd": "li",
    "dt": "li",
    "pre": "pre",
    "figcaption": "caption",
    "td": "cell",
    "th": "cell",
}
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


@dataclass(slots=True, eq=False)
class Block:
    """A run of text without a break in it, or a picture, or a frame."""

    number: int
    kind: str  #: p h1…h6 li quote pre cell caption img frame
    text: str
    html: str
    linked: int  #: characters of the text that are a link
    path: tuple[etree._Element, ...]  #: the block elements that it stands in, outermost first
    places: tuple[tuple[Place, etree._Element], ...]  #: what the elements around it are called
    key: str = ""  #: the text squeezed, for comparing; of a very long one the beginning
    length: int = 0  #: of the text, as a reader takes it

    def __post_init__(self) -> None:
        self.key = squeezed(self.text[:MAX_KEY])
        self.length = reading_length(self.text)

    @property
    def parent(self) -> etree._Element:
        """The innermost block element around it."""
        return self.path[-1]

    @property
    def link_share(self) -> float:
        """How much of the text is a link, 0 to 1."""
        return self.linked / len(self.text) if self.text else 0.0

    @property
    def is_heading(self) -> bool:
        """Whether it is a heading element."""
        return self.kind in _HEADINGS

    @property
    def is_text(self) -> bool:
        """Whether it is read as text (and not looked at)."""
        return self.kind not in ("img", "frame")


class _Run:
    """The text and inline HTML that is being collected."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.html: list[str] = []
        self.linked = 0
        self.open: list[str] = []  #: start tags of inline elements that are open
        self.links = 0

    def add(self, text: str | None) -> None:
        if text:
            self.pieces.append(text)
            self.html.append(html.escape(text, quote=False))
            if self.links:
                self.linked += len(" ".join(text.split()))

    def start(self, tag: str, element: etree._Element) -> None:
        href = html.escape(element.get("href") or "") if tag == "a" else ""
        mark = f'<a href="{href}">' if href else f"<{tag}>"
        self.open.append(mark)
        self.html.append(mark)
        self.links += tag == "a"

    def end(self, tag: str) -> None:
        if self.open:
            self.open.pop()
            self.html.append(f"</{tag}>")
            self.links -= tag == "a"

    def take(self) -> tuple[str, str, int]:
        """(text, html, linked) so far; begins the next run with the same inline elements open."""
        text = " ".join("".join(self.pieces).split()) if self.pieces else ""
        if not text:  # most elements begin where the one before has ended
            self._restart()
            return "", "", 0
        closing = "".join(f"</{mark[1:-1].split(' ')[0]}>" for mark in reversed(self.open))
        taken = text, ("".join(self.html) + closing).strip(), min(self.linked, len(text))
        self._restart()
        return taken

    def _restart(self) -> None:
        self.pieces.clear()
        self.html[:] = self.open
        self.linked = 0


def read_blocks(body: etree._Element) -> list[Block]:
    """The blocks below `body`, at most MAX_BLOCKS."""
    walker = _Walker()
    steps = etree.iterwalk(body, events=("start", "end"))
    for event, element in steps:
        if event == "start":
            if not walker.enter(element):
                steps.skip_subtree()
        else:
            walker.leave(element)
            if element is not body:
                walker.run.add(element.tail)
        if len(walker.found) >= MAX_BLOCKS:
            break
    _free_of_layout(walker.found)
    return walker.found


def _free_of_layout(blocks: list[Block]) -> None:
    """What a table only arranges is no table: paragraphs in one of its cells tell it from one of figures."""
    paragraphs: Counter[etree._Element] = Counter()
    for block in blocks:
        if block.kind == "cell" and block.length >= _PARAGRAPH and block.link_share < 0.5:
            paragraphs[block.parent] += 1
    arranged = {_table_of(cell) for cell, count in paragraphs.items() if count >= _PARAGRAPHS}
    for block in blocks if arranged else ():
        if block.kind == "cell" and _table_of(block.parent) in arranged:
            block.kind = "p"


def _table_of(element: etree._Element) -> etree._Element | None:
    return next(element.iterancestors("table"), None)


class _Walker:
    """Where the walk stands, and the blocks that it found."""

    def __init__(self) -> None:
        self.found: list[Block] = []
        self.run = _Run()
        self.path: list[etree._Element] = []
        self.places: list[tuple[Place, etree._Element]] = []
        self.added: list[int] = []  #: how many places each element of the path added

    def enter(self, element: etree._Element) -> bool:
        """Take an element in; False if nothing below it is wanted."""
        tag = element.tag
        if tag in _SKIPPED or not isinstance(tag, str):  # or a comment
            return False
        if tag in _BLOCK_TAGS:
            self._flush()
            new = places_of(element)
            self.path.append(element)
            self.places.extend((place, element) for place in new)
            self.added.append(len(new))
        elif tag == "br":
            self._flush()
        elif tag == "img":
            self._found("img", ("", _picture(element), 0))
        elif tag in _FRAMES:
            self._found("frame", ("", _frame(element), 0))
            return False
        elif tag in _KEPT_INLINE:
            self.run.start(tag, element)
        self.run.add(element.text)
        return True

    def leave(self, element: etree._Element) -> None:
        """Close an element."""
        tag = element.tag
        if tag in _BLOCK_TAGS:
            self._flush()
            self.path.pop()
            if added := self.added.pop():
                del self.places[-added:]
        elif tag in _KEPT_INLINE:
            self.run.end(str(tag))

    def _flush(self) -> None:
        taken = self.run.take()
        if taken[0] and self.path:
            self._found(_kind_of(self.path), taken)

    def _found(self, kind: str, taken: tuple[str, str, int]) -> None:
        if self.path:
            text, inline, linked = taken
            self.found.append(
                Block(len(self.found), kind, text, inline, linked, tuple(self.path), tuple(self.places))
            )


def _kind_of(path: list[etree._Element]) -> str:
    for element in reversed(path[-4:]):
        if element.tag in _HEADINGS:
            return str(element.tag)
        if element.tag in _KINDS:
            return _KINDS[element.tag]
        if element.tag not in ("p", "div", "section"):
            break
    return "p"


def _picture(element: etree._Element) -> str:
    given = {name: element.get(name) or "" for name in ("src", "data-src", "data-original", "data-lazy-src")}
    source = next((value for name, value in given.items() if value and name != "src"), given["src"])
    if not source or source.startswith("data:"):
        source = given["src"]
    size = "".join(
        f' {side}="{value}"'
        for side in ("width", "height")
        if re.fullmatch(r"\d{1,5}", value := element.get(side) or "")
    )
    return (
        f'<img src="{html.escape(source)}" alt="{html.escape(element.get("alt") or "")}"{size}>'
        if source
        else ""
    )


def _frame(element: etree._Element) -> str:
    source = element.get("src") or element.get("data-src") or ""
    if not source:
        inner = element.find(".//source[@src]")
        source = (inner.get("src") or "") if inner is not None else ""
    label = html.escape(element.get("title") or "")
    return f'<iframe src="{html.escape(source)}" title="{label}"></iframe>' if source else ""
