"""Work that repeats in a thread of its own, sooner when it is woken; a fault is logged and nothing ends."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from feedsvc.errors import FeedsvcError

log = logging.getLogger(__name__)


class Background:
    """Calls `run` again and again: `every` seconds while it says that something waits, else `idle`.

    `told` begins the line of the log for what fails.
    """

    def __init__(self, name: str, run: Callable[[], bool], *, every: float, idle: float, told: str) -> None:
        self._run = run
        self._every = every
        self._idle = idle
        self._told = told
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name=name, daemon=True)

    @property
    def stopping(self) -> bool:
        """Whether it is to end: `run` may look, where it takes long."""
        return self._stopping.is_set()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """There may be something to do."""
        self._wake.set()

    def stop(self, seconds: float) -> None:
        """End; what is under way has `seconds`."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _loop(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            waits = False
            try:
                waits = self._run()
            except FeedsvcError as error:
                log.log(error.level, "%s; it is tried again: %s", self._told, error)
            except Exception:
                log.exception("%s: a fault in feedsvc; it is tried again", self._told)
            self._wake.wait(self._every if waits else self._idle)
