"""Places at hosts that all workers of a store share; the same on both databases."""

from __future__ import annotations

import itertools
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from feedsvc.fetch.pace import MemoryPace, SharedPace
from feedsvc.store import schema as t
from feedsvc.store.engine import Database
from feedsvc.store.queue.pace import SECOND, SqlPlaces
from feedsvc.store.retention import SqlRetention
from tests.conftest import Clock

HOST = "news.example"


def test_one_worker_asks_a_host_at_a_time_and_a_gap_follows(database: Database) -> None:
    one, other = SqlPlaces(database, seconds=150), SqlPlaces(database, seconds=150)
    assert one.take(HOST, gap=30.0) == 0.0
    assert other.take(HOST, gap=30.0) == pytest.approx(30.0)  # it may end at any moment; then the gap begins
    assert other.take("other.example", gap=30.0) == 0.0
    one.give_back(HOST)
    assert 25.0 < other.take(HOST, gap=30.0) <= 30.0
    other.give_back(HOST)  # it does not hold it
    _pass(database, 31)
    assert other.take(HOST, gap=30.0) == 0.0


def test_a_gap_that_one_worker_learned_holds_for_all(database: Database) -> None:
    one, other = SqlPlaces(database, seconds=150), SqlPlaces(database, seconds=150)
    assert one.take(HOST, gap=1.0) == 0.0
    one.set_gap(HOST, 50.0)
    one.give_back(HOST)
    assert other.take(HOST, gap=1.0) > 45.0


def test_the_place_of_a_worker_that_died_is_free_after_its_time(database: Database) -> None:
    one, other = SqlPlaces(database, seconds=150), SqlPlaces(database, seconds=150)
    assert one.take(HOST, gap=1.0) == 0.0
    _pass(database, 100)
    assert other.take(HOST, gap=1.0) > 0.0
    _pass(database, 51)
    assert other.take(HOST, gap=1.0) == 0.0
    one.give_back(HOST)  # it comes back late, and ends nothing of the other's
    assert SqlPlaces(database, seconds=150).take(HOST, gap=1.0) > 0.0


def test_a_clock_that_was_set_back_holds_no_host_for_ever(database: Database) -> None:
    one = SqlPlaces(database, seconds=150)
    assert one.take(HOST, gap=1.0) == 0.0
    one.give_back(HOST)
    _pass(database, -86_400)
    assert one.take(HOST, gap=1.0) == 0.0


def test_idle_hosts_are_forgotten(database: Database, clock: Clock) -> None:
    one = SqlPlaces(database, seconds=150)
    for host in ("a.example", "b.example"):
        assert one.take(host, gap=1.0) == 0.0
    one.give_back("a.example")
    tidy = SqlRetention(database, []).run

    def known() -> set[str]:
        with database.read() as connection:
            return set(connection.execute(select(t.pace.c.host)).scalars())

    tidy(clock())
    assert known() == {"a.example", "b.example"}
    _pass(database, 90_000)
    assert one.take("c.example", gap=1.0) == 0.0
    tidy(clock.forward(minutes=11))
    assert known() == {"c.example"}


@pytest.mark.slow
def test_workers_in_a_crowd_never_ask_one_host_at_once(database: Database) -> None:
    """Four threads with a worker each: of one host never two places, and no gap is cut short."""
    held: list[tuple[float, float]] = []
    lock = threading.Lock()

    def work(_number: int) -> None:
        pace = SharedPace(SqlPlaces(database, seconds=150), MemoryPace())
        done = 0
        end = time.monotonic() + 60
        while done < 1 and time.monotonic() < end:
            if pace.acquire(HOST, own=False):
                begun = time.time()
                time.sleep(0.01)
                with lock:
                    held.append((begun, time.time()))
                pace.release(HOST)
                done += 1
            else:
                time.sleep(0.02)

    with ThreadPoolExecutor(4) as crowd:
        list(crowd.map(work, range(4)))
    held.sort()
    assert len(held) == 4
    assert all(later[0] - earlier[1] > 0.9 for earlier, later in itertools.pairwise(held))


def test_what_others_hold_is_known_without_asking_again(database: Database) -> None:
    clock = [100.0]
    other = SharedPace(SqlPlaces(database, seconds=150), MemoryPace(lambda: clock[0]))
    assert SqlPlaces(database, seconds=150).take(HOST, gap=1.0) == 0.0
    assert not other.acquire(HOST, own=False)
    assert other.full() == {HOST}
    clock[0] += 1.01
    assert other.full() == frozenset()
    assert other.acquire(HOST, own=True)  # own hosts are paced by each worker for itself
    other.release(HOST)


def _pass(database: Database, seconds: int) -> None:
    """So much time passes, as the table sees it."""
    with database.write() as connection:
        values = "held_until = held_until - :span, free_at = free_at - :span"
        connection.execute(text(f"UPDATE pace SET {values}"), {"span": seconds * SECOND})
