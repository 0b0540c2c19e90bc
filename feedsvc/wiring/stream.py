"""The stream process: settings → the ASGI application that sends news to open pages, and its server.

It reads the store like a web process, and is a process beside them: pages that stay open slow no feed down.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import orjson
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from feedsvc.config import Settings
from feedsvc.errors import FeedsvcError
from feedsvc.model import Article, ListSpec
from feedsvc.model.outage import outage_of
from feedsvc.serve.published import FIRST_START
from feedsvc.serve.stream import Broadcast, Stream
from feedsvc.store.web.generation import GenerationFile
from feedsvc.store.web.news import News, RecentNews
from feedsvc.store.web.snapshots import Snapshots
from feedsvc.wiring.process import SPARE_FILES, die_with, listening, open_files, state_path
from feedsvc.wiring.reload import Loader, serve_reloading
from feedsvc.wiring.telemetry import tell_sentry

TICK = 0.05  #: seconds between two looks at the generation file, a read of memory
LOOK_EVERY = 0.25  #: seconds between two looks into the store, for publications of other machines


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamSpec:
    """All that the stream process needs to know; plain values that cross into it."""

    store_url: str
    state: str
    lists: tuple[ListSpec, ...]
    limit: int
    heartbeat: float
    master: int  #: process id of granian, with which the process ends


def stream_app(spec: StreamSpec, _number: int = 0, _changes: object = None) -> Stream:
    """The application, following the publications of its store."""

    if os.getpid() != spec.master:
        die_with(spec.master)
    tell_sentry(os.environ, "stream")
    return Stream(
        Broadcast(),
        [name for one in spec.lists if not one.retired for name in (one.slug, *one.was)],
        limit=spec.limit,
        heartbeat=spec.heartbeat,
        follow=partial(_follow, spec),
    )


async def _follow(spec: StreamSpec, broadcast: Broadcast) -> None:

    generation = GenerationFile(state_path(spec.store_url, "generation", spec.state))
    recent = RecentNews(Snapshots(spec.store_url), spec.lists)
    outage, waited, begun = outage_of(spec.store_url), LOOK_EVERY, time.monotonic()
    while True:
        if generation.read() > recent.number or waited >= LOOK_EVERY:
            waited = 0.0
            try:
                first = recent.number < 0
                # beside the loop: a slow store must not hold up heartbeats
                news = await asyncio.to_thread(recent.look)
                if first:
                    broadcast.begin(recent.number)
                elif recent.number > broadcast.number:
                    broadcast.add(recent.number, by_name(news, spec.lists))
                outage.worked(writing=False)
            except FeedsvcError as error:
                early = recent.number < 0 and time.monotonic() - begun < FIRST_START
                if not early:
                    outage.failed(error)
                waited = -1.0
        await asyncio.sleep(TICK)
        waited += TICK


def by_name(news: Mapping[str, News], lists: Sequence[ListSpec]) -> dict[str, bytes]:
    """News by slug, for pages that know a list by a former slug under that one too."""
    former = {spec.slug: spec.was for spec in lists}
    made = {slug: as_json(one) for slug, one in news.items()}
    return {name: body for slug, body in made.items() for name in (slug, *former.get(slug, ()))}


def as_json(news: News) -> bytes:
    """News as pages read it: headlines as in a JSON Feed."""

    values: Mapping[str, object] = {
        **({"items": [_item(article) for article in news.items]} if news.items else {}),
        **({"gone": news.gone} if news.gone else {}),
        **({"again": True} if news.again else {}),
    }
    return orjson.dumps(values)


def _item(article: Article) -> dict[str, str]:
    story = article.story
    published = article.published or article.first_seen
    found = {
        "id": article.id,
        "url": story.url,
        "title": story.title,
        "date_published": published.isoformat(timespec="seconds").replace("+00:00", "Z"),
    }
    if story.image:
        found["image"] = story.image.url
    if story.language:
        found["language"] = story.language
    return found


def stream_spec(settings: Settings) -> StreamSpec:
    """What the stream process is given."""
    return StreamSpec(
        store_url=settings.store_url,
        state=settings.state,
        lists=settings.lists,
        limit=open_files(settings.stream.limit, "[stream] limit"),
        heartbeat=settings.stream.heartbeat,
        master=os.getpid(),
    )


def stream(settings: Settings, again: Callable[[], Settings]) -> None:
    """Stream until SIGTERM or SIGINT. `again` reads the configuration anew."""

    spec = stream_spec(settings)
    granian = Granian(
        "feedsvc.wiring.stream:stream_app",
        address=listening(settings.stream.host),
        port=settings.stream.port,
        interface=Interfaces.ASGI,
        workers=1,
        backlog=4096,
        backpressure=spec.limit + SPARE_FILES,  # its default would hold back pages that our own limit lets in
        websockets=False,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=3,
    )
    serve_reloading(
        granian, Loader(stream_app, spec), lambda: stream_spec(again()), what="the stream", anew=True
    )
