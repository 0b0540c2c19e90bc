"""A disk that is full: feeds stay, nothing is taken that cannot be kept, and all goes on when there is room.

The store lies in a small file system of memory, which only the service's processes see (namespaces(7)): no
root is needed where users may make namespaces of their own.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.house import House
from tests.conftest import missing, until

ALONE = ["unshare", "--user", "--map-root-user", "--mount"]
MEGABYTES = 24


class Room(House):
    """A house whose store has few megabytes of disk."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        disk = folder / "disk"
        disk.mkdir()
        self.store = disk / "store.db"
        text = self.file.read_text().replace(f"sqlite:///{folder}/store.db", f"sqlite:///{self.store}")
        self.file.write_text(text)
        self.before = [*ALONE, "sh", "-c", f"mount -t tmpfs -o size={MEGABYTES}m none {disk} && exec $0 $*"]
        self._filler = disk / "filler"

    def secret(self) -> str:
        return self._inside(f"{sys.executable} -m feedsvc token add cms --config {self.file}").strip()

    def fill(self) -> None:
        self._inside(f"cat /dev/zero > {self._filler} || true")

    def clear(self) -> None:
        self._inside(f"rm {self._filler}")

    def _inside(self, command: str) -> str:
        """What a shell says where the service's processes are."""
        assert self.process is not None
        enter = ["nsenter", "--target", str(self.process.pid), "--user", "--mount", "--preserve-credentials"]
        done = subprocess.run([*enter, "sh", "-c", command], check=True, capture_output=True, text=True)
        return done.stdout


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Room]:
    if shutil.which("unshare") is None or subprocess.run([*ALONE, "true"], check=False).returncode:
        missing("unshare with namespaces of a user's own")
    found = Room(tmp_path)
    yield found
    found.close()


@pytest.mark.slow
def test_a_disk_that_is_full_for_a_while(house: Room) -> None:
    house.open()
    with house.checker.watching():
        for _ in range(3):
            assert house.publish() == 201
            house.fill()
            until(lambda: house.publish(timeout=30) == 503, 60)
            for path in ("/feeds/kabar.rss", "/feeds/lokal.atom?limit=2", "/feeds/latest.json"):
                assert house.get(path).status_code == 200, path
            house.clear()
            until(lambda: house.publish() == 201, 60)
            house.fresh(60)
            house.checker.reckon("lokal", house.standing)
            assert not house.checker.wrong, house.checker.wrong
    house.verify()
