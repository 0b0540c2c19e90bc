"""A newsroom's database as we open it: to read, in short transactions, and for nothing else."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, exc
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from feedsvc import urls
from feedsvc.errors import Code, SourceError

SECONDS = 30  #: that one statement may take
LOCKED = 5.0  #: seconds that a locked SQLite file is waited for

#: What every new connection is told, by dialect: whatever a `query` says, nothing is written.
_READ_ONLY = {
    "postgresql": (
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
        f"SET statement_timeout = {SECONDS * 1000}",
    ),
    "mysql": ("SET SESSION TRANSACTION READ ONLY",),
    "mariadb": ("SET SESSION TRANSACTION READ ONLY", f"SET SESSION max_statement_time = {SECONDS}"),
    "sqlite": ("PRAGMA query_only = ON",),
}


class Database:
    """One database. `address` is an SQLAlchemy address; `path` names it in messages."""

    def __init__(self, address: str, *, path: str) -> None:
        self._path = path
        self.shown = urls.without_password(address)
        try:
            self._engine = _engine(address)
        except exc.NoSuchModuleError as error:
            raise self._error(Code.BAD_TABLE, f"{self.shown}: no such kind of database") from error
        except exc.ArgumentError as error:
            raise self._error(Code.BAD_TABLE, f"{self.shown} is not an SQLAlchemy address") from error
        except ModuleNotFoundError as error:
            raise self._error(
                Code.DATABASE, f"{self.shown}: its driver is missing: pip install {error.name}"
            ) from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads and is rolled back. Raises SourceError.

        Connections are not kept: a newsroom's database has better things to do with its slots.
        """
        try:
            with self._engine.connect() as connection:
                yield connection
        except exc.OperationalError as error:
            raise self._error(*_operational(error), shown=True) from error
        except (exc.ProgrammingError, exc.DatabaseError) as error:
            raise self._error(Code.BAD_TABLE, _first_line(error.orig or error), shown=True) from error
        except exc.SQLAlchemyError as error:
            raise self._error(Code.DATABASE, _first_line(error), shown=True) from error

    def _error(self, code: Code, text: str, *, shown: bool = False) -> SourceError:
        text = urls.without_password(f"{self.shown}: {text}" if shown else text)
        return SourceError(code, f"{self._path}.sql: {text}")


def _engine(address: str) -> Engine:
    parsed = make_url(address)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(
            "sqlite://", creator=lambda: _sqlite(parsed.database or ""), poolclass=NullPool
        )
    else:
        engine = create_engine(parsed, poolclass=NullPool, connect_args=_patience(parsed.get_driver_name()))

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        if engine.dialect.driver == "psycopg":
            _lenient(connection)
        cursor = connection.cursor()
        for statement in _READ_ONLY.get(engine.dialect.name, ()):
            cursor.execute(statement)
        cursor.close()
        if engine.dialect.name != "sqlite":
            connection.commit()

    return engine


def _sqlite(file: str) -> sqlite3.Connection:
    """mode=ro: a file that is not there is not made, one that is there is not touched."""
    path = quote(str(Path(file).absolute()))
    made = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=LOCKED, check_same_thread=False)
    made.text_factory = lambda data: data.decode("utf-8", "replace")  # one bad text must not end the poll
    return made


def _lenient(connection: Any) -> None:
    """Have psycopg give what Python's types cannot hold (infinity, the year 20000, 24:00) as its text.

    Otherwise one such value would end the reading of all rows.
    """
    from psycopg import DataError
    from psycopg.types import datetime as types

    for name, loader in (
        ("date", types.DateLoader),
        ("time", types.TimeLoader),
        ("timetz", types.TimetzLoader),
        ("timestamp", types.TimestampLoader),
        ("timestamptz", types.TimestamptzLoader),
        ("interval", types.IntervalLoader),
    ):

        class Lenient(loader):  # type: ignore[misc, valid-type]
            def load(self, data: Any) -> Any:
                try:
                    return super().load(data)
                except (DataError, OverflowError, ValueError):
                    return bytes(data).decode("ascii", "replace")

        connection.adapters.register_loader(name, Lenient)


def _patience(driver: str) -> dict[str, Any]:
    known = {
        "psycopg": {"connect_timeout": 10},
        "psycopg2": {"connect_timeout": 10},
        "pymysql": {"connect_timeout": 10, "read_timeout": SECONDS},
        "mysqldb": {"connect_timeout": 10, "read_timeout": SECONDS},
    }
    return known.get(driver, {})


_STATE = re.compile(r"no such (?:table|column)|syntax error|ambiguous column|misuse of", re.I)


def _operational(error: exc.OperationalError) -> tuple[Code, str]:
    """SQLite calls everything operational: what cannot be asked is no trouble of the database."""
    text = _first_line(error.orig)
    if _STATE.search(text):
        return Code.BAD_TABLE, text
    if "unable to open" in text:
        return Code.DATABASE, f"{text}: is the file there, may this user read it and its folder?"
    if "locked" in text or "busy" in text:
        return Code.DATABASE, f"{text}: another program holds it; it is tried again"
    return Code.DATABASE, text


def _first_line(error: object) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__
