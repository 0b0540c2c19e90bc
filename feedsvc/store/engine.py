"""Connections and transactions, alike on SQLite and PostgreSQL."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, exc
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from feedsvc.errors import Code, StoreError, StoreRaceError
from feedsvc.model.outage import outage_of
from feedsvc.store.address import libpq_patience, server_patience
from feedsvc.store.file import StoreFile, may_only_be_read, was_emptied

TRIES = 5  #: of a transaction that loses races
_RACES = frozenset({"40001", "40P01", "23505"})  #: PostgreSQL: serialisation, deadlock, unique violation
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})  #: primary codes
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

    `url` is an SQLAlchemy address, e.g. `sqlite:///var/feedsvc.db` or `postgresql+psycopg://…`. Without
    `create` the file of an SQLite store has to be there.
    """

    def __init__(self, url: str, *, create: bool = True) -> None:
        try:
            parsed = make_url(url)
        except exc.ArgumentError as error:
            words = (
                f"{url!r} is no address of a store; write sqlite:////path/news.db or postgresql+psycopg://…"
            )
            raise StoreError(Code.STORE, words) from error
        self.url = url
        self.sqlite = parsed.get_backend_name() == "sqlite"
        self.shown = parsed.render_as_string(hide_password=True)
        self._writing = threading.Lock()
        self._outage = outage_of(url)
        self._file: StoreFile | None = None
        if self.sqlite:
            if not parsed.database or parsed.database == ":memory:":
                raise StoreError(
                    Code.STORE, f"{self.shown}: the store needs a file (sqlite:///var/feedsvc.db)"
                )
            self._file = StoreFile(Path(parsed.database), self.shown)
            if create:
                _make_private(self._file.path)
                if was_emptied(self._file.path):
                    raise self._file.damage("it is empty")
            elif not self._file.path.exists():
                words = "there is no store; `feedsvc run` makes one, `feedsvc restore` fills it from a backup"
                raise StoreError(Code.STORE_GONE, f"{self.shown}: {words}")
        pooled: dict[str, Any] = {"pool_size": 20, "max_overflow": 20, "pool_pre_ping": not self.sqlite}
        if not self.sqlite:
            pooled["connect_args"] = libpq_patience(url)
        if self._file is not None and may_only_be_read(self._file.path):
            # for one transaction each: whoever may write can come at any time
            pooled = {"poolclass": NullPool, "creator": partial(_open_as_it_is, self._file.path)}
        try:
            self.engine = create_engine(url, **pooled)
        except exc.NoSuchModuleError as error:
            raise StoreError(
                Code.STORE,
                f"{self.shown}: no such kind of database; write sqlite:///… or postgresql+psycopg://…",
            ) from error
        except ModuleNotFoundError as error:
            raise StoreError(
                Code.STORE, f"{self.shown}: its driver is missing; pip install 'feedsvc[postgres]'"
            ) from error
        if self._file is not None:
            _prepare_sqlite(self.engine, self._file.path)
        elif first := server_patience(url):
            _begin_with(self.engine, first)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads; one consistent view."""
        with self._watched(writing=False), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A transaction that only reads, and sees one moment of the store in all its statements."""
        with self._watched(writing=False), self.engine.connect() as connection:
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
        with self._watched(writing=True):
            if self._file is not None:
                self._file.must_be_whole()
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

    @contextmanager
    def _watched(self, *, writing: bool) -> Iterator[None]:
        """Raises StoreError for whatever is wrong with the database; the log has it once."""
        try:
            if self._file is not None:
                self._file.must_be_there()
            with _translated(self.shown, self._file):
                yield
        except StoreRaceError:
            raise
        except StoreError as error:
            self._outage.failed(error, writing=writing)
            raise
        else:
            self._outage.worked(writing=writing)

    @property
    def file(self) -> Path | None:
        """The file of an SQLite store."""
        return self._file.path if self._file is not None else None

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()
        if self._file is not None:
            self._file.close()


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


def _open_as_it_is(file: Path) -> sqlite3.Connection:
    how = "?immutable=1" if may_only_be_read(file) else ""
    return sqlite3.connect(f"file:{quote(str(file))}{how}", uri=True, check_same_thread=False)


def _begin_with(engine: Engine, statements: str) -> None:
    @event.listens_for(engine, "connect")
    def connect(dbapi_connection: Any, _record: Any) -> None:
        dbapi_connection.execute(statements)
        dbapi_connection.commit()  # what is set in a transaction ends with one that is rolled back


def _prepare_sqlite(engine: Engine, file: Path) -> None:
    @event.listens_for(engine, "connect")
    def connect(dbapi_connection: Any, _record: Any) -> None:
        dbapi_connection.isolation_level = None  # we say BEGIN ourselves
        if may_only_be_read(file):
            return
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
def _translated(shown: str, file: StoreFile | None) -> Iterator[None]:
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
    except exc.DatabaseError as error:
        if file is not None and getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _DAMAGE:
            raise file.note_damage(error.orig or error) from error
        raise StoreError(Code.STORE, f"{shown}: {str(error.orig).partition(chr(10))[0]}") from error
    except exc.SQLAlchemyError as error:
        raise StoreError(Code.STORE, f"{shown}: {str(error).partition(chr(10))[0]}") from error
