"""The headline of each card of a list.

A link often wraps more than the headline: kicker, time, author, summary, counters. The lines within the
links of all cards of one list are compared place by place: the place whose texts read like headlines (repeat
their addresses, differ from card to card, stand in headings, are of a headline's length) holds the titles.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from feedsvc.extract.listing.addresses import agreement
from feedsvc.extract.listing.articles import Articles
from feedsvc.extract.listing.cards import Card
from feedsvc.extract.listing.dating import Dating
from feedsvc.extract.listing.known import KnownTexts
from feedsvc.extract.listing.links import Link
from feedsvc.extract.listing.page import (
    BLOCKS,
    HEADINGS,
    LINE_BREAK,
    NO_CLASSES,
    STYLING,
    count_words,
    fold_space,
    has_letter,
    width,
)

_RANK = re.compile(r"\W*\d{1,3}\W*")
_BULLET = re.compile(r"^[•·►▶»›\-–—*|\s]+(?=\S)")
_WORKS = frozenset({"em", "i", "cite", "q"})  #: a number in them is a book or a film: <em>1984</em> returns
_QUOTE = re.compile(r"[\"'«“‘(\[]")
_SENTENCE_ENDS = (".", "。", "…", "।")  #: summaries end so, headlines hardly ever
_MOST_EXTRAS = 4  #: pieces that are cut off at either end
_ENOUGH = 12  #: what must stay of a title when its ends are cut

Slot = tuple[str, frozenset[str], str, int]


@dataclass(slots=True, eq=False)
class Line:
    """One line within a link of a card: the chunks `start:stop`."""

    start: int
    stop: int
    text: str
    slot: Slot
    link: Link
    holder: int  #: the element whose text it is
    in_heading: bool
    names: frozenset[str] = frozenset()  #: what attributes of the card's links and pictures say


@dataclass(slots=True, eq=False)
class Headed:
    """A card with the link and the chunks of its title."""

    card: Card
    link: Link
    title: str
    start: int
    stop: int


@dataclass(slots=True)
class _Tally:
    """What the texts of one slot are like, over the cards of a list."""

    lines: list[Line] = field(default_factory=list)

    @property
    def width(self) -> float:
        """The mean width of its texts."""
        return sum(width(line.text) for line in self.lines) / len(self.lines)

    def worth(self, known: KnownTexts, cards: int) -> float:
        """How likely the slot holds the headlines; above 0 likely."""
        n = len(self.lines)
        texts = [line.text for line in self.lines]
        some = self.lines[:_SAMPLE]
        mean = self.width
        agreed = [a for line in some if (a := agreement(line.text, line.link.url)) is not None]
        worth = 2.0 * sum(agreed) / max(len(agreed), 0.5 * len(some))
        worth += 2.0 * self.lines[0].in_heading + known.by_element(self.lines[0].holder)
        worth += 2.0 * (sum(line.text in line.names for line in some) / len(some))
        worth -= 0.8 * (self.lines[0].slot[0] == "p")
        worth += min(1.0, max(0.0, (mean - 8) / 20)) - min(1.5, max(0.0, (mean - 80) / 60))
        worth += 0.5 * n / cards
        worth -= 1.0 * sum(text.endswith(_SENTENCE_ENDS) for text in texts) / n
        worth -= 3.0 * sum(map(known.unlikely, texts[:_SAMPLE])) / len(some)
        if n >= 3:
            worth -= 2.0 * (1 - len(set(texts)) / n)
        return worth


_FIRST, _FIRST_WIDTH = 0.4, 16  #: what it says for a slot to be the first whose texts are so wide
_PARAGRAPH = 90  #: mean width of texts from which they are no headlines
_USUAL = 0.7  #: share of the cards that have the slot of the titles
_MOST_ELEMENTS = 60  #: of a card that are asked for their attributes
_SAMPLE = 12  #: cards of a list that are looked at closely


class Titles:
    """Finds the titles of the cards of a page's lists."""

    def __init__(self, articles: Articles, links: Iterable[Link], dating: Dating) -> None:
        self._articles = articles
        self._page = articles.page
        self._texts = KnownTexts(articles, links, dating)

    def of(self, cards: list[Card]) -> list[Headed]:
        """The cards of one list that have a title, each article once."""
        lines_of: list[tuple[Card, list[Line]]] = []
        seen: set[int] = set()
        for card in cards:
            if card.article not in seen and (lines := self._lines(card)):
                seen.add(card.article)
                lines_of.append((card, lines))
        tallies: defaultdict[Slot, _Tally] = defaultdict(_Tally)
        for _, lines in lines_of:
            for line in lines:
                tallies[line.slot].lines.append(line)
        worth = {slot: tally.worth(self._texts, len(lines_of)) for slot, tally in tallies.items()}
        if first := self._first(tallies, len(lines_of)):
            worth[first] += _FIRST
        usual = [slot for slot, tally in tallies.items() if len(tally.lines) >= _USUAL * len(lines_of)]
        title = max(usual, key=worth.__getitem__, default=None)
        return [self._headed(card, lines, worth, title) for card, lines in lines_of]

    def _first(self, tallies: dict[Slot, _Tally], cards: int) -> Slot | None:
        """The slot that comes first and may hold headlines: those come before their summaries.

        A short one counts where its texts differ and what follows it is a paragraph in each card.
        """
        longest = max((tally.width for tally in tallies.values()), default=0.0)
        for slot, tally in tallies.items():
            if tally.width >= _FIRST_WIDTH:
                return slot
            texts = {line.text for line in tally.lines}
            common = len(texts) > 0.8 * len(tally.lines) >= 0.8 * _USUAL * cards
            if common and longest >= _PARAGRAPH and not any(map(self._texts.unlikely, texts)):
                return slot
        return None

    def _headed(self, card: Card, lines: list[Line], worth: dict[Slot, float], usual: Slot | None) -> Headed:
        # a headline may be a date or the name of a section, where the heading of each card is its headline
        usable = [
            line
            for line in lines
            if (line.in_heading and line.slot == usual)
            or not self._texts.no_title(line.text)
            or agreement(line.text, line.link.url) == 1
        ] or lines
        best = max(usable, key=lambda line: (worth[line.slot], width(line.text)))
        start, stop = self._trim(best)
        if start == stop:
            return Headed(card, best.link, best.text, start, stop)
        title = _BULLET.sub("", self._page.join(start, stop))
        return Headed(card, best.link, title, start, stop)

    # ── the lines of a card ───────────────────────────────────────────────────────────────────────────

    def _lines(self, card: Card) -> list[Line]:
        page = self._page
        lines: list[Line] = []
        end = page.elements[card.last].end
        for link in self._articles.within(card.first, end):
            if self._articles.numbers[link.key] != card.article:
                continue
            if link.said:
                at = page.elements[link.at].start
                lines.append(
                    Line(at, at, link.said, ("", NO_CLASSES, "", 0), link, link.at, in_heading=False)
                )
            elif link.title_at >= 0:
                lines += self._split(link, link.title_at)
            elif link.accepted:
                lines += self._split(link, link.at)
        names = self._names(card) if len(lines) > 1 else NO_CLASSES
        counted: defaultdict[Slot, int] = defaultdict(int)
        for line in lines:  # class-less siblings are told apart by their order
            plain = line.slot
            line.slot = (*plain[:3], counted[plain])
            line.names = names
            counted[plain] += 1
        return lines

    def _names(self, card: Card) -> frozenset[str]:
        """What the attributes of a card's links and pictures say."""
        elements = self._page.elements
        within = elements[card.first : min(elements[card.last].end, card.first + _MOST_ELEMENTS)]
        said = (
            each.attrs.get(name) for each in within if each.attrs for name in ("alt", "title", "aria-label")
        )
        return frozenset(fold_space(value) for value in said if value)

    def _split(self, link: Link, top: int) -> list[Line]:
        """The lines of an element: by block, and by span where an element's text is all in spans."""
        page = self._page
        element = page.elements[top]
        lines: list[Line] = []
        start, holder = element.start, -1
        for chunk in range(element.start, element.stop):
            held = self._holder(page.owners[chunk], top)
            if page.texts[chunk] == LINE_BREAK or (holder >= 0 and not self._joined(holder, held, chunk)):
                self._add(lines, link, top, start, chunk, holder)
                start, holder = chunk, -1
            if page.texts[chunk] == LINE_BREAK:
                start = chunk + 1
            else:
                holder = held if holder < 0 else min(holder, held)
        self._add(lines, link, top, start, element.stop, holder)
        return lines

    def _holder(self, owner: int, top: int) -> int:
        """The element whose text a text is part of: the outermost one around it that has text of its own."""
        elements = self._page.elements
        while owner != top and elements[owner].tag not in BLOCKS:
            above = elements[owner].parent
            if not self._speaks(above):
                break
            if above == top or elements[above].tag in BLOCKS:
                return above if elements[owner].tag in STYLING else owner
            owner = above
        return owner

    def _speaks(self, index: int) -> bool:
        """Whether an element has text of its own, not only in elements within it."""
        element = self._page.elements[index]
        return index in self._page.owners[element.start : min(element.stop, element.start + 40)]

    def _joined(self, one: int, other: int, chunk: int) -> bool:
        elements = self._page.elements
        if one == other:
            return True
        a, b = elements[one], elements[other]
        if a.block != b.block:
            return False
        if any(element.tag in HEADINGS for element in (elements[a.block],)):
            return True  # what stands in one heading is read as one
        # a span amid text goes on with it; two side by side are two lines, unless they hold single words
        if a.index < b.index < a.end or b.index < a.index < b.end:
            return True
        return a.tag == b.tag and a.stable == b.stable and self._is_word(chunk - 1) and self._is_word(chunk)

    def _is_word(self, chunk: int) -> bool:
        return count_words(fold_space(self._page.texts[chunk])) <= 1

    def _add(self, lines: list[Line], link: Link, top: int, start: int, stop: int, holder: int) -> None:
        page = self._page
        text = page.join(start, stop) if stop > start else ""
        if not text:
            return
        element = page.elements[holder]
        heading = any(step.tag in HEADINGS for step in page.above(holder, 5))
        above = page.elements[max(element.parent, 0)].tag
        slot = (element.tag, element.stable, f"{above}{'!' if heading else ''}", 0)
        lines.append(Line(start, stop, text, slot, link, holder, heading))

    # ── the ends of a title ───────────────────────────────────────────────────────────────────────────

    def _trim(self, line: Line) -> tuple[int, int]:
        """The chunks of a line without the rank, kicker, time or counter at its ends."""
        start, stop = line.start, line.stop
        for _ in range(_MOST_EXTRAS):
            if stop - start > 1 and self._is_extra(start, line) and self._left(start + 1, stop):
                start += 1
        for _ in range(_MOST_EXTRAS):
            if stop - start > 1 and self._is_extra(stop - 1, line) and self._left(start, stop - 1):
                stop -= 1
        return start, stop

    def _left(self, start: int, stop: int) -> bool:
        return width(self._page.join(start, stop)) >= _ENOUGH

    def _is_extra(self, chunk: int, line: Line) -> bool:
        page = self._page
        text = fold_space(page.texts[chunk])
        if not text:
            return True
        if _RANK.fullmatch(text) and not _QUOTE.search(text):
            return page.owners[chunk] != line.holder or not has_letter(text)
        owner = page.elements[page.owners[chunk]]
        if text.isdecimal() and owner.tag in _WORKS:
            return False
        if self._texts.is_date(text):
            return True
        if owner.index <= line.link.at or owner.tag in HEADINGS:
            return False
        holder = page.elements[line.holder]
        if owner is holder and holder.start <= line.start and holder.stop >= line.stop:
            return False  # else it is one of several side by side: the kicker before a headline
        return (
            owner.tag == "time"
            or (owner.tag not in STYLING and self._texts.is_label(text))
            or self._texts.is_counter(text)
            or self._texts.by_element(owner.index) < 0
        )
