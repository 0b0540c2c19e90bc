"""A source that ends whatever process reads it: it fails by itself, and the fleet goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.brokers import Redis
from tests.conftest import until
from tests.scale.fleet import Fleet, Upstreams, ask, collected
from tests.scale.test_executors import PATIENCE
from tests.servers import ScriptedServer

PLUGIN = """
import os
import signal


class Poison:
    api = 1
    follow = False

    from feedsvc.plugin_api import Level
    level = Level.FEED

    def read(self, poll, tools):
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def fleet(tmp_path: Path, redis: Redis, upstream: ScriptedServer) -> Iterator[Fleet]:
    (tmp_path / "poisonous.py").write_text(PLUGIN)
    about = tmp_path / "poisonous-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: poisonous\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[feedsvc.sources]\npoison = poisonous:Poison\n")
    made = Fleet(
        tmp_path,
        Upstreams(upstream, ["one", "two", "three"]),
        store=f"sqlite:///{tmp_path}/store.db",
        broker=redis,
        more='  { poison = "http://deadly.example/", every = 3600, follow = false },',
        lease=10,
    )
    yield made
    made.stop()


def test_a_source_that_kills_three_workers_fails_by_itself(fleet: Fleet) -> None:
    """Celery replaces each child; the others are collected meanwhile, and the source says POISON."""
    fleet.start(tickers=1, hands=1)
    store = f"sqlite:///{fleet.folder}/store.db"
    until(lambda: collected(store) == 3, PATIENCE, fleet.log)
    poisoned = "SELECT failures, error_code FROM upstream WHERE name LIKE 'http://deadly%'"
    until(lambda: ask(store, poisoned) == [(1, "POISON")], PATIENCE, fleet.log)
    assert all(process.poll() is None for process in (*fleet.tickers, *fleet.hands))
    assert fleet.log().count("SIGKILL") >= 3
