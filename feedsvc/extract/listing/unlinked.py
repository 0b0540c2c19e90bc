"""Cards whose headline is no link: a heading beside an image's link or a "read more"."""

from __future__ import annotations

from collections import defaultdict

from feedsvc.extract.listing.landmarks import FOOTER, NAV, NAV_LIKE, Landmarks
from feedsvc.extract.listing.links import Link, Signature
from feedsvc.extract.listing.page import Page, width

_FEWEST = 3  #: cards
_NEARLY_ALL = 0.7
_HEADING_WIDTH = (12, 200)
_CLIMB = 12  #: elements between a link and its card


def adopt(page: Page, links: list[Link], landmarks: Landmarks) -> None:
    """Accept links that look alike and each stand in a card with a heading of its own."""
    taken = {link.key for link in links if link.accepted}
    groups: defaultdict[Signature, list[Link]] = defaultdict(list)
    hopeful = [link for link in links if link.likeness >= 0.5 and link.reason not in ("prose", "")]
    for link in hopeful:
        if link.key not in taken and not landmarks.around(link.at) & (NAV | NAV_LIKE | FOOTER):
            groups[link.signature].append(link)
    if not any(len({link.key for link in group}) >= _FEWEST for group in groups.values()):
        return
    owners = _owners(page, links)
    for group in groups.values():
        keys = {link.key for link in group}
        if len(keys) < _FEWEST:
            continue
        found = [(link, heading) for link in group if (heading := _heading(page, link, owners)) >= 0]
        headed = {link.key for link, _ in found}
        texts = {page.text(heading) for _, heading in found}
        if len(headed) >= max(_FEWEST, _NEARLY_ALL * len(keys)) and len(texts) >= 0.8 * len(headed):
            for link, heading in found:
                link.reason, link.title_at, link.in_heading = "", heading, True


def _owners(page: Page, links: list[Link]) -> dict[int, str]:
    """The one promising address below each element, "" where there are several."""
    owners: dict[int, str] = {}
    for link in links:
        if link.likeness < 0.5:
            continue
        for element in page.above(link.at, _CLIMB):
            known = owners.setdefault(element.index, link.key)
            if known != link.key:
                owners[element.index] = ""
    return owners


def _heading(page: Page, link: Link, owners: dict[int, str]) -> int:
    """The first heading of the largest element around `link` that leads nowhere else, or -1."""
    card = -1
    for element in page.above(link.at, _CLIMB):
        if owners.get(element.index) != link.key or element.depth == 0:
            break
        card = element.index
    if card < 0:
        return -1
    element = page.elements[card]
    for heading in page.headings_within(element.index, element.end):
        if _HEADING_WIDTH[0] <= width(page.text(heading)) <= _HEADING_WIDTH[1]:
            return heading
    return -1
