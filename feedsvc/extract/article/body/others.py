"""What the choice took that tells of other articles: teasers, the next article, lines beside the text."""

from __future__ import annotations

from collections import Counter, defaultdict

from feedsvc.extract.article.body.blocks import Block, is_sentence
from feedsvc.extract.article.body.layout import LONG, OUTSIDE, Layout, container_of, running_text
from feedsvc.extract.outline import Part

_TEASERS = 3  #: neighbours that begin with a link at least
_MOSTLY_LINKED = 0.4  #: share of a line beside the text that links; a date and a rank stand with the title
_ALL_LINKED = 0.9  #: share of the text of a linked title or teaser
_TEASER_BLOCKS = 4  #: of one that ends with its link, at most
_TEASER_TITLE = 8  #: characters of the title of one


def another(layout: Layout) -> frozenset[int]:
    """The article that is loaded below this one: all from its h1 on, which stands as this one's does."""
    heads = [block for block in layout.blocks if block.kind == "h1"]
    own = next((block for block in heads if block.key in layout.titles), None)
    below = next(
        (
            block
            for block in heads
            if own is not None
            and block.number > own.number
            and block.key != own.key
            and _way(block) == _way(own)
            and running_text(b for b in layout.in_order() if b.number < block.number) > LONG
        ),
        None,
    )
    return frozenset(number for number in layout.kept if below is not None and number >= below.number)


def _way(block: Block) -> list[tuple[str, str]]:
    """How a heading stands in the page: the elements around it, with their names."""
    return [(part.tag, part.names) for part in block.path]


def teasers(layout: Layout) -> frozenset[int]:
    """Teasers of other articles below a short one, which are longer than it.

    The headline and the first sentence of its text stand in one element. What stands outside of it, in
    several neighbours that each begin with a linked title, end with a link under a heading, or are one link,
    tells of others.
    """
    own = _own_element(layout)
    if own is None:
        return frozenset()
    around = frozenset(own.around()) - {own}
    outside = [b for b in layout.blocks if b.is_text and own not in b.path and b.path[0] in around]
    boxes: dict[Part, list[Block]] = defaultdict(list)
    for block in outside:
        for part in block.path:
            if part not in around:
                boxes[part].append(block)
    found = [part for part, blocks in boxes.items() if _begins_with_link(blocks)]
    rows = Counter((part.parent, part.tag) for part in found)
    cards = {part for part in found if rows[part.parent, part.tag] >= _TEASERS}
    links = [b for b in outside if b.link_share > _ALL_LINKED and b.number in layout.kept]
    links = links if len(links) >= _TEASERS else []
    told = {b.number for b in outside if not cards.isdisjoint(b.path)} | {b.number for b in links}
    heads = {b.number for b in outside if b.is_heading and b.number + 1 in told}
    pictures = {b.number for b in layout.blocks if b.kind == "img" and b.number + 1 in told}
    return layout.kept & (told | heads | pictures)


def _own_element(layout: Layout) -> Part | None:
    """The smallest element that holds the headline and a sentence below it."""
    title = next((b for b in layout.blocks if b.is_text and b.key in layout.titles), None)
    if title is None:
        return None
    for part in reversed(title.path):
        inside = (b for b in layout.blocks[title.number + 1 :] if part in b.path)
        if any(b.length >= LONG and not b.linked and b.text[-1:] in ".!?…。" for b in inside):
            return part
    return None


def _begins_with_link(blocks: list[Block]) -> bool:
    """Whether an element begins with a linked title and goes on, or with a heading and ends with a link."""
    if len(blocks) < 2:
        return False
    short = len(blocks) <= _TEASER_BLOCKS  # a heading, a text, `Read more`; longer ones are articles
    leads_on = short and blocks[0].is_heading and blocks[-1].link_share > _ALL_LINKED
    return leads_on or (blocks[0].link_share > _ALL_LINKED and len(blocks[0].text) >= _TEASER_TITLE)


def strays(layout: Layout) -> frozenset[int]:
    """Lines outside of the text's element that mostly link, stand in a place for other things, or are no
    sentences and follow it: addresses, offers, what is left of boxes.
    """
    kept = layout.in_order()
    container = container_of(kept)
    outside = [block for block in kept if container is not None and container not in block.path]
    last = max((block.number for block in kept if container in block.path), default=0)
    return frozenset(
        block.number
        for block in outside
        if (block.link_share >= _MOSTLY_LINKED and not is_sentence(block))
        or layout.stands_in(block, OUTSIDE)
        or (
            block.number > last
            and block.kind in ("p", "li", "cell")
            and block.length < LONG
            and block.text[-1:] not in tuple('.!?…。？！»”"')
        )
    )
