"""A migrated store of each kind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from feedsvc.store.engine import Database
from feedsvc.store.migrate import migrate


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    found = Database(store_url)
    migrate(found)
    yield found
    found.close()
