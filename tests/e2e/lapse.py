"""Many hours of a service in few minutes: sources that publish, correct and fail, readers that poll.

The worker runs in this process with a clock that is set from moment to moment; it reads real servers. The web
process is a real `feedsvc serve`, the readers poll it over real connections from a process of their own
(`python -m tests.e2e.lapse PORT …`). In the second half of the time nothing new is published, only corrected:
what grows then, grows without need.
"""

from __future__ import annotations

import gc
import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_network
from pathlib import Path

import psutil
import requests
from sqlalchemy import func, select

from feedsvc import config
from feedsvc.store import schema as t
from feedsvc.store.engine import Database
from feedsvc.wiring.collector import Outside
from feedsvc.wiring.work import Collecting, collecting
from tests.chaos.checker import Checker
from tests.conftest import Clock, until
from tests.e2e.service import Service
from tests.servers import Exchange, ScriptedServer

BEGIN = datetime(2025, 12, 18, tzinfo=UTC)
STEP = timedelta(minutes=2)  #: the clock goes at least so far
POLL = timedelta(minutes=30)  #: between two rounds of the readers
SECTIONS = 10
CONFIG = """
[site]
title = "Lapse"
url = "http://news.example/"
namespace = "5b0c5f0e-6c1d-4a41-9d54-6f2a6f6c9a11"
[serve]
port = {port}
workers = 1
[fetch]
ports = [{upstream}]
budget = {budget}
[websub]
hub = false
[store]
url = "{store}"
"""


class Newsrooms:
    """A feed of each of so many hosts. Stories are corrected; a tenth of the hosts fails now and then."""

    def __init__(self, count: int, clock: Clock, hours: float, server: ScriptedServer) -> None:
        self._clock = clock
        chance = random.Random(7)
        ends, most = hours / 2 * 3600, max(2, round(hours))
        self.stories = [
            sorted(chance.uniform(0, ends) for _ in range(chance.randint(1, most))) for _ in range(count)
        ]
        self.seen: Counter[str] = Counter()
        self._log = server.log
        server.routes["*"] = self._answer

    def _answer(self, exchange: Exchange) -> None:
        self._log.clear()  # it would be what grows
        if exchange.path == "/robots.txt":
            exchange.answer(404)
            return
        number, at = int(exchange.path.rpartition("/")[2]), (self._clock() - BEGIN).total_seconds()
        if number % 10 == 0 and int(at // 1800 + number // 10) % 4 == 0:
            self._fail(exchange, int(at // 1800) % 4)
            return
        told = [
            (one, self._version(number, n, at)) for n, one in enumerate(self.stories[number]) if one <= at
        ]
        tag = f'"{len(told)}-{sum(version for _, version in told)}"'
        if exchange.headers.get("if-none-match") == tag:
            self.seen["304"] += 1
            exchange.answer(304, headers={"ETag": tag})
            return
        self.seen["200"] += 1
        items = "".join(
            f"<item><title>Report {n} of {number}</title><link>http://h{number}.example/{n}</link>"
            f'<guid isPermaLink="false">{number}-{n}</guid><category>Beat {number % 40}</category>'
            f"<description>Version {version} of what was in place {n}. {'Words follow. ' * 40}</description>"
            f"<pubDate>{format_datetime(BEGIN + timedelta(seconds=one))}</pubDate></item>"
            for n, (one, version) in enumerate(told)
        )
        body = f"<rss version='2.0'><channel><title>{number}</title>{items}</channel></rss>"
        exchange.answer(200, body.encode(), {"Content-Type": "application/rss+xml", "ETag": tag})

    def _version(self, number: int, story: int, at: float) -> int:
        """One story of each newsroom is corrected every hour, to and fro, the others once."""
        if story == 0:
            return int(at // 3600) % 2
        return int(at - self.stories[number][story] > 3600)

    def _fail(self, exchange: Exchange, kind: int) -> None:
        self.seen["failed"] += 1
        match kind:
            case 0:
                exchange.answer(503, b"no", {"Retry-After": "900"})
            case 1:
                exchange.connection.close()
            case 2:
                exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n<rss")
            case _:
                exchange.answer(200, b"<html>Log in, please</html>", {"Content-Type": "text/html"})


@dataclass(frozen=True, slots=True)
class Held:
    """What is held at one moment. Sizes in MB; `web` the family of `feedsvc serve`."""

    hour: float
    articles: int
    store: float
    worker_mb: float
    worker_handles: int
    worker_threads: int
    web_mb: float
    web_handles: int
    web_threads: int


class Lapse:
    """One service over so many simulated hours; `held` each hour, `wrong` and `seen` of its readers."""

    def __init__(self, folder: Path, *, sources: int, hours: float, readers: int) -> None:
        self.clock, self.hours = Clock(BEGIN), hours
        self.server = ScriptedServer()
        self.newsrooms = Newsrooms(sources, self.clock, hours, self.server)
        self.service = Service(folder)
        self.store = folder / "store.db"
        text = CONFIG.format(
            port=self.service.port,
            upstream=self.server.port,
            budget=max(1, sources // 2),
            store=f"sqlite:///{self.store}",
        )
        for n in range(SECTIONS):
            listed = ", ".join(
                f'{{ feed = "http://h{k}.example:{self.server.port}/feed/{k}", follow = false }}'
                for k in range(n, sources, SECTIONS)
            )
            text += f'[[section]]\nslug = "s{n}"\nsources = [{listed}]\n'
        self.service.file.write_text(text)
        self.held: list[Held] = []
        self.wrong: Mapping[str, int] = {}
        self.seen: Mapping[str, int] = {}
        self._readers = readers

    def live(self, told: Callable[[Held], None] = lambda held: None) -> None:
        """All hours, one after the other."""
        outside = Outside(
            lookup=lambda host, port: ["127.0.0.1"],
            networks=(ip_network("127.0.0.1/32"),),
            monotonic=lambda: self.clock().timestamp(),
        )
        wired = collecting(config.load(self.service.file, {}), clock=self.clock, outside=outside)
        database = Database(f"sqlite:///{self.store}")
        try:
            self._round(wired)
            self.service.start("serve")
            self.service.wait("/feeds/latest.rss")
            with self._polled() as poll:
                ends = BEGIN + timedelta(hours=self.hours)
                next_poll, next_hour = BEGIN + POLL, BEGIN + timedelta(hours=1)
                while self.clock() < ends:
                    self._round(wired)
                    if self.clock() >= next_poll:
                        poll()
                        next_poll += POLL
                    if self.clock() >= next_hour:
                        self.held.append(self._look(database))
                        told(self.held[-1])
                        next_hour += timedelta(hours=1)
                    self._forward(database, min(next_poll, next_hour))
        finally:
            wired.worker.stop(5)
            wired.close()
            database.close()
            self.server.close()
            self.service.close()

    def _round(self, wired: Collecting) -> None:
        wired.worker.tick()
        until(lambda: wired.worker.busy == 0, 120)
        wired.worker.publish_once(last=True)
        while wired.worker.index_once():
            pass
        while wired.worker.tidy_once():
            pass

    def _forward(self, database: Database, latest: datetime) -> None:
        d = t.due.c
        with database.read() as connection:
            rows = connection.execute(select(d.next_due, d.not_before).where(d.active)).all()
        soonest = min(max(row.next_due, row.not_before) for row in rows)
        self.clock.moment = max(self.clock() + STEP, min(soonest, latest))

    def _look(self, database: Database) -> Held:
        gc.collect()
        with database.read() as connection:
            articles = connection.execute(select(func.count()).select_from(t.article)).scalar_one()
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            free = connection.exec_driver_sql("PRAGMA freelist_count").scalar_one()
        own = psutil.Process()
        assert self.service.process is not None
        web = [psutil.Process(self.service.process.pid), *self.service.family()]
        return Held(
            hour=(self.clock() - BEGIN) / timedelta(hours=1),
            articles=articles,
            store=(pages - free) * 4096 / 1e6,
            worker_mb=own.memory_full_info().uss / 1e6,
            worker_handles=own.num_fds(),
            worker_threads=own.num_threads(),
            web_mb=sum(one.memory_full_info().uss for one in web) / 1e6,
            web_handles=sum(one.num_fds() for one in web),
            web_threads=sum(one.num_threads() for one in web),
        )

    def _polled(self) -> _Polled:
        return _Polled(self)


class _Polled:
    """The readers' process while the block runs; what it is called with is one round."""

    def __init__(self, lapse: Lapse) -> None:
        self._lapse = lapse
        command = [sys.executable, "-m", __name__, str(lapse.service.port), str(lapse._readers)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=dict(os.environ)
        )

    def __enter__(self) -> Callable[[], None]:
        return self._poll

    def _poll(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("poll\n")
        self._process.stdin.flush()
        self._lapse.seen, self._lapse.wrong = json.loads(self._process.stdout.readline())

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=60)


def readers(port: int, count: int, rounds: Iterator[str]) -> None:
    """So many readers, each with feeds and options of its own; a round for each line that comes."""
    checker = Checker(f"http://127.0.0.1:{port}", [f"s{n}" for n in range(SECTIONS)] + ["latest"])
    paths = checker.paths
    wanted = [[paths[(k * 7 + n * 11) % len(paths)] for n in range(3)] for k in range(count)]
    tags: list[dict[str, str]] = [{} for _ in range(count)]
    for turn, _ in enumerate(rounds):
        for k in range(count):
            for path in wanted[k]:
                tags[k][path] = checker.poll(path, tags[k].get(path, ""), timeout=60)
        for n in range(10):  # what is built on demand, by ever other addresses
            for path in (f"/feeds/tag/beat-{n}.atom", f"/feeds/search.rss?q=place+{turn}+{n}"):
                answer = requests.get(f"http://127.0.0.1:{port}{path}", timeout=60)
                checker.seen[f"on demand {answer.status_code}"] += 1
        sys.stdout.write(json.dumps([checker.seen, checker.wrong]) + "\n")
        sys.stdout.flush()


def table(held: list[Held]) -> str:
    """What was held each hour, in columns."""
    names = list(asdict(held[0]))
    lines = ["  ".join(f"{name:>14}" for name in names)]
    lines += ["  ".join(f"{value:>14.1f}" for value in asdict(one).values()) for one in held]
    return "\n".join(lines)


if __name__ == "__main__":
    readers(int(sys.argv[1]), int(sys.argv[2]), iter(sys.stdin))
