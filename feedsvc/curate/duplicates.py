"""Near-equal articles of one day as one entry of a feed: agency copy that several desks carry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from feedsvc.curate import likeness
from feedsvc.model import Article


def near_duplicates(
    articles: Sequence[Article], *, served: Collection[int], zone: ZoneInfo
) -> Mapping[int, int]:
    """Which of some articles go into the entry of which other one: copy → the one that came first.

    Never across different days (in `zone`) or different numbers in the headline. What readers were served as
    an entry of its own (`served`) stays one.
    """
    heads: dict[tuple[date, tuple[str, ...]], list[Article]] = defaultdict(list)
    found = {}
    for one in sorted(articles, key=lambda a: (a.no not in served, a.no)):
        if one.published is None:
            continue
        group = heads[one.published.astimezone(zone).date(), likeness.numbers(one.story.title)]
        head = None
        if one.no not in served:
            head = next((other for other in group if likeness.retold(other.story, one.story)), None)
        if head is None:
            group.append(one)
        else:
            found[one.no] = head.no
    return found
