"""Workers that start at the same moment on one store: all of them start."""

from __future__ import annotations

import threading
from datetime import datetime
from functools import partial

from sqlalchemy import func, select

from feedsvc.errors import StoreError
from feedsvc.model import ListKind
from feedsvc.store import leases
from feedsvc.store import schema as t
from feedsvc.store.articles.lists import sync_lists
from feedsvc.store.engine import Database
from feedsvc.store.owner import belong
from feedsvc.store.queue.due import SqlDueQueue
from tests.conftest import Clock
from tests.makers import SITE
from tests.store.test_due import source

WORKERS = 4
LISTS = [(f"list{n}", f"list{n}", ListKind.SECTION, f"List {n}") for n in range(30)]
SOURCES = [source(n, f"h{n}.example") for n in range(30)]


def start(database: Database, now: datetime, together: threading.Barrier) -> int | None:
    """What a worker writes before it works, and whether it is the one who publishes."""
    together.wait(30)
    belong(database, SITE.namespace, SITE.title)
    database.transact(partial(sync_lists, lists=LISTS, now=now))
    SqlDueQueue(database, SOURCES, [], frozenset()).sync(now)
    together.wait(30)
    return leases.take(database, "publisher", now=now, seconds=60, holder=0)


def test_workers_that_start_together_all_start(database: Database, clock: Clock) -> None:
    together = threading.Barrier(WORKERS)
    failed: list[StoreError] = []
    publishers: list[int | None] = []

    def work() -> None:
        own = Database(database.url)
        try:
            publishers.append(start(own, clock(), together))
        except StoreError as error:
            failed.append(error)
            together.abort()
        finally:
            own.close()

    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sorted(publishers, key=str) == [1, None, None, None]
    with database.read() as connection:
        for table, count in ((t.upstream, 30), (t.due, 30), (t.owner, 1)):
            assert connection.execute(select(func.count()).select_from(table)).scalar() == count
        wanted = select(func.count()).where(t.listing.c.key.in_([key for key, *_ in LISTS]))
        assert connection.execute(wanted).scalar() == 30
