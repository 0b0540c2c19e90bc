"""Web nodes on machines without a worker: each answers with the same bytes and validators."""

from __future__ import annotations

import threading

from feedsvc.store.publishing.builds import Changes, SqlPublishing
from feedsvc.store.web.listener import Listener
from tests.conftest import Clock, until
from tests.databases import Postgres
from tests.stores import migrated


def test_each_publication_wakes_every_node(postgres: Postgres, clock: Clock) -> None:
    """Two listeners hear of a publication; one whose front has ended listens no longer."""
    database = migrated(postgres.new())
    heard: dict[str, int] = {"one": 0, "other": 0, "ended": 0}
    lock = threading.Lock()

    def wake(name: str) -> bool:
        with lock:
            heard[name] += 1
        return name != "ended"

    for name in heard:
        Listener(database.url, lambda name=name: wake(name)).start()  # type: ignore[misc]
    until(lambda: min(heard.values()) == 1)  # at once, for whatever came before
    store = SqlPublishing(database)
    token = store.take_lease(clock(), 10, 0)
    assert token is not None
    assert store.save(Changes(), token=token, now=clock()) is not None
    until(lambda: heard["one"] == heard["other"] == 2)
    assert heard["ended"] == 1
    database.close()
