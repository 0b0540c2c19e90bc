"""The surveyor of `feedsvc init`, with the ways out and the readers that the collector uses."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from feedsvc import __version__, urls
from feedsvc.config import Settings
from feedsvc.extract.child import ChildExtractor
from feedsvc.fetch.client import Client
from feedsvc.fetch.courtesy import Courtesy
from feedsvc.fetch.guard import Guard
from feedsvc.fetch.pace import MemoryPace
from feedsvc.fetch.robots import Robots
from feedsvc.protocols import RobotsRecord
from feedsvc.setup.survey import Surveyor
from feedsvc.store.address import sqlite_file
from feedsvc.wiring.process import now


class _Remembered:
    """robots.txt for as long as the command runs."""

    def __init__(self) -> None:
        self._records: dict[str, RobotsRecord] = {}

    def recall(self, origin: str) -> RobotsRecord | None:
        return self._records.get(origin)

    def remember(self, origin: str, record: RobotsRecord) -> None:
        self._records[origin] = record


@contextmanager
def surveyor(url: str, *, own: bool, watch: Callable[[str], None]) -> Iterator[Surveyor]:
    """A surveyor for the site at `url`; a foreign site is asked as politely as by the collector."""
    hosts = frozenset({urls.host(url), urlsplit(url).hostname or ""}) if own or is_local(url) else frozenset()
    guard = Guard(own=hosts)
    client = Client(guard, user_agent=f"feedsvc/{__version__} (init)", now=now)
    courtesy = Courtesy(client, Robots(client.get, _Remembered(), now), MemoryPace())
    extractor = ChildExtractor(workers=1)
    try:
        yield Surveyor(
            partial(courtesy.wait, own=bool(hosts)),
            extractor.read,
            now=now(),
            watch=watch,
        )
    finally:
        extractor.close()


def folders(settings: Settings) -> list[Path]:
    """The folders that a service with this configuration writes into."""
    file = sqlite_file(settings.store_url)
    return [Path(file).parent if file else Path(settings.state)]


def is_local(url: str) -> bool:
    """Whether an address leads to this machine or a private network: whoever types it runs it."""
    host = urlsplit(url).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost"
