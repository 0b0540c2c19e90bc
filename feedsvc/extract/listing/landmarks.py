"""What part of the page an element stands in: menu, footer, side column, main column."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator

from feedsvc.extract.listing.page import Element, Page, width
from feedsvc.extract.places import Place, by_landmark, by_names

NAV, FOOTER, HEADER, SIDE, MAIN, DIALOG = 1, 2, 4, 8, 16, 512  #: said by elements and roles
NAV_LIKE, SIDE_LIKE, MAIN_LIKE, SLIDER = 32, 64, 128, 256  #: said by class names and ids

_BY_LANDMARK = (
    (Place.MENU, NAV),
    (Place.FOOTER, FOOTER),
    (Place.HEADER, HEADER),
    (Place.SIDE, SIDE),
    (Place.MAIN, MAIN),
    (Place.FORM, DIALOG),
)
_BY_NAME = (
    (Place.MENU | Place.FOOTER | Place.SHARE | Place.TAGS | Place.FORM, NAV_LIKE),
    (Place.SIDE, SIDE_LIKE),
    (Place.MAIN, MAIN_LIKE),
    (Place.SLIDER, SLIDER),
)
#: Within these a header or footer is that of a part, not of the page (HTML 4.3.8)
_PARTS = frozenset("article aside main nav section".split())
_NEVER = frozenset("a span p img body html h1 h2 h3 h4 h5 h6 b i em strong time".split())
#: A place that holds this share of the page's text says nothing ("has-sidebar" on the wrapper)
_MOST = 0.75
_FEWEST, _NEARLY_ALL = 3, 0.7  #: lines of a menu, and share of those that preview as many articles
_SECTION, _HEADLINE = 24, 16  #: widths of a section's name at most, of a headline at least


class Landmarks:
    """The landmarks of every element: its own, and those of all that hold it."""

    def __init__(self, page: Page) -> None:
        self.own: list[int] = []
        self._around: list[int] = []
        total = max(1, len(page.texts))
        named: dict[str, int] = {}
        unfolding = set(_unfolding(page))
        parts: list[bool] = []  # whether an element stands in a part of the page
        for element in page.elements:
            mark = 0
            in_part = element.parent >= 0 and parts[element.parent]
            parts.append(in_part or element.tag in _PARTS)
            if element.depth and element.tag not in _NEVER:
                said = by_landmark(element.tag, element.attrs.get("role"))
                if in_part and element.tag in ("header", "footer"):
                    said = Place.NONE
                mark = sum(flag for place, flag in _BY_LANDMARK if said & place) if said else 0
                if marks := element.marks:
                    if marks not in named:
                        named[marks] = _named(marks)
                    mark |= named[marks]
                if mark and element.stop - element.start > _MOST * total:
                    mark &= MAIN | (NAV | FOOTER) * (element.tag in ("nav", "footer"))
            if element.index in unfolding:
                mark |= NAV
            self.own.append(mark)
            self._around.append(mark | (self._around[element.parent] if element.parent >= 0 else 0))

    def around(self, index: int) -> int:
        """The landmarks at and above an element, as flags."""
        return self._around[index]


def _unfolding(page: Page) -> Iterator[int]:
    """The menus that show articles of each section where one points at it, whatever they are called.

    They are lists whose lines begin with a section's link and go on with several headlines.
    """
    lines: defaultdict[int, list[bool]] = defaultdict(list)
    for element in page.elements:
        if element.tag == "li" and element.parent >= 0:
            lines[element.parent].append(_previews(page, element))
    for index, its in lines.items():
        if len(its) >= _FEWEST and sum(its) >= _NEARLY_ALL * len(its):
            yield index


def _previews(page: Page, line: Element) -> bool:
    anchors = page.anchors[bisect_left(page.anchors, line.index) : bisect_left(page.anchors, line.end)]
    if len(anchors) <= _FEWEST or not 0 < width(page.text(anchors[0])) <= _SECTION:
        return False
    first = page.elements[anchors[0]]
    if first.start != line.start or page.headings_within(line.index, first.end):
        return False
    texts = {page.elements[at].attrs.get("href") for at in anchors[1:] if width(page.text(at)) >= _HEADLINE}
    return len(texts) >= _FEWEST


def _named(names: str) -> int:
    said = by_names(names)
    return sum(flag for places, flag in _BY_NAME if said & places) if said else 0
