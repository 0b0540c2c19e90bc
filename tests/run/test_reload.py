"""A changed configuration reaches every process, also one that is just starting."""

from __future__ import annotations

from feedsvc.wiring.reload import Changes, Loader
from tests.conftest import until


def test_a_change_while_a_process_starts_is_followed() -> None:
    seen: list[str] = []

    def make(spec: str, number: int, changes: Changes[str]) -> None:
        seen.append(spec)
        changes.write("second")  # a reload comes while the application is being made
        changes.follow(seen.append, known=number)

    Loader(make, "first")()
    until(lambda: seen == ["first", "second"])
