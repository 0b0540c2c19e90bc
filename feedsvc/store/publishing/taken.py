"""What a taker's feed carries: its window is what it takes of the window of everything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Connection, Integer, Row, Select, bindparam, or_, select, tuple_

from feedsvc.model import ListSpec, Taker
from feedsvc.store import schema as t
from feedsvc.store.articles.known import to_article
from feedsvc.store.publishing.windows import (
    ARCHIVE,
    MOST,
    RECENT,
    Listed,
    Window,
    joined,
    read_place,
    read_related,
    read_sections,
    read_tombstones,
)

AT_ONCE = 200  #: articles of one reading, where many are not taken for their tags
MOST_READ = 4000  #: articles that are looked through for those with wanted tags


def read_taken(connection: Connection, spec: ListSpec, now: datetime, served: Collection[int] = ()) -> Window:
    """The entries of a taker's feed, in order, by the rules of `read_window`.

    With `hours` there are no archives: what is older is not for this taker.
    """
    taker = spec.taker
    assert taker is not None
    key = spec.of or spec.key
    place = read_place(connection, key)
    archives = 0 if taker.hours else place.entered // ARCHIVE
    made = _statements(key, taker.sections, taker.not_sections, bool(taker.hours), spec.merge_duplicates)
    values = {"oldest": taker.oldest(now)} if taker.hours else {}
    taken = {one.no: one for one in _newest(connection, made, values, taker, spec.size, now)}
    for statement in (made.recent, made.unarchived):
        if statement is None:
            continue
        more = connection.execute(statement, {**values, "since": now - RECENT, "after": archives * ARCHIVE})
        rows = [row for row in more if row.no not in taken]
        taken |= {one.no: one for one in _filtered(connection, taker, rows, now)}
    ordered = sorted(taken.values(), key=lambda one: (one.row.published, one.no), reverse=True)
    related = read_related(connection, key, list(taken)) if spec.merge_duplicates else {}
    return Window(
        entries=tuple(
            Listed(one.article, one.sections, None, tuple(related.get(one.no, ()))) for one in ordered
        ),
        archives=archives,
        retired=place.retired,
        # a reader that knows an article by its address cannot be told of it by its id
        tombstones=read_tombstones(connection, key, now, taker.sections) if taker.guid == "ours" else (),
    )


def not_taken(connection: Connection, taker: Taker, numbers: Sequence[int], now: datetime) -> frozenset[int]:
    """Those of some articles that a taker's feed no longer carries, for what they are or for its size."""
    rows = connection.execute(select(t.article).where(t.article.c.no.in_(numbers))).all()
    still = {one.no for one in _filtered(connection, taker, rows, now)}
    if taker.tags or taker.not_tags:  # the search for tags ends somewhere: what lies beyond it has left
        return frozenset(numbers)
    return frozenset(numbers) - still


class _Taken:
    """A row that a taker takes, and what had to be known of it."""

    __slots__ = ("article", "no", "row", "sections")

    def __init__(self, row: Row[Any], sections: Sequence[str]) -> None:
        self.row = row
        self.no = row.no
        self.article = to_article(row)
        self.sections = tuple(sections)


class _Statements(NamedTuple):
    """What the database is asked. Made once: SQLAlchemy takes longer to make one than SQLite to answer."""

    newest: Select[Any]
    further: Select[Any]  #: the newest after an article
    recent: Select[Any]
    unarchived: Select[Any] | None  #: None: there are no archives


@lru_cache(maxsize=256)
def _statements(
    key: str,
    sections: frozenset[str],
    not_sections: frozenset[str],
    hours: bool,
    merged: bool,
) -> _Statements:
    """The articles of a list, newest first, as far as the database can tell whether they are taken."""
    m = t.membership.c
    base: Select[Any] = (
        joined()
        .where(m.list == key, m.live, m.left_at.is_(None))
        .order_by(m.published.desc(), m.article.desc())
    )
    if merged:
        base = base.where(m.folded.is_(None))
    if hours:
        base = base.where(m.published >= bindparam("oldest", type_=t.UtcTime))
    if sections:
        base = base.where(_stands_in(sections))
    if not_sections:
        base = base.where(~_stands_in(not_sections))
    after = tuple_(bindparam("last", type_=t.UtcTime), bindparam("number", type_=BigInteger))
    limit = bindparam("size", type_=Integer)
    recent = base.where(m.touched >= bindparam("since", type_=t.UtcTime), m.backfill.is_(False))
    return _Statements(
        newest=base.limit(limit),
        further=base.where(tuple_(m.published, m.article) < after).limit(limit),
        recent=recent.limit(MOST),
        unarchived=None if hours else base.where(m.entered > bindparam("after")).limit(ARCHIVE),
    )


def _stands_in(sections: Collection[str]) -> Any:
    """Whether an article stands in one of some sections."""
    other = t.membership.alias("other")
    return (
        select(other.c.article)
        .where(
            other.c.article == t.article.c.no,
            or_(*(other.c.list == key for key in sorted(sections))),
            other.c.left_at.is_(None),
        )
        .correlate(t.article)
        .exists()
    )


def _newest(
    connection: Connection,
    made: _Statements,
    values: Mapping[str, datetime | None],
    taker: Taker,
    size: int,
    now: datetime,
) -> Iterator[_Taken]:
    """The newest `size` that are taken."""
    found = read = 0
    limit = size
    statement, given = made.newest, {**values, "size": limit}
    while found < size and read < MOST_READ:
        rows = connection.execute(statement, given).all()
        for one in _filtered(connection, taker, rows, now)[: size - found]:
            found += 1
            yield one
        if len(rows) < limit:
            return
        read += len(rows)
        last = rows[-1]
        limit = AT_ONCE
        statement = made.further
        given = {**values, "size": limit, "last": last.published, "number": last.no}


def _filtered(connection: Connection, taker: Taker, rows: Sequence[Row[Any]], now: datetime) -> list[_Taken]:
    sections = read_sections(connection, [row.no for row in rows]) if rows else defaultdict(list)
    found = [_Taken(row, sections[row.no]) for row in rows]
    return [one for one in found if taker.takes(one.article, one.sections, now)]
