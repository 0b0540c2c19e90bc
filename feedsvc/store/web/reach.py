"""Who reads the feeds, in figures a day: written by web processes once a minute, without SQLAlchemy."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from feedsvc.errors import Code, StoreError
from feedsvc.store.address import connect, libpq_address, sqlite_file
from feedsvc.store.web.sketch import joined, sketch

KEPT = timedelta(days=60)
TOLD = timedelta(days=8)  #: an aggregator that has not asked for so long counts no more
MOST_AGENTS = 1000  #: programs of one day; further ones are "others"
OTHERS = "others"
#: Names in `counter`: figures since the store was made, which outlive the days that they were counted on.
TOTALS = {"requests": "feed requests", "not_modified": "feeds not modified", "bytes": "feed bytes"}


@dataclass(slots=True)
class Figures:
    """Of some requests; `pollers` are who sent them, and are not kept."""

    requests: int = 0
    not_modified: int = 0
    whole: int = 0  #: 200 without having asked whether anything changed
    bytes: int = 0
    pollers: set[str] = field(default_factory=set)


class ReachWriter:
    """Adds figures to those of the day. Not safe for several threads."""

    def __init__(self, url: str) -> None:
        file = sqlite_file(url)
        self._sqlite = bool(file)
        self._target = file or libpq_address(url)

    def add(
        self,
        now: datetime,
        *,
        paths: Mapping[str, Figures],
        agents: Mapping[str, Figures],
        subscribers: Mapping[tuple[str, str], int],
    ) -> None:
        """Add what was counted since the last time, in one transaction. Raises StoreError.

        `subscribers`: (path, aggregator) → how many it reports.
        """
        day, at = now.strftime("%Y-%m-%d"), int(now.timestamp() * 1_000_000)
        old = (now - KEPT).strftime("%Y-%m-%d")
        connection: Any = None
        try:
            connection = self._connect()
            self._do(connection, "BEGIN IMMEDIATE" if self._sqlite else "BEGIN")
            for path, figures in sorted(paths.items()):
                self._add(
                    connection, "reach", "path", day, path, figures, ["requests", "not_modified", "bytes"]
                )
            self._total(connection, paths.get("", Figures()))
            known = {row[0] for row in self._do(connection, "SELECT agent FROM reader WHERE day = ?", (day,))}
            names = ["requests", "not_modified", "whole", "bytes"]
            for agent, figures in sorted(agents.items()):
                kept = agent if agent in known or len(known) < MOST_AGENTS else OTHERS
                known.add(kept)
                self._add(connection, "reader", "agent", day, kept, figures, names)
            for (path, name), count in sorted(subscribers.items()):
                self._do(
                    connection,
                    "INSERT INTO aggregator (path, name, subscribers, at) VALUES (?, ?, ?, ?) "
                    "ON CONFLICT (path, name) "
                    "DO UPDATE SET subscribers = excluded.subscribers, at = excluded.at",
                    (path, name, count, at),
                )
            gone = int((now - TOLD).timestamp() * 1_000_000)
            self._do(connection, "DELETE FROM aggregator WHERE at < ?", (gone,))
            for table in ("reach", "reader"):
                self._do(connection, f"DELETE FROM {table} WHERE day < ?", (old,))  # noqa: S608 - ours
            self._do(connection, "COMMIT")
        except Exception as error:
            if not self._sqlite or isinstance(error, sqlite3.Error):
                raise StoreError(Code.STORE, f"who reads cannot be written: {error}") from error
            raise
        finally:
            if connection is not None:
                connection.close()

    def _add(
        self,
        connection: Any,
        table: str,
        column: str,
        day: str,
        name: str,
        figures: Figures,
        names: Sequence[str],
    ) -> None:
        pollers = sketch(figures.pollers, day)
        lock = "" if self._sqlite else " FOR UPDATE"
        row = self._do(
            connection,
            f"SELECT pollers FROM {table} WHERE day = ? AND {column} = ?{lock}",  # noqa: S608 - ours
            (day, name),
        ).fetchone()
        if row is not None:
            pollers = joined(bytes(row[0]), pollers)
        columns = ", ".join(["day", column, *names, "pollers"])
        marks = ", ".join("?" * (len(names) + 3))
        sums = ", ".join(f"{one} = {table}.{one} + excluded.{one}" for one in names)
        self._do(
            connection,
            f"INSERT INTO {table} ({columns}) VALUES ({marks}) ON CONFLICT (day, {column}) "  # noqa: S608
            f"DO UPDATE SET {sums}, pollers = excluded.pollers",
            (day, name, *(getattr(figures, one) for one in names), pollers),
        )

    def _total(self, connection: Any, figures: Figures) -> None:
        for name, counter in TOTALS.items():
            self._do(
                connection,
                "INSERT INTO counter (name, value) VALUES (?, ?) "
                "ON CONFLICT (name) DO UPDATE SET value = counter.value + excluded.value",
                (counter, getattr(figures, name)),
            )

    def _do(self, connection: Any, statement: str, values: Iterable[object] = ()) -> Any:
        return connection.execute(statement if self._sqlite else statement.replace("?", "%s"), tuple(values))

    def _connect(self) -> Any:
        if self._sqlite:
            return sqlite3.connect(
                f"file:{quote(self._target)}?mode=rw", uri=True, timeout=5, isolation_level=None
            )
        return connect(self._target)
