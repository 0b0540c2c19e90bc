"""What stands between links that look alike: a date beside each, lists below each."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from feedsvc.extract.listing.links import Link, Signature
from feedsvc.extract.listing.month_day import may_be_day
from feedsvc.extract.listing.page import LINE_BREAK, Page, fold_space, stamps_of
from feedsvc.extract.listing.prose import IsDate

_MOST_LINKS = 200  #: of a group that are looked at
_MOST_CHUNKS = 30  #: of a gap that are looked at for a date
_AROUND = 8  #: chunks before the first link and after the last that belong to them
_DATE_WIDTH = 45


@dataclass(frozen=True, slots=True)
class Beside:
    """Shares of the links of a group (0 … 1)."""

    dated: float  #: with a date before or after each
    linked: float  #: with an accepted link between it and the next
    lists: float  #: with several accepted links of one kind between it and the next


class Amid:
    """Looks into the gaps between links."""

    def __init__(self, page: Page, accepted: Sequence[Link], is_date: IsDate) -> None:
        self._page = page
        self._is_date = is_date
        self._at: list[tuple[int, str, Signature]] = []
        self.accept(accepted)

    def accept(self, links: Iterable[Link]) -> None:
        """Count these links among the accepted ones."""
        known = {entry[0] for entry in self._at}
        self._at += [
            (link.at, link.key, link.signature) for link in links if link.accepted and link.at not in known
        ]
        self._at.sort(key=lambda entry: entry[0])

    def beside(self, links: Sequence[Link]) -> Beside:
        """What stands between `links` (in document order)."""
        first: dict[str, Link] = {}
        for link in links[:_MOST_LINKS]:
            first.setdefault(link.key, link)
        its = list(first.values())
        elements = self._page.elements
        spans = [(elements[link.at].start, elements[link.at].stop) for link in its]
        within = [self._dated(*span) for span in spans]
        gaps = [self._dated(one[1], two[0]) for one, two in pairwise(spans)]
        before = self._dated(max(0, spans[0][0] - _AROUND), spans[0][0])
        after = self._dated(spans[-1][1], spans[-1][1] + _AROUND)
        led = sum(a or b for a, b in zip(within, [before, *gaps], strict=True))
        followed = sum(a or b for a, b in zip(within, [*gaps, after], strict=True))
        between = [self._between(one, two) for one, two in pairwise(its)] or [(0, 0)]
        return Beside(
            dated=max(led, followed) / len(its),
            linked=sum(keys > 0 for keys, _ in between) / len(between),
            lists=sum(most > 1 for _, most in between) / len(between),
        )

    def _dated(self, start: int, stop: int) -> bool:
        page = self._page
        for chunk in range(start, min(stop, start + _MOST_CHUNKS, len(page.texts))):
            text = page.texts[chunk]
            if text == LINE_BREAK or len(text) > 2 * _DATE_WIDTH:
                continue
            owner = page.elements[page.owners[chunk]]
            if owner.tag == "time" or stamps_of(owner.tag, owner.attrs):
                return True
            text = fold_space(text)
            if len(text) <= _DATE_WIDTH and (self._is_date(text) or may_be_day(text)):
                return True
        return False

    def _between(self, one: Link, two: Link) -> tuple[int, int]:
        """How many articles the accepted links between two links lead to, and those of one kind at most."""
        low = bisect_left(self._at, one.at + 1, key=lambda entry: entry[0])
        high = bisect_left(self._at, two.at, key=lambda entry: entry[0])
        kinds: dict[Signature, set[str]] = {}
        for _, key, kind in self._at[low : min(high, low + 40)]:
            if key not in (one.key, two.key):
                kinds.setdefault(kind, set()).add(key)
        return sum(map(len, kinds.values())), max(map(len, kinds.values()), default=0)
