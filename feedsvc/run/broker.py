"""Celery: how messages travel, and how its workers are bounded."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from celery import Celery
from celery.exceptions import CeleryError
from kombu.connection import Connection
from kombu.entity import Queue
from kombu.exceptions import KombuError

from feedsvc.errors import BrokerError, Code
from feedsvc.protocols import LaneName
from feedsvc.run.messages import LANES

log = logging.getLogger(__name__)

TASK = "feedsvc.collect"
TASKS_PER_CHILD = 500  #: then it is replaced, whatever its libraries leaked
MEMORY_PER_CHILD = 600_000  #: kB, measured after each message
PATIENCE = 4.0  #: seconds for the broker to answer
COUNTED_FOR = 15.0  #: seconds until the hands are counted again
UNKNOWN_FOR = 120.0  #: seconds for which an older count holds where workers do not answer


def celery_app(url: str, *, prefix: str, lease: float) -> Celery:
    """The application of tickers and workers. A message is lost rather than repeated: the lease repeats it.

    Pages are read in the worker's child itself, which Celery ends at its time limit, the lease.
    """
    app = Celery("feedsvc", broker=url, set_as_current=False)
    app.conf.update(
        task_queues=[Queue(f"{prefix}.{lane}", routing_key=f"{prefix}.{lane}") for lane in LANES],
        task_default_queue=f"{prefix}.quick",
        task_create_missing_queues=False,
        task_ignore_result=True,
        task_acks_late=False,
        task_serializer="json",
        accept_content=["json"],
        task_time_limit=lease,
        task_publish_retry=False,
        control_exchange=f"{prefix}.control",  # others on the same broker do not answer for ours
        event_exchange=f"{prefix}.events",
        worker_prefetch_multiplier=1,
        worker_max_tasks_per_child=TASKS_PER_CHILD,
        worker_max_memory_per_child=MEMORY_PER_CHILD,
        worker_hijack_root_logger=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_timeout=PATIENCE,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_heartbeat=20,
        broker_transport_options=_options(url),
    )
    return app


def _options(url: str) -> dict[str, Any]:
    if not url.startswith(("redis", "rediss")):
        return {"max_retries": 1, "interval_start": 0, "connect_timeout": PATIENCE}
    return {
        "queue_order_strategy": "priority",  # of several queues the first one that has something
        "socket_connect_timeout": PATIENCE,
        "socket_timeout": 30.0,  # a connection that died silently is noticed
        "socket_keepalive": True,
        "health_check_interval": 10,
    }


class CeleryBroker:
    """Sends units to workers. One ticker's thread uses it; it counts the hands in a thread of its own."""

    def __init__(self, app: Celery, *, prefix: str) -> None:
        self._app = app
        self._queues = {lane: f"{prefix}.{lane}" for lane in LANES}
        self._connection: Connection | None = None  # a new one for each look costs more than the look
        self._hands = 1
        self._counted = 0.0
        self._counting = threading.Lock()
        connection = app.connection_for_write()
        self._faults = (
            *(OSError, KombuError, CeleryError),
            *(*connection.connection_errors, *connection.channel_errors),
        )

    def waiting(self) -> int:
        """Messages that no hand has taken yet. Raises BrokerError."""
        with self._translated():
            if self._connection is not None:
                try:
                    return self._look(self._connection)
                except self._faults:  # it was lost meanwhile: that may be over
                    self._forget()
            self._connection = self._app.connection_for_write(connect_timeout=PATIENCE)
            try:
                return self._look(self._connection)
            except self._faults:
                self._forget()
                raise

    def _look(self, connection: Connection) -> int:
        channel = connection.default_channel
        queues = [queue(channel) for queue in self._app.conf.task_queues]
        return sum(int(queue.queue_declare().message_count) for queue in queues)

    def _forget(self) -> None:
        if self._connection is not None:
            self._connection.release()
            self._connection = None

    def hands(self) -> int:
        """Units that the workers can do at once, as far as they answered lately; 1 where none did."""
        if time.monotonic() - self._counted > COUNTED_FOR and self._counting.acquire(blocking=False):
            threading.Thread(target=self._count, name="hands", daemon=True).start()
        return self._hands

    def send(self, lane: LaneName, units: Sequence[tuple[int, int]], *, seconds: float) -> None:
        """Hand over units of one host, [upstream, token] each; nobody begins them after `seconds`."""
        with self._translated():
            self._app.send_task(
                TASK,
                args=[[list(unit) for unit in units]],
                queue=self._queues[lane],
                expires=seconds,
                ignore_result=True,
                retry=False,
            )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Faults of the broker as BrokerError."""
        try:
            yield
        except self._faults as error:
            raise BrokerError(
                Code.BROKER, f"the broker does not answer ({error}); is it there, is [celery] broker right?"
            ) from error

    def _count(self) -> None:
        try:
            with self._translated():
                found = self._app.control.inspect(timeout=2.0).stats() or {}
            count = sum(int(one["pool"]["max-concurrency"]) for one in found.values())
            if count or time.monotonic() - self._counted > UNKNOWN_FOR:
                self._hands = max(1, count)
            if count:
                self._counted = time.monotonic()
        except BrokerError as error:
            log.debug("the hands could not be counted: %s", error)
        finally:
            self._counting.release()


class Forgotten:
    """Notices a worker that gets nothing although something is due: its connection may have died silently."""

    def __init__(
        self, *, overdue: Callable[[], bool], end: Callable[[], None], seconds: float, look: float = 5.0
    ) -> None:
        self._overdue = overdue
        self._end = end
        self._seconds = seconds
        self._look = look
        self._got = time.monotonic()

    def got(self, **_: Any) -> None:
        """A message came."""
        self._got = time.monotonic()

    def watch(self, **_: Any) -> None:
        """Begin to look."""
        self._got = time.monotonic()
        threading.Thread(target=self._run, name="forgotten", daemon=True).start()

    def _run(self) -> None:
        while True:
            time.sleep(self._look)
            idle = time.monotonic() - self._got
            if idle > self._seconds and self._overdue():
                log.error("nothing came for %d s although something is due; this worker ends itself", idle)
                self._end()
                return
