"""Settings → what does one unit of work, in whatever process that is."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from ipaddress import IPv4Network, IPv6Network
from uuid import UUID

from feedsvc import __version__, curate, plugins
from feedsvc.collect import Collector
from feedsvc.collect.bodies import Bodies
from feedsvc.collect.pictures import Pictures
from feedsvc.collect.schedule import Budget, Timing
from feedsvc.collect.unit import MOST_LOST_AMONG_MANY
from feedsvc.collect.unit_of_work import LEVELS, UnitOfWork
from feedsvc.config import Settings
from feedsvc.fetch.client import Client
from feedsvc.fetch.clocks import HostClocks
from feedsvc.fetch.courtesy import Courtesy
from feedsvc.fetch.guard import Guard
from feedsvc.fetch.pace import MemoryPace, SharedPace
from feedsvc.fetch.robots import Robots
from feedsvc.plugin_api import Source
from feedsvc.protocols import Clock, Extractor, HostPace, ReleaseRule
from feedsvc.sources.files import FilesSource
from feedsvc.sources.sitemap import SitemapSource
from feedsvc.sources.sql import TableSource
from feedsvc.sources.wordpress import WordPressSource
from feedsvc.store.articles.pictures import SqlPictures
from feedsvc.store.engine import Database
from feedsvc.store.queue.due import SqlDueQueue
from feedsvc.store.queue.memory import SqlRobotsMemory
from feedsvc.store.queue.outcomes import SqlUnits
from feedsvc.store.queue.pace import SqlPlaces

log = logging.getLogger(__name__)


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


def release_rule(settings: Settings) -> ReleaseRule:
    """How an article of this site goes live."""
    return partial(curate.release, namespace=UUID(settings.site.namespace), zone=settings.site.zone)


def due_queue(settings: Settings, database: Database) -> SqlDueQueue:
    """The due table, with what the configuration says of each source."""
    ranked = frozenset(spec.key for spec in settings.lists if spec.ranked)
    return SqlDueQueue(database, settings.upstreams, settings.readings, ranked)


def host_pace(
    settings: Settings, database: Database, *, shared: bool, outside: Outside | None = None
) -> HostPace:
    """How often hosts are asked: by this process alone, or `shared` with every worker of the store."""
    memory = MemoryPace(time.monotonic if outside is None else outside.monotonic)
    return SharedPace(SqlPlaces(database, seconds=settings.work.lease), memory) if shared else memory


def collector(
    settings: Settings,
    database: Database,
    queue: SqlDueQueue,
    *,
    pace: HostPace,
    extractor: Extractor,
    clock: Clock,
    outside: Outside | None = None,
    clocks: HostClocks | None = None,
    most_lost: int = MOST_LOST_AMONG_MANY,
) -> Collector:
    """What carries out units of work of `queue`.

    `clocks` hears what hosts say the time is; `most_lost` deaths in a row may be a source's fault.
    """
    guard = Guard(own=settings.own, ports=settings.ports)
    if outside is not None:
        guard = replace(guard, lookup=outside.lookup, networks=outside.networks)
    monotonic = time.monotonic if outside is None else outside.monotonic
    http = Client(
        guard,
        user_agent=user_agent(settings),
        now=clock,
        ca_bundle=settings.ca_bundle or None,
        clocks=clocks,
    )
    courtesy = Courtesy(http, Robots(http.get, SqlRobotsMemory(database), clock), pace, monotonic)
    pictures = Pictures(
        pace=pace, courtesy=courtesy, memory=SqlPictures(database), now=clock, is_own=guard.owns
    )
    kinds = sources(settings)
    units = SqlUnits(database)
    return Collector(
        queue=queue,
        courtesy=courtesy,
        sources=kinds,
        extractor=extractor,
        bodies=Bodies(
            extractor=extractor,
            pictures=pictures,
            shown=units.shown,
            newest=units.newest,
            follows=settings.websub.follows,
        ),
        store=units,
        unit_of_work=UnitOfWork(
            units,
            timing=Timing(fleet=Budget(settings.budget, queue.foreign).fleet),
            release=release_rule(settings),
            levels=LEVELS | {kind: source.level for kind, source in kinds.items()},
            is_own=guard.owns,
            now=clock,
        ),
        now=clock,
        most_lost=most_lost,
    )


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
