"""An article waits until its page was read or its time has come, and goes live."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, or_, select, update

from feedsvc.dates import Precision
from feedsvc.model import Key, Release, State, Waiting
from feedsvc.store import schema as t
from feedsvc.store.articles import search_index
from feedsvc.store.articles.known import statements_of, to_article
from feedsvc.store.articles.lists import free_moments, next_entered
from feedsvc.store.many import among

OPEN = frozenset({Precision.MINUTE, Precision.HOUR, Precision.DAY})  #: their seconds are not given


def any_waiting(connection: Connection, now: datetime) -> bool:
    """Whether an article could go live; cheap enough to ask all the time."""
    c = t.article.c
    due = and_(c.state == State.WAITING, c.title != "", or_(c.ready, c.release_at <= now))
    return connection.execute(select(c.no).where(due).limit(1)).first() is not None


def waiting(connection: Connection, now: datetime, *, limit: int = 500) -> list[Waiting]:
    """Articles whose page was read or whose time has come, those that waited longest first.

    As long as some list has never been polled, only those whose time has come: an upstream's own id for the
    article may still turn up, and ids are given once.
    """
    c = t.article.c
    unpolled = connection.execute(
        select(t.upstream.c.no)
        .join(t.due, t.due.c.upstream == t.upstream.c.no)
        .where(t.due.c.active, t.due.c.priority == 0, t.upstream.c.attempts == 0)
        .limit(1)
    ).first()
    over = c.release_at <= now
    rows = connection.execute(
        select(t.article)
        # without a headline (the address in a plain sitemap of what is no article) nothing goes live
        .where(c.state == State.WAITING, c.title != "", over if unpolled else or_(c.ready, over))
        .order_by(c.release_at, c.no)
        .limit(limit)
    ).all()
    numbers = [row.no for row in rows]
    statements = statements_of(connection, numbers)
    keys: dict[int, list[Key]] = defaultdict(list)
    for row in connection.execute(select(t.key).where(t.key.c.article.in_(numbers))):
        keys[row.article].append(Key(row.kind, row.scope, row.value))
    return [
        Waiting(
            article=to_article(row),
            statements=statements.get(row.no, ()),
            keys=tuple(keys[row.no]),
            rank=row.rank,
        )
        for row in rows
    ]


def postpone(connection: Connection, article: int, until: datetime) -> None:
    """An article waits until a moment."""
    held = update(t.article).where(t.article.c.no == article)
    connection.execute(held.values(release_at=until, ready=False))


def go_live(
    connection: Connection, releases: Sequence[Release], *, now: datetime, touched: dict[str, bool]
) -> None:
    """Let articles go live; of those with one minute the first gets the earliest second."""
    for one, values in zip(releases, settle(connection, releases), strict=True):
        _go_live(connection, one, *values[:3], now=now, touched=touched)


def settle(
    connection: Connection, releases: Sequence[Release]
) -> list[tuple[str, datetime, datetime, Release]]:
    """(public id, published, updated) of articles that go live now; no two have the same `updated`.

    Where a second is taken, both dates move to the next one: `updated` differs from `published` only where
    the source says that it changed the article. The first of an article's possible ids that no other article
    has is its own.
    """
    if not releases:
        return []
    c = t.article.c.id
    wanted = [next(iter(one.ids)) for one in releases]
    taken = set(connection.execute(select(c).where(among(connection, c, wanted))).scalars())
    if taken or len(set(wanted)) < len(wanted):  # some have to take another one
        others = {candidate for one in releases for candidate in one.ids}
        taken |= set(connection.execute(select(c).where(among(connection, c, others))).scalars())
    unchanged = [one.updated == one.published for one in releases]
    spans = [
        timedelta(seconds=60) if same and one.precision in OPEN else None
        for one, same in zip(releases, unchanged, strict=True)
    ]
    moments = free_moments(connection, [one.updated for one in releases], within=spans)
    settled = []
    for one, same, moment in zip(releases, unchanged, moments, strict=True):
        identity = next(candidate for candidate in one.ids if candidate not in taken)
        taken.add(identity)
        settled.append((identity, moment if same else one.published, moment, one))
    return settled


def _go_live(
    connection: Connection,
    one: Release,
    identity: str,
    published: datetime,
    updated: datetime,
    *,
    now: datetime,
    touched: dict[str, bool],
) -> None:
    connection.execute(
        update(t.article)
        .where(t.article.c.no == one.article)
        .values(
            id=identity,
            state=State.LIVE,
            published=published,
            precision=one.precision,
            offset=one.offset,
            updated=updated,
            touched=now,
            date_origin=one.origin,
        )
    )
    search_index.mark(connection, [one.article])
    m = t.membership.c
    for row in connection.execute(select(m.list, m.backfill).where(m.article == one.article)).all():
        connection.execute(
            update(t.membership)
            .where(m.article == one.article, m.list == row.list)
            .values(
                live=True,
                published=published,
                touched=now,
                entered=next_entered(connection, row.list),
                entered_at=now,
            )
        )
        touched[row.list] = touched.get(row.list, False) or not row.backfill


def stop_waiting(connection: Connection, article: int) -> None:
    """The page cannot be read: what the lists say has to do."""
    where = and_(t.article.c.no == article, t.article.c.state == State.WAITING)
    connection.execute(update(t.article).where(where).values(ready=True))
