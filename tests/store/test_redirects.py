"""Permanent redirects: when the address that they lead to is asked instead, and when the old one is again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feedsvc import urls
from feedsvc.errors import Code
from feedsvc.model import Fetched, Plan
from feedsvc.store.engine import Database
from feedsvc.store.queue.outcomes import Outcome, SqlOutcomes
from feedsvc.store.queue.units import MOVES
from tests.conftest import Clock
from tests.store.test_due import claim, queue_of, source

OLD = "https://www.news.example/1"
NEW = "https://feeds.news.example/politik"


class Moving:
    """One source, looked at again and again."""

    def __init__(self, database: Database, clock: Clock, url: str = OLD) -> None:
        self.database, self.clock, self.url = database, clock, url
        self.configured(url)

    def configured(self, url: str) -> None:
        """The service starts (again) with this address in its configuration."""
        self.queue = queue_of(self.database, [source(1, url=url)], self.clock)

    def look(self, moved: str = "", error: Code | None = None, forget: bool = False) -> str:
        """One look, which was redirected to `moved` for good; returns the address that was asked."""
        self.clock.forward(hours=1)
        (one,) = claim(self.queue, self.clock)
        task = self.queue.task(one)
        assert task is not None
        assert one.host == urls.host(task.upstream.url)
        fetched = Fetched(url=moved or task.upstream.url, status=304, at=self.clock(), moved=moved)
        outcome = Outcome(
            next_due=self.clock() + timedelta(minutes=30),
            fetched=None if error else fetched,
            understood=error is None,
            code=error,
            forget_move=forget,
        )
        SqlOutcomes(self.database).apply(task, outcome, (), lambda known: Plan(), now=self.clock())
        return task.upstream.url


def test_after_three_equal_answers_the_new_address_is_asked(database: Database, clock: Clock) -> None:
    one = Moving(database, clock)
    assert [one.look(NEW) for _ in range(MOVES)] == [OLD] * 3
    assert [one.look() for _ in range(4)] == [NEW] * 4
    one.configured(OLD)  # a restart
    assert one.look() == NEW


def test_answers_that_differ_are_counted_anew(database: Database, clock: Clock) -> None:
    one = Moving(database, clock)
    for moved in (NEW, NEW, NEW + "/2", NEW, NEW, "", NEW, NEW):
        assert one.look(moved) == OLD
    assert one.look(NEW) == OLD
    assert one.look() == NEW


def test_an_error_in_between_says_nothing(database: Database, clock: Clock) -> None:
    one = Moving(database, clock)
    one.look(NEW)
    one.look(NEW)
    one.look(error=Code.TOO_SLOW)
    one.look(NEW)
    assert one.look() == NEW


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (OLD, "https://news.other.example/1"),
        (OLD, "http://www.news.example/1"),
        ("https://a.example.co.id/1", "https://b.example2.co.id/1"),
        ("https://one.co.id/1", "https://two.co.id/1"),
        ("https://one.github.io/1", "https://two.github.io/1"),
    ],
)
def test_it_never_leaves_the_registered_domain_or_https(
    database: Database, clock: Clock, old: str, new: str
) -> None:
    one = Moving(database, clock, old)
    assert {one.look(new) for _ in range(MOVES + 3)} == {old}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("http://news.example/1", "https://news.example/1"),
        ("http://news.example/1", "http://www.news.example/2"),
        ("https://a.news.co.id/1", "https://b.news.co.id/1"),
    ],
)
def test_it_goes_where_the_same_people_answer(database: Database, clock: Clock, old: str, new: str) -> None:
    one = Moving(database, clock, old)
    for _ in range(MOVES):
        one.look(new)
    assert one.look() == new


def test_a_new_address_that_fails_gives_way_to_the_configured_one(database: Database, clock: Clock) -> None:
    one = Moving(database, clock)
    for _ in range(MOVES):
        one.look(NEW)
    assert one.look(error=Code.DNS, forget=True) == NEW
    assert one.look(NEW) == OLD
    assert one.look(NEW) == OLD


def test_a_new_address_in_the_configuration_ends_it(database: Database, clock: Clock) -> None:
    one = Moving(database, clock)
    for _ in range(MOVES):
        one.look(NEW)
    written = "https://www.news.example/feed"
    one.configured(written)
    assert one.look() == written


def test_a_new_address_that_moves_on_is_followed_too(database: Database, clock: Clock) -> None:
    one = Moving(database, clock)
    further = "https://x.news.example/f"
    for _ in range(MOVES):
        one.look(NEW)
    assert one.look(further) == NEW
    assert [one.look(further) for _ in range(MOVES - 1)] == [OLD] * 2  # it is asked where all that leads to
    assert one.look() == further
