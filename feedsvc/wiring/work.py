"""Settings → the worker: what collects, publishes and sends."""

from __future__ import annotations

import fcntl
import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from ipaddress import IPv4Network, IPv6Network
from uuid import UUID

from feedsvc import __version__, curate, plugins
from feedsvc.collect import Collector
from feedsvc.collect.bodies import Bodies
from feedsvc.collect.pictures import Pictures
from feedsvc.collect.release import Releasing
from feedsvc.collect.schedule import Budget, Timing
from feedsvc.collect.unit_of_work import LEVELS, UnitOfWork
from feedsvc.config import Settings
from feedsvc.extract.fair import FairExtractor
from feedsvc.fetch.client import Client
from feedsvc.fetch.courtesy import Courtesy
from feedsvc.fetch.guard import Guard
from feedsvc.fetch.pace import MemoryPace
from feedsvc.fetch.robots import Robots
from feedsvc.model import RunReport
from feedsvc.plugin_api import Source
from feedsvc.publish.pages import FrontPages
from feedsvc.publish.publisher import Publisher
from feedsvc.render.pages import Pages
from feedsvc.run.worker import Worker
from feedsvc.sources.files import FilesSource
from feedsvc.sources.sitemap import SitemapSource
from feedsvc.sources.sql import TableSource
from feedsvc.sources.wordpress import WordPressSource
from feedsvc.store.articles.lists import sync_lists
from feedsvc.store.articles.pictures import SqlPictures
from feedsvc.store.articles.search_index import SqlIndexer
from feedsvc.store.articles.transaction import SqlArticles
from feedsvc.store.engine import Database
from feedsvc.store.migrate import migrate
from feedsvc.store.owner import belong
from feedsvc.store.publishing.builds import SqlPublishing
from feedsvc.store.queue.due import SqlDueQueue
from feedsvc.store.queue.memory import SqlRobotsMemory
from feedsvc.store.queue.outcomes import SqlUnits
from feedsvc.store.retention import Keep, SqlRetention
from feedsvc.store.web.generation import GenerationFile
from feedsvc.wiring.process import now, state_path
from feedsvc.wiring.push import Pushing, pushes_of, pushing

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Collecting:
    """A wired worker, and what has to be closed after it."""

    worker: Worker
    queue: SqlDueQueue
    pushing: Pushing
    database: Database
    close: Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """The world outside the process, where it is not the real one: names and time for a simulation.

    `networks` count as public, see Guard.
    """

    lookup: Callable[[str, int], list[str]]
    networks: tuple[IPv4Network | IPv6Network, ...]
    monotonic: Callable[[], float]


def user_agent(settings: Settings) -> str:
    """Who we are and whom to ask, for the logs of those we read."""
    about = [f"+{settings.site.base_url}/"]
    if settings.contact:
        about.append(settings.contact)
    return f"feedsvc/{__version__} ({'; '.join(about)})"


def collecting(
    settings: Settings,
    *,
    report: Callable[[RunReport], None] = lambda report: None,
    clock: Callable[[], datetime] = now,
    outside: Outside | None = None,
) -> Collecting:
    """Migrate the store, make the configuration known to it, and wire a worker. Raises StoreError."""

    database = Database(settings.store_url)
    migrate(database)
    belong(database, settings.site.namespace, settings.site.title)
    queue = SqlDueQueue(
        database,
        settings.upstreams,
        settings.readings,
        frozenset(spec.key for spec in settings.lists if spec.ranked),
    )
    listed = [(spec.key, spec.slug, spec.kind, spec.title) for spec in settings.lists]
    database.transact(partial(sync_lists, lists=listed, now=clock()))
    queue.sync(clock())
    alone = _alone(settings.store_url) if database.sqlite else None
    if alone is not None:
        queue.forget_leases()
    guard = Guard(own=settings.own, ports=settings.ports)
    if outside is not None:
        guard = replace(guard, lookup=outside.lookup, networks=outside.networks)
    http = Client(guard, user_agent=user_agent(settings), now=clock, ca_bundle=settings.ca_bundle or None)
    monotonic = time.monotonic if outside is None else outside.monotonic
    pace = MemoryPace(monotonic)
    budget = Budget(settings.budget, queue.foreign)
    units = SqlUnits(database)
    extractor = FairExtractor()
    generation = GenerationFile(state_path(settings.store_url, "generation"))
    pushes = pushes_of(settings, database)

    def announce(number: int) -> None:
        generation.write(number)
        sends.announcer.wake()

    publishing = SqlPublishing(database, pushes)
    pages = Pages(
        settings.site, settings.lists, translations=settings.translations, stream=settings.stream_url
    )
    publisher = Publisher(
        site=settings.site,
        lists=settings.lists,
        store=publishing,
        pages=FrontPages(settings.site, settings.lists, publishing, pages, stream=settings.stream_url),
        announce=announce,
        now=clock,
    )
    rule = partial(curate.release, namespace=UUID(settings.site.namespace), zone=settings.site.zone)
    courtesy = Courtesy(http, Robots(http.get, SqlRobotsMemory(database), clock), pace, monotonic)
    pictures = Pictures(
        pace=pace, courtesy=courtesy, memory=SqlPictures(database), now=clock, is_own=guard.owns
    )
    kinds = sources(settings)
    collector = Collector(
        queue=queue,
        courtesy=courtesy,
        sources=kinds,
        extractor=extractor,
        bodies=Bodies(
            extractor=extractor, pictures=pictures, shown=units.shown, follows=settings.websub.follows
        ),
        store=units,
        unit_of_work=UnitOfWork(
            units,
            timing=Timing(fleet=budget.fleet),
            release=rule,
            levels=LEVELS | {kind: source.level for kind, source in kinds.items()},
            is_own=guard.owns,
            now=clock,
        ),
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
        collector=collector,
        user_agent=user_agent(settings),
        clock=clock,
        report=report,
    )
    worker = Worker(
        queue=queue,
        pace=pace,
        collector=collector,
        publisher=publisher,
        release=Releasing(SqlArticles(database), rule).run,
        now=clock,
        index=SqlIndexer(database).run,
        tidy=SqlRetention(database, keeps).run,
        resume=queue.resume,
        report=report,
    )

    def close() -> None:
        extractor.close()
        database.close()
        if alone is not None:
            os.close(alone)

    return Collecting(worker=worker, queue=queue, pushing=sends, database=database, close=close)


def sources(settings: Settings) -> dict[str, Source]:
    """The kinds of sources besides pages and feeds: ours, and those of plug-ins that are used."""

    found: dict[str, Source] = {
        "sql": TableSource(),
        "files": FilesSource(),
        "sitemap": SitemapSource(),
        "wordpress": WordPressSource(),
    }
    for plugin in plugins.used({one.kind for one in settings.upstreams} - {"page", "feed", *found}):
        if plugin.problem:
            log.error("%s; its sources fail, the others go on", plugin.problem)
        found[plugin.name] = plugin.source
    return found


def _alone(store_url: str) -> int | None:
    """The descriptor of a lock that only one worker of an SQLite store can hold; None if another one has it.

    Who holds it may take over the units of a worker that was killed, without waiting for its leases.
    """
    path = state_path(store_url, "worker")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
