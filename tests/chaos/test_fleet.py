"""A fleet with many sources, whose processes are killed all the time."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.conftest import until
from tests.databases import Postgres
from tests.scale.fleet import Fleet, Upstreams, ask, collected, left
from tests.servers import ScriptedServer

SOURCES, KILLS = 1200, 20
PATIENCE = 600.0  #: seconds; a ticker or a worker of Celery starts within seconds, on a loaded machine slower
log = logging.getLogger(__name__)


@pytest.fixture(params=["redis", "rabbitmq"])
def fleet(
    request: pytest.FixtureRequest, tmp_path: Path, postgres: Postgres, upstream: ScriptedServer
) -> Iterator[Fleet]:
    hosts = [f"h{number}" for number in range(SOURCES - 20)]
    upstreams = Upstreams(upstream, [*hosts, *["busy"] * 20])
    broker = request.getfixturevalue(request.param)
    made = Fleet(tmp_path, upstreams, store=postgres.new(), broker=broker)
    yield made
    made.stop()


def wait(fleet: Fleet, wanted: int) -> None:
    def is_done() -> bool:
        fleet.tend()
        return collected(fleet.store) >= wanted

    until(is_done, PATIENCE, lambda: left(fleet.store))


def test_twenty_kills_among_twelve_hundred_sources(fleet: Fleet) -> None:
    """Two tickers, four workers; the broker is killed twice, with all that it holds."""
    which = random.Random(20)
    assert fleet.broker is not None
    fleet.start(tickers=2, hands=4)
    for number in range(KILLS):
        wait(fleet, min(SOURCES, collected(fleet.store) + which.randint(10, 50)))
        log.warning("kill %d at %d", number, collected(fleet.store))
        if number in (7, 14):
            fleet.broker.kill()
            fleet.broker.start()
        else:
            fleet.kill_one(which)
    last = time.monotonic()
    wait(fleet, SOURCES)
    log.warning("all collected %.0f s after the last kill", time.monotonic() - last)
    titles = [row[0] for row in ask(fleet.store, "SELECT title FROM article")]
    assert len(titles) == len(set(titles)) == 2 * SOURCES
    assert ask(fleet.store, "SELECT no FROM upstream WHERE error_code <> ''") == []
    visits = sorted(fleet.upstreams.asked["busy"])
    gaps = [later[0] - earlier[1] for earlier, later in pairwise(visits)]
    assert min(gaps) > 0.9, gaps
