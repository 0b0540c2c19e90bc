"""What a web process reads, without SQLAlchemy: importing it takes longer than the process may take to start.

The columns of the snapshot table only grow, so that an older web process goes on reading a newer store.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

from feedsvc.errors import Code, StoreError
from feedsvc.model import Frame, ReadyDocument
from feedsvc.store.address import connect, libpq_address, sqlite_file
from feedsvc.store.file import StoreFile, may_only_be_read

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
COLUMNS = (
    "path, number, media_type, etag, last_modified, max_age, gzip, br, links, page, status, location, "
    "entries, head, separator, tail"
)


def other_site(store: str, namespace: str, owner: str, title: str) -> StoreError:
    """The error where a store holds the articles of another site, with the ways out."""
    return StoreError(
        Code.STORE_OF_ANOTHER_SITE,
        f"{store} holds the articles of {owner!r}, not of {title!r} ([site] namespace differs; "
        f'without one it is made from [site] url); if both are one site, write namespace = "{namespace}" '
        "into [site]: every id stays; else name another file in [store] url, or run `feedsvc store adopt`",
    )


class Snapshots:
    """Reads the snapshots of one store. Safe to use from many threads: each has its own connection."""

    def __init__(self, url: str) -> None:
        file = sqlite_file(url)
        self.sqlite = bool(file)
        self._target = file or libpq_address(url)
        self._file = StoreFile(Path(file), "the store") if file else None
        self._last = threading.Lock()
        self._local = threading.local()
        self._opened: list[Any] = []

    def close(self) -> None:
        """Close the connections of all threads."""
        for connection in self._opened:
            connection.close()
        self._opened.clear()
        if self._file is not None:
            self._file.close()
        self._local = threading.local()

    def number(self) -> int:
        """The number of the newest publication; 0 before the first one. Raises StoreError."""
        if self._must_be_there():
            return 0  # the worker has not made it yet
        rows = self.ask("SELECT value FROM counter WHERE name = 'publication'", ())
        return int(rows[0][0]) if rows else 0

    def must_belong(self, namespace: str, title: str) -> None:
        """Raises StoreError where the store is another site's (STORE_OF_ANOTHER_SITE), or cannot be read."""
        if self.sqlite and not Path(self._target).exists():
            return  # the worker has not made it yet
        try:
            rows = self.ask("SELECT namespace, title FROM owner", ())
        except StoreError:
            return  # of an older version: the worker brings it up to date and asks then
        if rows and rows[0][0] != namespace:
            raise other_site("the store", rows[0][0], rows[0][1], title)

    def worker_seen(self) -> datetime | None:
        """The last sign of life of any worker; None where none is known. Raises StoreError."""
        self._must_be_there()
        rows = self.ask("SELECT MAX(at) FROM worker", ())
        return None if rows[0][0] is None else EPOCH + timedelta(microseconds=rows[0][0])

    def since(self, number: int) -> list[ReadyDocument]:
        """Every snapshot with a greater number. Raises StoreError."""
        self._must_be_there()
        rows = self.ask(f"SELECT {COLUMNS} FROM snapshot WHERE number > ? ORDER BY number", (number,))  # noqa: S608
        try:
            return [_row(row) for row in rows]
        except (TypeError, ValueError) as error:
            raise StoreError(Code.STORE, f"the snapshots cannot be read: {error}") from error

    def ask(self, statement: str, values: Sequence[Any]) -> list[Any]:
        """The rows of a query; `?` stands for a value on every database. Raises StoreError."""
        try:
            with self._connection() as connection:
                if not self.sqlite:
                    statement = statement.replace("?", "%s")
                return list(connection.execute(statement, tuple(values)).fetchall())
        except StoreError:
            raise
        except Exception as error:
            self._drop()
            if not self.sqlite or isinstance(error, sqlite3.Error):
                raise StoreError(Code.STORE, f"the snapshots cannot be read: {error}") from error
            raise

    def _must_be_there(self) -> bool:
        """Whether an SQLite store is yet to be made. Raises StoreError where it is not the one of before."""
        if self._file is None or (self._file.path.exists() and self._unwritable()):
            return False
        self._file.must_be_there()
        return not self._file.path.exists()

    def _drop(self) -> None:
        """Forget this thread's connection: it may be broken."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            self._local.connection = None
            self._opened.remove(connection)
            connection.close()

    @contextlib.contextmanager
    def _connection(self) -> Iterator[Any]:
        if self.sqlite and self._unwritable():
            # SQLite can make no file beside the store; never for long: a writer may come
            with contextlib.closing(self._open_sqlite("immutable=1")) as briefly:
                yield briefly
            return
        try:
            self._must_be_there()
        except StoreError:
            last = self._file.last() if self._file is not None else None
            if last is None:
                raise
            with self._last:  # the names are gone, and what was there can still be read
                yield last
            return
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect()
            self._opened.append(connection)
        yield connection

    def _connect(self) -> Any:
        if self.sqlite:
            return self._open_sqlite("mode=rw")  # mode=ro could not join a write-ahead log
        return connect(self._target)

    def _open_sqlite(self, how: str) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{quote(self._target)}?{how}",
            uri=True,
            timeout=2,
            isolation_level=None,
            check_same_thread=False,  # each thread has its own; one thread closes them all
        )
        connection.execute("PRAGMA query_only = ON")
        return connection

    def _unwritable(self) -> bool:
        return may_only_be_read(Path(self._target))


def _row(row: tuple[Any, ...]) -> ReadyDocument:
    return ReadyDocument(
        path=row[0],
        number=row[1],
        media_type=row[2],
        etag=row[3],
        last_modified=EPOCH + timedelta(microseconds=row[4]),
        max_age=row[5],
        gzip=bytes(row[6]),
        br=bytes(row[7]),
        links=orjson.loads(row[8]),
        page=row[9],
        status=row[10],
        location=row[11],
        entries=row[12],
        frame=Frame(head=bytes(row[13]), separator=bytes(row[14]), tail=bytes(row[15])),
    )
