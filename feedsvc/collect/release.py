"""Articles go live when their page was read or their time has come: ask, decide, write; one transaction."""

from __future__ import annotations

from datetime import datetime

from feedsvc.protocols import ReleaseRule
from feedsvc.store.articles.transaction import SqlArticles
from feedsvc.store.engine import retry_races


class Releasing:
    """Lets waiting articles go live."""

    def __init__(self, store: SqlArticles, rule: ReleaseRule) -> None:
        self._store = store
        self._rule = rule

    def run(self, now: datetime) -> int:
        """Release what may go live; returns how many. Raises StoreError."""
        return self._release(now) if self._store.any_waiting(now) else 0

    @retry_races
    def _release(self, now: datetime) -> int:
        with self._store.begin(now) as transaction:
            waiting = transaction.waiting()
            decided = [(self._rule(one, now=now), one.rank) for one in waiting]
            for release, _ in decided:
                if release.embargo is not None:
                    transaction.postpone(release.article, release.embargo)
            due = [(release, rank) for release, rank in decided if release.embargo is None]
            # of those with one minute the lower in the list is the older: it gets the earlier second
            due.sort(key=lambda pair: (pair[0].published, -pair[1]))
            transaction.release([release for release, _ in due])
            return len(waiting)
