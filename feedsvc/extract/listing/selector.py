"""A CSS selector that finds the cards of a list again, for the configuration."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence

from feedsvc.extract.listing.blocks import Block
from feedsvc.extract.listing.page import Element, Page

_NAME = re.compile(r"-?[A-Za-z_][A-Za-z0-9_-]*")
_ANCESTORS = 8  #: how far up a name is looked for
_MOST_SCOPES = 200  #: elements of one name that are looked into
_SPARE = 0.1  #: share of further elements that a selector may find


class Selectors:
    """Makes selectors from tag and class names, checked against the page's own index of them."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._named: dict[str, list[int]] | None = None

    def of(self, block: Block) -> str:
        """The shortest selector whose elements are the cards of `block`, or ""."""
        cards = [item.card for item in block.items]
        roots = {card.first for card in cards if card.first == card.last}
        if len(roots) < len(cards):  # a card in several pieces: its title's link stands for it
            roots = {item.link.at for item in block.items}
        return self._find(roots, block.container)

    def _find(self, roots: set[int], container: int) -> str:
        elements = self._page.elements
        tags = {elements[root].tag for root in roots}
        if len(tags) != 1:
            return ""
        tag = tags.pop()
        common = frozenset.intersection(*(elements[root].stable for root in roots))
        simple = [f"{tag}.{name}" for name in sorted(common) if _NAME.fullmatch(name)]
        for selector in [*simple, tag]:
            for within, scope in self._scopes(container, bare=selector == tag):
                if self._finds_just(selector, within, roots):
                    return f"{scope} {selector}".strip()
        return ""

    def _scopes(self, container: int, *, bare: bool) -> Iterator[tuple[list[Element], str]]:
        """Elements to look in and how to name them: the page, then each named ancestor of the cards."""
        page = self._page
        if not bare:
            yield page.elements[:1], ""
        for element in page.above(container, _ANCESTORS):
            name = element.attrs.get("id") or ""
            if _NAME.fullmatch(name) and not re.search(r"\d{3}", name):
                yield [element], f"#{name}"
            for each in sorted(element.stable):
                if _NAME.fullmatch(each):
                    named = [
                        page.elements[i] for i in self._index[each] if page.elements[i].tag == element.tag
                    ]
                    yield named, f"{element.tag}.{each}"

    def _finds_just(self, selector: str, within: list[Element], roots: set[int]) -> bool:
        page = self._page
        tag, _, name = selector.partition(".")
        limit = len(roots) * (1 + _SPARE)
        found: set[int] = set()
        named = self._index[name] if name else None
        for scope in within[:_MOST_SCOPES]:
            members: Sequence[int] = range(scope.index + 1, scope.end)
            if named is not None:
                members = named[bisect_right(named, scope.index) : bisect_left(named, scope.end)]
            for index in members:
                if page.elements[index].tag == tag:
                    found.add(index)
                    if len(found) > limit:
                        return False
        return roots <= found

    @property
    def _index(self) -> dict[str, list[int]]:
        if self._named is None:
            self._named = defaultdict(list)
            for element in self._page.elements:
                for name in element.stable:
                    self._named[name].append(element.index)
        return self._named
