"""Readers in child processes that can be killed: foreign bytes never hold up or end the worker."""

from __future__ import annotations

import copyreg
import ctypes
import logging
import multiprocessing
import resource
import signal
import threading
from concurrent.futures import BrokenExecutor, CancelledError
from concurrent.futures import TimeoutError as FutureTimeoutError
from types import MappingProxyType
from typing import Any

from pebble import ProcessExpired, ProcessPool

from feedsvc.errors import Code, ReadError
from feedsvc.extract.read import read
from feedsvc.plugin_api import Job, Reading

log = logging.getLogger(__name__)

LOOK = 1.0  #: seconds between two looks whether there still is somebody who reads
SECONDS = 10.0  #: for one body; the slowest real pages need one
MEMORY = 2 * 1024**3  #: address space of a child
TASKS = 500  #: then a child is replaced, whatever its libraries leaked
_PR_SET_PDEATHSIG = 1

# readings hold read-only mappings, and the answer of a child travels as a pickle
copyreg.pickle(MappingProxyType, lambda proxy: (_read_only, (dict(proxy),)))


def _read_only(mapping: dict[str, object]) -> MappingProxyType[str, object]:
    return MappingProxyType(mapping)


def _prepare() -> None:
    """In a new child: no memory without end, no Ctrl-C of its own, no life after its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class ChildExtractor:
    """Reads jobs in `workers` child processes. Safe to use from many threads."""

    def __init__(self, *, workers: int = 2, seconds: float = SECONDS) -> None:
        self._workers = workers
        self._seconds = seconds
        self._context = multiprocessing.get_context("forkserver")  # we have threads: fork would copy locks
        self._context.set_forkserver_preload(["feedsvc.extract.read"])
        self._lock = threading.Lock()
        self._pool = self._new_pool()

    def read(self, job: Job) -> Reading:
        """What the bytes say; raises ReadError, also where the child had to be killed."""
        pool, future = self._schedule(job)
        while True:
            try:
                reading: Reading = future.result(LOOK)
            except FutureTimeoutError as error:
                if future.done():
                    raise ReadError(
                        Code.PARSE_TIMEOUT, f"{job.url} was not read within {self._seconds:g} s"
                    ) from error
                if not pool.active:  # then nobody will ever answer
                    raise ReadError(Code.PARSE_TIMEOUT, f"{job.url} lost its reader") from error
            except ProcessExpired as error:
                raise ReadError(
                    Code.PARSE_TIMEOUT, f"{job.url} ended its reader (exit code {error.exitcode})"
                ) from error
            except (BrokenExecutor, CancelledError) as error:
                raise ReadError(Code.PARSE_TIMEOUT, f"{job.url} lost its reader") from error
            else:
                return reading

    def close(self) -> None:
        """End the children; work under way is abandoned."""
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble ships no types
        self._pool.join()

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self._workers, max_tasks=TASKS, initializer=_prepare, context=self._context
        )

    def _schedule(self, job: Job) -> tuple[ProcessPool, Any]:
        """Give the job to the pool; to a new one, where somebody killed what the old one lived on."""
        with self._lock:
            try:
                return self._pool, self._pool.schedule(read, args=(job,), timeout=self._seconds)
            except RuntimeError as error:  # the pool replaces a dead child by itself, not their server
                log.warning("the readers are started anew: %s", error)
                self._pool.stop()  # type: ignore[no-untyped-call]  # pebble ships no types
                self._pool = self._new_pool()
                return self._pool, self._pool.schedule(read, args=(job,), timeout=self._seconds)
