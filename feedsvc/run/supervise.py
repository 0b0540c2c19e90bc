"""Starts the processes of `feedsvc run` and keeps them running, until it is stopped.

    python -m feedsvc.run.supervise '[["worker", ["work", "--config", "…"], null], …]'

A program of its own: `feedsvc run` becomes it once the configuration is read, and gives back the memory that
this took.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, NoReturn

log = logging.getLogger(__name__)

GRACE = 9.0  #: seconds that children have to end after SIGTERM
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  #: seconds before a child that ended is started again
HEALTHY = 60.0  #: seconds of life after which an end counts as the first one again
PARENT = "FEEDSVC_PARENT"  #: tells a child with whom it is to end


@dataclass(slots=True)
class Child:
    """One process: the arguments of a `feedsvc` command."""

    name: str
    arguments: Sequence[str]
    listens: Sequence[Any] | None = None  #: host and port that the children after it need at once
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    pause: float = field(default=FIRST_PAUSE, init=False)
    started: float = field(default=0.0, init=False)
    again: float = field(default=0.0, init=False)

    def start(self, env: Mapping[str, str]) -> None:
        """Start it, in a process group of its own: a Ctrl-C in the terminal is for the parent alone."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "feedsvc", *self.arguments],
            env={**env, PARENT: str(os.getpid())},
            start_new_session=True,
        )

    def look(self, env: Mapping[str, str]) -> None:
        """Start it again if it ended, after a pause that doubles with each quick end."""
        moment = time.monotonic()
        if self.process is None:
            if moment >= self.again:
                self.start(env)
        elif self.process.poll() is not None:
            if moment - self.started > HEALTHY:
                self.pause = FIRST_PAUSE
            log.error(
                "%s ended with %s; started again in %g s", self.name, self.process.returncode, self.pause
            )
            self.process, self.again = None, moment + self.pause
            self.pause = min(self.pause * 2, LONGEST_PAUSE)


def become(children: Sequence[Child]) -> NoReturn:
    """Supervise `children` in this process and nothing else."""
    given = json.dumps([[child.name, child.arguments, child.listens] for child in children])
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "feedsvc.run.supervise", given])  # noqa: S606


def supervise(children: Sequence[Child], env: Mapping[str, str]) -> None:
    """Run `children` until SIGTERM or SIGINT, then end them within 10 seconds."""
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    for child in children:
        child.start(env)
        if child.listens is not None:
            host, port = child.listens
            _wait_for(host, port, stopping)
    while not stopping.wait(0.2):
        for child in children:
            child.look(env)
    _end([child.process for child in children if child.process is not None])


def _wait_for(host: str, port: int, stopping: threading.Event, seconds: float = 10.0) -> None:
    """Until something listens at host:port; a first poll that fails would be repeated only later."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not stopping.wait(0.1):
        try:
            with socket.create_connection((host, port), timeout=1):
                return
        except OSError:
            continue


def start_logging(level: int = logging.INFO) -> None:
    """Log to standard error, a line an event."""
    logging.basicConfig(
        level=level, format="%(asctime)s %(levelname)-7s %(name)s: %(message)s", stream=sys.stderr
    )


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + GRACE
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.warning("process %d did not end in time and is killed", process.pid)
            process.kill()
            process.wait()


if __name__ == "__main__":
    start_logging()
    supervise([Child(*one) for one in json.loads(sys.argv[1])], os.environ)
