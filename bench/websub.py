"""Signed deliveries a second to a local sink: `python bench/websub.py [SUBSCRIBERS [HOSTS [SLOW]]]`.

A store of SUBSCRIBERS (2,000) with secrets, spread over HOSTS (4) callback hosts; a feed of 20 kB is
published twice (the second round finds its connections open). The sink is a process of its own that answers
204 and checks every 50th signature; SLOW (0) subscribers hang. Prints how many a second, and when 95 % had
it.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import multiprocessing
import os
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from sqlalchemy import insert

from feedsvc.fetch.guard import Guard
from feedsvc.fetch.sender import Sender
from feedsvc.push.announce import Announcer
from feedsvc.push.deliver import Deliveries
from feedsvc.push.dispatch import Dispatch
from feedsvc.render.freeze import freeze
from feedsvc.store import schema as t
from feedsvc.store.engine import Database
from feedsvc.store.migrate import migrate
from feedsvc.store.publishing.builds import Changes, SqlPublishing
from feedsvc.store.publishing.documents import NewDocument
from feedsvc.store.push.deliveries import SqlPushes

BASE = "https://feeds.example"
PATH = "/feeds/politik.atom"
SECRET = "a secret of some length"


class Subscriber(asyncio.Protocol):
    """As little of HTTP as a sink needs."""

    times: ClassVar[list[float]] = []
    checked = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.buffer = transport, bytearray()

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = bytes(self.buffer[:end]).lower()
            at = head.find(b"content-length:") + 15
            length = int(head[at : head.find(b"\r\n", at) if b"\r\n" in head[at:] else None])
            if len(self.buffer) < end + 4 + length:
                return
            body = bytes(self.buffer[end + 4 : end + 4 + length])
            del self.buffer[: end + 4 + length]
            if b"/slow/" in head[:40]:
                continue  # never answered
            Subscriber.times.append(time.monotonic())
            if len(Subscriber.times) % 50 == 1:
                assert hmac.new(SECRET.encode(), body, "sha256").hexdigest().encode() in head
                Subscriber.checked += 1
            self.transport.write(b"HTTP/1.1 204 No Content\r\n\r\n")


def sink(pipe: Connection) -> None:
    """The sink's process: tells its port, and on demand what came."""

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(Subscriber, "0.0.0.0", 0, backlog=1024)
        pipe.send(server.sockets[0].getsockname()[1])
        while True:
            if not pipe.poll():
                await asyncio.sleep(0.02)
                continue
            if pipe.recv() == "end":
                return
            pipe.send((Subscriber.times[:], Subscriber.checked))

    asyncio.run(serve())


def main() -> None:
    """Measure and print."""
    subscribers, hosts, slow = (*map(int, sys.argv[1:4]), *(2000, 4, 0)[len(sys.argv[1:4]) :])
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=sink, args=(theirs,), daemon=True)
    process.start()
    port = ours.recv()
    now = lambda: datetime.now(UTC)  # noqa: E731
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder)}/store.db")
        migrate(database)
        fill(database, port, subscribers, hosts, slow)
        pushes = SqlPushes(database, BASE)
        publishing = SqlPublishing(database, pushes)
        sender = Sender(
            Guard(networks=(ipaddress.ip_network("127.0.0.0/8"),)), user_agent="feedsvc/bench", now=now
        )
        dispatch = Dispatch("deliver", Deliveries(sender, pushes, method="sha256", now=now), now=now)
        announcer = Announcer(pushes, now=now, announced=dispatch.wake, tidy=lambda: None)
        dispatch.start()
        print(f"{subscribers} subscribers on {hosts} hosts, {slow} of them hang; {os.cpu_count()} cores")
        token = publishing.take_lease(now(), 600, 0)
        done = 0
        for round_number in (1, 2):
            body = os.urandom(10_000).hex().encode()
            snapshot = freeze(
                body,
                path=PATH,
                media_type="application/atom+xml; charset=utf-8",
                stored=now(),
                max_age=60,
                links=[("self", BASE + PATH), ("hub", f"{BASE}/websub")],
            )
            assert token is not None
            began, cpu = time.monotonic(), time.process_time()
            publishing.save(
                Changes(documents=[NewDocument(snapshot, "politik", body[:16])], news={PATH}),
                token=token,
                now=now(),
            )
            announcer.run()
            wanted = done + subscribers - slow
            times: ClassVar[list[float]] = []
            while len(times) < wanted and time.monotonic() - began < 120:
                time.sleep(0.05)
                ours.send("times")
                times, checked = ours.recv()
            got = sorted(times[done:])
            done = len(times)
            seconds = got[-1] - began
            late = got[int(len(got) * 0.95) - 1] - began
            busy = (time.process_time() - cpu) / seconds
            print(
                f"round {round_number}: {len(got) / seconds:6.0f} a second; first {got[0] - began:.2f} s, "
                f"95 % {late:.2f} s, all {seconds:.2f} s; {busy:.2f} of a core here"
            )
        print(f"{checked} signatures checked; {len(times) - 2 * (subscribers - slow)} repeats")
        dispatch.stop(1)
        sender.close()
        database.close()
    ours.send("end")
    process.join(5)


def fill(database: Database, port: int, subscribers: int, hosts: int, slow: int) -> None:
    """Subscriptions as if they were confirmed."""
    since = datetime.now(UTC)
    rows = []
    for number in range(subscribers):
        name = "slow" if number < slow else "cb"
        callback = f"http://127.0.0.{1 + number % hosts}:{port}/{name}/{number}"
        rows.append(
            {
                "callback": callback,
                "topic": BASE + PATH,
                "host": urlsplit(callback).netloc,
                "secret": SECRET,
                "since": since,
                "expires": since + timedelta(days=1),
            }
        )
    with database.write() as connection:
        connection.execute(insert(t.subscription), rows)


if __name__ == "__main__":
    main()
