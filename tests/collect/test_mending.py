"""A source that is not as usual is noticed, read again, and mended by a person with one word."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from feedsvc.errors import Code
from feedsvc.model import Trouble
from feedsvc.store import schema as t
from feedsvc.store.notices import SqlNotices
from feedsvc.store.queue.operating import SqlOperating
from feedsvc.watch.conditions import judge
from tests.conftest import Clock
from tests.servers import ScriptedServer
from tests.sources.newsroom import Newsroom

STORIES = [f"/berita/{n}/warga-kota-menyambut-panen-raya-ke-{n}" for n in range(1, 9)]


def page(heading: str, stories: list[str], dated: bool = True) -> bytes:
    """A front page whose box has a heading, beside another list."""

    def row(path: str) -> str:
        date = "<time datetime='2025-12-18T18:00:00+07:00'>18 Desember 2025</time>" if dated else ""
        words = path.rsplit("/", 1)[1].replace("-", " ")
        return f'<li class="row"><a href="{path}">{words}</a>{date}</li>'

    river = "".join(row(f"/kabar/{n}/rapat-anggaran-daerah-dibuka-tahap-{n}") for n in range(1, 13))
    box = "".join(map(row, stories))
    return (
        f"<html lang='id'><body><main><h2>Terkini</h2><ul>{river}</ul></main>"
        f"<aside><h3>{heading}</h3><ul>{box}</ul></aside></body></html>"
    ).encode()


@pytest.fixture
def newsroom(tmp_path: Path, clock: Clock, upstream: ScriptedServer) -> Iterator[Newsroom]:
    source = f'page = "{upstream.url("/")}"\nbox = "Populer"\nfollow = false\n'
    found = Newsroom(tmp_path, f"sqlite:///{tmp_path}/store.db", clock, source, host=upstream.host)
    yield found
    found.close()


def kept(newsroom: Newsroom) -> Any:
    with newsroom.pipeline.wired.database.read() as connection:
        return connection.execute(select(t.upstream).where(t.upstream.c.kind == "page")).one()


def test_a_renamed_box_is_told_proposed_and_taken(
    newsroom: Newsroom, upstream: ScriptedServer, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    upstream.page("/", page("Populer", STORIES))
    assert newsroom.look().code is None
    titles = newsroom.titles()
    assert len(titles) == len(STORIES)
    upstream.page("/", page("Paling Banyak Dibaca", STORIES[1:]))
    assert newsroom.look(minutes=1).code is Code.BOX_NOT_FOUND
    assert newsroom.look(minutes=10).code is Code.BOX_NOT_FOUND
    assert newsroom.titles() == titles  # what is served stays
    lines = [one.getMessage() for one in caplog.records if "BOX_NOT_FOUND" in one.getMessage()]
    assert len(lines) == 2
    assert "'Paling Banyak Dibaca'" in lines[0]  # the headings that stand there
    proposal = kept(newsroom).proposal
    assert proposal["instead"]["box"] == "Paling Banyak Dibaca"
    assert proposal["new"]["known"] == len(STORIES) - 1
    assert len(proposal["old"]["items"]) == len(STORIES)
    database = newsroom.pipeline.wired.database
    clock.forward(minutes=10)
    [told] = judge(SqlNotices(database).facts(clock()), clock(), patience=timedelta(minutes=10))
    assert told.kind is Trouble.SOURCE
    assert "feedsvc accept" in told.remedy
    # a person takes it
    assert SqlOperating(database).accept(kept(newsroom).no, clock()) == 1
    upstream.page(
        "/", page("Paling Banyak Dibaca", ["/berita/99/sidang-dewan-kota-dibuka-lagi", *STORIES[1:]])
    )
    assert newsroom.look().code is None
    assert kept(newsroom).proposal is None
    assert any("sidang dewan" in title for title in newsroom.titles())
    assert any("works again after 2 failures" in one.getMessage() for one in caplog.records)


def test_every_poll_leaves_a_run_and_never_more_than_fifty(
    newsroom: Newsroom, upstream: ScriptedServer
) -> None:
    upstream.page("/", page("Populer", STORIES))
    newsroom.look()
    for _ in range(3):
        newsroom.look(minutes=1)
    with newsroom.pipeline.wired.database.read() as connection:
        rows = connection.execute(select(t.run).order_by(t.run.c.at)).all()
    assert [row.found for row in rows][:1] == [len(STORIES)]
    assert rows[0].new == len(STORIES)
    assert rows[0].fields["title"] == 1.0
    assert rows[0].fields["published"] == 1.0
    assert len(rows) == 4
    assert {row.slot for row in rows} == {0, 1, 2, 3}


@pytest.mark.slow
def test_dates_that_vanish_from_a_list_are_noticed(
    newsroom: Newsroom, upstream: ScriptedServer, clock: Clock
) -> None:
    def another(n: int, dated: bool) -> None:
        upstream.page(
            "/", page("Populer", [f"/berita/{100 + n}/kabar-baru-dari-desa-ke-{n}", *STORIES], dated)
        )
        assert newsroom.look(minutes=5).code is None

    for n in range(14):
        another(n, dated=True)
    facts = SqlNotices(newsroom.pipeline.wired.database)
    assert judge(facts.facts(clock()), clock(), patience=timedelta()) == []
    for n in range(14, 20):
        another(n, dated=False)
    [told] = judge(facts.facts(clock()), clock(), patience=timedelta())
    assert told.kind is Trouble.DRIFT
    assert told.grave
    assert "0% of its articles have a date, usually 100%" in told.reason
    for n in range(20, 26):
        another(n, dated=True)
    assert judge(facts.facts(clock()), clock(), patience=timedelta()) == []
