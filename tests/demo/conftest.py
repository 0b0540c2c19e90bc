"""A newsroom on a free port, with a clock that stands still until a test moves it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import requests

from feedsvc.demo import DemoServer, make_server

NOON = datetime(2025, 12, 18, 12, 0, 10, tzinfo=UTC)  # 19:00:10 WIB on a Thursday


@dataclass(slots=True)
class Clock:
    """Stands still."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds, minutes=minutes, hours=hours)


@dataclass(frozen=True, slots=True)
class Reader:
    """A program that reads the newsroom."""

    url: str
    session: requests.Session

    def get(self, path: str, **headers: str) -> requests.Response:
        """Ask for an address; `if_none_match` becomes If-None-Match. Redirects are not followed."""
        return self.ask("GET", path, **headers)

    def ask(self, method: str, path: str, **headers: str) -> requests.Response:
        """Ask with any method."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.session.request(method, self.url + path, headers=named, timeout=5, allow_redirects=False)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock: Clock) -> Iterator[DemoServer]:
    with make_server(clock=clock) as running:
        yield running


@pytest.fixture
def reader(server: DemoServer) -> Iterator[Reader]:
    with requests.Session() as session:
        yield Reader(server.url, session)
