"""The worker: a tick that claims what is due, threads that do it, a thread that publishes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Protocol

from feedsvc.collect import Collector
from feedsvc.errors import FeedsvcError
from feedsvc.model import RunReport
from feedsvc.protocols import Claim, Clock, DueQueue, HostPace, LaneName
from feedsvc.publish.publisher import Publication
from feedsvc.run.lanes import Lanes

log = logging.getLogger(__name__)

LEASE = 120.0  #: seconds: fetch, robots.txt and reading have their own limits, which add up to less
TICK = 0.5  #: seconds
INDEX_LATEST = 2.0  #: seconds between two rounds of indexing while articles are collected
LEAP = timedelta(minutes=1)  #: between two ticks: the machine slept, or its clock was set
PUBLISH_EVERY = 0.25  #: seconds between two looks into the outbox


class Resume(Protocol):
    """Puts due times right; `set_back`: the clock of this process was."""

    def __call__(self, now: datetime, *, set_back: bool) -> int: ...


class Publishes(Protocol):
    """The publisher, as far as the worker uses it."""

    def run(self, *, last: bool) -> Publication | None: ...
    def stop(self) -> None: ...


class Worker:
    """Collects and publishes until it is stopped."""

    def __init__(
        self,
        *,
        queue: DueQueue,
        pace: HostPace,
        collector: Collector,
        publisher: Publishes,
        release: Callable[[datetime], int],
        now: Clock,
        index: Callable[[], int] = lambda: 0,
        tidy: Callable[[datetime], int] = lambda now: 0,
        resume: Resume = lambda now, *, set_back: 0,
        report: Callable[[RunReport], None] = lambda report: None,
    ) -> None:
        self._queue = queue
        self._pace = pace
        self._collector = collector
        self._publisher = publisher
        self._release = release
        self._now = now
        self._report = report
        self._index = index
        self._tidy = tidy
        self._resume = resume
        self._last_tick: datetime | None = None
        self._lanes = Lanes()
        self._pool = ThreadPoolExecutor(self._lanes.threads, thread_name_prefix="collect")
        self._claiming = {name: threading.Lock() for name in self._lanes.names}
        self._stopping = threading.Event()
        self._changed = threading.Event()
        self._publishing = threading.Thread(target=self._publish, name="publish", daemon=True)

    def start(self) -> None:
        """Begin to publish; collecting begins with the first tick."""
        self._publishing.start()

    def tick(self) -> int:
        """Claim what is due and can start now; returns how many units were started.

        Never raises: a fault of the store is logged, the next tick tries again.
        """
        if self._stopping.is_set():
            return 0
        try:
            self._look_at_the_clock()
            self._release_waiting()
            return sum(self._claim(lane) for lane in self._lanes.names)
        except FeedsvcError as error:
            log.error("the tick was missed: %s", error)
            return 0

    def _look_at_the_clock(self) -> None:
        """The machine slept, or its clock was set: due times are put in order before anything is claimed."""
        now = self._now()
        last, self._last_tick = self._last_tick, now
        if last is None or not timedelta() <= now - last < LEAP:
            changed = self._resume(now, set_back=last is not None and now < last)
            if changed:
                log.info("%d polls were put off or brought forward after a pause", changed)

    @property
    def busy(self) -> int:
        """Units under way."""
        return self._lanes.busy

    def stop(self, seconds: float) -> None:
        """End: no new units; those under way have `seconds`. What is left is done by whoever starts next."""
        self._stopping.set()
        self._pool.shutdown(wait=False, cancel_futures=True)
        done = threading.Event()

        def wait() -> None:
            self._pool.shutdown(wait=True)
            done.set()

        threading.Thread(target=wait, daemon=True).start()
        if not done.wait(seconds):
            log.warning("%d units were left undone; their leases end by themselves", self.busy)
        self._changed.set()
        if self._publishing.is_alive():
            self._publishing.join(5)

    # ── collecting ──

    def _claim(self, lane: LaneName) -> int:
        if not self._claiming[lane].acquire(blocking=False):
            return 0  # another thread is at it
        try:
            return self._fill(lane)
        finally:
            self._claiming[lane].release()

    def _fill(self, lane: LaneName) -> int:
        started = 0
        while free := self._lanes.free(lane):
            claims = self._queue.claim(
                free, lane=lane, lease=LEASE, now=self._now(), blocked=self._pace.full()
            )
            taken = 0
            for claim in claims:
                if self._pace.acquire(claim.host, own=claim.own):
                    self._pool.submit(self._unit, claim, lane, self._lanes.enter(lane))
                    taken += 1
                else:
                    self._queue.release(claim, not_before=self._now())
            started += taken
            if taken == 0:
                break
        return started

    def _unit(self, claim: Claim, lane: LaneName, unit: int) -> None:
        try:
            report = self._collector.run(claim)
            if report is not None:
                self._report(report)
            self._release_waiting()
        except FeedsvcError as error:
            log.error("a unit was lost and will be taken up again when its lease ends: %s", error)
        except Exception:
            log.exception("a fault in feedsvc; the unit will be taken up again when its lease ends")
        finally:
            self._pace.release(claim.host)
            self._lanes.leave(lane, unit)
            self._go_on(lane)

    def _go_on(self, lane: LaneName) -> None:
        """A place is free: the next unit need not wait for the tick."""
        try:
            if not self._stopping.is_set():
                self._claim(lane)
        except FeedsvcError as error:
            log.error("the next unit waits for the tick: %s", error)

    def _release_waiting(self) -> None:
        if self._release(self._now()):
            self._changed.set()

    # ── publishing ──

    def _publish(self) -> None:
        indexed = time.monotonic()
        while not self._stopping.is_set():
            self._changed.wait(PUBLISH_EVERY)
            self._changed.clear()
            self.publish_once()
            # words can wait for a moment in which nothing is collected, but not for ever; between two parts
            # of an import there is no such moment
            resting = not self.busy and time.monotonic() - self._lanes.rested > PUBLISH_EVERY
            if resting or time.monotonic() - indexed > INDEX_LATEST:
                self.index_once()
                indexed = time.monotonic()
            self.tidy_once()
        self.publish_once(last=True)
        try:
            self._publisher.stop()
        except FeedsvcError as error:
            log.warning("the publisher's lease ends by itself: %s", error)

    def index_once(self) -> int:
        """Make the articles that changed findable, a part of them; returns how many."""
        try:
            return self._index()
        except FeedsvcError as error:
            log.error("tags, reporters and words are indexed later: %s", error)
            return 0

    def tidy_once(self) -> int:
        """Drop a part of what is past its time; returns how much, 0 where nothing is."""
        try:
            return self._tidy(self._now())
        except FeedsvcError as error:
            log.error("what is past its time is dropped later: %s", error)
            return 0

    def publish_once(self, *, last: bool = False) -> None:
        """One round of publishing; a fault is logged, what is served stays."""
        try:
            self._publisher.run(last=last)
        except FeedsvcError as error:
            log.error("nothing was published; what is served stays: %s", error)
        except Exception:
            log.exception("a fault in feedsvc; what is served stays")
