"""The figures behind /metrics, read from the store: every process gives the same answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from feedsvc.store import counters, room
from feedsvc.store import schema as t
from feedsvc.store.articles.lists import LATEST
from feedsvc.store.engine import Database
from feedsvc.store.queue.units import PAGE
from feedsvc.store.reach import pollers
from feedsvc.store.retention import POLLS_GONE
from feedsvc.store.web.reach import TOTALS


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """Figures of one moment. Rows have the columns that their names say.

    What is counted (polls, entered, requests, not_modified, bytes) never falls while the store lives.
    """

    health: dict[str, int]
    sources: list[Any]  #: name, failures, good_at, drift
    polls: int
    entered: int
    lag: tuple[float, float] | None
    requests: int
    not_modified: int
    bytes: int
    readers: int
    reported: int
    documents: list[Any]  #: path, size, last_modified of the feeds
    tables: dict[str, int]  #: rows of what may grow


def read(database: Database, now: datetime) -> Readings:
    """The figures. Raises StoreError."""
    u, d, v, c = t.upstream.c, t.due.c, t.usual.c, t.snapshot.c
    with database.snapshot() as connection:

        def number(statement: Any) -> int:
            return int(connection.execute(statement).scalar() or 0)

        def total(name: str) -> int:
            return counters.value(connection, name)

        return Readings(
            health={str(one): count for one, count in room.counts(connection, now).items()},
            sources=list(
                connection.execute(
                    select(
                        u.name,
                        func.max(u.failures).label("failures"),
                        func.max(u.good_at).label("good_at"),
                        func.max(v.drift).label("drift"),
                    )
                    .join(t.due, d.upstream == u.no)
                    .outerjoin(t.usual, v.key == u.key)
                    .where(u.kind != PAGE, d.active)
                    .group_by(u.name)
                    .order_by(u.name)
                )
            ),
            polls=total(POLLS_GONE) + number(select(func.sum(u.attempts))),
            entered=number(select(t.listing.c.entered).where(t.listing.c.key == LATEST)),
            lag=room.lag(connection),
            requests=total(TOTALS["requests"]),
            not_modified=total(TOTALS["not_modified"]),
            bytes=total(TOTALS["bytes"]),
            readers=pollers(connection, [now.strftime("%Y-%m-%d")]),
            reported=number(select(func.sum(t.aggregator.c.subscribers))),
            documents=list(
                connection.execute(
                    select(c.path, func.length(c.identity).label("size"), c.last_modified)
                    .where(c.path.like("/feeds/%.rss"), c.status == 200)
                    .order_by(c.path)
                )
            ),
            tables={
                table.name: number(select(func.count()).select_from(table))
                for table in (t.article, t.delivery, t.notice, t.outbox)
            },
        )
