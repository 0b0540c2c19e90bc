"""Migrations make what the program knows, completely, once, and refuse a newer store."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, select, text

from feedsvc.errors import Code, StoreError
from feedsvc.store import schema
from feedsvc.store.engine import Database
from feedsvc.store.migrate import FOLDER, migrate, revisions


def test_migrations_make_the_tables_that_the_program_knows(database: Database) -> None:
    with database.read() as connection:

        def ours(thing: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
            return not (
                kind == "table" and (name or "").startswith("search")
            )  # made by hand, for each database

        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": ours})
        assert compare_metadata(context, schema.metadata) == []


def test_the_files_name_the_forms_of_the_store_in_order() -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    scripts = ScriptDirectory.from_config(config)
    assert revisions() == sorted(script.revision for script in scripts.walk_revisions())
    assert revisions()[-1] == scripts.get_current_head()


def test_a_second_migration_does_nothing(database: Database) -> None:
    assert migrate(database) is False


def test_many_processes_may_migrate_at_once(store_url: str) -> None:
    done: list[bool] = []

    def one() -> None:
        database = Database(store_url)
        done.append(migrate(database))
        database.close()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False, False, False, True]


def test_a_migration_that_fails_leaves_nothing_behind(store_url: str) -> None:
    database = Database(store_url)
    with database.write() as connection:
        connection.execute(text("CREATE TABLE membership (a INTEGER)"))  # in the way of ours
    with pytest.raises(StoreError):
        migrate(database)
    with database.write() as connection:
        connection.execute(text("DROP TABLE membership"))
    assert migrate(database) is True
    database.close()


def test_a_newer_store_is_refused(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError) as caught:
        migrate(database)
    assert caught.value.code is Code.STORE_VERSION
    assert "newer feedsvc" in str(caught.value)


def test_moments_keep_their_microseconds_and_need_a_zone(database: Database) -> None:
    odd = datetime(2025, 12, 18, 19, 0, 0, 123456, tzinfo=timezone(timedelta(hours=7)))
    with database.write() as connection:
        connection.execute(insert(schema.lease).values(name="x", token=1, until=odd))
    with database.read() as connection:
        found = connection.execute(select(schema.lease.c.until)).scalar_one()
    assert found == odd
    assert found.tzinfo is UTC
    with pytest.raises(StoreError), database.write() as connection:
        connection.execute(insert(schema.lease).values(name="y", token=1, until=odd.replace(tzinfo=None)))


def test_passwords_are_not_shown() -> None:
    with pytest.raises(StoreError) as caught:
        Database("nosuchdb://user:secret@host/db")
    assert "secret" not in str(caught.value)
    assert caught.value.code is Code.STORE


def test_a_store_that_cannot_be_opened_says_so(tmp_path: Path) -> None:
    (tmp_path / "store.db").mkdir()
    database = Database(f"sqlite:///{tmp_path}/store.db")
    with pytest.raises(StoreError) as caught, database.read():
        pass
    assert "unable to open" in str(caught.value)
    database.close()
