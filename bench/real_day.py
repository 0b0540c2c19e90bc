"""A day as the real worker lives it, for bench/simulate.py: sources over HTTP, a clock that is set."""

from __future__ import annotations

import logging
import sys
import tempfile
import time
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from ipaddress import ip_network
from pathlib import Path

from sqlalchemy import select

sys.path.insert(0, str(Path(__file__).parent.parent))

from polling import BEGIN, DAY, Traces

from feedsvc import config
from feedsvc.store import schema as t
from feedsvc.store.engine import Database
from feedsvc.wiring.collector import Outside
from feedsvc.wiring.work import collecting
from tests.conftest import Clock, until
from tests.servers import Exchange, ScriptedServer

CONFIG = """
[site]
title = "Day"
url = "http://news.example/"
namespace = "5b0c5f0e-6c1d-4a41-9d54-6f2a6f6c9a11"
[fetch]
ports = [{port}]
budget = {budget}
[websub]
hub = false
[store]
url = "{store}"
[[section]]
slug = "all"
sources = [{sources}]
"""
SHOWN = 50  #: entries of a feed


@dataclass
class Lived:
    """What the sources saw."""

    polls: int = 0
    with_news: int = 0
    delays: Sequence[float] = field(default_factory=list)
    cpu: float = 0.0  #: seconds of this process, the sources' share with them


class Sources:
    """Feeds whose entries appear when the clock says so; each remembers how far it was read."""

    def __init__(self, traces: Traces, clock: Clock, server: ScriptedServer) -> None:
        self._traces, self._clock = traces, clock
        self._read = [0] * len(traces)
        self._first = [True] * len(traces)
        self._delays: list[float] = []
        self.lived = Lived()
        server.routes["*"] = self._answer

    def _answer(self, exchange: Exchange) -> None:
        if exchange.path == "/robots.txt":
            exchange.answer(404)
            return
        number = int(exchange.path.rpartition("/")[2])
        at = (self._clock() - BEGIN).total_seconds()
        trace = self._traces[number]
        upto = bisect_right(trace, at)
        new = trace[self._read[number] : upto]
        self._read[number] = upto
        self.lived.polls += 1
        if new:
            self.lived.with_news += 1
            self._delays += [at - one for one in new]
        tag = f'"{upto}"'
        if exchange.headers.get("if-none-match") == tag:
            exchange.answer(304, headers={"ETag": tag})
            return
        items = "".join(
            f"<item><title>Report {n} of {number}</title><link>http://h{number}.example/{n}</link>"
            f'<guid isPermaLink="false">{number}-{n}</guid>'
            f"<pubDate>{format_datetime(BEGIN + timedelta(seconds=trace[n]))}</pubDate></item>"
            for n in range(max(0, upto - SHOWN), upto)
        )
        body = f"<rss version='2.0'><channel><title>{number}</title>{items}</channel></rss>"
        exchange.answer(200, body.encode(), {"Content-Type": "application/rss+xml", "ETag": tag})

    def ended(self) -> Lived:
        """What they saw, once the day is over."""
        self.lived.delays = sorted(self._delays)
        return self.lived


def real_day(traces: Traces, *, budget: float) -> Lived:
    """`budget`: polls an hour of all sources together."""
    logging.disable(logging.WARNING)  # each step of the clock would be said
    clock, server = Clock(BEGIN), ScriptedServer()
    sources = Sources(traces, clock, server)
    with tempfile.TemporaryDirectory() as folder:
        store = f"sqlite:///{folder}/store.db"
        listed = ", ".join(
            f'{{ feed = "http://h{n}.example:{server.port}/feed/{n}", follow = false }}'
            for n in range(len(traces))
        )
        file = Path(folder) / "feedsvc.toml"
        file.write_text(CONFIG.format(port=server.port, budget=budget, store=store, sources=listed))
        outside = Outside(
            lookup=lambda host, port: ["127.0.0.1"],
            networks=(ip_network("127.0.0.1/32"),),
            monotonic=lambda: clock().timestamp(),
        )
        wired = collecting(config.load(file, {}), clock=clock, outside=outside)
        database = Database(store)
        begun = time.process_time()
        due = t.due.c
        try:
            while (clock() - BEGIN).total_seconds() < DAY:
                wired.worker.tick()
                until(lambda: wired.worker.busy == 0, 120)
                with database.read() as connection:
                    rows = connection.execute(select(due.next_due, due.not_before).where(due.active)).all()
                soonest = min(max(row.next_due, row.not_before) for row in rows)
                clock.moment = max(clock() + timedelta(seconds=1), soonest)
        finally:
            wired.worker.stop(5)
            wired.close()
            database.close()
            server.close()
        sources.lived.cpu = time.process_time() - begun
    return sources.ended()
