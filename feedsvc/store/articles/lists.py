"""Lists: who stands where, with which number; and the turn that every writer of articles takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, func, insert, select, update

from feedsvc.model import ListKind
from feedsvc.store import schema as t
from feedsvc.store.many import among

LATEST = "latest"
SEARCH = timedelta(hours=1)  #: how far a free second is looked for


def take_turn(connection: Connection) -> None:
    """Wait until no other transaction writes articles; then go on alone until this one ends.

    Who enters a list, with which number, and which second is free can only be said by one at a time. Readers
    and the due table are not held up. (SQLite has one writer anyway.)
    """
    connection.execute(select(t.listing.c.key).where(t.listing.c.key == LATEST).with_for_update())


def next_entered(connection: Connection, name: str, count: int = 1) -> int:
    """The first of `count` new numbers in a list; numbers are given in the order in which articles enter."""
    last = connection.execute(
        update(t.listing)
        .where(t.listing.c.key == name)
        .values(entered=t.listing.c.entered + count)
        .returning(t.listing.c.entered)
    ).scalar_one()
    return int(last) - count + 1


def free_moment(connection: Connection, wanted: datetime, *, within: timedelta | None = None) -> datetime:
    """The first whole second from `wanted` that no article has as `updated` (W3C: DuplicateUpdated).

    Where none is free `within` the given span, `wanted` itself.
    """
    return free_moments(connection, [wanted], within=[within])[0]


def free_moments(
    connection: Connection, wanted: Sequence[datetime], *, within: Sequence[timedelta | None]
) -> list[datetime]:
    """The same for many moments at once; no two of them are given the same second."""
    starts = [moment.replace(microsecond=0) for moment in wanted]
    c = t.article.c.updated
    if len(starts) <= 3:
        windows = [and_(c >= start, c < start + SEARCH) for start in starts]
        rows = [row for window in windows for row in connection.execute(select(c).where(window))]
        taken = {row.updated for row in rows}
    else:
        near = {start + timedelta(seconds=n) for start in starts for n in range(3)}
        taken = set(connection.execute(select(c).where(among(connection, c, near))).scalars())
    given = []
    for start, span in zip(starts, within, strict=True):
        free = start
        while free in taken:
            free += timedelta(seconds=1)
        if span is not None and free >= start + span:
            free = start
        taken.add(free)
        given.append(free)
    return given


def write_outbox(connection: Connection, touched: Mapping[str, bool], now: datetime) -> None:
    """Note that the feeds of some lists (list → whether it is news) are to be built."""
    if touched:
        connection.execute(
            insert(t.outbox),
            [{"list": name, "at": now, "news": news} for name, news in sorted(touched.items())],
        )


def touch_lists_of(connection: Connection, article: int, touched: dict[str, bool], *, news: bool) -> None:
    """The lists that show an article have to be built; `news` where readers are to be notified."""
    m = t.membership.c
    rows = connection.execute(
        select(m.list, m.backfill).where(m.article == article, m.live, m.left_at.is_(None))
    )
    for row in rows:
        touched[row.list] = touched.get(row.list, False) or (news and not row.backfill)


def shown(connection: Connection, key: str) -> int:
    """How many articles a list shows now."""
    m = t.membership.c
    count = select(func.count()).where(m.list == key, m.left_at.is_(None))
    return int(connection.execute(count).scalar_one())


OUT_OF = "out_of"  #: the editor's hand: keys of lists that an article stays out of, whatever its sources show


def kept_out(connection: Connection, name: str, articles: Iterable[int]) -> set[int]:
    """Those of `articles` that an editor took out of a list."""
    h = t.hand.c
    rows = connection.execute(
        select(h.article, h.value).where(h.field == OUT_OF, among(connection, h.article, set(articles)))
    )
    return {row.article for row in rows if name in row.value}


def newest(connection: Connection, key: str, limit: int) -> list[tuple[str, str]]:
    """(headline, address) of the articles that entered a list last."""
    m, a = t.membership.c, t.article.c
    rows = connection.execute(
        select(a.title, a.url)
        .join(t.membership, m.article == a.no)
        .where(m.list == key, m.live, m.left_at.is_(None))
        .order_by(m.published.desc(), m.rank)
        .limit(limit)
    )
    return [(row.title, row.url) for row in rows]


def sync_lists(
    connection: Connection, lists: Iterable[tuple[str, str, ListKind, str]], now: datetime
) -> None:
    """Make the lists of the configuration known: (key, slug, kind, title); mark the others as removed."""
    wanted = {key: (slug, kind, title) for key, slug, kind, title in lists}
    rows = {row.key: row for row in connection.execute(select(t.listing))}
    for key, (slug, kind, title) in wanted.items():
        values = {"slug": slug, "kind": kind, "title": title, "removed_at": None}
        if key not in rows:
            connection.execute(insert(t.listing).values(key=key, **values))
        else:
            connection.execute(update(t.listing).where(t.listing.c.key == key).values(values))
    gone = [key for key, row in rows.items() if key not in wanted and row.removed_at is None]
    if gone:
        connection.execute(update(t.listing).where(t.listing.c.key.in_(gone)).values(removed_at=now))
