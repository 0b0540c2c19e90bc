"""The last good copy: what was served last, in a file of its own, for a start at which the store is broken.

One process of a machine keeps it, with each publication that it takes over. It has the snapshots' columns, so
that it is read as they are.
"""

from __future__ import annotations

import fcntl
import logging
import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import orjson

from feedsvc.errors import StoreError
from feedsvc.model import ReadyDocument
from feedsvc.store.web.snapshots import COLUMNS, EPOCH, Snapshots

log = logging.getLogger(__name__)

_PUT = f"INSERT OR REPLACE INTO snapshot ({COLUMNS}) VALUES ({', '.join('?' * len(COLUMNS.split(',')))})"  # noqa: S608


class ServedCopy:
    """The copy beside one store. Where it cannot be kept, the log says so once and nothing else suffers."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock: int | None = None
        self._connection: sqlite3.Connection | None = None
        self._broken = False

    def keep(self, new: Iterable[ReadyDocument], everything: Callable[[], Iterable[ReadyDocument]]) -> None:
        """Add the documents of a publication, if this is the process that keeps the copy.

        `everything` that is served replaces what an earlier process left.
        """
        if self._broken:
            return
        try:
            if self._connection is not None:
                _put(self._connection, new)
            elif self._first():
                self._connection = self._begun(everything())
        except (OSError, sqlite3.Error) as error:
            self._broken = True
            log.warning("the copy of what is served cannot be written to %s: %s", self._path, error)

    def load(self) -> Sequence[ReadyDocument]:
        """What was served last; nothing where no copy was kept or it cannot be read."""
        if not self._path.exists():
            return []
        copy = Snapshots(f"sqlite:///{self._path}")
        try:
            return copy.since(-1)
        except StoreError as error:
            log.error("%s: %s", self._path, error)
            return []
        finally:
            copy.close()

    def close(self) -> None:
        """Let another process keep it."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _first(self) -> bool:
        """Whether no other process keeps the copy."""
        if self._lock is None:
            self._lock = os.open(f"{self._path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _begun(self, everything: Iterable[ReadyDocument]) -> sqlite3.Connection:
        draft = self._path.with_name(f"{self._path.name}.new")
        draft.unlink(missing_ok=True)
        draft.touch(0o600)
        connection = sqlite3.connect(draft)
        connection.execute(f"CREATE TABLE snapshot ({COLUMNS}, PRIMARY KEY (path))")
        _put(connection, everything)
        connection.close()
        draft.replace(self._path)  # the one of before is whole until this one is
        connection = sqlite3.connect(self._path, check_same_thread=False)
        connection.execute("PRAGMA secure_delete = ON")  # an erased text leaves nothing behind
        return connection


def _put(connection: sqlite3.Connection, documents: Iterable[ReadyDocument]) -> None:
    with connection:
        connection.executemany(_PUT, (_values(document) for document in documents))


def _values(one: ReadyDocument) -> tuple[Any, ...]:
    """A document as a row of the snapshot table."""
    moment = (one.last_modified - EPOCH).total_seconds()
    frame = (one.frame.head, one.frame.separator, one.frame.tail) if one.frame else (b"", b"", b"")
    return (
        *(one.path, one.number, one.media_type, one.etag, int(moment * 1_000_000), one.max_age),
        *(one.gzip, one.br, orjson.dumps(one.links).decode(), one.page, one.status, one.location),
        *(one.entries, *frame),
    )
