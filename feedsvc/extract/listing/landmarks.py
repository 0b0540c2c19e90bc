"""What part of the page an element stands in: menu, footer, side column, main column."""

from __future__ import annotations

import re

from feedsvc.extract.listing.page import Page

NAV, FOOTER, HEADER, SIDE, MAIN = 1, 2, 4, 8, 16  #: said by elements and roles
NAV_LIKE, SIDE_LIKE, MAIN_LIKE, BOX_LIKE, SLIDER = 32, 64, 128, 256, 512  #: said by class names and ids

_BY_TAG = {"nav": NAV, "footer": FOOTER, "aside": SIDE, "main": MAIN, "header": HEADER}
_BY_ROLE = {"navigation": NAV, "contentinfo": FOOTER, "complementary": SIDE, "main": MAIN, "menu": NAV}
#: Within these a header or footer is that of a part, not of the page (HTML 4.3.8)
_PARTS = frozenset("article aside main nav section".split())
_NEVER = frozenset("a span p img body html h1 h2 h3 h4 h5 h6 b i em strong time".split())
#: A landmark that holds this share of the page's text says nothing ("has-sidebar" on the wrapper)
_MOST = 0.75

_END = r"(?:$|[-_ \d])"
_NAV_WORDS = re.compile(
    rf"(?:^|[-_ ])(?:nav\w*|menus?|dropdown\w*|breadcrumbs?|pagination|pager|paging|masthead|topbar){_END}"
    # only as the last word of a name: WordPress marks every post with tag-… and category-…
    r"|(?:^|[-_ ])(?:social|share|sharing|footer|copyright|tags?|tag-?(?:cloud|list|links)|login)(?:$| )"
    r"|cookie-?(?:bar|banner|consent|notice)|navbar|mega-?menu|submenu|main-?menu|breadcrumb",
    re.I,
)
_SIDE_WORDS = re.compile(
    r"(?:^|[-_ ])(?:side-?bar\w*|aside|right-?(?:col\w*|side\w*|bar|rail)|col\w*-right|rail|secondary"
    rf"|theiasticky\w*){_END}|sidebar|(?:^| )right(?:$| )",
    re.I,
)
_BOX_WORDS = re.compile(
    r"(?:^|[-_ ])(?:popul\w*|terpopuler|terkait|related|trending|most-?(?:read|view|comment|shar)\w*"
    rf"|recommend\w*|rekomendasi|ticker|breaking|marquee|newsflash|blogroll){_END}|popular|trending"
    r"|related|most-?(?:read|view)",
    re.I,
)
_MAIN_WORDS = re.compile(
    r"(?:^|[-_ ])(?:main\w*|content|primary|latest|terbaru|river|stream|feed|listing|archive|posts?|loop"
    rf"|entries|index){_END}",
    re.I,
)
_SLIDER_WORDS = re.compile(
    r"carousel|slider|slideshow|swiper|flickity|splide|(?:^|[-_ ])(?:owl|slick|glide|siema)(?:$|[-_ ])", re.I
)


class Landmarks:
    """The landmarks of every element: its own, and those of all that hold it."""

    def __init__(self, page: Page) -> None:
        self.own: list[int] = []
        self._around: list[int] = []
        total = max(1, len(page.texts))
        words: dict[str, int] = {}
        parts: list[bool] = []  # whether an element stands in a part of the page
        for element in page.elements:
            mark = 0
            in_part = element.parent >= 0 and parts[element.parent]
            parts.append(in_part or element.tag in _PARTS)
            if element.depth and element.tag not in _NEVER:
                mark = 0 if in_part and element.tag in ("header", "footer") else _BY_TAG.get(element.tag, 0)
                mark |= _BY_ROLE.get(element.attrs.get("role") or "", 0)
                if marks := element.marks:
                    if marks not in words:
                        words[marks] = _said_by(marks)
                    mark |= words[marks]
                if mark and element.stop - element.start > _MOST * total:
                    mark &= MAIN | (NAV | FOOTER) * (element.tag in ("nav", "footer"))
            self.own.append(mark)
            self._around.append(mark | (self._around[element.parent] if element.parent >= 0 else 0))

    def around(self, index: int) -> int:
        """The landmarks at and above an element, as flags."""
        return self._around[index]


def _said_by(marks: str) -> int:
    return (
        NAV_LIKE * bool(_NAV_WORDS.search(marks))
        | SIDE_LIKE * bool(_SIDE_WORDS.search(marks))
        | BOX_LIKE * bool(_BOX_WORDS.search(marks))
        | MAIN_LIKE * bool(_MAIN_WORDS.search(marks))
        | SLIDER * bool(_SLIDER_WORDS.search(marks))
    )
