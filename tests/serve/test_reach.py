"""Readers are counted, as programs and as about so many different ones, and no address is kept."""

from __future__ import annotations

import random
import sqlite3
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.serve.reach import Readers, name_of, program, subscribers
from feedsvc.store.engine import Database
from feedsvc.store.migrate import migrate
from feedsvc.store.web.reach import Figures, ReachWriter
from feedsvc.store.web.sketch import EMPTY, count, joined, sketch

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
FEEDLY = "Feedly/1.0 (+http://feedly.example/fetcher.html; 42 subscribers; like FeedFetcher-Google)"


@pytest.mark.parametrize(
    ("agent", "told", "name"),
    [
        (FEEDLY, 42, "Feedly"),
        ("NewsBlur Feed Fetcher - 7 subscribers - https://newsblur.example", 7, "NewsBlur"),
        ("Mozilla/5.0 (compatible; inoreader/2.0; 1 subscriber)", 1, "inoreader"),
        ("theoldreader.com (3 readers; feed-id=12345)", 3, "theoldreader.com"),
        ("curl/8.5.0", None, "curl"),
        ("", None, "(no name)"),
        ("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", None, "Mozilla"),
    ],
)
def test_aggregators_say_for_how_many_they_ask(agent: str, told: int | None, name: str) -> None:
    assert subscribers(agent) == told
    assert name_of(agent) == name


@given(st.text(max_size=300))
def test_any_name_can_be_read(agent: str) -> None:
    assert 0 < len(program(agent)) <= 120
    assert len(name_of(agent)) <= 60
    assert (subscribers(agent) or 0) >= 0


@pytest.mark.parametrize("many", [0, 1, 10, 500, 3000, 50_000])
def test_a_sketch_counts_within_a_tenth(many: int) -> None:
    assert abs(count(sketch(map(str, range(many)), "2026-01-05")) - many) <= many / 10


@given(st.sets(st.text(max_size=8), max_size=80), st.sets(st.text(max_size=8), max_size=80))
def test_joined_sketches_are_the_sketch_of_all(one: set[str], other: set[str]) -> None:
    both = sketch(one | other, "day")
    assert joined(sketch(one, "day"), sketch(other, "day")) == both
    assert joined(both, EMPTY) == both


def test_what_was_asked_for_is_added_up(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    database = Database(url)
    migrate(database)
    database.close()
    writer = ReachWriter(url)

    def write(now: datetime, paths: Any, agents: Any, reported: Any) -> None:
        writer.add(now, paths=paths, agents=agents, subscribers=reported)

    dice = random.Random(1)
    for _ in range(2):  # two processes, or two minutes
        readers = Readers(write, Figures, lambda: NOW)
        ask = partial(readers.count, "/feeds/latest.rss", size=1000, unchanged=False)
        ask(environ={"HTTP_USER_AGENT": FEEDLY, "REMOTE_ADDR": "192.0.2.1"})
        for n in range(20):
            ask(environ={"HTTP_USER_AGENT": "curl/8", "REMOTE_ADDR": f"198.51.100.{n}"})
        readers.count(
            "/feeds/latest.atom",
            {"HTTP_USER_AGENT": "NetNewsWire/6", "REMOTE_ADDR": "203.0.113.9", "HTTP_IF_NONE_MATCH": '"x"'},
            0,
            unchanged=True,
        )
        readers.flush()
        dice.random()
    with sqlite3.connect(tmp_path / "store.db") as store:
        rows = {path: rest for path, *rest in store.execute(
            "SELECT path, requests, not_modified, bytes, pollers FROM reach WHERE day = '2026-01-05'"
        )}  # fmt: skip
        assert rows["/feeds/latest.rss"][:3] == [42, 0, 42_000]
        assert rows["/feeds/latest.atom"][:3] == [2, 2, 0]
        assert rows[""][:3] == [44, 2, 42_000]
        assert 19 <= count(rows["/feeds/latest.rss"][3]) <= 23
        agents = dict(store.execute("SELECT agent, whole FROM reader"))
        assert agents == {"Feedly/1.0": 2, "curl/8": 40, "NetNewsWire/6": 0}
        told = store.execute("SELECT path, name, subscribers FROM aggregator").fetchall()
        assert told == [("/feeds/latest.rss", "Feedly", 42)]
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    for address in (b"198.51.100", b"192.0.2.1", b"203.0.113.9"):
        assert address not in kept


def test_a_store_that_cannot_be_written_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    writer = ReachWriter(f"sqlite:///{tmp_path}/missing.db")

    def write(now: datetime, paths: Any, agents: Any, reported: Any) -> None:
        writer.add(now, paths=paths, agents=agents, subscribers=reported)

    readers = Readers(write, Figures, lambda: NOW)
    for _ in range(3):
        readers.count("/feeds/latest.rss", {}, 10, unchanged=False)
        readers.flush()
    assert [one.name for one in caplog.records].count("feedsvc.serve.reach") == 1
