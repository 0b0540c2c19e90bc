"""`pages = N`: a list that goes on on other pages, on a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.curate import paging
from tests.conftest import Clock
from tests.servers import ScriptedServer
from tests.sources.newsroom import Newsroom

NOW = datetime(2025, 12, 18, 12, tzinfo=UTC)
Open = Callable[[str], Newsroom]
WORDS = "Gubernur Wali Kota Nelayan Petani Guru Dokter Hakim Jaksa Menteri Presiden Bupati Camat".split()


@pytest.fixture
def open_(tmp_path: Path, upstream: ScriptedServer, clock: Clock) -> Iterator[Open]:
    opened: list[Newsroom] = []

    def make(more: str) -> Newsroom:
        source = f'page = "{upstream.url("/politik")}"\nfollow = false\n{more}\n'
        opened.append(Newsroom(tmp_path, f"sqlite:///{tmp_path}/store.db", clock, source, host=upstream.host))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def listing(numbers: range, page: int, last: int) -> bytes:
    cards = "".join(
        f'<article class="card"><a href="/politik/read/{n}/{WORDS[n % 12].lower()}-bertemu-warga-desa-{n}">'
        f"<h3>{WORDS[n % 12]} bertemu warga desa nomor {n} di pulau seberang</h3></a>"
        f"<time datetime=2025-12-{18 - n // 30:02d}T{20 - n % 20:02d}:00:00+07:00>tanggal</time></article>"
        for n in numbers
    )
    links = "".join(f'<a href="/politik?page={n}">{n}</a>' for n in range(1, last + 1) if n != page)
    return (
        f"<html lang=id><head><title>Politik</title></head><body><main><h1>Politik</h1>{cards}"
        f'<nav class="pagination">{links}</nav></main></body></html>'
    ).encode()


def publish(server: ScriptedServer, *, last: int = 5, shift: int = 0) -> None:
    for page in range(1, last + 1):
        start = (page - 1) * 10 - shift
        path = "/politik" if page == 1 else f"/politik?page={page}"
        server.page(path, listing(range(start + shift * 2, start + 10 + shift * 2), page, last))


@pytest.mark.slow
def test_older_pages_are_backfill_and_read_once(upstream: ScriptedServer, open_: Open) -> None:
    publish(upstream)
    newsroom = open_("pages = 3")
    newsroom.look()
    assert upstream.paths() == ["/politik", "/politik?page=2", "/politik?page=3"]
    assert newsroom.ask("SELECT count(*) FROM article") == [30]
    assert newsroom.ask("SELECT count(*) FROM membership WHERE NOT backfill") == [0]
    upstream.log.clear()
    newsroom.look(minutes=1)
    assert upstream.paths() == ["/politik"]
    newsroom.restart()
    newsroom.look(days=7, minutes=1)
    assert upstream.paths()[1:] == ["/politik"]  # 304 or the same bytes: nothing can have been missed


def test_a_first_page_without_anything_known_is_read_on(upstream: ScriptedServer, open_: Open) -> None:
    publish(upstream)
    newsroom = open_("pages = 3")
    newsroom.look()
    upstream.log.clear()
    publish(upstream, shift=100)
    newsroom.look(hours=1)
    assert upstream.paths() == ["/politik", "/politik?page=2", "/politik?page=3"]


def test_the_end_of_the_list_and_loops_end_the_walk(upstream: ScriptedServer, open_: Open) -> None:
    publish(upstream, last=2)
    upstream.page("/politik?page=2", listing(range(10), 2, 9))  # shows the first page again
    newsroom = open_("pages = 50")
    report = newsroom.look()
    assert report.outcome == "ok"
    assert upstream.paths() == ["/politik", "/politik?page=2"]


def test_a_page_that_is_missing_ends_the_walk(upstream: ScriptedServer, open_: Open) -> None:
    publish(upstream)
    upstream.page("/politik?page=2", b"", 404)
    newsroom = open_("pages = 4")
    report = newsroom.look()
    assert (report.outcome, report.message.startswith("page 2: ")) == ("ok", True)
    assert len(newsroom.titles()) == 10


def test_a_page_that_fails_is_tried_once_more(upstream: ScriptedServer, open_: Open) -> None:
    publish(upstream)
    upstream.page("/politik?page=2", b"", 500)
    newsroom = open_("pages = 2")
    assert newsroom.look().failed
    publish(upstream)
    newsroom.look(minutes=6)
    assert newsroom.ask("SELECT count(*) FROM article") == [20]


ADDRESSES = [
    *(f"https://news.example/politik?page={n}" for n in range(6)),
    *("https://elsewhere.example/politik?page=2", "https://news.example/politik"),
]


# a number stands for the links of a page: lists of lists of texts are slow to make up
@given(st.lists(st.integers(0, 8**4 - 1), max_size=9), st.integers(2, 9))
def test_no_walk_goes_round_or_leaves_the_site(drawn: list[int], wanted: int) -> None:
    pages = [[ADDRESSES[one // 8**place % 8] for place in range(one % 5)] for one in drawn]
    url = "https://news.example/politik"
    walk = paging.begin(
        paging.Walk(),
        url=url,
        items=["a"],
        older=pages[0] if pages else [],
        wanted=wanted,
        complete=False,
        now=NOW,
    )
    asked = [url]
    for number, older in enumerate(pages[1:], 1):
        if not walk.next:
            break
        asked.append(walk.next)
        assert paging.load(walk.dump()) == walk
        walk = paging.go_on(
            walk, url=walk.next, items=[f"item {number}"], older=older, wanted=wanted, now=NOW + timedelta(1)
        )
    assert len(asked) == len(set(asked)) <= wanted
    assert all(one.startswith("https://news.example/") for one in asked)
