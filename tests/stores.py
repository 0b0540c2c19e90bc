"""Stores with their tables: copies of one that each process makes once; to migrate takes 0.1 s of CPU."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy.engine import make_url

from feedsvc.store.engine import Database
from feedsvc.store.migrate import migrate


@cache
def _tables() -> bytes:
    """The file of an empty store."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "store.db")
        database = Database(f"sqlite:///{file}")
        migrate(database)
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        return file.read_bytes()


def migrated(url: str) -> Database:
    """The store at `url`, brought up to date; the caller closes it."""
    database = Database(url)
    file = Path(make_url(url).database or "")
    if database.sqlite and not file.stat().st_size:  # the engine has made it, empty and private
        file.write_bytes(_tables())
    else:
        migrate(database)
    return database
