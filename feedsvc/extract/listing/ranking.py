"""Which list is the page's own, and which are boxes beside it.

Every list gets a score = standing x worth of a card^1.25 x cards^0.5. `worth` says how much of a card there
is to see; `standing` what the list's place, heading and addresses say. Each factor is named in its `why`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from statistics import median_low
from urllib.parse import unquote, urlsplit

from feedsvc.extract.listing.blocks import Block
from feedsvc.extract.listing.landmarks import (
    FOOTER,
    HEADER,
    MAIN,
    MAIN_LIKE,
    NAV,
    NAV_LIKE,
    SIDE,
    SIDE_LIKE,
    SLIDER,
    Landmarks,
)
from feedsvc.extract.listing.page import Page, folded
from feedsvc.extract.listing.paging import Pager
from feedsvc.extract.listing.words import LIST_SEGMENTS, SECONDARY

_POWER = 1.25  #: rich cards weigh more than many cards
_GROWTH = 0.5  #: a list of twice the cards is worth 1.4 times as much, or link lists would win
#: flag, factor, words for people; of two that say the same, the surer one is first
_PLACES = (
    ((SIDE, 0.35, "in a side column"), (SIDE_LIKE, 0.45, "in what is named like a side box")),
    ((FOOTER, 0.3, "in the footer"),),
    ((HEADER, 0.5, "in the page's header"),),
    ((NAV, 0.2, "in a menu"), (NAV_LIKE, 0.5, "in what is named like a menu")),
    ((MAIN, 1.4, "in the main part"), (MAIN_LIKE, 1.15, "in what is named like the main part")),
)
_NO_NAME = re.compile(r"(?:index|default|home|news|berita|page|p)?[-_]?\d*(?:\.\w+)?")
_NAME_WORDS = 3  #: words of a heading that names the page and says "news" besides, at most
_FAR_LONGER = 2  #: times the cards of every other list
_LONGER = 1.5  #: times the cards of a slider that a list has to hold …
_SLIDES = 0.55  #: … and what is left of the slider's score beside it
_SECTION_ADDRESS, _ARTICLE_ADDRESS = 0.5, 1.5  #: likeness below which addresses are sections', and articles'
_ABOVE = 0.4  #: for a list above the page's only h1
_OUTSIDE = 0.4  #: for a list outside of the main part, where that has lists: a ticker, a menu's previews
_NEAR = 150  #: elements between a list and its paging at most
_FRAME = NAV | FOOTER | HEADER
_MOST = 0.6  #: a landmark with this share of the page's cards says nothing


def score(blocks: list[Block], page: Page, landmarks: Landmarks, url: str, pagers: Sequence[Pager]) -> None:
    """Set `standing`, `score` and `why` of every block."""
    inside = max((sum(not i.link.outside for i in block.items) for block in blocks), default=0)
    spread = _Spread(page, [item.link.at for block in blocks for item in block.items])
    section = section_of(url)
    sections = {id(block): _own_share(block, section) for block in blocks}
    most_own = max(sections.values(), default=0.0)
    names = _names(page, url, section)
    headline = _headline(page)
    paged = _paged(blocks, page, pagers)
    for block in blocks:
        block.paged = block.container in paged and len(block.items) > 2
        block.named = bool(block.heading) and block.first > headline and _names_page(block.heading, names)
    for block in blocks:
        block.around = landmarks.around(block.container)
    framed = any(len(block.items) > 2 and not block.around & _FRAME for block in blocks)
    in_main = any(_is_content(block, True) and len(block.items) > 2 for block in blocks)
    rivals = [block for block in blocks if len(block.items) > 2 and _is_content(block, in_main)]
    best_address = max(map(_usual, rivals), default=0.0)
    for block in blocks:
        block.standing, block.why = 1.0, []
        _by_place(block, spread, landmarks, framed)
        if block.heading and SECONDARY.search(block.heading):
            _factor(block, 0.5, f"its heading “{block.heading}” names a secondary list")
        if in_main and not block.around & MAIN:
            _factor(block, _OUTSIDE, "others are in the main part")
        elif headline >= page.elements[block.items[-1].card.last].end and any(
            other.first > headline for other in rivals
        ):
            _factor(block, _ABOVE, "it is above the page's headline, others are below")
        if _usual(block) < _SECTION_ADDRESS and best_address >= _ARTICLE_ADDRESS:
            _factor(block, 0.5, "other lists' addresses look like articles', its own do not")
        if block.named:
            _factor(block, 1.6, "its heading is the page's name")
        if most_own >= 0.8 and sections[id(block)] <= 0.3:
            _factor(block, 0.6, "other lists lead into this section, it does not")
        if block.paged:
            longest = _outgrows(block, blocks) and block.standing >= 1
            _factor(block, 2.0 if longest else 1.4, "its older pages follow right after it")
        if block.outside > 0.8 and inside >= 5:
            _factor(block, 0.5, "it leads to other sites")
        block.why.insert(0, _shown(block))
        block.score = block.standing * _worth(block) ** _POWER * len(block.items) ** _GROWTH
    for block in sorted(blocks, key=lambda block: block.score, reverse=True):  # those before the page's list
        if not landmarks.around(block.container) & SLIDER or spread.is_crowded(block.container):
            break
        _pass_over(block, blocks, landmarks)


def _outgrows(block: Block, blocks: list[Block]) -> bool:
    """Whether a list is far longer than each other one, which are sliders and boxes then, however rich."""
    return all(len(block.items) >= _FAR_LONGER * len(other.items) for other in blocks if other is not block)


def _pass_over(slider: Block, blocks: list[Block], landmarks: Landmarks) -> None:
    """A slider shows more of its cards than the list below it; its standing stays, for a page of sliders."""
    if any(
        len(other.items) >= _LONGER * len(slider.items)
        and other.standing >= slider.standing
        and not landmarks.around(other.container) & SLIDER
        for other in blocks
    ):
        slider.score *= _SLIDES
        slider.why.append(f"a slider, and a longer list is not part of it (x{_SLIDES:g})")


def section_of(url: str) -> str:
    """The section that a page's address names (/news/sport/ → "sport"), or ""."""
    for segment in reversed(urlsplit(url).path.split("/")):
        name = folded(unquote(segment))
        if name and name not in LIST_SEGMENTS and not _NO_NAME.fullmatch(name):
            return name
    return ""


def _headline(page: Page) -> int:
    """The element of the page's only h1, or -1."""
    found = [at for at in page.headings if page.elements[at].tag == "h1" and page.text(at)]
    return found[0] if len(found) == 1 else -1


def _names(page: Page, url: str, section: str) -> set[str]:
    """What the page is called: by its address, and by its only h1 where it is no home page."""
    names = {_plain(section)} if section else set()
    headline = _headline(page)
    if headline >= 0 and urlsplit(url).path.strip("/"):
        names.add(_plain(page.text(headline)))
    return names - {""}


def _names_page(heading: str, names: set[str]) -> bool:
    """Whether a heading is the page's name, or that and a word or two: `Gündem Haberleri` on /gundem."""
    if _plain(heading) in names:
        return True
    said = heading.split()
    return (
        len(said) <= _NAME_WORDS
        and SECONDARY.search(heading) is None
        and any(_plain(word) in names for word in said)
    )


def _is_content(block: Block, in_main: bool) -> bool:
    """Whether a list stands where a page's own does. `in_main`: lists stand in the main part."""
    return not block.around & (SIDE | NAV | FOOTER | HEADER) and bool(block.around & MAIN or not in_main)


def _usual(block: Block) -> float:
    """How much like an article's the addresses of a list are in the middle."""
    return median_low(item.link.likeness for item in block.items)


def _own_share(block: Block, section: str) -> float:
    """The share of a block's articles whose addresses name the section."""
    if not section:
        return 0.0
    own = sum(f"/{section}/" in f"{folded(unquote(item.key))}/"[:-1] for item in block.items)
    return own / len(block.items)


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, folded(text)))


def _paged(blocks: list[Block], page: Page, pagers: Sequence[Pager]) -> set[int]:
    """The containers of the lists that are followed by links to their older pages, not far off."""
    ends = sorted((page.elements[b.items[-1].card.last].end, b.container) for b in blocks if len(b.items) > 2)
    found = set()
    for pager in pagers:
        place = bisect_left(ends, (pager.at + 1, -1)) - 1
        if place >= 0 and pager.at - ends[place][0] <= _NEAR:
            found.add(ends[place][1])
    return found


class _Spread:
    """Where the articles of the page's lists stand."""

    def __init__(self, page: Page, at: list[int]) -> None:
        self.page = page
        self._at = sorted(at)

    def is_crowded(self, element: int) -> bool:
        """Whether an element holds most of the articles, so that its name says nothing of one list."""
        inside = bisect_left(self._at, self.page.elements[element].end) - bisect_left(self._at, element)
        return inside >= _MOST * len(self._at)


def _factor(block: Block, factor: float, why: str) -> None:
    block.standing *= factor
    block.why.append(f"{why} (x{factor:g})")


def _by_place(block: Block, spread: _Spread, landmarks: Landmarks, framed: bool) -> None:
    """Weigh where a list stands. `framed`: there is a list outside of menus and footers.

    What holds nearly all cards of a page tells none of them apart; but a menu may preview more articles
    than the page lists.
    """
    kept = MAIN | (NAV | FOOTER if framed else 0)
    around = 0
    for element in spread.page.above(block.container):
        own = landmarks.own[element.index]
        if element.depth and own:
            around |= own & kept if spread.is_crowded(element.index) else own
    if around & (SIDE | NAV | FOOTER):
        around &= ~(MAIN | MAIN_LIKE)
    for alternatives in _PLACES:
        for flag, factor, why in alternatives:
            if around & flag:
                _factor(block, factor, why)
                break


def _worth(block: Block) -> float:
    """How much of a card of the list there is to see."""
    worth = 0.4 + block.width / 90 + 0.5 * block.dated + 0.3 * block.pictured + 0.5 * block.headed
    worth += min(block.worded, 300) / 300
    if block.dated < 0.3:  # short names without dates: a menu
        worth *= min(1.0, max(0.15, (block.width - 10) / 25))
    return worth


def _shown(block: Block) -> str:
    """What there is to see, for people."""
    shares = (
        (block.dated, "dated"),
        (block.pictured, "with image"),
        (block.headed, "with heading"),
    )
    shown = [f"{share:.0%} {name}" for share, name in shares if share]
    return ", ".join([f"{len(block.items)} cards", f"titles of {block.width:.0f}", *shown])
