"""Looks at everything around a configuration: what is right, what is not, and what to do about it."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from feedsvc import __version__, plugins, urls
from feedsvc.config import Settings
from feedsvc.errors import Code, FeedsvcError, FetchError
from feedsvc.fetch.certificate import Certificate, certificate_of
from feedsvc.fetch.client import Client
from feedsvc.fetch.clocks import HostClocks
from feedsvc.fetch.courtesy import Courtesy
from feedsvc.fetch.guard import Guard
from feedsvc.fetch.pace import MemoryPace
from feedsvc.fetch.robots import Robots
from feedsvc.model import Upstream
from feedsvc.plugin_api import Request
from feedsvc.protocols import RobotsRecord
from feedsvc.store.address import sqlite_file
from feedsvc.store.engine import Database
from feedsvc.store.migrate import outstanding
from feedsvc.store.web.snapshots import Snapshots
from feedsvc.watch.conditions import remedy, span_of
from feedsvc.wiring.address import RENEW, PublicAddress
from feedsvc.wiring.process import now
from feedsvc.wiring.setup import folders, is_local

OK, LOOK, WRONG = "ok", "look", "wrong"
DISK = 1_000_000_000  #: bytes that should be free
DISK_LEAST = 200_000_000
MEMORY = 400_000_000  #: bytes that a small newsroom's processes take
SKEW, SKEW_MOST = 30.0, 300.0  #: seconds that our clock may be off
AT_ONCE = 8  #: hosts that are asked at the same time


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    level: str  #: ok | look | wrong
    what: str
    said: str
    remedy: str = ""


def examine(settings: Settings, *, sources: bool, watch: Callable[[str], None]) -> Iterator[Finding]:
    """Everything, one after the other; hosts are asked side by side. `sources`: poll each of them too."""
    yield _versions()
    yield from _configuration(settings)
    yield from _store(settings)
    yield from _folders(settings)
    yield from _machine(settings)
    yield from _outside(settings, watch)
    if sources:
        yield from _sources(settings, watch)


def _versions() -> Finding:
    said = f"feedsvc {__version__}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return Finding(OK, "versions", f"{said}, {platform.system()} {platform.release()}")


def _configuration(settings: Settings) -> Iterator[Finding]:
    broken = plugins.problems({one.kind for one in settings.upstreams})
    for problem in broken:
        yield Finding(WRONG, "plug-in", problem, "install it into this environment, or take its sources out")
    foreign = [one for one in settings.upstreams if not one.own]
    if foreign and not settings.contact:
        yield Finding(
            LOOK,
            "contact",
            "nobody is named whom other sites may ask",
            "set [fetch] contact to an e-mail address",
        )
    if not settings.notify.email and not settings.notify.webhooks:
        yield Finding(
            LOOK,
            "notices",
            "no one gets a notice when a source fails",
            "set [notify] email and smtp, or webhooks",
        )
    yield Finding(OK, "configuration", f"{settings.file}: {len(settings.upstreams)} sources")


def _store(settings: Settings) -> Iterator[Finding]:
    file = sqlite_file(settings.store_url)
    if file and not Path(file).exists():
        yield Finding(OK, "store", f"{file} is made when the service starts")
        return
    shown = urls.without_password(settings.store_url)
    try:
        database = Database(settings.store_url)
        try:
            waiting = outstanding(database)
        finally:
            database.close()
        snapshots = Snapshots(settings.store_url)
        try:
            snapshots.must_belong(settings.site.namespace, settings.site.title)
        finally:
            snapshots.close()
    except FeedsvcError as error:
        yield Finding(WRONG, "store", error.message, f"docs/errors.md: {error.code}")
        return
    if waiting:
        yield Finding(
            LOOK,
            "store",
            f"{shown} is from an older version",
            "make a backup, then restart, or feedsvc upgrade",
        )
        return
    size = f", {Path(file).stat().st_size / 1e6:.0f} MB" if file else ""
    yield Finding(OK, "store", f"{shown}{size}")


def _folders(settings: Settings) -> Iterator[Finding]:
    for folder in folders(settings):
        there = next(path for path in (folder, *folder.parents) if path.exists())
        if not os.access(there, os.W_OK | os.X_OK):
            yield Finding(
                WRONG,
                "folder",
                f"{folder} cannot be written by this user",
                f"chown it, or run as its owner: {there}",
            )
        else:
            yield Finding(OK, "folder", f"{folder} can be written")
    try:
        with tempfile.TemporaryFile():
            pass
    except OSError as error:
        yield Finding(
            WRONG,
            "temporary files",
            f"no folder for them: {error.strerror}",
            "mount a tmpfs at /tmp, or set TMPDIR",
        )
    given = [("ca_bundle", settings.ca_bundle), ("translations", settings.translations)]
    given += [("files", one.url) for one in settings.upstreams if one.kind == "files"]
    for key, path in given:
        if path and not os.access(path, os.R_OK):
            yield Finding(WRONG, "folder", f"{key}: {path} cannot be read", "mount it, or correct the path")


def _machine(settings: Settings) -> Iterator[Finding]:
    (folder, *_) = folders(settings)
    there = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(there).free
    level = OK if free >= DISK else LOOK if free >= DISK_LEAST else WRONG
    hint = "" if level is OK else "make room, or set keep in the lists (docs/operate.md, Sizing)"
    yield Finding(level, "disk", f"{free / 1e9:.1f} GB free in {there}", hint)
    available = _available_memory()
    if available is not None:
        level = OK if available >= MEMORY else LOOK
        hint = (
            ""
            if level is OK
            else "set [serve] workers = 1, or give the machine more (docs/operate.md, Sizing)"
        )
        yield Finding(level, "memory", f"{available / 1e6:.0f} MB available", hint)


def _available_memory() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return None  # a hardened unit hides it
    found = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return int(found[0]) * 1024 if found else None


# ── from outside ──


def _outside(settings: Settings, watch: Callable[[str], None]) -> Iterator[Finding]:
    """How readers reach the service, as far as this machine can tell by asking itself under that address."""
    base = settings.site.base_url
    if is_local(base):
        yield Finding(
            LOOK,
            "address",
            f"{base} leads to this machine alone",
            "set [serve] base_url once readers come from elsewhere",
        )
    watch(base)
    address = PublicAddress(settings, user_agent=f"feedsvc/{__version__} (doctor)", now=now)
    if base.startswith("https://"):
        yield _certificate(base, address.certificate)
    faults = list(address.of_answers())
    for fault in faults:
        advice = "start the service" if is_local(base) and fault.code else fault.remedy
        yield Finding(LOOK if fault.code == Code.CONNECT else WRONG, "address", fault.reason, advice)
    if not faults:
        yield Finding(OK, "address", f"{base} leads to this service")
        if not is_local(base):
            yield _proxy(base, address.client)


def _proxy(base: str, client: Client) -> Finding:
    try:
        client.get(Request(url=f"{base}/status", limit=1000, cut=True), own=True)
    except FetchError as error:
        if error.status in (401, 403):
            return Finding(OK, "proxy", "it says who asks")
        return Finding(LOOK, "proxy", error.message, "see docs/operate.md, Behind a proxy")
    return Finding(
        WRONG,
        "proxy",
        f"{base}/status is shown to everybody, and all readers count as one",
        "let the proxy send X-Forwarded-For (docs/operate.md, Behind a proxy)",
    )


def _certificate(url: str, shown: Callable[[], Certificate | None]) -> Finding:
    host = urlsplit(url).hostname or ""
    try:
        found = shown()
    except FetchError as error:
        return Finding(WRONG, "TLS", f"{host}: {error.message}", remedy(error.code))
    assert found is not None  # the address is https
    said = f"{host}: for {', '.join(found.names[:3])}, by {found.issuer}, until {found.expires:%Y-%m-%d}"
    if found.fault:
        return Finding(
            WRONG,
            "TLS",
            f"{said}: {found.fault}",
            "renew or replace it; for a private authority set [fetch] ca_bundle",
        )
    if found.ends_soon(now()):
        return Finding(
            LOOK,
            "TLS",
            f"{said}, in {span_of(found.expires - now())}",
            RENEW,
        )
    return Finding(OK, "TLS", said)


# ── sources ──


class _Remembered:
    """robots.txt for as long as the command runs."""

    def __init__(self) -> None:
        self._records: dict[str, RobotsRecord] = {}

    def recall(self, origin: str) -> RobotsRecord | None:
        return self._records.get(origin)

    def remember(self, origin: str, record: RobotsRecord) -> None:
        self._records[origin] = record


def _sources(settings: Settings, watch: Callable[[str], None]) -> Iterator[Finding]:
    """Every source that has an address in the web is asked once, as politely as by the collector."""
    guard = Guard(own=settings.own, ports=settings.ports)
    agent = (
        f"feedsvc/{__version__} (doctor; {settings.contact})"
        if settings.contact
        else f"feedsvc/{__version__} (doctor)"
    )
    clocks = HostClocks(now)
    client = Client(guard, user_agent=agent, now=now, ca_bundle=settings.ca_bundle or None, clocks=clocks)
    courtesy = Courtesy(client, Robots(client.get, _Remembered(), now), MemoryPace())
    by_host: dict[str, list[Upstream]] = {}
    for one in settings.upstreams:
        if one.url.startswith(("http://", "https://")):
            by_host.setdefault(urls.origin(one.url), []).append(one)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        ask = partial(_host, courtesy=courtesy, guard=guard, settings=settings, watch=watch)
        for found in pool.map(ask, by_host.items()):
            yield from found
    seconds, hosts = clocks.off()
    if hosts:
        level = OK if abs(seconds) <= SKEW else LOOK if abs(seconds) <= SKEW_MOST else WRONG
        side = "ahead of" if seconds > 0 else "behind"
        said = (
            "agrees with the hosts asked"
            if level is OK
            else f"is {abs(seconds):.0f} seconds {side} the hosts asked"
        )
        hint = "" if level is OK else "let systemd-timesyncd or chrony set it"
        yield Finding(level, "clock", f"this machine's clock {said}", hint)


def _host(
    given: tuple[str, Sequence[Upstream]],
    *,
    courtesy: Courtesy,
    guard: Guard,
    settings: Settings,
    watch: Callable[[str], None],
) -> list[Finding]:
    origin, sources = given
    parts = urlsplit(origin)
    found: list[Finding] = []
    if parts.scheme == "https":
        shown = partial(
            certificate_of, parts.hostname or "", parts.port or 443, guard, ca_bundle=settings.ca_bundle
        )
        found.append(_certificate(origin, shown))
    for one in sources:
        watch(one.name)
        begun = time.monotonic()
        try:
            answer = courtesy.wait(Request(url=one.url), own=one.own)
        except FetchError as error:
            found.append(Finding(WRONG, "source", f"{one.name}: {error.message}", remedy(error.code)))
            continue
        seconds = time.monotonic() - begun
        found.append(
            Finding(OK, "source", f"{one.name}: {len(answer.body) / 1000:.0f} kB in {seconds:.1f} s")
        )
    return found
