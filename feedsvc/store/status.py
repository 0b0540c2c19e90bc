"""How the service is, in figures, for operators. Nothing secret: no callback, no query, no error text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Connection, func, literal_column, or_, select

from feedsvc.store import counters
from feedsvc.store import schema as t
from feedsvc.store.engine import Database
from feedsvc.store.publishing.builds import NUMBER
from feedsvc.store.queue.units import PAGE, STOPPED, resting
from feedsvc.store.web.heartbeats import ALIVE, NOW_POSTGRES, NOW_SQLITE

MOST = 50  #: rows of each kind that are shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A feed that somebody has subscribed to."""

    topic: str
    subscribers: int
    waiting: int  #: of them, how many have not got the newest push
    failing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """What became of the last poll of a source, and when the next one is."""

    name: str
    code: str  #: of errors; "" where the last poll went well, or there was none
    message: str  #: of errors, or what is worth knowing besides
    failures: int  #: in a row
    polled_at: datetime | None
    good_at: datetime | None
    due: datetime | None  #: None: nobody polls it, as it is paused or said that it is gone for good
    paused_at: datetime | None  #: when a person said that it is not to be polled
    resting: str  #: the source that it stands in for, where that is well; "" else
    why: str  #: what decided: every, usual, rhythm, floor, ttl, max-age, skip, pushed; "" for own hosts


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The figures of one moment."""

    publication: int
    web: tuple[int, ...]  #: the publication that each living web process serves
    unannounced: int  #: publications that wait for web processes or caches
    workers: tuple[datetime, ...]  #: the last sign of life of each worker
    sources: tuple[SourceStatus, ...]  #: those that failed most often first
    topics: tuple[Topic, ...]
    #: (callback host, how many of it fail, since when, code or status of one of them)
    trouble: tuple[tuple[str, int, datetime, str], ...]
    pings: tuple[Any, ...]  #: rows of `ping`
    following: tuple[Any, ...]  #: rows of `following`


def read_status(database: Database, at: datetime | None = None) -> Status:
    """The figures as they are; subscriptions that are over `at` a moment do not count. Raises StoreError."""
    u, s, d, h = t.upstream.c, t.subscription.c, t.delivery.c, t.heartbeat.c
    now = literal_column(NOW_SQLITE if database.sqlite else NOW_POSTGRES, BigInteger())
    with database.read() as connection:

        def all_of(statement: Any) -> tuple[Any, ...]:
            return tuple(connection.execute(statement))

        waiting = {
            row.topic: row.n
            for row in all_of(
                select(s.topic, func.count().label("n"))
                .join(t.delivery, d.subscription == s.no)
                .group_by(s.topic)
            )
        }
        counts = select(s.topic, func.count().label("n"), func.count(s.failing_since).label("failing"))
        if at is not None:
            counts = counts.where(s.expires > at)
        return Status(
            publication=counters.value(connection, NUMBER),
            web=tuple(row.number for row in all_of(select(h.number).where(h.at > now - ALIVE))),
            unannounced=_count(connection, select(t.push.c.no).where(t.push.c.announced.is_(False))),
            workers=tuple(row.at for row in all_of(select(t.worker.c.at).order_by(t.worker.c.at.desc()))),
            sources=_sources(connection),
            topics=tuple(
                Topic(
                    topic=row.topic,
                    subscribers=row.n,
                    waiting=waiting.get(row.topic, 0),
                    failing=row.failing,
                )
                for row in all_of(counts.group_by(s.topic).order_by(s.topic))
            ),
            trouble=tuple(
                (row.host, row.n, row.since, row.error.partition(":")[0])
                for row in all_of(
                    select(
                        s.host,
                        func.count().label("n"),
                        func.min(s.failing_since).label("since"),
                        func.max(s.error).label("error"),
                    )
                    .where(s.failing_since.is_not(None))
                    .group_by(s.host)
                    .order_by(func.min(s.failing_since))
                    .limit(MOST)
                )
            ),
            pings=all_of(select(t.ping).order_by(t.ping.c.hub, t.ping.c.topic)),
            following=all_of(
                select(t.following, u.name.label("source"))
                .join(t.upstream, u.no == t.following.c.upstream)
                .order_by(u.name)
            ),
        )


def _sources(connection: Connection) -> tuple[SourceStatus, ...]:
    u, d = t.upstream.c, t.due.c
    said = (u.error_code, u.error_message, u.failures, u.rhythm)
    rows = connection.execute(
        select(
            u.name,
            *said,
            u.looked_at,
            u.good_at,
            u.paused_at,
            u.instead_of,
            d.active,
            d.next_due,
            d.not_before,
            resting().label("resting"),
        )
        .join(t.due, d.upstream == u.no)
        .where(u.kind != PAGE, or_(d.active, u.status == STOPPED, u.paused_at.is_not(None), resting()))
        .order_by(u.failures.desc(), d.active, d.next_due, u.name)
    )
    return tuple(
        SourceStatus(
            name=row.name.partition("?")[0],
            code=row.error_code,
            message=row.error_message,
            failures=row.failures,
            polled_at=row.looked_at,
            good_at=row.good_at,
            due=max(row.next_due, row.not_before) if row.active else None,
            paused_at=row.paused_at,
            resting=row.instead_of if row.resting else "",
            why="" if row.error_code else (row.rhythm or {}).get("why", ""),
        )
        for row in rows
    )


def _count(connection: Any, rows: Any) -> int:
    return int(connection.execute(select(func.count()).select_from(rows.subquery())).scalar_one())
