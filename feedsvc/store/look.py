"""What is wrong with a store, before anybody needs it: for `check`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import text

from feedsvc.errors import StoreError
from feedsvc.store.address import sqlite_file
from feedsvc.store.engine import Database
from feedsvc.store.file import problem_of
from feedsvc.store.migrate import revision, revisions

ROOM = 20_000_000  #: bytes; with less a disk is nearly full


def problems(url: str) -> Iterator[str]:
    """One sentence for each problem, and what to do about it. Nothing is written.

    Reads the whole file of an SQLite store; whether its place will do, `store.places` says.
    """
    file = sqlite_file(url)
    if file:
        yield from _of_the_disk(Path(file))
        if not Path(file).is_file():
            return
        found = problem_of(Path(file))
        if found:
            yield (
                f"the store {file} is damaged ({found}); stop feedsvc, put the file aside and fill a new one "
                "from a backup: `feedsvc restore FILE`. What was served last is served meanwhile"
            )
            return
        if not Path(file).stat().st_size:
            return
    try:
        database = Database(url, create=False)
        try:
            yield from _of_the_tables(database)
        finally:
            database.close()
    except StoreError as error:
        yield f"the store cannot be used: {error}"


def _of_the_disk(file: Path) -> Iterator[str]:
    folder = next(one for one in file.absolute().parents if one.exists())
    if shutil.disk_usage(folder).free < ROOM:
        yield f"less than {ROOM // 1_000_000} MB are free on the disk of {folder}: make room"


def _of_the_tables(database: Database) -> Iterator[str]:
    with database.read() as connection:
        if not database.sqlite and connection.execute(text("SHOW transaction_read_only")).scalar() == "on":
            yield (
                f"the store {database.shown} may only be read (a standby?): `feedsvc serve` can serve it, "
                "`run` and `work` need the server that takes writes"
            )
        known, found = revisions(), revision(connection)
    if found is not None and found not in known:
        yield f"the store {database.shown} was last used by a newer feedsvc; install that version again"
