"""Leases: who claims a row holds it for a while. Its token fences out whoever held it before.

A table with leases has the columns `lease_until`, `token` and `next_due`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, insert, select, tuple_, update

from feedsvc.store import schema as t
from feedsvc.store.engine import Database, retry_races
from feedsvc.store.many import among

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST = timedelta(minutes=5)  #: of any lease, and of what the clocks of two machines may differ
TABLES = (t.due, t.intent, t.delivery, t.ping, t.following)

Rows = Sequence[Row[Any]]


def is_due(table: Table, now: datetime) -> list[Any]:
    """The conditions that a row is due and nobody holds it."""
    return [table.c.next_due <= now, table.c.lease_until <= now]


def claim(
    database: Database,
    table: Table,
    *wanted: Select[Any],
    now: datetime,
    seconds: float,
    values: Mapping[str, Any] | None = None,
    choose: Callable[[Iterable[Row[Any]]], Rows] = list,
    note: Mapping[str, Any] | None = None,
) -> Rows:
    """Hold rows of `table` that one of `wanted` selects, the first one first, and `choose` picks.

    Returns them as they were: whoever holds them has the next `token`. `values` are those of the parameters
    in `wanted`, of which `rows` says how many rows at most. `note` is written into each row. Nothing is
    locked where nothing is wanted.
    """
    first = {**values, "rows": 1} if values else {}
    with database.read() as connection:
        some = [one for one in wanted if connection.execute(one, first).first() is not None]
    if not some:
        return []
    held = {"token": table.c.token + 1, "lease_until": now + timedelta(seconds=seconds), **(note or {})}
    return _hold(database, table, some, values or {}, held, choose)


@retry_races
def _hold(
    database: Database,
    table: Table,
    wanted: Sequence[Select[Any]],
    values: Mapping[str, Any],
    held: Mapping[str, Any],
    choose: Callable[[Iterable[Row[Any]]], Rows],
) -> Rows:
    key = list(table.primary_key.columns)
    with database.write() as connection:
        found = (
            row
            for one in wanted
            for row in connection.execute(one.with_for_update(skip_locked=True, of=table), values).all()
        )
        if rows := choose(found):
            names = [tuple(getattr(row, column.name) for column in key) for row in rows]
            if len(key) == 1:
                is_one = among(connection, key[0], [name for (name,) in names])
            else:
                is_one = tuple_(*key).in_(names)
            connection.execute(update(table).where(is_one).values(**held))
        return rows


def forget_all(connection: Connection) -> None:
    """End every lease: only for the one worker that knows that all others are dead."""
    for table in TABLES:
        held = update(table).where(table.c.lease_until > NEVER)
        connection.execute(held.values(lease_until=NEVER))
    connection.execute(update(t.due).where(t.due.c.lost > 0).values(lost=0))  # a restart is nobody's fault
    connection.execute(update(t.lease).values(until=NEVER))


# ── who alone may do something now ──


@retry_races  # of two that are the first one begins
def take(database: Database, name: str, *, now: datetime, seconds: float, holder: int) -> int | None:
    """Become the one who does `name`, for some seconds; the token, or None while somebody else is.

    `holder` is the token of the lease that the caller has already, 0 if none: then it is renewed.
    """
    until, mine = now + timedelta(seconds=seconds), t.lease.c.name == name
    with database.write() as connection:
        row = connection.execute(select(t.lease).where(mine).with_for_update()).first()
        if row is None:
            connection.execute(insert(t.lease).values(name=name, token=1, until=until))
            return 1
        if now < row.until <= now + LONGEST and row.token != holder:  # a later end is of another clock
            return None
        token = int(row.token) if row.token == holder else int(row.token) + 1
        connection.execute(update(t.lease).where(mine).values(token=token, until=until))
        return token


def give_up(database: Database, name: str, token: int, *, now: datetime) -> None:
    """Let somebody else begin at once."""
    held = update(t.lease).where(t.lease.c.name == name, t.lease.c.token == token)
    with database.write() as connection:
        connection.execute(held.values(until=now))
