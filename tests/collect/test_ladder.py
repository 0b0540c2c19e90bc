"""Where a source is away its stand-in brings the news: the same article stays the same one."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedsvc.config import load
from feedsvc.errors import ConfigError
from tests.collect.newsroom import house
from tests.conftest import Clock
from tests.servers import ScriptedServer

CONFIG = """
[[section]]
slug = "berita"
sources = [{ feed = "SITE/berita.xml", every = "60s", otherwise = [{ page = "SITE/berita", every = "60s" }] }]
"""


@pytest.mark.slow
def test_identity_holds_from_rung_to_rung(tmp_path: Path, clock: Clock, upstream: ScriptedServer) -> None:
    with house(tmp_path, clock, upstream, CONFIG, filled=5) as room:
        entries = [
            {"title": story.headline, "link": upstream.url(path), "guid": f"cms-{n}"}
            for n, (path, story) in enumerate(room.site.stories.items())
        ]
        room.site.feeds["/berita.xml"] = entries
        room.pipeline.forward(minutes=2)
        before = {one["url"]: one["id"] for one in room.pipeline.items("berita")}
        assert len(before) == 5
        assert "/berita" not in upstream.paths()  # a rung that rests is not asked
        del room.site.feeds["/berita.xml"]  # 404 from now on
        for _ in range(8):
            room.pipeline.forward(minutes=5)
            room.pipeline.wired.ladders.run()
        room.site.publish("/read/baru", "Kabar yang hanya di halaman", "/berita")
        room.pipeline.forward(minutes=2)
        after = {one["url"]: one["id"] for one in room.pipeline.items("berita")}
        assert len(after) == 6
        assert before.items() <= after.items()
        # back: the feed brings what the page brought, and nothing is new
        room.site.feeds["/berita.xml"] = [
            *entries,
            {"title": "Kabar yang hanya di halaman", "link": upstream.url("/read/baru"), "guid": "cms-9"},
        ]
        for _ in range(12):
            room.pipeline.forward(minutes=5)
            room.pipeline.wired.ladders.run()
        asked = upstream.paths().count("/berita")
        room.pipeline.forward(minutes=5)
        assert upstream.paths().count("/berita") == asked
        assert {one["url"]: one["id"] for one in room.pipeline.items("berita")} == after


def test_what_cannot_be_a_ladder_is_said(tmp_path: Path) -> None:
    problems = problems_of(
        tmp_path,
        """
[[box]]
slug = "populer"
sources = [{ page = "https://news.example/", otherwise = [{ feed = "https://news.example/p.xml" }] }]
[[section]]
slug = "a"
sources = [{ page = "https://news.example/a", otherwise = [{ sitemap = "nonsense" }, { fed = "x" }] }]
""",
    )
    text = "\n".join(problems)
    assert "sections alone have it" in text
    assert "sources[0].otherwise[0].sitemap" in text
    assert "sources[0].otherwise[1]: names no kind of source" in text
    assert len(problems) == 3
    (problem,) = problems_of(
        tmp_path,
        """
[[section]]
slug = "b"
sources = [{ page = "https://news.example/b", otherwise = [{ page = "https://news.example/c" }] },
    { page = "https://news.example/c" }]
""",
    )
    assert "sources[1]: is read elsewhere too; give one of them a 'name'" in problem


def problems_of(folder: Path, lists: str) -> tuple[str, ...]:
    file = folder / "feedsvc.toml"
    file.write_text(f'[site]\ntitle = "T"\nurl = "https://news.example/"\n{lists}')
    try:
        load(file, {})
    except ConfigError as error:
        return tuple(error.problems)
    return ()
