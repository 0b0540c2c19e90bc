#!/usr/bin/env python3
"""What it costs to claim work when 10,000 sources are due: bench/due.py [--sources N] [--hosts N].

An empty SQLite store in a temporary folder; all sources are due at once and claimed 16 at a time until none
is left, as the worker does when no host has a place twice. Printed: milliseconds a claim of 16 (median, p95),
with few and with many sources due, and their ratio.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from feedsvc.model import Upstream
from feedsvc.store.engine import Database
from feedsvc.store.migrate import migrate
from feedsvc.store.queue.due import SqlDueQueue

NOW = datetime(2025, 12, 18, 12, 0, tzinfo=UTC)
AT_ONCE = 16


def claims(sources: int, hosts: int) -> list[float]:
    """Seconds of each claim until everything is taken."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'store.db'}")
        try:
            migrate(database)
            ups = [
                Upstream(key=f"k{n}", name=f"n{n}", kind="page", url=f"https://h{n % hosts}.example/{n}")
                for n in range(sources)
            ]
            queue = SqlDueQueue(database, ups, (), frozenset())
            queue.sync(NOW)
            now, spent = NOW + timedelta(seconds=1), list[float]()
            while True:
                begun = time.perf_counter()
                taken = queue.claim(AT_ONCE, lease=3600, now=now, blocked=())
                spent.append(time.perf_counter() - begun)
                if not taken:
                    return spent[:-1]
        finally:
            database.close()


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sources", type=int, default=10_000)
    options.add_argument("--hosts", type=int, default=10_000, help="fewer hosts: several sources at each")
    given = options.parse_args()
    medians = []
    for sources in (160, given.sources):
        spent = sorted(claims(sources, given.hosts))
        medians.append(statistics.median(spent))
        p95 = spent[int(len(spent) * 0.95)]
        print(
            f"{sources:6} due: {len(spent)} claims, {1000 * medians[-1]:.1f} ms in the median, "
            f"p95 {1000 * p95:.1f} ms"
        )
    print(f"a claim among many costs {medians[1] / medians[0]:.1f} times one among few")


if __name__ == "__main__":
    main()
