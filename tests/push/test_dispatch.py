"""Outgoing work in threads: nobody waits behind the slow, nothing is lost at a stop, limits hold."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from feedsvc.errors import Code, StoreError
from feedsvc.push.dispatch import Dispatch
from tests.conftest import until

NOW = datetime(2025, 12, 18, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Errand:
    number: int
    host: str
    slow: bool = False


class Errands:
    """Work in memory: what is claimed, who runs at once, what was written."""

    def __init__(self, due: Iterable[Errand]) -> None:
        self.due = list(due)
        self.done: list[int] = []
        self.hanging = threading.Event()
        self.hang: set[int] = set()
        self.running: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.lock = threading.Lock()
        self.broken = False

    def claim(
        self, limit: int, *, slow: bool, lease: float, now: datetime, blocked: Iterable[str]
    ) -> Sequence[Errand]:
        if self.broken:
            raise StoreError(Code.STORE, "away")
        with self.lock:
            chosen = [one for one in self.due if one.slow == slow and one.host not in set(blocked)][:limit]
            self.due = [one for one in self.due if one not in chosen]
        return chosen

    def do(self, job: Errand) -> int:
        with self.lock:
            self.running[job.host] += 1
            self.most[job.host] = max(self.most[job.host], self.running[job.host])
        if job.number in self.hang:
            self.hanging.wait(20)
        else:
            threading.Event().wait(0.001)
        with self.lock:
            self.running[job.host] -= 1
        if job.number == -1:
            raise RuntimeError("a fault")
        return job.number

    def finish(self, results: Sequence[int]) -> None:
        if self.broken:
            raise StoreError(Code.STORE, "away")
        self.done += results


@pytest.fixture
def stopping() -> Iterator[list[Dispatch[Errand, int]]]:
    found: list[Dispatch[Errand, int]] = []
    yield found
    for one in found:
        one.stop(5)


def started(work: Errands, stopping: list[Dispatch[Errand, int]], **options: int) -> Dispatch[Errand, int]:
    dispatch = Dispatch("errands", work, now=lambda: NOW, every=0.02, **options)
    stopping.append(dispatch)
    dispatch.start()
    return dispatch


def test_everything_is_done_once_and_hosts_keep_their_limit(stopping: list[Dispatch[Errand, int]]) -> None:
    work = Errands(Errand(n, f"host{n % 3}") for n in range(1000))
    dispatch = started(work, stopping, per_host=4, quick=8)
    until(lambda: len(work.done) == 1000 and dispatch.idle)
    assert sorted(work.done) == list(range(1000))
    assert max(work.most.values()) <= 4


def test_many_of_one_host_do_not_hold_up_the_others(stopping: list[Dispatch[Errand, int]]) -> None:
    work = Errands([*(Errand(n, "big") for n in range(500)), Errand(1000, "small")])
    work.hang = set(range(500))
    started(work, stopping, per_host=2)
    until(lambda: work.done == [1000])
    work.hanging.set()


def test_what_hangs_gives_its_place_up_after_a_second(stopping: list[Dispatch[Errand, int]]) -> None:
    work = Errands(Errand(n, "one host") for n in range(20))
    work.hang = {0, 1, 2, 3}
    started(work, stopping, quick=4, per_host=4)
    until(lambda: len(work.done) == 16)
    assert not work.hanging.is_set()
    work.hanging.set()
    until(lambda: len(work.done) == 20)


def test_the_slow_lane_does_not_take_places_of_the_quick_one(stopping: list[Dispatch[Errand, int]]) -> None:
    work = Errands([*(Errand(n, f"h{n}", slow=True) for n in range(300)), Errand(1000, "quick")])
    work.hang = set(range(300))
    dispatch = started(work, stopping, slow=4, quick=2)
    until(lambda: work.done == [1000])
    assert sum(work.running.values()) <= 4
    work.hanging.set()
    until(lambda: len(work.done) == 301 and dispatch.idle)


def test_a_fault_or_a_store_that_is_away_ends_nothing(stopping: list[Dispatch[Errand, int]]) -> None:
    work = Errands([Errand(-1, "a"), Errand(1, "a")])
    work.hang = {1}
    dispatch = started(work, stopping)
    until(lambda: work.running["a"] == 1)
    work.broken = True
    work.hanging.set()
    until(lambda: work.running["a"] == 0)
    work.due.append(Errand(2, "b"))
    dispatch.wake()
    assert not work.done
    work.broken = False
    until(lambda: sorted(work.done) == [1, 2])


def test_a_stop_waits_for_what_runs_and_writes_it() -> None:
    work = Errands([Errand(1, "a"), *(Errand(n, "a") for n in range(2, 50))])
    work.hang = {1}
    dispatch = Dispatch("errands", work, now=lambda: NOW, per_host=1)
    dispatch.start()
    until(lambda: work.running["a"] == 1)
    threading.Timer(0.1, work.hanging.set).start()
    dispatch.stop(5)
    assert work.done == [1]
