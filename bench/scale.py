#!/usr/bin/env python3
"""What the due table costs on PostgreSQL with many sources: bench/scale.py [--rows N] [--at-once N].

claim: all of N sources, each on a host of its own, are due; they are claimed `--at-once` at a time. Sources a
second, beside the same with 1,000 sources in the table.
idle: a tick in which nothing is due, with N sources and with 1,000.
pace: taking and giving back the place at a host, which every poll of a foreign source does.

A server of its own on a free port, fsync off: compare the lines of one run. `bench/due.py` is for SQLite.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import BigInteger, cast, func, insert, literal, select, text

sys.path.insert(0, str(Path(__file__).parent.parent))
from feedsvc.store import schema as t
from feedsvc.store.engine import Database
from feedsvc.store.migrate import migrate
from feedsvc.store.queue.due import SqlDueQueue
from feedsvc.store.queue.pace import SqlPlaces
from tests.databases import Postgres, programs

NOW = datetime(2025, 12, 18, 12, 0, tzinfo=UTC)
FEW = 1_000
ROUNDS = 40


def filled(server: Postgres, rows: int) -> Database:
    """A store with so many sources, due one after another in the hour before NOW."""
    database = Database(server.new())
    migrate(database)
    n = func.generate_series(1, rows).column_valued("n")
    name = func.concat("h", n, ".example")
    spec = literal({"every": None, "language": "en", "zone": "UTC"}, t.upstream.c.spec.type)
    sources = select(
        n, func.concat("feed:", n), name, literal("feed"), func.concat("https://", name, "/"), spec
    )
    start = round((NOW - timedelta(hours=1)).timestamp() * 1_000_000)
    planned = literal(start, BigInteger) + cast(n, BigInteger) * (3_600_000_000 // rows)
    never = literal(0, BigInteger)
    polls = select(n, name, literal(False), literal(0), planned, never, never.label("lease"))
    with database.write() as connection:
        columns = ["no", "key", "name", "kind", "url", "spec"]
        connection.execute(insert(t.upstream).from_select(columns, sources))
        columns = ["upstream", "host", "own", "priority", "next_due", "not_before", "lease_until"]
        connection.execute(insert(t.due).from_select(columns, polls))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return database


def claimed(database: Database, at_once: int, rows: int) -> float:
    """Sources claimed in a second, over some rounds."""
    queue = SqlDueQueue(database, (), (), frozenset())
    taken, begun = 0, time.perf_counter()
    for _ in range(min(ROUNDS, rows // at_once)):
        taken += len(queue.claim(at_once, lane="quick", lease=120, now=NOW, blocked=()))
    return taken / (time.perf_counter() - begun)


def milliseconds(step: Callable[[], object]) -> float:
    """The median of some rounds."""
    spent = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        step()
        spent.append(time.perf_counter() - begun)
    return 1000 * statistics.median(spent)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--at-once", type=int, default=500)
    given = options.parse_args()
    folder = programs()
    if folder is None:
        sys.exit("PostgreSQL is not installed")
    server = Postgres(folder)
    try:
        rates, idle = [], []
        for rows in (FEW, given.rows):
            database = filled(server, rows)
            queue = SqlDueQueue(database, (), (), frozenset())
            before = NOW - timedelta(hours=2)
            idle.append(
                milliseconds(lambda: queue.claim(500, lane="quick", lease=120, now=before, blocked=()))  # noqa: B023
            )
            rates.append(claimed(database, min(given.at_once, rows // 2), rows))
            print(f"{rows:9,} sources: {rates[-1]:8,.0f} claimed a second; {idle[-1]:.2f} ms an idle tick")
            if rows == FEW:
                places, n = SqlPlaces(database, seconds=120), iter(range(1_000_000))

                def visit() -> None:
                    host = f"h{next(n)}.example"  # noqa: B023
                    places.take(host, gap=1.0)  # noqa: B023
                    places.give_back(host)  # noqa: B023

                print(f"           the place at a host, taken and given back: {milliseconds(visit):.2f} ms")
            database.close()
        print(
            f"a tick with nothing due costs {idle[1] / idle[0]:.2f} times as much with {given.rows:,} sources"
        )
    finally:
        server.close()


if __name__ == "__main__":
    main()
