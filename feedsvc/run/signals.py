"""What an operator's signals ask of a process: SIGTERM and SIGINT end it, SIGHUP reloads it."""

from __future__ import annotations

import os
import signal
import threading
from enum import Enum
from types import FrameType


class Asked(Enum):
    """What a signal asked for."""

    NOTHING = 0
    STOP = 1
    RELOAD = 2


class Terminal:
    """A terminal that closes sends SIGHUP too, and means the end; a service manager's means a reload."""

    def __init__(self) -> None:
        self._had = os.isatty(0)

    @property
    def gone(self) -> bool:
        """Whether there was a terminal, and is none any more."""
        return self._had and not os.isatty(0)


class Signals:
    """Catches the three signals, from the main thread; `wait` says what they ask for."""

    def __init__(self) -> None:
        self._terminal = Terminal()
        self._woken = threading.Event()
        self._stop = self._reload = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        signal.signal(signal.SIGHUP, self._hang_up)

    def wait(self, seconds: float) -> Asked:
        """Wait for a signal, at most `seconds`. A reload is told once, the end for ever."""
        self._woken.wait(seconds)
        if self._stop:
            return Asked.STOP
        self._woken.clear()
        reload, self._reload = self._reload, False
        return Asked.RELOAD if reload else Asked.NOTHING

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        self._stop = True
        self._woken.set()

    def _hang_up(self, number: int, frame: FrameType | None) -> None:
        if self._terminal.gone:
            self._end(number, frame)
        self._reload = True
        self._woken.set()
