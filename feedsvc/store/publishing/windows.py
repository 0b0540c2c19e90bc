"""What a feed carries: the articles of its window, in order, and where each of them stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Integer, Row, and_, bindparam, or_, select

from feedsvc.model import ListSpec, State
from feedsvc.model.article import Article
from feedsvc.store import schema as t
from feedsvc.store.articles.known import to_article

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


def read_window(connection: Connection, spec: ListSpec, now: datetime) -> Window:
    """The entries of a list's feed, in order (decision 9): one list for all formats.

    The newest `size` by date, all that entered or visibly changed in the last 24 hours and is no backfill,
    and all that entered after the last closed archive: so nothing is in neither. A ranked box: what the page
    shows now, by rank.
    """
    key = spec.of or spec.key
    row = connection.execute(
        select(t.listing.c.entered, t.listing.c.retired).where(t.listing.c.key == key)
    ).one()
    archives = 0 if spec.ranked else row.entered // ARCHIVE
    if spec.ranked:
        rows = _shown(connection, key, spec.size)
    elif spec.by_entry:
        rows = _by_entry(connection, key, spec.size, archives)
    else:
        rows = _newest(connection, key, spec.size, archives, now, fold=spec.fold)
    sections = _sections(connection, [one.no for one in rows])
    related = _related(connection, key, [one.no for one in rows]) if spec.fold else {}
    entries = tuple(
        Listed(
            to_article(one),
            tuple(sections[one.no]),
            _extra(one) if spec.ranked else None,
            tuple(related.get(one.no, ())),
        )
        for one in rows
    )
    return Window(entries, archives, row.retired, _tombstones(connection, key, now))


def _shown(connection: Connection, key: str, size: int) -> Sequence[Row[Any]]:
    m = t.membership.c
    return connection.execute(
        _joined().where(m.list == key, m.live, m.left_at.is_(None)).order_by(m.rank, m.article).limit(size)
    ).all()


def _by_entry(connection: Connection, key: str, size: int, archives: int) -> Sequence[Row[Any]]:
    m = t.membership.c
    tail = and_(m.list == key, m.live, m.entered > archives * ARCHIVE)
    newest = _joined().where(m.list == key, m.live).order_by(m.entered.desc()).limit(size)
    found = {row.no: row for row in connection.execute(newest)}
    found |= {row.no: row for row in connection.execute(_joined().where(tail).limit(ARCHIVE))}
    return sorted(found.values(), key=lambda row: row.entered, reverse=True)


def _newest(
    connection: Connection, key: str, size: int, archives: int, now: datetime, *, fold: bool
) -> Sequence[Row[Any]]:
    values = {"key": key, "size": size, "since": now - RECENT, "after": archives * ARCHIVE}
    found = {
        row.no: row for statement in _window_statements(fold) for row in connection.execute(statement, values)
    }
    return sorted(found.values(), key=lambda row: (row.published, row.no), reverse=True)


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
