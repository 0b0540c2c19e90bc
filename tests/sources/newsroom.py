"""A configuration with sources, worked by hand: what they bring, look by look."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from feedsvc.model import RunReport
from tests.conftest import Clock
from tests.pipeline import Pipeline

HEAD = """
[site]
title = "Kantor Berita Contoh"
url = "https://news.example/"
language = "id"
timezone = "Asia/Jakarta"
namespace = "5b0c5f0e-6c1d-4a41-9d54-6f2a6f6c9a11"
[serve]
base_url = "https://feeds.example"
[fetch]
own = ["{host}"]
[store]
url = "{store}"
"""
SECTION = """
[[section]]
slug = "berita"
[[section.sources]]
"""


class Newsroom:
    """A pipeline over one section, `berita`."""

    def __init__(
        self, folder: Path, store_url: str, clock: Clock, source: str, *, host: str = "news.example"
    ) -> None:
        self.clock = clock
        self.file = folder / "feedsvc.toml"
        self.file.write_text(HEAD.format(host=host, store=store_url) + SECTION + source)
        self.pipeline = Pipeline(self.file, store_url, clock)
        self._store_url = store_url

    def look(self, **span: float) -> RunReport:
        """Let time pass and work until nothing is due; what the source's looks came to."""
        reports = [one for one in self.pipeline.forward(**span) if one.kind != "article"]
        assert reports, "the source was not due"
        failed = [one for one in reports if one.failed]
        return failed[0] if failed else reports[-1]

    def titles(self) -> list[str]:
        """The headlines of the feed, in its order."""
        return [item["title"] for item in self.items()]

    def items(self) -> list[dict[str, Any]]:
        return self.pipeline.items("berita")

    def item(self, title: str) -> dict[str, Any]:
        """The entry with a headline."""
        return next(one for one in self.items() if one["title"] == title)

    def ask(self, question: str) -> list[Any]:
        """The first column of what the store answers."""
        engine = create_engine(self._store_url)
        with engine.connect() as connection:
            found = list(connection.execute(text(question)).scalars())
        engine.dispose()
        return found

    def restart(self) -> None:
        """A new process, as far as memory goes."""
        self.pipeline.close()
        self.pipeline = Pipeline(self.file, self._store_url, self.clock)

    def close(self) -> None:
        self.pipeline.close()
