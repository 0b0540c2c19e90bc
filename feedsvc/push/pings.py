"""Outside hubs are told that a topic has news (WebSub leaves open how; this is what PubSubHubbub did)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from feedsvc.errors import FetchError
from feedsvc.protocols import Clock, Message, Sender
from feedsvc.push.deliver import FORM, SECONDS, Jitter
from feedsvc.store.push.pings import Ping, SqlPings
from feedsvc.websub import retry


@dataclass(frozen=True, slots=True)
class Pinged:
    """How a ping ended; `error` is empty where the hub took it."""

    ping: Ping
    error: str = ""
    wait: float | None = None


class Pings:
    """Notifies outside hubs that a topic has news, and again where they do not come to look."""

    MOST = 12  #: tries of a ping that fails

    def __init__(
        self, sender: Sender, pings: SqlPings, *, now: Clock, jitter: Jitter = random.random
    ) -> None:
        self._sender = sender
        self._pings = pings
        self._now = now
        self._jitter = jitter
        self.claim = pings.claim

    def do(self, ping: Ping) -> Pinged:
        """One ping: hub.url for hubs of PubSubHubbub's days, hub.topic for others; both say the same."""
        form = urlencode({"hub.mode": "publish", "hub.url": ping.topic, "hub.topic": ping.topic})
        message = Message(
            method="POST", url=ping.hub, headers=FORM, body=form.encode(), limit=1024, seconds=SECONDS
        )
        try:
            answer = self._sender.send(message)
        except FetchError as error:
            return Pinged(ping, str(error)[:500])
        if answer.taken:
            return Pinged(ping)
        return Pinged(ping, f"{ping.hub} answers {answer.status}", answer.wait)

    def finish(self, results: Sequence[Pinged]) -> None:
        """Write how they ended, and when they are repeated."""
        now = self._now()
        for one in results:
            tries = one.ping.tries
            if not one.error:
                repeat = now + retry.REPEATS[tries] if tries < len(retry.REPEATS) else None
                self._pings.sent(one.ping, repeat=repeat, now=now)
            else:
                again = now + retry.pause(tries, self._jitter, one.wait) if tries < self.MOST else None
                self._pings.failed(one.ping, again=again, error=one.error)
