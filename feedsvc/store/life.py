"""An article's life: it waits, goes live, is withdrawn, comes back, or turns out to be another one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from feedsvc import urls
from feedsvc.dates import Precision
from feedsvc.model import Key, Level, Merge, Release, State, Stored, Waiting
from feedsvc.store import codec, facets
from feedsvc.store import schema as t
from feedsvc.store.known import statements_of, stored, to_article
from feedsvc.store.lists import (
    free_moment,
    free_moments,
    next_entered,
    take_turn,
    touch_lists_of,
    write_outbox,
)
from feedsvc.store.many import among

OPEN = frozenset({Precision.MINUTE, Precision.HOUR, Precision.DAY})  #: their seconds are not given
TWINS = timedelta(days=3)  #: how much later an article may appear that is another one under a new address


# ── going live ────────────────────────────────────────────────────────────────────────────────────────


def any_waiting(connection: Connection, now: datetime) -> bool:
    """Whether `release_due` could find something; cheap enough to ask all the time."""
    c = t.article.c
    due = and_(c.state == State.WAITING, c.title != "", or_(c.ready, c.release_at <= now))
    waiting = select(c.no).where(due).limit(1)
    return connection.execute(waiting).first() is not None


def release_due(
    connection: Connection, decide: Callable[[Waiting], Release], *, now: datetime, limit: int = 500
) -> int:
    """Let articles go live whose page was read or whose time has come; returns how many.

    As long as some list has never been looked at, only those whose time has come: an upstream's own id for
    the article may still turn up, and ids are given once.
    """
    take_turn(connection)
    c = t.article.c
    untried = connection.execute(
        select(t.upstream.c.no)
        .join(t.due, t.due.c.upstream == t.upstream.c.no)
        .where(t.due.c.active, t.due.c.priority == 0, t.upstream.c.attempts == 0)
        .limit(1)
    ).first()
    over = c.release_at <= now
    rows = connection.execute(
        select(t.article)
        # without a headline (the address in a plain sitemap of what is no article) nothing goes live
        .where(c.state == State.WAITING, c.title != "", over if untried else or_(c.ready, over))
        .order_by(c.release_at, c.no)
        .limit(limit)
    ).all()
    if not rows:
        return 0
    numbers = [row.no for row in rows]
    statements = statements_of(connection, numbers)
    keys: dict[int, list[Key]] = defaultdict(list)
    for row in connection.execute(select(t.key).where(t.key.c.article.in_(numbers))):
        keys[row.article].append(Key(row.kind, row.scope, row.value))
    ranks = {row.no: row.rank for row in rows}
    releases = [
        decide(
            Waiting(
                article=to_article(row),
                statements=statements.get(row.no, ()),
                keys=tuple(keys[row.no]),
                rank=row.rank,
            )
        )
        for row in rows
    ]
    touched: dict[str, bool] = {}
    for one in releases:
        if one.embargo is not None:
            connection.execute(
                update(t.article).where(c.no == one.article).values(release_at=one.embargo, ready=False)
            )
    # of those with one minute the lower in the list is the older: it gets the earlier second
    due = sorted(
        (one for one in releases if one.embargo is None), key=lambda r: (r.published, -ranks[r.article])
    )
    for one, values in zip(due, settle(connection, due), strict=True):
        _go_live(connection, one, *values[:3], now=now, touched=touched)
    write_outbox(connection, touched, now)
    return len(releases)


def settle(
    connection: Connection, releases: Sequence[Release]
) -> list[tuple[str, datetime, datetime, Release]]:
    """(public id, published, updated) of articles that go live now, with open seconds closed.

    The first of an article's possible ids that no other article has is its own.
    """
    if not releases:
        return []
    c = t.article.c.id
    wanted = [one.ids[0] for one in releases]
    taken = set(connection.execute(select(c).where(among(connection, c, wanted))).scalars())
    if taken or len(set(wanted)) < len(wanted):  # some have to take another one
        others = {candidate for one in releases for candidate in one.ids[1:]}
        taken |= set(connection.execute(select(c).where(among(connection, c, others))).scalars())
    is_open = [one.precision in OPEN and one.updated == one.published for one in releases]
    spans = [timedelta(seconds=60) if may else None for may in is_open]
    moments = free_moments(connection, [one.updated for one in releases], within=spans)
    settled = []
    for one, may, moment in zip(releases, is_open, moments, strict=True):
        identity = next(candidate for candidate in one.ids if candidate not in taken)
        taken.add(identity)
        settled.append((identity, moment if may else one.published, moment, one))
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
    facets.mark(connection, [one.article])
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


# ── corrections ───────────────────────────────────────────────────────────────────────────────────────


def keep_revision(connection: Connection, article: int, now: datetime) -> None:
    """What readers have seen until now, before it is replaced."""
    before = connection.execute(
        select(t.article.c.story, t.article.c.updated).where(t.article.c.no == article)
    ).one()
    number = connection.execute(
        select(func.coalesce(func.max(t.revision.c.number), 0)).where(t.revision.c.article == article)
    ).scalar_one()
    connection.execute(
        insert(t.revision).values(
            article=article, number=number + 1, at=before.updated or now, story=before.story
        )
    )


def next_updated(connection: Connection, article: int, now: datetime) -> datetime:
    """The moment that an article's `updated` moves to: free, and later than the last one.

    That may lie ahead of `now`: a source's clock may be fast, and two changes may fall into one second.
    """
    before = connection.execute(select(t.article.c.updated).where(t.article.c.no == article)).scalar_one()
    return free_moment(connection, now if before is None else max(now, before + timedelta(seconds=1)))


# ── withdrawn and back ────────────────────────────────────────────────────────────────────────────────


def withdraw(
    connection: Connection,
    article: int,
    *,
    now: datetime,
    touched: dict[str, bool],
    by: Level,
    state: State = State.WITHDRAWN,
) -> bool:
    """Take an article out of every feed; False if it was not in any. It keeps its id, places and history.

    `by` tells who may bring it back. What an editor hid stays hidden, whatever its sources do.
    """
    c = t.article.c
    row = connection.execute(select(c.state).where(c.no == article)).one()
    allowed = {State.LIVE, State.WAITING}
    if by is Level.HAND:
        allowed |= {State.HIDDEN, State.WITHDRAWN}
    if row.state not in allowed:
        return False
    if row.state == state:
        connection.execute(update(t.article).where(c.no == article).values(withdrawn_by=int(by)))
        return False
    served = row.state == State.LIVE
    if served:
        touch_lists_of(connection, article, touched, news=True)
        facets.mark(connection, [article])
    elif row.state != State.WAITING:  # from hidden to withdrawn and back: Atom's tombstones change
        _touch_all(connection, article, touched)
    was_served = bool(row.state != State.WAITING)
    connection.execute(
        update(t.article)
        .where(c.no == article)
        .values(
            state=state,
            withdrawn_at=now if was_served else None,
            withdrawn_by=int(by),
            touched=now if was_served else None,
            ready=False,
        )
    )
    if served:
        m = t.membership.c
        connection.execute(update(t.membership).where(m.article == article).values(live=False, touched=now))
        # its near-equal copies stand for themselves now
        connection.execute(update(t.membership).where(m.folded == article).values(folded=None))
    return was_served


def _touch_all(connection: Connection, article: int, touched: dict[str, bool]) -> None:
    m = t.membership.c
    for name in connection.execute(select(m.list).where(m.article == article)).scalars():
        touched.setdefault(name, False)


def revive(connection: Connection, article: int, *, now: datetime, touched: dict[str, bool]) -> None:
    """A withdrawn or hidden article is served again; `updated` is later than its withdrawal.

    Of one that was hidden it stays: readers see what they saw.
    """
    c = t.article.c
    row = connection.execute(select(c.id, c.state, c.published, c.withdrawn_at).where(c.no == article)).one()
    back: dict[str, object] = {"withdrawn_at": None, "withdrawn_by": None, "erased": False}
    if row.id is None:  # it was withdrawn before it was ever served
        connection.execute(
            update(t.article).where(c.no == article).values(**back, state=State.WAITING, ready=True)
        )
        return
    moment = now
    if row.state == State.WITHDRAWN:
        later = max(now, (row.withdrawn_at or now) + timedelta(seconds=1))
        back["updated"] = moment = next_updated(connection, article, later)
    connection.execute(
        update(t.article).where(c.no == article).values(**back, state=State.LIVE, touched=moment)
    )
    facets.mark(connection, [article])
    m = t.membership.c
    connection.execute(
        update(t.membership)
        .where(m.article == article, m.entered.is_not(None))
        .values(live=True, touched=moment, published=row.published)
    )
    _enter_what_waited(connection, article, row.published, now)
    touch_lists_of(connection, article, touched, news=True)


def _enter_what_waited(connection: Connection, article: int, published: datetime, now: datetime) -> None:
    """Places that it was given while it was not served: it enters them now."""
    m = t.membership.c
    rows = connection.execute(select(m.list).where(m.article == article, m.entered.is_(None))).scalars().all()
    for name in rows:
        connection.execute(
            update(t.membership)
            .where(m.article == article, m.list == name)
            .values(
                live=True,
                published=published,
                touched=now,
                entered=next_entered(connection, name),
                entered_at=now,
            )
        )


def twins_of(connection: Connection, article: int) -> tuple[Stored, list[Stored]]:
    """An article, and those that appeared after it in the same lists and may be it under a new address."""
    mine = stored(connection, [article])[article]
    m, c = t.membership.c, t.article.c
    later = (
        select(c.no)
        .distinct()
        .join(t.membership, m.article == c.no)
        .where(
            m.list.in_(sorted(mine.lists)),
            c.no > article,
            c.state.in_([State.LIVE, State.WAITING]),
            c.first_seen <= mine.article.first_seen + TWINS,
        )
        .limit(200)
    )
    numbers = connection.execute(later).scalars().all()
    return mine, list(stored(connection, numbers).values())


# ── two that are one ──────────────────────────────────────────────────────────────────────────────────


def merge(connection: Connection, one: Merge, *, now: datetime, touched: dict[str, bool]) -> None:
    """Join two articles: names, statements and places of the one that goes pass to the one that stays."""
    goes, stays = one.goes, one.stays
    connection.execute(update(t.key).where(t.key.c.article == goes).values(article=stays))
    _move_statements(connection, goes, stays)
    touch_lists_of(connection, goes, touched, news=False)
    _move_places(connection, goes, stays, now, touched)
    _one_page(connection, goes, stays, one.story.url)
    c = t.article.c
    served = connection.execute(select(c.state).where(c.no == goes)).scalar_one() == State.LIVE
    connection.execute(
        update(t.article)
        .where(c.no == goes)
        .values(
            state=State.MERGED,
            merged_into=stays,
            ready=False,
            suspects=None,
            touched=now,
            withdrawn_at=now if served else None,  # readers had it: Atom tells that it went (RFC 6721)
        )
    )
    connection.execute(update(t.article).where(c.merged_into == goes).values(merged_into=stays))
    connection.execute(update(t.membership).where(t.membership.c.folded == goes).values(folded=None))
    facets.mark(connection, [goes, stays])
    values: dict[str, object] = {
        "story": codec.pack(one.story),
        "digest": one.digest,
        "url": one.story.url,
        "title": one.story.title,
    }
    if one.visible:
        keep_revision(connection, stays, now)
        values["updated"] = moment = next_updated(connection, stays, now)
        values["touched"] = now
        connection.execute(update(t.membership).where(t.membership.c.article == stays).values(touched=moment))
    connection.execute(update(t.article).where(t.article.c.no == stays).values(values))
    touch_lists_of(connection, stays, touched, news=one.visible)


def _one_page(connection: Connection, goes: int, stays: int, url: str) -> None:
    """Of the pages of two articles that are one, that of its address is looked at from now on.

    If neither is, the later one. The other is nobody's page any more.
    """
    u = t.upstream.c
    pages = connection.execute(
        select(u.no, u.url, u.article).where(u.article.in_([goes, stays])).order_by(u.article.desc())
    ).all()
    kept = next((row for row in pages if urls.key(row.url) == urls.key(url)), pages[0] if pages else None)
    for row in pages:
        mine = row is kept
        connection.execute(update(t.upstream).where(u.no == row.no).values(article=stays if mine else None))
        if not mine:
            connection.execute(update(t.due).where(t.due.c.upstream == row.no).values(active=False))


def _move_statements(connection: Connection, goes: int, stays: int) -> None:
    c = t.statement.c
    mine = {
        row.upstream: row.at for row in connection.execute(select(c.upstream, c.at).where(c.article == stays))
    }
    for row in connection.execute(select(c.upstream, c.at).where(c.article == goes)).all():
        newer = row.upstream not in mine or mine[row.upstream] <= row.at
        drop, keep = (stays, goes) if newer else (goes, stays)
        connection.execute(delete(t.statement).where(c.article == drop, c.upstream == row.upstream))
        if keep == goes:
            connection.execute(
                update(t.statement).where(c.article == goes, c.upstream == row.upstream).values(article=stays)
            )


def _move_places(
    connection: Connection, goes: int, stays: int, now: datetime, touched: dict[str, bool]
) -> None:
    m = t.membership.c
    mine = set(connection.execute(select(m.list).where(m.article == stays)).scalars())
    article = connection.execute(
        select(t.article.c.state, t.article.c.published).where(t.article.c.no == stays)
    ).one()
    live = article.state == State.LIVE
    for row in connection.execute(select(t.membership).where(m.article == goes)).all():
        here = and_(m.article == goes, m.list == row.list)
        if row.list in mine:
            # the list showed the newcomer where the old one had stood
            connection.execute(
                update(t.membership)
                .where(m.article == stays, m.list == row.list)
                .values(rank=row.rank, left_at=None)
            )
            connection.execute(delete(t.membership).where(here))
            continue
        values: dict[str, object] = {"article": stays, "live": live}
        if live:
            values |= {"published": article.published, "touched": now}
            if row.entered is None:
                values |= {"entered": next_entered(connection, row.list), "entered_at": now}
            touched[row.list] = touched.get(row.list, False) or not row.backfill
        connection.execute(update(t.membership).where(here).values(values))
