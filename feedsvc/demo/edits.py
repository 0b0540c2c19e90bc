"""What a test lets happen beyond the schedule; each edit has the moment from which it holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """Another headline or another text; None leaves it as it is."""

    id: int
    at: datetime
    headline: str | None = None
    body: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A new address; the old one answers 301."""

    id: int
    at: datetime
    slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Gone from all lists; its page answers `status`."""

    id: int
    at: datetime
    status: int = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class Add:
    """A story beside the scheduled ones."""

    id: int
    at: datetime
    desk: str
    headline: str
    body: tuple[str, ...]
    reporter: str = "Redaksi"


Edit = Rewrite | Move | Withdraw | Add


@dataclass(slots=True)
class Edits:
    """The edits made so far. Methods may be called while the server answers."""

    made: tuple[Edit, ...] = ()
    _lock: Lock = field(default_factory=Lock)

    def rewrite(
        self, story: int, *, at: datetime, headline: str | None = None, body: tuple[str, ...] | None = None
    ) -> None:
        """Change the headline or the text of a story."""
        self._make(Rewrite(id=story, at=at, headline=headline, body=body))

    def move(self, story: int, slug: str, *, at: datetime) -> None:
        """Give a story another address."""
        self._make(Move(id=story, at=at, slug=slug))

    def withdraw(self, story: int, *, at: datetime, status: int = 410) -> None:
        """Take a story out."""
        self._make(Withdraw(id=story, at=at, status=status))

    def add(
        self, desk: str, headline: str, body: tuple[str, ...], *, at: datetime, reporter: str = "Redaksi"
    ) -> int:
        """Publish a story of your own; its id is returned (1, 2, 3, …: the schedule's begin far above)."""
        with self._lock:
            number = 1 + sum(isinstance(edit, Add) for edit in self.made)
            story = Add(id=number, at=at, desk=desk, headline=headline, body=body, reporter=reporter)
            self.made = (*self.made, story)
        return number

    def holding(self, now: datetime, story: int | None = None) -> tuple[Edit, ...]:
        """The edits that hold at a moment, oldest first; of one story, if asked."""
        return tuple(edit for edit in self.made if edit.at <= now and story in (None, edit.id))

    def _make(self, edit: Edit) -> None:
        with self._lock:
            self.made = (*self.made, edit)
