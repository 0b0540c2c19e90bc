"""What is known of the texts of a page: which are section names, dates, counters, which are said twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from feedsvc.extract.listing.articles import Articles
from feedsvc.extract.listing.dating import Dating
from feedsvc.extract.listing.links import Link
from feedsvc.extract.listing.page import fold_space, has_letter, width
from feedsvc.extract.listing.words import BYLINE, COUNTER

_LABEL_WIDTH = 30  #: a wider text names no section


class KnownTexts:
    """What is known of texts, page-wide."""

    def __init__(self, articles: Articles, links: Iterable[Link], dating: Dating) -> None:
        self._page = articles.page
        self._dating = dating
        pieces: defaultdict[str, set[str]] = defaultdict(set)
        for link in articles.links:
            element = self._page.elements[link.at]
            if link.accepted and element.stop - element.start > 1:
                for chunk in range(element.start, element.stop):
                    pieces[fold_space(self._page.texts[chunk]).casefold()].add(link.key)
        self._labels = {text for text, keys in pieces.items() if len(keys) >= 3 and width(text) <= 60}
        self._labels |= {
            link.text.casefold()
            for link in links
            if link.reason in ("menu", "label", "address", "short") and 2 <= link.width <= _LABEL_WIDTH
        }

    def is_date(self, text: str) -> bool:
        """Whether a text is nothing but a date."""
        return self._dating.is_date(text)

    def is_label(self, text: str) -> bool:
        """Whether a text names a section or the like, rather than an article."""
        return text.casefold() in self._labels

    def is_counter(self, text: str) -> bool:
        """Whether a text counts comments, views or votes."""
        return bool(COUNTER.fullmatch(text))

    def no_title(self, text: str) -> bool:
        """Whether a text cannot be a headline."""
        if width(text) < 3 or not has_letter(text) or self.is_label(text) or self.is_date(text):
            return True
        return self.is_counter(text)

    def unlikely(self, text: str) -> bool:
        """Whether a text is hardly a headline."""
        return self.no_title(text) or self._is_byline(text)

    def _is_byline(self, text: str) -> bool:
        """Whether a text may name an author (or be a short headline: "By the river")."""
        return width(text) <= 40 and len(text.split()) <= 5 and bool(BYLINE.match(text))

    def by_element(self, index: int) -> float:
        """What an element says of its text: -2.5 if it is a time or a caption, 0 if nothing."""
        for element in self._page.above(index, 2):
            if element.tag in ("time", "figcaption"):
                return -2.5
            if element.tag in ("a", "li", "article", "td"):
                break
        return 0.0
