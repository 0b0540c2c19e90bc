"""Readers in child processes that can be killed: foreign bytes never hold up or end the worker."""

from __future__ import annotations

import copyreg
import ctypes
import logging
import multiprocessing
import resource
import signal
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError
from concurrent.futures import TimeoutError as FutureTimeoutError
from types import MappingProxyType
from typing import Any

from pebble import ProcessExpired, ProcessPool

from feedsvc.errors import Code, ReadError
from feedsvc.extract.clean import clean_html, to_text
from feedsvc.extract.read import read
from feedsvc.plugin_api import Job, Reading

log = logging.getLogger(__name__)

LOOK = 1.0  #: seconds between two looks whether there still is somebody who reads
SECONDS = 10.0  #: for one body; the slowest real pages need one
MEMORY = 2 * 1024**3  #: address space of a child
TASKS = 500  #: then a child is replaced, whatever its libraries leaked
IDLE = 60.0  #: seconds without a job, after which the children end: two hold 70 MB
_PR_SET_PDEATHSIG = 1

# readings hold read-only mappings, and the answer of a child travels as a pickle
copyreg.pickle(MappingProxyType, lambda proxy: (_read_only, (dict(proxy),)))


def _read_only(mapping: dict[str, object]) -> MappingProxyType[str, object]:
    return MappingProxyType(mapping)


def _cleaned(fragment: str, base: str) -> tuple[str, str]:
    content = clean_html(fragment, base=base)
    return content, to_text(content)


def _prepare() -> None:
    """In a new child: no memory without end, no Ctrl-C of its own, no life after its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class _LostError(ReadError):
    """Whoever read it was killed from outside, as by a machine without memory: that says nothing about it."""


class ChildExtractor:
    """Reads jobs in `workers` child processes. Safe to use from many threads.

    The children start with the first job and end after `idle` seconds without one.
    """

    def __init__(
        self,
        *,
        workers: int = 2,
        seconds: float = SECONDS,
        idle: float = IDLE,
        preload: str = "feedsvc.extract.read",
    ) -> None:
        self._workers = workers
        self._seconds = seconds
        self._idle = idle
        self._context = multiprocessing.get_context("forkserver")  # we have threads: fork would copy locks
        self._context.set_forkserver_preload([preload])
        self._lock = threading.Lock()
        self._pool: ProcessPool | None = None
        self._reading = 0  # jobs under way
        self._resting: threading.Timer | None = None

    def read(self, job: Job, *, seconds: float | None = None) -> Reading:
        """What the bytes say, if that takes `seconds` at most (None: as the extractor was told).

        Raises ReadError, also where the child had to be killed.
        """
        found: Reading = self._done(job.url, seconds or self._seconds, read, job)
        return found

    def clean(self, fragment: str, *, base: str) -> tuple[str, str]:
        """A text that a stranger wrote, cleaned, and its words (`clean_html`, `to_text`).

        Raises ReadError where the child had to be killed, or died of it.
        """
        found: tuple[str, str] = self._done("the text", self._seconds, _cleaned, fragment, base)
        return found

    def _done(self, name: str, seconds: float, what: Callable[..., Any], *given: Any) -> Any:
        with self._lock:
            self._reading += 1
            if self._resting is not None:
                self._resting.cancel()
        try:
            return self._answer(name, seconds, *self._schedule(seconds, what, given))
        except _LostError as lost:
            log.warning("%s; it is read once more", lost.message)
            return self._answer(name, seconds, *self._schedule(seconds, what, given))
        finally:
            with self._lock:
                self._reading -= 1
                if not self._reading:
                    self._resting = threading.Timer(self._idle, self._rest)
                    self._resting.daemon = True
                    self._resting.start()

    def _answer(self, name: str, seconds: float, pool: ProcessPool, future: Any) -> Any:
        while True:
            try:
                found = future.result(LOOK)
            except FutureTimeoutError as error:
                if future.done():
                    raise ReadError(
                        Code.PARSE_TIMEOUT, f"{name} was not read within {seconds:g} s"
                    ) from error
                if not pool.active:  # then nobody will ever answer
                    raise _LostError(Code.PARSE_TIMEOUT, f"{name} lost its reader") from error
            except ProcessExpired as error:
                kind = _LostError if error.exitcode == -signal.SIGKILL else ReadError
                words = f"{name} ended its reader (exit code {error.exitcode})"
                raise kind(Code.PARSE_TIMEOUT, words) from error
            except (BrokenExecutor, CancelledError) as error:
                raise _LostError(Code.PARSE_TIMEOUT, f"{name} lost its reader") from error
            else:
                return found

    def close(self) -> None:
        """End the children; work under way is abandoned."""
        with self._lock:
            pool, self._pool = self._pool, None
            if self._resting is not None:
                self._resting.cancel()
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call]  # pebble ships no types
            pool.join()

    def _rest(self) -> None:
        """Nobody had anything to read for a while: end the children."""
        with self._lock:
            if self._reading or self._pool is None:
                return
            pool, self._pool = self._pool, None
        pool.close()  # type: ignore[no-untyped-call]  # pebble ships no types
        pool.join()

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self._workers, max_tasks=TASKS, initializer=_prepare, context=self._context
        )

    def _schedule(
        self, seconds: float, what: Callable[..., Any], given: tuple[Any, ...]
    ) -> tuple[ProcessPool, Any]:
        """Give the job to the pool; to a new one, where somebody killed what the old one lived on."""
        with self._lock:
            if self._pool is None:
                self._pool = self._new_pool()
            try:
                return self._pool, self._pool.schedule(what, args=given, timeout=seconds)
            except RuntimeError as error:  # the pool replaces a dead child by itself, not their server
                log.warning("the readers are started anew: %s", error)
                self._pool.stop()  # type: ignore[no-untyped-call]  # pebble ships no types
                self._pool = self._new_pool()
                return self._pool, self._pool.schedule(what, args=given, timeout=seconds)
