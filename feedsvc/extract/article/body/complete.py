"""What the choice left out of the article: its siblings, short lines, tables, headings, chunks."""

from __future__ import annotations

from collections import Counter, defaultdict

from feedsvc.extract.article.body.blocks import Block, is_bold, is_sentence
from feedsvc.extract.article.body.choose import EXACT, fullest_container
from feedsvc.extract.article.body.labels import FURNITURE, RELATED
from feedsvc.extract.article.body.layout import LONG, OUTSIDE, Layout, container_of, running_text
from feedsvc.extract.article.compare import squeezed
from feedsvc.extract.article.ldjson import text_of
from feedsvc.extract.clean import to_text
from feedsvc.extract.outline import Part

#: elements of a text that hold others, and kinds of blocks that a text consists of
_WITHIN = frozenset("p li ul ol dl dd dt blockquote figure summary details pre h2 h3 h4 h5 h6".split())
_RUNNING = frozenset("p li quote pre h2 h3 h4 h5 h6".split())
_TEXT_ALONE = 0.7  #: share of a chunk that is running text
_CHUNKS = frozenset({"div", "section"})
_SUBHEADING = 100  #: characters
_YEAR = 4  #: figures
_CELLS = 4  #: with text, of a table of figures at least


def more_of_container(layout: Layout) -> frozenset[int]:
    """Everything of the fullest container, where the choice holds much less running text."""
    full = fullest_container(layout.blocks)
    there, here = running_text(layout.blocks[n] for n in full), running_text(layout.in_order())
    # a page with two articles has two full containers: the other one is not ours
    common = running_text(layout.blocks[n] for n in full & layout.kept)
    return full if here < 0.6 * there and common >= 0.5 * here else frozenset()


def stated_body(layout: Layout) -> frozenset[int]:
    """The blocks of ld+json's articleBody, where the choice lost much of it and the page shows it."""
    stated = text_of(layout.page.linked.article.get("articleBody"))
    body = squeezed(to_text(stated) if "<" in stated else stated)
    if len(body) < 400:
        return frozenset()
    shown = [b for b in layout.blocks if b.is_text and len(b.key) >= EXACT and _is_mostly_in(b.key, body)]
    here = sum(len(b.key) for b in shown if b.number in layout.kept)
    there = sum(len(b.key) for b in shown)
    lost = there > 0.7 * len(body) and here < 0.7 * there
    return frozenset(b.number for b in shown) if lost else frozenset()


def _is_mostly_in(key: str, body: str) -> bool:
    """Whether most pieces of a text stand in another; what is stated may hold marks of links inside."""
    if key in body:
        return True
    pieces = [key[at : at + 24] for at in range(0, len(key) - 23, 24)]
    return len(pieces) >= 3 and sum(piece in body for piece in pieces) > 0.6 * len(pieces)


def chunks(layout: Layout) -> frozenset[int]:
    """Running text in neighbours of the container: adverts part them."""
    container = container_of(layout.in_order())
    if container is None or container.tag not in _CHUNKS or container.parent is None:
        return frozenset()
    inside: dict[Part, list[Block]] = defaultdict(list)
    first, end = min(layout.kept), len(layout.blocks)
    around = [part for part in container.around() if part is not container][:3]
    for block in layout.blocks:
        if block.number > first and _begins_another(block, layout):
            end = block.number
            break
        part = next((part for part in block.path if _is_twin(part, container, around)), None)
        if part is not None and block.is_text:
            inside[part].append(block)
    headline = next((b.number for b in layout.blocks if b.kind == "h1" and b.key in layout.titles), 0)
    return frozenset(
        block.number
        for blocks in inside.values()
        if _is_text_alone(blocks)
        for block in blocks
        if headline <= block.number < end
        and block.number not in layout.kept
        and block.kind in _RUNNING
        and (block.link_share < 0.5 or is_sentence(block))
        and not layout.stands_in(block, OUTSIDE)
    )


def _is_twin(part: Part, container: Part, around: list[Part]) -> bool:
    """Whether a part is a neighbour of the container, or built like it not far away."""
    if part is container or part.tag != container.tag or part in around:
        return False
    if part.parent is container.parent:
        return True
    named = bool(container.names.strip()) and part.names == container.names
    return named and any(each in around for each in part.around())


def _is_text_alone(blocks: list[Block]) -> bool:
    """Whether a part holds paragraphs of running text and hardly anything else."""
    running = [block for block in blocks if block.length >= LONG and block.link_share < 0.5]
    whole = sum(block.length for block in blocks)
    return len(running) > 1 and sum(block.length for block in running) >= _TEXT_ALONE * whole


def _begins_another(block: Block, layout: Layout) -> bool:
    """Whether a block belongs to another article below this one."""
    other = any(part.tag == "article" and part not in layout.trunk for part in block.path)
    return block.kind == "h1" or other


def siblings(layout: Layout) -> frozenset[int]:
    """Paragraphs that are built like the chosen ones, stand among them, and were left out."""
    kept = layout.in_order()
    container = container_of(kept)
    built = Counter(_build(block) for block in kept if block.length >= LONG)
    common = {build for build, number in built.items() if number >= 2}
    last = max(layout.kept, default=0)
    return frozenset(
        block.number
        for block in layout.blocks
        if block.number not in layout.kept
        and block.kind in ("p", "quote")
        and container in block.path
        and len(block.text) >= LONG
        and (block.link_share < 0.5 or (is_sentence(block) and block.number <= last + 1))
        and _build(block) in common
        and not layout.stands_in(block, OUTSIDE)
    )


def among(layout: Layout) -> frozenset[int]:
    """What stands among the chosen paragraphs as one of them: questions, quotes, points, short lines, links.

    It is a child of the same element as two or more of them, with one of them in an element of its own, or in
    an element that stands in a row with those of two or more. A list or a linked sentence may be wrapped.
    """
    kept = layout.in_order()
    running = [block for block in kept if block.length >= LONG]
    homes = Counter(_home(block) for block in running)
    builds = Counter((home.tag, home.names) for home in homes)
    rows = Counter((home.parent, home.tag) for home, count in homes.items() if count == 1)
    said = Counter(block.key for block in layout.blocks)  # a mark of the house stands many times
    first, last = min(layout.kept, default=0), _last_of_row(kept, layout)
    return frozenset(
        block.number
        for block in layout.blocks[first : last + 1]
        if block.number not in layout.kept
        and block.kind in _RUNNING
        and len(block.text) > 1
        and (
            (
                (
                    homes[home := _home(block)] > 1
                    or (homes[home] == 1 and builds[home.tag, home.names] > 1)
                    or (homes[home] == 0 and rows[home.parent, home.tag] > 1)
                    or (homes[home] == 0 and _may_be_wrapped(block) and _is_wrapped_in(homes, home))
                )
                and _reads_on(block)
            )
            or (said[block.key] == 1 and _is_plain_subheading(block, layout))
            or (block.kind == "pre" and any(map(str.isalpha, block.text)))  # a table may number its lines
        )
        and (block.link_share < 0.5 or is_sentence(block))
        and not layout.stands_in(block, OUTSIDE)
    )


def _is_wrapped_in(homes: Counter[Part], wrapper: Part) -> bool:
    """Whether an element or one right around it stands beside paragraphs."""
    around = wrapper.parent
    return around is not None and (
        homes[around] > 1 or (around.parent is not None and homes[around.parent] > 1)
    )


def _may_be_wrapped(block: Block) -> bool:
    return (block.kind == "li" and block.link_share < 0.5) or (block.link_share > 0.5 and is_sentence(block))


def _last_of_row(kept: list[Block], layout: Layout) -> int:
    """The number of the last block, with the short sentences below it that stand as it does."""
    if not kept:
        return 0
    last = kept[-1]
    for block in layout.blocks[last.number + 1 :]:
        if (
            block.kind != "p"
            or block.linked
            or block.text[-1:] not in tuple(".!?…。")
            or not (
                _home(block) is _home(last)
                or (_home(block).parent is _home(last).parent and _build(block) == _build(last))
            )
        ):
            break
        last = block
    return last.number


def _reads_on(block: Block) -> bool:
    """Whether a block is written as a part of a text: a sentence, a point, a line in bold letters."""
    if block.kind != "p" or block.length >= LONG:
        return True
    return block.text.rstrip("'\"”»’)")[-1:] in ".!?:…。？！：" or is_bold(block)


def _is_plain_subheading(block: Block, layout: Layout) -> bool:
    """Whether a line that nothing marks stands right between two chosen paragraphs, beside both or one."""
    if (
        not 0 < block.number < len(layout.blocks) - 1
        or len(block.text) > _SUBHEADING
        or block.linked
        or block.text[-1] == "."
    ):
        return False
    if sum(map(str.isdigit, block.text)) > _YEAR:
        return False  # when, not what
    above, below = layout.blocks[block.number - 1], layout.blocks[block.number + 1]
    chosen = all(each.number in layout.kept and each.length >= LONG for each in (above, below))
    beside = {_home(block), _home(block).parent} & {_home(above), _home(below), _home(below).parent}
    return (
        chosen and bool(beside) and FURNITURE.match(block.text) is None and RELATED.match(block.text) is None
    )


def tables_between(layout: Layout) -> frozenset[int]:
    """Tables of figures that stand whole among or below the chosen paragraphs, in the container."""
    container = container_of(layout.in_order())
    first = min(layout.kept, default=0)
    cells: dict[Part, list[Block]] = defaultdict(list)
    for block in layout.blocks[first:]:
        table = next((element for element in reversed(block.path) if element.tag == "table"), None)
        if table is not None and container in block.path and table not in layout.trunk and block.is_text:
            cells[table].append(block)
    return frozenset(
        block.number
        for inside in cells.values()
        if len(inside) >= _CELLS
        and all(block.kind == "cell" for block in inside)
        and not any(block.number in layout.kept for block in inside)
        and 2 * sum(block.linked for block in inside) < sum(len(block.text) for block in inside)
        and not any(layout.stands_in(block, OUTSIDE) for block in inside)
        for block in inside
    )


def headings_between(layout: Layout) -> frozenset[int]:
    """Subheadings that stand before a chosen paragraph in the container.

    One above the first paragraph is a subheading if others like it follow in the same element.
    """
    found: set[int] = set()
    waiting: list[Block] = []
    for block in layout.blocks:
        if block.number in layout.kept:
            found.update(each.number for each in waiting)
            waiting = []
        elif block.is_heading and block.kind != "h1":
            inside = any(element in layout.trunk for element in block.path[-3:-1])
            waiting = [block] if inside and 3 < len(block.text) < 150 and block.link_share < 0.5 else []
        elif block.is_text:
            waiting = []
    first = min(layout.kept, default=0)
    later = {number for number in found | layout.kept if number > first and layout.blocks[number].is_heading}
    alike = Counter((_home(each), each.kind) for each in map(layout.blocks.__getitem__, later))
    return frozenset(
        block.number
        for block in map(layout.blocks.__getitem__, found)
        if (block.number > first or alike[_home(block), block.kind] > 1)
        and not layout.stands_in(block, OUTSIDE)
    )


def _build(block: Block) -> tuple[str | None, ...]:
    """How a paragraph is made: its element and the one around it, with their classes."""
    home = _home(block)
    return block.parent.tag, block.parent.names, home.tag, home.names


def _home(block: Block) -> Part:
    """The element whose children the paragraphs, lists and quotes are."""
    path = block.path
    if block.kind == "li" and (items := [i for i, part in enumerate(path) if part.tag in ("li", "dt", "dd")]):
        path = path[: items[-1] + 1]  # an item may hold elements of its own
    for part in reversed(path):
        if part.tag not in _WITHIN:
            return part
    return block.parent
