"""Sources → what is looked at, each once, and what each list takes from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from feedsvc import urls
from feedsvc.config.kinds import same_options
from feedsvc.config.list_models import ListConfig
from feedsvc.config.lists import key_of
from feedsvc.config.models import FileConfig, SiteConfig
from feedsvc.config.sources import PageSource, SourceConfig
from feedsvc.model import ReadingSpec, Upstream


def sources_of(
    parsed: FileConfig,
    given: Mapping[tuple[str, int], Sequence[SourceConfig]],
    folder: Path,
    problems: list[str],
) -> tuple[list[Upstream], list[ReadingSpec]]:
    """The upstreams behind all sources, each once, and what each list takes from them.

    Relative paths of sources begin at `folder`.
    """
    own = frozenset(parsed.fetch.own)
    upstreams: dict[str, Upstream] = {}
    readings: list[ReadingSpec] = []
    for (table, position), sources in given.items():
        entry: ListConfig = parsed.section[position] if table == "section" else parsed.box[position]
        rungs = [
            (f"sources[{number}]" + (f".otherwise[{rung - 1}]" if rung else ""), each, rung, source)
            for number, source in enumerate(sources)
            for rung, each in enumerate(source.rungs)
        ]
        for place, source, rung, first in rungs:
            path = f"{table}[{position}].{place}"
            if isinstance(source, PageSource) and source.pages > 1 and getattr(entry, "ranked", False):
                problems.append(f"{path}.pages: a ranked box is what one page shows now")
                continue
            shown = f'[[{table}]] "{entry.slug}": {place}'
            one = _upstream(source, entry, parsed.site, own, folder, shown)
            if len(first.rungs) > 1:
                top = _upstream(first, entry, parsed.site, own, folder, shown)
                one = replace(
                    one,
                    ladder=top.key,
                    rung=rung,
                    instead_of=top.name if rung else "",
                    patience=first.otherwise_after,
                )
            known = upstreams.get(one.key)
            if known is not None and (known.ladder, known.rung) != (one.ladder, one.rung):
                problems.append(f"{path}: is read elsewhere too; give one of them a 'name'")
                continue
            if known is not None and (known.url, known.kind) != (one.url, one.kind):
                problems.append(f"{path}.name: another source has it, with another address")
                continue
            if known is not None and not same_options(known.options, one.options):
                first = known.options["path"]
                problems.append(f"{path}: is {first} with other options; give one of them a 'name'")
                continue
            if known is not None and known.every and one.every:
                one = known if known.every <= one.every else one
            elif known is not None:
                one = known if known.every else one
            upstreams[one.key] = one
            readings.append(_reading(source, one.key, entry))
    return list(upstreams.values()), readings


def _upstream(
    source: SourceConfig,
    entry: ListConfig,
    site: SiteConfig,
    own: frozenset[str],
    folder: Path,
    path: str,
) -> Upstream:
    kind = source.kind()
    there = source.located(folder)
    url = there.shown()
    basis = source.was[0] if source.was else source.name or source.basis()
    host = "" if source.own else urlsplit(url).hostname or ""
    every = source.interval()
    key = f"{kind}:{blake2b(f'{kind} {basis}'.encode(), digest_size=10).hexdigest()}"
    options = there.options()
    return Upstream(
        key=key,
        name=source.name or source.title(),
        kind=kind,
        url=url,
        options={**options, "path": path, "basis": key, "base": site.url} if options else {},
        own=source.own or host in own or urls.host(url) in own,
        every=int(every) if every else None,
        weight=source.weight,
        language=source.language or entry.language or site.language,
        zone=ZoneInfo(source.timezone or site.timezone),
    )


def _reading(source: SourceConfig, upstream: str, entry: ListConfig) -> ReadingSpec:
    page = source if isinstance(source, PageSource) else None
    select = page.select.model_dump(exclude_defaults=True) if page and page.select else {}
    return ReadingSpec(
        upstream=upstream,
        list=key_of(entry),
        box=page.box if page else "",
        select=select,
        match=source.match,
        exclude=source.exclude,
        follow=source.follow,
        pages=page.pages if page else 1,
    )
