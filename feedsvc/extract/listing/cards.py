"""Cards and the runs that they form.

A card is the largest subtree that leads to exactly one article: so image, title and "read more" of one
article become one, whatever the markup. Neighbouring cards of like shape form a run, the raw form of a list.
Runs grow from the leaves of the tree upwards, in one backward pass.
"""

from __future__ import annotations

from dataclasses import dataclass

from feedsvc.extract.listing.articles import NONE, SEVERAL, Articles
from feedsvc.extract.listing.collapse import chosen_keys
from feedsvc.extract.listing.headings import Headings
from feedsvc.extract.listing.page import NO_CLASSES

#: How alike (0 … 1) two cards must be to stand in one run …
NEXT_TO = 0.35  #: … side by side in one parent: else an article's body goes with the box below it
OVER_A_GAP = 0.6  #: … with another block between them (a photo strip amid the list)
ROW_OVER_A_GAP = 0.8  #: … a row with another block between
AFTER_ROW = 0.6  #: … a card after a row of cards
ROW_TO_ROW = 0.6  #: … rows of a grid
CARD_TO_ROW = 0.75  #: … a row after a card
_MOST_LED = 6  #: cards below the lead of a section's box …
_PART = 0.5  #: … which holds less than this share of the page's links to articles


@dataclass(slots=True, eq=False)
class Card:
    """Everything between the elements `first` and `last` (both whole) belongs to one article."""

    first: int
    last: int
    article: int


@dataclass(slots=True, eq=False)
class Run:
    """Cards that follow one another and look alike."""

    cards: list[Card]
    container: int  #: the element that holds them
    child: int  #: the child of `container` that holds the last of them
    row: bool = False  #: they stand in an element of their own, not side by side in the container
    closed: bool = False  #: nothing may be joined to it any more
    shape: Shape | None = None  #: of its first card


@dataclass(frozen=True, slots=True)
class Shape:
    """What two cards of one list have in common."""

    tag: str
    classes: frozenset[str]
    way: tuple[str, ...]  #: tags from the title link upwards
    link_classes: frozenset[str]
    in_heading: bool

    def like(self, other: Shape) -> float:
        """0 (nothing in common) … 1 (same shape)."""
        return (
            0.15 * (self.tag == other.tag)
            + 0.15 * _overlap(self.classes, other.classes)
            + 0.4 * (self.way == other.way)
            + 0.2 * _overlap(self.link_classes, other.link_classes)
            + 0.1 * (self.in_heading == other.in_heading)
        )


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 1.0


class Grouping:
    """Makes runs of the cards of a page."""

    def __init__(self, articles: Articles, headings: Headings) -> None:
        self._articles = articles
        self._page = articles.page
        self._headings = headings
        self._shapes: dict[int, Shape] = {}
        self._runs: dict[int, list[Run]] = {}
        self._chosen = chosen_keys(articles)

    def runs(self) -> list[Run]:
        """The runs of the page, in document order."""
        below = self._articles.below
        if not below or below[0] != SEVERAL:
            return []
        for element in reversed(self._page.elements):
            if below[element.index] != SEVERAL:
                continue
            children = [child for child in element.children if below[child] != NONE]
            if len(children) == 1 and children[0] in self._runs:  # a wrapper; not a link within a link
                self._runs[element.index] = self._runs.pop(children[0])
            else:
                self._runs[element.index] = self._combine(element.index, children)
        for run in self._runs[0]:
            run.shape = self.shape(run.cards[0].first)
            self._add_details(run.cards)
        return self._runs[0]

    def _add_details(self, cards: list[Card]) -> None:
        """Give each card that is a term (`dt`) the details (`dd`) below it that lead nowhere else."""
        elements, below = self._page.elements, self._articles.below
        for card in cards:
            term = elements[card.last]
            if term.tag != "dt":
                continue
            for at in elements[term.parent].children:
                if at > card.last and elements[at].tag != "dd":
                    break
                if at > card.last and below[at] in (NONE, card.article):
                    card.last = at

    def shape(self, card: int) -> Shape:
        """The shape of the card that begins with an element."""
        if card not in self._shapes:
            self._shapes[card] = self._make_shape(card)
        return self._shapes[card]

    def _make_shape(self, card: int) -> Shape:
        element = self._page.elements[card]
        links = [link for link in self._articles.within(card, element.end) if link.accepted]
        if not links:
            return Shape(element.tag, element.stable, (), NO_CLASSES, False)
        title = max(links, key=lambda link: (link.in_heading, link.width))
        above = list(self._page.above(title.at, 3))
        classes = frozenset().union(*(step.stable for step in above[:2]))
        way = tuple(step.tag for step in above)
        return Shape(element.tag, element.stable, way, classes, title.in_heading)

    def _combine(self, parent: int, children: list[int]) -> list[Run]:
        below = self._articles.below
        builder = _Builder(self, parent)
        for child in children:
            article = self._chosen.get(child, below[child])
            inner = self._runs.pop(child, [])
            if article >= 0:
                builder.add_card(child, article)
            elif len(inner) == 1:
                builder.add_row(child, inner[0])
            else:
                builder.add_closed(inner)
        return builder.runs

    def like(self, one: Card, other: int) -> float:
        """How alike a card and the card that begins with an element are."""
        return self.shape(one.first).like(self.shape(other))

    def heading_among(self, parent: int, first: int, last: int) -> bool:
        """Whether a section heading stands between two children, among those without cards."""
        return self._headings.among(parent, first, last, lambda i: self._articles.below[i] != NONE)

    def heading_between(self, one: Card, other: int) -> bool:
        """Whether a section heading stands between a card and the element of a later one."""
        elements = self._page.elements
        return bool(self._headings.between(elements[one.last].stop, elements[other].start))

    def rows_match(self, run: Run, row: Run, child: int) -> bool:
        """Whether a row of cards goes on with the run before it."""
        if self.heading_between(run.cards[-1], row.cards[0].first):
            return False
        alike = self.like(run.cards[-1], row.cards[0].first)
        if not run.row:
            return alike >= CARD_TO_ROW
        if len(run.cards) > 1 and len(row.cards) > 1 and not self._same_measure(run, row):
            return False
        return alike >= ROW_TO_ROW and self._same_wrapper(run.child, child)

    def leads(self, parent: int, lead: Card, cards: list[Card]) -> bool:
        """Whether a card right under the heading of a small box goes with the other cards of the box."""
        elements = self._page.elements
        start, end = elements[lead.first].start, elements[cards[0].first].start
        within = len(self._articles.within(parent, elements[parent].end))
        return (
            len(cards) <= _MOST_LED
            and within < _PART * len(self._articles.links)
            and bool(self._headings.between(elements[parent].start, start))
            and not self._headings.between(elements[lead.last].stop, end)
        )

    def row_goes_on(self, run: Run, row: Run, child: int) -> bool:
        """Whether a row goes on with an earlier run, over blocks of other kinds that stand between them."""
        first = row.cards[0].first
        alike = self.like(run.cards[-1], first)
        if not run.row or alike < ROW_OVER_A_GAP or not self._same_wrapper(run.child, child):
            return False
        elements, start = self._page.elements, self._page.elements[first].start
        if self._headings.between(elements[child].start, start):
            return False
        if self._headings.alone(elements[row.container].start, start):
            return False  # a line within its own element heads it
        return not self.heading_among(run.container, run.child, child) and self._same_measure(run, row)

    def _same_wrapper(self, one: int, other: int) -> bool:
        a, b = self._page.elements[one], self._page.elements[other]
        return a.tag == b.tag and _overlap(a.stable, b.stable) >= 0.5

    def _same_measure(self, run: Run, row: Run) -> bool:
        elements, alone = self._page.elements, self._headings.alone
        last, first = elements[run.cards[-1].last], elements[row.cards[0].first]
        if alone(last.stop, first.start):
            one, two = elements[run.cards[0].last], elements[run.cards[1].first]
            if not alone(one.stop, two.start):  # such texts do not stand between its own cards
                return False
        widths = sorted((self._mean_width(run), self._mean_width(row)))
        return widths[0] >= 0.45 * widths[1]

    def _mean_width(self, run: Run) -> float:
        cards = run.cards[:12]
        elements, within = self._page.elements, self._articles.within
        longest = (
            max((link.width for link in within(card.first, elements[card.last].end)), default=0)
            for card in cards
        )
        return sum(longest) / len(cards)


class _Builder:
    """The runs of one container, grown child by child."""

    def __init__(self, grouping: Grouping, parent: int) -> None:
        self.runs: list[Run] = []
        self._grouping = grouping
        self._parent = parent
        self._latest: Run | None = None  # the run that the last child went to
        self._rows: list[Run] = []  # those that came as rows
        self._cards: Run | None = None  # the last run of cards that stand side by side here

    def add_card(self, child: int, article: int) -> None:
        """A child that is one card."""
        card = Card(child, child, article)
        grouping, run = self._grouping, self._cards
        if run is not None:
            last = run.cards[-1]
            if last.article == article and run is self._latest:
                last.last = run.child = child  # image link beside title link
                return
            need = NEXT_TO if run is self._latest else OVER_A_GAP
            alike = grouping.like(last, child) >= need
            if alike and not grouping.heading_among(self._parent, run.child, child):
                self._join(run, [card], child)
                return
        latest = self._latest
        if latest is not None and latest.row and not latest.closed:
            last = latest.cards[-1]
            if grouping.like(last, child) >= AFTER_ROW and not grouping.heading_between(last, child):
                self._join(latest, [card], child)
                return
        self._cards = self._begin(Run([card], self._parent, child))

    def add_row(self, child: int, row: Run) -> None:
        """A child that holds one run."""
        latest = self._latest
        if latest is not None and not latest.closed and self._grouping.rows_match(latest, row, child):
            latest.row = True
            self._join(latest, row.cards, child)
            return
        if latest is not None and self._is_lead(latest, row):
            self._join(latest, row.cards, child)
            latest.closed = True
            return
        earlier = next((run for run in reversed(self._rows[-3:]) if run is not latest), None)
        if earlier is not None and self._grouping.row_goes_on(earlier, row, child):
            self._join(earlier, row.cards, child)
            return
        row.row, row.closed, row.child = True, False, child
        self._rows.append(self._begin(row))

    def _is_lead(self, run: Run, row: Run) -> bool:
        """Whether a run is the lone card right under a heading, above the smaller ones of its section."""
        alone = len(self.runs) == 1 and len(run.cards) == 1 and not run.closed
        return alone and self._grouping.leads(self._parent, run.cards[0], row.cards)

    def add_closed(self, inner: list[Run]) -> None:
        """A child that holds several runs: they stay apart."""
        for run in inner:
            run.closed = True
        self.runs += inner
        self._latest = inner[-1] if inner else self._latest

    def _join(self, run: Run, cards: list[Card], child: int) -> None:
        run.cards += cards
        run.child, run.container = child, self._parent
        self._latest = run

    def _begin(self, run: Run) -> Run:
        self.runs.append(run)
        self._latest = run
        return run
