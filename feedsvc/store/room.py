"""What the control room shows of sources and feeds: reads alone, each in milliseconds with 5,000 sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import Connection, and_, case, func, literal, or_, select

from feedsvc.model import ListSpec
from feedsvc.model.room import FeedDetail, FeedRow, Health, Hour, Run, SourcePage, SourceRow
from feedsvc.store import schema as t
from feedsvc.store.articles.lists import LATEST
from feedsvc.store.engine import Database
from feedsvc.store.queue import runs
from feedsvc.store.queue.units import PAGE, STOPPED, resting

ON_PAGE = 50
TWO_DAYS = 48  #: hours that charts show
LATE = timedelta(minutes=15)  #: past its time, from which on a source is amber
OF_LAG = 400  #: newest articles whose way into the feeds is measured
_ORDER = [Health.RED, Health.AMBER, Health.PAUSED, Health.NEW, Health.OK, Health.RESTING]


def _health(now: datetime) -> Any:
    u, d, v = t.upstream.c, t.due.c, t.usual.c
    late = and_(d.next_due < now - LATE, d.not_before < now - LATE, d.lease_until < now)
    return case(
        (u.paused_at.is_not(None), Health.PAUSED),
        (resting(), Health.RESTING),
        (or_(u.failures >= 2, d.active.is_(False), v.drift == 2), Health.RED),
        (u.looked_at.is_(None), Health.NEW),
        (or_(u.failures == 1, v.drift == 1, late), Health.AMBER),
        else_=literal(Health.OK.value),
    )


def _sources() -> Any:
    u, d = t.upstream.c, t.due.c
    return (
        t.upstream.join(t.due, d.upstream == u.no).outerjoin(t.usual, t.usual.c.key == u.key),
        and_(u.kind != PAGE, or_(d.active, u.status == STOPPED, u.paused_at.is_not(None), resting())),
    )


def counts(connection: Connection, now: datetime) -> dict[Health, int]:
    """How many sources are how."""
    tables, where = _sources()
    health = _health(now)
    rows = connection.execute(select(health, func.count()).select_from(tables).where(where).group_by(health))
    found = {Health(name): int(count) for name, count in rows}
    return {one: found.get(one, 0) for one in _ORDER}


def source_page(
    database: Database, now: datetime, *, health: Health | None = None, words: str = "", number: int = 1
) -> SourcePage:
    """One page of the sources, those that need a person first. Raises StoreError."""
    tables, where = _sources()
    which = _health(now)
    u = t.upstream.c
    if health is not None:
        where = and_(where, which == health)
    for word in words.split()[:8]:
        where = and_(
            where, or_(u.name.icontains(word, autoescape=True), u.url.icontains(word, autoescape=True))
        )
    order = case({one.value: place for place, one in enumerate(_ORDER)}, value=which)
    with database.read() as connection:
        total = connection.execute(select(func.count()).select_from(tables).where(where)).scalar_one()
        pages = max(1, ceil(total / ON_PAGE))
        number = min(max(1, number), pages)
        statement = (
            _rows(which)
            .select_from(tables)
            .where(where)
            .order_by(order, u.name, u.no)
            .limit(ON_PAGE)
            .offset((number - 1) * ON_PAGE)
        )
        return SourcePage(
            rows=[_row(row, now) for row in connection.execute(statement)],
            counts=counts(connection, now),
            total=total,
            number=number,
            pages=pages,
        )


def _rows(which: Any) -> Any:
    u, d, v = t.upstream.c, t.due.c, t.usual.c
    return select(
        u.no, u.key, u.name, u.kind, u.url, u.error_code, u.error_message, u.failures, u.looked_at, u.good_at,
        u.rhythm, u.instead, u.traces, u.proposal, d.active, d.next_due, d.not_before, d.lease_until,
        v.drift, v.reason, which.label("health"),
    )  # fmt: skip


def _row(row: Any, now: datetime) -> SourceRow:
    due = max(row.next_due, row.not_before) if row.active else None
    waits = due is not None and row.lease_until < now and due < now
    failed = bool(row.error_code)
    return SourceRow(
        no=row.no,
        name=row.name,
        kind=row.kind,
        url=row.url,
        health=Health(row.health),
        code=row.error_code,
        reason=row.error_message if failed else row.reason or row.error_message,
        good_at=row.good_at,
        polled_at=row.looked_at,
        due=due,
        late=(now - due).total_seconds() if waits and due is not None else 0.0,
        failures=row.failures,
        why="" if failed else (row.rhythm or {}).get("why", ""),
        proposed=row.proposal is not None,
        instead=bool(row.instead),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All that is kept about one source."""

    key: str
    row: SourceRow
    runs: Sequence[Run]  #: the newest first
    usual: Mapping[str, Any] | None  #: see curate.usual
    lag: tuple[float, float] | None  #: seconds from publication to feed: p50, p95
    proposal: Mapping[str, Any] | None
    traces: Mapping[str, Any] | None


def source(database: Database, number: int, now: datetime) -> Known | None:
    """Everything about one source; None: there is none. Raises StoreError."""
    tables, where = _sources()
    with database.read() as connection:
        statement = _rows(_health(now)).select_from(tables).where(where, t.upstream.c.no == number)
        row = connection.execute(statement).first()
        if row is None:
            return None
        r = t.run.c
        made = connection.execute(select(t.run).where(r.upstream == number).order_by(r.at.desc(), r.slot))
        return Known(
            key=row.key,
            row=_row(row, now),
            runs=[_run(one) for one in made],
            usual=runs.usual(connection, row.key).value,
            lag=_lag(connection, t.statement.c.upstream == number),
            proposal=row.proposal,
            traces=row.traces,
        )


def _run(row: Any) -> Run:
    return Run(
        at=row.at, outcome=row.outcome, status=row.status, code=row.code, milliseconds=row.milliseconds,
        requests=row.requests, found=row.found, new=row.new, changed=row.changed, fields=row.fields,
        lag=row.lag,
    )  # fmt: skip


def _lag(connection: Connection, of: Any) -> tuple[float, float] | None:
    """Seconds from publication to the feeds, of the newest articles whose minute is known: p50, p95."""
    a, m, s = t.article.c, t.membership.c, t.statement.c
    rows = connection.execute(
        select(a.published, m.entered_at)
        .join(t.membership, and_(m.article == a.no, m.list == LATEST))
        .where(
            m.live,
            m.backfill.is_(False),
            a.precision.in_(["second", "minute"]),
            a.no.in_(select(s.article).where(of)) if of is not None else m.live,
        )
        .order_by(m.published.desc())
        .limit(OF_LAG)
    )
    found = sorted(
        (row.entered_at - row.published).total_seconds()
        for row in rows
        if row.entered_at is not None and row.entered_at >= row.published
    )
    if not found:
        return None
    return found[len(found) // 2], found[min(len(found) - 1, ceil(len(found) * 0.95))]


def lag(connection: Connection) -> tuple[float, float] | None:
    """The same for all articles."""
    return _lag(connection, None)


def polls(connection: Connection) -> tuple[int, int]:
    """Requests of the polls that are kept, and how many of them were answered with "nothing new"."""
    r = t.run.c
    row = connection.execute(
        select(func.sum(r.requests), func.count().filter(r.outcome == "unchanged")).select_from(t.run)
    ).one()
    return int(row[0] or 0), int(row[1] or 0)


def entered(connection: Connection, now: datetime) -> list[Hour]:
    """How many articles entered `latest` in each of the last hours, and usually do in these of the week."""
    m = t.membership.c
    first = int((now - timedelta(hours=TWO_DAYS - 1)).timestamp()) // 3600
    begin = datetime.fromtimestamp(first * 3600, UTC) - timedelta(weeks=4)
    rows = connection.execute(
        select(m.entered_at).where(
            m.list == LATEST, m.live, m.backfill.is_(False), m.published >= begin, m.entered_at >= begin
        )
    )
    found: dict[int, int] = {}
    for moment in rows.scalars():
        place = int(moment.timestamp()) // 3600
        found[place] = found.get(place, 0) + 1
    oldest = min(found, default=first)
    hours = []
    for place in range(first, first + TWO_DAYS):
        past = [found.get(place - week * 168, 0) for week in range(1, 5) if place - week * 168 >= oldest]
        middle = sorted(past)[len(past) // 2] if len(past) >= 2 else None
        began = datetime.fromtimestamp(place * 3600, UTC)
        hours.append(Hour(at=began, count=found.get(place, 0), usual=middle))
    return hours


# ── feeds ──


def feeds(
    database: Database, lists: Sequence[ListSpec], day: str, *, number: int = 1
) -> tuple[list[FeedRow], int]:
    """One page of the lists with what is served of them, and how many pages there are. Raises StoreError."""
    shown = [spec for spec in lists if not spec.retired]
    pages = max(1, ceil(len(shown) / ON_PAGE))
    part = shown[(min(number, pages) - 1) * ON_PAGE :][:ON_PAGE]
    with database.read() as connection:
        return [_feed(connection, spec, day) for spec in part], pages


def feed(database: Database, spec: ListSpec, day: str) -> FeedDetail:
    """Everything about one feed. Raises StoreError."""
    c, m, a, g = t.snapshot.c, t.membership.c, t.article.c, t.aggregator.c
    paths = _paths(spec)
    with database.read() as connection:
        documents = connection.execute(
            select(
                c.path, func.length(c.identity).label("bytes"), func.length(c.gzip).label("gzip"), c.etag,
                c.last_modified,
            ).where(c.path.in_(paths)).order_by(c.path)
        )  # fmt: skip
        order = m.rank if spec.ranked else m.published.desc()
        articles = connection.execute(
            select(a.id, a.title, a.url, a.published)
            .join(t.membership, m.article == a.no)
            .where(m.list == (spec.of or spec.key), m.live, m.left_at.is_(None))
            .order_by(order, m.article.desc())
            .limit(ON_PAGE)
        )
        told = connection.execute(
            select(g.name, func.sum(g.subscribers).label("n"), func.max(g.at).label("at"))
            .where(g.path.in_(paths))
            .group_by(g.name)
            .order_by(func.sum(g.subscribers).desc())
        )
        return FeedDetail(
            row=_feed(connection, spec, day),
            documents=[(one.path, one.bytes, one.gzip, one.etag, one.last_modified) for one in documents],
            articles=[(one.id, one.title, one.url, one.published) for one in articles],
            aggregators=[(one.name, int(one.n), one.at) for one in told],
        )


def _paths(spec: ListSpec) -> list[str]:
    return [f"/feeds/{spec.slug}.{form}" for form in ("rss", "atom", "json")]


def _feed(connection: Connection, spec: ListSpec, day: str) -> FeedRow:
    c, g, r, s = t.snapshot.c, t.aggregator.c, t.reach.c, t.subscription.c
    paths = _paths(spec)
    row = connection.execute(
        select(
            func.length(c.identity).label("bytes"), func.length(c.gzip).label("gzip"),
            c.etag, c.last_modified, c.entries,
        ).where(c.path == paths[0])
    ).first()  # fmt: skip
    reported = select(func.sum(g.subscribers)).where(g.path.in_(paths))
    requests = select(func.sum(r.requests)).where(r.day == day, r.path.in_(paths))
    ending = or_(*(s.topic.endswith(path) for path in paths))
    return FeedRow(
        slug=spec.slug,
        title=spec.title,
        kind=str(spec.kind),
        entries=len(row.entries) if row else 0,
        bytes=row.bytes if row else 0,
        gzip=row.gzip if row else 0,
        etag=row.etag if row else "",
        last_modified=row.last_modified if row else None,
        subscribers=int(
            connection.execute(select(func.count()).select_from(t.subscription).where(ending)).scalar() or 0
        ),
        reported=int(connection.execute(reported).scalar() or 0),
        requests=int(connection.execute(requests).scalar() or 0),
    )
