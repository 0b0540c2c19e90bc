"""The log: for people in a terminal, an object of JSON a line elsewhere. What repeats is counted."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from feedsvc.errors import one_line

FORMAT = "FEEDSVC_LOG"  #: text | json; by default text in a terminal, else json
QUIET = 60.0  #: seconds in which what was said already is only counted
#: What a line for people has, and what structlog needs to write it.
KEPT = frozenset(
    {"event", "level", "logger", "timestamp", "exc_info", "exception", "stack", "_record", "_from_structlog"}
)
MOST = 1000  #: different sentences that are remembered


class Repeats(logging.Filter):
    """Lets a warning or error through once in `QUIET` seconds; the next one says how many there were between.

    Equal is what the same line of code says with the same words; so an outage of the store is told once, not
    twice a second.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._said: dict[tuple[str, int, str], tuple[float, int]] = {}
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is written."""
        if record.levelno < logging.WARNING:
            return True
        key, now = (record.pathname, record.lineno, record.getMessage()), self._clock()
        with self._lock:
            begun, times = self._said.get(key, (now - QUIET, 0))
            if now - begun < QUIET:
                self._said[key] = (begun, times + 1)
                return False
            if len(self._said) >= MOST:
                self._said = {one: said for one, said in self._said.items() if now - said[0] < QUIET}
            if len(self._said) < MOST:
                self._said[key] = (now, 0)
        if times:
            record.msg, record.args = f"{record.getMessage()} (and {times} times more since)", ()
            record.repeated = times
        return True


class Formatter(logging.Formatter):
    """structlog's rendering; it is loaded with the first line, so that no process waits for it."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self._form = form
        self._rendering: logging.Formatter | None = None

    def format(self, record: logging.LogRecord) -> str:
        """One line, or more where there is a traceback."""
        if self._rendering is None:
            self._rendering = _rendering(self._form)
        return self._rendering.format(record)


def start_logging(level: int = logging.INFO) -> None:
    """Log to standard error, a line an event."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Formatter(form()))
    handler.addFilter(Repeats())
    logging.basicConfig(level=level, handlers=[handler])


def form() -> str:
    """text or json: as the environment says, else by where the log goes."""
    wished = os.environ.get(FORMAT, "")
    if wished in ("text", "json"):
        return wished
    return "text" if sys.stderr.isatty() else "json"


def _rendering(form: str) -> logging.Formatter:
    import structlog

    machine = form == "json"
    stamp = structlog.processors.TimeStamper(fmt="iso" if machine else "%Y-%m-%d %H:%M:%S", utc=machine)
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        stamp,
        _in_their_line,
    ]
    if form == "json":
        shared.append(structlog.processors.format_exc_info)
        render: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    else:
        shared.append(_for_people)
        render = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty() and not os.environ.get("NO_COLOR"),
            pad_event_to=0,
            exception_formatter=structlog.dev.plain_traceback,
        )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
    )


def _in_their_line(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Words of strangers begin no line and colour nothing."""
    return event | {"event": one_line(str(event["event"]))}


def _for_people(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """The sentence says it all: figures for programs are left out."""
    return {name: value for name, value in event.items() if name in KEPT}
