"""Pages that are made to be slow take no reader from others."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

import pytest

from feedsvc.errors import Code, ReadError
from feedsvc.extract.fair import FairExtractor, Turns
from feedsvc.plugin_api import FeedReading, Job
from tests.conftest import until

NOW = datetime(2025, 12, 18, 12, 0, tzinfo=UTC)
FEED = b"<rss version='2.0'><channel><title>Contoh</title></channel></rss>"


class Stage:
    """Threads that take turns and give them back when they are told to."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.on: list[str] = []
        self._ends: dict[str, threading.Event] = {}
        self._threads: list[threading.Thread] = []

    def enter(self, name: str, *, own: bool = False, known: bool = False) -> None:
        waiting = len(self.turns._waiting) + len(self.on)
        self._ends[name] = threading.Event()

        def play() -> None:
            with self.turns.turn(own=own, known=known):
                self.on.append(name)
                self._ends[name].wait(20)
                self.on.remove(name)

        thread = threading.Thread(target=play)
        self._threads.append(thread)
        thread.start()
        until(lambda: len(self.turns._waiting) + len(self.on) == waiting + 1)

    def leave(self, name: str) -> None:
        self._ends[name].set()
        until(lambda: name not in self.on)

    def end(self) -> None:
        for one in self._ends.values():
            one.set()
        for thread in self._threads:
            thread.join(20)


@pytest.fixture
def stage() -> Iterator[Stage]:
    one = Stage(Turns(2, lambda: 0.0))
    yield one
    one.end()


def test_a_place_is_kept_for_own_hosts(stage: Stage) -> None:
    stage.enter("own 1", own=True)
    stage.enter("foreign 1")
    until(lambda: set(stage.on) == {"own 1", "foreign 1"})
    stage.leave("own 1")
    stage.enter("foreign 2")
    assert stage.on == ["foreign 1"]  # the other place is not taken
    stage.enter("own 2", own=True)
    until(lambda: set(stage.on) == {"foreign 1", "own 2"})


def test_where_there_are_no_own_hosts_foreign_ones_take_every_place(stage: Stage) -> None:
    stage.enter("foreign 1")
    stage.enter("foreign 2")
    until(lambda: set(stage.on) == {"foreign 1", "foreign 2"})


def test_hosts_that_were_quick_come_before_new_ones(stage: Stage) -> None:
    stage.enter("foreign 1")
    stage.enter("foreign 2")
    stage.enter("new")
    stage.enter("known", known=True)
    stage.enter("own", own=True)
    for leaves, comes in (("foreign 1", "own"), ("foreign 2", None), ("own", "known"), ("known", "new")):
        stage.leave(leaves)
        if comes:
            until(partial(stage.on.__contains__, comes))


def test_a_slow_page_is_read_where_it_holds_up_nobody() -> None:
    """It gets the time that it needs, but elsewhere; whoever is known to be slow begins there."""
    made = FairExtractor(quick=0.001)
    try:
        for _ in range(2):
            found = made.read(Job(kind="feed", body=FEED, url="https://slow.example/feed", now=NOW))
            assert isinstance(found, FeedReading)
        with pytest.raises(ReadError) as caught:
            made.read(Job(kind="feed", body=b"<html>", url="https://bad.example/feed", now=NOW))
        assert caught.value.code is Code.NOT_A_FEED
    finally:
        made.close()
