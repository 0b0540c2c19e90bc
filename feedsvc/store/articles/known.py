"""Answers to what `curate` asks: which articles are known, and what was said about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, select

from feedsvc.dates import Moment, Precision
from feedsvc.model import Article, Draft, Fresh, Key, Known, Level, Place, State, Statement, Stored
from feedsvc.store import codec
from feedsvc.store import schema as t
from feedsvc.store.articles.lists import OUT_OF
from feedsvc.store.many import among

AT_ONCE = 5000  #: SQLite takes 32,766 variables a statement; three a key


def known(
    connection: Connection, fresh: Sequence[Fresh], *, upstream: int, article: int | None, older: bool = False
) -> Known:
    """The articles that have any of the keys of `fresh` (and `article` itself), as far as it matters.

    With them come those that stood in the reading before and do not stand in this one; of an article's own
    page, those that left a list when it appeared; of an older page of a list, none.
    """
    keys = _keys(connection, {key for item in fresh for key in item.keys})
    numbers = set(keys.values()) | ({article} if article is not None else set())
    left = [] if older else _left(connection, numbers, upstream=upstream, article=article)
    last_digests = _said_by(connection, upstream, numbers)
    digests: dict[int, set[bytes]] = defaultdict(set)  # several entries may name one address
    for item in fresh:
        for number in {keys[key] for key in item.keys if key in keys} | ({article} if article else set()):
            digests[number].add(item.digest)
    changed = [number for number in numbers if digests[number] != {last_digests.get(number)}]
    everything = numbers | set(left)
    articles = stored(connection, everything, last_digests=last_digests, heard=[*changed, *left])
    return Known(
        keys=keys,
        articles=articles,
        left=tuple(number for number in left if number in articles),
        together=_together(connection, numbers) if article is not None and len(numbers) > 1 else frozenset(),
    )


def stored(
    connection: Connection,
    numbers: Iterable[int],
    *,
    last_digests: dict[int, bytes] | None = None,
    heard: Sequence[int] | None = None,
) -> dict[int, Stored]:
    """Some articles as they are kept; with the statements about those in `heard` (all, if it is None)."""
    wanted = sorted(set(numbers))
    statements = statements_of(connection, wanted if heard is None else heard)
    places = _places(connection, wanted)
    return {
        row.no: Stored(
            article=to_article(row),
            digest=row.digest,
            said=(last_digests or {}).get(row.no),
            lists=frozenset(place.list for place in places[row.no]),
            places=tuple(places[row.no]),
            ready=row.ready,
            statements=statements.get(row.no, ()),
            withdrawn_by=None if row.withdrawn_by is None else Level(row.withdrawn_by),
        )
        for row in _rows(connection, wanted)
    }


def numbers_of(connection: Connection, fresh: Sequence[Fresh]) -> dict[int, datetime | None]:
    """The articles that a reading named, after its plan was carried out; with the minute that it printed."""
    keys = _keys(connection, {key for item in fresh for key in item.keys})
    times: dict[int, datetime | None] = {}
    for item in fresh:
        published = item.draft.published
        at = published.at if published is not None and published.precision is not Precision.DAY else None
        numbers = [keys[key] for key in item.keys if key in keys]
        for number in [other for other in numbers if other not in times][:1]:
            times[number] = at
    return times


def last_reading(connection: Connection, upstream: int) -> frozenset[int]:
    """The articles of an upstream's last reading."""
    numbers = connection.execute(
        select(t.upstream.c.last_reading).where(t.upstream.c.no == upstream)
    ).scalar()
    return frozenset(numbers or ())


def _keys(connection: Connection, wanted: set[Key]) -> dict[Key, int]:
    numbers: dict[Key, int] = {}
    values: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key in wanted:
        values[key.kind, key.scope].append(key.value)
    k = t.key.c
    for (kind, scope), names in sorted(values.items()):
        where = (k.kind == kind, k.scope == scope, among(connection, k.value, names))
        rows = connection.execute(select(k.value, k.article).where(*where))
        numbers.update((Key(kind, scope, row.value), row.article) for row in rows)
    return numbers


def _left(connection: Connection, numbers: set[int], *, upstream: int, article: int | None) -> list[int]:
    if article is not None:
        suspects = connection.execute(
            select(t.article.c.suspects).where(t.article.c.no == article)
        ).scalar_one()
        return list(suspects or ())
    items = connection.execute(
        select(t.upstream.c.last_reading).where(t.upstream.c.no == upstream)
    ).scalar_one()
    return [number for number in items or () if number not in numbers]


def _together(connection: Connection, numbers: set[int]) -> frozenset[frozenset[int]]:
    """Pairs of some articles that stand in one list: both were in the last reading of an upstream."""
    u, s = t.upstream.c, t.statement.c
    who = select(s.upstream).where(s.article.in_(sorted(numbers)))
    rows = connection.execute(select(u.last_reading).where(u.no.in_(who), u.last_reading.is_not(None)))
    readings = [sorted(numbers & set(row.last_reading)) for row in rows]
    return frozenset(frozenset(pair) for shown in readings for pair in combinations(shown, 2))


def _parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]


def _rows(connection: Connection, numbers: Sequence[int]) -> Iterator[Row[tuple[object, ...]]]:
    for part in _parts(numbers):
        yield from connection.execute(select(t.article).where(t.article.c.no.in_(part)))


def to_article(row: Row[tuple[object, ...]]) -> Article:
    """A row of the table, with its columns by name, as the noun."""
    return Article(
        no=row.no,
        id=row.id or "",
        state=State(row.state),
        story=codec.story(row.story),
        published=row.published,
        precision=Precision(row.precision) if row.precision else None,
        offset=row.offset,
        updated=row.updated,
        first_seen=row.first_seen,
        own=row.own,
        withdrawn=row.withdrawn_at,
        erased=row.erased,
    )


def _said_by(connection: Connection, upstream: int, numbers: Iterable[int]) -> dict[int, bytes]:
    digests: dict[int, bytes] = {}
    for part in _parts(sorted(numbers)):
        rows = connection.execute(
            select(t.statement.c.article, t.statement.c.digest).where(
                t.statement.c.upstream == upstream, t.statement.c.article.in_(part)
            )
        )
        digests.update((row.article, row.digest) for row in rows)
    return digests


def statements_of(connection: Connection, numbers: Sequence[int]) -> dict[int, tuple[Statement, ...]]:
    """Everything that was said about some articles, the editor's hand included."""
    statements: dict[int, list[Statement]] = defaultdict(list)
    for part in _parts(sorted(set(numbers))):
        rows = connection.execute(
            select(
                t.statement,
                t.upstream.c.key.label("upstream_key"),
                t.upstream.c.url.label("upstream_url"),
            )
            .join(t.upstream, t.upstream.c.no == t.statement.c.upstream)
            .where(t.statement.c.article.in_(part))
            .order_by(t.statement.c.upstream)
        )
        for row in rows:
            statements[row.article].append(
                Statement(
                    upstream=row.upstream,
                    upstream_key=row.upstream_key,
                    level=Level(row.level),
                    draft=codec.draft(row.draft),
                    at=row.at,
                    upstream_url=row.upstream_url,
                )
            )
        for number, statement in _hands(connection, part).items():
            statements[number].append(statement)
    return {number: tuple(each) for number, each in statements.items()}


def _hands(connection: Connection, numbers: Sequence[int]) -> dict[int, Statement]:
    """What editors said, as one statement an article."""
    values: dict[int, dict[str, Any]] = defaultdict(dict)
    last: dict[int, datetime] = {}
    h = t.hand.c
    said_of = select(t.hand).where(h.article.in_(numbers), h.field != OUT_OF).order_by(h.at)
    rows = connection.execute(said_of)
    for row in rows:
        values[row.article][row.field] = row.value
        last[row.article] = row.at
    return {
        number: Statement(
            upstream=0, upstream_key="hand", level=Level.HAND, draft=_by_hand(set_by_hand), at=last[number]
        )
        for number, set_by_hand in values.items()
    }


def _by_hand(values: dict[str, Any]) -> Draft:
    fields: dict[str, Any] = {
        name: value for name, value in values.items() if name in ("title", "summary", "url")
    }
    if "authors" in values:
        fields["authors"] = tuple(values["authors"])
    if "published" in values:
        at = datetime.fromisoformat(values["published"]).astimezone(ZoneInfo("UTC"))
        fields["published"] = Moment(at=at, precision=Precision.SECOND, text=values["published"])
    origin = dict.fromkeys(fields, "the editor")
    return Draft(**fields, origin=origin)


def _places(connection: Connection, numbers: Sequence[int]) -> dict[int, list[Place]]:
    places: dict[int, list[Place]] = defaultdict(list)
    for part in _parts(numbers):
        m = t.membership.c
        rows = connection.execute(
            select(m.article, m.list, m.rank, m.backfill).where(m.article.in_(part)).order_by(m.list)
        )
        for row in rows:
            places[row.article].append(Place(list=row.list, rank=row.rank, backfill=row.backfill))
    return places
