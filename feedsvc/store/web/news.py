"""What became news since the last look, list by list: for open pages, which get it at once.

Without SQLAlchemy, as everything that processes read which only serve.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson

from feedsvc.model import Article, ListSpec
from feedsvc.store.web.entries import ArticleReader
from feedsvc.store.web.snapshots import Snapshots

MOST = 50  #: headlines of one list that are sent at once; of more, pages ask for the feed


@dataclass(frozen=True, slots=True)
class News:
    """What is new for a list's readers."""

    items: tuple[Article, ...] = ()  #: new or visibly changed; never backfill
    gone: tuple[str, ...] = ()  #: ids of what was withdrawn
    again: bool = False  #: the feed has to be read anew: a ranked box, or too much at once


@dataclass(slots=True)
class _Seen:
    entries: frozenset[int]
    touched: int  #: microseconds; the newest entry or change that was sent


class RecentNews:
    """Follows the publications of one store. Not for several threads at once. Raises StoreError."""

    def __init__(self, snapshots: Snapshots, lists: Sequence[ListSpec]) -> None:
        self._snapshots = snapshots
        self._reader = ArticleReader(snapshots)
        self._lists = {f"/feeds/{spec.slug}.json": spec for spec in lists if not spec.retired}
        self._seen: dict[str, _Seen] = {}
        self.number = -1  #: of the newest publication that was looked at

    def look(self) -> Mapping[str, News]:
        """The news by slug; of the first look there is none, it only says what is known."""
        newest = self._snapshots.number()
        if newest <= self.number:
            return {}
        rows = self._snapshots.ask(
            "SELECT path, number, last_modified, entries FROM snapshot "
            "WHERE number > ? AND status = 200 AND path LIKE ?",
            (self.number, "/feeds/%.json"),  # not in the statement: PostgreSQL's driver reads % there
        )
        news: dict[str, News] = {}
        for path, number, stored, entries in rows:
            newest = max(newest, number)
            spec = self._lists.get(path)
            if spec is None:
                continue
            here = frozenset(int(entry[0]) for entry in orjson.loads(entries))
            of_list = self._of(spec, here, int(stored))
            if of_list is not None:
                news[spec.slug] = of_list
        self.number = newest
        return news

    def _of(self, spec: ListSpec, here: frozenset[int], stored: int) -> News | None:
        seen = self._seen.get(spec.slug)
        if seen is None:
            self._seen[spec.slug] = _Seen(here, stored)
            return None
        before, seen.entries = seen.entries, here
        if spec.ranked:
            return News(again=True)
        rows = self._snapshots.ask(
            "SELECT article, touched FROM membership "
            "WHERE list = ? AND live AND NOT backfill AND touched > ? ORDER BY touched DESC",
            (spec.of or spec.key, seen.touched),
        )
        fresh = [(int(number), int(touched)) for number, touched in rows if number in here]
        if fresh:
            seen.touched = fresh[0][1]
        gone = self._withdrawn(before - here)
        if len(fresh) > MOST:
            return News(gone=gone, again=True)
        items = self._reader.articles([number for number, _ in fresh])
        return News(items, gone) if items or gone else None

    def _withdrawn(self, numbers: frozenset[int]) -> tuple[str, ...]:
        if not numbers:
            return ()
        marks = ", ".join("?" * len(numbers))
        rows = self._snapshots.ask(
            f"SELECT id FROM article WHERE no IN ({marks}) AND state <> 'live' AND id <> ''",  # noqa: S608
            tuple(numbers),
        )
        return tuple(str(row[0]) for row in rows)
