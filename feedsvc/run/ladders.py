"""Looks at the ladders of sources, and writes each step into the log."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from feedsvc.errors import FeedsvcError

log = logging.getLogger(__name__)

EVERY = 10.0  #: seconds between two looks


class Step(Protocol):
    """See store.queue.ladders."""

    @property
    def first(self) -> str: ...
    @property
    def now(self) -> str: ...
    @property
    def back(self) -> bool: ...


class Ladders:
    """Lets `look` make the steps that are due."""

    def __init__(self, look: Callable[[datetime], Sequence[Step]], now: Callable[[], datetime]) -> None:
        self._look = look
        self._now = now

    def run(self) -> None:
        """One look. Never raises: a fault of the store is logged, the next look tries again."""
        try:
            steps = self._look(self._now())
        except FeedsvcError as error:
            log.log(error.level, "ladders of sources cannot be looked at: %s", error)
            return
        for step in steps:
            if step.back:
                log.info("%s is well again: %s is read", step.first, step.now)
            else:
                log.warning("%s has been wrong for long: %s is read instead", step.first, step.now)
