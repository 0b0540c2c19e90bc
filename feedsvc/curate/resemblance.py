"""Whether a page still shows the list that it showed before, or another one stands in for it.

An empty section page ("no news yet") still has its sidebar: the only list that is left there is another one,
and its articles would enter the section for good. A list is another one where neither its construction nor
any of its articles nor the section in their addresses is as before. A redesign keeps the articles, a busy
hour keeps the construction; so both go on by themselves.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from feedsvc import urls
from feedsvc.model import FoundList

KEPT = 60  #: articles of a list that are remembered
LEAST = 3  #: a shorter list says too little about itself
MOSTLY = 0.6  #: share of a list's addresses that lie in one section


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What is remembered of a list."""

    select: str  #: CSS that found its items
    heading: str
    items: tuple[str, ...]  #: short hashes of the addresses, in order
    section: str  #: the first part of the path of most addresses, if it is a word; "" where there is none

    @classmethod
    def of(cls, found: FoundList) -> Trace:
        """The trace of a list that stands on a page."""
        addresses = [item.url for item in found.items[:KEPT]]
        return cls(
            select=found.select,
            heading=found.heading,
            items=tuple(
                hashlib.blake2b(urls.key(url).encode(), digest_size=6).hexdigest() for url in addresses
            ),
            section=_section(addresses),
        )

    def dump(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "select": self.select,
            "heading": self.heading,
            "items": list(self.items),
            "section": self.section,
        }

    @classmethod
    def load(cls, kept: Mapping[str, Any]) -> Trace:
        """What `dump` gave."""
        return cls(
            select=kept["select"],
            heading=kept["heading"],
            items=tuple(kept["items"]),
            section=kept["section"],
        )


def is_another(before: Trace, now: Trace) -> bool:
    """Whether `now` is another list than `before`; False where that cannot be told."""
    if min(len(before.items), len(now.items)) < LEAST or set(before.items) & set(now.items):
        return False
    if before.select or now.select:  # only one has a selector: they are not built alike
        is_alike = before.select == now.select
        return not is_alike and not (before.section and before.section == now.section)
    # markup without classes has no selector: the sections have to tell
    return bool(before.section and now.section) and before.section != now.section


def _section(addresses: Sequence[str]) -> str:
    first = Counter(urlsplit(url).path.lower().strip("/").partition("/")[0] for url in addresses)
    if not first:
        return ""
    name, times = first.most_common(1)[0]
    is_word = name.replace("-", "").isalpha()
    return name if is_word and times >= MOSTLY * len(addresses) else ""
