"""Polls of a web process while many connections are open and idle: none may wait or fail.

    python bench/connections.py [connections] [seconds]        (default: 10000 connections, 30 seconds)

Prints how many connections stood, the polls' times (each on a connection of its own) before and while they
stand, and the memory of the serving family (PSS) before, with them, and after they closed. The limit of open
files (`ulimit -n`) must allow as many in this process.
"""

from __future__ import annotations

import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.publish import Moving, drain, serving
from tests.filled import Filled

PORT = 18933
REQUEST = b"GET /feeds/latest.rss HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n"


def connect() -> socket.socket:
    """A connection that has had its feed and stays open."""
    one = socket.create_connection(("127.0.0.1", PORT), timeout=5)
    one.sendall(REQUEST)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += one.recv(65536)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head[:100]
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += one.recv(65536)
    return one


def polls(seconds: float) -> str:
    """Times of polls, one after another, each on a new connection."""
    times, failed, end = [], 0, time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.perf_counter()
        try:
            connect().close()
            times.append((time.perf_counter() - began) * 1e3)
        except OSError:
            failed += 1
        time.sleep(0.02)
    times.sort()
    if not times:
        return f"no poll was answered, {failed} failed"
    p99 = times[int(len(times) * 0.99)]
    return f"{len(times)} polls, {failed} failed; median {statistics.median(times):.1f} ms, p99 {p99:.1f} ms"


def memory(server: subprocess.Popen[bytes]) -> str:
    """PSS of the serving processes."""
    family = [psutil.Process(server.pid), *psutil.Process(server.pid).children(recursive=True)]
    return " + ".join(f"{one.memory_full_info().pss / 1e6:.0f}" for one in family) + " MB PSS"


def main() -> None:
    """Measure and print."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 30
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    folder = Path(tempfile.mkdtemp(prefix="feedsvc-bench-"))
    filled = Filled(folder / "store.db", sections=2, articles=200)
    clock = Moving()
    clock.moment -= timedelta(days=29)
    drain(filled.publisher(lambda number: None, clock), clock)
    filled.database.close()
    server = serving(folder, filled, PORT, 2)
    try:
        for _ in range(600):
            try:
                connect().close()
                break
            except OSError:
                time.sleep(0.05)
        print(f"before: {polls(5)}; {memory(server)}", flush=True)
        idle = [connect() for _ in range(wanted)]
        print(f"{len(idle)} idle connections: {polls(seconds)}; {memory(server)}", flush=True)
        for one in idle:
            one.close()
        time.sleep(2)
        print(f"closed: {polls(5)}; {memory(server)}", flush=True)
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
