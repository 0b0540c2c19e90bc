"""The tick that makes the worker ask what is due. APScheduler fires it; the due table holds the times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler


class Ticker:
    """Calls `tick` every `seconds`, one call at a time; late calls are dropped, not queued."""

    def __init__(self, tick: Callable[[], object], *, seconds: float) -> None:
        self._scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(1)}, timezone=UTC, daemon=True
        )
        self._scheduler.add_job(
            tick, "interval", seconds=seconds, coalesce=True, max_instances=1, misfire_grace_time=None
        )

    def start(self) -> None:
        """Begin."""
        self._scheduler.start()

    def stop(self) -> None:
        """End; a tick under way is waited for."""
        self._scheduler.shutdown(wait=True)
