"""Carries out outgoing work: claims what is due, does it in threads, writes how it ended, many at once.

Nobody waits behind somebody who is slow. There are two lanes: whoever hung or failed last time is in the slow
one. And in the quick lane a place counts for a second: what takes longer goes on, but the next one begins.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from feedsvc.errors import FeedsvcError
from feedsvc.protocols import Clock

log = logging.getLogger(__name__)

LEASE = 30.0  #: seconds; what a dead process held is taken up after them
FRESH = 15.0  #: a claim that waited longer is left to its lease: it must not end in the middle of the work
GRACE = 1.0  #: seconds after which running work no longer takes a place of the quick lane
CLAIM, LOW = 200, 100  #: work that is claimed at once; and below how much more is claimed
HOARD = 100  #: claimed work of one host: the rest of the room is for others
MOST = 5000  #: claimed work in all
FLUSH = 0.05  #: seconds between two writes of results while there is much to do


class Job(Protocol):
    """A unit of outgoing work."""

    @property
    def host(self) -> str: ...


J = TypeVar("J", bound=Job)
R = TypeVar("R")


class Work(Protocol[J, R]):
    """A kind of outgoing work."""

    def claim(
        self, limit: int, *, slow: bool, lease: float, now: datetime, blocked: Iterable[str]
    ) -> Sequence[J]:
        """What is due, held for `lease` seconds. Raises StoreError."""
        ...

    def do(self, job: J) -> R:
        """Do it; what goes wrong is part of the result."""
        ...

    def finish(self, results: Sequence[R]) -> None:
        """Write how some of it ended. Raises StoreError."""
        ...


@dataclass(slots=True)
class _Lane(Generic[J]):
    """Claimed work that waits, by host, and the places that are taken."""

    slow: bool
    places: int
    per_host: int
    waiting: dict[str, deque[tuple[J, float]]] = field(default_factory=dict)
    turn: deque[str] = field(default_factory=deque)  # hosts with waiting work
    size: int = 0
    taken: Counter[str] = field(default_factory=Counter)
    busy: int = 0

    def put(self, jobs: Sequence[J], at: float) -> None:
        for job in jobs:
            queue = self.waiting.get(job.host)
            if queue is None:
                queue = self.waiting[job.host] = deque()
                self.turn.append(job.host)
            queue.append((job, at))
            self.size += 1

    def ready(self) -> int:
        """How much of what waits could start: not that of hosts which have all their places taken."""
        free = (len(queue) for host, queue in self.waiting.items() if self.taken[host] < self.per_host)
        return sum(free)

    def take(self, now: float, running: Counter[str]) -> J | None:
        """The next job that may start; hosts take turns."""
        for _ in range(len(self.turn)):
            if self.busy >= self.places:
                return None
            host = self.turn[0]
            self.turn.rotate(-1)
            if self.taken[host] >= self.per_host or running[host] >= 4 * self.per_host:
                continue
            queue = self.waiting[host]
            found: J | None = None
            while queue and found is None:
                job, at = queue.popleft()
                self.size -= 1
                found = job if now - at < FRESH else None
            if not queue:
                del self.waiting[host]
                self.turn.remove(host)
            if found is not None:
                self.busy += 1
                self.taken[host] += 1
                return found
        return None

    def leave(self, host: str) -> None:
        self.busy -= 1
        self.taken[host] -= 1
        if not self.taken[host]:
            del self.taken[host]


@dataclass(slots=True, eq=False)
class _Run(Generic[J]):
    job: J
    lane: _Lane[J]
    started: float
    counted: bool = True


class Dispatch(Generic[J, R]):
    """Does one kind of work until it is stopped.

    `quick` and `slow` are the places of the lanes, `per_host` those of one host in each, `threads` bound all.
    """

    def __init__(
        self,
        name: str,
        work: Work[J, R],
        *,
        now: Clock,
        quick: int = 32,
        slow: int = 16,
        per_host: int = 8,
        threads: int = 256,
        every: float = 0.25,
    ) -> None:
        self._name = name
        self._work = work
        self._now = now
        self._every = every
        self._threads = threads
        self._lanes: tuple[_Lane[J], _Lane[J]] = (
            _Lane(slow=False, places=quick, per_host=per_host),
            _Lane(slow=True, places=slow, per_host=max(1, per_host // 4)),
        )
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._runs: set[_Run[J]] = set()
        self._running: Counter[str] = Counter()
        self._results: list[R] = []
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Look at once whether something is due."""
        self._wake.set()

    @property
    def idle(self) -> bool:
        """Whether nothing is claimed, running or to be written."""
        with self._lock:
            return not (self._runs or self._results or any(lane.size for lane in self._lanes))

    def stop(self, seconds: float) -> None:
        """Start nothing more; what runs has `seconds`. What is left is done by whoever starts next."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(5)
        deadline = time.monotonic() + seconds
        while self._runs and time.monotonic() < deadline:
            time.sleep(0.02)
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._flush()

    # ── the loop: claims and writes ──

    def _loop(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                found = self._claim()
            except FeedsvcError as error:
                log.log(error.level, "%s: nothing was claimed: %s", self._name, error)
                found = 0
            except Exception:
                log.exception("%s: a fault in feedsvc", self._name)
                found = 0
            self._free_places()
            self._begin()
            self._flush()
            with self._lock:
                pause = FLUSH if self._runs or self._results or found else self._every
            # while work runs, results gather for a moment: one transaction writes many
            (self._stopping if pause == FLUSH else self._wake).wait(pause)

    def _claim(self) -> int:
        found = 0
        for lane in self._lanes:
            with self._lock:
                if lane.ready() >= LOW or lane.size >= MOST:
                    continue
                blocked = [host for host, queue in lane.waiting.items() if len(queue) >= HOARD]
            jobs = self._work.claim(CLAIM, slow=lane.slow, lease=LEASE, now=self._now(), blocked=blocked)
            with self._lock:
                lane.put(jobs, time.monotonic())
            found += len(jobs)
        return found

    def _free_places(self) -> None:
        late = time.monotonic() - GRACE
        with self._lock:
            for run in self._runs:
                if run.counted and not run.lane.slow and run.started < late:
                    run.counted = False
                    run.lane.leave(run.job.host)

    def _flush(self) -> None:
        with self._lock:
            results, self._results = self._results, []
        if not results:
            return
        try:
            self._work.finish(results)
        except FeedsvcError as error:
            log.log(error.level, "%s: how %d ended is written later: %s", self._name, len(results), error)
            with self._lock:
                self._results = results + self._results

    # ── the threads ──

    def _begin(self) -> None:
        """Start whatever may start."""
        started = []
        with self._lock:
            now = time.monotonic()
            for lane in self._lanes:
                while len(self._runs) < self._threads and not self._stopping.is_set():
                    job = lane.take(now, self._running)
                    if job is None:
                        break
                    run = _Run(job, lane, now)
                    self._runs.add(run)
                    self._running[job.host] += 1
                    started.append(run)
        for run in started:
            self._pool.submit(self._one, run)

    def _one(self, run: _Run[J]) -> None:
        while True:
            result = None
            try:
                result = self._work.do(run.job)
            except FeedsvcError as error:
                log.log(error.level, "%s: left to its lease: %s", self._name, error)
            except Exception:
                log.exception("%s: a fault in feedsvc; left to its lease", self._name)
            following = self._ended(run, result)
            if following is None:
                return
            run = following

    def _ended(self, run: _Run[J], result: R | None) -> _Run[J] | None:
        """Note a result; the next job of the lane for this thread, if one may start."""
        with self._lock:
            self._runs.discard(run)
            host = run.job.host
            self._running[host] -= 1
            if not self._running[host]:
                del self._running[host]
            if run.counted:
                run.lane.leave(host)
            if result is not None:
                self._results.append(result)
            if self._stopping.is_set():
                return None
            now = time.monotonic()
            job = run.lane.take(now, self._running)
            if job is None:
                if run.lane.size < LOW:
                    self._wake.set()
                return None
            following = _Run(job, run.lane, now)
            self._runs.add(following)
            self._running[job.host] += 1
            return following
