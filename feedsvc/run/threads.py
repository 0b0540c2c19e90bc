"""The hands of `executor = "pool"`: threads of the worker's own process, in lanes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from feedsvc.collect import Collector
from feedsvc.errors import FeedsvcError
from feedsvc.model import RunReport
from feedsvc.protocols import Claim, Clock, DueQueue, HostPace, LaneName
from feedsvc.run.lanes import Lanes

log = logging.getLogger(__name__)


class Threads:
    """Claims what is due and can start now, and does it."""

    def __init__(
        self,
        *,
        queue: DueQueue,
        pace: HostPace,
        collector: Collector,
        now: Clock,
        lease: float,
        report: Callable[[RunReport], None] = lambda report: None,
        after: Callable[[], None] = lambda: None,
    ) -> None:
        self._queue = queue
        self._pace = pace
        self._collector = collector
        self._now = now
        self._lease = lease  # seconds
        self._report = report
        self._after = after
        self._lanes = Lanes()
        self._pool = ThreadPoolExecutor(self._lanes.threads, thread_name_prefix="collect")
        self._claiming = {name: threading.Lock() for name in self._lanes.names}
        self._stopping = threading.Event()
        self._under_way: dict[int, Claim] = {}
        self._renewed = time.monotonic()
        self._looking: set[int] = set()  # threads whose unit ended
        self._undone: list[Claim] = []  # whose end could not be stored: they are held, and nobody is at it
        self._given_back: dict[int, float] = {}  # upstream → when, in monotonic seconds

    def begin(self) -> int:
        """Claim what is due and can start now; returns how many units were started. Raises StoreError."""
        self._give_back()
        self._renew()
        return sum(self._claim(lane) for lane in self._lanes.names)

    @property
    def busy(self) -> int:
        """Units under way, and threads that look for the next one: in between nothing may seem done."""
        return self._lanes.busy + len(self._looking)

    @property
    def rested(self) -> float:
        """When a unit ended last, in monotonic seconds."""
        return self._lanes.rested

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

    def _claim(self, lane: LaneName) -> int:
        if self._stopping.is_set() or not self._claiming[lane].acquire(blocking=False):
            return 0  # another thread is at it
        try:
            return self._fill(lane)
        finally:
            self._claiming[lane].release()

    def _fill(self, lane: LaneName) -> int:
        started = 0
        while free := self._lanes.free(lane):
            claims = self._queue.claim(
                free,
                lane=lane,
                lease=self._lease,
                now=self._now(),
                blocked=self._pace.full(),
                under_way=list(self._under_way),
                suspects=not any(claim.suspect for claim in list(self._under_way.values())),
            )
            taken = 0
            for claim in claims:
                if self._pace.acquire(claim.host, own=claim.own):
                    self._under_way[claim.upstream] = claim
                    self._pool.submit(self._unit, claim, lane, self._lanes.enter(lane))
                    taken += 1
                else:
                    self._refuse(claim)
            started += taken
            if taken == 0:
                break
        return started

    def _refuse(self, claim: Claim) -> None:
        """Its host is busy. Others that were claimed with it begin, whatever the store says."""
        try:
            self._queue.release(claim, not_before=self._now())
        except FeedsvcError as error:
            log.log(error.level, "a unit is given back later: %s", error)
            self._undone.append(claim)

    def _unit(self, claim: Claim, lane: LaneName, unit: int) -> None:
        try:
            report = self._collector.run(claim)
            self._given_back.pop(claim.upstream, None)
            if report is not None:
                self._report(report)
                if report.outcome != "unchanged":
                    self._after()
        except FeedsvcError as error:
            log.log(error.level, "a unit was lost and will be taken up again: %s", error)
            self._undone.append(claim)
        except Exception:
            log.exception("a fault in feedsvc; the unit will be taken up again when its lease ends")
        finally:
            self._looking.add(threading.get_ident())
            self._under_way.pop(claim.upstream, None)
            self._pace.release(claim.host)
            self._lanes.leave(lane, unit)
            self._go_on(lane)
            self._looking.discard(threading.get_ident())

    def _renew(self) -> None:
        """What takes long on a slow machine is still ours: a lease tells the dead from the living."""
        now = time.monotonic()
        if now - self._renewed >= self._lease / 3:
            self._renewed = now
            if claims := list(self._under_way.values()):
                self._queue.renew(claims, lease=self._lease, now=self._now())

    def _give_back(self) -> None:
        """Once the store is there again; what is lost twice in a row waits until its lease ends."""
        while self._undone:
            claim, now = self._undone[-1], time.monotonic()
            if now - self._given_back.get(claim.upstream, -self._lease) >= self._lease:
                self._queue.release(claim, not_before=self._now())
                self._given_back[claim.upstream] = now
            self._undone.pop()

    def _go_on(self, lane: LaneName) -> None:
        """Places are free: the next units need not wait for the tick."""
        try:
            if self._lanes.wants_more(lane):
                self._claim(lane)
        except FeedsvcError as error:
            log.log(error.level, "the next unit waits for the tick: %s", error)
