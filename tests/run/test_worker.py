"""A worker's thread that publishes goes on, whatever is wrong with one article."""

from __future__ import annotations

import threading
from datetime import datetime

from feedsvc.run.worker import Worker
from tests.conftest import Clock


class Idle:
    """No units of work, and nothing to publish."""

    busy = 0
    rested = float("-inf")
    rounds = 0

    def begin(self) -> int:
        return 0

    def run(self, *, last: bool) -> None:
        self.rounds += 1

    def stop(self, seconds: float = 0) -> None:
        pass


def test_a_fault_in_the_index_or_in_tidying_ends_no_publishing(clock: Clock) -> None:
    indexed, tidied = threading.Semaphore(0), threading.Semaphore(0)

    def index() -> int:
        indexed.release()
        raise ZeroDivisionError

    def tidy(now: datetime) -> int:
        tidied.release()
        raise ZeroDivisionError

    idle = Idle()
    worker = Worker(hands=idle, publisher=idle, release=lambda now: 1, now=clock, index=index, tidy=tidy)
    worker.start()
    try:
        for _ in range(2):
            worker.release_waiting()  # there is something to publish: the next round need not be waited for
            assert indexed.acquire(timeout=60)
            assert tidied.acquire(timeout=60)
    finally:
        worker.stop(1)
    assert idle.rounds > 2
