"""What a taker's feed carries: its window is what it takes of the window of everything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, literal, or_, select, tuple_

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
    base = _taken(spec, taker, now)
    m = t.membership.c
    statements = [base.where(m.touched >= now - RECENT, m.backfill.is_(False)).limit(MOST)]
    if not taker.hours:
        statements.append(base.where(m.entered > archives * ARCHIVE).limit(ARCHIVE))
    taken = {one.no: one for one in _newest(connection, base, taker, spec.size, now)}
    for statement in statements:
        rows = [row for row in connection.execute(statement) if row.no not in taken]
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


def _taken(spec: ListSpec, taker: Taker, now: datetime) -> Select[Any]:
    """The articles of everything, newest first, as far as the database can tell whether they are taken."""
    m = t.membership.c
    statement: Select[Any] = (
        joined()
        .where(m.list == (spec.of or spec.key), m.live, m.left_at.is_(None))
        .order_by(m.published.desc(), m.article.desc())
    )
    if spec.merge_duplicates:
        statement = statement.where(m.folded.is_(None))
    oldest = taker.oldest(now)
    if oldest is not None:
        statement = statement.where(m.published >= oldest)
    if taker.sections:
        statement = statement.where(_stands_in(taker.sections))
    if taker.not_sections:
        statement = statement.where(~_stands_in(taker.not_sections))
    return statement


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
    connection: Connection, base: Select[Any], taker: Taker, size: int, now: datetime
) -> Iterator[_Taken]:
    """The newest `size` that are taken."""
    m = t.membership.c
    found = read = 0
    limit, statement = size, base
    while found < size and read < MOST_READ:
        rows = connection.execute(statement.limit(limit)).all()
        for one in _filtered(connection, taker, rows, now)[: size - found]:
            found += 1
            yield one
        if len(rows) < limit:
            return
        read += len(rows)
        last = rows[-1]
        limit = AT_ONCE
        after = tuple_(literal(last.published, t.UtcTime()), literal(last.no))
        statement = base.where(tuple_(m.published, m.article) < after)


def _filtered(connection: Connection, taker: Taker, rows: Sequence[Row[Any]], now: datetime) -> list[_Taken]:
    sections = read_sections(connection, [row.no for row in rows]) if rows else defaultdict(list)
    found = [_Taken(row, sections[row.no]) for row in rows]
    return [one for one in found if taker.takes(one.article, one.sections, now)]
