"""Who reads the feeds, as it is shown; written by store.web.reach."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import reduce
from typing import Any

from sqlalchemy import Connection, func, select

from feedsvc.model.room import Day, Reach, ReaderRow
from feedsvc.store import schema as t
from feedsvc.store.web.reach import TOLD
from feedsvc.store.web.sketch import count, joined

DAYS = 30  #: that are shown
MOST = 100  #: programs, feeds and aggregators that are shown


def read_reach(connection: Connection, now: datetime) -> Reach:
    """The figures up to now; how programs behave is judged above the store."""
    r, a = t.reach.c, t.aggregator.c
    days = [(now - timedelta(days=n)).strftime("%Y-%m-%d") for n in reversed(range(DAYS))]
    everything = {
        row.day: row for row in connection.execute(select(t.reach).where(r.path == "", r.day.in_(days)))
    }
    first = min([*everything, days[-14]])
    today, week = days[-1], days[-7:]
    told = connection.execute(
        select(a.name, func.count().label("feeds"), func.sum(a.subscribers).label("n"))
        .where(a.at >= now - TOLD)
        .group_by(a.name)
        .order_by(func.sum(a.subscribers).desc())
    ).all()
    feeds = connection.execute(
        select(r.path, r.requests, r.pollers)
        .where(r.day == today, r.path != "")
        .order_by(r.requests.desc())
        .limit(MOST)
    )
    return Reach(
        subscribers=sum(int(row.n) for row in told),
        aggregators=[(row.name, row.feeds, int(row.n)) for row in told[:MOST]],
        days=[_day(day, everything.get(day)) for day in days if day >= first],
        formats=_formats(connection, week),
        readers=_readers(connection, today),
        feeds=[(row.path, row.requests, count(row.pollers)) for row in feeds],
    )


def _day(day: str, row: Any) -> Day:
    if row is None:
        return Day(day=day)
    return Day(
        day=day,
        requests=row.requests,
        not_modified=row.not_modified,
        bytes=row.bytes,
        pollers=count(row.pollers),
    )


def _formats(connection: Connection, days: Sequence[str]) -> dict[str, int]:
    r = t.reach.c
    names = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}
    found = dict.fromkeys(names.values(), 0)
    sums = select(r.path, func.sum(r.requests).label("n")).where(r.day.in_(days), r.path != "")
    for row in connection.execute(sums.group_by(r.path)):
        name = names.get(row.path.rpartition(".")[2])
        if name is not None:
            found[name] += int(row.n)
    return {name: times for name, times in found.items() if times}


def _readers(connection: Connection, day: str) -> list[ReaderRow]:
    c = t.reader.c
    rows = connection.execute(
        select(t.reader).where(c.day == day).order_by(c.requests.desc(), c.agent).limit(MOST)
    )
    return [
        ReaderRow(
            agent=row.agent, requests=row.requests, not_modified=row.not_modified, whole=row.whole,
            bytes=row.bytes, pollers=count(row.pollers),
        )
        for row in rows
    ]  # fmt: skip


def pollers(connection: Connection, days: Sequence[str]) -> int:
    """About how many different readers there were on some days together."""
    r = t.reach.c
    found = connection.execute(select(r.pollers).where(r.path == "", r.day.in_(list(days)))).scalars().all()
    return count(reduce(joined, found)) if found else 0


def requests_of(connection: Connection, day: str) -> int:
    """The requests for feeds of a day."""
    r = t.reach.c
    return int(connection.execute(select(r.requests).where(r.day == day, r.path == "")).scalar() or 0)
