"""An article is taken out of every feed, and comes back; it keeps its id, places and history."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from feedsvc.model import Level, State, Stored
from feedsvc.store import schema as t
from feedsvc.store.articles import search_index
from feedsvc.store.articles.corrections import next_updated
from feedsvc.store.articles.known import stored
from feedsvc.store.articles.lists import next_entered, touch_lists_of

TWINS = timedelta(days=3)  #: how much later an article may appear that is another one under a new address


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
        search_index.mark(connection, [article])
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
    search_index.mark(connection, [article])
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
