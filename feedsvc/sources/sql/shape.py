"""Which columns of which table or query make an article; checked against what the database has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    column,
    inspect,
    literal,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy import table as sql_table
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql import quoted_name

from feedsvc.errors import Code, SourceError
from feedsvc.extract.records.record import Text, places

INSIDE = "feedsvc_inside"  #: label of "does `where` hold for this row?"
_MOST_NAMED = 40  #: columns or tables that a message lists


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSpec:
    """A `sql` source of the configuration."""

    address: str
    path: str  #: where it stands in the configuration, for messages
    table: str
    where: str
    query: str
    modified: str
    status: str  #: column
    published: tuple[Any, ...]  #: values of `status` that are published
    guid: str
    link: str
    text: Text
    sweep: float
    columns: Mapping[str, tuple[str, ...]]  #: field → columns
    base: str

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> TableSpec:
        """From the options of an upstream, as the configuration gives them."""
        status = options["status"] or {"column": "", "published": []}
        return cls(
            address=options["address"],
            path=options["path"],
            table=options["table"],
            where=options["where"],
            query=options["query"],
            modified=options["modified"],
            status=status["column"],
            published=tuple(status["published"]),
            guid=options["guid"],
            link=options["link"],
            text=options["text"],
            sweep=options["sweep"],
            columns={name: tuple(found) for name, found in options["map"].items() if found},
            base=options["base"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A table whose columns are known: names of the configuration → those of the database."""

    spec: TableSpec
    actual: Mapping[str, str]  #: name as written (or field of the map) → column
    wanted: tuple[str, ...]  #: columns that are read

    # ── what is asked ──

    def newest(self, limit: int) -> Select[Any] | None:
        """The rows that are newest by their date, then by their last change; None where there is neither."""
        names = [
            *self.spec.columns.get("published", ())[:1],
            *([self.spec.modified] if self.spec.modified else []),
        ]
        if not names:
            return None
        conditions: list[ColumnElement[bool]] = [self._column(self.spec.columns["id"][0]).is_not(None)]
        conditions.append(self._column(names[0]).is_not(None))
        where = self._where()
        if where is not None:
            conditions.append(where)
        asked = select(*[self._named(name) for name in self.wanted]).select_from(self._source())
        return asked.where(*conditions).order_by(*[self._column(name).desc() for name in names]).limit(limit)

    def rows(self, after: tuple[Any, ...], *, undated: bool, flagged: bool, limit: int) -> Select[Any]:
        """The next rows in their order: by (modified, id), or by id alone.

        `undated` asks for those without `modified`; `flagged` for all rows, with a column that tells whether
        `where` holds, in place of those for which it does.
        """
        ident = self._column(self.spec.columns["id"][0])
        asked: list[ColumnElement[Any]] = [self._named(name) for name in self.wanted]
        conditions: list[ColumnElement[bool]] = [ident.is_not(None)]
        where = self._where()
        if where is not None and flagged:
            asked.append(literal_column(f"CASE WHEN ({self.spec.where}\n) THEN 1 ELSE 0 END").label(INSIDE))
        elif where is not None:
            conditions.append(where)
        order: list[ColumnElement[Any]] = [ident]
        if self.spec.modified:
            modified = self._column(self.spec.modified)
            if undated:
                conditions.append(modified.is_(None))
            else:
                conditions.append(modified.is_not(None))
                order = [modified, ident]
        if after:
            conditions.append(_beyond(order, after))
        return select(*asked).select_from(self._source()).where(*conditions).order_by(*order).limit(limit)

    def ids(self) -> Select[Any]:
        """The id (and status) of every row."""
        asked = [self._named(self.actual[self.spec.columns["id"][0]])]
        if self.spec.status:
            asked.append(self._column(self.spec.status))
        where = self._where()
        found = select(*asked).select_from(self._source()).where(asked[0].is_not(None))
        return found if where is None else found.where(where)

    def values(self, row: Sequence[Any]) -> dict[str, Any]:
        """Column → value of a row of `rows`."""
        return dict(zip(self.wanted, row, strict=False))

    def column_of(self, name: str) -> str:
        """The column that a name of the configuration means."""
        return self.actual[name]

    # ── parts ──

    def _source(self) -> FromClause:
        return _source(self.spec)

    def _where(self) -> ColumnElement[bool] | None:
        # verbatim: what the configuration says is the newsroom's own SQL
        return literal_column(f"({self.spec.where}\n)", Boolean()) if self.spec.where else None

    def _column(self, name: str) -> ColumnElement[Any]:
        return self._named(self.actual[name])

    @staticmethod
    def _named(name: str) -> ColumnElement[Any]:
        return column(quoted_name(name, quote=True))


def _beyond(order: Sequence[ColumnElement[Any]], after: tuple[Any, ...]) -> ColumnElement[bool]:
    """Keyset paging: the rows behind `after`. A prefix of a key means: from it on, itself included."""
    first = order[0]
    if len(after) < len(order):
        return first >= _bound(after[0])
    if len(order) == 1:
        return first > _bound(after[0])
    # spelled out: not every database compares rows, and an index on the first column serves this too
    return and_(first >= _bound(after[0]), or_(first > _bound(after[0]), order[1] > _bound(after[1])))


def _bound(value: Any) -> ColumnElement[Any]:
    if isinstance(value, int) and not isinstance(value, bool):
        return literal(value, BigInteger())
    return literal(value)


def _source(spec: TableSpec) -> FromClause:
    if spec.query:
        inner = spec.query.strip().rstrip(";").replace(":", "\\:")
        return text(f"{inner}\n").columns().subquery("feedsvc_rows")
    schema, _, name = spec.table.rpartition(".")
    return sql_table(
        quoted_name(name, quote=True), schema=quoted_name(schema, quote=True) if schema else None
    )


# ── checking ──────────────────────────────────────────────────────────────────────────────────────────


def find(spec: TableSpec, connection: Connection) -> Shape:
    """The shape of a table. Raises SourceError with everything that is missing, and what there is."""
    existing = _columns(spec, connection)
    by_fold = {name.casefold(): name for name in reversed(existing)}
    known = set(existing)
    actual: dict[str, str] = {}
    problems: list[str] = []

    def want(name: str, path: str) -> None:
        found = name if name in known else by_fold.get(name.casefold())
        if found is not None:
            actual[name] = found
            return
        near = get_close_matches(name, existing, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        problems.append(f"{spec.path}.{path}: {_what(spec)} has no column {name!r}{hint}")

    for field, names in spec.columns.items():
        for name in names:
            want(name, f"map.{field}")
    if spec.modified:
        want(spec.modified, "modified")
    if spec.status:
        want(spec.status, "status.column")
    for key, template in (("guid", spec.guid), ("link", spec.link)):
        for name in places(template):
            if name not in known and name.casefold() not in by_fold and name in spec.columns:
                want(spec.columns[name][0], key)
                actual[name] = actual.get(spec.columns[name][0], "")
            else:
                want(name, key)
    if problems:
        raise SourceError(Code.BAD_TABLE, f"{'; '.join(problems)}; it has: {_listed(existing)}")
    return Shape(spec=spec, actual=actual, wanted=tuple(dict.fromkeys(actual.values())))


def _columns(spec: TableSpec, connection: Connection) -> list[str]:
    try:
        asked: Select[Any] = select(literal_column("*")).select_from(_source(spec)).limit(0)
        return list(connection.execute(asked).keys())
    except SQLAlchemyError:
        connection.rollback()
        if spec.query:
            raise
        known = _tables(connection)
        name = spec.table.rpartition(".")[2]
        if name in known or not known:
            raise
        same = [one for one in known if one.casefold() == name.casefold()]
        near = same or get_close_matches(name, known, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise SourceError(
            Code.BAD_TABLE,
            f"{spec.path}.table: there is no table or view {spec.table!r}{hint}; there are: {_listed(known)}",
        ) from None


def _tables(connection: Connection) -> list[str]:
    try:
        looking = inspect(connection)
        return sorted({*looking.get_table_names(), *looking.get_view_names()})
    except (SQLAlchemyError, NotImplementedError):  # the second: a dialect that cannot list them
        return []  # only the hint of an error is shorter then; the error itself is told


def _what(spec: TableSpec) -> str:
    return f"table {spec.table!r}" if spec.table else "the query"


def _listed(names: Iterable[str]) -> str:
    every = [re.sub(r"\s+", " ", name) for name in names]
    return ", ".join(every[:_MOST_NAMED]) + (" …" if len(every) > _MOST_NAMED else "")
