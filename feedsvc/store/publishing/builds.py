"""What the publisher asks of the store: what to build, from what, and where to put it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, or_, select, update

from feedsvc.model import ListSpec, Snapshot, State
from feedsvc.model.article import Article
from feedsvc.store import schema as t
from feedsvc.store.articles.known import to_article
from feedsvc.store.articles.lists import write_outbox
from feedsvc.store.engine import Database
from feedsvc.store.publishing.fragments import Known, SqlFragments
from feedsvc.store.publishing.windows import RECENT, TOMBSTONES, Window, read_window
from feedsvc.store.push.deliveries import SqlPushes

PUBLISHER = "publisher"
NUMBER = "publication"

#: (snapshot, key of its list, digest, entries as [article, full text, combined, extra])
Made = tuple[Snapshot, str, bytes, Sequence[Sequence[object]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What was stored last for a path."""

    digest: bytes
    last_modified: datetime
    entries: tuple[int, ...]


class SqlPublishing:
    """The publisher's side of the store."""

    def __init__(self, database: Database, pushes: SqlPushes | None = None) -> None:
        self._database = database
        self._fragments = SqlFragments(database)
        self._pushes = pushes

    # ── who publishes what ──

    def take_lease(self, now: datetime, seconds: float, holder: int) -> int | None:
        """Become the one publisher for `seconds`; the token, or None while another one is.

        `holder` is the token of the lease that the caller has already, 0 if none: then it is renewed.
        """
        c = t.lease.c
        until = now + timedelta(seconds=seconds)
        with self._database.write() as connection:
            row = connection.execute(select(t.lease).where(c.name == PUBLISHER).with_for_update()).first()
            if row is None:
                connection.execute(insert(t.lease).values(name=PUBLISHER, token=1, until=until))
                return 1
            if row.until > now and row.token != holder:
                return None
            token = int(row.token) if row.token == holder else int(row.token) + 1
            connection.execute(update(t.lease).where(c.name == PUBLISHER).values(token=token, until=until))
            return token

    def give_up_lease(self, token: int, now: datetime) -> None:
        """Let another publisher begin at once."""
        c = t.lease.c
        with self._database.write() as connection:
            connection.execute(update(t.lease).where(c.name == PUBLISHER, c.token == token).values(until=now))

    def waiting(self) -> tuple[int, dict[str, bool]]:
        """The number up to which the outbox was read, and the lists in it → whether it is news."""
        touched: dict[str, bool] = {}
        highest = 0
        with self._database.read() as connection:
            for row in connection.execute(select(t.outbox).order_by(t.outbox.c.no)):
                touched[row.list] = touched.get(row.list, False) or row.news
                highest = row.no
        return highest, touched

    def mark(self, lists: Iterable[str], now: datetime) -> None:
        """Have the feeds of some lists built although nothing in them changed."""
        with self._database.write() as connection:
            write_outbox(connection, dict.fromkeys(lists, False), now)

    def settling(self, until: datetime) -> bool:
        """Whether nothing is published yet, and what is to be in it by `until` is still being collected."""
        d, u, a = t.due.c, t.upstream.c, t.article.c
        untried = select(u.no).join(t.due, d.upstream == u.no)
        untried = untried.where(d.active, d.priority == 0, u.attempts == 0).limit(1)
        coming = select(a.no).where(a.state == State.WAITING, or_(a.ready, a.release_at <= until)).limit(1)
        with self._database.read() as connection:
            published = select(t.counter.c.value).where(t.counter.c.name == NUMBER)
            if connection.execute(published).scalar():
                return False
            return any(connection.execute(one).first() is not None for one in (untried, coming))

    def ageing(self, since: datetime, now: datetime) -> list[str]:
        """The lists in whose windows something came to its end by the passing of time alone since `since`.

        What entered or changed 24 hours ago is no longer recent; a withdrawal is told for 30 days.
        """
        m, key = t.membership.c, t.listing.c.key
        recent = select(m.article).where(
            m.list == key, m.live, m.touched > since - RECENT, m.touched <= now - RECENT
        )
        told = select(m.article).where(
            m.list == key,
            m.live.is_(False),
            m.touched > since - TOMBSTONES,
            m.touched <= now - TOMBSTONES,
        )
        with self._database.read() as connection:
            found = select(key).where(or_(recent.exists(), told.exists()))
            return list(connection.execute(found).scalars())

    # ── what is shown ──

    def window(self, spec: ListSpec, now: datetime) -> Window:
        """The entries of a list's feed, in order."""
        with self._database.read() as connection:
            return read_window(connection, spec, now)

    def newest(self, *, since: datetime, limit: int) -> list[Article]:
        """The newest live articles that are not older than `since`."""
        a = t.article.c
        with self._database.read() as connection:
            rows = connection.execute(
                select(t.article)
                .where(a.state == State.LIVE, a.published >= since)
                .order_by(a.published.desc(), a.no.desc())
                .limit(limit)
            )
            return [to_article(row) for row in rows]

    def names(self, kind: str, limit: int) -> list[tuple[str, str, int]]:
        """(slug, name, live articles) of tags or authors, the most used first."""
        n = t.facet_name.c
        with self._database.read() as connection:
            rows = connection.execute(
                select(n.slug, n.name, n.articles)
                .where(n.kind == kind, n.articles > 0)
                .order_by(n.articles.desc(), n.slug)
                .limit(limit)
            )
            return [(row.slug, row.name, row.articles) for row in rows]

    def fold(self, key: str, folds: Mapping[int, int]) -> None:
        """Put near-equal articles (copy → the one that came first) into one entry of a list, for good."""
        m = t.membership.c
        with self._database.write() as connection:
            for copy, head in folds.items():
                where = and_(m.list == key, m.article == copy)
                connection.execute(update(t.membership).where(where).values(folded=head))

    def fragments(self, wanted: Mapping[int, bytes]) -> Known:
        """The stored fragments, in every format, of articles that were rendered from these digests."""
        return self._fragments.get(wanted)

    def keep_fragments(self, made: Known) -> None:
        """Store rendered fragments, replacing older ones."""
        self._fragments.put(made)

    # ── what is served ──

    def published(self, paths: Sequence[str]) -> dict[str, Published]:
        """What is stored for some paths."""
        c = t.snapshot.c
        with self._database.read() as connection:
            rows = connection.execute(
                select(c.path, c.digest, c.last_modified, c.entries).where(
                    c.path.in_(list(paths)), c.status == 200
                )
            ).all()
        return {
            row.path: Published(
                digest=row.digest,
                last_modified=row.last_modified,
                entries=tuple(entry[0] for entry in row.entries),
            )
            for row in rows
        }

    def largest(self, paths: Sequence[str]) -> int:
        """Bytes of the largest of some documents; 0 where none is stored."""
        c = t.snapshot.c
        with self._database.read() as connection:
            longest = select(func.max(func.length(c.identity))).where(c.path.in_(list(paths)))
            return int(connection.execute(longest).scalar() or 0)

    def stale_paths(self, wanted: Iterable[str], now: datetime, keep: timedelta) -> list[str]:
        """Paths that are served although no list of the configuration has them, for longer than `keep`.

        The first time a path is seen to be unwanted is when its list left the configuration.
        """
        c, g = t.snapshot.c, t.listing.c
        with self._database.read() as connection:
            rows = connection.execute(
                select(c.path, g.removed_at)
                .outerjoin(t.listing, g.key == c.list)
                .where(c.status != 404, c.path.not_in(list(wanted)))
            ).all()
        return [row.path for row in rows if row.removed_at is None or row.removed_at <= now - keep]

    def departed(self, key: str, numbers: Sequence[int]) -> set[int]:
        """Those of some articles of which it is recorded that they left a list."""
        m, a = t.membership.c, t.article.c
        with self._database.read() as connection:
            no_longer_live = connection.execute(
                select(a.no).where(a.no.in_(list(numbers)), a.state != State.LIVE)
            ).scalars()
            left = connection.execute(
                select(m.article).where(
                    m.list == key, or_(m.left_at.is_not(None)), m.article.in_(list(numbers))
                )
            ).scalars()
            return set(no_longer_live) | set(left)

    def save(
        self,
        made: Sequence[Made],
        *,
        token: int,
        upto: int,
        lists: Iterable[str],
        drop: Sequence[str] = (),
        tell: Iterable[str] = (),
        now: datetime,
    ) -> int | None:
        """Store snapshots (with list key, digest and entries), clear the outbox, and count: one transaction.

        `tell` are paths of feeds that have news: those who wait for it are noted in the same transaction.

        Returns the number of the publication (the newest one, if nothing was made), None where the lease
        was lost: then nothing was written.
        """
        with self._database.write() as connection:
            held = select(t.lease.c.name).where(t.lease.c.name == PUBLISHER, t.lease.c.token == token)
            if connection.execute(held.with_for_update()).first() is None:
                return None
            done = list(lists)
            if done:
                connection.execute(delete(t.outbox).where(t.outbox.c.no <= upto, t.outbox.c.list.in_(done)))
            number = _count(connection, step=1 if made or drop else 0)
            for snapshot, key, digest, entries in made:
                _put(connection, snapshot, number=number, key=key, digest=digest, entries=entries)
            if self._pushes is not None:
                paths = [snapshot.path for snapshot, *_ in made]
                self._pushes.note(connection, paths, number=number, news=frozenset(tell), now=now)
            if drop:
                connection.execute(
                    update(t.snapshot)
                    .where(t.snapshot.c.path.in_(list(drop)))
                    .values(number=number, status=404, identity=b"", gzip=b"", br=b"")
                )
            return number


@cache
def _put_statement() -> Any:
    c = t.snapshot.c
    names = [column.name for column in c if column.name != "path"]
    return (
        update(t.snapshot)
        .where(c.path == bindparam("at"))
        .values({name: bindparam(f"new_{name}", type_=c[name].type) for name in names})
    )


def _count(connection: Connection, *, step: int) -> int:
    c = t.counter.c
    row = connection.execute(
        update(t.counter).where(c.name == NUMBER).values(value=c.value + step).returning(c.value)
    ).first()
    if row is None:
        connection.execute(insert(t.counter).values(name=NUMBER, value=step))
        return step
    return int(row.value)


def _put(
    connection: Connection,
    snapshot: Snapshot,
    *,
    number: int,
    key: str,
    digest: bytes,
    entries: Sequence[Sequence[object]],
) -> None:
    frame = snapshot.frame
    values: dict[str, Any] = {
        "number": number,
        "list": key,
        "media_type": snapshot.media_type,
        "etag": snapshot.etag,
        "last_modified": snapshot.last_modified,
        "max_age": snapshot.max_age,
        "identity": snapshot.identity,
        "gzip": snapshot.gzip,
        "br": snapshot.br,
        "links": [list(link) for link in snapshot.links],
        "page": snapshot.page,
        "status": snapshot.status,
        "location": snapshot.location,
        "entries": [list(entry) for entry in entries],
        "digest": digest,
        "told": False,
        "head": frame.head if frame else b"",
        "separator": frame.separator if frame else b"",
        "tail": frame.tail if frame else b"",
    }
    given = {"at": snapshot.path, **{f"new_{name}": value for name, value in values.items()}}
    if not connection.execute(_put_statement(), given).rowcount:
        connection.execute(insert(t.snapshot).values(path=snapshot.path, **values))
