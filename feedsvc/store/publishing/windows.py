"""What a feed carries: the articles of its window, in order, and where each of them stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, Row, and_, bindparam, or_, select

from feedsvc.model import ListSpec, State
from feedsvc.model.article import Article
from feedsvc.store import schema as t
from feedsvc.store.articles.known import to_article

RECENT = timedelta(hours=24)  #: what entered or changed since then stays in the window, however many
MOST = 1000  #: entries of a window
ARCHIVE = 100  #: entries of an archive document
TOMBSTONES = timedelta(days=30)  #: how long a withdrawal is announced


class Related(NamedTuple):
    """A near-duplicate that stands within the entry of another article."""

    no: int
    id: str
    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Listed:
    """An article in a window."""

    article: Article
    sections: tuple[str, ...]  #: keys of the sections that it stands in
    extra: dict[str, object] | None = None  #: of a ranked box: its rank, the one before, since when
    related: tuple[Related, ...] = ()  #: by number


@dataclass(frozen=True, slots=True)
class Window:
    """What a list's feed carries."""

    entries: tuple[Listed, ...]
    archives: int  #: closed archive documents, numbered from 1
    retired: int  #: of these, how many retention has dropped, from the first
    tombstones: tuple[tuple[str, datetime], ...]
    reserve: tuple[Listed, ...] = ()  #: the next ones by date, should near-duplicates leave the entries


def read_window(
    connection: Connection, spec: ListSpec, now: datetime, served: Collection[int] = ()
) -> Window:
    """The entries of a list's feed, in order (decision 9): one list for all formats.

    The newest `size` by date, all that entered or visibly changed in the last 24 hours and is no backfill,
    and all that entered after the last closed archive: so nothing is in neither. A ranked box: what the page
    shows now, by rank. Of a list that merges near-duplicates, those that are not `served` yet may turn out to
    be some; as many more stand in reserve.
    """
    key = spec.of or spec.key
    row = read_place(connection, key)
    archives = 0 if spec.ranked else row.entered // ARCHIVE
    reserve: Sequence[Row[Any]] = ()
    if spec.ranked:
        rows = _shown(connection, key, spec.size)
    elif spec.by_entry:
        rows = _by_entry(connection, key, spec.size, archives)
    else:
        rows = _newest(connection, key, spec, archives, now)
        new = {one.no for one in rows} - set(served) if spec.merge_duplicates else ()
        if new:
            reserve = _reserve(connection, key, spec.size + len(new), rows)
    numbers = [one.no for one in (*rows, *reserve)]
    sections = read_sections(connection, numbers)
    related = read_related(connection, key, numbers) if spec.merge_duplicates else {}

    def listed(one: Row[Any]) -> Listed:
        extra = _extra(one) if spec.ranked else None
        return Listed(to_article(one), tuple(sections[one.no]), extra, tuple(related.get(one.no, ())))

    return Window(
        entries=tuple(listed(one) for one in rows),
        archives=archives,
        retired=row.retired,
        tombstones=read_tombstones(connection, key, now),
        reserve=tuple(listed(one) for one in reserve),
    )


@cache
def _list_statement() -> Any:
    c = t.listing.c
    return select(c.entered, c.retired).where(c.key == bindparam("key"))


def _shown(connection: Connection, key: str, size: int) -> Sequence[Row[Any]]:
    m = t.membership.c
    return connection.execute(
        joined().where(m.list == key, m.live, m.left_at.is_(None)).order_by(m.rank, m.article).limit(size)
    ).all()


def _by_entry(connection: Connection, key: str, size: int, archives: int) -> Sequence[Row[Any]]:
    m = t.membership.c
    tail = and_(m.list == key, m.live, m.entered > archives * ARCHIVE)
    newest = joined().where(m.list == key, m.live).order_by(m.entered.desc()).limit(size)
    rows = {row.no: row for row in connection.execute(newest)}
    rows |= {row.no: row for row in connection.execute(joined().where(tail).limit(ARCHIVE))}
    return sorted(rows.values(), key=lambda row: row.entered, reverse=True)


def _newest(
    connection: Connection, key: str, spec: ListSpec, archives: int, now: datetime
) -> Sequence[Row[Any]]:
    values = {"key": key, "size": spec.size, "since": now - RECENT, "after": archives * ARCHIVE}
    statements = _window_statements(spec.merge_duplicates)
    rows = {row.no: row for statement in statements for row in connection.execute(statement, values)}
    return sorted(rows.values(), key=lambda row: (row.published, row.no), reverse=True)


def _reserve(connection: Connection, key: str, size: int, rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    here = {row.no for row in rows}
    newest = connection.execute(_window_statements(True)[0], {"key": key, "size": size})
    return [row for row in newest if row.no not in here]


@cache
def _window_statements(merge_duplicates: bool) -> tuple[Any, ...]:
    """The newest, the recent, and those that entered after the last archive.

    Made once, as the others here: SQLAlchemy takes longer to make a statement than SQLite to answer it.
    """
    m = t.membership.c
    ordered = (
        joined()
        .where(m.list == bindparam("key"), m.live, m.left_at.is_(None))
        .order_by(m.published.desc(), m.article.desc())
    )
    if merge_duplicates:
        ordered = ordered.where(m.folded.is_(None))
    recent = ordered.where(m.touched >= bindparam("since", type_=t.UtcTime), m.backfill.is_(False))
    return (
        ordered.limit(bindparam("size", type_=Integer)),
        recent.limit(MOST),
        ordered.where(m.entered > bindparam("after")).limit(ARCHIVE),
    )


def read_place(connection: Connection, key: str) -> Row[Any]:
    """How many ever entered a list, and how many of its archives retention has dropped."""
    return connection.execute(_list_statement(), {"key": key}).one()


def joined() -> Any:
    """Articles with their places in a list."""
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


def read_sections(connection: Connection, numbers: Sequence[int]) -> dict[int, list[str]]:
    """The keys of the sections that articles stand in."""
    sections: dict[int, list[str]] = defaultdict(list)
    for row in connection.execute(_sections_statement(), {"numbers": numbers}):
        sections[row.article].append(row.list)
    return sections


@cache
def _sections_statement() -> Any:
    m, g = t.membership.c, t.listing.c
    return (
        select(m.article, m.list)
        .join(t.listing, g.key == m.list)
        .where(
            m.article.in_(bindparam("numbers", expanding=True)),
            m.left_at.is_(None),
            g.kind == "section",
            g.removed_at.is_(None),
        )
        .order_by(m.list)
    )


def read_related(connection: Connection, key: str, numbers: Sequence[int]) -> dict[int, list[Related]]:
    """The near-duplicates within some entries of a list."""
    m, a = t.membership.c, t.article.c
    rows = connection.execute(
        select(m.folded, a.no, a.id, a.url, a.title)
        .join(t.article, a.no == m.article)
        .where(m.list == key, m.folded.in_(list(numbers)), m.live)
        .order_by(a.no)
    )
    related: dict[int, list[Related]] = defaultdict(list)
    for row in rows:
        related[row.folded].append(Related(row.no, row.id, row.url, row.title))
    return related


def read_tombstones(
    connection: Connection, key: str, now: datetime, sections: Collection[str] = ()
) -> tuple[tuple[str, datetime], ...]:
    """What was withdrawn lately and once stood in a list (and in one of `sections`), the newest first.

    Of two served articles that turned out to be one, the id that went counts as withdrawn.
    """
    statement = _tombstones_statement()
    if sections:
        other = t.membership.alias("other")
        here = other.c.list.in_(sorted(sections)), other.c.entered.is_not(None)
        stood = select(other.c.article).where(other.c.article == t.membership.c.article, *here)
        statement = statement.where(stood.correlate(t.membership).exists())
    rows = connection.execute(statement, {"key": key, "since": now - TOMBSTONES})
    return tuple((row.id, row.withdrawn_at.replace(microsecond=0)) for row in rows)


@cache
def _tombstones_statement() -> Any:
    a, m = t.article.c, t.membership.c
    here = or_(
        and_(a.state == State.WITHDRAWN, m.article == a.no),
        and_(a.state == State.MERGED, m.article == a.merged_into),
    )
    return (
        select(a.id, a.withdrawn_at)
        .join(t.membership, here)
        .where(
            a.state.in_([State.WITHDRAWN, State.MERGED]),
            a.withdrawn_at >= bindparam("since", type_=t.UtcTime),
            m.list == bindparam("key"),
            m.entered.is_not(None),
        )
        .order_by(a.withdrawn_at.desc())
        .limit(ARCHIVE)
    )
