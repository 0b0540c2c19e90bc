"""Clocks that are set under a running service: nothing stands still, nothing lies in the future, all is kept.

The wall clock of the service's processes is moved by a small library (`clock.c`) that reads a file.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from tests.chaos.house import House
from tests.conftest import missing, until

DAY, HOUR = 86400, 3600


class Wall:
    """The wall clock of a service: `set` it so many seconds off."""

    def __init__(self, folder: Path) -> None:
        compiler = shutil.which("cc") or shutil.which("gcc")
        if compiler is None:
            missing("a C compiler")
        assert compiler is not None
        library, self._file = folder / "clock.so", folder / "clock"
        source = Path(__file__).with_name("clock.c")
        subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
        self.set(0)
        self.environment = {"LD_PRELOAD": str(library), "FEEDSVC_TEST_CLOCK": str(self._file)}

    def set(self, seconds: int) -> None:
        draft = self._file.with_suffix(".new")
        draft.write_text(str(seconds))
        draft.replace(self._file)
        self.off = seconds

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.off)


@pytest.fixture
def wall(tmp_path: Path) -> Wall:
    return Wall(tmp_path)


@pytest.fixture
def house(tmp_path: Path, wall: Wall) -> Iterator[House]:
    found = House(tmp_path)
    found.environment.update(wall.environment)
    yield found
    found.close()


def goes_on(house: House, wall: Wall) -> None:
    """New articles of the source and of the API are served, under dates that are not in the future."""
    url = f"http://127.0.0.1/lokal/{house.number + 1}"
    assert house.publish() == 201
    until(lambda: url in {one["url"] for one in house.items("lokal")}, 30)
    (new,) = [one for one in house.items("lokal") if one["url"] == url]
    assert abs(datetime.fromisoformat(new["date_published"]) - wall.now()) < timedelta(minutes=2)
    house.fresh(40)
    for path in house.checker.paths:
        stamp = parsedate_to_datetime(house.get(path).headers["Last-Modified"])
        assert stamp <= wall.now() + timedelta(seconds=2), path


@pytest.mark.slow
def test_a_clock_that_is_set_under_a_running_service(house: House, wall: Wall) -> None:
    wall.set(30 * DAY)
    house.open()
    with house.checker.watching():
        goes_on(house, wall)
        # a month back; forward; an hour forward and back; small ones; several together
        for steps in (
            [0],
            [30 * DAY],
            [30 * DAY + HOUR],
            [30 * DAY],
            [0],
            [60],
            [0],
            [HOUR, -HOUR, 0, DAY, 1],
        ):
            for seconds in steps:
                wall.set(seconds)
                house.publish()
            goes_on(house, wall)
            house.correct()
            house.checker.reckon("lokal", house.standing)
            assert not house.checker.wrong, (steps, house.checker.wrong)
    house.verify()
    assert "the clock was set by" in house.log.read_text()


@pytest.mark.slow
def test_a_restart_after_the_clock_was_set(house: House, wall: Wall) -> None:
    house.open()
    with house.checker.watching():
        goes_on(house, wall)
    for seconds in (30 * DAY, 0, -DAY):
        house.kill()
        wall.set(seconds)
        house.open()
        with house.checker.watching():
            goes_on(house, wall)
    house.verify()
