"""Subscribers for all tests of WebSub."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.websub.sink import Sink


@pytest.fixture
def sink() -> Iterator[Sink]:
    server = Sink()
    yield server
    server.close()
