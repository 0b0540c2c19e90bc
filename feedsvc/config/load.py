"""A configuration file and the environment → settings."""

from __future__ import annotations

import ipaddress
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from feedsvc.config.environment import with_environment
from feedsvc.config.lists import list_specs, taker_specs
from feedsvc.config.models import (
    CeleryConfig,
    DemoConfig,
    FileConfig,
    NotifyConfig,
    PublishConfig,
    StreamConfig,
    WorkConfig,
)
from feedsvc.config.parse import NO_PLUGINS, Plugins, check_lists, check_takers, parse
from feedsvc.config.paths import located, located_database
from feedsvc.config.problems import named
from feedsvc.config.rights import rights_of
from feedsvc.config.upstreams import sources_of
from feedsvc.errors import ConfigError
from feedsvc.fetch.guard import PORTS, refusal
from feedsvc.model import ListSpec, ReadingSpec, Site, Upstream
from feedsvc.websub.rules import Rules

DEFAULT_FILE = "config/feedsvc.toml"
DEMO_FILE = "config/demo.toml"  #: what stands in for it where there is none yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A configuration that can be used: the nouns of `model`, and a few plain values."""

    file: str
    site: Site
    lists: tuple[ListSpec, ...]
    takers: tuple[ListSpec, ...]  #: in no page, catalogue or search; some are private
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
    state: str  #: the folder of this machine's files where the store is no file
    websub: Rules
    purge: str
    purge_headers: Mapping[str, str]
    stale_after: float
    notify: NotifyConfig
    demo: DemoConfig
    translations: str  #: a folder of further catalogues; "": none
    frame_ancestors: tuple[str, ...]  #: who may show embeds in a frame, as CSP has it
    stream: StreamConfig
    work: WorkConfig
    celery: CeleryConfig
    publish: PublishConfig

    @property
    def stream_url(self) -> str:
        """Where browsers reach the stream; "" where there is none."""
        if not self.stream.run:
            return ""
        everywhere = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
        shown = "127.0.0.1" if self.stream.host in everywhere else self.stream.host
        return self.stream.url or f"http://{_in_url(shown)}:{self.stream.port}/stream"


def default_file() -> str:
    """The configuration that is used where none is named: the site's own, else the demo."""
    return DEFAULT_FILE if Path(DEFAULT_FILE).exists() or not Path(DEMO_FILE).exists() else DEMO_FILE


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
    `HOST`, `PORT` and `FEEDSVC_DATABASE_URL` win over the file, `host` and `port` over both. `${NAME}` in the
    address of a newsroom's database is filled in. `STATE_DIRECTORY` (systemd.exec(5)) is the folder of this
    machine's files. Raises ConfigError with every problem.
    """
    folder = Path(file).absolute().parent
    try:
        text = Path(file).read_text(encoding="utf-8-sig")
        raw = tomllib.loads(text)
    except OSError as error:
        hint = (
            "; write one (`feedsvc init https://…`, or by config/example.toml), or name another with --config"
        )
        raise ConfigError(str(file), (f"cannot be read: {error.strerror or error}{hint}",)) from error
    except UnicodeDecodeError as error:
        raise ConfigError(str(file), ("is not text in UTF-8; save it as that",)) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(str(file), (f"is not valid TOML: {error}",)) from error
    problems: list[str] = []

    def refused() -> ConfigError:
        return ConfigError(str(file), tuple(named(one, raw, text) for one in problems))

    parsed, lists = parse(with_environment(raw, env, problems), problems, plugins)
    for name, value in (("PORT", env.get("PORT")),):
        if value and not (value.isdecimal() and int(value) <= 65535):
            problems.append(f"environment {name}: must be a port number, not {value!r}")
    if parsed is not None:
        check_lists(parsed, problems)
        check_takers(parsed, problems)
    if parsed is None or problems:
        raise refused()
    upstreams, readings = sources_of(parsed, lists, folder, problems)
    purge_headers = _purge_headers(parsed, env, problems)
    for key, wanted, module in (
        ("site.markdown", parsed.site.markdown, "markdownify"),
        ("notify.apprise", parsed.notify.apprise, "apprise"),
    ):
        if wanted and find_spec(module) is None:
            extra = key.partition(".")[2]
            problems.append(f"{key}: {module} is not installed; pip install 'feedsvc[{extra}]'")
    if problems:
        raise refused()
    chosen_host = _bare(host or env.get("HOST") or parsed.serve.host)
    chosen_port = port if port is not None else int(env.get("PORT") or parsed.serve.port)
    site = _site(parsed, chosen_host, chosen_port)
    websub = _websub(parsed, site.base_url)
    return Settings(
        file=str(file),
        site=replace(site, hubs=websub.advertised(site.base_url)),
        lists=list_specs(parsed),
        takers=taker_specs(parsed),
        upstreams=tuple(upstreams),
        readings=tuple(readings),
        host=chosen_host,
        port=chosen_port,
        workers=parsed.serve.workers,
        own=frozenset(parsed.fetch.own),
        ports=PORTS | frozenset(parsed.fetch.ports),
        contact=parsed.fetch.contact or parsed.site.contact,
        budget=parsed.fetch.budget,
        ca_bundle=located(parsed.fetch.ca_bundle, folder),
        websub=websub,
        purge=parsed.serve.purge,
        purge_headers=purge_headers,
        store_url=located_database(env.get("FEEDSVC_DATABASE_URL") or parsed.store.url, folder),
        state=env.get("STATE_DIRECTORY") or located("var", folder),
        stale_after=parsed.serve.stale_after,
        notify=parsed.notify,
        demo=parsed.demo,
        translations=located(parsed.site.translations, folder),
        frame_ancestors=tuple(parsed.embed.frame_ancestors),
        stream=parsed.stream,
        work=parsed.work,
        celery=parsed.celery,
        publish=parsed.publish,
    )


def _bare(host: str) -> str:
    """A host to listen at; an IPv6 address may stand in brackets."""
    return host[1:-1] if host.startswith("[") and host.endswith("]") else host


def _in_url(host: str) -> str:
    """A host as it stands in an address (RFC 3986 3.2.2)."""
    return f"[{host}]" if ":" in host else host


def _site(parsed: FileConfig, host: str, port: int) -> Site:
    site = parsed.site
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
    return Site(
        title=site.title,
        url=site.url,
        language=site.language,
        zone=ZoneInfo(site.timezone),
        namespace=str(site.namespace or uuid5(NAMESPACE_URL, site.url)),
        base_url=parsed.serve.base_url or f"http://{_in_url(shown)}:{port}",
        description=site.description,
        contact=site.contact,
        copyright=site.copyright,
        logo=site.logo,
        icon=site.icon,
        accounts=tuple(site.accounts.items()),
        markdown=site.markdown,
        rights=rights_of(parsed.rights),
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
        verify_rate=given.verify_rate,
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


#: `$NAME` is the older spelling
_VARIABLE = re.compile(r"\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Z][A-Z0-9_]*))")


def _purge_headers(parsed: FileConfig, env: Mapping[str, str], problems: list[str]) -> dict[str, str]:
    """The headers of a purge; `${NAME}` in a value comes from the environment: tokens stand in no file."""
    found: dict[str, str] = {}
    for header, value in parsed.serve.purge_headers.items():
        names = [match[1] or match[2] for match in _VARIABLE.finditer(value)]
        problems += [
            f"serve.purge_headers.{header}: the environment has no {n}" for n in names if n not in env
        ]
        found[header] = _VARIABLE.sub(lambda match: env.get(match[1] or match[2], ""), value)
    return found
