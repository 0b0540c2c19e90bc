"""What a test lets go wrong at the server, and the record of what was asked. Never reachable over HTTP."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Condition

REMEMBERED = 10_000  #: requests in the log; older ones are forgotten


class Kind(StrEnum):
    """Ways to fail."""

    STATUS = "status"  #: an error status, with Retry-After if given
    HANG = "hang"  #: the request is taken and never answered
    DRIP = "drip"  #: headers, then a byte at a time
    TRUNCATED = "truncated"  #: less than Content-Length says, then the connection closes
    LOGIN = "login"  #: a login page with status 200
    EMPTY = "empty"  #: the page without any story on it


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One way to fail, with what it needs to know."""

    kind: Kind
    status: int = 500
    retry_after: str = ""  #: seconds or a date
    pause: float = 0.2  #: seconds between two bytes of a drip


@dataclass(slots=True)
class Faults:
    """The faults in force, by the beginning of the path; the longest that fits wins."""

    _set: dict[str, Fault] = field(default_factory=dict)

    def set(
        self,
        prefix: str,
        kind: Kind | str,
        *,
        status: int = 500,
        retry_after: str | int = "",
        pause: float = 0.2,
    ) -> None:
        """Let requests fail whose path begins with `prefix`."""
        fault = Fault(kind=Kind(kind), status=status, retry_after=str(retry_after), pause=pause)
        self._set = {**self._set, prefix: fault}

    def clear(self, prefix: str | None = None) -> None:
        """Lift the fault of a prefix, or all."""
        self._set = (
            {} if prefix is None else {key: fault for key, fault in self._set.items() if key != prefix}
        )

    def of(self, path: str) -> Fault | None:
        """The fault that strikes a path."""
        return max(
            ((prefix, fault) for prefix, fault in self._set.items() if path.startswith(prefix)),
            key=lambda pair: len(pair[0]),
            default=("", None),
        )[1]


@dataclass(frozen=True, slots=True)
class Hit:
    """A request that came in."""

    at: float  #: time.monotonic()
    method: str
    path: str  #: with its query
    headers: Mapping[str, str]  #: names in lower case
    status: int  #: 0: never answered


@dataclass(slots=True)
class Log:
    """The requests that came in, oldest first."""

    _hits: deque[Hit] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    _came: Condition = field(default_factory=Condition)

    def __len__(self) -> int:
        return len(self._hits)

    def __iter__(self) -> Iterator[Hit]:
        with self._came:
            return iter(tuple(self._hits))

    def add(self, hit: Hit) -> None:
        """Note a request."""
        with self._came:
            self._hits.append(hit)
            self._came.notify_all()

    def clear(self) -> None:
        """Forget all."""
        with self._came:
            self._hits.clear()

    def of(self, prefix: str) -> tuple[Hit, ...]:
        """The requests whose path begins so."""
        return tuple(hit for hit in self if hit.path.startswith(prefix))

    def wait(self, prefix: str = "/", *, count: int = 1, timeout: float = 5) -> bool:
        """Wait until that many requests have come; False if they do not in time."""
        with self._came:
            return self._came.wait_for(lambda: self._count(prefix) >= count, timeout)

    def _count(self, prefix: str) -> int:
        return sum(hit.path.startswith(prefix) for hit in self._hits)
