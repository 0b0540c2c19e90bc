#!/usr/bin/env python3
"""What sources that fail cost those that work: bench/failing.py [--failing N] [--seconds S].

One worker in real time. Of N foreign sources a third accepts connections and says nothing, a third sends a
byte a second, a third refuses; each has a host of its own. Beside them ten foreign sources that work, and one
own source whose feed changes every five seconds. Printed: seconds from a change of the own feed until the
worker has it (median, p95), after how many seconds each of the ten was first asked for its feed, and the
worker's memory.
"""

from __future__ import annotations

import argparse
import resource
import socket
import statistics
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from feedsvc import config
from feedsvc.run.ticker import Ticker
from feedsvc.run.worker import TICK
from feedsvc.wiring.collector import Outside
from feedsvc.wiring.work import collecting
from tests.makers import OWN_AND_FOREIGN
from tests.servers import Exchange, ScriptedServer

HEALTHY = 10
EVERY = 5.0  #: seconds between two changes of the own feed


class Holding:
    """Accepts connections; says nothing on them, or `drip` every second until the other side goes."""

    def __init__(self, drip: bytes = b"") -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()
        if drip:
            threading.Thread(target=self._drip, args=(drip,), daemon=True).start()

    def _accept(self) -> None:
        while True:
            self._open.append(self._listener.accept()[0])

    def _drip(self, data: bytes) -> None:
        while True:
            time.sleep(1)
            for connection in list(self._open):
                try:
                    connection.send(data, socket.MSG_DONTWAIT)
                except OSError:
                    self._open.remove(connection)


class Own:
    """A feed that grows by an item every few seconds; when each came is known."""

    def __init__(self) -> None:
        self.begin = time.monotonic()
        self.delays: dict[int, float] = {}

    def __call__(self, exchange: Exchange) -> None:
        count = int((time.monotonic() - self.begin) / EVERY)
        for n in range(count + 1):
            self.delays.setdefault(n, time.monotonic() - self.begin - n * EVERY)
        items = "".join(
            f"<item><title>Story {n}</title><link>http://own.example/{n}</link><guid>{n}</guid></item>"
            for n in range(max(0, count - 20), count + 1)
        )
        feed = f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>".encode()
        exchange.answer(200, feed, {"Content-Type": "application/rss+xml"})


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--failing", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=240)
    given = parser.parse_args()
    working, own, changes = ScriptedServer(), ScriptedServer(), Own()
    silent, dripping = Holding(), Holding(b"H")
    with socket.create_server(("127.0.0.1", 0)) as closed:
        refusing = closed.getsockname()[1]
    own.routes["/feed"] = changes
    first: dict[str, float] = {}

    def answer(exchange: Exchange) -> None:
        if exchange.path == "/robots.txt":
            exchange.answer(404)
            return
        first.setdefault(exchange.headers["host"], time.monotonic() - changes.begin)
        exchange.answer(200, b"<rss version='2.0'><channel><title>x</title></channel></rss>")

    working.routes["*"] = answer
    ports = (silent.port, dripping.port, refusing)
    addresses = [f"http://bad{n}.example:{ports[n % 3]}/feed" for n in range(given.failing)]
    step = max(1, len(addresses) // HEALTHY)
    for n in range(HEALTHY):  # among the others
        addresses.insert(
            min(len(addresses), n * (step + 1) + step), f"http://good{n}.example:{working.port}/feed"
        )
    sources = [f'{{ feed = "{url}", follow = false }}' for url in addresses]
    sources.append(f'{{ feed = "http://own.example:{own.port}/feed", every = "1s", follow = false }}')
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "feedsvc.toml"
        foreign = ", ".join(str(port) for port in (*ports, working.port))
        file.write_text(
            OWN_AND_FOREIGN.format(port=own.port, ports=foreign, folder=folder, sources=", ".join(sources))
        )
        outside = Outside(
            lookup=lambda host, port: ["127.0.0.1"],
            networks=(ip_network("127.0.0.1/32"),),
            monotonic=time.monotonic,
        )
        wired = collecting(config.load(file, {}), clock=lambda: datetime.now(UTC), outside=outside)
        ticker = Ticker(wired.worker.tick, seconds=TICK)
        changes.begin = time.monotonic()
        ticker.start()
        time.sleep(given.seconds)
        missed = {n: given.seconds - n * EVERY for n in range(int(given.seconds / EVERY))} | changes.delays
        delays = sorted(missed.values())
        print(f"own: median {statistics.median(delays):.1f} s, p95 {delays[int(len(delays) * 0.95)]:.1f} s")
        shown = ", ".join(f"{first[host]:.0f}" for host in sorted(first, key=lambda one: first[one]))
        print(f"healthy foreign: {len(first)} of {HEALTHY} asked, after {shown} s")
        print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB at most")
        ticker.stop()
        wired.worker.stop(1)
        wired.close()


if __name__ == "__main__":
    main()
