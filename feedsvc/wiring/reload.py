"""SIGHUP for granian: its workers are replaced one by one by those of the changed configuration."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from functools import partial
from typing import Any, Generic, TypeVar

from feedsvc.errors import ConfigError
from feedsvc.run.life import Life, answers
from feedsvc.run.signals import Terminal

log = logging.getLogger(__name__)
S = TypeVar("S")


class Loader(Generic[S]):
    """Makes the application of a process from the specification that is valid when the process begins."""

    def __init__(self, make: Callable[[S], Any], spec: S) -> None:
        self._make = make
        self.spec = spec

    def __call__(self) -> Any:
        return self._make(self.spec)


def serve_reloading(granian: Any, loader: Loader[S], load: Callable[[], S], *, what: str) -> None:
    """Serve until SIGTERM or SIGINT, and give signs of life while the server answers.

    At SIGHUP `load` reads the configuration; the former one stays where that raises ConfigError.
    """
    life, terminal = Life(os.environ), Terminal()
    replace, end = granian.signal_handler_reload, granian.signal_handler_interrupt

    def hang_up(*given: Any) -> None:
        if terminal.gone:
            end(*given)
            return
        life.reloading()
        try:
            loader.spec = load()
        except ConfigError as error:
            log.error("the changed configuration is refused, the former one is used: %s", error.message)
        else:
            log.info("%s goes on with the changed configuration", what)
            replace(*given)
        life.ready("serves")

    granian.signal_handler_reload = hang_up
    life.beat(partial(answers, granian.bind_addr, granian.bind_port))
    granian.serve(target_loader=loader, wrap_loader=False)
    life.stopping()
