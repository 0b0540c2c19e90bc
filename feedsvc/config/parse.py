"""A TOML document → models; every problem is told at once, with its path."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any
from urllib.parse import unquote

from pydantic import ValidationError

from feedsvc.config.kinds import KEYS, KINDS, PluginSource, for_plugin
from feedsvc.config.list_models import ListConfig, SectionConfig
from feedsvc.config.models import FileConfig
from feedsvc.config.problems import explain, path_of
from feedsvc.config.sources import SourceConfig
from feedsvc.urls import old_address

#: Addresses of the service, and what those below them begin with; an alias may be none of them.
OURS = frozenset(
    "/api /embed /embed.js /feeds-catalogue.json /feeds.opml /healthz /news-sitemap.xml /oembed /readyz "
    "/robots.txt /static /status /stream /websub".split()
)
BELOW = ("/feeds/", "/static/", "/api/", "/embed/", "/embed-", "/websub/", "/stream/")
Plugins = Mapping[str, Callable[[Mapping[str, Any]], str]]
NO_PLUGINS: Plugins = {}


def parse(
    raw: dict[str, Any], problems: list[str], plugins: Plugins
) -> tuple[FileConfig | None, dict[tuple[str, int], list[SourceConfig]]]:
    """The file as models; sources by (table, position). Problems are appended."""
    parsed: FileConfig | None = None
    try:
        parsed = FileConfig.model_validate(raw)
    except ValidationError as error:
        problems += explain(error, FileConfig, ())
    sources: dict[tuple[str, int], list[SourceConfig]] = {}
    for table in ("section", "box"):
        entries = raw.get(table, [])
        for position, entry in enumerate(entries if isinstance(entries, list) else []):
            given = entry.get("sources", []) if isinstance(entry, dict) else []
            where = (table, position, "sources")
            found = [
                _source(one, (*where, number), problems, plugins)
                for number, one in enumerate(given if isinstance(given, list) else [])
            ]
            sources[table, position] = [one for one in found if one is not None]
            for number, one in enumerate(found):
                if one is not None:
                    _ladder(one, (*where, number), problems, plugins)
    return parsed, sources


def _ladder(first: SourceConfig, where: tuple[str | int, ...], problems: list[str], plugins: Plugins) -> None:
    """Read the sources that stand in for another one."""
    if first.otherwise and where[0] == "box":
        problems.append(f"{path_of(where)}.otherwise: sections alone have it; a box is what one page shows")
    for number, raw in enumerate(first.otherwise):
        place = (*where, "otherwise", number)
        one = _source(raw, place, problems, plugins)
        if one is None:
            continue
        if one.otherwise:
            problems.append(f"{path_of(place)}: has 'otherwise' itself; write all of them into one list")
        first.stand_in(one)


def _source(
    raw: object, where: tuple[str | int, ...], problems: list[str], plugins: Plugins
) -> SourceConfig | None:
    if not isinstance(raw, dict):
        return None  # reported with the list it stands in
    every = (*KINDS, *(name for name in plugins if name not in KINDS))
    kinds = [name for name in every if name in raw]
    if len(kinds) != 1:
        known = ", ".join(every)
        if kinds:
            problems.append(f"{path_of(where)}: has {' and '.join(kinds)}; a source is of one kind")
            return None
        unknown = [name for name in raw if name not in KEYS]
        near = [near for name in unknown for near in get_close_matches(name, every, n=1, cutoff=0.7)]
        hint = f"; did you mean {near[0]!r}?" if near else ""
        if unknown and not near:
            hint = f"; if a plug-in brings {unknown[0]!r}, install it beside feedsvc"
        problems.append(f"{path_of(where)}: names no kind of source ({known}){hint}")
        return None
    if kinds[0] not in KINDS:
        return _of_plugin(kinds[0], raw, where, problems, plugins)
    model = KINDS[kinds[0]]
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        problems += explain(error, model, where)
        return None


def _of_plugin(
    kind: str, raw: dict[str, Any], where: tuple[str | int, ...], problems: list[str], plugins: Plugins
) -> SourceConfig | None:
    try:
        source = PluginSource.model_validate(for_plugin(kind, raw))
    except ValidationError as error:
        problems += explain(error, PluginSource, where)
        return None
    wrong = plugins[kind](source.options())
    if wrong:
        problems.append(f"{path_of(where)}: {wrong}")
    return source


def check_lists(parsed: FileConfig, problems: list[str]) -> None:
    """Append what is wrong between lists: names that are taken, addresses that are ours, no source."""
    if not parsed.section and not parsed.box:
        problems.append("section: there is none; a feed needs a [[section]] or a [[box]] with a source")
    seen: dict[str, str] = {}
    for table, entries in (("section", parsed.section), ("box", parsed.box)):
        for position, entry in enumerate(entries):
            where = f"{table}[{position}]"
            for key, names in (("slug", [entry.slug]), ("was", entry.was), ("aliases", entry.aliases)):
                for name in names:
                    spelt = old_address(name) if key == "aliases" else name
                    if spelt in seen:
                        problems.append(f"{where}.{key}: {name!r} is taken by {seen[spelt]}")
                    seen[spelt] = where
            problems += [
                f"{where}.aliases: {alias!r} must be a path that begins with '/' and is not ours "
                "(parameters may follow: /?feed=rss2)"
                for alias in entry.aliases
                if not _may_be_alias(alias)
            ]
            if not entry.sources and not entry.retired:
                problems += _without_sources(where, entry, given="sources" in entry.model_fields_set)


def check_takers(parsed: FileConfig, problems: list[str]) -> None:
    """Append what is wrong with takers: a slug that is taken, a section that there is not."""
    sections = {slug for entry in parsed.section for slug in (entry.slug, *entry.was)}
    seen: dict[str, int] = {}
    for position, taker in enumerate(parsed.taker):
        where = f"taker[{position}]"
        if taker.slug in seen:
            problems.append(f"{where}.slug: {taker.slug!r} is taken by taker[{seen[taker.slug]}]")
        seen.setdefault(taker.slug, position)
        for key, slugs in (("sections", taker.sections), ("not_sections", taker.not_sections)):
            for slug in sorted(set(slugs) - sections):
                near = get_close_matches(slug, sections, n=1)
                hint = f"; did you mean {near[0]!r}?" if near else ""
                problems.append(f"{where}.{key}: there is no section {slug!r}{hint}")


def _may_be_alias(alias: str) -> bool:
    """Whether an address can be answered with a feed, and is not one of the service's own."""
    path, mark, query = old_address(alias).partition("?")
    decoded = unquote(alias.partition("?")[0])
    return bool(
        re.fullmatch(r"/[^\x00-\x1f\x7f?#]*", decoded)  # a %3F could not be told from the begin of the query
        and "#" not in alias
        and path not in OURS
        and not path.startswith(BELOW)
        and (path != "/" or (mark and query))
    )


def _without_sources(where: str, entry: ListConfig, *, given: bool) -> list[str]:
    """What is wrong with a list that names no source: nothing, where a section says so outright."""
    if not isinstance(entry, SectionConfig):
        return [f"{where}.sources: is missing; name at least one"]
    if given:
        return []
    hint = "name at least one, or write sources = [] if all its articles come through the API"
    return [f"{where}.sources: is missing; {hint}"]
