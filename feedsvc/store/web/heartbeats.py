"""Web processes report that they live, which publication they serve, and which hubs came to look.

Written without SQLAlchemy, as `snapshots` is read: a web process has no time to load it. Times are those of
the database, so that the clocks of machines need not agree.
"""

from __future__ import annotations

import os
import platform
import secrets
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from feedsvc.errors import Code, StoreError
from feedsvc.store.address import connect, libpq_address, sqlite_file

ALIVE = 3_000_000  #: microseconds since the last beat, after which a process counts as dead
NOW_SQLITE = "CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)"
NOW_POSTGRES = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)"


class Heartbeats:
    """The beat of this process. Not safe for several threads: one of them beats."""

    def __init__(self, url: str) -> None:
        file = sqlite_file(url)
        self.sqlite = bool(file)
        self._target = file or libpq_address(url)
        self._id = f"{platform.node()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._connection: Any = None

    def beat(self, number: int, looks: Iterable[tuple[str, str, int]] = ()) -> None:
        """Say that this process lives and serves publication `number`.

        `looks` are (hub, topic, publication) of hubs that asked for a topic since the last beat and got that
        publication: where they were notified of it or an earlier one, it is the proof that they heard. Raises
        StoreError.
        """
        now = NOW_SQLITE if self.sqlite else NOW_POSTGRES
        put = (
            f"INSERT INTO heartbeat (id, number, at) VALUES (?, ?, {now}) "  # noqa: S608 - nothing foreign in it
            f"ON CONFLICT (id) DO UPDATE SET number = excluded.number, at = excluded.at"
        )
        prove = (
            f"UPDATE ping SET state = 'proven', proven_at = {now}, error = '' "  # noqa: S608
            "WHERE hub = ? AND topic = ? AND number <= ? "
            "AND (state IN ('sent', 'unproven') OR lease_until > 0)"
        )
        try:
            self._do(put, (self._id, number))
            for look in looks:
                self._do(prove, look)
        except Exception as error:
            self.close()
            if not self.sqlite or isinstance(error, sqlite3.Error):
                busy = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
                code = Code.STORE_BUSY if busy else Code.STORE
                raise StoreError(code, f"the heartbeat cannot be written: {error}") from error
            raise

    def close(self) -> None:
        """Close the connection; the next beat opens another one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _do(self, statement: str, values: Sequence[object]) -> None:
        if self._connection is None:
            self._connection = self._connect()
        self._connection.execute(statement if self.sqlite else statement.replace("?", "%s"), values)

    def _connect(self) -> Any:
        if self.sqlite:
            connection = sqlite3.connect(
                f"file:{quote(self._target)}?mode=rw",
                uri=True,
                timeout=2,
                isolation_level=None,
                check_same_thread=False,
            )
            connection.execute("PRAGMA synchronous = NORMAL")  # a lost beat is no loss
            return connection
        return connect(self._target)
