"""The places at foreign hosts that all workers of a store share: one request at a time, a gap between two.

Times are those of the database, where it has a clock that all workers share (PostgreSQL).
"""

from __future__ import annotations

import secrets
import time
from typing import Any

from sqlalchemy import BigInteger, Connection, and_, cast, func, literal, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from feedsvc.store import schema as t
from feedsvc.store.engine import Database

LONGEST_GAP = 60.0  #: seconds
SECOND = 1_000_000  #: the table counts in microseconds


class SqlPlaces:
    """Hands out places to one worker. Safe to use from many threads. Raises StoreError."""

    def __init__(self, database: Database, *, seconds: float) -> None:
        """A place that nobody gives back is free again after `seconds`, the lease of a unit."""
        self._database = database
        self._held = _micro(seconds)
        self._holder = secrets.randbits(62)

    def take(self, host: str, *, gap: float) -> float:
        """0.0: the place is ours, until it is given back. Otherwise the seconds after which to ask again.

        `gap` in seconds holds for a host that nobody asked before.
        """
        p, now = t.pace.c, self._now()
        until = now + self._held
        put: Any = (sqlite.insert if self._database.sqlite else postgresql.insert)(t.pace)
        put = put.values(host=host, holder=self._holder, held_until=until, free_at=now, gap=_micro(gap))
        # a clock that was set back leaves moments that are further away than any can be
        unheld = or_(p.held_until <= now, p.held_until > now + 2 * self._held)
        rested = or_(p.free_at <= now, p.free_at > now + _micro(2 * LONGEST_GAP))
        put = put.on_conflict_do_update(
            index_elements=[p.host],
            set_={"holder": self._holder, "held_until": until},
            where=and_(unheld, rested),
        )
        with self._database.write() as connection:
            self._hurry(connection)
            if connection.execute(put.returning(p.host)).first() is not None:
                return 0.0
            row = connection.execute(
                select(p.held_until, p.free_at, p.gap, now.label("now")).where(p.host == host)
            ).one()
        # who holds it may be done at any moment, and then the gap begins
        left = row.gap if row.held_until > row.now else row.free_at - row.now
        return max(0.01, float(left) / SECOND)

    def give_back(self, host: str) -> None:
        """The request is over; the gap begins."""
        p = t.pace.c
        with self._database.write() as connection:
            self._hurry(connection)
            mine = and_(p.host == host, p.holder == self._holder)
            connection.execute(update(t.pace).where(mine).values(held_until=0, free_at=self._now() + p.gap))

    def set_gap(self, host: str, gap: float) -> None:
        """Keep `gap` seconds between two requests to `host` from now on."""
        with self._database.write() as connection:
            self._hurry(connection)
            connection.execute(update(t.pace).where(t.pace.c.host == host).values(gap=_micro(gap)))

    def _now(self) -> Any:
        return _now(self._database)

    def _hurry(self, connection: Connection) -> None:
        """No wait for the disk: after a crash a host may be asked a second early, once."""
        if not self._database.sqlite:
            connection.execute(text("SET LOCAL synchronous_commit = off"))


def _micro(seconds: float) -> int:
    return round(seconds * SECOND)


def forget_idle(database: Database, *, seconds: float = 86_400) -> int:
    """Forget hosts that nobody asked for `seconds`; returns how many. Raises StoreError."""
    p, past = t.pace.c, _now(database) - _micro(seconds)
    with database.write() as connection:
        idle = and_(p.held_until < past, p.free_at < past)
        return connection.execute(t.pace.delete().where(idle)).rowcount


def _now(database: Database) -> Any:
    if database.sqlite:  # all its workers are on one machine
        return literal(int(time.time() * SECOND), BigInteger)
    return cast(func.extract("epoch", func.clock_timestamp()) * SECOND, BigInteger)
