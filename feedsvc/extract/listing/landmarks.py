"""What part of the page an element stands in: menu, footer, side column, main column."""

from __future__ import annotations

from feedsvc.extract.listing.page import Page
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


class Landmarks:
    """The landmarks of every element: its own, and those of all that hold it."""

    def __init__(self, page: Page) -> None:
        self.own: list[int] = []
        self._around: list[int] = []
        total = max(1, len(page.texts))
        named: dict[str, int] = {}
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
            self.own.append(mark)
            self._around.append(mark | (self._around[element.parent] if element.parent >= 0 else 0))

    def around(self, index: int) -> int:
        """The landmarks at and above an element, as flags."""
        return self._around[index]


def _named(names: str) -> int:
    said = by_names(names)
    return sum(flag for places, flag in _BY_NAME if said & places) if said else 0
