"""Texts that name a list: headings by element, by class name, or by standing alone in their line."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable

from feedsvc.extract.listing.landmarks import HEADER, NAV, NAV_LIKE, Landmarks
from feedsvc.extract.listing.page import (
    HEADINGS,
    LINE_BREAK,
    Element,
    Page,
    fold_space,
    has_letter,
    is_paid,
    width,
)
from feedsvc.extract.listing.words import FURNITURE

_BOLD = frozenset({"strong", "b"})
_RECORDS = frozenset({"tr", "li", "article"})
_TAB_ATTRIBUTES = ("href", "data-target", "data-bs-target", "aria-controls", "data-tab")
_MOST_CHUNKS = 40  #: pieces of text in a heading
_MAX = 70  #: width of the longest heading of a list


class Headings:
    """Finds headings among the text chunks of a page."""

    def __init__(self, page: Page, landmarks: Landmarks, is_date: Callable[[str], bool]) -> None:
        self._page = page
        self._landmarks = landmarks
        self._is_date = is_date
        self._known: dict[int, str] = {}
        self._tabs: dict[str, str] | None = None

    def at(self, chunk: int) -> str:
        """The heading that a chunk belongs to, whole, or ""."""
        if chunk not in self._known:
            self._known[chunk] = self._find(chunk)
        return self._known[chunk]

    def _find(self, chunk: int) -> str:
        page = self._page
        text = fold_space(page.texts[chunk])
        if not 2 <= width(text) <= _MAX or not has_letter(text) or FURNITURE.match(text):
            return ""
        link = page.elements[page.owners[chunk]].link
        if link >= 0 and is_paid(page.elements[link]):
            return ""  # the headline of an advert amid a list
        for element in page.above(page.owners[chunk], 5):
            if element.tag == "dt" and not self._heads_group(element):
                break
            if element.tag in HEADINGS or element.tag in ("legend", "dt", "caption", "th"):
                return self._name(element, 90)
            if element.tag in ("li", "article", "table"):
                break
        return ""

    def _heads_group(self, term: Element) -> bool:
        """Whether several details follow a term and it names them: with one, it is a part of a card."""
        children = self._page.elements[term.parent].children
        after = children[bisect_right(children, term.index) :][:2]
        return len(after) == 2 and all(self._page.elements[each].tag == "dd" for each in after)

    def _name(self, element: Element, limit: int) -> str:
        if element.stop - element.start > _MOST_CHUNKS:
            return ""
        text = self._page.text(element.index)
        if width(text) > limit or FURNITURE.match(text) or self._is_date(text):
            return ""  # a date heads a day of one list, not a list
        return text

    def between(self, start: int, stop: int, *, by_element: bool = False, unlinked: bool = False) -> str:
        """The last heading among the chunks `start:stop`.

        `by_element`: only of h1–h6; `unlinked`: none that is a link's, as the titles of promotions are.
        """
        page = self._page
        for chunk in range(stop - 1, start - 1, -1):
            if unlinked and page.elements[page.owners[chunk]].link >= 0:
                continue
            if (text := self.at(chunk)) and not (by_element and not self._is_element(chunk)):
                return text
        return ""

    def _is_element(self, chunk: int) -> bool:
        return any(element.tag in HEADINGS for element in self._page.above(self._page.owners[chunk], 5))

    def among(self, parent: int, first: int, last: int, holds_cards: Callable[[int], bool]) -> bool:
        """Whether a heading stands among the card-less children of `parent` from `first` to `last`."""
        page = self._page
        start = page.elements[first].stop
        after = page.elements[last]
        children = page.elements[parent].children
        for child in children[bisect_right(children, first) : bisect_left(children, last)]:
            element = page.elements[child]
            if not holds_cards(child) and not page.holds_form(element):  # "Our newsletter" heads no list
                # a class-made "title" in a row like the cards' own is a card that was not understood
                record = element.tag == after.tag and (
                    element.tag in _RECORDS or bool(element.stable and element.stable == after.stable)
                )
                akin = element.tag == after.tag and bool(element.stable & after.stable)
                if self.between(start, element.stop, by_element=record, unlinked=akin):
                    return True
            start = element.stop
        return False

    def alone(self, start: int, stop: int) -> str:
        """A short text alone in its line among the chunks `start:stop`, outside list items; else "".

        Such a text heads a list where all headings are plain divs.
        """
        page = self._page
        if stop - start > 12:
            return ""
        for chunk in range(start, stop):
            text = fold_space(page.texts[chunk])
            if not 3 <= width(text) <= 45 or not has_letter(text):
                continue
            block = page.elements[page.elements[page.owners[chunk]].block]
            whole = block.stop - block.start <= 2 and block.start >= start and block.stop <= stop
            if not whole and not self._is_bold_line(chunk, start, stop):
                continue
            if block.tag in ("li", "td", "tr") or FURNITURE.match(text) or self._is_date(text):
                continue
            return text
        return ""

    def _is_bold_line(self, chunk: int, start: int, stop: int) -> bool:
        """Whether a bold text is a line of its own among the chunks `start:stop`: a block follows it."""
        around = (chunk - 1, chunk + 1)
        if any(start <= each < stop and self._same_line(each, chunk) for each in around):
            return False
        bold = any(element.tag in _BOLD for element in self._page.above(self._page.owners[chunk], 2))
        return bold and (
            chunk + 1 < stop or stop >= len(self._page.texts) or not self._same_line(stop, chunk)
        )

    def of_list(self, first: int, container: int, floor: int, crowded: Callable[[int], bool]) -> str:
        """The heading of the list whose first card is `first`, as printed, or "".

        `floor`: chunk after the card before; `crowded`: whether an element holds most of the page's cards.
        """
        page = self._page
        start = page.elements[first].start
        tab = self._tab(first, floor, crowded)
        if tab:
            return tab
        inner = max(floor, page.elements[container].start)
        if inner < start and not self.between(inner, start) and (text := self.alone(inner, start)):
            return text  # a line in the list's own element, before a heading farther off
        for chunk in range(start - 1, max(floor, start - 14) - 1, -1):
            if (text := self.at(chunk)) and not self._in_form(chunk, start):
                return text
        for chunk in range(start - 1, max(floor, start - 5) - 1, -1):
            if text := self._loose(chunk, container, floor, start):
                return text
        return ""

    def _in_form(self, chunk: int, start: int) -> bool:
        """Whether a text above a list stands in a box with a form, which the list is no part of."""
        for element in self._page.above(self._page.owners[chunk], 5):
            if element.stop > start:
                return False
            if self._page.holds_form(element):
                return True
        return False

    def _loose(self, chunk: int, container: int, floor: int, start: int) -> str:
        """The line of a chunk, where it is short and no menu's."""
        page = self._page
        owner = page.owners[chunk]
        menu = self._landmarks.around(owner) & ~self._landmarks.around(container)
        if menu & (NAV | NAV_LIKE | HEADER):
            return ""
        link = page.elements[owner].link
        if link >= 0 and (page.elements[link].attrs.get("href") or "#").startswith("#"):
            return ""  # "skip to content"
        low = high = chunk  # the line that the chunk stands in, as far as no list begins
        while low > floor and self._same_line(low - 1, chunk):
            low -= 1
        while high + 1 < start and self._same_line(high + 1, chunk):
            high += 1
        text = page.join(low, high + 1)
        if not 3 <= width(text) <= 40 or not has_letter(text) or high - low > 2:
            return ""
        return "" if FURNITURE.match(text) or self._is_date(text) else text

    def _same_line(self, one: int, other: int) -> bool:
        page = self._page
        if LINE_BREAK in (page.texts[one], page.texts[other]):
            return False
        return page.elements[page.owners[one]].block == page.elements[page.owners[other]].block

    def _tab(self, first: int, floor: int, crowded: Callable[[int], bool]) -> str:
        tabs = self._tabs if self._tabs is not None else self._find_tabs()
        if not tabs:
            return ""
        for element in self._page.above(first):
            if element.depth == 0 or element.start < floor:
                break
            name = element.attrs.get("id")
            if name and name in tabs and not FURNITURE.match(tabs[name]) and not crowded(element.index):
                return tabs[name]
        return ""

    def _find_tabs(self) -> dict[str, str]:
        tabs: dict[str, str] = {}
        for element in self._page.elements:
            for attribute in _TAB_ATTRIBUTES if element.attrs else ():
                value = element.attrs.get(attribute)
                if not value or len(value) < 3:
                    continue
                if value[0] != "#" and attribute not in ("aria-controls", "data-tab"):
                    continue
                if element.stop - element.start <= 4:
                    text = self._page.text(element.index)
                    if 2 <= width(text) <= 40:
                        tabs.setdefault(value.lstrip("#"), text)
        self._tabs = tabs
        return tabs
