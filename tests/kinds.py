"""Which tests `make quick` leaves out, by the fixtures that they use; how many examples a property gets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import settings

#: A fixture → the mark of every test that uses it.
FIXTURES = {
    "chromium": "browser",
    "browser": "browser",
    "postgres": "server",
    "mariadb": "server",
    "nginx": "server",
    "redis": "server",
    "rabbitmq": "server",
    "service": "server",  # `feedsvc run`, in processes of its own
    "imports": "server",  # `feedsvc collect`, killed in the middle
}
#: A folder → the mark of every test in it.
FOLDERS = {"tests/browser/": "browser", "tests/e2e/": "server", "tests/scale/": "server"}

QUICK = 10  #: examples of a property in `make quick`

settings.register_profile("quick", max_examples=QUICK, deadline=None)


def examples(most: int, **more: Any) -> Callable[[Any], Any]:
    """So many examples of a property, without a deadline for one of them; in `make quick` a few."""
    quick = settings.get_current_profile_name() == "quick"
    return settings(max_examples=min(most, QUICK) if quick else most, deadline=None, **more)


def mark(items: Iterable[pytest.Item]) -> None:
    """Mark each test by its folder, its fixtures, and the database that a fixture's parameter names."""
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        callspec = getattr(item, "callspec", None)
        kinds = {kind for fixture, kind in FIXTURES.items() if fixture in names}
        kinds |= {kind for folder, kind in FOLDERS.items() if item.nodeid.startswith(folder)}
        if callspec is not None and "postgresql" in callspec.params.values():
            kinds.add("server")
        for kind in kinds:
            item.add_marker(kind)
