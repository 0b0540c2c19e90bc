"""What cleaning may cost. HTML parsers take time out of proportion for some fragments; these are not parsed.

Measured: 200 bold elements left open in a block are opened anew in each of the blocks that follow (HTML
13.2.4.3), so that 14 kB become 200,000 elements; attributes are compared with one another.
"""

from __future__ import annotations

import html
import re

from feedsvc.extract.feed.limits import is_crowded

#: Units of about 0.2 µs for all full texts of one feed together
BUDGET = 5_000_000
MAX_OPEN = 30  #: formatting elements inside one another
_FORMATTING = re.compile(r"<(/?)(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s>/])", re.I)
_MARKUP = re.compile(r"<[^<>]*>")


class Budget:
    """How much may still be cleaned for one feed: a count, so that the same bytes always read the same."""

    def __init__(self, units: int = BUDGET) -> None:
        self._left = units
        self.refused = 0  #: fragments that were not covered

    def spend(self, units: int) -> bool:
        """Whether so much was left; it is gone then."""
        self._left -= units
        if self._left < 0:
            self.refused += 1
        return self._left >= 0

    def covers(self, fragment: str) -> bool:
        """Whether cleaning `fragment` is still covered."""
        lower = fragment.lower()
        addresses = lower.count("src") + lower.count("href")
        blocks = fragment.count("<")
        return self.spend(
            len(fragment) + 250 * addresses + 16 * blocks * min(_open_formatting(fragment), MAX_OPEN)
        )


def is_strange(fragment: str) -> bool:
    """Whether a parser's time for `fragment` would be out of proportion."""
    return _open_formatting(fragment) > MAX_OPEN or is_crowded(fragment)


def _open_formatting(fragment: str) -> int:
    if fragment.count("<") <= MAX_OPEN:
        return 1
    level = deepest = 0
    for found in _FORMATTING.finditer(fragment):
        level = max(0, level - 1) if found[1] else level + 1
        deepest = max(deepest, level)
    return deepest


def stripped(fragment: str) -> str:
    """The words of a fragment that no parser should see, a tag a space."""
    return html.unescape(_MARKUP.sub(" ", fragment))
