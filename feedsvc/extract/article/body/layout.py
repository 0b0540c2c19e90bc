"""The blocks of a page with what is known about the article among them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from feedsvc.extract.article.body.blocks import Block
from feedsvc.extract.article.page import Page
from feedsvc.extract.outline import Part
from feedsvc.extract.places import Place

LONG = 60  #: characters of a paragraph of running text
#: Places of a page where nothing of an article stands
OUTSIDE = (
    Place.SIDE
    | Place.MENU
    | Place.FOOTER
    | Place.FORM
    | Place.CAPTION
    | Place.RELATED
    | Place.PROMO
    | Place.SHARE
    | Place.TAGS
    | Place.AUTHOR
    | Place.COMMENTS
    | Place.HIDDEN
    | Place.EMBED
)
_MAJORITY = 0.7  #: of the kept text stands in the container


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """What the rules of the body look at; `kept` are the numbers of the blocks chosen so far."""

    page: Page
    blocks: tuple[Block, ...]
    kept: frozenset[int]
    titles: frozenset[str]  #: squeezed headlines of the article
    authors: tuple[str, ...]
    trunk: frozenset[Part]  #: the container and what is around it; their names say nothing
    caption: str = ""  #: of the lead picture
    credit: str = ""
    date_lines: frozenset[str] = frozenset()  #: squeezed lines that say when it was published

    def in_order(self) -> list[Block]:
        """The kept blocks that are text, in reading order."""
        return [block for block in self.blocks if block.number in self.kept and block.is_text]

    def stands_in(self, block: Block, wanted: Place) -> bool:
        """Whether the block stands in such a place within the article."""
        return any(place & wanted and element not in self.trunk for place, element in block.places)


def container_of(blocks: Iterable[Block]) -> Part | None:
    """The innermost element that holds most of the running text of these blocks."""
    weights: Counter[Part] = Counter()
    depth: dict[Part, int] = {}
    total = 0
    for block in blocks:
        weight = len(block.key)
        total += weight
        for level, element in enumerate(block.path):
            weights[element] += weight
            depth[element] = level
    holding = [element for element, weight in weights.items() if weight >= _MAJORITY * total]
    return max(holding, key=lambda element: depth[element], default=None)


def trunk_of(container: Part | None) -> frozenset[Part]:
    """The container and everything around it."""
    return frozenset(container.around()) if container is not None else frozenset()


def running_text(blocks: Iterable[Block]) -> int:
    """How many characters stand in paragraphs of running text."""
    return sum(block.length for block in blocks if block.length >= LONG and block.link_share < 0.5)
