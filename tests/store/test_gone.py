"""A store whose file is deleted or replaced while it is in use: nothing is taken that would be lost."""

from __future__ import annotations

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
        connection.execute(insert(t.counter).values(name=name, value=1))


def names(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(t.counter)).scalar_one())


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


def test_nothing_is_written_where_another_file_took_its_place(store: tuple[Database, Path]) -> None:
    database, file = store
    other = file.with_name("other.db")
    shutil.copyfile(file, other)
    other.replace(file)
    assert "replaced" in refused(database)
