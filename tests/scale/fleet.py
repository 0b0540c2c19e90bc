"""A fleet on this machine: tickers and hands as real processes, sources as a scripted server."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import text

from feedsvc.errors import StoreError
from feedsvc.store.engine import Database
from tests.brokers import Broker
from tests.servers import Exchange, ScriptedServer

CONFIG = """
[site]
title = "Fleet"
url = "http://reader.example/"
namespace = "5b0c5f0e-6c1d-4a41-9d54-6f2a6f6c9a11"
[serve]
base_url = "https://feeds.example"
[fetch]
ports = [{port}]
[websub]
hub = false
[store]
url = "{store}"
[work]
executor = "{executor}"
lease = {lease}
[celery]
broker = "{broker}"
[[section]]
slug = "all"
size = 1000
sources = [
{sources}
]
"""
LEASE = 20  #: seconds
ENTRY = """<item><title>Report {number} of {feed}</title>
<link>http://reader.example/{feed}/{number}</link><guid isPermaLink="false">{feed}-{number}</guid>
<pubDate>Thu, 18 Dec 2025 10:{minute:02d}:00 GMT</pubDate></item>"""


class Upstreams:
    """Feeds, each of the host that `hosts` names; notes when a host was asked, from when to when."""

    def __init__(self, server: ScriptedServer, hosts: list[str]) -> None:
        self.port = server.port
        self.sources = [f"{host}.example:{self.port}/feed/{number}" for number, host in enumerate(hosts)]
        self.asked: dict[str, list[tuple[float, float]]] = {}
        server.routes["*"] = self._answer

    def _answer(self, exchange: Exchange) -> None:
        begun = time.monotonic()
        host = exchange.headers["host"].partition(".")[0]
        number = exchange.path.removeprefix("/feed/")
        if number.isdecimal():
            time.sleep(0.05)  # an answer takes a moment, so that kills meet requests under way
            items = "".join(ENTRY.format(feed=number, number=n, minute=int(number) % 60) for n in range(2))
            body = f"<rss version='2.0'><channel><title>{number}</title>{items}</channel></rss>".encode()
            exchange.answer(200, body, {"Content-Type": "application/rss+xml"})
        else:
            exchange.answer(404, b"")
        self.asked.setdefault(host, []).append((begun, time.monotonic()))


class Fleet:
    """Starts, kills and ends processes by their ids."""

    def __init__(
        self,
        folder: Path,
        upstreams: Upstreams,
        *,
        store: str,
        broker: Broker | None,
        more: str = "",
        lease: int = LEASE,
    ) -> None:
        self.folder = folder
        self.store = store
        self.upstreams = upstreams
        self.broker = broker
        self.file = folder / "feedsvc.toml"
        self.celery = broker is not None
        rest = "every = 3600, follow = false"
        self.file.write_text(
            CONFIG.format(
                port=upstreams.port,
                store=store,
                executor="celery" if broker else "pool",
                broker=broker.url if broker else "",
                lease=lease,
                sources="\n".join(
                    [more, *(f'  {{ feed = "http://{one}", {rest} }},' for one in upstreams.sources)]
                ),
            )
        )
        self.tickers: list[subprocess.Popen[bytes]] = []
        self.hands: list[subprocess.Popen[bytes]] = []
        self._names = 0

    def start(self, *, tickers: int, hands: int) -> None:
        """Start so many tickers, and workers of Celery with two children each."""
        for _ in range(tickers):
            self.tickers.append(self._start([sys.executable, "-m", "tests.scale.world", str(self.file)]))
        for _ in range(hands if self.celery else 0):
            self._names += 1  # RabbitMQ lets one worker alone have a name
            name = f"hand{self._names}@localhost"
            options = ["--concurrency", "2", "--hostname", name, "--loglevel", "WARNING", "--without-mingle"]
            command = [sys.executable, "-m", "celery", "-A", "tests.scale.world:app", "worker", *options]
            self.hands.append(self._start(command))

    def kill_one(self, which: random.Random) -> None:
        """`kill -9` of a ticker or a worker with all its children; another one starts in its place."""
        group = which.choice([one for one in (self.tickers, self.hands) if one])
        victim = group.pop(which.randrange(len(group)))
        os.killpg(victim.pid, signal.SIGKILL)
        victim.wait(10)
        self.start(tickers=int(group is self.tickers), hands=int(group is self.hands))

    def tend(self) -> None:
        """Start another worker for each that ended itself, as a supervisor does."""
        ended = [one for one in self.hands if one.poll() is not None]
        self.hands = [one for one in self.hands if one not in ended]
        self.start(tickers=0, hands=len(ended))

    def stop(self) -> None:
        """End everything."""
        for process in (*self.tickers, *self.hands):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in (*self.tickers, *self.hands):
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(10)

    def log(self) -> str:
        """What the processes said."""
        return (self.folder / "log").read_text(errors="replace")

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            env: Mapping[str, str] = {
                **os.environ,
                "FEEDSVC_CONFIG": str(self.file),
                "PYTHONPATH": str(self.folder),  # plug-ins of a test
            }
            return subprocess.Popen(command, env=env, stdout=log, stderr=log, start_new_session=True)


def ask(store: str, statement: str) -> list[tuple[Any, ...]]:
    """The rows of a store that a statement selects."""
    database = Database(store)
    try:
        with database.read() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]
    finally:
        database.close()


def collected(store: str) -> int:
    """How many sources were read."""
    try:
        return len(ask(store, "SELECT no FROM upstream WHERE complete"))
    except StoreError:
        return 0  # its tables are not made yet


def left(store: str) -> str:
    """What is not collected yet, and why."""
    rows = ask(
        store,
        "SELECT u.name, u.failures, u.error_code, u.error_message, d.lost, d.next_due, d.lease_until "
        "FROM upstream u JOIN due d ON d.upstream = u.no WHERE NOT u.complete",
    )
    return "\n".join(map(str, rows))
