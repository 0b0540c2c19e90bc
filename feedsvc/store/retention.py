"""Retention: whole archives go, the oldest first, and the texts of articles that then stand nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, exists, func, select, update

from feedsvc.model import State
from feedsvc.store import counters
from feedsvc.store import schema as t
from feedsvc.store.articles import lists, pictures
from feedsvc.store.articles.erasure import erase_texts
from feedsvc.store.engine import Database
from feedsvc.store.publishing.windows import ARCHIVE
from feedsvc.store.queue import memory, pace

EVERY = timedelta(minutes=10)  #: how often is looked for what may go
POLLS_GONE = "polls of what is gone"  #: name in `counter`: the requests of upstreams that were dropped
PICTURES = timedelta(days=30)  #: what was found out about pictures
PAGE_BODIES = timedelta(hours=48)  #: pages are read again for a day; their bytes are kept a little longer


@dataclass(frozen=True, slots=True)
class Keep:
    """How long a list keeps its articles; None: for ever."""

    list: str
    age: timedelta | None
    count: int | None
    ranked: bool = False


class SqlRetention:
    """Drops what is past its time, in short transactions of at most one archive each."""

    def __init__(self, database: Database, keeps: Sequence[Keep]) -> None:
        self._database = database
        self._keeps = [keep for keep in keeps if keep.age is not None or keep.count is not None]
        self._next: datetime | None = None

    def run(self, now: datetime) -> int:
        """One batch; how much was dropped. 0: nothing may go now; it is not looked for again for 10 minutes.

        Raises StoreError.
        """
        if self._next is not None and now < self._next:
            return 0
        dropped = self._database.transact(lambda found: self._batch(found, now))
        if not dropped:
            pace.forget_idle(self._database)
        self._next = None if dropped else now + EVERY
        return dropped

    def _batch(self, connection: Connection, now: datetime) -> int:
        forgotten = memory.forget_bodies(connection, before=now - PAGE_BODIES)
        forgotten += pictures.forget_pictures(connection, before=now - PICTURES)
        if forgotten or not self._keeps:
            return forgotten
        for keep in self._keeps:
            if self._archive_goes(connection, keep, now):
                lists.take_turn(connection)
                _drop_archive(connection, keep, now)
                return ARCHIVE
        return ARCHIVE if _drop_empty(connection, now) else 0

    @staticmethod
    def _archive_goes(connection: Connection, keep: Keep, now: datetime) -> bool:
        """Whether the oldest archive of a list is past its time as a whole."""
        row = _archives(connection, keep.list)
        if row is None:
            return False
        entered, number = row
        if keep.count is not None and entered - number * ARCHIVE >= keep.count:
            return True
        if keep.age is None:
            return False
        m, a = t.membership.c, t.article.c
        newest = connection.execute(
            select(func.max(a.published))
            .join(t.membership, m.article == a.no)
            .where(m.list == keep.list, m.entered.between(*_range(number)))
        ).scalar()
        return newest is None or newest < now - keep.age


def _archives(connection: Connection, name: str) -> tuple[int, int] | None:
    """(how many entered a list, number of its oldest archive); None where it has no closed archive left."""
    g = t.listing.c
    row = connection.execute(select(g.entered, g.retired).where(g.key == name)).first()
    if row is None or row.retired >= row.entered // ARCHIVE:
        return None
    return row.entered, row.retired + 1


def _range(number: int) -> tuple[int, int]:
    return (number - 1) * ARCHIVE + 1, number * ARCHIVE


def _drop_archive(connection: Connection, keep: Keep, now: datetime) -> None:
    row = _archives(connection, keep.list)
    if row is None:
        return  # another process was faster
    m = t.membership.c
    here = (m.list == keep.list) & m.entered.between(*_range(row[1]))
    members = list(connection.execute(select(m.article).where(here)).scalars())
    if not keep.ranked:  # a ranked box shows what the page shows, however old
        connection.execute(update(t.membership).where(here).values(left_at=now, live=False, touched=now))
    connection.execute(update(t.listing).where(t.listing.c.key == keep.list).values(retired=row[1]))
    stands = select(m.article).where(m.article.in_(members), m.list != lists.LATEST, m.left_at.is_(None))
    held = set(connection.execute(stands).scalars())
    retire(connection, [number for number in members if number not in held], now)
    lists.write_outbox(connection, {keep.list: False, lists.LATEST: False}, now)


def _drop_empty(connection: Connection, now: datetime) -> bool:
    """The oldest archive of `latest` goes when nothing in it stands any more."""
    row = _archives(connection, lists.LATEST)
    if row is None:
        return False
    m = t.membership.c
    live = select(m.article).where(m.list == lists.LATEST, m.entered.between(*_range(row[1])), m.live)
    if connection.execute(live.limit(1)).first() is not None:
        return False
    lists.take_turn(connection)
    connection.execute(update(t.listing).where(t.listing.c.key == lists.LATEST).values(retired=row[1]))
    lists.write_outbox(connection, {lists.LATEST: False}, now)
    return True


def retire(connection: Connection, numbers: Sequence[int], now: datetime) -> None:
    """Keep nothing of some articles but their ids and names, so that they never come back as new."""
    if not numbers:
        return
    erase_texts(connection, numbers)
    u = t.upstream.c
    pages = list(connection.execute(select(u.no).where(u.article.in_(numbers))).scalars())
    connection.execute(delete(t.membership).where(t.membership.c.article.in_(numbers)))
    connection.execute(delete(t.due).where(t.due.c.upstream.in_(pages)))
    spoke = exists().where(t.statement.c.upstream == u.no)
    gone = delete(t.upstream).where(u.no.in_(pages), ~spoke).returning(u.attempts)
    counters.add(connection, POLLS_GONE, sum(connection.execute(gone).scalars()))
    connection.execute(
        update(t.article)
        .where(t.article.c.no.in_(numbers))
        .values(state=State.RETIRED, touched=now, ready=False, suspects=None)
    )
