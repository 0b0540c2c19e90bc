"""Settings → the web processes. Imports stand inside the functions: one must be ready within a second."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from feedsvc.wiring.editorial import open_editorial
from feedsvc.wiring.process import die_with, listening, now, open_files, state_path
from feedsvc.wiring.spec import WebSpec, web_spec

log = logging.getLogger(__name__)

if TYPE_CHECKING:
    from feedsvc.config import Settings
    from feedsvc.publish.builder import Builder
    from feedsvc.serve.front import Front
    from feedsvc.serve.heartbeat import Heartbeat
    from feedsvc.serve.reach import Readers
    from feedsvc.store.web.snapshots import Snapshots
    from feedsvc.wiring.reload import Changes
    from feedsvc.wiring.room import Rooms
    from feedsvc.wiring.websub import StoredCallbacks, StoredHub

#: Connections of a web process, most of them idle: readers and proxies keep theirs open. granian would take
#: half its backlog, and whoever comes after them would wait until somebody leaves.
CONNECTIONS = 16_000


def application(spec: WebSpec, number: int, changes: Changes[WebSpec]) -> Callable[..., Any]:
    """The RSGI application of one web process; a changed configuration is taken over within it."""
    from feedsvc.serve.rsgi import Application
    from feedsvc.wiring.telemetry import tell_sentry

    tell_sentry(os.environ, "web")
    made = Application(web_app(spec))

    def change(changed: WebSpec) -> None:
        front = web_app(changed)
        if front.serves or not made.front.serves:
            made.exchange(front)
        else:
            front.stop()
            log.warning("the changed configuration is taken over after the next start: the store is not read")

    changes.follow(change, known=number)
    return made.__rsgi__


def web_app(spec: WebSpec) -> Front:
    """The front of one web process, loaded and following publications; a WSGI application."""
    from feedsvc.model import ready
    from feedsvc.model.outage import outage_of
    from feedsvc.render.assets import assets
    from feedsvc.serve.documents import About
    from feedsvc.serve.front import Front
    from feedsvc.serve.members import Members
    from feedsvc.serve.on_demand import OnDemand
    from feedsvc.serve.published import Published
    from feedsvc.store.web.generation import GenerationFile
    from feedsvc.store.web.listener import Listener
    from feedsvc.store.web.members import MemberReader
    from feedsvc.store.web.served_copy import ServedCopy
    from feedsvc.store.web.snapshots import Snapshots

    if os.getpid() != spec.master:
        die_with(spec.master)
    snapshots = Snapshots(spec.store_url)
    generation = GenerationFile(state_path(spec.store_url, "generation", spec.state))

    usages = {one.path: one.rights.usage for one in (*spec.lists, *spec.takers) if one.rights is not None}
    about = About(spec.frame_ancestors, spec.stream, spec.site.rights.usage, usages)

    def worker_seen() -> float | None:
        seen = snapshots.worker_seen()
        return None if seen is None else (now() - seen).total_seconds()

    def others() -> Any:
        from feedsvc.serve.app import create_app

        return create_app(
            ready=lambda: front.serves,
            lost_page=lambda: front.lost_page(),
            editorial=partial(open_editorial, spec.store_url, spec.lists, spec.site),
            site=spec.site,
            lists=spec.lists,
            worker_seen=worker_seen,
            stale_after=spec.stale_after,
            rooms=partial(_rooms, spec),
            callbacks=partial(_callbacks, spec) if spec.websub.follows else None,
            hub=partial(_hub, spec) if spec.websub.hub else None,
        )

    heartbeat = _heartbeat(spec)
    on_demand = OnDemand(partial(_builder, spec, snapshots), about=about)
    members = Members(spec.takers, MemberReader(snapshots))
    published = Published(
        generation=generation.read,
        newest=snapshots.number,
        load=snapshots.since,
        fixed=[ready(one) for one in assets()],
        about=about,
        open_takers=members.open,
        old=[alias for one in spec.lists for alias in one.aliases],
        copy=ServedCopy(state_path(spec.store_url, "served", spec.state)),
        outage=outage_of(spec.store_url),
        changed=heartbeat.wake,
        warm=on_demand.warm,
    )
    front = Front(
        published,
        on_demand=on_demand,
        others=others,
        base_url=spec.site.base_url,
        heartbeat=heartbeat,
        configured=[
            *(name for one in spec.lists for name in (one.slug, *one.was, *one.aliases)),
            *spec.site.documents,
        ],
        members=members,
        readers=_readers(spec),
    )
    front.start()
    if not snapshots.sqlite:
        Listener(spec.store_url, published.wake).start()
    return front


def _builder(spec: WebSpec, snapshots: Snapshots) -> Builder:
    from feedsvc.publish.builder import Builder
    from feedsvc.store.web.entries import ArticleReader

    return Builder(
        spec.site,
        spec.lists,
        ArticleReader(snapshots),
        takers=spec.takers,
        started=now(),
        translations=spec.translations,
        stream=spec.stream,
    )


def _rooms(spec: WebSpec) -> Rooms:
    from feedsvc.wiring.room import Rooms

    return Rooms(spec, now)


def _readers(spec: WebSpec) -> Readers:
    """Counts who reads."""
    from feedsvc.serve.reach import Readers
    from feedsvc.store.web.reach import Figures, ReachWriter

    writer = ReachWriter(spec.store_url)

    def write(moment: Any, paths: Any, agents: Any, subscribers: Any) -> None:
        writer.add(moment, paths=paths, agents=agents, subscribers=subscribers)

    return Readers(write, Figures, now)


def _callbacks(spec: WebSpec) -> StoredCallbacks:
    from feedsvc.wiring.websub import StoredCallbacks

    return StoredCallbacks(spec.store_url, now)


def _hub(spec: WebSpec) -> StoredHub:
    from feedsvc.wiring.websub import StoredHub

    return StoredHub(spec.store_url, spec.websub, now)


def _heartbeat(spec: WebSpec) -> Heartbeat:
    """Says that a web process lives, what it serves, and which hubs came to look."""
    from feedsvc.fetch.guard import system_lookup
    from feedsvc.model.outage import outage_of
    from feedsvc.serve.heartbeat import Heartbeat
    from feedsvc.store.web.heartbeats import Heartbeats

    return Heartbeat(
        beat=Heartbeats(spec.store_url).beat,
        base_url=spec.site.base_url,
        hubs=spec.websub.hubs,
        agents=spec.websub.hub_agents,
        lookup=system_lookup,
        outage=outage_of(spec.store_url),
    )


def serve(settings: Settings, again: Callable[[], Settings]) -> None:
    """Serve until SIGTERM or SIGINT: granian with the front. `again` reads the configuration anew.

    Raises StoreError where the store is another site's, ServeError where the port is taken.
    """
    from feedsvc.store.web.snapshots import Snapshots

    snapshots = Snapshots(settings.store_url)
    snapshots.must_belong(settings.site.namespace, settings.site.title)
    snapshots.close()
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    from feedsvc.wiring.reload import Loader, serve_reloading

    granian = Granian(
        "feedsvc.wiring.web:application",
        address=listening(settings.host),
        port=settings.port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,  # a proxy in front speaks HTTP/2 to browsers; nobody does so without TLS
        workers=settings.workers,
        backlog=4096,
        backpressure=open_files(CONNECTIONS, "[serve]"),
        websockets=False,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=8,
    )

    def load() -> WebSpec:
        changed = again()
        if (changed.host, changed.port, changed.workers) != (settings.host, settings.port, settings.workers):
            log.warning("[serve] host, port and workers stay as they are until a restart")
        return web_spec(changed)

    serve_reloading(granian, Loader(application, web_spec(settings)), load, what="the web process")
