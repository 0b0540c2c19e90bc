"""The items that a person's own selectors choose, and the box that a person names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from feedsvc import dates, urls
from feedsvc.dates import Doubt, Moment
from feedsvc.errors import Code, ReadError
from feedsvc.extract import html
from feedsvc.extract.listing.dating import Dating
from feedsvc.extract.listing.details import image_of
from feedsvc.extract.listing.meta import read_meta
from feedsvc.extract.listing.page import Page, folded, stamps_of
from feedsvc.model import FoundList, Headline, PageReading

KEYS = ("item", "link", "title", "time", "image", "summary")


def select_items(
    text: str,
    *,
    url: str,
    select: Mapping[str, str],
    language: str = "",
    zone: ZoneInfo | None = None,
    now: datetime | None = None,
) -> tuple[Headline, ...]:
    """The items that CSS selectors choose: `item` finds the cards, the others look within each card.

    Without `link` a card's first link is taken, without `title` the link's text (or the card's first heading,
    where the link has none). An article that stands in two cards comes once. Cards without link or title are
    left out. Raises ReadError (CONFIG) for a selector that cannot be understood.
    """
    unknown = sorted(select.keys() - set(KEYS))
    if unknown or not select.get("item"):
        problem = f"unknown selector {unknown[0]!r}" if unknown else "no selector for `item`"
        raise ReadError(Code.CONFIG, f"{problem}; there are {', '.join(KEYS)}")
    tree = html.parse(text)
    meta = read_meta(tree, url)
    language = language or meta.language
    zone = zone or dates.home_zone(url, language) or ZoneInfo("UTC")
    texts = Page(tree.body or tree.root).texts
    reader = _Reader(select, meta.base, Dating(language, zone, now or datetime.now(UTC), texts))
    found: dict[str, Headline] = {}
    for card in _css(tree.root, select["item"], "item"):
        headline = reader.headline(card)
        if headline is not None:
            found.setdefault(urls.key(headline.url), headline)
    return tuple(found.values())


def _css(node: LexborNode | None, selector: str, name: str) -> list[LexborNode]:
    try:
        return list(node.css(selector)) if node is not None else []
    except Exception as error:
        # selectolax raises its own and built-in errors for bad selectors, in no tree of their own
        raise ReadError(Code.CONFIG, f"select.{name}: {selector!r} is not a CSS selector") from error


class _Reader:
    """Reads one card by the given selectors."""

    def __init__(self, select: Mapping[str, str], base: str, dating: Dating) -> None:
        self._select = select
        self._base = base
        self._dating = dating

    def headline(self, card: LexborNode) -> Headline | None:
        """The headline of a card, or None where it has no link or no title."""
        link = self._link(card)
        url = urls.absolute(self._base, link.attributes.get("href")) if link is not None else None
        if link is None or url is None:
            return None
        title = self._text(card, "title") if self._select.get("title") else _title(card, link)
        if not title:
            return None
        time = self._time(card)
        return Headline(
            url=urls.clean(url),
            title=title,
            published=time if isinstance(time, Moment) else None,
            doubt=time if isinstance(time, Doubt) else None,
            summary=self._text(card, "summary"),
            image=self._image(card),
        )

    def _link(self, card: LexborNode) -> LexborNode | None:
        if not self._select.get("link") and card.tag == "a":
            return card
        found = _css(card, self._select.get("link") or "a[href]", "link")
        for node in found:
            if node.tag == "a":
                return node
            inner = node.css_first("a[href]")
            if inner is not None:
                return inner
        return None

    def _text(self, card: LexborNode, name: str) -> str:
        selector = self._select.get(name)
        found = _css(card, selector, name) if selector else []
        return next((text for node in found if (text := _shown(node))), "")

    def _time(self, card: LexborNode) -> Moment | Doubt | None:
        selector = self._select.get("time")
        doubt: Doubt | None = None
        for node in _css(card, selector, "time") if selector else []:
            for value in stamps_of(node.tag or "", node.attributes):
                if moment := self._dating.stamp(value):
                    return moment
            found = self._dating.read(_shown(node))
            if isinstance(found, Moment):
                return found
            doubt = doubt or found
        return doubt

    def _image(self, card: LexborNode) -> str:
        selector = self._select.get("image")
        for node in _css(card, selector, "image") if selector else [card]:
            page = Page(node)
            if image := image_of(page, 0, len(page.elements), self._base):
                return image
        return ""


def _title(card: LexborNode, link: LexborNode) -> str:
    """The text of a card's link; for an image, another link's to the same address, or a heading's."""
    same = [
        node for node in card.css("a[href]") if node.attributes.get("href") == link.attributes.get("href")
    ]
    for node in [link, *same, *card.css("h1, h2, h3, h4, h5, h6")]:
        if text := _shown(node):
            return text
    return ""


def _shown(node: LexborNode) -> str:
    page = Page(node)
    return page.text(0) if page.elements else ""


def find_box(reading: PageReading, heading: str) -> FoundList | None:
    """The list under a heading: the same words first, else the only list whose heading begins with them.

    Case, accents, white space and punctuation do not matter.
    """
    wanted = _name(heading)
    if not wanted:
        return None
    named = [(found, _name(found.heading)) for found in reading.lists if found.heading]
    exact = [found for found, name in named if name == wanted]
    if exact:
        return exact[0]
    beginning = [found for found, name in named if name.startswith(wanted)]
    return beginning[0] if len(beginning) == 1 else None


def _name(heading: str) -> str:
    return re.sub(r"[\W_]+", " ", folded(heading)).strip()
