"""The tick that makes the worker ask what is due. APScheduler fires it; the due table holds the times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger


class _Every(BaseTrigger):  # type: ignore[misc]  # apscheduler ships no types
    """Counts from now. The interval trigger counts each time that passed: after a clock was set forward by a
    month, five million of them."""

    def __init__(self, seconds: float) -> None:
        self.interval = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        return now + self.interval


class _Scheduler(BackgroundScheduler):  # type: ignore[misc]  # apscheduler ships no types
    """Plans by the wall clock, as APScheduler does, and notices where that was set back.

    Its sleeps are monotonic: it wakes in time, finds the tick a month ahead, and would sleep until then.
    """

    def _process_jobs(self) -> float | None:
        for job in self.get_jobs():
            now = datetime.now(UTC)
            if job.next_run_time is not None and job.next_run_time > now + job.trigger.interval:
                job.modify(next_run_time=now)
        wait: float | None = super()._process_jobs()
        # it looks at the clock several times, and that may be set between two of them
        longest: float = max((job.trigger.interval.total_seconds() for job in self.get_jobs()), default=1.0)
        return None if wait is None else min(wait, longest)


class Ticker:
    """Calls `tick` every `seconds`, one call at a time; late calls are dropped, not queued.

    A wall clock that is set, by whatever span, delays no tick.
    """

    def __init__(self, tick: Callable[[], object], *, seconds: float) -> None:
        self._scheduler = _Scheduler(executors={"default": ThreadPoolExecutor(1)}, timezone=UTC, daemon=True)
        self._scheduler.add_job(
            tick, _Every(seconds), id="tick", coalesce=True, max_instances=1, misfire_grace_time=None
        )

    def start(self) -> None:
        """Begin."""
        self._scheduler.start()

    def stop(self) -> None:
        """End; a tick under way is waited for."""
        self._scheduler.shutdown(wait=True)
