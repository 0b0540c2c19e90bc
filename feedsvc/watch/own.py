"""What a worker sees of its own surroundings: the clock, the public address, the cache in front."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from feedsvc.model import Condition, Trouble
from feedsvc.protocols import Clock
from feedsvc.watch.conditions import span_of

CLOCK_OFF = 120.0  #: seconds from which on a clock is wrong
EVERY = 120.0  #: seconds between two looks at the public address


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong, in words."""

    kind: Trouble
    subject: str
    reason: str
    remedy: str
    code: str = ""
    grave: bool = True


class Own:
    """For one worker on the machine `node`.

    `clock_off` tells how many seconds our clock is ahead, and by how many hosts; `address` asks the public
    address (it takes seconds); `cache` tells why the cache was not emptied, "" where it was.
    """

    def __init__(
        self,
        node: str,
        *,
        now: Clock,
        clock_off: Callable[[], tuple[float, int]] = lambda: (0.0, 0),
        address: Callable[[], Sequence[Fault]] = tuple,
        cache: Callable[[], str] = str,
    ) -> None:
        self._node = node
        self._now = now
        self._clock_off = clock_off
        self._address = address
        self._cache = cache
        self._asked: Sequence[Fault] = ()
        self._since: dict[tuple[Trouble, str], datetime] = {}

    def look(self) -> None:
        """Ask the public address. Never raises."""
        self._asked = self._address()

    def conditions(self) -> list[Condition]:
        """What is wrong now, and since when it was seen."""
        now = self._now()
        faults = {(one.kind, one.subject): one for one in (*self._clock(), *self._asked, *self._front())}
        self._since = {key: self._since.get(key, now) for key in faults}
        return [
            Condition(
                kind=one.kind,
                subject=one.subject,
                since=self._since[key],
                code=one.code,
                reason=one.reason,
                remedy=one.remedy,
                grave=one.grave,
            )
            for key, one in faults.items()
        ]

    def _clock(self) -> Iterator[Fault]:
        seconds, hosts = self._clock_off()
        if abs(seconds) < CLOCK_OFF:
            return
        way = "ahead of" if seconds > 0 else "behind"
        whose = f"most of the {hosts} hosts that it asks" if hosts > 1 else "the only host that it asks"
        yield Fault(
            kind=Trouble.CLOCK,
            subject=f"clock of {self._node}",
            reason=f"it is {span_of(timedelta(seconds=abs(seconds)))} {way} {whose}",
            remedy="compare `date -u` with a clock that you trust, set it and keep it set "
            "(systemd-timesyncd, chrony): dates of articles and due times go by it",
        )

    def _front(self) -> Iterator[Fault]:
        if reason := self._cache():
            yield Fault(
                kind=Trouble.CACHE,
                subject="cache",
                reason=f"it was not emptied, so readers get old feeds from it: {reason}",
                remedy="look whether [serve] purge leads to it, and whether the token in purge_headers holds",
            )
