"""The network between two machines is cut: both go on serving, the one with the database takes articles.

The second machine is a network namespace, behind a bridge that it is taken off: packets vanish without a
word, as behind a switch that lost its power. Needs root.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import missing, own_postgres, until
from tests.databases import Postgres
from tests.scale.nodes import Nodes

HERE, THERE = "10.213.77.1", "10.213.77.2"
CUT = 45.0  #: seconds; longer than both sides of a connection wait for one another
ASK = """
import json, sys, requests
try:
    answer = requests.request(sys.argv[1], sys.argv[2], timeout=10, **json.loads(sys.argv[3]))
    print(json.dumps([answer.status_code, answer.text]))
except requests.RequestException as error:
    print(json.dumps([0, str(error)]))
"""


class Cable:
    """Another machine, and what leads to it."""

    def __init__(self) -> None:
        self.name = f"feedsvc{os.getpid()}"
        self._ours, self._theirs = f"fo{os.getpid()}", f"ft{os.getpid()}"
        self._bridge = f"fb{os.getpid()}"
        self.inside = ["ip", "netns", "exec", self.name]
        self._ip("netns", "add", self.name)
        self._ip("link", "add", self._bridge, "type", "bridge")
        self._ip("link", "add", self._ours, "type", "veth", "peer", "name", self._theirs, "netns", self.name)
        self._ip("addr", "add", f"{HERE}/24", "dev", self._bridge)
        for name in (self._bridge, self._ours):
            self._ip("link", "set", name, "up")
        self._ip("-n", self.name, "addr", "add", f"{THERE}/24", "dev", self._theirs)
        for name in ("lo", self._theirs):
            self._ip("-n", self.name, "link", "set", name, "up")
        self.mend()

    def cut(self) -> None:
        """From now on packets vanish, in both directions."""
        self._ip("link", "set", self._ours, "nomaster")

    def mend(self) -> None:
        """They come through again."""
        self._ip("link", "set", self._ours, "master", self._bridge)

    def close(self) -> None:
        """As if it had never been."""
        self._ip("link", "del", self._bridge)
        self._ip("netns", "del", self.name)

    @staticmethod
    def _ip(*words: str) -> None:
        subprocess.run(["ip", *words], check=True, capture_output=True)


class Far(Nodes):
    """The machine at the other end: what runs there is asked from there."""

    def __init__(self, folder: Path, store: str, cable: Cable) -> None:
        self.before = cable.inside
        super().__init__(folder, store, web=1)

    def ask(self, method: str, url: str, **more: Any) -> tuple[int, str]:
        call = [*self.before, sys.executable, "-c", ASK, method, url, json.dumps(more)]
        status, text = json.loads(subprocess.run(call, check=True, capture_output=True, timeout=60).stdout)
        return status, text


@pytest.fixture
def cable() -> Iterator[Cable]:
    if os.geteuid() or shutil.which("ip") is None:
        missing("ip (iproute2), and root")
    found = Cable()
    yield found
    found.close()


@pytest.fixture
def server(cable: Cable) -> Iterator[Postgres]:
    found = own_postgres()
    found.admit(HERE, f"{THERE}/32")
    yield found
    found.close()


@pytest.mark.slow
def test_a_cut_between_two_machines(server: Postgres, cable: Cable, tmp_path: Path) -> None:
    store = server.new()
    for name in ("near", "far"):
        (tmp_path / name).mkdir()
    near = Nodes(tmp_path / "near", store, web=1)
    far = Far(tmp_path / "far", store.replace("127.0.0.1", HERE), cable)
    try:
        acknowledged = {number for number in range(5) if _post(near, number)}
        assert len(acknowledged) == 5
        until(lambda: _titles(far) == _wanted(acknowledged), 60, far.log)
        cable.cut()
        begun, number = time.monotonic(), 5
        while time.monotonic() - begun < CUT:
            assert _titles(far) == _wanted(set(range(5)))  # the last good copy, at once
            if _post(near, number):
                acknowledged.add(number)
            number += 1
        assert len(acknowledged) > 5, near.log()
        assert not _post(far, 1000)
        until(lambda: _titles(near) == _wanted(acknowledged), 150, near.log)
        cable.mend()
        until(lambda: _post(far, 1001), 150, far.log)
        acknowledged.add(1001)
        for node in (near, far):
            until(lambda node=node: _titles(node) == _wanted(acknowledged), 150, node.log)  # type: ignore[misc]
    finally:
        near.stop()
        far.stop()


def _post(node: Nodes, number: int) -> bool:
    return node.post(node.ports[0], number)


def _titles(node: Nodes) -> list[str]:
    return sorted(item["title"] for item in json.loads(node.text(node.ports[0]))["items"])


def _wanted(numbers: set[int]) -> list[str]:
    return sorted(f"Report {number}" for number in numbers)
