"""An empty section page never fills its section with the sidebar's articles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from feedsvc.cli import main
from feedsvc.errors import Code
from feedsvc.store.queue.operating import SqlOperating
from tests.conftest import Clock
from tests.servers import ScriptedServer
from tests.sources.newsroom import Newsroom


def plain(content: bytes) -> bytes:
    """The same page in markup without classes, of which no CSS selector tells one list from another."""
    return re.sub(rb" class=.[a-z]+.", b"", content)


def page(main_list: list[str], sidebar: list[str]) -> bytes:
    """A section page as a newsroom writes it, with a box of other sections beside the list."""
    cards = "".join(
        f'<article class="card"><a href="{path}"><h2>{path.rsplit("/", 1)[1].replace("-", " ")}</h2></a>'
        "<time datetime='2025-12-18T18:00:00+07:00'>18 Desember 2025</time></article>"
        for path in main_list
    )
    box = "".join(
        f'<li class="row"><a href="{path}">{path.rsplit("/", 1)[1].replace("-", " ")}</a>'
        "<span>18 Desember 2025</span></li>"
        for path in sidebar
    )
    return (
        f"<html lang='id'><body><h1>Politik</h1><main>{cards or '<p>Belum ada berita</p>'}</main>"
        f"<aside><h3>Terpopuler</h3><ul>{box}</ul></aside></body></html>"
    ).encode()


POLITICS = [f"/politik/{n}/dewan-membahas-anggaran-kota-tahap-{n}" for n in range(1, 9)]
OTHERS = [
    f"/{section}/{n}/warga-{section}-menyambut-musim-panen-ke-{n}"
    for n, section in enumerate(["dunia", "hukum", "olahraga", "ekonomi"] * 2, 1)
]


@pytest.fixture
def newsroom(tmp_path: Path, clock: Clock, upstream: ScriptedServer) -> Newsroom:
    source = f'page = "{upstream.url("/politik")}"\nfollow = false\n'
    return Newsroom(tmp_path, f"sqlite:///{tmp_path}/store.db", clock, source, host=upstream.host)


@pytest.mark.slow
def test_the_sidebar_is_not_taken_for_the_section(newsroom: Newsroom, upstream: ScriptedServer) -> None:
    try:
        upstream.page("/politik", page(POLITICS, OTHERS))
        assert newsroom.look().code is None
        titles = newsroom.titles()
        assert len(titles) == len(POLITICS)
        upstream.page("/politik", page([], OTHERS))
        report = newsroom.look(minutes=1)
        # whether the reader finds no list there or the sidebar's: nothing enters
        assert report.code in (Code.DOUBTFUL_LIST, Code.EMPTY_LIST)
        assert newsroom.titles() == titles
        upstream.page(
            "/politik", page([*POLITICS[2:], "/politik/99/sidang-dibuka-kembali-oleh-ketua"], OTHERS)
        )
        assert newsroom.look(minutes=6).code is None
        assert len(newsroom.titles()) == len(POLITICS) + 1
    finally:
        newsroom.close()


@pytest.mark.slow
def test_markup_without_classes_tells_them_apart_too(newsroom: Newsroom, upstream: ScriptedServer) -> None:
    opinions = [f"/opini/{n}/mengapa-warga-menunggu-jawaban-dewan-bagian-{n}" for n in range(1, 9)]
    try:
        upstream.page("/politik", plain(page(POLITICS, opinions)))
        assert newsroom.look().code is None
        titles = newsroom.titles()
        assert len(titles) == len(POLITICS)
        upstream.page("/politik", plain(page([], opinions)))
        assert newsroom.look(minutes=1).code in (Code.DOUBTFUL_LIST, Code.EMPTY_LIST)
        assert newsroom.titles() == titles
    finally:
        newsroom.close()


def test_another_list_waits_for_a_persons_word(newsroom: Newsroom, upstream: ScriptedServer) -> None:
    try:
        upstream.page("/politik", page(POLITICS, []))
        newsroom.look()
        other = page([], []).replace(
            b"<p>Belum ada berita</p>",
            "".join(
                f'<div class="tile"><h4><a href="{path}">{path.rsplit("/", 1)[1].replace("-", " ")}</a></h4>'
                "<em>18 Desember 2025</em></div>"
                for path in OTHERS
            ).encode(),
        )
        upstream.page("/politik", other)
        report = newsroom.look(minutes=1)
        assert report.code is Code.DOUBTFUL_LIST
        assert "it shows another list" in report.message
        assert len(newsroom.titles()) == len(POLITICS)
        config = str(newsroom.file)
        wrong = CliRunner().invoke(main, ["accept", "https://elsewhere.example/", "--config", config])
        assert wrong.exit_code == 1
        right = CliRunner().invoke(main, ["accept", upstream.url("/politik"), "--config", config])
        assert right.exit_code == 0, right.output
        # the command goes by the real clock, this newsroom by the test's
        assert (
            SqlOperating(newsroom.pipeline.wired.database).accept(
                upstream.url("/politik"), newsroom.pipeline.clock()
            )
            == 1
        )
        assert newsroom.look().code is None
        assert len(newsroom.titles()) == len(POLITICS) + len(OTHERS)
    finally:
        newsroom.close()
