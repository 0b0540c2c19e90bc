"""Starts the processes of `feedsvc run` and keeps them running, until it is stopped.

    python -m feedsvc.run.supervise '[["worker", ["work", "--config", "…"], null, true], …]'

Children give signs of life; one that gives none any more is ended and started again. To a service manager it
says that all is ready, and that all lives (sd_notify(3)). SIGHUP has every child read the configuration anew.
As process 1 of a container it also takes leave of processes that lost their parents.

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
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from feedsvc.run.life import EVERY, PIPE, READY, Life
from feedsvc.run.logs import start_logging
from feedsvc.run.signals import Asked, Signals

log = logging.getLogger(__name__)

GRACE = 9.0  #: seconds that children have to end after SIGTERM
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  #: seconds before a child that ended is started again
MANY = 3  #: quick ends, one after the other, after which a person is told what to do
HEALTHY = 60.0  #: seconds of life after which an end counts as the first one again
FROZEN = 120.0  #: seconds without a sign of life, after which a child is ended
RELOAD = 60.0  #: seconds after which a reload counts as done, whatever the children say
PARENT = "FEEDSVC_PARENT"  #: tells a child with whom it is to end


@dataclass(slots=True)
class Child:
    """One process: the arguments of a `feedsvc` command."""

    name: str
    arguments: Sequence[str]
    listens: Sequence[Any] | None = None  #: host and port that the children after it need at once
    lives: bool = False  #: it gives signs of life, and knows SIGHUP
    frozen: float = FROZEN  #: seconds without a sign of life, after which it is ended
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    signs: int = field(default=-1, init=False)  #: the pipe that they come through
    ready: bool = field(default=False, init=False)
    reload: bool = field(default=False, init=False)  #: it is to read the configuration anew
    seen: float = field(default=0.0, init=False)  #: when the last one came
    pause: float = field(default=FIRST_PAUSE, init=False)
    started: float = field(default=0.0, init=False)
    again: float = field(default=0.0, init=False)
    quick_ends: int = field(default=0, init=False)  #: one after the other

    def start(self, env: Mapping[str, str]) -> None:
        """Start it, in a process group of its own: a Ctrl-C in the terminal is for the parent alone."""
        self.started = self.seen = time.monotonic()
        self.ready = self.reload = False  # it reads it as it starts
        if self.signs >= 0:
            os.close(self.signs)
        self.signs, given = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "feedsvc", *self.arguments],
            env={**env, PARENT: str(os.getpid()), PIPE: str(given)},
            pass_fds=[given],
            start_new_session=True,
        )
        os.close(given)

    def listen(self) -> None:
        """Take the signs of life that came."""
        try:
            signs = os.read(self.signs, 4096)
        except BlockingIOError:
            return
        if signs:
            self.seen = time.monotonic()
            self.ready = self.ready or READY in signs

    def look(self, env: Mapping[str, str]) -> None:
        """Start it again if it ended, after a pause that doubles with each quick end."""
        moment = time.monotonic()
        if self.process is None:
            if moment >= self.again:
                self.start(env)
        elif self.lives and moment - self.seen > self.frozen and self.process.poll() is None:
            log.error("%s gave no sign of life for %g s and is ended", self.name, self.frozen)
            self.process.kill()
        elif self.process.poll() is not None:
            if moment - self.started > HEALTHY:
                self.pause = FIRST_PAUSE
            self.quick_ends = self.quick_ends + 1 if self.pause > FIRST_PAUSE else 1
            log.error(
                "%s ended with %s; started again in %g s%s",
                self.name,
                self.process.returncode,
                self.pause,
                self._hint(),
            )
            self.process, self.again = None, moment + self.pause
            self.pause = min(self.pause * 2, LONGEST_PAUSE)

    def _hint(self) -> str:
        """What to do about a process that never lives long."""
        if self.quick_ends < MANY:
            return ""
        return (
            f". It ended {self.quick_ends} times soon after its start: its last words are above, and "
            "`feedsvc check` says what is wrong with the configuration or the store"
        )


def become(children: Sequence[Child]) -> NoReturn:
    """Supervise `children` in this process and nothing else."""
    given = json.dumps([[one.name, one.arguments, one.listens, one.lives] for one in children])
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "feedsvc.run.supervise", given])  # noqa: S606


def supervise(children: Sequence[Child], env: Mapping[str, str]) -> None:
    """Run `children` until SIGTERM or SIGINT, then end them within 10 seconds."""
    signals, life = Signals(), Life(env)
    inner = _SPARING | {name: value for name, value in env.items() if name not in _FOR_US}
    for child in children:
        child.start(inner)
        if child.listens is not None:
            host, port = child.listens
            _wait_for(host, port, signals)
    told, reload_until, next_sign = False, 0.0, 0.0
    while (asked := signals.wait(0.2)) is not Asked.STOP:
        moment = time.monotonic()
        if asked is Asked.RELOAD:
            told, reload_until = False, moment + RELOAD
            life.reloading()
            for child in children:
                child.reload = child.lives
        for child in children:
            child.listen()
            child.look(inner)
        _hang_up(children)
        _reap(children)
        living = [child for child in children if child.lives]
        if not told and (
            all(child.ready and not child.reload for child in living) or 0 < reload_until < moment
        ):
            told = True
            life.ready("collects and serves")
        if moment >= next_sign and all(moment - child.seen < child.frozen for child in living):
            next_sign = moment + EVERY
            life.alive()
    life.stopping()
    _end([child.process for child in children if child.process is not None])


#: What the service manager says to this process alone.
_FOR_US = frozenset({"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_PID", "LISTEN_FDS"})

#: glibc gives nearly every thread a heap of its own (mallopt(3)); one thread of Python allocates at a time,
#: so they bring no speed, and cost a twentieth of the family's memory.
_SPARING = {"MALLOC_ARENA_MAX": "2"}


def _hang_up(children: Sequence[Child]) -> None:
    """Have those read the configuration anew that owe it, as soon as they are ready for it."""
    for child in children:
        if child.reload and child.ready and child.process is not None and child.process.poll() is None:
            child.ready = child.reload = False
            child.process.send_signal(signal.SIGHUP)


def _reap(children: Sequence[Child]) -> None:
    """Take leave of orphans that were given to us: process 1 is everybody's last parent."""
    ours = {child.process.pid for child in children if child.process is not None}
    while True:
        try:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        if ended is None or ended.si_pid in ours:  # its Popen asks for it
            return
        os.waitpid(ended.si_pid, 0)


def _wait_for(host: str, port: int, signals: Signals, seconds: float = 10.0) -> None:
    """Until something listens at host:port; a first poll that fails would be repeated only later."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and signals.wait(0.1) is not Asked.STOP:
        try:
            with socket.create_connection((host, port), timeout=1):
                return
        except OSError:
            continue


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
