"""Feeds while a thousand pages keep a stream open, beside feeds while none does, on the same cores.

    python bench/stream.py [STREAMS] [ROUNDS] [SECONDS]     (default: 1000 streams, 7 rounds of 1 s)

The service runs as it would: web processes and the stream process on one store. Each round measures feeds
with the streams open and with none, shuffled, a burst of wrk each (1 thread, 32 connections), so that
whatever else the machine does falls on both alike. The ratio is the median of the rounds' ratios. The streams
are idle: nothing is published, they get their heartbeats. Needs wrk.
"""

from __future__ import annotations

import random
import re
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path

from feedsvc.store.web.generation import GenerationFile
from feedsvc.wiring.process import state_path

sys.path.insert(0, str(Path(__file__).parent.parent))
from tests.filled import Filled

CONFIG = """
[site]
title = "Bench"
url = "https://news.example/"
namespace = "5b0c5f0e-6c1d-4a41-9d54-6f2a6f6c9a11"
[serve]
port = {web}
[store]
url = "sqlite:///{folder}/store.db"
[stream]
run = true
port = {stream}
[[section]]
slug = "s0"
sources = [{{ page = "https://news.example/s0" }}]
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    with suppress(OSError), urllib.request.urlopen(url, timeout=2) as answer:
        return bool(answer.status == 200)
    return False


def wait_for(url: str) -> None:
    end = time.monotonic() + 60
    while not answers(url):
        if time.monotonic() > end:
            raise SystemExit(f"{url} does not answer")
        time.sleep(0.1)


def open_streams(port: int) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
        return int(answer.read().split()[1])


def reach(port: int, number: int) -> None:
    """Wait until so many streams are open, so that no burst is measured while they come or go."""
    end = time.monotonic() + 60
    while open_streams(port) != number:
        if time.monotonic() > end:
            raise SystemExit(f"{open_streams(port)} streams are open, {number} were to be")
        time.sleep(0.05)


def connect(port: int, number: int, stack: ExitStack) -> None:
    for _ in range(number):
        page = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
        page.sendall(b"GET /stream?feed=s0 HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n")


def burst(url: str, seconds: float) -> float:
    """Requests a second."""
    command = ["wrk", "-t1", "-c32", f"-d{seconds:g}s", "-H", "Accept-Encoding: gzip", url]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", text)
    if found is None or "Non-2xx" in text:
        raise SystemExit(text)
    return float(found[1])


def main() -> None:
    streams, rounds, seconds = (
        int(given) for given in (*sys.argv[1:], *("1000", "7", "1")[len(sys.argv) - 1 :])
    )
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is needed (apt-get install wrk)")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, streams + 200)), hard))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        web, stream = free_port(), free_port()
        file = folder / "feedsvc.toml"
        file.write_text(CONFIG.format(folder=folder, web=web, stream=stream))
        filled = Filled(folder / "store.db", sections=1, articles=46, base_url=f"http://127.0.0.1:{web}")
        generation = GenerationFile(state_path(filled.url, "generation", "var"))
        filled.publisher(generation.write, lambda: datetime.now(UTC)).run()
        filled.database.close()
        processes = [
            subprocess.Popen([sys.executable, "-m", "feedsvc", command, "--config", str(file)])
            for command in ("serve", "stream")
        ]
        try:
            feed = f"http://127.0.0.1:{web}/feeds/s0.rss"
            wait_for(feed)
            wait_for(f"http://127.0.0.1:{stream}/healthz")
            measure(feed, stream, streams, rounds, seconds)
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(20)


def measure(feed: str, port: int, streams: int, rounds: int, seconds: float) -> None:
    burst(feed, seconds)
    ratios = []
    for number in range(rounds):
        found: dict[bool, float] = {}
        for idle in random.sample((True, False), 2):
            with ExitStack() as stack:
                if idle:
                    connect(port, streams, stack)
                reach(port, streams if idle else 0)
                found[idle] = burst(feed, seconds)
            reach(port, 0)
        ratios.append(found[True] / found[False])
        print(
            f"round {number + 1}: {found[False]:8.0f}/s without, {found[True]:8.0f}/s with {streams} streams"
        )
    low, high = min(ratios), max(ratios)
    print(f"ratio {statistics.median(ratios):.3f} (median of {rounds}; {low:.3f} to {high:.3f})")


if __name__ == "__main__":
    main()
