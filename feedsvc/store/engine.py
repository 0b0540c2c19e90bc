"""Connections and transactions, alike on SQLite and PostgreSQL."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, exc
from sqlalchemy.engine import make_url

from feedsvc.errors import Code, StoreError, StoreRaceError

TRIES = 5  #: of a transaction that loses races
_RACES = frozenset({"40001", "40P01", "23505"})  #: PostgreSQL: serialisation, deadlock, unique violation
T = TypeVar("T")
P = ParamSpec("P")


def retry_races(function: Callable[P, T]) -> Callable[P, T]:
    """Call a function that holds one write transaction again where that lost a race against another one.

    Two lists may name the same new article at the same moment, or lock rows in another order; the second try
    sees what the winner did.
    """

    @wraps(function)
    def retrying(*args: P.args, **kwargs: P.kwargs) -> T:
        for _ in range(TRIES - 1):
            try:
                return function(*args, **kwargs)
            except StoreRaceError:
                continue
        return function(*args, **kwargs)

    return retrying


class Database:
    """The engine of one store, for one process.

    `url` is an SQLAlchemy address, e.g. `sqlite:///var/feedsvc.db` or `postgresql+psycopg://…`.
    """

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.url = url
        self.sqlite = parsed.get_backend_name() == "sqlite"
        self.shown = parsed.render_as_string(hide_password=True)
        self._writing = threading.Lock()
        self._identity: tuple[int, int] | None = None  # device and inode of the file, once it is there
        if self.sqlite:
            if not parsed.database or parsed.database == ":memory:":
                raise StoreError(
                    Code.STORE, f"{self.shown}: the store needs a file (sqlite:///var/feedsvc.db)"
                )
            self._file = Path(parsed.database)
            _make_private(self._file)
        try:
            self.engine = create_engine(url, pool_size=20, max_overflow=20, pool_pre_ping=not self.sqlite)
        except exc.NoSuchModuleError as error:
            raise StoreError(Code.STORE, f"{self.shown}: no such kind of database") from error
        except ModuleNotFoundError as error:
            raise StoreError(
                Code.STORE, f"{self.shown}: its driver is missing; pip install 'feedsvc[postgres]'"
            ) from error
        if self.sqlite:
            _prepare_sqlite(self.engine)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads; one consistent view."""
        self._must_be_there()
        with _translated(self.shown), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A transaction that only reads, and sees one moment of the store in all its statements."""
        self._must_be_there()
        with _translated(self.shown), self.engine.connect() as connection:
            if not self.sqlite:  # SQLite's transactions are so by themselves
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A short transaction: all or nothing.

        SQLite has one writer: the threads of this process queue here (its busy handler would make them sleep
        and race), other processes wait in the database.
        """
        self._must_be_there()
        with _translated(self.shown):
            if self.sqlite:
                with self._writing, self.engine.connect() as connection:
                    writer = connection.execution_options(feedsvc_write=True)
                    with writer.begin():
                        yield writer
            else:
                with self.engine.begin() as connection:
                    yield connection

    @retry_races
    def transact(self, work: Callable[[Connection], T]) -> T:
        """Do `work` in a write transaction; again where it lost a race."""
        with self.write() as connection:
            return work(connection)

    def _must_be_there(self) -> None:
        """Raises StoreError (STORE_GONE) where the file is not the one that was opened.

        SQLite goes on writing into a file that was deleted: all of it would be lost at the next start.
        """
        if not self.sqlite:
            return
        try:
            found = self._file.stat()
        except FileNotFoundError:
            identity = None
        else:
            identity = (found.st_dev, found.st_ino)
        if self._identity is None:
            self._identity = identity
        elif identity != self._identity:
            what = "deleted" if identity is None else "replaced"
            raise StoreError(
                Code.STORE_GONE,
                f"{self.shown}: the file was {what} while it was in use; put it back, or restart feedsvc",
            )

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _make_private(file: Path) -> None:
    """The file of a new store is for its owner alone, and its folder too, where that is made here.

    It holds the secrets of subscribers; SQLite gives its other files the mode of this one. Raises StoreError.
    """
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not file.exists():
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        words = f"the store {file} cannot be made ({error.strerror}); give this user rights to its folder"
        raise StoreError(Code.STORE, f"{words}, or choose another [store] url") from error


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(dbapi_connection: Any, _record: Any) -> None:
        dbapi_connection.isolation_level = None  # we say BEGIN ourselves
        cursor = dbapi_connection.cursor()
        cursor.execute("PRAGMA busy_timeout = 10000")
        cursor.execute("PRAGMA journal_mode = WAL")
        # FULL: what the API acknowledged survives a power cut, not only a crash of the process
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # a writer takes its lock at once: upgrading a reader fails under load (SQLITE_BUSY_SNAPSHOT)
        write = connection.get_execution_options().get("feedsvc_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


@contextmanager
def _translated(shown: str) -> Iterator[None]:
    """Let no exception of the database libraries out of the store."""
    try:
        yield
    except exc.IntegrityError as error:
        raise StoreRaceError(Code.STORE, f"{shown}: {error.orig}") from error
    except exc.OperationalError as error:
        if getattr(error.orig, "sqlstate", None) in _RACES:
            raise StoreRaceError(Code.STORE_BUSY, f"{shown}: {error.orig}") from error
        text = str(error.orig).partition("\n")[0]
        busy = "locked" in text or "busy" in text
        hint = (
            "another process writes to it"
            if busy
            else "is it there, may this user open it, is the disk full?"
        )
        raise StoreError(Code.STORE_BUSY if busy else Code.STORE, f"{shown}: {text} ({hint})") from error
    except exc.SQLAlchemyError as error:
        raise StoreError(Code.STORE, f"{shown}: {str(error).partition(chr(10))[0]}") from error
