"""`feedsvc serve` as real processes: connections that stay open cost nobody else an answer."""

from __future__ import annotations

import resource
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from tests.conftest import missing, until
from tests.e2e.service import free_port
from tests.filled import START, Filled

IDLE = 3000

CONFIG = """
[site]
title = "Contoh"
url = "https://news.example/"
namespace = "6b2b5a0e-6c1d-4a41-9d54-6f2a6f6c9a11"
[serve]
port = {port}
[store]
url = "{store}"
[[section]]
slug = "s0"
sources = [{{ page = "https://news.example/" }}]
"""


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    found = free_port()
    filled = Filled(tmp_path / "store.db", sections=1, articles=20)
    filled.publisher(lambda number: None, lambda: START).run(last=True)
    filled.database.close()
    config = tmp_path / "feedsvc.toml"
    config.write_text(CONFIG.format(port=found, store=filled.url))
    with subprocess.Popen([sys.executable, "-m", "feedsvc", "serve", "--config", str(config)]) as server:
        until(lambda: polled(found), 60)
        yield found
        server.terminate()


def polled(port: int) -> bool:
    """Whether a poll on a connection of its own is answered."""
    try:
        answer = requests.get(
            f"http://127.0.0.1:{port}/feeds/s0.rss", headers={"Connection": "close"}, timeout=10
        )
    except requests.RequestException:
        return False
    return answer.status_code == 200


def test_thousands_of_idle_connections_shut_nobody_out(port: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < IDLE + 500:
        missing(f"{IDLE} connections need more open files than {hard}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        with ExitStack() as idle:
            for _ in range(IDLE):
                idle.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            assert [polled(port) for _ in range(20)] == [True] * 20
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
