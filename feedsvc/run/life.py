"""Signs of life: of a process to `feedsvc run` that started it, else to the service manager (sd_notify(3)).

A sign is given only while the process does its work, so that whoever gets none may end and start it again.
"""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable, Mapping
from types import FrameType

PIPE = "FEEDSVC_LIFE"  #: the descriptor of a pipe that `feedsvc run` reads
READY, ALIVE = b"r", b"a"
EVERY = 5.0  #: seconds between two signs
ANSWER = 3.0  #: seconds in which a web process has to answer


class Life:
    """Gives the signs. `env`: the environment, which says to whom."""

    def __init__(self, env: Mapping[str, str]) -> None:
        pipe = env.get(PIPE, "")
        self._pipe = int(pipe) if pipe.isdecimal() else None
        if self._pipe is not None:
            os.set_inheritable(self._pipe, False)
        self._manager = env.get("NOTIFY_SOCKET", "") if self._pipe is None else ""

    def ready(self, status: str = "") -> None:
        """The process does its work from now on, or again after a reload."""
        self._write(READY)
        self._tell("READY=1", f"STATUS={status}")

    def reloading(self) -> None:
        """The configuration is read anew; `ready` follows."""
        self._tell("RELOADING=1", f"MONOTONIC_USEC={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000}")

    def alive(self) -> None:
        """The process does its work."""
        self._write(ALIVE)
        self._tell("WATCHDOG=1")

    def stopping(self) -> None:
        """The process was asked to end, and does."""
        self._tell("STOPPING=1")

    def beat(self, check: Callable[[], bool]) -> None:
        """Give a sign every `EVERY` seconds while `check` says yes; the first one says "ready".

        From the main thread by an alarm: a process that forks has no threads of its own.
        """
        begun = False

        def look(_number: int, _frame: FrameType | None) -> None:
            nonlocal begun
            if check():
                if not begun:
                    self.ready()
                begun = True
                self.alive()
            signal.setitimer(signal.ITIMER_REAL, EVERY if begun else 0.2)

        signal.signal(signal.SIGALRM, look)
        signal.setitimer(signal.ITIMER_REAL, 0.2)

    def _write(self, sign: bytes) -> None:
        if self._pipe is not None:
            try:
                os.write(self._pipe, sign)
            except BrokenPipeError:
                self._pipe = None  # whoever read it is gone; this process ends with it

    def _tell(self, *lines: str) -> None:
        if not self._manager:
            return
        # a name in the abstract namespace begins with @ (sd_notify(3))
        address = "\0" + self._manager[1:] if self._manager.startswith("@") else self._manager
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
            try:
                out.sendto("\n".join(lines).encode(), address)
            except OSError:
                self._manager = ""  # nobody listens: a service manager that is gone needs no signs


def answers(host: str, port: int) -> bool:
    """Whether the web process at host:port answers."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as asking:
            asking.settimeout(ANSWER)
            asking.connect((host, port))
            asking.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return asking.recv(64).startswith(b"HTTP/1.1 ")
    except OSError:
        return False
