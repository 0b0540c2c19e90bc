"""Backups: a copy of the store in one SQLite file, whatever database it is in, beside the file's SHA-256."""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from feedsvc.errors import Code, StoreError
from feedsvc.store.copying import Watch, copy
from feedsvc.store.engine import Database
from feedsvc.store.migrate import migrate

_BLOCK = 1 << 20


def _quiet(table: str, done: int, rows: int) -> None: ...


def back_up(database: Database, file: Path, watch: Watch = _quiet) -> dict[str, int]:
    """Write a backup while everything runs; returns how many rows of each table it has.

    An older backup under the same name is replaced only by a whole one. `FILE.sha256` is made beside it, as
    `sha256sum -c` reads it. Both are for their owner's eyes alone. Raises StoreError, OSError.
    """
    parent = file.absolute().parent
    if not parent.is_dir():
        raise StoreError(Code.STORE, f"there is no folder {parent}; make it first")
    with tempfile.TemporaryDirectory(dir=parent, prefix=".feedsvc-") as folder:
        made = Path(folder) / "store.db"
        made.touch(0o600)
        counts = _copied(database, Database(f"sqlite:///{made}"), watch)
        with closing(sqlite3.connect(made)) as connection:  # one file, without a write-ahead log beside it
            connection.execute("PRAGMA journal_mode = DELETE")
        total = Path(folder) / "sum"
        total.touch(0o600)
        total.write_text(f"{_digest(made)}  {file.name}\n")
        made.replace(file)
        total.replace(_sum_of(file))
    return counts


def restore(file: Path, database: Database, watch: Watch = _quiet) -> dict[str, int]:
    """Fill an empty store from a backup, also from one that an older version made.

    Raises StoreError: the backup is damaged (STORE_DAMAGED), the store has articles (STORE_NOT_EMPTY).
    """
    verify(file)
    with tempfile.TemporaryDirectory(prefix=".feedsvc-") as folder:
        own = Path(folder) / "store.db"
        own.touch(0o600)
        with file.open("rb") as origin, own.open("wb") as copied:
            while block := origin.read(_BLOCK):
                copied.write(block)
        source = Database(f"sqlite:///{own}")
        try:
            migrate(source)
            return copy(source, database, watch)
        finally:
            source.close()


def verify(file: Path) -> None:
    """Raises StoreError (STORE_DAMAGED) where a backup is not what was written, or is none."""
    if not file.is_file():
        raise StoreError(Code.STORE_DAMAGED, f"{file} is not there")
    if _sum_of(file).exists() and _sum_of(file).read_text().split()[:1] != [_digest(file)]:
        raise StoreError(
            Code.STORE_DAMAGED, f"{file} is not what {_sum_of(file).name} says; take another backup"
        )
    try:
        with closing(
            sqlite3.connect(f"file:{quote(str(file.absolute()))}?mode=ro&immutable=1", uri=True)
        ) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchone()
            connection.execute("SELECT 1 FROM article LIMIT 1")
    except sqlite3.DatabaseError as error:
        raise StoreError(
            Code.STORE_DAMAGED, f"{file} is not a backup of feedsvc, or is damaged ({error})"
        ) from error
    if found != ("ok",):
        raise StoreError(Code.STORE_DAMAGED, f"{file} is damaged: {found[0]}")


def _copied(source: Database, target: Database, watch: Watch) -> dict[str, int]:
    try:
        return copy(source, target, watch)
    finally:
        target.close()


def _digest(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while block := opened.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _sum_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.sha256")
