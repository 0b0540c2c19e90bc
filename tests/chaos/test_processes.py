"""Processes that are killed and come back, on either kind of store: nothing is lost, nobody gets an error."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.chaos.house import House
from tests.conftest import until
from tests.databases import Postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    store = ""
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        store = postgres.new()
    found = House(tmp_path, store, workers=2)
    yield found
    found.close()


def readers(house: House) -> list[psutil.Process]:
    """The processes that read foreign bytes; they begin with the first thing to read."""
    return [one for one in house.family() if "forkserver" in " ".join(one.cmdline())]


@pytest.mark.slow
def test_processes_that_die_while_it_publishes(house: House) -> None:
    house.open()
    with house.checker.watching(), house.publishing():
        for _ in range(4):
            for victim in ("work", "readers", "serve"):
                processes = readers(house) if victim == "readers" else house.family(victim)
                mark = house.number
                for one in processes[-1:]:  # of the web processes one, and not their parent
                    one.kill()
                until(lambda mark=mark: house.number > mark + 2, 60)  # type: ignore[misc]
                house.fresh(60)
        house.kill()
        house.start()
        house.wait("/feeds/lokal.json")
        house.fresh(60)
    house.verify()


@pytest.mark.slow
@pytest.mark.parametrize("least", [1, 100_000])
def test_a_migration_that_is_killed(tmp_path: Path, least: int) -> None:
    """While its transaction is written; it is done again from the beginning."""
    found = House(tmp_path)
    log = found.store.with_name("store.db-wal")
    try:
        found.start("work")
        until(lambda: log.exists() and log.stat().st_size >= least, 60)
        found.kill()
        found.open()
        with found.checker.watching():
            assert found.publish() == 201
            found.fresh(60)
        found.verify()
    finally:
        found.close()
