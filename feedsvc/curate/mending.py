"""Which other list of a page may be the one that was meant, where the configured reading fails or is stale.

A list is known by its articles: the one that shows most of what the feed shows already is it, under whatever
heading or construction. It is proposed, never taken: a person says yes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from feedsvc import urls
from feedsvc.dates import Precision
from feedsvc.model import FoundList, PageReading

LEAST = 3  #: articles of a list that is proposed
SHARED = 2  #: of them, how many must be known, where it is not the page's main list
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A list that may be the right one, and how many of its articles are known."""

    found: FoundList
    shared: int


def other_list(
    page: PageReading, known: Sequence[str], *, taken: FoundList | None, heading: str
) -> Candidate | None:
    """The list of `page` to be proposed. `known` are addresses that the feed shows, `taken` what is read now.

    `heading`: the configuration names a list by its heading; then the main list is no answer by itself.
    """
    keys = {urls.key(url) for url in known}
    others = [
        Candidate(one, sum(urls.key(item.url) in keys for item in one.items))
        for one in page.lists
        if one is not taken and len(one.items) >= LEAST
    ]
    if taken is not None:  # it is stale: only one with newer articles is better
        others = [one for one in others if _newest(one.found) > _newest(taken)]
    likely = [one for one in others if one.shared >= SHARED or (one.found.role == "main" and not heading)]
    return max(likely, key=lambda one: (one.shared, one.found.confidence), default=None)


def _newest(found: FoundList) -> datetime:
    dates = [item.published for item in found.items if item.published is not None]
    return max((one.at for one in dates if one.precision is not Precision.DAY), default=_NEVER)
