#!/usr/bin/env python3
"""What a poll costs that brings nothing new: bench/collect.py [--sources N] [--store URL] [--profile].

N sources, each on a host of its own, in one worker (`executor = "pool"`). The upstream is another process
on loopback that answers 200 at first, then 304. Printed: polls a second and CPU milliseconds a poll of the
worker's process, for the first pass (everything is new: robots.txt, the feed, its articles) and for a pass in
which nothing is. CPU is the figure to compare; polls a second depend on what else the machine does.
`--profile` prints where the CPU of the second pass goes.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import multiprocessing
import pstats
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from ipaddress import ip_network
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

from feedsvc import config
from feedsvc.wiring.collector import Outside
from feedsvc.wiring.process import now
from feedsvc.wiring.work import Collecting, collecting

CONFIG = """
[site]
title = "Collect"
url = "http://news.example/"
namespace = "5b0c5f0e-6c1d-4a41-9d54-6f2a6f6c9a11"
[fetch]
ports = [{port}]
[websub]
hub = false
[store]
url = "{store}"
[[section]]
slug = "all"
sources = [{sources}]
"""
TAG = '"one"'


def upstream(pipe: Pipe) -> None:
    """A feed of one entry for every host, which never changes; no robots.txt."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                line, _, rest = head.decode("latin-1").lower().partition("\r\n")
                if "/robots.txt" in line:
                    writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                elif f"if-none-match: {TAG}" in rest:
                    writer.write(f"HTTP/1.1 304 Not Modified\r\nETag: {TAG}\r\n\r\n".encode())
                else:
                    number = line.split()[1].rpartition("/")[2]
                    body = (
                        f"<rss version='2.0'><channel><title>{number}</title><item><title>Report of {number}"
                        f"</title><link>http://h{number}.example/1</link><guid isPermaLink='false'>{number}-1"
                        "</guid><pubDate>Sun, 29 Nov 2026 08:00:00 GMT</pubDate></item></channel></rss>"
                    ).encode()
                    writer.write(
                        f"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: {TAG}\r\n"
                        f"Content-Length: {len(body)}\r\n\r\n".encode()
                        + body
                    )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def serve() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=4096)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


def one_pass(wired: Collecting, sources: int) -> tuple[float, float]:
    """(polls a second, CPU milliseconds a poll) of polling everything once."""
    wired.queue.hurry(now())
    begun, cpu = time.monotonic(), time.process_time()
    while wired.queue.outstanding(now(), pages=False) or wired.worker.busy:
        wired.worker.tick()
        time.sleep(0.05)
    return sources / (time.monotonic() - begun), (time.process_time() - cpu) / sources * 1000


def profiled(step: Callable[[], object]) -> pstats.Stats:
    """Where `step`, and every thread that begins in it, spends its CPU."""
    profiles: list[cProfile.Profile] = []

    def begin(*_: object) -> None:
        profile = cProfile.Profile(time.thread_time)
        profiles.append(profile)
        profile.enable()

    threading.setprofile(begin)
    try:
        begin()
        step()
    finally:
        threading.setprofile(None)
        profiles[0].disable()
    found = pstats.Stats(profiles[0])
    for one in profiles[1:]:
        found.add(one)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=int, default=1000)
    parser.add_argument("--store", default="", help="address of an empty store; default: an SQLite file")
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=upstream, args=(theirs,), daemon=True)
    server.start()
    port = ours.recv()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        store = options.store or f"sqlite:///{folder}/store.db"
        listed = ", ".join(
            f'{{ feed = "http://h{n}.example:{port}/feed/{n}", follow = false }}'
            for n in range(options.sources)
        )
        file = folder / "feedsvc.toml"
        file.write_text(CONFIG.format(port=port, store=store, sources=listed))
        outside = Outside(
            lookup=lambda host, port: ["127.0.0.1"],
            networks=(ip_network("127.0.0.1/32"),),
            monotonic=time.monotonic,
        )
        wired = collecting(config.load(file, {}), outside=outside)
        try:
            for name in ("first", "unchanged", "unchanged"):
                rate, cost = one_pass(wired, options.sources)
                print(f"{name:10} {rate:8.0f} polls/s {cost:8.2f} ms CPU a poll", flush=True)
            if options.profile:
                profiled(lambda: one_pass(wired, options.sources)).sort_stats("cumulative").print_stats(70)
        finally:
            wired.worker.stop(5)
            wired.close()
            server.terminate()
            server.join()


if __name__ == "__main__":
    main()
