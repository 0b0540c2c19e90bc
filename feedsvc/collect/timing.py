"""What a unit of work asks of the plan for its next look; `schedule` answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from feedsvc.errors import FeedsvcError
from feedsvc.protocols import Task, Wishes


class Timing(Protocol):
    """When to look again; see `schedule`."""

    def after(
        self,
        task: Task,
        *,
        now: datetime,
        error: FeedsvcError | None = None,
        hints: Mapping[str, str] | None = None,
        wishes: Wishes | None = None,
        published: Sequence[datetime | None] = (),
        more: bool = False,
    ) -> NextLook: ...


class NextLook(Protocol):
    """What `Timing` answers; None: no further look."""

    @property
    def due(self) -> datetime | None: ...
    @property
    def not_before(self) -> datetime | None: ...
    @property
    def hold_host(self) -> datetime | None: ...
    @property
    def rhythm(self) -> dict[str, Any] | None: ...
