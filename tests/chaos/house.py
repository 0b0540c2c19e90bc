"""A small newsroom's service as real processes: an own feed that grows, a newsroom that publishes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from tests.chaos.checker import Checker, Patient
from tests.conftest import until
from tests.e2e.service import Service
from tests.servers import Exchange, ScriptedServer

CONFIG = """
[site]
title = "Kabar Merawan"
url = "http://{host}/"
language = "id"
timezone = "Asia/Jakarta"
namespace = "5b0c5f0e-6c1d-4a41-9d54-6f2a6f6c9a11"
[serve]
port = {port}
workers = {workers}
[fetch]
own = ["{host}"]
[store]
url = "{store}"
[[section]]
slug = "kabar"
sources = [{{ feed = "http://{host}/feed.xml", every = "1s", follow = false }}]
[[section]]
slug = "lokal"
sources = []
"""
EVERY = 2.0  #: seconds between two new items of the own feed


class Upstream:
    """A feed that grows by an item every two seconds, as a monotonic clock counts them."""

    def __init__(self) -> None:
        self.server = ScriptedServer()
        self.server.routes["/feed.xml"] = self._feed
        self._begun = time.monotonic()

    @property
    def count(self) -> int:
        """How many items there are."""
        return int((time.monotonic() - self._begun) / EVERY) + 3

    def _feed(self, exchange: Exchange) -> None:
        count = self.count
        items = "".join(
            f"<item><title>Kabar ke-{n}</title><link>{self.server.url(f'/kabar/{n}')}</link>"
            f"<guid isPermaLink='false'>k{n}</guid><description>Isi berita {n}.</description></item>"
            for n in range(max(0, count - 30), count)
        )
        feed = f"<rss version='2.0'><channel><title>Kabar</title>{items}</channel></rss>".encode()
        exchange.answer(200, feed, {"Content-Type": "application/rss+xml"})


class House(Service):
    """The service, its upstream, and what was acknowledged of `lokal`: `standing`, address → title.

    With several `workers`, the processes that serve, readers are patient: one may be killed under them.
    """

    def __init__(self, folder: Path, store: str = "", workers: int = 1) -> None:
        super().__init__(folder)
        self.upstream = Upstream()
        self.store = folder / "store.db"
        text = CONFIG.format(
            host=self.upstream.server.host,
            port=self.port,
            store=store or f"sqlite:///{self.store}",
            workers=workers,
        )
        self.file.write_text(text)
        base, slugs = f"http://127.0.0.1:{self.port}", ["kabar", "lokal", "latest"]
        self.checker = Checker(base, slugs) if workers == 1 else Patient(base, slugs, one=False)
        self.standing: dict[str, str] = {}
        self.unanswered: dict[str, str] = {}  #: published, and whoever took it died before it could say so
        self.answers: list[tuple[float, int]] = []  #: monotonic seconds and status of each publication
        self._headers: dict[str, str] = {}
        self.number = 0
        self._ids: dict[str, str] = {}
        self._asking = threading.Lock()

    def open(self, command: str = "run", **environment: str) -> None:
        """Start, and wait until feeds are served."""
        self.environment.update(environment)
        self.start(command)
        self.wait("/feeds/lokal.json")
        if not self._headers:
            self._headers = {"Authorization": f"Bearer {self.secret()}"}
        until(lambda: self.newest() > 0, 30)

    def secret(self) -> str:
        """A token for the API."""
        return self.call("token", "add", "cms").stdout.strip()

    def newest(self) -> int:
        """The number of the newest item of the own feed that is served."""
        return max((int(one["url"].rpartition("/")[2]) for one in self.items("kabar")), default=0)

    def fresh(self, seconds: float = 30) -> None:
        """Wait until what is upstream now is served."""
        wanted = self.upstream.count - 1
        until(lambda: self.newest() >= wanted, seconds)

    def publish(self, timeout: float = 15) -> int:
        """Publish another article by API; the status. What is acknowledged has to stay."""
        with self._asking:
            self.number += 1
            number = self.number
        url, title = f"http://127.0.0.1/lokal/{number}", f"Judul {number}"
        body: dict[str, Any] = {"id": str(number), "url": url, "title": title, "content": "<p>Isi.</p>"}
        body["sections"] = ["lokal"]
        status = self._ask("POST", "/api/articles", body, timeout)
        if status in {200, 201}:
            self.standing[url] = title
        elif status == 0:
            self.unanswered[url] = title
        return status

    def correct(self, timeout: float = 15) -> int:
        """Correct the newest article; the status."""
        with self._asking:
            url, title = f"http://127.0.0.1/lokal/{self.number}", f"Judul {self.number}, dikoreksi"
            body = {"url": url, "title": title, "content": "<p>Isi.</p>", "sections": ["lokal"]}
            status = self._ask("PUT", f"/api/articles/{self._ids[url]}", body, timeout)
            if status == 200:
                self.standing[url] = title
            return status

    def _ask(self, method: str, path: str, body: Any, timeout: float) -> int:
        address = f"http://127.0.0.1:{self.port}{path}"
        try:
            answer = requests.request(method, address, json=body, headers=self._headers, timeout=timeout)
        except requests.RequestException:
            return 0
        self.answers.append((time.monotonic(), answer.status_code))
        if answer.status_code in {200, 201}:
            self._ids[body["url"]] = answer.json()["id"]
        return answer.status_code

    @contextmanager
    def publishing(self, every: float = 0.5) -> Iterator[None]:
        """Publish over and over, from another thread, until the block ends."""
        over = threading.Event()

        def publish() -> None:
            while not over.wait(every):
                self.publish()

        thread = threading.Thread(target=publish, name="newsroom")
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def logged(self, since: int = 0) -> list[str]:
        """Warnings and errors of the log; `since` so many bytes of it."""
        text = self.log.read_bytes()[since:].decode(errors="replace")
        marks = (" ERROR ", " WARNING ", '"level": "error"', '"level": "warning"')
        return [line for line in text.splitlines() if any(mark in line for mark in marks)]

    def verify(self) -> None:
        """All that was promised held."""
        self.checker.reckon("lokal", self.standing, perhaps=self.unanswered)
        log = self.log.read_text(errors="replace")
        assert not self.checker.wrong, f"{dict(self.checker.wrong)}\n{log[-3000:]}"
        assert "Traceback" not in log, log[-3000:]

    def close(self) -> None:
        super().close()
        self.upstream.server.close()
