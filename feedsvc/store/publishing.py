"""What the publisher asks of the store: what to build, from what, and where to put it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Integer, Row, and_, bindparam, delete, func, insert, or_, select, update

from feedsvc.model import ListSpec, Snapshot, State
from feedsvc.model.article import Article
from feedsvc.store import schema as t
from feedsvc.store.engine import Database
from feedsvc.store.fragments import Known, SqlFragments
from feedsvc.store.known import to_article
from feedsvc.store.lists import write_outbox
from feedsvc.store.pushes import SqlPushes

PUBLISHER = "publisher"
NUMBER = "publication"
RECENT = timedelta(hours=24)  #: what entered or changed since then stays in the window, however many
MOST = 1000  #: entries of a window
ARCHIVE = 100  #: entries of an archive document
TOMBSTONES = timedelta(days=30)  #: how long a withdrawal is told


@dataclass(frozen=True, slots=True)
class Listed:
    """An article in a window."""

    article: Article
    sections: tuple[str, ...]  #: keys of the sections that it stands in
    extra: dict[str, object] | None = None  #: of a ranked box: its rank, the one before, since when
    related: tuple[tuple[str, str, str], ...] = ()  #: (id, address, title) of near-equal articles within it


@dataclass(frozen=True, slots=True)
class Window:
    """What a list's feed carries."""

    entries: tuple[Listed, ...]
    archives: int  #: closed archive documents, numbered from 1
    retired: int  #: of these, how many retention has dropped, from the first
    tombstones: tuple[tuple[str, datetime], ...]


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

    # ── what a feed carries ──

    def window(self, spec: ListSpec, now: datetime) -> Window:
        """The entries of a list's feed, in order (decision 9): one list for all formats.

        The newest `size` by date, all that entered or visibly changed in the last 24 hours and is no
        backfill, and all that entered after the last closed archive: so nothing is in neither. A ranked box:
        what the page shows now, by rank.
        """
        key = spec.of or spec.key
        with self._database.read() as connection:
            row = connection.execute(
                select(t.listing.c.entered, t.listing.c.retired).where(t.listing.c.key == key)
            ).one()
            archives = 0 if spec.ranked else row.entered // ARCHIVE
            if spec.ranked:
                rows = self._shown(connection, key, spec.size)
            elif spec.by_entry:
                rows = self._by_entry(connection, key, spec.size, archives)
            else:
                rows = self._newest(connection, key, spec.size, archives, now, fold=spec.fold)
            sections = _sections(connection, [one.no for one in rows])
            related = _related(connection, key, [one.no for one in rows]) if spec.fold else {}
            tombstones = _tombstones(connection, key, now)
        entries = tuple(
            Listed(
                to_article(one),
                tuple(sections[one.no]),
                _extra(one) if spec.ranked else None,
                tuple(related.get(one.no, ())),
            )
            for one in rows
        )
        return Window(entries, archives, row.retired, tombstones)

    @staticmethod
    def _shown(connection: Connection, key: str, size: int) -> Sequence[Row[Any]]:
        m = t.membership.c
        return connection.execute(
            _joined()
            .where(m.list == key, m.live, m.left_at.is_(None))
            .order_by(m.rank, m.article)
            .limit(size)
        ).all()

    @staticmethod
    def _by_entry(connection: Connection, key: str, size: int, archives: int) -> Sequence[Row[Any]]:
        m = t.membership.c
        tail = and_(m.list == key, m.live, m.entered > archives * ARCHIVE)
        newest = _joined().where(m.list == key, m.live).order_by(m.entered.desc()).limit(size)
        found = {row.no: row for row in connection.execute(newest)}
        found |= {row.no: row for row in connection.execute(_joined().where(tail).limit(ARCHIVE))}
        return sorted(found.values(), key=lambda row: row.entered, reverse=True)

    @staticmethod
    def _newest(
        connection: Connection, key: str, size: int, archives: int, now: datetime, *, fold: bool
    ) -> Sequence[Row[Any]]:
        values = {"key": key, "size": size, "since": now - RECENT, "after": archives * ARCHIVE}
        found = {
            row.no: row
            for statement in _window_statements(fold)
            for row in connection.execute(statement, values)
        }
        return sorted(found.values(), key=lambda row: (row.published, row.no), reverse=True)

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
        made: Sequence[tuple[Snapshot, str, bytes, Sequence[Sequence[object]]]],
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
                    .values(number=number, status=404, identity=b"", gzip=b"", br=b"", zstd=b"")
                )
            return number


@cache
def _window_statements(fold: bool) -> tuple[Any, ...]:
    """The newest, the recent, and those that entered after the last archive.

    Made once: SQLAlchemy takes longer to make a statement than SQLite to answer it.
    """
    m = t.membership.c
    ordered = (
        _joined()
        .where(m.list == bindparam("key"), m.live, m.left_at.is_(None))
        .order_by(m.published.desc(), m.article.desc())
    )
    if fold:
        ordered = ordered.where(m.folded.is_(None))
    recent = ordered.where(m.touched >= bindparam("since", type_=t.UtcTime), m.backfill.is_(False))
    return (
        ordered.limit(bindparam("size", type_=Integer)),
        recent.limit(MOST),
        ordered.where(m.entered > bindparam("after")).limit(ARCHIVE),
    )


@cache
def _put_statement() -> Any:
    c = t.snapshot.c
    names = [column.name for column in c if column.name != "path"]
    return (
        update(t.snapshot)
        .where(c.path == bindparam("at"))
        .values({name: bindparam(f"new_{name}", type_=c[name].type) for name in names})
    )


def _joined() -> Any:
    m = t.membership.c
    # an article has a rank as well: the one where it was first seen
    place = (m.rank.label("place"), m.previous_rank, m.since, m.entered.label("entered"))
    return select(t.article, *place).join(t.membership, m.article == t.article.c.no)


def _extra(row: Row[Any]) -> dict[str, object]:
    extra: dict[str, object] = {"rank": row.place + 1}
    if row.previous_rank is not None:
        extra["previous_rank"] = row.previous_rank + 1
    if row.since is not None:
        extra["since"] = row.since.isoformat()
    return extra


def _sections(connection: Connection, numbers: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = connection.execute(
        select(t.membership.c.article, t.membership.c.list)
        .join(t.listing, t.listing.c.key == t.membership.c.list)
        .where(
            t.membership.c.article.in_(list(numbers)),
            t.membership.c.left_at.is_(None),
            t.listing.c.kind == "section",
            t.listing.c.removed_at.is_(None),
        )
        .order_by(t.membership.c.list)
    )
    for row in rows:
        found[row.article].append(row.list)
    return found


def _related(
    connection: Connection, key: str, numbers: Sequence[int]
) -> dict[int, list[tuple[str, str, str]]]:
    """(id, address, title) of what was folded into some entries of a list."""
    m, a = t.membership.c, t.article.c
    rows = connection.execute(
        select(m.folded, a.id, a.url, a.title)
        .join(t.article, a.no == m.article)
        .where(m.list == key, m.folded.in_(list(numbers)), m.live)
        .order_by(a.no)
    )
    found: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for row in rows:
        found[row.folded].append((row.id, row.url, row.title))
    return found


def _tombstones(connection: Connection, key: str, now: datetime) -> tuple[tuple[str, datetime], ...]:
    """What was withdrawn lately and once stood in a list, the newest first.

    Of two served articles that turned out to be one, the id that went counts as withdrawn.
    """
    a, m = t.article.c, t.membership.c
    here = or_(
        and_(a.state == State.WITHDRAWN, m.article == a.no),
        and_(a.state == State.MERGED, m.article == a.merged_into),
    )
    rows = connection.execute(
        select(a.id, a.withdrawn_at)
        .join(t.membership, here)
        .where(
            a.state.in_([State.WITHDRAWN, State.MERGED]),
            a.withdrawn_at >= now - TOMBSTONES,
            m.list == key,
            m.entered.is_not(None),
        )
        .order_by(a.withdrawn_at.desc())
        .limit(ARCHIVE)
    )
    return tuple((row.id, row.withdrawn_at.replace(microsecond=0)) for row in rows)


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
        "zstd": snapshot.zstd,
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
