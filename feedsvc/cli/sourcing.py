"""What the configured sources of a list give: `feedsvc inspect --source SLUG`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import click
import orjson

from feedsvc.cli import show
from feedsvc.config import Settings
from feedsvc.errors import FeedsvcError
from feedsvc.extract.read import read
from feedsvc.fetch.client import Client
from feedsvc.fetch.guard import Guard
from feedsvc.model import Draft, PageReading, ReadingSpec, Upstream
from feedsvc.plugin_api import FeedReading, Job, Poll, Reading, Request, Source, Tools

POLLS = 6  #: at most, until one brings something: an index of sitemaps is one poll, its first file another


def configured(slug: str, settings: Settings, *, now: datetime, everything: bool, as_json: bool) -> bool:
    """Print what each source of the list `slug` gives at its first poll; True if all gave something readable.

    Nothing is stored. Raises click.BadParameter where there is no such list.
    """
    from feedsvc.wiring.collector import sources, user_agent

    spec = next((one for one in settings.lists if slug in (one.slug, one.key)), None)
    if spec is None:
        known = ", ".join(one.slug for one in settings.lists)
        raise click.BadParameter(f"no section or box {slug!r}; there are: {known}", param_hint="--source")
    wanted = {reading.upstream: reading for reading in settings.readings if reading.list == spec.key}
    guard = Guard(own=settings.own, ports=settings.ports)
    client = Client(
        guard, user_agent=user_agent(settings), now=lambda: now, ca_bundle=settings.ca_bundle or None
    )
    kinds = sources(settings)
    good = True
    for upstream in settings.upstreams:
        if upstream.key not in wanted:
            continue
        try:
            found = _read(upstream, wanted[upstream.key], kinds, client, now)
        except FeedsvcError as error:
            good = False
            told = str(error)
            _print(
                {"source": upstream.name, "error": told}, as_json, partial(show.failed, upstream.name, told)
            )
            continue
        _print(
            {"source": upstream.name, "kind": upstream.kind, "reading": found},
            as_json,
            _shower(upstream, found, everything),
        )
    return good


def _shower(upstream: Upstream, found: Reading, everything: bool) -> Callable[[], None]:
    def pretty() -> None:
        show.source(upstream.name, upstream.kind)
        if isinstance(found, PageReading):
            show.page(found, everything=everything)
        elif isinstance(found, FeedReading):
            show.feed(found, everything=everything)

    return pretty


def _print(value: dict[str, Any], as_json: bool, pretty: Callable[[], None]) -> None:
    if as_json:
        click.echo(orjson.dumps(value, default=_plain).decode())
    else:
        pretty()


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else dict(value)


def _read(
    upstream: Upstream, reading: ReadingSpec, kinds: dict[str, Source], client: Client, now: datetime
) -> Reading:
    if upstream.kind in kinds:
        return _polls(upstream, kinds[upstream.kind], client, now)
    fetched = client.get(Request(url=upstream.url), own=upstream.own)
    job = Job(
        kind=upstream.kind,
        body=fetched.body,
        url=fetched.url,
        charset=fetched.charset,
        media_type=fetched.media_type,
        language=upstream.language,
        zone=upstream.zone,
        now=now,
        select=dict(reading.select) or None,
    )
    return read(job)


def _polls(upstream: Upstream, source: Source, client: Client, now: datetime) -> FeedReading:
    """The first polls of a source, until one of them brings articles."""
    cursor = ""
    drafts: tuple[Draft, ...] = ()
    notes: tuple[str, ...] = ()
    more = False
    for _ in range(POLLS):
        poll = Poll(
            url=upstream.url,
            options=upstream.options,
            cursor=cursor,
            first=True,
            own=upstream.own,
            language=upstream.language,
            zone=upstream.zone,
            now=now,
        )
        batch = source.read(poll, Tools(get=partial(client.get, own=upstream.own), read=read))
        cursor, drafts, more = batch.cursor, batch.drafts, batch.more
        notes = (*notes, *batch.notes)
        if drafts or not more:
            break
    rest = ("there is more: this is the first part",) if more else ()
    return FeedReading(title=upstream.name, entries=_newest(drafts), notes=(*notes, *rest))


def _newest(drafts: tuple[Draft, ...]) -> tuple[Draft, ...]:
    dated = sorted(
        ((one.published.at, number) for number, one in enumerate(drafts) if one.published), reverse=True
    )
    return (*(drafts[number] for _, number in dated), *(one for one in drafts if not one.published))


__all__ = ["configured"]
