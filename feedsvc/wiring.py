"""Settings → objects: the only module that knows every class.

Imports stand inside the functions: a web process wires the front alone and must be ready within a second.
"""

from __future__ import annotations

import ctypes
import fcntl
import logging
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import blake2b
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from feedsvc import __version__
from feedsvc.wiring_push import FollowDoor, HubDoor, Pushing, pulse, pushes_of, pushing, status_text

if TYPE_CHECKING:
    from feedsvc.config import Settings
    from feedsvc.desk import Desk
    from feedsvc.export import Report
    from feedsvc.lazypages import LazyPages
    from feedsvc.model import ListSpec, RunReport, Site
    from feedsvc.preflight import Finding
    from feedsvc.render.pages import Pages
    from feedsvc.seams import Source
    from feedsvc.serve.front import Front
    from feedsvc.store.due import SqlDueQueue
    from feedsvc.store.snapshots import Snapshots
    from feedsvc.websub.rules import Rules
    from feedsvc.worker import Worker

_PR_SET_PDEATHSIG = 1
log = logging.getLogger(__name__)
#: Threads of a web process: four slow requests, four that wait for them, two that are always free for
#: look-ups (serve.front). More of them contend for the interpreter: 16 cost a seventh more CPU a request.
THREADS = 10


def now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


def die_with(parent: int) -> None:
    """Have the kernel end this process when its parent, process `parent`, dies however it dies."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the line above
        os.kill(os.getpid(), signal.SIGKILL)


def state_path(store_url: str, ending: str) -> Path:
    """A file of this machine that belongs to a store: beside an SQLite file, else in var/."""
    parts = urlsplit(store_url)
    if parts.scheme.startswith("sqlite"):
        return Path(f"{unquote(parts.path[1:])}.{ending}")
    return Path("var") / f"{blake2b(store_url.encode(), digest_size=8).hexdigest()}.{ending}"


# ── web ───────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSpec:
    """All that a web process needs to know; plain values that cross into it."""

    store_url: str
    site: Site
    lists: tuple[ListSpec, ...]
    websub: Rules
    translations: str
    frame_ancestors: tuple[str, ...]
    stream: str  #: where browsers reach the stream; "": there is none
    master: int  #: process id of granian, with which the web process ends


def web_spec(settings: Settings) -> WebSpec:
    """What the web processes of this machine are given."""
    return WebSpec(
        store_url=settings.store_url,
        site=settings.site,
        lists=settings.lists,
        websub=settings.websub,
        translations=settings.translations,
        frame_ancestors=settings.frame_ancestors,
        stream=settings.stream_url,
        master=os.getpid(),
    )


def sections_of(settings: Settings) -> tuple[tuple[str, str], ...]:
    """(slug, key) of every section."""
    return tuple((spec.slug, spec.key) for spec in settings.lists if spec.kind == "section")


def desk(
    store_url: str,
    sections: tuple[tuple[str, str], ...],
    namespace: str,
    zone: str,
    clock: Callable[[], datetime] = now,
) -> Desk:
    """The desk of a store, for the API and the commands that change single articles. Raises StoreError."""
    from uuid import UUID
    from zoneinfo import ZoneInfo

    from feedsvc import curate
    from feedsvc.desk import Desk
    from feedsvc.store.desk import SqlDesk
    from feedsvc.store.engine import Database

    settle = partial(curate.release, namespace=UUID(namespace), zone=ZoneInfo(zone))
    return Desk(
        SqlDesk(Database(store_url)),
        sections=dict(sections),
        settle=lambda moment: partial(settle, now=moment),
        now=clock,
    )


def web_app(spec: WebSpec) -> Front:
    """The WSGI application of one web process, loaded and following publications."""
    from feedsvc.render.assets import assets
    from feedsvc.serve.documents import About
    from feedsvc.serve.front import Front
    from feedsvc.serve.lazies import Lazies, fixed_row
    from feedsvc.store.generation import GenerationFile
    from feedsvc.store.snapshots import Snapshots

    if os.getpid() != spec.master:
        die_with(spec.master)
    snapshots = Snapshots(spec.store_url)
    generation = GenerationFile(state_path(spec.store_url, "generation"))

    about = About(spec.frame_ancestors, spec.stream)

    def others() -> Any:
        from feedsvc.serve.web import create_app

        sections = tuple((one.slug, one.key) for one in spec.lists if one.kind == "section")
        return create_app(
            ready=lambda: front.number > 0,
            desk=lambda: ApiDesk(
                desk(spec.store_url, sections, spec.site.namespace, spec.site.zone.key), spec.site.base_url
            ),
            site=spec.site,
            lists=spec.lists,
            status=partial(status_text, spec.store_url, spec.site.zone.key),
            followed=partial(FollowDoor, spec.store_url, now) if spec.websub.follows else None,
            door=partial(HubDoor, spec.store_url, spec.websub, now) if spec.websub.hub else None,
        )

    front = Front(
        generation=generation.read,
        newest=snapshots.number,
        load=snapshots.since,
        lazies=Lazies(lambda: LazyBuilder(spec, snapshots), about=about),
        others=others,
        base_url=spec.site.base_url,
        pulse=pulse(spec.store_url, spec.site, spec.websub),
        fixed=[fixed_row(one) for one in assets()],
        about=about,
    )
    front.start()
    return front


class LazyBuilder:
    """The builder of lazy feeds as a web process asks for it. Loading it takes a fifth of a second."""

    def __init__(self, spec: WebSpec, snapshots: Snapshots) -> None:
        from feedsvc.lazy import Lazy
        from feedsvc.store.lazy import LazyReader

        self._spec = spec
        self._reader = LazyReader(snapshots)
        self._inner = Lazy(spec.site, spec.lists, self._reader)
        self._made: LazyPages | None = None

    @property
    def _pages(self) -> LazyPages:
        """The builder of pages; loaded when the first one is asked for."""
        if self._made is None:
            from feedsvc.lazypages import LazyPages

            spec = self._spec
            self._made = LazyPages(spec.site, spec.lists, self._reader, pages_of(spec), started=now())
        return self._made

    def variant(self, row: Any, query: str, limit: int | None, content: str | None) -> Any:
        """A variant of a stored feed."""
        import orjson

        from feedsvc.lazy import Stored
        from feedsvc.model import Frame

        stored = Stored(
            path=row.path,
            last_modified=row.last_modified,
            max_age=row.max_age,
            entries=orjson.loads(row.entries),
            frame=Frame(head=row.head, separator=row.separator, tail=row.tail),
            page=row.page,
            links=row.links,
        )
        return self._inner.variant(stored, query, limit, content)

    def facet(
        self, kind: str, slug: str, form: str, query: str, limit: int | None, content: str | None
    ) -> Any:
        """The feed of a tag or reporter."""
        from feedsvc.model import Format

        return self._inner.facet(kind, slug, Format(form), query, limit, content)

    def search(
        self, options: Mapping[str, str], form: str, query: str, limit: int | None, content: str | None
    ) -> Any:
        """The feed of a search; None where it names a section that there is not."""
        from feedsvc.model import Format
        from feedsvc.store.lazy import Query

        section = self._inner.section_key(options["section"]) if options.get("section") else ""
        if section is None:
            return None
        wanted = Query(
            words=options.get("q", ""),
            without=options.get("not", ""),
            section=section,
            author=options.get("author", ""),
            tag=options.get("tag", ""),
        )
        title = (
            options.get("q") or options.get("tag") or options.get("author") or options.get("section") or ""
        )
        return self._inner.search(wanted, title, Format(form), query, limit, content)

    def archive(self, slug: str, number: int, form: str) -> Any:
        """An archive document."""
        from feedsvc.model import Format

        return self._inner.archive(slug, number, Format(form))

    def archives(self) -> Iterator[tuple[str, int, str]]:
        """Every archive: slug, number, and what tells that it changed."""
        return self._inner.archives()

    def facet_page(self, kind: str, slug: str) -> Any:
        """The page of a tag or reporter."""
        return self._pages.facet(kind, slug)

    def search_page(self, options: Mapping[str, str], query: str) -> Any:
        """The page of a search."""
        return self._pages.search(options, query)

    def embed(self, row: Any, options: Mapping[str, str], fragment: bool) -> Any:
        """A stored embed with options, or as a fragment."""
        import orjson

        entries = orjson.loads(row.entries)
        return self._pages.embed(
            row.path, entries, row.last_modified, row.max_age, options, fragment=fragment
        )

    def builder(self, options: Mapping[str, str]) -> Any:
        """The page that makes embeds."""
        return self._pages.builder(options)


def pages_of(spec: WebSpec) -> Pages:
    """The pages of a site, in its language."""
    from feedsvc.render.pages import Pages

    folder = Path(spec.translations) if spec.translations else None
    return Pages(spec.site, spec.lists, folder=folder, stream=spec.stream)


class ApiDesk:
    """The desk as the API asks for it: plain values in, plain values out."""

    def __init__(self, inner: Desk, base_url: str) -> None:
        self._inner = inner
        self._base_url = base_url
        self.who, self.find, self.withdraw = inner.who, inner.find, inner.withdraw
        self.answered, self.remember = inner.answered, inner.remember

    def publish(self, newsroom: str, values: Mapping[str, Any]) -> Any:
        from feedsvc.desk import Submission
        from feedsvc.model import Enclosure, Image

        image = values["image"]
        fields = {
            **values,
            "url": values["url"] or "",
            "authors": tuple(values["authors"]),
            "sections": tuple(values["sections"]),
            "tags": tuple(values["tags"]),
            "image": Image(**image) if image else None,
            "enclosures": tuple(Enclosure(**one) for one in values["enclosures"]),
        }
        return self._inner.publish(newsroom, Submission(**fields))

    def tell(self, number: int) -> dict[str, Any]:
        return self._inner.tell(number, self._base_url)


def preflight(settings: Settings, slug: str) -> tuple[list[Finding], int]:
    """What aggregators would refuse in a list's feed, and how many articles were looked at.

    Raises DeskError where there is no such list, StoreError.
    """
    from feedsvc.errors import Code, DeskError
    from feedsvc.model import Format
    from feedsvc.preflight import Subject
    from feedsvc.preflight import preflight as look
    from feedsvc.store.engine import Database
    from feedsvc.store.publishing import SqlPublishing

    known = {spec.slug: spec for spec in settings.lists if not spec.retired}
    if slug not in known:
        names = ", ".join(sorted(known))
        raise DeskError(Code.UNKNOWN_SECTION, f"there is no feed {slug!r}; there are {names}")
    spec, database = known[slug], Database(settings.store_url)
    store = SqlPublishing(database)
    try:
        articles = tuple(one.article for one in store.window(spec, now()).entries)
        size = store.largest([f"/feeds/{slug}.{form}" for form in Format])
    finally:
        database.close()
    subject = Subject(site=settings.site, spec=spec, articles=articles, size=size, now=now())
    return look(subject), len(articles)


def export(settings: Settings, folder: Path) -> Report:
    """Write everything that stands ready, and the archives, as static files. Raises StoreError."""
    from feedsvc.export import Export, Source
    from feedsvc.model import Format
    from feedsvc.render.assets import assets
    from feedsvc.render.freeze import freeze
    from feedsvc.serve.documents import About
    from feedsvc.serve.lazies import fixed_row
    from feedsvc.store.snapshots import Snapshots

    snapshots = Snapshots(settings.store_url)
    builder = LazyBuilder(web_spec(settings), snapshots)
    about = About(settings.frame_ancestors)  # changes are streamed by the service alone

    def archive(slug: str, number: int, form: Format) -> Any:
        found = builder.archive(slug, number, form)
        if found is None or found == "gone":
            return None
        frozen = freeze(
            found.identity,
            path=f"/feeds/{slug}/archive/{number}.{form}",
            media_type=found.media_type,
            stored=found.last_modified,
            max_age=found.max_age,
            links=found.links,
        )
        return fixed_row(frozen)

    archives = (
        Source(f"/feeds/{slug}/archive/{number}.{form}", basis, partial(archive, slug, number, form))
        for slug, number, basis in builder.archives()
        for form in Format
    )
    rows: list[Any] = [fixed_row(one) for one in assets()]
    try:
        rows += snapshots.since(0)
        return Export(folder, settings.site.base_url, about).run(rows, archives)
    finally:
        snapshots.close()


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT: granian with the front. Raises ServeError where the port is taken."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    granian = Granian(
        "feedsvc.wiring:web_app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,  # a proxy in front speaks HTTP/2 to browsers; nobody does so without TLS
        workers=settings.workers,
        blocking_threads=THREADS,
        backlog=2048,
        websockets=False,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=8,
    )
    granian.serve(target_loader=partial(web_app, web_spec(settings)), wrap_loader=False)


# ── worker ────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Collecting:
    """A wired worker, and what has to be closed after it."""

    worker: Worker
    queue: SqlDueQueue
    pushing: Pushing
    close: Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """The world outside the process, where it is not the real one: names and time for a simulation.

    `networks` count as public, see Guard.
    """

    lookup: Callable[[str, int], list[str]]
    networks: tuple[IPv4Network | IPv6Network, ...]
    monotonic: Callable[[], float]
    pause: Callable[[float], None]


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
    import time
    from uuid import UUID

    from feedsvc import curate
    from feedsvc.collect import Collector
    from feedsvc.extract.child import ChildExtractor
    from feedsvc.fetch.client import Client
    from feedsvc.fetch.guard import Guard
    from feedsvc.fetch.pace import MemoryPace
    from feedsvc.fetch.robots import Robots
    from feedsvc.frontpages import FrontPages
    from feedsvc.pictures import Pictures
    from feedsvc.publish import Publisher
    from feedsvc.schedule import Budget, Timing
    from feedsvc.store.due import SqlDueQueue
    from feedsvc.store.engine import Database
    from feedsvc.store.facets import SqlIndexer
    from feedsvc.store.generation import GenerationFile
    from feedsvc.store.lists import sync_lists
    from feedsvc.store.memory import SqlRobotsMemory
    from feedsvc.store.migrate import migrate
    from feedsvc.store.outcomes import SqlOutcomes
    from feedsvc.store.pictures import SqlPictures
    from feedsvc.store.publishing import SqlPublishing
    from feedsvc.store.retention import Keep, SqlRetention
    from feedsvc.worker import Worker

    database = Database(settings.store_url)
    migrate(database)
    queue = SqlDueQueue(
        database,
        settings.upstreams,
        settings.readings,
        frozenset(spec.key for spec in settings.lists if spec.ranked),
    )
    with database.write() as connection:
        sync_lists(connection, [(s.key, s.slug, s.kind, s.title) for s in settings.lists], clock())
    queue.sync(clock())
    alone = _alone(settings.store_url) if database.sqlite else None
    if alone is not None:
        queue.forget_leases()
    guard = Guard(own=settings.own, ports=settings.ports)
    if outside is not None:
        guard = replace(guard, lookup=outside.lookup, networks=outside.networks)
    http = Client(guard, user_agent=user_agent(settings), now=clock, ca_bundle=settings.ca_bundle or None)
    pace = MemoryPace() if outside is None else MemoryPace(outside.monotonic)
    pause = time.sleep if outside is None else outside.pause
    budget = Budget(settings.budget, queue.foreign)
    outcomes = SqlOutcomes(database)
    extractor = ChildExtractor()
    generation = GenerationFile(state_path(settings.store_url, "generation"))
    pushes = pushes_of(settings, database)

    def announce(number: int) -> None:
        generation.write(number)
        sends.announcer.wake()

    publishing, spec = SqlPublishing(database, pushes), web_spec(settings)
    publisher = Publisher(
        site=settings.site,
        lists=settings.lists,
        store=publishing,
        pages=FrontPages(spec.site, spec.lists, publishing, pages_of(spec), stream=spec.stream),
        announce=announce,
        now=clock,
    )
    settle = partial(curate.release, namespace=UUID(settings.site.namespace), zone=settings.site.zone)
    robots = Robots(http.get, SqlRobotsMemory(database), clock, pause)
    collector = Collector(
        http=http,
        robots=robots,
        pace=pace,
        extractor=extractor,
        pictures=Pictures(
            http=http,
            robots=robots,
            pace=pace,
            memory=SqlPictures(database),
            now=clock,
            is_own=guard.owns,
        ),
        queue=queue,
        outcomes=outcomes,
        timing=Timing(fleet=budget.fleet),
        now=clock,
        is_own=guard.owns,
        follows=settings.websub.follows,
        sources=sources(settings),
        settle=lambda moment: partial(settle, now=moment),
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
        release=lambda moment: outcomes.release_due(partial(settle, now=moment), now=moment),
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

    return Collecting(worker=worker, queue=queue, pushing=sends, close=close)


def sources(settings: Settings) -> dict[str, Source]:
    """The kinds of sources besides pages and feeds: ours, and those of plug-ins that are used."""
    from feedsvc import plugins
    from feedsvc.extract.files import FilesSource
    from feedsvc.extract.sitemaps import SitemapSource
    from feedsvc.extract.table import TableSource
    from feedsvc.extract.wordpress import WordPressSource

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


def plugin_problems(settings: Settings) -> list[str]:
    """Why plug-ins that the configuration uses cannot be used."""
    from feedsvc import plugins

    kinds = {one.kind for one in settings.upstreams}
    return [one.problem for one in plugins.used(kinds) if one.problem]


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
