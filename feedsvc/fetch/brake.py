"""Ends connections at their deadline, whatever they are doing.

Socket timeouts bound one read, not a whole answer: a server that drips a byte a second into a TLS handshake,
a header or a body never trips them. One thread shuts down the sockets whose time is up; the blocked read
returns.
"""

from __future__ import annotations

import heapq
import itertools
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Watch:
    """The sockets of one request and the moment (monotonic seconds) at which they are shut down."""

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self.expired = False
        self.done = False
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()

    def hold(self, handle: socket.socket) -> None:
        """Shut `handle` down at the deadline (at once, if it has passed)."""
        with self._lock:
            self._sockets.append(handle)
            late = self.expired
        if late:
            _shut(handle)

    def expire(self) -> None:
        """The deadline has come."""
        with self._lock:
            if self.done:
                return
            self.expired = True
            sockets = list(self._sockets)
        for handle in sockets:
            _shut(handle)

    def finish(self) -> None:
        """The request is over: its sockets may go on to serve others."""
        with self._lock:
            self.done = True
            self._sockets.clear()


def _shut(handle: socket.socket) -> None:
    try:
        handle.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # closed or never connected: nothing left to end


class Brake:
    """Watches all requests of a process with one thread, started with the first of them."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Watch]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._local = threading.local()

    @property
    def current(self) -> Watch | None:
        """The watch of the request that this thread is making."""
        watch: Watch | None = getattr(self._local, "watch", None)
        return watch

    @contextmanager
    def watching(self, deadline: float) -> Iterator[Watch]:
        """Watch the connections that this thread makes or uses inside the block."""
        watch = Watch(deadline)
        with self._changed:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="brake", daemon=True)
                self._thread.start()
            heapq.heappush(self._heap, (deadline, next(self._order), watch))
            if self._heap[0][2] is watch:  # else the thread wakes for an earlier one anyway
                self._changed.notify()
        self._local.watch = watch
        try:
            yield watch
        finally:
            watch.finish()
            self._local.watch = None

    def cut(self) -> None:
        """End every request that is under way: the process ends."""
        with self._changed:
            watches = [watch for _, _, watch in self._heap]
        for watch in watches:
            watch.expire()

    def _run(self) -> None:
        while True:
            with self._changed:
                while self._heap and self._heap[0][2].done:
                    heapq.heappop(self._heap)
                if not self._heap:
                    self._changed.wait()
                    continue
                deadline, _, watch = self._heap[0]
                left = deadline - time.monotonic()
                if left > 0:
                    self._changed.wait(left)
                    continue
                heapq.heappop(self._heap)
            watch.expire()
