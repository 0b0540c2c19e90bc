"""The links of a page, with what each says by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from feedsvc import urls
from feedsvc.extract.listing.addresses import NEVER, likeness
from feedsvc.extract.listing.page import HEADINGS, Page, is_paid, width

Signature = tuple[int, frozenset[str], frozenset[str], int, int]

MAX_LINKS = 4_000  #: more are not looked at
#: Labels below a country's under which names are registered (co.uk, com.br, or.jp, web.id)
_SECOND_LEVEL = frozenset("ac co com edu go gob gov gv mil my ne net nom or org sch web".split())
_REPLY = frozenset({"respond", "comments", "disqus_thread", "comment"})


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
    title_at: int = -1  #: the element that holds its title, where the title is not linked …
    said: str = ""  #: … or the title, where only an attribute has it

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
    # the name that was registered, roughly: co.uk and com.br are no sites' names
    labels = urls.host(url).partition(":")[0].split(".")
    if len(labels) >= 3 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL:
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


def reasons(links: Iterable[Link]) -> Counter[str]:
    """How many links were not taken, by reason."""
    return Counter(link.reason for link in links if link.reason)
