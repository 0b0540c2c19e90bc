"""Questions about many values at once, with one parameter.

`column.in_(values)` writes a placeholder a value, which costs more than the database's own work; and SQLite
takes 32,766 of them a statement at most.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import ARRAY, BigInteger, ColumnElement, Connection, Text, any_, bindparam, func, select

from feedsvc.store.schema import UtcTime


def among(connection: Connection, column: ColumnElement[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """`column` is one of `values` (all texts, all numbers, or all moments). An index on it is used."""
    plain = list(values)
    if isinstance(column.type, UtcTime):
        plain = [column.type.process_bind_param(value, connection.dialect) for value in plain]
    numbers = bool(plain) and isinstance(plain[0], int)
    if connection.dialect.name == "sqlite":
        each = func.json_each(orjson.dumps(plain).decode()).table_valued("value")
        return column.in_(select(each.c.value))
    bound = bindparam(None, plain, ARRAY(BigInteger if numbers else Text), unique=True)
    return column == any_(bound)
