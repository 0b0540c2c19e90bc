"""WebSub between real processes: published through the API, pushed to a subscriber, killed in the middle."""

from __future__ import annotations

import contextlib
import itertools
import json
import signal
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests
from lxml import etree

from tests.conftest import until
from tests.e2e.service import Service
from tests.push.sink import Got, Reply, Sink

CONFIG = """
[site]
title = "Kabar"
url = "http://127.0.0.1:{demo}/"
timezone = "Asia/Jakarta"
[serve]
port = {port}
workers = 2
[fetch]
own = ["127.0.0.1:{source}"]
[websub]
private = ["127.0.0.0/8"]
[store]
url = "sqlite:///{folder}/store.db"
[[section]]
slug = "politik"
sources = [{{ feed = "http://127.0.0.1:{source}/{path}", every = "{every}", follow = false }}]
"""


class Newsroom(Service):
    """A service that is published to through its API, or follows another one."""

    def __init__(self, folder: Path, source: int = 9, path: str = "feed", every: str = "1h") -> None:
        folder.mkdir(exist_ok=True)
        super().__init__(folder)
        values = {"port": self.port, "demo": self.demo, "folder": folder}
        self.file.write_text(CONFIG.format(**values, source=source, path=path, every=every))
        self.base = f"http://127.0.0.1:{self.port}"
        self.topic = f"{self.base}/feeds/politik.json"
        self.token = ""

    def begin(self) -> None:
        self.start()
        self.wait()
        if not self.token:
            self.token = self.call("token", "add", "cms").stdout.strip()

    def publish(self, number: int) -> None:
        one = {
            "id": str(number),
            "url": f"http://127.0.0.1:{self.demo}/politik/{number}",
            "title": f"Judul {number}",
            "content": "<p>Isi.</p>",
            "sections": ["politik"],
        }
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = requests.post(f"{self.base}/api/articles", json=one, headers=headers, timeout=10)
        assert answer.status_code == 201, answer.text

    def subscribe(self, callback: str, **more: str) -> None:
        form = {"hub.mode": "subscribe", "hub.callback": callback, "hub.topic": self.topic}
        form |= {f"hub.{name}": value for name, value in more.items()}
        assert requests.post(f"{self.base}/websub", data=form, timeout=10).status_code == 202

    def worker(self) -> psutil.Process:
        return self.family("work")[0]


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    found = Newsroom(tmp_path / "one")
    yield found
    found.close()


@pytest.fixture
def sink() -> Iterator[Sink]:
    server = Sink()
    yield server
    server.close()


def ids(body: bytes) -> set[str]:
    return {one["title"] for one in json.loads(body)["items"]}


def test_feeds_name_themselves_and_their_hub_alike_in_header_and_body(newsroom: Newsroom) -> None:
    """websub.rocks, publisher: discovery by header and by body, on GET and HEAD, of every format."""
    newsroom.begin()
    newsroom.publish(1)
    until(lambda: len(newsroom.items("politik")) == 1, 20)
    hub = f"{newsroom.base}/websub"
    for slug in ("politik", "latest"):
        for form in ("rss", "atom", "json"):
            path = f"/feeds/{slug}.{form}"
            answer = newsroom.get(path)
            whole = f'<{newsroom.base}{path}>; rel="self", <{hub}>; rel="hub"'
            assert answer.headers["Link"].startswith(whole)
            head = requests.head(f"{newsroom.base}{path}", timeout=10)
            assert (head.status_code, head.headers["Link"]) == (200, answer.headers["Link"])
            assert _in_body(form, answer.content) == (f"{newsroom.base}{path}", hub)
            variant = newsroom.get(f"{path}?limit=1")
            assert 'rel="hub"' not in variant.headers["Link"]
            assert _in_body(form, variant.content) == (f"{newsroom.base}{path}?limit=1", "")
    for path in ("/", "/feeds/politik"):
        assert 'rel="hub"' not in newsroom.get(path).headers.get("Link", "")
    assert newsroom.terminate() == 0


def _in_body(form: str, body: bytes) -> tuple[str, str]:
    """(self, hub) as a feed's body says."""
    if form == "json":
        feed = json.loads(body)
        return feed["feed_url"], next((one["url"] for one in feed.get("hubs", [])), "")
    root = etree.fromstring(body)
    head = root if form == "atom" else root[0]
    found = {one.get("rel"): one.get("href") for one in head.findall("{http://www.w3.org/2005/Atom}link")}
    return str(found["self"]), str(found.get("hub", ""))


def test_killed_in_the_middle_of_deliveries_every_subscriber_gets_the_bytes(
    newsroom: Newsroom, sink: Sink
) -> None:
    newsroom.begin()
    paths = [f"/cb/{number}" for number in range(40)]
    for path in paths:
        newsroom.subscribe(sink.url(path))
    until(lambda: {got.path for got in list(sink.got)} >= set(paths), 30)
    numbers = itertools.count(1)
    down = threading.Event()

    def kill(got: Got) -> Reply:
        """While the fifth of them is served, somebody pulls the plug; later ones are not answered before."""
        if got.method == "POST":
            number = next(numbers)
            if number == 5:
                newsroom.worker().send_signal(signal.SIGKILL)
                down.set()
            elif number > 5:
                down.wait(30)
        return Reply(200, got.asks("hub.challenge").encode())

    for path in paths:
        sink.rules[path] = kill
    newsroom.publish(1)
    until(lambda: all(sink.posts(path) for path in paths), 60)
    assert down.is_set()
    for path in paths:
        bodies = {got.body for got in sink.posts(path)}
        assert len(bodies) == 1  # a repeat has the same bytes
        assert ids(bodies.pop()) == {"Judul 1"}
    assert newsroom.terminate() == 0


def test_the_whole_service_killed_before_anybody_was_told(newsroom: Newsroom, sink: Sink) -> None:
    newsroom.begin()
    newsroom.subscribe(sink.url("/cb"))
    until(lambda: sink.gets("/cb"), 30)
    sink.rules["/cb"] = sink.hang
    newsroom.publish(1)
    until(lambda: sink.posts("/cb"), 30)
    newsroom.kill()
    del sink.rules["/cb"]
    sink.released.set()
    newsroom.begin()
    until(lambda: len(sink.posts("/cb")) >= 2, 30)
    assert len({got.body for got in sink.posts("/cb")}) == 1
    newsroom.publish(2)
    until(lambda: ids(sink.posts("/cb")[-1].body) == {"Judul 1", "Judul 2"}, 30)
    assert newsroom.terminate() == 0


def test_one_service_follows_another(newsroom: Newsroom, tmp_path: Path) -> None:
    """Our hub and our subscriber, each in its own processes; polled hourly, so what comes was pushed."""
    newsroom.begin()
    newsroom.publish(1)
    until(lambda: len(newsroom.items("politik")) == 1, 20)
    reader = Newsroom(tmp_path / "two", source=newsroom.port, path="feeds/politik.json")
    try:
        reader.begin()
        until(lambda: _subscriptions(newsroom.folder) == 1, 30)
        newsroom.publish(2)
        until(lambda: {one["title"] for one in reader.items("politik")} == {"Judul 1", "Judul 2"}, 30)
    finally:
        reader.close()


def _subscriptions(folder: Path) -> int:
    with contextlib.closing(sqlite3.connect(folder / "store.db")) as connection:
        count: int = connection.execute("SELECT count(*) FROM subscription").fetchone()[0]
        return count
