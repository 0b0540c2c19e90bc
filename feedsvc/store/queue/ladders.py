"""Ladders: where a source is wrong for long, the next one named for it is read until it is well again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, update

from feedsvc.model import Upstream
from feedsvc.store import schema as t
from feedsvc.store.engine import Database
from feedsvc.store.queue.units import STOPPED

TIMES = 2  #: failures in a row, before a rung can be ill
RED = 2


@dataclass(frozen=True, slots=True)
class Step:
    """A ladder came to another rung."""

    first: str  #: the name of its first rung
    now: str  #: the name of the rung that is read
    back: bool  #: towards the first one


class SqlLadders:
    """The ladders of a configuration. Any number of workers may look: a step is made once.

    Rungs that are read are active in the due table: all from the first one to the current one, so that it is
    seen when a better one is well again. The others rest.
    """

    def __init__(self, database: Database, upstreams: Sequence[Upstream]) -> None:
        self._database = database
        self._ladders: dict[str, list[Upstream]] = {}
        for one in upstreams:
            if one.ladder:
                self._ladders.setdefault(one.ladder, []).append(one)

    def run(self, now: datetime) -> list[Step]:
        """Look at each ladder; the steps that were made. Raises StoreError."""
        with self._database.write() as connection:
            steps = [_step(connection, sorted(one, key=_rung), now) for one in self._ladders.values()]
        return [step for step in steps if step is not None]


def _rung(one: Upstream) -> int:
    return one.rung


def _step(connection: Connection, rungs: Sequence[Upstream], now: datetime) -> Step | None:
    u, d, v = t.upstream.c, t.due.c, t.usual.c
    found = connection.execute(
        select(
            u.no, u.key, u.failures, u.good_at, u.status, u.paused_at, d.active, v.drift, v.since
        )
        .join(t.due, d.upstream == u.no)
        .outerjoin(t.usual, v.key == u.key)
        .where(u.key.in_([one.key for one in rungs]))
        .with_for_update(of=t.due)
    )  # fmt: skip
    known = {row.key: row for row in found}
    rows = [known[one.key] for one in rungs if one.key in known]
    if len(rows) < len(rungs):
        return None  # a worker with a newer configuration is about to make them known
    patience = timedelta(seconds=rungs[0].patience)
    current = max((number for number, row in enumerate(rows) if number and row.active), default=0)
    healthy = (number for number, row in enumerate(rows) if not _is_ill(row, now, patience))
    target = next(healthy, current)
    if target > current:
        numbers = [row.no for row in rows[current + 1 : target + 1]]
        connection.execute(update(t.due).where(d.upstream.in_(numbers)).values(active=True, next_due=now))
    elif target < current and _is_well(connection, rows[target], now, patience):
        numbers = [row.no for row in rows[target + 1 :]]
        connection.execute(update(t.due).where(d.upstream.in_(numbers)).values(active=False))
    else:
        return None
    return Step(rungs[0].name, rungs[target].name, target < current)


def _is_ill(row: Any, now: datetime, patience: timedelta) -> bool:
    """Whether a rung has been wrong for `patience`; one that is paused or gone for good is so at once."""
    if row.paused_at is not None or row.status == STOPPED:
        return True
    if row.failures >= TIMES and (row.good_at is None or now - row.good_at >= patience):
        return True
    return bool(row.drift == RED and row.since is not None and now - row.since >= patience)


def _is_well(connection: Connection, row: Any, now: datetime, patience: timedelta) -> bool:
    """Whether a rung has been read without a failure for `patience`."""
    if row.failures or row.drift or row.good_at is None:
        return False
    r = t.run.c
    failed = select(func.max(r.at)).where(r.upstream == row.no, r.outcome == "failed")
    last = connection.execute(failed).scalar()
    return last is None or (row.good_at > last and now - last >= patience)
