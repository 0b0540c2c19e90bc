"""Pauses, clocks that were set, and sources that are gone for good; the same on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from feedsvc.store import schema as t
from feedsvc.store import status
from feedsvc.store.engine import Database
from feedsvc.store.leases import NEVER
from feedsvc.store.queue import units
from feedsvc.store.queue.clocks import FURTHEST, HERD
from feedsvc.store.queue.due import SqlDueQueue
from feedsvc.store.queue.operating import SqlOperating
from feedsvc.store.queue.units import STOPPED
from feedsvc.wiring.status import report_of
from tests.conftest import Clock
from tests.makers import SITE
from tests.store.test_due import claim, queue_of, source

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def looked(
    queue: SqlDueQueue, database: Database, clock: Clock, wait: timedelta, hold: datetime = NEVER
) -> None:
    """Look at everything that is due; each is due again after `wait`."""
    while claims := claim(queue, clock, 50):
        with database.write() as connection:
            for one in claims:
                values = {"looked_at": clock(), "attempts": 1}
                assert units.finish(connection, one, next_due=clock() + wait, not_before=hold, values=values)


def dues(database: Database) -> list[datetime]:
    with database.read() as connection:
        return list(connection.execute(select(t.due.c.next_due).order_by(t.due.c.next_due)).scalars())


def holds(database: Database) -> set[datetime]:
    with database.read() as connection:
        return set(connection.execute(select(t.due.c.not_before)).scalars())


@pytest.mark.parametrize("ahead", [HOUR, DAY, 400 * DAY])
def test_what_a_clock_planned_that_was_ahead_keeps_its_interval(
    database: Database, clock: Clock, ahead: timedelta
) -> None:
    clock.moment += ahead
    queue = queue_of(database, [source(n, f"h{n}.example") for n in range(5)], clock)
    looked(queue, database, clock, 30 * MINUTE)
    clock.moment -= ahead
    assert queue.resume(clock()) == 5
    assert dues(database) == [clock() + 30 * MINUTE] * 5
    assert queue.resume(clock()) == 0
    assert dues(database) == [clock() + 30 * MINUTE] * 5


def test_what_was_never_looked_at_waits_for_no_clock(database: Database, clock: Clock) -> None:
    clock.moment += DAY
    queue = queue_of(database, [source(1)], clock)
    clock.moment -= DAY
    assert claim(queue, clock) == []
    assert queue.resume(clock()) == 1
    assert len(claim(queue, clock)) == 1


def test_a_wish_to_wait_is_as_long_as_it_was_said(database: Database, clock: Clock) -> None:
    clock.moment += DAY
    queue = queue_of(database, [source(1)], clock)
    looked(queue, database, clock, 2 * HOUR, clock() + 2 * HOUR)
    clock.moment -= DAY
    queue.resume(clock())
    assert holds(database) == {clock() + 2 * HOUR}
    assert dues(database) == [clock() + 2 * HOUR]


def test_a_clock_that_goes_right_changes_nothing(database: Database, clock: Clock) -> None:
    queue = queue_of(database, [source(n, f"h{n}.example") for n in range(5)], clock)
    looked(queue, database, clock, 30 * HOUR)  # a night, a day and a night that a feed wants skipped
    before = dues(database)
    clock.forward(minutes=5)
    assert queue.resume(clock()) == 0
    assert dues(database) == before


def test_no_due_time_lies_beyond_any_interval(database: Database, clock: Clock) -> None:
    queue = queue_of(database, [source(1)], clock)
    looked(queue, database, clock, FURTHEST + 90 * DAY)
    assert queue.resume(clock()) == 1
    assert clock() <= dues(database)[0] <= clock() + DAY
    # a host that asked for months has its months
    held = clock() + 60 * DAY
    clock.forward(days=2)
    looked(queue, database, clock, held - clock(), held)
    assert queue.resume(clock()) == 0
    assert dues(database) == [held]


@pytest.mark.slow
@pytest.mark.parametrize("count", [40, 1500])
def test_after_a_sleep_foreign_hosts_are_not_asked_all_at_once(
    database: Database, clock: Clock, count: int
) -> None:
    foreign = [source(n, f"h{n}.example") for n in range(count)]
    own = [source(n, "own.example", own=True) for n in range(count, count + 3)]
    queue = queue_of(database, [*foreign, *own], clock)
    looked(queue, database, clock, HOUR)
    clock.forward(hours=8)
    assert queue.resume(clock()) == count
    spread = [moment - clock() for moment in dues(database)[3:]]
    assert spread[0] <= timedelta(seconds=1)
    assert max(spread) <= HERD
    in_a_minute = [moment for moment in spread if moment < MINUTE]
    assert len(in_a_minute) <= max(60, count // 10)
    first = {one.own for one in claim(queue, clock, 50)}
    assert first == {True, False}  # an own host waits for nobody


def test_a_few_that_are_overdue_are_looked_at_at_once(database: Database, clock: Clock) -> None:
    queue = queue_of(database, [source(n, f"h{n}.example") for n in range(10)], clock)
    clock.forward(hours=8)
    assert queue.resume(clock()) == 0
    assert len(claim(queue, clock, 50)) == 10


@pytest.mark.parametrize("seconds", [2, 300])
def test_new_sources_are_no_herd(database: Database, clock: Clock, seconds: int) -> None:
    """A first start is no pause, nor is one amid the first round: the lanes bound what runs at once."""
    count = 500
    queue = queue_of(database, [source(n, f"h{n}.example") for n in range(count)], clock)
    clock.forward(seconds=seconds)
    assert queue.resume(clock()) == 0
    assert len(queue.claim(count, lane="quick", lease=60, now=clock(), blocked=())) == count


def gone(queue: SqlDueQueue, database: Database, clock: Clock) -> None:
    (one,) = claim(queue, clock)
    with database.write() as connection:
        values = {"looked_at": clock(), "status": STOPPED, "failures": 1, "error_code": "HTTP_GONE"}
        assert units.finish(connection, one, next_due=None, not_before=None, values=values)


def test_gone_for_good_stays_gone_over_restarts_and_is_shown(database: Database, clock: Clock) -> None:
    one = source(1)
    gone(queue_of(database, [one], clock), database, clock)
    for _ in range(2):
        clock.forward(days=3)
        queue = queue_of(database, [one], clock)
        queue.resume(clock())
        assert claim(queue, clock) == []
    (shown,) = status.read_status(database).sources
    assert (shown.name, shown.code, shown.due) == ("source 1", "HTTP_GONE", None)


def test_a_paused_source_is_shown(database: Database, clock: Clock) -> None:
    queue_of(database, [source(1), source(2)], clock)
    assert SqlOperating(database).pause("source 1", clock()) == 1
    shown = {one.name: one for one in status.read_status(database).sources}
    assert (shown["source 1"].paused_at, shown["source 1"].due) == (clock(), None)
    assert shown["source 2"].paused_at is None
    assert "source 1: not polled yet; paused since " in report_of(database, clock()).text(SITE.zone)


def test_gone_for_good_ends_with_another_address_or_when_it_is_configured_anew(
    database: Database, clock: Clock
) -> None:
    gone(queue_of(database, [source(1)], clock), database, clock)
    moved = source(1, url="https://news.example/new")
    (again,) = claim(queue_of(database, [moved], clock), clock)
    assert again.host == "news.example"
    with database.write() as connection:
        connection.execute(update(t.due).values(lease_until=NEVER))
    gone(queue_of(database, [moved], clock), database, clock)
    queue_of(database, [source(2)], clock)  # it leaves the configuration
    clock.forward(days=1)
    assert len(claim(queue_of(database, [moved], clock), clock)) == 1


def test_a_lease_of_a_clock_that_was_ahead_ends(database: Database, clock: Clock) -> None:
    """A worker died, and the clock went back: its lease would have lasted a day."""
    queue = queue_of(database, [source(1)], clock)
    clock.moment += DAY
    (old,) = claim(queue, clock)
    clock.moment -= DAY
    (new,) = claim(queue, clock)
    assert new.token == old.token + 1
    with database.write() as connection:
        assert not units.finish(connection, old, next_due=clock(), not_before=None, values={"attempts": 9})


def test_a_lease_is_not_taken_before_its_end(database: Database, clock: Clock) -> None:
    queue = queue_of(database, [source(1)], clock)
    (old,) = claim(queue, clock)
    clock.forward(seconds=59)
    assert claim(queue, clock) == []
    clock.forward(seconds=1)
    (new,) = claim(queue, clock)
    assert new.token == old.token + 1
