"""Subscribers for all tests of WebSub."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import Clock
from tests.push.hub import Hub
from tests.push.sink import Sink


@pytest.fixture
def sink() -> Iterator[Sink]:
    server = Sink()
    yield server
    server.close()


@pytest.fixture
def hub(store_url: str, clock: Clock) -> Iterator[Hub]:
    found = Hub(store_url, clock)
    yield found
    found.close()
