"""/readyz: something is served, and somebody collects."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from feedsvc.errors import Code, StoreError
from feedsvc.serve.app import create_app
from feedsvc.store.notices import SqlNotices
from feedsvc.store.web.snapshots import Snapshots
from tests.makers import SITE
from tests.stores import migrated

NOW = datetime(2025, 12, 18, 12, 0, tzinfo=UTC)


def ask(
    seen: Callable[[], float | None], *, ready: bool = True, stale_after: float = math.inf
) -> tuple[int, str]:
    app = create_app(
        ready=lambda: ready,
        editorial=lambda: None,
        site=SITE,
        lists=(),
        worker_seen=seen,
        stale_after=stale_after,
    )
    answer = app.test_client().get("/readyz")
    return answer.status_code, answer.get_data(as_text=True)


def away() -> float:
    raise StoreError(Code.STORE, "sqlite:///secret-place.db: unable to open")


@pytest.mark.parametrize(
    ("seen", "status", "says"),
    [
        (None, 200, "ready\n"),
        (12.3, 200, "ready; a worker was seen 12 s ago\n"),
        (600.0, 200, "ready; a worker was seen 600 s ago\n"),
        (601.0, 503, "serving, but no worker has been seen for 601 s: nothing new comes\n"),
    ],
)
def test_it_tells_how_stale_it_is(seen: float | None, status: int, says: str) -> None:
    assert ask(lambda: seen, stale_after=600) == (status, says)


def test_it_is_not_ready_before_the_first_publication() -> None:
    assert ask(lambda: 1.0, ready=False) == (503, "nothing is published yet\n")


def test_a_store_that_is_away_is_told_without_its_address() -> None:
    status, says = ask(away)
    assert status == 503
    assert "secret-place" not in says


def test_web_processes_see_when_a_worker_showed_up(store_url: str) -> None:
    database = migrated(store_url)
    snapshots = Snapshots(store_url)
    try:
        assert snapshots.worker_seen() is None
        notices = SqlNotices(database)
        notices.beat("one", NOW, NOW)
        notices.beat("two", NOW, NOW + timedelta(seconds=5))
        notices.beat("one", NOW, NOW + timedelta(seconds=3))
        assert snapshots.worker_seen() == NOW + timedelta(seconds=5)
    finally:
        snapshots.close()
        database.close()
