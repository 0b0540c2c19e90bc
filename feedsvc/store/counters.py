"""Numbers that only rise, in the table `counter`."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from feedsvc.store import schema as t


def add(connection: Connection, name: str, step: int) -> int:
    """Raise a number, which begins at 0; what it is now."""
    c = t.counter.c
    more = update(t.counter).where(c.name == name).values(value=c.value + step).returning(c.value)
    row = connection.execute(more).first()
    if row is None:
        connection.execute(insert(t.counter).values(name=name, value=step))
        return step
    return int(row.value)


def value(connection: Connection, name: str) -> int:
    """What a number is; 0 where it was never raised."""
    return int(connection.execute(select(t.counter.c.value).where(t.counter.c.name == name)).scalar() or 0)
