"""The whole pipeline in one process, on a clock that a test moves: a demo newsroom, a worker, its store."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from feedsvc import config, plugins
from feedsvc.demo import DemoServer, make_server
from feedsvc.model import RunReport
from feedsvc.store.web.snapshots import Snapshots
from feedsvc.wiring.collector import Outside
from feedsvc.wiring.work import Collecting, collecting
from tests.conftest import Clock, until
from tests.stores import migrated

NAMESPACE = "5b0c5f0e-6c1d-4a41-9d54-6f2a6f6c9a11"

CONFIG = """
[site]
title = "Kabar Merawan"
url = "{newsroom}/"
language = "id"
timezone = "Asia/Jakarta"
namespace = "5b0c5f0e-6c1d-4a41-9d54-6f2a6f6c9a11"
[serve]
base_url = "https://feeds.example"
[fetch]
own = ["{host}"]
[store]
url = "{store}"
[[section]]
slug = "politik"
sources = [{{ page = "{newsroom}/politik", every = "30s" }}]
[[section]]
slug = "nusantara"
sources = [{{ page = "{newsroom}/nusantara", every = "30s" }}]
[[section]]
slug = "english"
language = "en"
sources = [{{ feed = "{newsroom}/en/feed.xml", every = "30s" }}]
[[box]]
slug = "update"
title = "UPDATE"
sources = [{{ page = "{newsroom}/", box = "UPDATE", every = "30s" }}]
[[box]]
slug = "populer"
title = "Populer"
ranked = true
sources = [{{ page = "{newsroom}/", box = "Populer", every = "30s" }}]
"""


class Pipeline:
    """A worker over a store, ticked by hand."""

    def __init__(self, file: Path, store_url: str, clock: Clock, outside: Outside | None = None) -> None:
        self.settings = config.load(file, {}, plugins=plugins.checks())
        migrated(store_url).close()
        self.clock = clock
        self.reports: list[RunReport] = []
        self.wired: Collecting = collecting(
            self.settings, report=self.reports.append, clock=clock, outside=outside
        )
        self.snapshots = Snapshots(store_url)

    def settle(self) -> list[RunReport]:
        """Work until nothing is due, then publish; returns what was reported."""
        self.reports.clear()
        worker = self.wired.worker

        def quiet() -> bool:
            if not worker.busy:  # a tick asks the store: not a hundred times a second
                worker.tick()
            return not worker.busy and not self.wired.queue.outstanding(self.clock(), pages=True)

        until(quiet, 60)
        self.publish()
        return list(self.reports)

    def publish(self) -> None:
        """Let what may go live go live, and build the feeds."""
        self.wired.worker.tick()
        until(lambda: self.wired.worker.busy == 0, 60)
        self.clock.forward(seconds=1)  # a feed is built at most once a second
        self.wired.worker.publish_once()
        while self.wired.worker.index_once():
            pass

    def tidy(self) -> None:
        """Drop what is past its time. To the worker, a clock that a test moves was set: it would wait."""
        self.wired.worker._tidy_from = 0.0
        while self.wired.worker.tidy_once():
            pass

    def forward(self, **span: float) -> list[RunReport]:
        """Let time pass, and work."""
        self.clock.forward(**span)
        return self.settle()

    def feed(self, slug: str) -> dict[str, Any]:
        """The JSON feed of a list, as it is stored for serving."""
        rows = {row.path: row for row in self.snapshots.since(0)}
        found: dict[str, Any] = json.loads(gzip.decompress(rows[f"/feeds/{slug}.json"].gzip))
        return found

    def items(self, slug: str) -> list[dict[str, Any]]:
        """The entries of a feed."""
        items: list[dict[str, Any]] = self.feed(slug)["items"]
        return items

    def tags(self) -> dict[str, str]:
        """Path → tag of everything that is served."""
        return {row.path: row.etag for row in self.snapshots.since(0)}

    def close(self) -> None:
        self.wired.worker.stop(5)
        self.wired.close()
        self.snapshots.close()


@contextmanager
def running(tmp_path: Path, store_url: str, clock: Clock, newsroom: DemoServer) -> Iterator[Pipeline]:
    """A pipeline that collects from `newsroom`."""
    file = tmp_path / "feedsvc.toml"
    host = newsroom.url.removeprefix("http://").rstrip("/")
    file.write_text(CONFIG.format(newsroom=f"http://{host}", host=host, store=store_url))
    pipeline = Pipeline(file, store_url, clock)
    try:
        yield pipeline
    finally:
        pipeline.close()


__all__ = ["Pipeline", "make_server", "running"]
