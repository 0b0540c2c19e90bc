"""The page as a row of blocks: paragraphs, headings, list items, pictures, in reading order.

One walk over the tree yields each block with its text, its inline HTML and the elements that it stands in.
Everything after this works on blocks; nothing cuts into the tree.
"""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from feedsvc.extract.article.compare import squeezed
from feedsvc.extract.article.renditions import is_stand_in, offered_by
from feedsvc.extract.outline import Outline, Part, reading_length
from feedsvc.extract.places import Place, place_of

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
_BOLD = re.compile(r"<(strong|b)>.*</\1>", re.S)
_LINKED_SENTENCE = 80  #: characters of a paragraph that is one link, and no title


@dataclass(slots=True, eq=False)
class Block:
    """A run of text without a break in it, or a picture, or a frame."""

    number: int
    kind: str  #: p h1…h6 li quote pre cell caption img frame
    text: str
    html: str
    linked: int  #: characters of the text that are a link
    path: tuple[Part, ...]  #: the block elements that it stands in, outermost first
    places: tuple[tuple[Place, Part], ...]  #: those of them that are some part of a page
    key: str = ""  #: the text squeezed, for comparing; of a very long one the beginning
    length: int = 0  #: of the text, as a reader takes it

    def __post_init__(self) -> None:
        self.key = squeezed(self.text[:MAX_KEY])
        self.length = reading_length(self.text)

    @property
    def parent(self) -> Part:
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

    def start(self, tag: str, node: LexborNode) -> None:
        href = html.escape(node.attributes.get("href") or "") if tag == "a" else ""
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


def read_blocks(body: LexborNode, outline: Outline) -> list[Block]:
    """The blocks below `body`, at most MAX_BLOCKS."""
    walker = _Walker(outline)
    walker.enter(body)
    waiting = [(body, body.child)]
    while waiting and len(walker.found) < MAX_BLOCKS:
        node, child = waiting[-1]
        if child is None:
            waiting.pop()
            walker.leave(node)
            continue
        waiting[-1] = (node, child.next)
        if child.tag == "-text":
            walker.run.add(child.text_content)
        elif walker.enter(child):
            waiting.append((child, child.child))
    _free_of_layout(walker.found)
    return walker.found


def _free_of_layout(blocks: list[Block]) -> None:
    """What a table only arranges is no table: paragraphs tell it from one of figures.

    Several stand in one of its cells, or each in a row of its own.
    """
    paragraphs: Counter[Part] = Counter()
    rows: dict[Part, set[Part]] = defaultdict(set)
    for block in blocks:
        if block.kind == "cell":
            rows[_around(block.parent, "tr")].add(_cell_of(block.parent))
            if block.length >= _PARAGRAPH and block.link_share < 0.5:
                paragraphs[_cell_of(block.parent)] += 1
    arranged = {_table_of(cell) for cell, count in paragraphs.items() if count >= _PARAGRAPHS}
    long = Counter(_table_of(cell) for cell in paragraphs)
    columns: dict[Part | None, int] = defaultdict(int)
    for row, cells in rows.items():
        columns[_table_of(row)] = max(columns[_table_of(row)], len(cells))
    arranged |= {table for table, count in long.items() if count >= _PARAGRAPHS and columns[table] == 1}
    for block in blocks if arranged else ():
        if block.kind == "cell" and _table_of(block.parent) in arranged:
            block.kind = "p"


def _cell_of(part: Part) -> Part:
    return _around(part, "td", "th")


def _around(part: Part, *tags: str) -> Part:
    return next((each for each in part.around() if each.tag in tags), part)


def _table_of(part: Part) -> Part | None:
    return next((each for each in part.around() if each.tag == "table"), None)


class _Walker:
    """Where the walk stands, and the blocks that it found."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self.most = outline.parts[0].unlinked / 2 if outline.parts else 0.0
        self.found: list[Block] = []
        self.run = _Run()
        self.path: list[Part] = []
        self.places: list[tuple[Place, Part]] = []
        self.placed: list[bool] = []  #: whether each element of the path is such a place

    def enter(self, node: LexborNode) -> bool:
        """Take an element in; False if nothing below it is wanted."""
        tag = node.tag or "-"
        if tag in _SKIPPED or tag[0] in "-_!?":  # or a comment
            if tag == "noscript" and (inner := node.css_first("img")) is not None:
                self._found("img", ("", _picture(inner), 0))
            return False
        if tag == "a" and _is_anchor_of_heading(node, self.path):
            return False
        if _is_block(node):
            self._flush()
            part = self.outline.of(node)
            if part is None:
                return False
            place = place_of(part, self.most)
            self.path.append(part)
            self.placed.append(bool(place))
            if place:
                self.places.append((place, part))
        elif tag == "br":
            self._flush()
        elif tag == "img":
            self._found("img", ("", _picture(node), 0))
        if tag == "amp-img":
            self._found("img", ("", _picture(node), 0))
            return False
        if "url(" in (node.attributes.get("style") or ""):
            self._found("img", ("", "", 0))  # a background: for the line below it
        elif tag in _FRAMES:
            self._found("frame", ("", _frame(node), 0))
            return False
        elif tag in _KEPT_INLINE:
            self.run.start(tag, node)
        return True

    def leave(self, node: LexborNode) -> None:
        """Close an element."""
        tag = node.tag or "-"
        if _is_block(node):
            self._flush()
            self.path.pop()
            if self.placed.pop():
                self.places.pop()
        elif tag in _KEPT_INLINE:
            self.run.end(tag)

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


def _is_anchor_of_heading(node: LexborNode, path: list[Part]) -> bool:
    """Whether a link is the sign that leads to its own heading: # or ¶."""
    if not path or path[-1].tag not in _HEADINGS or not (node.attributes.get("href") or "").startswith("#"):
        return False
    return not any(map(str.isalnum, node.text(deep=True)))


def _is_block(node: LexborNode) -> bool:
    """Whether an element parts the text: one of HTML's, or a house's own around such ones."""
    tag = node.tag or "-"
    return tag in _BLOCK_TAGS or ("-" in tag and any(child.tag in _BLOCK_TAGS for child in node.iter()))


def _kind_of(path: list[Part]) -> str:
    for part in reversed(path[-4:]):
        if part.tag in _HEADINGS:
            return part.tag
        if part.tag in _KINDS:
            return _KINDS[part.tag]
        if part.tag not in ("p", "div", "section"):
            break
    return "p"


def _picture(node: LexborNode) -> str:
    """The widest rendition that an `<img>` or its `<picture>` offers; what `src` names may be a spinner."""
    given = node.attributes
    offered = [each for each in offered_by(node) if not is_stand_in(each.url)]
    best = max(offered, key=lambda each: each.width, default=None)
    if best is None:
        return ""
    size = "".join(
        f' {side}="{value}"'
        for side in ("width", "height")
        if re.fullmatch(r"\d{1,5}", value := given.get(side) or "")
    )
    return f'<img src="{html.escape(best.url)}" alt="{html.escape(given.get("alt") or "")}"{size}>'


def _frame(node: LexborNode) -> str:
    given = node.attributes
    source = given.get("src") or given.get("data-src") or ""
    if not source and (inner := node.css_first("source[src]")) is not None:
        source = inner.attributes.get("src") or ""
    label = html.escape(given.get("title") or "")
    return f'<iframe src="{html.escape(source)}" title="{label}"></iframe>' if source else ""


def is_bold(block: Block) -> bool:
    """Whether all of a line is in bold letters."""
    return _BOLD.fullmatch(block.html) is not None


def is_sentence(block: Block) -> bool:
    """Whether a linked paragraph is written as text: some papers link each to its story."""
    return (
        block.kind == "p"
        and len(block.text) >= _LINKED_SENTENCE
        and block.text.rstrip("'\"”»’)")[-1:] in ".!?。"
    )
