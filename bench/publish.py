"""What one changed article costs until all its feeds are visible, and what that depends on.

    python bench/publish.py [cost | size | visible | web]...         (default: all of them)

cost: CPU of the publisher a feed, in three formats and three codings, after one more article; beside it, as a
measure of the machine in that moment, the CPU of one `gzip -6` of the feed (60 kB, idle core: 1.3 ms).
size: the same with 1,000, 100,000 (and with BENCH_ROWS=1000000: so many) articles in the store, and with 1,
100 and 10,000 feeds beside; building those for the first time is not counted.
visible: seconds from the article's transaction until every web process answers with it.
web: a web process with 1,000 feeds in three formats: its memory; and how soon it is ready after its start.

The articles are made up; a feed of 46 entries has 60 kB. SQLite, synchronous=FULL.
"""

from __future__ import annotations

import gzip
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
from sqlalchemy import select

from feedsvc.publish.pages import FrontPages
from feedsvc.publish.publisher import Publisher
from feedsvc.store import schema as t
from feedsvc.store.web.generation import GenerationFile
from feedsvc.wiring.process import state_path

sys.path.insert(0, str(Path(__file__).parent.parent))
from tests.filled import START, Filled

ROUNDS = 20


class Later(FrontPages):
    """Pages for people are built every few seconds, whatever happens: no part of what a feed costs."""

    def due(self, now: datetime) -> bool:
        return False


class Moving:
    """A clock that the benchmark moves: a feed is built at most once a second."""

    def __init__(self) -> None:
        self.moment = START + timedelta(days=30)

    def __call__(self) -> datetime:
        return self.moment


def drain(publisher: Publisher, clock: Moving, seconds: float = 600) -> None:
    """Publish until nothing is left to do."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        clock.moment += timedelta(seconds=5)
        if publisher.run() is None:
            return


def one_more(filled: Filled, publisher: Publisher, clock: Moving) -> tuple[float, float]:
    """(CPU, wall) milliseconds of publishing one more article: two feeds, its section's and `latest`."""
    clock.moment += timedelta(seconds=1.1)
    filled.add(1, clock.moment, backfill=False)
    wall, used = time.perf_counter(), time.process_time()
    done = publisher.run()
    used, wall = time.process_time() - used, time.perf_counter() - wall
    assert done is not None
    assert "/feeds/latest.rss" in done.paths
    return used * 1e3, wall * 1e3


def measured(folder: Path, *, sections: int, articles: int) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    filled = Filled(folder / "store.db", sections=sections, articles=articles)
    clock = Moving()
    publisher = filled.publisher(lambda number: None, clock, Later)
    began = time.monotonic()
    drain(publisher, clock)
    first = time.monotonic() - began
    costs = [one_more(filled, publisher, clock) for _ in range(ROUNDS)]
    with filled.database.read() as connection:
        feed = connection.execute(
            select(t.snapshot.c.identity).where(t.snapshot.c.path == "/feeds/latest.rss")
        ).scalar()
    began = time.process_time()
    for _ in range(20):
        gzip.compress(feed, 6)
    unit = (time.process_time() - began) / 20 * 1e3
    cpu, wall = ([pair[n] for pair in costs] for n in (0, 1))
    print(
        f"{sections:>7} {filled.articles:>9} {statistics.median(cpu) / 2:9.1f} {max(cpu) / 2:8.1f}"
        f" {statistics.median(wall):9.1f} {max(wall):8.1f} {first:9.1f}"
        f" {len(feed):9,} {unit:7.2f}",
        flush=True,
    )
    filled.database.close()


def head() -> None:
    print(
        f"{'feeds':>7} {'articles':>9} {'CPU ms a feed':>14} {'worst':>3} {'wall ms':>9} {'worst':>8}"
        f" {'first build s':>9} {'bytes':>9} {'gzip ms':>7}   load {psutil.getloadavg()[0]:.1f}"
    )


def cost(folder: Path) -> None:
    head()
    measured(folder / "cost", sections=1, articles=36)


def size(folder: Path) -> None:
    head()
    for rows in (1_000, 100_000, *([int(os.environ["BENCH_ROWS"])] if "BENCH_ROWS" in os.environ else [])):
        measured(folder / "rows", sections=10, articles=rows)
    for feeds in (1, 100, 10_000):
        measured(folder / "feeds", sections=feeds, articles=max(50, feeds * 5))


def serving(folder: Path, filled: Filled, port: int, sections: int) -> subprocess.Popen[bytes]:
    config = folder / "feedsvc.toml"
    lines = [
        (
            f'[site]\ntitle = "Contoh"\nurl = "https://news.example/"\n[serve]\nport = {port}\n'
            f'[store]\nurl = "{filled.url}"\n'
        )
    ]
    lines += [
        f'[[section]]\nslug = "s{n}"\nsources = [{{ page = "https://news.example/{n}" }}]\n'
        for n in range(sections)
    ]
    config.write_text("".join(lines))
    return subprocess.Popen([sys.executable, "-m", "feedsvc", "serve", "--config", str(config)])


def get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as answer:
        found: bytes = answer.read()
        return found


def ready(url: str, began: float) -> float:
    """Seconds from `began` until the service answers with a feed."""
    while time.monotonic() - began < 60:
        try:
            get(url)
            return time.monotonic() - began
        except OSError:
            time.sleep(0.01)
    raise SystemExit(f"{url} does not answer")


def visible(folder: Path) -> None:
    """As in `feedsvc run`: a publisher that looks every quarter of a second, and two web processes."""
    folder = folder / "visible"
    folder.mkdir()
    filled = Filled(folder / "store.db", sections=2, articles=100)
    generation = GenerationFile(state_path(filled.url, "generation", "var"))
    publisher = filled.publisher(generation.write, lambda: datetime.now(UTC))
    publisher.run()
    stop = threading.Event()

    def publish() -> None:
        while not stop.wait(0.25):
            publisher.run()

    thread = threading.Thread(target=publish)
    server = serving(folder, filled, 18931, 2)
    try:
        ready("http://127.0.0.1:18931/feeds/latest.rss", time.monotonic())
        thread.start()
        took = []
        for _ in range(40):
            began = time.monotonic()
            filled.add(1, datetime.now(UTC), backfill=False)
            marks = [f"?p={filled.articles}<".encode(), f"?p={filled.articles}&".encode()]
            for path in ("/feeds/latest.rss", f"/feeds/s{filled.articles % 2}.atom"):
                seen = 0
                while seen < 12:  # new connections: both processes answer some of them
                    body = get(f"http://127.0.0.1:18931{path}")
                    seen = seen + 1 if any(mark in body for mark in marks) else 0
            took.append(time.monotonic() - began)
            time.sleep(0.3)
        took.sort()
        print(
            f"visible on every web process after: median {statistics.median(took):.2f} s, "
            f"p95 {took[37]:.2f} s, worst {took[-1]:.2f} s; load {psutil.getloadavg()[0]:.1f}"
        )
    finally:
        stop.set()
        server.terminate()
        server.wait(20)
        if thread.ident:
            thread.join()
        filled.database.close()


def web(folder: Path) -> None:
    for sections, articles, entries in (
        (10, 10_000, "10,000 articles"),
        (1_000, 46_000, "1,000 feeds of 46 entries"),
    ):
        place = folder / f"web{sections}"
        place.mkdir()
        filled = Filled(place / "store.db", sections=sections, articles=articles)
        clock = Moving()
        drain(filled.publisher(lambda number: None, clock), clock)
        filled.database.close()
        began = time.monotonic()
        server = serving(place, filled, 18932, sections)
        try:
            took = ready("http://127.0.0.1:18932/feeds/s1.rss", began)
            for n in range(0, sections, max(1, sections // 50)):
                get(f"http://127.0.0.1:18932/feeds/s{n}.rss")
            processes = psutil.Process(server.pid).children(recursive=True)
            sizes = sorted(one.memory_full_info().uss / 1e6 for one in processes)
            print(
                f"{entries}: ready after {took:.2f} s (with the start of the interpreter); "
                f"web processes hold {', '.join(f'{one:.0f}' for one in sizes)} MB of their own"
            )
        finally:
            server.terminate()
            server.wait(20)


PARTS: dict[str, Callable[[Path], None]] = {"cost": cost, "size": size, "visible": visible, "web": web}


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="feedsvc-bench-"))
    try:
        for name in sys.argv[1:] or PARTS:
            PARTS[name](folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
