"""Permanent redirects: when the address that they lead to is asked instead, and when the old one is again."""

from __future__ import annotations

from functools import partial
from uuid import UUID

import pytest

from feedsvc import curate, urls
from feedsvc.collect.bodies import PollResult
from feedsvc.collect.schedule import Timing
from feedsvc.collect.unit_of_work import LEVELS, UnitOfWork
from feedsvc.errors import Code, FetchError
from feedsvc.model import Fetched
from feedsvc.store.engine import Database
from feedsvc.store.queue.outcomes import SqlUnits
from feedsvc.store.queue.units import MOVES
from tests.conftest import Clock
from tests.makers import JAKARTA, SITE
from tests.store.test_due import claim, queue_of, source

OLD = "https://www.news.example/1"
NEW = "https://feeds.news.example/politik"


class Moving:
    """One source, polled again and again."""

    def __init__(self, database: Database, clock: Clock, url: str = OLD) -> None:
        self.database, self.clock, self.url = database, clock, url
        self.unit_of_work = UnitOfWork(
            SqlUnits(database),
            timing=Timing(lambda: 0.0),
            release=partial(curate.release, namespace=UUID(SITE.namespace), zone=JAKARTA),
            levels=LEVELS,
            is_own=lambda url: False,
            now=clock,
        )
        self.configured(url)

    def configured(self, url: str) -> None:
        """The service starts (again) with this address in its configuration."""
        self.queue = queue_of(self.database, [source(1, url=url)], self.clock)

    def poll(self, moved: str = "", error: Code | None = None) -> str:
        """One poll, which was redirected to `moved` for good; returns the address that was asked."""
        self.clock.forward(days=1)
        (one,) = claim(self.queue, self.clock)
        task = self.queue.task(one)
        assert task is not None
        assert one.host == urls.host(task.upstream.url)
        if error:
            self.unit_of_work.fail(task, FetchError(error, "it failed"))
        else:
            answer = Fetched(url=moved or task.upstream.url, status=304, at=self.clock(), moved=moved)
            self.unit_of_work.succeed(task, PollResult(answer=answer))
        return task.upstream.url


def test_after_three_equal_answers_the_new_address_is_asked(database: Database, clock: Clock) -> None:
    one = Moving(database, clock)
    assert [one.poll(NEW) for _ in range(MOVES)] == [OLD] * 3
    assert [one.poll() for _ in range(4)] == [NEW] * 4
    one.configured(OLD)  # a restart
    assert one.poll() == NEW


def test_answers_that_differ_are_counted_anew(database: Database, clock: Clock) -> None:
    one = Moving(database, clock)
    for moved in (NEW, NEW, NEW + "/2", NEW, NEW, "", NEW, NEW):
        assert one.poll(moved) == OLD
    assert one.poll(NEW) == OLD
    assert one.poll() == NEW


def test_an_error_in_between_says_nothing(database: Database, clock: Clock) -> None:
    one = Moving(database, clock)
    one.poll(NEW)
    one.poll(NEW)
    one.poll(error=Code.TOO_SLOW)
    one.poll(NEW)
    assert one.poll() == NEW


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
    assert {one.poll(new) for _ in range(MOVES + 3)} == {old}


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
        one.poll(new)
    assert one.poll() == new


def test_a_new_address_that_fails_gives_way_to_the_configured_one(database: Database, clock: Clock) -> None:
    one = Moving(database, clock)
    for _ in range(MOVES):
        one.poll(NEW)
    assert one.poll(error=Code.DNS) == NEW
    assert one.poll(NEW) == OLD
    assert one.poll(NEW) == OLD


def test_a_new_address_in_the_configuration_ends_it(database: Database, clock: Clock) -> None:
    one = Moving(database, clock)
    for _ in range(MOVES):
        one.poll(NEW)
    written = "https://www.news.example/feed"
    one.configured(written)
    assert one.poll() == written


def test_a_new_address_that_moves_on_is_followed_too(database: Database, clock: Clock) -> None:
    one = Moving(database, clock)
    further = "https://x.news.example/f"
    for _ in range(MOVES):
        one.poll(NEW)
    assert one.poll(further) == NEW
    assert [one.poll(further) for _ in range(MOVES - 1)] == [OLD] * 2  # it is asked where all that leads to
    assert one.poll() == further
