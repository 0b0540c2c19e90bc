"""When everybody may know of a publication.

    publication ──► push (a row of its own transaction) ──► every web process serves it, every bucket has it
        ──► caches are purged ──► deliveries and pings are due

A hub that looks, or a reader whom a delivery brings, must not find the feed as it was before.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import orjson

from feedsvc.errors import Code, FetchError
from feedsvc.protocols import Clock, Message, Sender
from feedsvc.push.background import Background
from feedsvc.store.push.deliveries import SqlPushes, Waiting

log = logging.getLogger(__name__)

PATIENCE = timedelta(seconds=10)  #: for web processes that live and do not take a publication over
PURGE_PATIENCE = timedelta(seconds=30)
STORE_PATIENCE = timedelta(seconds=30)  #: for object storages
PURGE_SECONDS = 5.0


class Purge(Protocol):
    """Empties the caches in front of the service."""

    def __call__(self, addresses: Sequence[str]) -> None:
        """Raises FetchError where they cannot be emptied."""
        ...


class HttpPurge:
    """Asks a cache to forget addresses.

    With `{path}` in `url`: one request with the method PURGE for each, as Varnish, nginx and Fastly take
    them. Else one POST of `{"files": [address, …]}`, as Cloudflare takes it.
    """

    def __init__(self, sender: Sender, url: str, headers: Mapping[str, str], base_url: str) -> None:
        self._sender = sender
        self._url = url
        self._headers = dict(headers)
        self._base_url = base_url

    def __call__(self, addresses: Sequence[str]) -> None:
        for message in self._messages(addresses):
            answer = self._sender.send(message)
            if not (answer.taken or (message.method == "PURGE" and answer.status == 404)):  # not cached
                raise FetchError(
                    Code.HTTP_STATUS,
                    f"[serve] purge: the cache answers {answer.status}",
                    status=answer.status,
                )

    def _messages(self, addresses: Sequence[str]) -> Iterable[Message]:
        if "{path}" in self._url:
            for address in addresses:
                url = self._url.replace("{path}", address.removeprefix(self._base_url))
                yield Message(method="PURGE", url=url, headers=self._headers, seconds=PURGE_SECONDS)
            return
        for first in range(0, len(addresses), 30):  # Cloudflare takes so many at once
            body = orjson.dumps({"files": addresses[first : first + 30]})
            headers = {"Content-Type": "application/json", **self._headers}
            yield Message(method="POST", url=self._url, headers=headers, body=body, seconds=PURGE_SECONDS)


class Announcer:
    """Lets everybody know of a publication as soon as it is served everywhere."""

    EVERY = 0.1  #: seconds between two looks while something waits
    IDLE = 0.5

    def __init__(
        self,
        pushes: SqlPushes,
        *,
        now: Clock,
        announced: Callable[[], None],
        tidy: Callable[[], None],
        purge: Purge | None = None,
        stored: Callable[[int], bool] = lambda number: True,
    ) -> None:
        self._pushes = pushes
        self._now = now
        self._announced = announced
        self._tidy = tidy
        self._purge = purge
        self._stored = stored
        self.cache_fault = ""  #: why the cache was not emptied the last time; "" where it was
        self._tidied: datetime | None = None
        self._background = Background(
            "announce", self.run, every=self.EVERY, idle=self.IDLE, told="nothing was announced"
        )

    def start(self) -> None:
        """Begin."""
        self._background.start()

    def wake(self) -> None:
        """Something was published."""
        self._background.wake()

    def stop(self) -> None:
        """End."""
        self._background.stop(PURGE_SECONDS + 1)

    def run(self) -> bool:
        """Announce what can be; whether something still waits. Raises StoreError."""
        now = self._now()
        if self._tidied is None or not timedelta() <= now - self._tidied < timedelta(minutes=1):
            self._tidy()
            self._tidied = now
        waiting = self._pushes.waiting()
        if not waiting:
            return False
        seen = self._pushes.seen()
        # a clock that was set back ends all patience
        patient = [one for one in waiting if timedelta() <= now - one.at < PATIENCE]
        ready = [one for one in waiting if one not in patient or seen is None or seen >= one.number]
        ready = [one for one in ready if now - one.at >= STORE_PATIENCE or self._stored(one.number)]
        if not ready or not self._purged(ready, now):
            return True
        self._pushes.announce(ready, now)
        self._announced()
        return len(ready) < len(waiting)

    def _purged(self, ready: Sequence[Waiting], now: datetime) -> bool:
        if self._purge is None:
            return True
        addresses = sorted({one.topic for one in ready})
        try:
            self._purge(addresses)
        except FetchError as error:
            oldest = min(one.at for one in ready)
            log.warning("the cache was not purged: %s", error)
            self.cache_fault = error.message
            return now - oldest >= PURGE_PATIENCE
        self.cache_fault = ""
        return True
