"""A newsroom with takers: a filled store, its publisher and its service, from one configuration."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from feedsvc.config import Settings, load
from feedsvc.publish.publisher import Publisher
from feedsvc.serve.front import Front
from tests.asking import Answer, ask
from tests.conftest import Clock
from tests.filled import Filled
from tests.fronts import front_of

BASE = "https://feeds.example"
NOW = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
SECTIONS = 4


class Room:
    """`takers` is TOML: the [[taker]] tables; `section`: more for the first section, `site`: for [site]."""

    def __init__(
        self, folder: Path, takers: str, *, articles: int = 250, section: str = "", site: str = ""
    ) -> None:
        self.section, self.site = section, site
        self.clock = Clock(NOW)
        self.folder = folder
        self.filled = Filled(folder / "store.db", sections=SECTIONS, articles=articles, base_url=BASE)
        self.publisher: Publisher | None = None
        self.configure(takers)

    def configure(self, takers: str) -> None:
        """Start the publisher with another configuration."""
        config = self.folder / "feedsvc.toml"
        sections = "".join(
            f'[[section]]\nslug = "s{n}"\nsources = [{{ page = "https://news.example/{n}" }}]\n'
            f"{self.section if n == 0 else ''}\n"
            for n in range(SECTIONS)
        )
        config.write_text(
            '[site]\ntitle = "Kantor Berita Contoh"\nurl = "https://news.example/"\nlanguage = "id"\n'
            'namespace = "6b2b5a0e-6c1d-4a41-9d54-6f2a6f6c9a11"\ntimezone = "Asia/Jakarta"\n'
            f'{self.site}[serve]\nbase_url = "{BASE}"\n[store]\nurl = "{self.filled.url}"\n{sections}{takers}'
        )
        self.config = config
        self.settings: Settings = load(config, {})
        self.filled.takers = self.settings.takers
        self.filled.site = self.settings.site
        said = {spec.slug: spec for spec in self.settings.lists}
        self.filled.lists = tuple(
            replace(one, show=said[one.slug].show, was=said[one.slug].was, rights=said[one.slug].rights)
            for one in self.filled.lists
        )
        if self.publisher is not None:
            self.publisher.stop()
        self.publisher = self.filled.publisher(lambda number: None, self.clock)

    def publish(self, seconds: float = 2) -> None:
        """Let time pass and publish all that is due."""
        self.clock.forward(seconds=seconds)
        assert self.publisher is not None
        self.publisher.run(last=True)

    def front(self) -> Front:
        """The service as it starts now."""
        return front_of(self.settings)

    def close(self) -> None:
        self.filled.database.close()


def ask_built(front: Front, path: str, **headers: str) -> Answer:
    """One request, repeated while what is asked for is still being built: machines may be busy."""
    answer = ask(front, path, **headers)
    while answer.status == 503:
        answer = ask(front, path, **headers)
    return answer
