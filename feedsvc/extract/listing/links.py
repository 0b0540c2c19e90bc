"""Which links of a page lead to articles: each is looked at, then those that look alike vote together."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median_low

from feedsvc import urls
from feedsvc.extract.listing.addresses import NEVER, agreement, likeness
from feedsvc.extract.listing.landmarks import FOOTER, NAV, NAV_LIKE, Landmarks
from feedsvc.extract.listing.page import (
    HEADINGS,
    LINE_BREAK,
    Page,
    count_words,
    fold_space,
    has_letter,
    is_paid,
    width,
)

Signature = tuple[int, frozenset[str], frozenset[str], int, int]
IsDate = Callable[[str], bool]

MAX_LINKS = 4_000  #: more are not looked at
#: The same words above this many addresses name a thing of the page's own ("Read more", an author)
REPEATED = 3
_COUNT = re.compile(r"\W{0,3}\d[\d.,]*\s*[^\W\d]{0,14}\W{0,2}")
_COUNT_WIDTH = 18  #: of "12 comments"; in Chinese a number and a headline look like one
_REPLY = frozenset({"respond", "comments", "disqus_thread", "comment"})
_PROSE_BEFORE = 15  #: letters that stand right before a link within a sentence


@dataclass(slots=True, eq=False)
class Link:
    """One `a` with an address."""

    at: int  #: its element
    url: str  #: absolute and clean
    key: str  #: what two spellings of the address share
    text: str
    width: int
    outside: bool  #: leads to another site
    likeness: float
    in_heading: bool
    signature: Signature
    paid: bool = False  #: an advert's
    reason: str = ""  #: why it is no article's link; "" where it is one
    strong: bool = False  #: looks like a headline by itself
    title_at: int = -1  #: the heading that is its title, where the title is not linked

    @property
    def accepted(self) -> bool:
        """Whether it leads to an article."""
        return not self.reason


def find_links(page: Page, url: str, base: str) -> list[Link]:
    """Every link of the page that leads to some other page, in document order."""
    resolved: dict[str, tuple[str, str] | None] = {}
    links = []
    for at in page.anchors[:MAX_LINKS]:
        href = page.elements[at].attrs.get("href") or ""
        if href not in resolved:
            resolved[href] = _resolve(base, href)
        target = resolved[href]
        if target is None:
            continue
        links.append(_link(page, at, href, *target, outside=_outside(url, target[0])))
    return links


def _resolve(base: str, href: str) -> tuple[str, str] | None:
    if not href or href[0] == "#":
        return None
    absolute = urls.absolute(base, href)
    return (urls.clean(absolute), urls.key(absolute)) if absolute else None


def _link(page: Page, at: int, href: str, url: str, key: str, *, outside: bool) -> Link:
    text = page.text(at)
    return Link(
        at=at,
        url=url,
        key=key,
        text=text,
        width=width(text),
        outside=outside,
        likeness=NEVER if href.partition("#")[2] in _REPLY else likeness(url, outside),
        in_heading=_in_heading(page, at),
        signature=signature(page, at),
        paid=is_paid(page.elements[at]),
    )


def _outside(url: str, target: str) -> bool:
    return _site(url) != _site(target)


def _site(url: str) -> str:
    # the name that was registered, roughly: co.uk and com.br have short second labels
    labels = urls.host(url).partition(":")[0].split(".")
    if len(labels) >= 3 and len(labels[-2]) <= 3:
        return labels[-3]
    return labels[-2] if len(labels) >= 2 else labels[0]


def _in_heading(page: Page, at: int) -> bool:
    if any(element.tag in HEADINGS for element in page.above(at, 5)):
        return True
    link = page.elements[at]
    return any(page.elements[i].tag in HEADINGS for i in range(at + 1, min(link.end, at + 40)))


def signature(page: Page, at: int) -> Signature:
    """What the links of one column of one list share: tag path, class names, place in their parent."""
    element = page.elements[at]
    parent = page.elements[max(element.parent, 0)]
    # title, author and comments share a path in old markup: their place tells them apart
    place = next((n for n, child in enumerate(parent.children[:2]) if child == at), 2)
    column = 0
    if parent.tag == "td" and parent.parent >= 0:
        cells = page.elements[parent.parent].children
        column = next((n for n, cell in enumerate(cells[:20]) if cell == parent.index), 20)
    return element.path, element.stable, parent.stable, place, column


def judge(page: Page, links: list[Link], landmarks: Landmarks, is_date: IsDate) -> None:
    """Set `reason` of every link that does not lead to an article."""
    keys_of_text: defaultdict[str, set[str]] = defaultdict(set)
    for link in links:
        if link.text:
            keys_of_text[link.text.casefold()].add(link.key)
    prose = _Prose(page, is_date)
    groups: defaultdict[Signature, list[Link]] = defaultdict(list)
    for link in links:
        link.reason = _first_look(link, keys_of_text, prose, is_date)
        link.strong = not link.reason and link.likeness >= 0 and _like_headline(link)
        groups[link.signature].append(link)
    for group in groups.values():
        _vote(group, landmarks.around(group[0].at), landmarks)


def _first_look(link: Link, keys_of_text: dict[str, set[str]], prose: _Prose, is_date: IsDate) -> str:
    text = link.text
    if link.paid:
        return "sponsored"
    if not text:
        return "image"
    if not has_letter(text) or (link.width < _COUNT_WIDTH and _COUNT.fullmatch(text)):
        return "counter"
    if text[0] == "#" or len(keys_of_text[text.casefold()]) >= REPEATED:
        return "label"
    if link.likeness <= (-3 if link.in_heading else -1.5):
        return "address"
    if link.width < 45 and is_date(text):
        return "date"
    if not link.in_heading and prose.holds(link):
        return "prose"
    return ""


def _like_headline(link: Link) -> bool:
    words = count_words(link.text)
    if link.in_heading and link.width >= 12 and words >= 2:
        return True
    if words >= 3 and link.width >= 16:
        return link.width >= 22 or not link.text.isascii() or (agreement(link.text, link.url) or 0) >= 0.6
    return False


def _vote(group: list[Link], around: int, landmarks: Landmarks) -> None:
    voters = [link for link in group if link.text]  # an image's link says nothing of its fellows
    if not voters:
        return
    strong = sum(link.strong for link in voters) / len(voters)
    usual = median_low(link.likeness for link in voters)
    if _is_register(voters):
        _refuse(group, "label")
    elif strong >= _need(around):
        _take_all(group, strong, usual, landmarks)
    else:
        for link in group:
            if not link.reason and not (
                link.strong
                and link.likeness >= 1
                and not landmarks.around(link.at) & (NAV | NAV_LIKE | FOOTER)
            ):
                link.reason = "menu"


def _need(around: int) -> float:
    """The share of headlines among links that look alike, from which all of them are taken for articles'."""
    if around & (NAV | NAV_LIKE):
        return 0.8
    return 0.7 if around & FOOTER else 0.4


def _is_register(voters: list[Link]) -> bool:
    # the same few links again and again: sections, authors; not a title with its "more"
    distinct = len({(link.key, link.text) for link in voters}) / len(voters)
    return len(voters) >= 4 and distinct < 0.6 and median_low(link.width for link in voters) < 25


def _refuse(group: Iterable[Link], reason: str) -> None:
    for link in group:
        link.reason = link.reason or reason


def _take_all(group: list[Link], strong: float, usual: float, landmarks: Landmarks) -> None:
    for link in group:
        if link.reason == "address" and strong >= 0.6 and usual >= 0.5 and link.likeness > -2:
            link.reason = ""  # an odd address among many good ones
        if link.reason:
            continue
        in_menu = landmarks.around(link.at) & (NAV | NAV_LIKE)
        if link.width < 4:
            link.reason = "short"
        elif not link.strong and (in_menu or (usual < 0.5 and not link.in_heading)):
            link.reason = "menu"
        elif link.likeness < 0 and usual >= 1.5 and link.width < 25 and not link.outside:
            link.reason = "address"


class _Prose:
    """Tells links within running text from links that stand for themselves."""

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
        if len(before) < 3:
            return False
        if after_link and block.index in self._blocks:
            return True
        if len(before) < _PROSE_BEFORE or self._is_date(before):
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


def reasons(links: Iterable[Link]) -> Counter[str]:
    """How many links were not taken, by reason."""
    return Counter(link.reason for link in links if link.reason)
