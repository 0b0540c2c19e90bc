"""The articles that a page leads to, and which elements hold how many of them."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from feedsvc.extract.listing.links import Link
from feedsvc.extract.listing.page import Page

NONE, SEVERAL = -1, -2  #: how many articles an element leads to, where it is not one (0 … = that one)


@dataclass(slots=True, eq=False)
class Articles:
    """The articles that a page leads to, and where."""

    page: Page
    links: list[Link]  #: every link to an article, accepted or not, in document order
    numbers: dict[str, int] = field(default_factory=dict)  #: key → number
    at: list[int] = field(default_factory=list)  #: elements of the links
    below: list[int] = field(default_factory=list)  #: per element: the one article below it, NONE or SEVERAL

    def __post_init__(self) -> None:
        self.at = [link.at for link in self.links]
        self.below = [NONE] * len(self.page.elements)
        for link in self.links:
            self.below[link.at] = self.numbers.setdefault(link.key, len(self.numbers))
        for element in reversed(self.page.elements):
            article = self.below[element.index]
            if article != NONE and element.parent >= 0:
                above = self.below[element.parent]
                self.below[element.parent] = article if above in (NONE, article) else SEVERAL

    def within(self, first: int, end: int) -> list[Link]:
        """The links to articles among the elements `first:end`."""
        return self.links[bisect_left(self.at, first) : bisect_left(self.at, end)]

    def count(self, element: int) -> int:
        """How many links to articles an element holds."""
        return bisect_left(self.at, self.page.elements[element].end) - bisect_left(self.at, element)
