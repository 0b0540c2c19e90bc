"""SIGHUP for granian: its processes take the changed configuration over, without an end and a beginning.

granian's own way, new processes for old ones, closes connections that were opened in that moment without an
answer. So the parent writes what changed into memory that its processes share, and each follows it.
"""

from __future__ import annotations

import logging
import os
import pickle
import struct
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Generic, TypeVar

from feedsvc.errors import ConfigError, FeedsvcError
from feedsvc.run.life import Life, answers
from feedsvc.run.signals import Terminal

log = logging.getLogger(__name__)
S = TypeVar("S")
LOOK_EVERY = 0.25  #: seconds between two looks for a change
_HEAD = struct.Struct("<QQ")  # the number of the change, the bytes of what it says


class Changes(Generic[S]):
    """A specification in memory that a process shares with those that it forks."""

    def __init__(self, first: S) -> None:
        self._memory = os.memfd_create("feedsvc")
        self._number = 0
        self.write(first)

    def write(self, spec: S) -> None:
        """Let every process have another one. The head is written last: what it announces is there."""
        said = pickle.dumps(spec)
        os.pwrite(self._memory, said, _HEAD.size)
        self._number += 1
        os.pwrite(self._memory, _HEAD.pack(self._number, len(said)), 0)

    def read(self) -> tuple[int, S]:
        """The number of the newest change, and what it says."""
        while True:
            head = os.pread(self._memory, _HEAD.size, 0)
            number, length = _HEAD.unpack(head)
            said = os.pread(self._memory, length, _HEAD.size)
            if os.pread(self._memory, _HEAD.size, 0) == head:
                return number, pickle.loads(said)  # noqa: S301 - our own parent wrote it

    def follow(self, change: Callable[[S], None], *, known: int) -> None:
        """Call `change` with each one after number `known`, from a thread of its own."""
        threading.Thread(target=self._follow, args=(known, change), name="reload", daemon=True).start()

    def _follow(self, known: int, change: Callable[[S], None]) -> None:
        while True:
            time.sleep(LOOK_EVERY)
            (number, _) = _HEAD.unpack(os.pread(self._memory, _HEAD.size, 0))
            if number == known:
                continue
            known, spec = self.read()
            try:
                change(spec)
            except FeedsvcError as error:
                log.error("the changed configuration is taken over after the next start: %s", error)


class Loader(Generic[S]):
    """Makes the application of a process from the newest specification, and tells it its number."""

    def __init__(self, make: Callable[[S, int, Changes[S]], Any], spec: S) -> None:
        self._make = make
        self.changes = Changes(spec)

    def __call__(self) -> Any:
        number, spec = self.changes.read()
        return self._make(spec, number, self.changes)


def serve_reloading(
    granian: Any, loader: Loader[S], load: Callable[[], S], *, what: str, anew: bool = False
) -> None:
    """Serve until SIGTERM or SIGINT, and give signs of life while the server answers.

    At SIGHUP `load` reads the configuration; the former one stays where that raises ConfigError. `anew`:
    processes do not follow changes, others take their places.
    """
    life, terminal = Life(os.environ), Terminal()
    end, replace = granian.signal_handler_interrupt, granian.signal_handler_reload

    def hang_up(*given: Any) -> None:
        if terminal.gone:
            end(*given)
            return
        life.reloading()
        try:
            loader.changes.write(load())
        except ConfigError as error:
            log.error("the changed configuration is refused, the former one is used: %s", error.message)
        else:
            log.info("%s goes on with the changed configuration", what)
            if anew:
                replace(*given)
        life.ready("serves")

    granian.signal_handler_reload = hang_up
    life.beat(partial(answers, granian.bind_addr, granian.bind_port))
    granian.serve(target_loader=loader, wrap_loader=False)
    life.stopping()
