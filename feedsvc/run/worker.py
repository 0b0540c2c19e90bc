"""The worker: a tick that has what is due done by hands, and a thread that publishes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from feedsvc.errors import FeedsvcError
from feedsvc.protocols import Clock
from feedsvc.publish.publisher import Publication

log = logging.getLogger(__name__)

TICK = 0.5  #: seconds
INDEX_LATEST = 2.0  #: seconds between two rounds of indexing while articles are collected
LEAP = timedelta(minutes=1)  #: between two ticks: the machine slept, or the store was away
SET = timedelta(seconds=1)  #: by which wall clock and monotonic clock differ after the former was set
DOUBT = 3600.0  #: seconds after that in which nothing is dropped for its age
PUBLISH_EVERY = 0.25  #: seconds between two looks into the outbox


def awake() -> float:
    """Seconds of a clock that nobody sets, and that also counts while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Resume(Protocol):
    """Puts due times right; `step`: by how much the clock of this process was set."""

    def __call__(self, now: datetime, *, step: timedelta) -> int: ...


class Hands(Protocol):
    """Who does units of work: threads of this process, or Celery's workers."""

    @property
    def busy(self) -> int: ...
    @property
    def rested(self) -> float: ...
    def begin(self) -> int: ...
    def stop(self, seconds: float) -> None: ...


class Publishes(Protocol):
    """The publisher, as far as the worker uses it."""

    def run(self, *, last: bool) -> Publication | None: ...
    def stop(self) -> None: ...


class Worker:
    """Collects and publishes until it is stopped."""

    def __init__(
        self,
        *,
        hands: Hands,
        publisher: Publishes,
        release: Callable[[datetime], int],
        now: Clock,
        index: Callable[[], int] = lambda: 0,
        tidy: Callable[[datetime], int] = lambda now: 0,
        resume: Resume = lambda now, *, step: 0,
        monotonic: Callable[[], float] = awake,
    ) -> None:
        self._hands = hands
        self._publisher = publisher
        self._release = release
        self._now = now
        self._index = index
        self._tidy = tidy
        self._resume = resume
        self._monotonic = monotonic
        self._last_tick: tuple[datetime, float] | None = None
        self._tidy_from = 0.0  # monotonic seconds
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
            self.release_waiting()
            return self._hands.begin()
        except FeedsvcError as error:
            log.log(error.level, "the tick was missed: %s", error)
            return 0

    def _look_at_the_clock(self) -> None:
        """The machine slept, or its clock was set: due times are put in order before anything is claimed."""
        now, passed = self._now(), self._monotonic()
        then, before = self._last_tick or (None, 0.0)
        step = timedelta() if then is None else now - then - timedelta(seconds=passed - before)
        was_set = abs(step) >= SET
        if then is None or was_set or now - then >= LEAP:
            changed = self._resume(now, step=step if was_set else timedelta())
            if was_set:
                log.warning("the clock was set by %s", _signed(step))
                self._tidy_from = passed + DOUBT
            if changed:
                log.info("%d polls were put off or brought forward after a pause", changed)
        self._last_tick = now, passed  # only now: where the store is busy, the next tick does it

    @property
    def busy(self) -> int:
        """Units under way."""
        return self._hands.busy

    def stop(self, seconds: float) -> None:
        """End: no new units; those under way have `seconds`. What is left is done by whoever starts next."""
        self._stopping.set()
        self._hands.stop(seconds)
        self._changed.set()
        if self._publishing.is_alive():
            self._publishing.join(5)

    def release_waiting(self) -> None:
        """Let articles go live whose moment has come. Raises StoreError."""
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
            resting = not self.busy and time.monotonic() - self._hands.rested > PUBLISH_EVERY
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
            log.log(error.level, "tags, reporters and words are indexed later: %s", error)
        except Exception:  # what is raised here would end the thread that publishes
            log.exception("a fault in feedsvc; tags, reporters and words are indexed later")
        return 0

    def tidy_once(self) -> int:
        """Drop a part of what is past its time; returns how much, 0 where nothing is.

        Nothing for an hour after the clock was set: it may be set right again.
        """
        if self._monotonic() < self._tidy_from:
            return 0
        try:
            return self._tidy(self._now())
        except FeedsvcError as error:
            log.log(error.level, "what is past its time is dropped later: %s", error)
        except Exception:
            log.exception("a fault in feedsvc; what is past its time is dropped later")
        return 0

    def publish_once(self, *, last: bool = False) -> None:
        """One round of publishing; a fault is logged, what is served stays."""
        try:
            self._publisher.run(last=last)
        except FeedsvcError as error:
            log.log(error.level, "nothing was published; what is served stays: %s", error)
        except Exception:
            log.exception("a fault in feedsvc; what is served stays")


def _signed(span: timedelta) -> str:
    return f"-{-span}" if span < timedelta() else f"+{span}"
