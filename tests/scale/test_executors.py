"""Many machines, one truth: the due table. Over both stores, and every way to do units of work."""

from __future__ import annotations

import gzip
import itertools
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedsvc import config
from feedsvc.wiring.work import collecting
from tests.conftest import until
from tests.databases import Postgres
from tests.scale.fleet import Fleet, Upstreams, ask, collected, left
from tests.scale.world import OUTSIDE
from tests.servers import ScriptedServer

WAYS = ["pool", "redis", "rabbitmq"]
PATIENCE = 240.0  #: seconds; the processes of a fleet start slowly on a loaded machine


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.db"
    server: Postgres = request.getfixturevalue("postgres")
    return server.new()


@pytest.fixture(params=WAYS)
def fleet(
    request: pytest.FixtureRequest, tmp_path: Path, store: str, upstreams: Upstreams
) -> Iterator[Fleet]:
    broker = None if request.param == "pool" else request.getfixturevalue(request.param)
    made = Fleet(tmp_path, upstreams, store=store, broker=broker)
    yield made
    made.stop()


@pytest.fixture
def upstreams(upstream: ScriptedServer) -> Upstreams:
    hosts = [f"h{number}" for number in range(25)]
    return Upstreams(upstream, [*hosts, *["busy"] * 4])


def feeds(store: str) -> dict[str, bytes]:
    """The feeds as they are served, but for the moment at which each was built."""
    rows = ask(store, "SELECT path, gzip FROM snapshot WHERE path LIKE '/feeds/all.%'")
    built = re.compile(rb"<lastBuildDate>[^<]*|<updated>[^<]*(?=</updated><author>)")
    return {str(path): built.sub(b"", gzip.decompress(bytes(body)), count=1) for path, body in rows}


def of_one_process(fleet: Fleet) -> dict[str, bytes]:
    """The feeds as one worker makes them on SQLite, undisturbed."""
    store = f"sqlite:///{fleet.folder}/alone.db"
    wired = collecting(
        config.load(fleet.file, {"FEEDSVC_DATABASE_URL": store}), outside=OUTSIDE, executor="pool"
    )

    def finished() -> bool:
        wired.worker.tick()
        return collected(store) == len(fleet.upstreams.sources)

    try:
        until(finished, PATIENCE)
    finally:
        wired.worker.stop(5)
        wired.worker.publish_once(last=True)
        wired.close()
    return feeds(store)


def test_every_source_is_collected_once_whatever_dies(fleet: Fleet, store: str) -> None:
    """Two tickers, two workers; five of them are killed on the way, and the broker once, with all it holds.

    Nothing is lost, nothing is there twice, no host is asked too soon; the feeds are those of one process.
    """
    which = random.Random(1)
    fleet.start(tickers=2, hands=2)
    wanted = len(fleet.upstreams.sources)
    for _ in range(5):  # each amid the work: when a few more sources are done
        done = min(wanted, collected(store) + which.randint(1, 4))
        until(lambda done=done: collected(store) >= done, PATIENCE)  # type: ignore[misc]
        fleet.kill_one(which)
    if fleet.broker is not None:
        fleet.broker.kill()
        until(lambda: "nothing is sent until the broker is back" in fleet.log(), PATIENCE)
        fleet.broker.start()
    until(lambda: collected(store) == wanted, PATIENCE, lambda: left(store))
    titles = [row[0] for row in ask(store, "SELECT title FROM article")]
    assert len(titles) == len(set(titles)) == 2 * wanted
    assert ask(store, "SELECT no FROM upstream WHERE error_code = 'POISON'") == []
    if fleet.celery or not store.startswith("sqlite"):  # else each worker paces for itself
        visits = sorted(fleet.upstreams.asked["busy"])
        gaps = [later[0] - earlier[1] for earlier, later in itertools.pairwise(visits)]
        assert min(gaps) > 0.9, gaps
    alone = of_one_process(fleet)
    assert len(alone) == 3
    until(lambda: feeds(store) == alone, PATIENCE)
