"""The subscriber: asks the hubs of upstream feeds to push, and reads what they push.

    a feed names a hub ──► we ask it ──► it asks us whether we mean it ──► it pushes ──► the usual reading

Polling goes on; `schedule` makes it hourly while pushes come first.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import urlencode

from feedsvc.errors import FetchError
from feedsvc.model import Fetched, RunReport
from feedsvc.protocols import Claim, Clock, Message, Sender
from feedsvc.store.push.following import Following, SqlFollowing
from feedsvc.store.queue.arrivals import Arrival, SqlArrivals
from feedsvc.websub import retry

log = logging.getLogger(__name__)

LEASE_SECONDS = 10 * 86400  #: that we ask for
SECONDS = 15.0
CALLBACK = "/websub/callback/"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Asked:
    """How a request to a hub ended; `error` is empty where it was taken."""

    following: Following
    error: str = ""
    wait: float | None = None


class Requests:
    """Asks hubs for subscriptions, renews them, ends them.

    `own` is the way out to hubs that feeds of own hosts name, `foreign` to those that foreign feeds name.
    """

    def __init__(
        self,
        own: Sender,
        foreign: Sender,
        store: SqlFollowing,
        base_url: str,
        *,
        now: Clock,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._senders = {True: own, False: foreign}
        self._store = store
        self._base_url = base_url
        self._now = now
        self._jitter = jitter
        self.claim = store.claim

    def do(self, one: Following) -> Asked:
        """One request."""
        fields = {
            "hub.mode": one.mode,
            "hub.topic": one.topic,
            "hub.callback": f"{self._base_url}{CALLBACK}{one.name}",
        }
        if one.mode == "subscribe":
            fields |= {"hub.lease_seconds": str(LEASE_SECONDS), "hub.secret": one.secret}
        body = urlencode(fields).encode()
        message = Message(method="POST", url=one.hub, headers=FORM, body=body, limit=1024, seconds=SECONDS)
        try:
            answer = self._senders[one.own].send(message)
        except FetchError as error:
            return Asked(one, str(error)[:500])
        if answer.taken:
            return Asked(one)
        said = answer.body[:200].decode("utf-8", "replace").strip()
        return Asked(one, f"{one.hub} answers {answer.status}: {said}", answer.wait)

    def finish(self, results: Sequence[Asked]) -> None:
        """Write how they ended."""
        now = self._now()
        for one in results:
            if not one.error:
                self._store.asked(one.following, now)
            else:
                log.info("no push for %s: %s", one.following.topic, one.error)
                again = now + retry.pause(one.following.tries + 4, self._jitter, one.wait)
                self._store.failed(one.following, again=again, error=one.error)


class Reads(Protocol):
    """The collector, as far as it reads what was pushed."""

    def push(self, claim: Claim, content: Fetched, planned: datetime) -> RunReport | None: ...


class Arrivals:
    """Reads what was pushed, as if it had been fetched."""

    def __init__(
        self, store: SqlArrivals, collector: Reads, report: Callable[[RunReport], None] = lambda one: None
    ) -> None:
        self._store = store
        self._collector = collector
        self._report = report
        self.claim = store.claim

    def do(self, arrival: Arrival) -> int:
        """One reading; the number of the arrival."""
        report = self._collector.push(arrival.claim, arrival.content, arrival.planned)
        if report is not None:
            self._report(report)
        return arrival.no

    def finish(self, results: Sequence[int]) -> None:
        """They are read."""
        self._store.drop(results)
