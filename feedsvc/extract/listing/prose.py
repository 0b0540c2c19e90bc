"""Tells links within running text from links that stand for themselves."""

from __future__ import annotations

from collections.abc import Callable

from feedsvc.extract.listing.links import Link
from feedsvc.extract.listing.page import LINE_BREAK, Page, fold_space

IsDate = Callable[[str], bool]

_BEFORE = 15  #: letters that stand right before a link within a sentence
_BEFORE_NEXT = 3  #: … before a second link of the same sentence


class Prose:
    """Looks at the text around links, block by block."""

    def __init__(self, page: Page, is_date: IsDate) -> None:
        self._page = page
        self._is_date = is_date
        self._blocks: set[int] = set()  # that were seen to hold a sentence with a link

    def holds(self, link: Link) -> bool:
        """Whether letters stand right before the link in its line, and more around it than within it.

        A second link of the same sentence needs only three letters before it.
        """
        page = self._page
        element = page.elements[link.at]
        block = page.elements[page.elements[max(element.parent, 0)].block]
        before, after_link = self._before(element.start, block.index)
        if len(before) < _BEFORE_NEXT:
            return False
        if after_link and block.index in self._blocks:
            return True
        if len(before) < _BEFORE or self._is_date(before):
            return False
        if len(before) + self._after(element.stop, block.index) <= len(link.text):
            return False
        self._blocks.add(block.index)
        return True

    def _before(self, chunk: int, block: int) -> tuple[str, bool]:
        page = self._page
        pieces: list[str] = []
        while chunk > 0 and len(pieces) < 20:
            chunk -= 1
            owner = page.elements[page.owners[chunk]]
            if owner.block != block or page.texts[chunk] == LINE_BREAK:
                break
            if owner.link >= 0:
                return fold_space("".join(reversed(pieces))), True
            pieces.append(page.texts[chunk])
        return fold_space("".join(reversed(pieces))), False

    def _after(self, chunk: int, block: int) -> int:
        page, length = self._page, 0
        for place in range(chunk, min(chunk + 20, len(page.texts))):
            owner = page.elements[page.owners[place]]
            if owner.block != block or owner.link >= 0 or page.texts[place] == LINE_BREAK:
                break
            length += len(page.texts[place].strip())
        return length
