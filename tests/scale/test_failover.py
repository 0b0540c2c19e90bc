"""A database server that dies for good: a standby takes its place, and nobody has to be restarted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import own_postgres, until
from tests.databases import Postgres
from tests.scale.nodes import Nodes


@pytest.fixture
def primary() -> Iterator[Postgres]:
    server = own_postgres()
    yield server
    server.close()


@pytest.fixture
def standby(primary: Postgres) -> Iterator[Postgres]:
    primary.new()
    server = primary.standby()
    yield server
    server.close()


def test_what_was_acknowledged_survives_the_server(
    primary: Postgres, standby: Postgres, tmp_path: Path
) -> None:
    """Articles come in through a node while the server is killed and its standby promoted.

    The feeds go on being served; every acknowledged article is in them afterwards, once.
    """
    servers = f"host=127.0.0.1:{primary.port}&host=127.0.0.1:{standby.port}"
    store = f"postgresql+psycopg://feedsvc@/test1?{servers}&target_session_attrs=read-write"
    nodes = Nodes(tmp_path, store, web=2)
    try:
        one, other = nodes.ports
        acknowledged = [number for number in range(5) if nodes.post(one, number)]
        assert acknowledged == list(range(5))
        until(lambda: len(nodes.get(other).json()["items"]) == 5, 60, nodes.log)
        primary.kill()
        assert not nodes.post(one, 5)
        assert len(nodes.get(one).json()["items"]) == len(nodes.get(other).json()["items"]) == 5
        standby.promote()
        until(lambda: nodes.post(other, 6), 120, nodes.log)
        acknowledged += [6, *(number for number in range(7, 12) if nodes.post(one, number))]
        wanted = {f"Report {number}" for number in acknowledged}

        def titles(port: int) -> list[str]:
            return [item["title"] for item in nodes.get(port).json()["items"]]

        for port in nodes.ports:
            until(lambda port=port: wanted <= set(titles(port)), 120, nodes.log)  # type: ignore[misc]
            assert len(titles(port)) == len(set(titles(port)))
    finally:
        nodes.stop()
