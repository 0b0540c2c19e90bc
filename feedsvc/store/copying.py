"""One store → another, whatever databases they are in: to move an installation, to back it up, to restore it.

All rows go, in one transaction, as they stood at one moment: ids, numbers, validators and the served bytes
themselves, so the copy answers every reader as the original did. Left behind is what only living processes
have: leases and signs of life. The words of articles are indexed anew: each database keeps them its way.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, Table, func, insert, select, text, update

from feedsvc.errors import Code, StoreError
from feedsvc.model import State
from feedsvc.store import schema as t
from feedsvc.store.articles.search_index import SqlIndexer
from feedsvc.store.engine import Database
from feedsvc.store.leases import NEVER
from feedsvc.store.many import insert_rows
from feedsvc.store.migrate import migrate, revision

AT_ONCE = 500  #: rows of one statement
LEFT_BEHIND = frozenset({"lease", "heartbeat", "worker", "reindex"})

Watch = Callable[[str, int, int], None]  #: table, rows done, rows in all


def copy(source: Database, target: Database, watch: Watch = lambda table, done, rows: None) -> dict[str, int]:
    """Copy every row; returns how many of each table.

    `source` is only read and may be in use: what is written to it meanwhile stays behind. Raises StoreError
    where the target has articles (STORE_NOT_EMPTY) and where the source is of another version
    (STORE_VERSION).
    """
    migrate(target)
    with source.snapshot() as origin, target.write() as copied:
        if revision(origin) != revision(copied):
            raise StoreError(
                Code.STORE_VERSION,
                f"{source.shown} is of another version; start this feedsvc on it once, then try again",
            )
        if copied.execute(select(t.article.c.no).limit(1)).first() is not None:
            raise StoreError(
                Code.STORE_NOT_EMPTY,
                f"{target.shown} has articles already; name an empty store, or move that one out of the way",
            )
        _empty(copied)
        counts = {table.name: _table(origin, copied, table, watch) for table in _tables()}
        live = select(t.article.c.no).where(t.article.c.state == State.LIVE)
        copied.execute(insert(t.reindex).from_select(["article"], live))
        _release(copied)
        if not target.sqlite:
            _set_sequences(copied)
    index = SqlIndexer(target)
    while index.run():
        pass
    return counts


def _tables() -> list[Table]:
    """Those that are copied, each after those that it refers to."""
    return [table for table in t.metadata.sorted_tables if table.name not in LEFT_BEHIND]


def _empty(connection: Connection) -> None:
    """A store that was only migrated, or ran without a source, has rows of its own (lists, counters)."""
    for table in reversed(t.metadata.sorted_tables):
        connection.execute(table.delete())


def _table(origin: Connection, copied: Connection, table: Table, watch: Watch) -> int:
    rows = int(origin.execute(select(func.count()).select_from(table)).scalar_one())
    done = 0
    # in the order of the key: rows that refer to rows of their own table come after them
    ordered = select(table).order_by(*table.primary_key.columns)
    found = origin.execution_options(yield_per=AT_ONCE).execute(ordered)
    for part in found.partitions():
        insert_rows(copied, table, [row._asdict() for row in part])
        done += len(part)
        watch(table.name, done, rows)
    return done


def _release(connection: Connection) -> None:
    """Whoever held a lease in the original does not hold it here."""
    for table in _tables():
        if "lease_until" in table.c:
            connection.execute(update(table).values(lease_until=NEVER))


def _set_sequences(connection: Connection) -> None:
    """PostgreSQL gives numbers from sequences, which know nothing of rows that came with theirs."""
    for table in _tables():
        key = table.primary_key.columns.values()
        values = {"table": table.name, "column": key[0].name}
        sequence = connection.execute(text("SELECT pg_get_serial_sequence(:table, :column)"), values).scalar()
        if sequence:
            highest = connection.execute(select(func.max(key[0]))).scalar() or 0
            connection.execute(
                text("SELECT setval(:sequence, :value, :used)"),
                {"sequence": sequence, "value": max(highest, 1), "used": highest > 0},
            )
