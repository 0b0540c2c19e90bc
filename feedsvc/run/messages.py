"""The hands of `executor = "celery"`: units are claimed here and sent to workers wherever they run.

The due table stays the truth (decision 2). A message that is lost, or that comes twice, does no harm: its
lease ends, or its token is stale.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Protocol

from feedsvc.errors import BrokerError
from feedsvc.protocols import Claim, Clock, DueQueue, LaneName

log = logging.getLogger(__name__)

LANES: tuple[LaneName, ...] = ("own", "quick", "slow")  #: those who come first are sent first
AHEAD = 2  #: messages that may wait for each hand
TOGETHER = 2  #: units of one host in a message, at most: each has half of the lease
MOST = 500  #: units that are claimed at once
REFILL = 0.05  #: seconds between two looks while more is due than fits: hands are quicker than a tick
REFILLING = 0.4  #: seconds for which a call looks again


class Broker(Protocol):
    """What carries messages; see `broker`. Raises BrokerError."""

    def waiting(self) -> int: ...
    def hands(self) -> int: ...
    def send(self, lane: LaneName, units: Sequence[tuple[int, int]], *, seconds: float) -> None: ...


class Messages:
    """Sends what is due, as long as the hands keep up."""

    def __init__(self, *, queue: DueQueue, broker: Broker, now: Clock, lease: float) -> None:
        self._queue = queue
        self._broker = broker
        self._now = now
        self._lease = lease
        self._away = False  # the broker is
        self._stopping = threading.Event()
        self.rested = time.monotonic()  #: when something was sent last

    @property
    def busy(self) -> int:
        """Units under way in this process: none ever is."""
        return 0

    def begin(self) -> int:
        """Claim what is due and send it, for a while if there is much; returns how many units were sent.

        Raises StoreError.
        """
        sent, again = 0, time.monotonic() + REFILLING
        try:
            while True:
                some, is_full = self._send()
                sent += some
                self._is_back()
                if not is_full or time.monotonic() >= again or self._stopping.wait(REFILL):
                    break
        except BrokerError as error:
            if not self._away:
                log.error("nothing is sent until the broker is back: %s", error)
            self._away = True
        if sent:
            self.rested = time.monotonic()
        return sent

    def stop(self, seconds: float) -> None:
        """End: what was sent is done by the workers."""
        self._stopping.set()

    def _is_back(self) -> None:
        if self._away:
            log.info("the broker is back")
            self._away = False

    def _send(self) -> tuple[int, bool]:
        """How many units were sent, and whether more may be due than there was room for."""
        room = AHEAD * self._broker.hands() - self._broker.waiting()
        sent = 0
        for lane in LANES:
            if room <= 0:
                break
            now = self._now()
            claims = self._queue.claim(
                min(room, MOST), lane=lane, lease=self._lease, now=now, blocked=(), begins=False
            )
            messages = list(_by_host(claims))
            room -= len(messages)
            while messages:
                try:
                    units = [(claim.upstream, claim.token) for claim in messages[0]]
                    self._broker.send(lane, units, seconds=self._lease)
                except BrokerError:
                    for claim in (one for message in messages for one in message):
                        self._queue.release(claim, not_before=now, begun=False)
                    raise
                sent += len(messages.pop(0))
        return sent, room <= 0


def _by_host(claims: Sequence[Claim]) -> Iterator[tuple[Claim, ...]]:
    hosts: dict[str, list[Claim]] = {}
    for claim in claims:
        hosts.setdefault(claim.host, []).append(claim)
    for units in hosts.values():
        yield from (tuple(units[n : n + TOGETHER]) for n in range(0, len(units), TOGETHER))
