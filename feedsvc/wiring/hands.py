"""Settings → Celery: what tickers send with, and what its workers do."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from feedsvc import config, plugins
from feedsvc.collect.unit import MOST_LOST
from feedsvc.config import Settings
from feedsvc.errors import ConfigError, StoreError
from feedsvc.extract.direct import DirectExtractor
from feedsvc.run.hand import Hand
from feedsvc.run.logs import start_logging
from feedsvc.run.messages import Messages
from feedsvc.store.engine import Database
from feedsvc.store.queue.due import SqlDueQueue
from feedsvc.wiring.collector import Outside, collector, due_queue, host_pace
from feedsvc.wiring.process import now
from feedsvc.wiring.telemetry import telemetry, tell_sentry

if TYPE_CHECKING:
    from celery import Celery

log = logging.getLogger(__name__)

LAST_WORDS = 60.0  #: seconds that a worker has to end itself before it is ended


def messages(settings: Settings, queue: SqlDueQueue) -> Messages:
    """What claims units and sends them to Celery's workers. Raises ConfigError where Celery is missing."""
    app = _celery(settings)
    from feedsvc.run.broker import CeleryBroker

    return Messages(
        queue=queue,
        broker=CeleryBroker(app, prefix=settings.celery.queue),
        now=now,
        lease=settings.work.lease,
    )


def application(env: Mapping[str, str], *, outside: Outside | None = None) -> Celery:
    """What `celery -A feedsvc.celery worker` runs. Raises ConfigError."""
    file = env.get("FEEDSVC_CONFIG") or config.default_file()
    settings = config.load(file, env, plugins=plugins.checks())
    app = _celery(settings)
    from celery import signals

    from feedsvc.run.broker import TASK, Forgotten

    @cache
    def hand() -> Hand:
        """Made by the first message of a child: connections do not cross a fork."""
        database = Database(settings.store_url)
        queue = due_queue(settings, database)
        pace = host_pace(settings, database, shared=True, outside=outside)
        reader = DirectExtractor()
        units = collector(
            settings,
            database,
            queue,
            pace=pace,
            extractor=reader,
            clock=now,
            outside=outside,
            most_lost=MOST_LOST,
        )
        tell_sentry(env, "celery")
        sends = telemetry(env, None)
        signals.worker_process_shutdown.connect(lambda **_: sends.close(), weak=False)
        return Hand(queue=queue, pace=pace, collector=units, now=now, report=sends.polled)

    @app.task(name=TASK, ignore_result=True)  # type: ignore[untyped-decorator]  # celery ships no types
    def collect(units: list[list[int]]) -> None:
        hand().do([(upstream, token) for upstream, token in units])

    lease = settings.work.lease
    watched = Forgotten(overdue=_Overdue(settings), end=_end, seconds=2 * lease, look=min(5.0, lease / 4))
    signals.task_received.connect(watched.got, weak=False)
    signals.worker_ready.connect(watched.watch, weak=False)
    signals.setup_logging.connect(lambda loglevel, **_: start_logging(loglevel), weak=False)
    return app


def _celery(settings: Settings) -> Celery:
    try:
        from feedsvc.run.broker import celery_app
    except ModuleNotFoundError as error:
        problem = f"[work] executor: {error.name} is not installed; pip install 'feedsvc[celery]'"
        raise ConfigError(settings.file, (problem,)) from error
    given = settings.celery
    if not given.broker:
        problem = "[celery] broker: is needed, such as redis://127.0.0.1/0 or amqp://guest@127.0.0.1//"
        raise ConfigError(settings.file, (problem,))
    return celery_app(given.broker, prefix=given.queue, lease=settings.work.lease)


class _Overdue:
    """Whether something has been due for a lease."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._database: Database | None = None

    def __call__(self) -> bool:
        try:
            if self._database is None:  # after the fork of the children
                self._database = Database(self._settings.store_url)
            queue = due_queue(self._settings, self._database)
            return queue.overdue(now() - timedelta(seconds=self._settings.work.lease))
        except StoreError as error:
            log.warning("the store does not say whether anything is due: %s", error)
            return False


def _end() -> None:
    """End this worker in order, or else at once; whoever started it starts it again."""
    killer = threading.Timer(LAST_WORDS, os._exit, (1,))
    killer.daemon = True
    killer.start()
    os.kill(os.getpid(), signal.SIGTERM)
