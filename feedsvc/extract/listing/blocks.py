"""A list as it stands on the page, with all that is measured of it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import pairwise

from feedsvc.dates import Doubt, Moment
from feedsvc.extract.listing.articles import Articles
from feedsvc.extract.listing.cards import Card, Run, Shape
from feedsvc.extract.listing.dating import Dating
from feedsvc.extract.listing.headings import Headings
from feedsvc.extract.listing.links import Link
from feedsvc.extract.listing.page import width
from feedsvc.extract.listing.polish import polish
from feedsvc.extract.listing.times import Place, Times, date_places
from feedsvc.extract.listing.titles import Titles
from feedsvc.extract.listing.whole import complete
from feedsvc.extract.listing.words import ADVERT

_DATED = 0.8  #: share of dated cards, and of steps back in time, of a list that goes on further down
_MOST_BETWEEN = 4  #: lists before one of which it may be the rest


@dataclass(slots=True, eq=False)
class Item:
    """One article of a list, still tied to the page."""

    card: Card
    link: Link
    title: str
    skip: tuple[int, int]  #: the chunks of the title
    stamp: str = ""  #: a date that stood within the title
    published: Moment | None = None
    doubt: Doubt | None = None

    @property
    def key(self) -> str:
        """What identifies the article on this page."""
        return self.link.key


@dataclass(slots=True, eq=False)
class Block:
    """One list of the page."""

    items: list[Item]
    container: int
    heading: str = ""
    width: float = 0.0  #: mean width of the titles
    dated: float = 0.0  #: share of cards with a time …
    pictured: float = 0.0  #: … with an image
    headed: float = 0.0  #: … with the title in a heading
    worded: float = 0.0  #: mean characters of a card besides its title (at most 300)
    outside: float = 0.0  #: share of links to other sites
    paged: bool = False  #: the links to older pages follow it
    named: bool = False  #: its heading is the name of the page's section
    around: int = 0  #: the landmarks around it
    standing: float = 1.0  #: what its place and heading say: product of factors, 1 neutral
    score: float = 0.0
    why: list[str] = field(default_factory=list)
    shape: Shape | None = None  #: of its first card

    @property
    def keys(self) -> frozenset[str]:
        """Its articles."""
        return frozenset(item.key for item in self.items)

    @property
    def first(self) -> int:
        """The element that it begins with."""
        return self.items[0].card.first

    @property
    def last(self) -> int:
        """The first element of its last card."""
        return self.items[-1].card.first


def _goes_on(before: Block, block: Block) -> bool:
    """Whether a list without a heading is the rest of one above: cards of the same shape, and ever older."""
    if block.heading or min(len(before.items), len(block.items)) < 2 or before.shape != block.shape:
        return False
    if min(before.dated, block.dated) < _DATED:
        return False
    days = [[item.published.at for item in each.items if item.published] for each in (before, block)]
    older = sum(later <= earlier for its in days for earlier, later in pairwise(its))
    steps = len(days[0]) + len(days[1]) - 2
    return older >= _DATED * steps and max(days[1]) <= min(days[0]) and min(days[1]) < max(days[0])


class BlockMaker:
    """Turns runs of cards into blocks."""

    def __init__(self, articles: Articles, titles: Titles, headings: Headings, dating: Dating) -> None:
        self._articles = articles
        self._page = articles.page
        self._titles = titles
        self._headings = headings
        self._times = Times(articles.page, dating)
        self._card_ends: list[tuple[int, int]] = []

    def make(self, runs: list[Run]) -> list[Block]:
        """The blocks of the page, in document order."""
        blocks = []
        for run in runs:
            items = [
                Item(headed.card, headed.link, headed.title, (headed.start, headed.stop))
                for headed in self._titles.of(run.cards)
                if headed.title
            ]
            if items := self._without_adverts(items):
                blocks.append(Block(items, run.container, shape=run.shape))
        elements = self._page.elements
        self._card_ends = sorted(
            (elements[item.card.last].stop, elements[item.card.first].start)
            for block in blocks
            for item in block.items
        )
        for block in blocks:
            self._complete(block)
        return self._joined(blocks)

    def _joined(self, blocks: list[Block]) -> list[Block]:
        """The blocks, with those as one that go on further down the page."""
        kept: list[Block] = []
        for block in blocks:
            before = next((each for each in reversed(kept[-_MOST_BETWEEN:]) if _goes_on(each, block)), None)
            if before is None:
                kept.append(block)
                continue
            known = before.keys
            before.items += [item for item in block.items if item.key not in known]
            before.container = block.container
            self._measure(before)
        return kept

    def _without_adverts(self, items: list[Item]) -> list[Item]:
        """The items of a list but those that lead to another site and say that somebody paid for it."""
        if 2 * sum(item.link.outside for item in items) > len(items):
            return items
        return [item for item in items if not (item.link.outside and self._says_advert(item))]

    def _says_advert(self, item: Item) -> bool:
        first, last = self._page.elements[item.card.first], self._page.elements[item.card.last]
        return any(ADVERT.match(text) for text in self._page.texts[first.start : last.stop][:60])

    def _complete(self, block: Block) -> None:
        complete(self._page, block.items)
        polish(block.items)
        places = [Place(i.card.first, i.card.last, i.skip, stamp=i.stamp) for i in block.items]
        block.heading = self._heading(block)
        date_places(self._times, self._page, places, block.container, block.heading)
        for item, place in zip(block.items, places, strict=True):
            item.published = place.time.moment
            item.doubt = place.time.doubt if place.time.moment is None else None
        self._measure(block)

    def _heading(self, block: Block) -> str:
        start = self._page.elements[block.first].start
        before = bisect_left(self._card_ends, (start + 1, -1))
        floor = self._card_ends[before - 1][0] if before else 0
        most = 0.6 * len(self._articles.at)
        return self._headings.of_list(
            block.first, block.container, floor, lambda i: self._articles.count(i) >= most
        )

    def _measure(self, block: Block) -> None:
        page, n = self._page, len(block.items)
        pictured = headed = worded = 0.0
        for item in block.items:
            first, last = page.elements[item.card.first], page.elements[item.card.last]
            pictured += bool(page.images_within(first.index, last.end))
            headed += item.link.in_heading
            length = sum(len(text) for text in page.texts[first.start : last.stop][:60])
            worded += min(3000, max(0, length - len(item.title)))
        block.width = sum(min(width(item.title), 90) for item in block.items) / n
        block.dated = sum(item.published is not None for item in block.items) / n
        block.pictured, block.headed, block.worded = pictured / n, headed / n, worded / n
        block.outside = sum(item.link.outside for item in block.items) / n
