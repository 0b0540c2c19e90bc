"""Cards whose headline is no link: it stands beside a picture's link, a "read more" or an overlay.

The links of such cards look alike and say nothing of the article. Its title is looked for in the card, the
surest first: what `aria-labelledby` points at, a heading, the text that stands at the same place of every
card and differs from card to card, at last an attribute of the link (`aria-label`, the picture's `alt`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from feedsvc.extract.listing.landmarks import FOOTER, NAV, NAV_LIKE, Landmarks
from feedsvc.extract.listing.links import Link, Signature
from feedsvc.extract.listing.page import HEADINGS, Page, count_words, fold_space, has_letter, width
from feedsvc.extract.listing.prose import IsDate

_SILENT = frozenset(
    ("image", "label", "menu", "short")
)  #: reasons of links that may be a card's all the same
_FEWEST = 3  #: cards
_NEARLY_ALL = 0.7  #: share of the cards that have a title
_DISTINCT = 0.8  #: share of different titles among them
_CLIMB = 12  #: elements between a link and its card
_LEAST_LIKELY = -1.0  #: likeness of an address that may be an article's
_IN_HEADING, _IN_TEXT, _LONGEST = 4, 16, 200  #: widths of a title at least and at most
_MOST_CHUNKS = 30  #: texts of a card that are looked at

_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|odt|zip|mp3|jpe?g|png)$", re.I)

Found = dict[int, tuple[int, str]]  #: element of a link → the element of its title and the title


def adopt(page: Page, links: list[Link], landmarks: Landmarks, is_date: IsDate) -> None:
    """Accept links that look alike, say nothing, and each stand in a card with a title of its own."""
    taken = {link.key for link in links if link.accepted}
    groups: defaultdict[Signature, list[Link]] = defaultdict(list)
    for link in links:
        if link.reason not in _SILENT or link.likeness < _LEAST_LIKELY:
            continue
        if link.key not in taken and not landmarks.around(link.at) & (NAV | NAV_LIKE | FOOTER):
            groups[link.signature].append(link)
    hopeful = {signature: its for signature, its in groups.items() if _enough(its)}
    if not hopeful:
        return
    together = [link for its in hopeful.values() for link in its]
    adopted = [_adopt(its, _Cards(page, [*together, *_accepted(links)], is_date)) for its in hopeful.values()]
    if not any(adopted):
        # a card may lead to its article and to a file as well: each kind alone, the articles first
        for its in sorted(hopeful.values(), key=_leads_to_files):
            _adopt(its, _Cards(page, [*its, *_accepted(links)], is_date))


def _adopt(its: Sequence[Link], cards: _Cards) -> bool:
    """Accept those of some links that look alike whose cards have titles; whether any was."""
    found = cards.titles(its)
    for link in its if found else ():
        if link.at in found:
            link.title_at, title = found[link.at]
            link.said = title if link.title_at < 0 else ""
            link.reason, link.in_heading = "", link.title_at >= 0 and cards.in_heading(link.title_at)
    return bool(found)


def _leads_to_files(links: Sequence[Link]) -> bool:
    return sum(_FILE.search(link.key) is not None for link in links) > len(links) / 2


def _enough(links: Sequence[Link]) -> bool:
    return len({link.key for link in links}) >= _FEWEST


def _accepted(links: Iterable[Link]) -> Iterable[Link]:
    return (link for link in links if link.accepted)


class _Cards:
    """The cards around links: of each the largest element that leads to one article."""

    def __init__(self, page: Page, links: Iterable[Link], is_date: IsDate) -> None:
        self._page = page
        self._is_date = is_date
        self._owners: dict[int, str] = {}  # the one address below each element, "" where there are several
        for link in links:
            for element in page.above(link.at, _CLIMB):
                known = self._owners.setdefault(element.index, link.key)
                if known != link.key:
                    self._owners[element.index] = ""

    def in_heading(self, at: int) -> bool:
        """Whether an element is a heading."""
        return self._page.elements[at].tag in HEADINGS

    def titles(self, links: Sequence[Link]) -> Found:
        """The titles of nearly all of some links that look alike, or none."""
        cards = {link.at: card for link in links if (card := self._card(link)) >= 0}
        for way in (self._labelled, self._headed, self._placed, self._said):
            found = way(cards)
            keys = {link.key for link in links if link.at in found}
            texts = {title for _, title in found.values()}
            needed = max(_FEWEST, _NEARLY_ALL * len({link.key for link in links}))
            if len(keys) >= needed and len(texts) >= _DISTINCT * len(keys):
                return found
        return {}

    def _card(self, link: Link) -> int:
        card = -1
        for element in self._page.above(link.at, _CLIMB):
            if self._owners.get(element.index) != link.key or element.depth == 0:
                break
            card = element.index
        return card

    def _labelled(self, cards: dict[int, int]) -> Found:
        wanted = {at: self._page.elements[at].attrs.get("aria-labelledby") or "" for at in cards}
        if not any(wanted.values()):
            return {}
        by_id = {name: e.index for e in self._page.elements if e.attrs and (name := e.attrs.get("id"))}
        found: Found = {}
        for at, names in wanted.items():
            target = next((by_id[name] for name in names.split() if name in by_id), -1)
            if target >= 0 and (text := self._page.text(target)):
                found[at] = target, text
        return found

    def _headed(self, cards: dict[int, int]) -> Found:
        found: Found = {}
        for at, card in cards.items():
            element = self._page.elements[card]
            for heading in self._page.headings_within(element.index, element.end):
                if heading <= at < self._page.elements[heading].end:
                    continue  # the link's own words, which say nothing
                text = self._page.text(heading)
                if _IN_HEADING <= width(text) <= _LONGEST and not self._is_date(text):
                    found[at] = heading, text
                    break
        return found

    def _placed(self, cards: dict[int, int]) -> Found:
        """The place whose texts the links' own labels repeat, else the first that reads like headlines."""
        places: defaultdict[tuple[object, ...], Found] = defaultdict(dict)
        for at, card in cards.items():
            for place, element, text in self._texts(card, at):
                places[place].setdefault(at, (element, text))
        common = [found for found in places.values() if self._tells_apart(found, cards)]
        for found in common:
            if sum(title in self._label(at) for at, (_, title) in found.items()) >= _NEARLY_ALL * len(found):
                return found
        for found in common:
            texts = [title for _, title in found.values()]
            if sum(width(t) >= _IN_TEXT and count_words(t) >= 2 for t in texts) >= _NEARLY_ALL * len(texts):
                return found
        return {}

    def _tells_apart(self, found: Found, cards: dict[int, int]) -> bool:
        """Whether nearly every card has a text of its own at a place."""
        texts = {title for _, title in found.values()}
        return len(found) >= _NEARLY_ALL * len(cards) and len(texts) >= _DISTINCT * len(found)

    def _label(self, at: int) -> str:
        """What a link is called for those who hear the page: "Post link to Old ferry stays"."""
        attrs = self._page.elements[at].attrs
        return fold_space(attrs.get("aria-label") or attrs.get("title") or "")

    def _texts(self, card: int, link: int) -> Iterable[tuple[tuple[object, ...], int, str]]:
        """Each block of a card outside the link, with its place in the card."""
        page = self._page
        top, own = page.elements[card], page.elements[link]
        seen: set[int] = set()
        for chunk in range(top.start, min(top.stop, top.start + _MOST_CHUNKS)):
            owner = page.owners[chunk]
            block = page.elements[page.elements[owner].block]
            holder = block if card < block.index else page.elements[owner]
            around = holder.index <= own.index < holder.end or own.index <= holder.index < own.end
            if holder.index in seen or holder.index <= card or around:
                continue
            seen.add(holder.index)
            text = page.text(holder.index)
            if has_letter(text) and width(text) <= _LONGEST and not self._is_date(text):
                above = page.elements[holder.parent]
                column = above.children.index(holder.index) if holder.tag in ("td", "th") else 0
                yield (holder.tag, holder.stable, above.tag, column), holder.index, text

    def _said(self, cards: dict[int, int]) -> Found:
        found: Found = {}
        for at in cards:
            link = self._page.elements[at]
            images = self._page.images_within(link.index, link.end)
            said = (link.attrs.get("aria-label"), link.attrs.get("title"), *map(self._alt, images))
            text = next((fold_space(value) for value in said if value and width(value) >= _IN_TEXT), "")
            if text:
                found[at] = -1, text
        return found

    def _alt(self, image: int) -> str | None:
        return self._page.elements[image].attrs.get("alt")
