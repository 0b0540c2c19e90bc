"""Articles go live when their page was read or their time has come: ask, decide, write; one transaction."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from feedsvc.errors import FeedsvcError
from feedsvc.protocols import ReleaseRule
from feedsvc.store.articles.transaction import SqlArticles
from feedsvc.store.engine import retry_races

log = logging.getLogger(__name__)

SET_ASIDE = timedelta(hours=1)  #: until an article at which feedsvc itself failed is tried again


class Releasing:
    """Lets waiting articles go live."""

    def __init__(self, store: SqlArticles, rule: ReleaseRule) -> None:
        self._store = store
        self._rule = rule

    def run(self, now: datetime) -> int:
        """Release what may go live; returns how many. Raises StoreError."""
        if not self._store.any_waiting(now):
            return 0
        try:
            return self._release(now)
        except FeedsvcError:
            raise
        except Exception:
            log.exception("a fault in feedsvc; the waiting articles go live one by one")
            return self._one_by_one(now)

    def _one_by_one(self, now: datetime) -> int:
        """One article at which we fail holds up no other, and no poll."""
        with self._store.begin(now) as transaction:
            numbers = [one.article.no for one in transaction.waiting()]
        done = 0
        for number in numbers:
            try:
                done += self._release(now, {number})
            except FeedsvcError:
                raise
            except Exception:
                log.exception("a fault in feedsvc; article %d waits for an hour; please report it", number)
                with self._store.begin(now) as transaction:
                    transaction.postpone(number, now + SET_ASIDE)
        return done

    @retry_races
    def _release(self, now: datetime, only: Collection[int] | None = None) -> int:
        with self._store.begin(now) as transaction:
            waiting = [one for one in transaction.waiting() if only is None or one.article.no in only]
            decided = [(self._rule(one, now=now), one.rank) for one in waiting]
            for release, _ in decided:
                if release.embargo is not None:
                    transaction.postpone(release.article, release.embargo)
            due = [(release, rank) for release, rank in decided if release.embargo is None]
            # of those with one minute the lower in the list is the older: it gets the earlier second
            due.sort(key=lambda pair: (pair[0].published, -pair[1]))
            transaction.release([release for release, _ in due])
            return len(waiting)
