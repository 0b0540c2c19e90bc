"""A configuration file and the environment → settings."""

from __future__ import annotations

import ipaddress
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from hashlib import blake2b
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from feedsvc import urls
from feedsvc.config.models import (
    BoxConfig,
    DemoConfig,
    FileConfig,
    ListConfig,
    PageSource,
    SectionConfig,
    SiteConfig,
    SourceConfig,
    StreamConfig,
)
from feedsvc.config.problems import explain, path_of
from feedsvc.config.sources import KINDS, PluginSource, for_plugin, same_options
from feedsvc.errors import ConfigError
from feedsvc.fetch.guard import PORTS, refusal
from feedsvc.model import ListKind, ListSpec, ReadingSpec, Site, Upstream
from feedsvc.websub.rules import Rules

#: What addresses of the service begin with; an alias may not.
OURS = (
    *("/feeds/", "/static/", "/api/", "/embed", "/oembed"),
    *("/feeds.opml", "/feeds-catalogue.json", "/news-sitemap.xml", "/robots.txt"),
)
#: The word for "new" in the titles of the feeds beside ranked boxes.
NEW = {"id": "baru", "ms": "baharu", "nl": "nieuw", "de": "neu", "fr": "nouveaux", "es": "nuevos"}
Plugins = Mapping[str, Callable[[Mapping[str, Any]], str]]
NO_PLUGINS: Plugins = {}
DEFAULT_FILE = "config/feedsvc.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A configuration that can be used: the nouns of `model`, and a few plain values."""

    file: str
    site: Site
    lists: tuple[ListSpec, ...]
    upstreams: tuple[Upstream, ...]
    readings: tuple[ReadingSpec, ...]
    host: str
    port: int
    workers: int
    own: frozenset[str]
    ports: frozenset[int]
    contact: str
    budget: float | None  #: requests an hour for lists of foreign hosts
    ca_bundle: str
    store_url: str
    websub: Rules
    purge: str
    purge_headers: Mapping[str, str]
    demo: DemoConfig
    translations: str  #: a folder of further catalogues; "": none
    frame_ancestors: tuple[str, ...]  #: who may show embeds in a frame, as CSP has it
    stream: StreamConfig

    @property
    def stream_url(self) -> str:
        """Where browsers reach the stream; "" where there is none."""
        if not self.stream.run:
            return ""
        everywhere = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
        shown = "127.0.0.1" if self.stream.host in everywhere else self.stream.host
        return self.stream.url or f"http://{shown}:{self.stream.port}/stream"


def load(
    file: str | Path,
    env: Mapping[str, str],
    *,
    host: str | None = None,
    port: int | None = None,
    plugins: Plugins = NO_PLUGINS,
) -> Settings:
    """The settings of a file, with what the environment and the command line say over it.

    `plugins`: further kinds of sources, each with what says what is wrong with its keys ("": nothing).
    `HOST`, `PORT` and `FEEDSVC_DATABASE_URL` win over the file, `host` and `port` over both. Raises
    ConfigError with every problem.
    """
    try:
        raw = tomllib.loads(Path(file).read_text(encoding="utf-8"))
    except OSError as error:
        hint = "; write one (see config/example.toml) or name another with --config"
        raise ConfigError(str(file), (f"cannot be read: {error.strerror or error}{hint}",)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(str(file), (f"is not valid TOML: {error}",)) from error
    problems: list[str] = []
    parsed, lists = _parse(raw, problems, plugins)
    for name, value in (("PORT", env.get("PORT")),):
        if value and not (value.isdecimal() and int(value) <= 65535):
            problems.append(f"environment {name}: must be a port number, not {value!r}")
    if parsed is None or problems:
        raise ConfigError(str(file), tuple(problems))
    _check_lists(parsed, problems)
    upstreams, readings = _sources(parsed, lists, problems)
    purge_headers = _purge_headers(parsed, env, problems)
    if problems:
        raise ConfigError(str(file), tuple(problems))
    chosen_host = host or env.get("HOST") or parsed.serve.host
    chosen_port = port if port is not None else int(env.get("PORT") or parsed.serve.port)
    site = _site(parsed, chosen_host, chosen_port)
    websub = _websub(parsed, site.base_url)
    return Settings(
        file=str(file),
        site=replace(site, hubs=websub.advertised(site.base_url)),
        lists=_list_specs(parsed),
        upstreams=tuple(upstreams),
        readings=tuple(readings),
        host=chosen_host,
        port=chosen_port,
        workers=parsed.serve.workers,
        own=frozenset(parsed.fetch.own),
        ports=PORTS | frozenset(parsed.fetch.ports),
        contact=parsed.fetch.contact or parsed.site.contact,
        budget=parsed.fetch.budget,
        ca_bundle=parsed.fetch.ca_bundle,
        websub=websub,
        purge=parsed.serve.purge,
        purge_headers=purge_headers,
        store_url=env.get("FEEDSVC_DATABASE_URL") or parsed.store.url,
        demo=parsed.demo,
        translations=parsed.site.translations,
        frame_ancestors=tuple(parsed.embed.frame_ancestors),
        stream=parsed.stream,
    )


# ── parsing ───────────────────────────────────────────────────────────────────────────────────────────


def _parse(
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
    return parsed, sources


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
        near = [near for name in raw for near in get_close_matches(name, every, n=1)]
        hint = f"; did you mean {near[0]!r}?" if near else ""
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


# ── checking what belongs together ────────────────────────────────────────────────────────────────────


def _check_lists(parsed: FileConfig, problems: list[str]) -> None:
    if not parsed.section and not parsed.box:
        problems.append("section: there is none; a feed needs a [[section]] or a [[box]] with a source")
    seen: dict[str, str] = {}
    for table, entries in (("section", parsed.section), ("box", parsed.box)):
        for position, entry in enumerate(entries):
            where = f"{table}[{position}]"
            for key, names in (("slug", [entry.slug]), ("was", entry.was), ("aliases", entry.aliases)):
                for name in names:
                    if name in seen:
                        problems.append(f"{where}.{key}: {name!r} is taken by {seen[name]}")
                    seen[name] = where
            problems += [
                f"{where}.aliases: {alias!r} must be a path that begins with '/' and is not ours"
                for alias in entry.aliases
                if not re.fullmatch(r"/[^\s?#]+", alias) or alias.startswith(OURS)
            ]
            if not entry.sources and not entry.retired:
                problems += _without_sources(where, entry, given="sources" in entry.model_fields_set)


def _without_sources(where: str, entry: ListConfig, *, given: bool) -> list[str]:
    """What is wrong with a list that names no source: nothing, where a section says so outright."""
    if not isinstance(entry, SectionConfig):
        return [f"{where}.sources: is missing; name at least one"]
    if given:
        return []
    hint = "name at least one, or write sources = [] where all its articles come through the API"
    return [f"{where}.sources: is missing; {hint}"]


def _sources(
    parsed: FileConfig, given: Mapping[tuple[str, int], Sequence[SourceConfig]], problems: list[str]
) -> tuple[list[Upstream], list[ReadingSpec]]:
    """The upstreams behind all sources, each once, and what each list takes from them."""
    own = frozenset(parsed.fetch.own)
    upstreams: dict[str, Upstream] = {}
    readings: list[ReadingSpec] = []
    for (table, position), sources in given.items():
        entry: ListConfig = parsed.section[position] if table == "section" else parsed.box[position]
        for number, source in enumerate(sources):
            path = f"{table}[{position}].sources[{number}]"
            if isinstance(source, PageSource) and source.pages > 1 and getattr(entry, "ranked", False):
                problems.append(f"{path}.pages: a ranked box is what one page shows now")
                continue
            one = _upstream(source, entry, parsed.site, own, path)
            known = upstreams.get(one.key)
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
    source: SourceConfig, entry: ListConfig, site: SiteConfig, own: frozenset[str], path: str
) -> Upstream:
    kind = source.kind()
    url = source.shown()
    basis = source.was[0] if source.was else source.name or source.basis()
    host = "" if source.own else urlsplit(url).hostname or ""
    every = source.interval()
    key = f"{kind}:{blake2b(f'{kind} {basis}'.encode(), digest_size=10).hexdigest()}"
    options = source.options()
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
        list=_key(entry),
        box=page.box if page else "",
        select=select,
        match=source.match,
        exclude=source.exclude,
        follow=source.follow,
        pages=page.pages if page else 1,
    )


def _key(entry: ListConfig) -> str:
    """A list's identity: the first slug that it ever had."""
    return entry.was[0] if entry.was else entry.slug


def _list_specs(parsed: FileConfig) -> tuple[ListSpec, ...]:
    latest = ListSpec(
        key="latest",
        slug="latest",
        kind=ListKind.LATEST,
        title=parsed.site.title,
        description=parsed.site.description,
        language=parsed.site.language,
        combined=True,
        size=parsed.latest.size,
        content=parsed.latest.content,
        max_age=int(parsed.latest.max_age),
        fold=parsed.latest.fold == "near",
    )
    specs = [latest]
    for entry in (*parsed.section, *parsed.box):
        box = entry if isinstance(entry, BoxConfig) else None
        specs.append(
            ListSpec(
                key=_key(entry),
                slug=entry.slug,
                kind=ListKind.BOX if box else ListKind.SECTION,
                title=entry.title or entry.slug.replace("-", " ").title(),
                description=entry.description,
                ranked=box.ranked if box else False,
                size=entry.size,
                content=entry.content,
                language=entry.language or parsed.site.language,
                max_age=int(entry.max_age),
                fold=entry.fold == "near",
                keep=int(entry.keep) if entry.keep else None,
                keep_count=entry.keep_count,
                position=len(specs),
                logo=entry.logo,
                icon=entry.icon,
                copyright=entry.copyright,
                contact=entry.contact,
                was=tuple(entry.was),
                aliases=tuple(entry.aliases),
                retired=entry.retired,
            )
        )
    return (*specs, *_newcomers(specs))


def _newcomers(specs: Sequence[ListSpec]) -> list[ListSpec]:
    """Beside each ranked box `<slug>-new`, unless the slug is taken: each article once, when it enters."""
    taken = {name for spec in specs for name in (spec.slug, *spec.was)}
    made: list[ListSpec] = []
    for spec in specs:
        slug, key = f"{spec.slug}-new", f"{spec.key}-new"
        if spec.ranked and not spec.retired and not {slug, key} & taken and max(len(slug), len(key)) <= 64:
            made.append(
                replace(
                    spec,
                    key=key,
                    slug=slug,
                    title=f"{spec.title}: {NEW.get(spec.language.partition('-')[0], 'new')}",
                    ranked=False,
                    of=spec.key,
                    by_entry=True,
                    was=(),
                    aliases=(),
                    position=len(specs) + len(made),
                )
            )
    return made


def _site(parsed: FileConfig, host: str, port: int) -> Site:
    site = parsed.site
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
    return Site(
        title=site.title,
        url=site.url,
        language=site.language,
        zone=ZoneInfo(site.timezone),
        namespace=str(site.namespace or uuid5(NAMESPACE_URL, site.url)),
        base_url=parsed.serve.base_url or f"http://{shown}:{port}",
        description=site.description,
        contact=site.contact,
        copyright=site.copyright,
        logo=site.logo,
        icon=site.icon,
    )


def _websub(parsed: FileConfig, base_url: str) -> Rules:
    given = parsed.websub
    return Rules(
        hub=given.hub,
        hubs=tuple(given.hubs),
        hub_agents=tuple(given.hub_agents),
        signature=given.signature,
        lease_min=int(given.lease_min),
        lease_max=int(given.lease_max),
        lease_default=int(given.lease_default),
        networks=tuple(given.private),
        per_host=given.per_host,
        quota=given.quota,
        follows=given.follow and _is_reachable(base_url, given.private),
    )


def _is_reachable(base_url: str, networks: Sequence[str]) -> bool:
    """Whether an upstream's hub can call back: a public address, one of `networks`, or a name of the DNS."""
    host = urlsplit(base_url).hostname or ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        # RFC 6761 and 6762: names that lead nowhere on the internet
        return "." in host and host.rpartition(".")[2] not in _LOCAL_NAMES
    return refusal(address) is None or any(address in ipaddress.ip_network(one) for one in networks)


_LOCAL_NAMES = frozenset({"example", "internal", "invalid", "lan", "local", "localhost", "test"})


def _purge_headers(parsed: FileConfig, env: Mapping[str, str], problems: list[str]) -> dict[str, str]:
    """The headers of a purge; `$NAME` in a value is taken from the environment: tokens stand in no file."""
    found: dict[str, str] = {}
    for name, value in parsed.serve.purge_headers.items():
        for variable in re.findall(r"\$([A-Z][A-Z0-9_]*)", value):
            if variable not in env:
                problems.append(f"serve.purge_headers.{name}: the environment has no {variable}")
            value = value.replace(f"${variable}", env.get(variable, ""))
        found[name] = value
    return found
