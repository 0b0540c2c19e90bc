"""Settings → the worker: what collects, publishes and sends."""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from feedsvc.collect import Collector
from feedsvc.collect.release import Releasing
from feedsvc.config import Settings
from feedsvc.errors import StoreError
from feedsvc.extract.fair import FairExtractor
from feedsvc.fetch.clocks import HostClocks
from feedsvc.model import RunReport
from feedsvc.publish.pages import FrontPages
from feedsvc.publish.publisher import Publisher
from feedsvc.render.pages import Pages
from feedsvc.run.ladders import Ladders
from feedsvc.run.threads import Threads
from feedsvc.run.worker import Hands, Worker
from feedsvc.store.articles.lists import sync_lists
from feedsvc.store.articles.search_index import SqlIndexer
from feedsvc.store.articles.transaction import SqlArticles
from feedsvc.store.engine import Database
from feedsvc.store.migrate import migrate
from feedsvc.store.owner import belong
from feedsvc.store.publishing.builds import SqlPublishing
from feedsvc.store.queue.due import SqlDueQueue
from feedsvc.store.queue.ladders import SqlLadders
from feedsvc.store.retention import Keep, SqlRetention
from feedsvc.store.web.generation import GenerationFile
from feedsvc.wiring.collector import Outside, collector, due_queue, host_pace, release_rule, user_agent
from feedsvc.wiring.hands import messages
from feedsvc.wiring.process import now, state_path
from feedsvc.wiring.push import Pushing, pushes_of, pushing

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Collecting:
    """A wired worker, and what has to be closed after it."""

    worker: Worker
    queue: SqlDueQueue
    collector: Collector
    pushing: Pushing
    database: Database
    clocks: HostClocks
    ladders: Ladders
    close: Callable[[], None]


def collecting(
    settings: Settings,
    *,
    report: Callable[[RunReport], None] = lambda report: None,
    clock: Callable[[], datetime] = now,
    outside: Outside | None = None,
    executor: str | None = None,
) -> Collecting:
    """Migrate the store, make the configuration known to it, and wire a worker. Raises StoreError.

    `executor`: who does units of work, where that is not what the configuration says.
    """
    on_celery = (executor or settings.work.executor) == "celery"
    database = Database(settings.store_url)
    try:
        migrate(database)
        belong(database, settings.site.namespace, settings.site.title)
        queue = due_queue(settings, database)
        listed = [(spec.key, spec.slug, spec.kind, spec.title) for spec in settings.lists]
        database.transact(partial(sync_lists, lists=listed, now=clock()))
        queue.sync(clock())
    except StoreError:
        database.close()  # it is tried again
        raise
    alone = _alone(settings.store_url) if database.sqlite and not on_celery else None
    if alone is not None:
        queue.forget_leases()
    pace = host_pace(settings, database, shared=on_celery or not database.sqlite, outside=outside)
    extractor = FairExtractor()
    clocks = HostClocks(clock) if outside is None else HostClocks(clock, outside.monotonic)
    units = collector(
        settings,
        database,
        queue,
        pace=pace,
        extractor=extractor,
        clock=clock,
        outside=outside,
        clocks=clocks,
    )
    generation = GenerationFile(state_path(settings.store_url, "generation", settings.state))
    pushes = pushes_of(settings, database)

    def announce(number: int) -> None:
        generation.write(number)
        sends.buckets.wake()
        sends.announcer.wake()

    publishing = SqlPublishing(database, pushes)
    pages = Pages(
        settings.site, settings.lists, translations=settings.translations, stream=settings.stream_url
    )
    publisher = Publisher(
        site=settings.site,
        lists=(*settings.lists, *settings.takers),
        store=publishing,
        pages=FrontPages(settings.site, settings.lists, publishing, pages, stream=settings.stream_url),
        announce=announce,
        now=clock,
    )
    keeps = [
        Keep(
            list=spec.key,
            age=timedelta(seconds=spec.keep) if spec.keep else None,
            count=spec.keep_count,
            ranked=spec.ranked,
        )
        for spec in settings.lists
        if not spec.of
    ]
    sends = pushing(
        settings,
        database,
        pushes,
        queue=queue,
        collector=units,
        user_agent=user_agent(settings),
        clock=clock,
        report=report,
    )
    hands: Hands
    if on_celery:
        hands = messages(settings, queue)
    else:
        hands = Threads(
            queue=queue,
            pace=pace,
            collector=units,
            now=clock,
            report=report,
            lease=settings.work.lease,
            after=lambda: worker.release_waiting(),
        )
    worker = Worker(
        hands=hands,
        publisher=publisher,
        release=Releasing(SqlArticles(database), release_rule(settings)).run,
        now=clock,
        index=SqlIndexer(database).run,
        tidy=SqlRetention(database, keeps).run,
        resume=queue.resume,
    )

    def close() -> None:
        extractor.close()
        database.close()
        if alone is not None:
            os.close(alone)

    return Collecting(
        worker=worker,
        queue=queue,
        collector=units,
        pushing=sends,
        database=database,
        clocks=clocks,
        ladders=Ladders(SqlLadders(database, settings.upstreams).run, clock),
        close=close,
    )


def _alone(store_url: str) -> int | None:
    """The descriptor of a lock that only one worker of an SQLite store can hold; None if another one has it.

    Who holds it may take over the units of a worker that was killed, without waiting for its leases.
    """
    path = state_path(store_url, "worker", "")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
