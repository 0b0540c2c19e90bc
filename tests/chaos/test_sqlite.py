"""Faults of an SQLite store under a running service: served feeds stay, nothing that was taken is lost."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.chaos.house import House
from tests.conftest import until

Undo = Callable[[], object]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    found = House(tmp_path)
    yield found
    found.close()


def beside(store: Path, ending: str) -> Path:
    return store.with_name(f"{store.name}{ending}")


def deleted(store: Path) -> Undo:
    kept = store.rename(store.with_name("kept.db"))
    return lambda: kept.rename(store)


def replaced(store: Path) -> Undo:
    copy = Path(shutil.copyfile(store, store.with_name("copy.db")))
    kept = store.rename(store.with_name("kept.db"))
    copy.rename(store)
    return lambda: kept.rename(store)


def locked(store: Path) -> Undo:
    other = sqlite3.connect(store, isolation_level=None, timeout=30)
    other.execute("BEGIN IMMEDIATE")
    return other.close


def without_log(store: Path) -> Undo:
    beside(store, "-wal").unlink()
    return lambda: None


def without_index(store: Path) -> Undo:
    beside(store, "-shm").unlink()
    return lambda: None


def without_both(store: Path) -> Undo:
    for ending in ("-wal", "-shm"):
        beside(store, ending).unlink()
    return lambda: None


def statuses(house: House, since: int) -> set[int]:
    return {status for _, status in house.answers[since:]}


def said(house: House, since: int) -> list[str]:
    """What the log says of the store."""
    return [line for line in house.logged(since) if "the store can" in line]


@pytest.mark.slow
def test_a_store_that_goes_and_comes_back(house: House) -> None:
    house.open()
    with house.checker.watching():
        for fault in (without_log, without_index, without_both, deleted, replaced, locked):
            mark, answered = house.log.stat().st_size, len(house.answers)
            undo = fault(house.store)
            for _ in range(3):
                house.publish(timeout=30)
            if fault in (deleted, replaced, locked):  # away until every process has met it
                until(lambda mark=mark: said(house, mark), 30)  # type: ignore[misc]
            assert house.get("/feeds/kabar.rss").status_code == 200
            assert house.get("/feeds/kabar.rss?limit=2").status_code == 200, fault.__name__
            if fault in (deleted, replaced, locked):
                assert statuses(house, answered) == {503}, fault.__name__
            undo()
            until(lambda: house.publish() == 201, 30)
            house.fresh()
            house.checker.reckon("lokal", house.standing)
            assert not house.checker.wrong, (fault.__name__, house.checker.wrong)
            # each of the three processes says it once, and that it is over
            assert len(said(house, mark)) <= 8, (fault.__name__, said(house, mark))
    house.verify()


def scrambled(store: Path) -> None:
    """All of it but the first page, under whoever has it open."""
    with store.open("r+b") as opened:
        opened.seek(4096)
        opened.write(b"\xa5" * (store.stat().st_size - 4096))


def truncated(store: Path) -> None:
    os.truncate(store, store.stat().st_size // 3 // 4096 * 4096)


def emptied(store: Path) -> None:
    os.truncate(store, 0)


def headless(store: Path) -> None:
    with store.open("r+b") as opened:
        opened.write(b"\xa5" * 4096)


@pytest.mark.slow
@pytest.mark.parametrize("harm", [scrambled, truncated, emptied, headless])
def test_a_store_that_is_damaged_is_served_and_not_written(
    house: House, harm: Callable[[Path], None]
) -> None:
    house.open()
    before = house.get("/feeds/lokal.atom").content
    if harm is headless:  # who has it open has read its first page, and writes it anew
        house.kill()
    with sqlite3.connect(house.store) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    other.close()
    mark = house.log.stat().st_size
    if harm is headless:
        harm(house.store)
    else:
        with house.checker.watching():
            harm(house.store)
            until(lambda: house.publish(timeout=30) == 503, 60)
            until(lambda: said(house, mark), 60)
            assert house.get("/feeds/kabar.rss").status_code == 200
    assert len(said(house, mark)) <= 12, said(house, mark)
    checked = house.call("check")
    assert (checked.returncode, "damaged" in checked.stderr) == (1, True)
    assert "restore" in checked.stderr

    if harm is not headless:
        house.kill()  # after a restart the last good copy is served, and the log says what to do
    house.start()
    until(lambda: house.serving("/feeds/lokal.atom"), 30)
    assert house.get("/feeds/lokal.atom").content == before
    until(lambda: "feedsvc check" in house.log.read_text(), 60)
    assert house.publish() == 503
    assert not house.checker.wrong, house.checker.wrong
