"""A store whose file is deleted or replaced while it is in use: nothing is taken that would be lost."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from feedsvc.errors import Code, StoreError
from feedsvc.store import schema as t
from feedsvc.store.engine import Database
from tests.stores import migrated


@pytest.fixture
def store(tmp_path: Path) -> Iterator[tuple[Database, Path]]:
    file = tmp_path / "store.db"
    database = migrated(f"sqlite:///{file}")
    note(database, "before")
    yield database, file
    database.close()


def note(database: Database, name: str) -> None:
    with database.write() as connection:
        connection.execute(insert(t.counter).values(name=f"note {name}", value=1))


def names(database: Database) -> int:
    with database.read() as connection:
        noted = select(func.count()).where(t.counter.c.name.startswith("note "))
        return int(connection.execute(noted).scalar_one())


def refused(database: Database) -> str:
    with pytest.raises(StoreError) as caught:
        note(database, "lost")
    with pytest.raises(StoreError):
        names(database)
    with pytest.raises(StoreError), database.snapshot():
        pass
    assert caught.value.code is Code.STORE_GONE
    return caught.value.message


def test_nothing_is_written_into_a_deleted_file(store: tuple[Database, Path]) -> None:
    database, file = store
    elsewhere = file.with_name("elsewhere.db")
    file.rename(elsewhere)
    assert "deleted" in refused(database)
    assert not file.exists()  # and no empty one is made in its place
    elsewhere.rename(file)
    note(database, "after")
    assert names(database) == 2


@pytest.mark.parametrize("endings", [("-wal",), ("-shm",), ("-wal", "-shm")])
def test_a_deleted_log_gets_its_name_back(store: tuple[Database, Path], endings: tuple[str, ...]) -> None:
    database, file = store
    note(database, "first")
    for ending in endings:
        file.with_name(file.name + ending).unlink()
    note(database, "second")
    other = Database(database.url)  # as another process sees it
    assert names(other) == 3
    note(other, "third")
    other.close()
    assert names(database) == 4
    database.close()
    assert {one.name for one in file.parent.iterdir()} == {file.name}


def test_another_log_in_its_place_is_refused(store: tuple[Database, Path]) -> None:
    database, file = store
    note(database, "first")
    log = file.with_name(f"{file.name}-wal")
    shutil.copyfile(log, copy := log.with_name("copy"))
    copy.replace(log)
    assert "write-ahead log" in refused(database)


def test_a_store_that_was_emptied_is_not_begun_anew(store: tuple[Database, Path]) -> None:
    database, file = store
    os.truncate(file, 0)
    assert "emptied" in refused(database)
    database.close()
    file.with_name(f"{file.name}.served").touch()  # something was served from it
    with pytest.raises(StoreError) as caught:
        Database(database.url)
    assert caught.value.code is Code.STORE_DAMAGED
    assert "restore" in caught.value.message


def test_a_damaged_store_takes_nothing_until_it_is_whole(store: tuple[Database, Path]) -> None:
    database, file = store
    database.close()
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xa5" * (len(whole) - 4096))
    damaged, reader = Database(database.url), Database(database.url)
    with pytest.raises(StoreError) as caught:
        names(damaged)
    assert caught.value.code is Code.STORE_DAMAGED
    assert "restore" in caught.value.message
    with pytest.raises(StoreError), reader.write():  # another process, which has not seen it itself
        pytest.fail("nothing is taken")
    damaged.close()
    reader.close()
    file.write_bytes(whole)
    again = Database(database.url)
    note(again, "after")
    assert names(again) == 2
    assert not file.with_name(f"{file.name}.damaged").exists()
    again.close()


def test_commands_make_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="feedsvc run"):
        Database(f"sqlite:///{tmp_path}/store.db", create=False)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_where_another_file_took_its_place(store: tuple[Database, Path]) -> None:
    database, file = store
    other = file.with_name("other.db")
    shutil.copyfile(file, other)
    other.replace(file)
    assert "replaced" in refused(database)
