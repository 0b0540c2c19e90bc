"""What a Celery worker does with a message: each unit in it, in the process itself."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta

from feedsvc.collect import Collector
from feedsvc.errors import FeedsvcError
from feedsvc.model import RunReport
from feedsvc.protocols import Clock, HostPace
from feedsvc.store.queue.due import SqlDueQueue

log = logging.getLogger(__name__)

LATER = timedelta(seconds=1)  #: a unit whose host is being asked by somebody else


class Hand:
    """Does units of work that somebody else claimed."""

    def __init__(
        self,
        *,
        queue: SqlDueQueue,
        pace: HostPace,
        collector: Collector,
        now: Clock,
        report: Callable[[RunReport], None] = lambda report: None,
    ) -> None:
        self._queue = queue
        self._pace = pace
        self._collector = collector
        self._now = now
        self._report = report

    def do(self, units: Sequence[tuple[int, int]]) -> None:
        """Poll each (upstream, token) whose claim still holds. Faults are logged: leases bring units back."""
        for upstream, token in units:
            try:
                self._do(upstream, token)
            except FeedsvcError as error:
                log.error("a unit was lost and will be taken up again when its lease ends: %s", error)
            except Exception:
                log.exception("a fault in feedsvc; the unit will be taken up again when its lease ends")

    def _do(self, upstream: int, token: int) -> None:
        claim = self._queue.begin(upstream, token)
        if claim is None:
            return  # the message came late, or twice
        if not self._pace.acquire(claim.host, own=claim.own):
            self._queue.postpone(claim, self._now() + LATER)
            return
        try:
            report = self._collector.run(claim)
        finally:
            self._pace.release(claim.host)
        if report is not None:
            self._report(report)
