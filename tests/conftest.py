"""Fixtures for all tests. Servers are real and on loopback; clocks are arguments."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedsvc.store.engine import Database
from tests import kinds
from tests.brokers import RABBITMQ, RabbitMQ, Redis
from tests.databases import MariaDB, Postgres, mariadb_programs, programs
from tests.fronts import stop_fronts
from tests.servers import ScriptedServer
from tests.stores import migrated

#: In CI every server is there: a test that is skipped for a missing one is then a fault.
REQUIRED = os.environ.get("FEEDSVC_REQUIRE_SERVERS") == "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    kinds.mark(items)


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self, start: datetime) -> None:
        self.moment = start

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **span: float) -> datetime:
        self.moment += timedelta(**span)
        return self.moment


@pytest.fixture(autouse=True)
def fronts_end() -> Iterator[None]:
    """No front outlives the test that made it."""
    yield
    stop_fronts()


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2025, 12, 18, 12, 0, tzinfo=UTC))


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    """A migrated store of each kind."""
    opened = migrated(store_url)
    yield opened
    opened.close()


@pytest.fixture
def upstream() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    yield server
    server.close()


def until(
    condition: Callable[[], object], seconds: float = 20.0, why: Callable[[], str] = lambda: ""
) -> None:
    """Wait for something that happens in another thread or process; fail if it does not, and say `why`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"it did not happen in time\n{why()}"
        time.sleep(0.01)


def missing(server: str) -> None:
    """Skip a test that needs `server`; in CI fail it."""
    if REQUIRED:
        pytest.fail(f"{server} is required (FEEDSVC_REQUIRE_SERVERS=1) and not installed")
    pytest.skip(f"{server} is not installed")


def own_postgres() -> Postgres:
    """A server for one test alone, which may kill it."""
    folder = programs()
    if folder is None:
        missing("PostgreSQL")
    assert folder is not None
    return Postgres(folder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    server = own_postgres()
    yield server
    server.close()


@pytest.fixture(scope="session")
def mariadb() -> Iterator[MariaDB]:
    found = mariadb_programs()
    if found is None:
        missing("MariaDB")
    assert found is not None
    server = MariaDB(found)
    yield server
    server.close()


@pytest.fixture(scope="session")
def redis() -> Iterator[Redis]:
    if shutil.which("redis-server") is None:
        missing("Redis")
    server = Redis()
    yield server
    server.close()


@pytest.fixture(scope="session")
def rabbitmq() -> Iterator[RabbitMQ]:
    if not RABBITMQ.exists():
        missing("RabbitMQ")
    server = RabbitMQ()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty store of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.db"
    server: Postgres = request.getfixturevalue("postgres")
    return server.new()
