"""Many values at once: questions about them with one parameter, and rows of them.

`column.in_(values)` writes a placeholder a value, which costs more than the database's own work; and SQLite
takes 32,766 of them a statement at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    ColumnElement,
    Connection,
    LargeBinary,
    Table,
    Text,
    any_,
    bindparam,
    func,
    select,
)
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlalchemy.types import TypeEngine

from feedsvc.store.schema import UtcTime


def among(connection: Connection, column: ColumnElement[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """`column` is one of `values` (all texts, all numbers, or all moments). An index on it is used."""
    plain = list(values)
    if isinstance(column.type, UtcTime):
        plain = [column.type.process_bind_param(value, connection.dialect) for value in plain]
    sqlite = connection.dialect.name == "sqlite"
    kind = _list_type(sqlite, is_number=bool(plain) and isinstance(plain[0], int))
    return _among(sqlite, column, bindparam(None, given(sqlite, plain), kind, unique=True))


def among_given(sqlite: bool, column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """`column` (texts or numbers) is one of the parameter `name`, which is made by `given`.

    For a statement that is made once.
    """
    kind = _list_type(sqlite, is_number=column.type.python_type is int)
    return _among(sqlite, column, bindparam(name, type_=kind))


def given(sqlite: bool, values: Iterable[Any]) -> Any:
    """What a parameter of `among_given` takes."""
    plain = list(values)
    return orjson.dumps(plain).decode() if sqlite else plain


def _among(sqlite: bool, column: ColumnElement[Any], values: BindParameter[Any]) -> ColumnElement[bool]:
    if sqlite:
        return column.in_(select(func.json_each(values).table_valued("value").c.value))
    return column == any_(values)


def _list_type(sqlite: bool, is_number: bool) -> TypeEngine[Any]:
    if sqlite:
        return Text()
    return ARRAY(BigInteger() if is_number else Text())


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns, with one statement.

    `insert(table)` looks at each value of each row, which costs more than the database's own work; here a
    column is looked at once. Columns that are not named are NULL or have their default, as there.
    """
    if not rows:
        return
    names = list(rows[0])
    columns = [_bound(connection, table, name, [row[name] for row in rows]) for name in names]
    for column in table.columns:
        if column.name not in names and isinstance(column.default, ScalarElementColumnDefault):
            names.append(column.name)
            columns.append([column.default.arg] * len(rows))
    quote = connection.dialect.identifier_preparer.quote
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    statement = (
        f"INSERT INTO {quote(table.name)} ({', '.join(map(quote, names))}) "  # noqa: S608 - our own names
        f"VALUES ({', '.join([mark] * len(names))})"
    )
    connection.exec_driver_sql(statement, list(zip(*columns, strict=True)))


def _bound(connection: Connection, table: Table, name: str, values: list[Any]) -> list[Any]:
    """The values of one column as the driver takes them."""
    kind = table.c[name].type
    process = kind.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    if process is None or isinstance(kind, LargeBinary):  # both drivers take bytes as they are
        return values
    first = values[0]
    if all(value is first for value in values):
        return [process(first)] * len(values)
    return [process(value) for value in values]


def new_numbers(connection: Connection, table: Table, count: int) -> list[int]:
    """`count` numbers for new rows of a table whose key is one, in order. Only for who writes to it alone."""
    (key,) = table.primary_key.columns
    if connection.dialect.name == "sqlite":  # what it would give itself, in a table without AUTOINCREMENT
        last = connection.execute(select(func.coalesce(func.max(key), 0))).scalar_one()
        return list(range(last + 1, last + 1 + count))
    sequence = func.pg_get_serial_sequence(table.name, key.name)
    each = func.generate_series(1, count).table_valued("value").alias("each")
    numbers = connection.execute(select(func.nextval(sequence)).select_from(each)).scalars()
    return sorted(int(number) for number in numbers)
