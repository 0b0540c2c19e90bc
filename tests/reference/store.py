"""A store of one fixed newsroom, and everything that is served from it.

`store.db.gz` is what the demo newsroom left in a store after twenty minutes; `served/` holds each document
that a web process answers from it, byte for byte. A change not meant to change a feed leaves both alone.
Where a feed is meant to change: `python -m tests.reference.store` writes `served/` anew; look at the diff.
"""

from __future__ import annotations

import gzip
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from sqlalchemy import delete

from feedsvc import __version__, config
from feedsvc.demo import make_server
from feedsvc.model import ReadyDocument
from feedsvc.store import schema as t
from feedsvc.store.articles.lists import write_outbox
from feedsvc.store.engine import Database
from feedsvc.store.web.snapshots import Snapshots
from feedsvc.wiring.spec import web_spec
from feedsvc.wiring.web import web_app
from feedsvc.wiring.work import collecting
from tests.asking import ask
from tests.conftest import Clock
from tests.pipeline import CONFIG, Pipeline

FOLDER = Path(__file__).parent
STORE = FOLDER / "store.db.gz"
SERVED = FOLDER / "served"
HOST = "127.0.0.1:18081"  #: of the newsroom that was collected; nobody asks it again
PUBLISHED = datetime(2025, 12, 18, 12, 50, tzinfo=UTC)
#: What is built when somebody asks, besides what stands ready
ON_DEMAND = (
    "/feeds/author/bayu-parikesita.rss",
    "/feeds/author/bayu-parikesita.atom",
    "/feeds/author/bayu-parikesita.json",
    "/feeds/author/bayu-parikesita",
    "/feeds/search.atom?q=kota",
    "/feeds/search?q=kota",
    "/feeds/politik.atom?limit=3",
    "/feeds/politik.rss?content=none&limit=2",
    "/feeds/politik.json?content=summary",
    "/embed/politik?count=3&images=1",
    "/embed",
)


def documents(folder: Path) -> dict[str, bytes]:
    """Path → body of everything that is served from the store, published anew at a fixed moment."""
    file = folder / "store.db"
    file.write_bytes(gzip.decompress(STORE.read_bytes()))
    with _settings(folder, file) as settings:
        clock = Clock(PUBLISHED)
        wired = collecting(settings, clock=clock)
        database = Database(settings.store_url)
        try:
            with database.write() as connection_:
                connection_.execute(delete(t.snapshot))
                connection_.execute(delete(t.fragment))
                write_outbox(connection_, {spec.key: False for spec in settings.lists}, clock())
            for _ in range(3):  # feeds, then what is built beside them
                wired.worker.publish_once()
                clock.forward(seconds=10)
        finally:
            database.close()
            wired.worker.stop(5)
            wired.close()
        front = web_app(web_spec(settings))
        front.published.refresh()
        ready = sorted(row.path for row in _snapshots(settings.store_url))
        return {path: _body(front, path) for path in (*ready, *ON_DEMAND)}


def _snapshots(store_url: str) -> list[ReadyDocument]:
    snapshots = Snapshots(store_url)
    try:
        return [row for row in snapshots.since(0) if row.status == 200]
    finally:
        snapshots.close()


def _body(front: Any, path: str) -> bytes:
    answer = ask(front, path, accept_encoding="identity")
    assert answer.status == 200, (path, answer.status)
    return bytes(answer.body).replace(f"feedsvc {__version__}".encode(), b"feedsvc VERSION")


@contextmanager
def _settings(folder: Path, file: Path) -> Iterator[config.Settings]:
    text = folder / "feedsvc.toml"
    text.write_text(CONFIG.format(newsroom=f"http://{HOST}", host=HOST, store=f"sqlite:///{file}"))
    yield config.load(text, {})


def file_of(path: str) -> Path:
    """Where the document of a path is kept."""
    return SERVED / quote(path, safe="")


def kept() -> dict[str, bytes]:
    """Path → body, as kept."""
    return {unquote(file.name): file.read_bytes() for file in SERVED.iterdir()}


def collect(folder: Path) -> None:
    """Let the demo newsroom work for twenty minutes, and keep the store that comes of it."""
    clock = Clock(datetime(2025, 12, 18, 12, 0, 7, tzinfo=UTC))
    file = folder / "store.db"
    text = folder / "feedsvc.toml"
    text.write_text(CONFIG.format(newsroom=f"http://{HOST}", host=HOST, store=f"sqlite:///{file}"))
    host, _, port = HOST.partition(":")
    with make_server(host, int(port), clock=clock):
        pipeline = Pipeline(text, f"sqlite:///{file}", clock)
        pipeline.settle()
        for _ in range(4):
            pipeline.forward(minutes=5)
        pipeline.close()
    connection = sqlite3.connect(file)
    connection.executescript("delete from body; delete from snapshot; delete from fragment; vacuum;")
    connection.execute("pragma journal_mode = delete")
    connection.close()
    STORE.write_bytes(gzip.compress(file.read_bytes(), mtime=0))


def main() -> None:
    """Write what is served anew; with `--collect` the store as well."""
    with tempfile.TemporaryDirectory() as folder:
        if "--collect" in sys.argv:
            collect(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        SERVED.mkdir(exist_ok=True)
        made = documents(Path(folder))
        for old in SERVED.iterdir():
            old.unlink()
        for path, body in made.items():
            file_of(path).write_bytes(body)


if __name__ == "__main__":
    main()
