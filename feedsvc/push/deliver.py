"""What hub and publisher send: questions to subscribers, deliveries, pings to outside hubs.

Each is a row that is held by a lease and a token, so nothing is lost by `kill -9`: another one takes it up.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from feedsvc.errors import Code, FetchError
from feedsvc.protocols import Clock, Message, Sender
from feedsvc.push.gate import Gate
from feedsvc.store.push.deliveries import Content, Delivered, Delivery, SqlPushes
from feedsvc.store.push.subscriptions import Intent, SqlHub
from feedsvc.websub import retry, signature, verify

log = logging.getLogger(__name__)

SECONDS = 10.0  #: for a subscriber's whole answer
SLOW = 2.0  #: seconds after which a subscriber counts as slow
CHALLENGE_ROOM = 4096  #: bytes of a confirmation that are read
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

Jitter = Callable[[], float]


class Deliveries:
    """Sends news to subscribers."""

    def __init__(
        self,
        sender: Sender,
        pushes: SqlPushes,
        *,
        method: str,
        now: Clock,
        jitter: Jitter = random.random,
    ) -> None:
        self._sender = sender
        self._pushes = pushes
        self._method = method
        self._now = now
        self._jitter = jitter
        self._content = lru_cache(64)(pushes.content)
        self.claim, self._write = pushes.claim, pushes.finish

    def do(self, delivery: Delivery) -> Delivered:
        """One delivery."""
        content = self._content(delivery.push)
        if content is None:
            return Delivered(delivery=delivery, slow=delivery.slow, again=self._now())
        began = time.monotonic()
        message = Message(
            method="POST",
            url=delivery.callback,
            headers=headers_of(content, delivery.secret, self._method),
            body=content.body,
            limit=1024,
            seconds=SECONDS,
        )
        try:
            answer = self._sender.send(message)
        except FetchError as error:
            return self._failed(delivery, str(error), None)
        if answer.taken:
            return Delivered(delivery=delivery, done=True, slow=time.monotonic() - began > SLOW)
        if answer.status == 410:  # 7: the subscriber says that it is over
            return Delivered(delivery=delivery, dropped=True)
        return self._failed(delivery, f"answers {answer.status}", answer.wait)

    def _failed(self, delivery: Delivery, error: str, wait: float | None) -> Delivered:
        now = self._now()
        if retry.is_dead(delivery.failing_since, now):
            log.info("the callback at %s failed for 7 days; its subscription ends", delivery.host)
            return Delivered(delivery=delivery, dropped=True)
        again = now + retry.pause(delivery.tries, self._jitter, wait)
        return Delivered(delivery=delivery, again=again, error=error[:500])

    def finish(self, results: Sequence[Delivered]) -> None:
        """Write how they ended."""
        self._write(results, self._now())


def headers_of(content: Content, secret: str, method: str) -> dict[str, str]:
    """The headers of a delivery (W3C WebSub 7): the topic's media type, self and hub, the signature."""
    order = sorted(content.links, key=lambda link: link[0] != "self")
    headers = {
        "Content-Type": content.media_type,
        "Link": ", ".join(f'<{address}>; rel="{relation}"' for relation, address in order),
    }
    if secret:
        headers["X-Hub-Signature"] = signature.sign(method, secret, content.body)
    return headers


@dataclass(frozen=True, slots=True)
class Answered:
    """How an intent ended: `yes`, `no`, or to be asked again `later`."""

    intent: Intent
    outcome: str
    later: datetime | None = None
    address: str = ""  #: that the callback counts by
    asked: bool = True  #: False: its turn has not come yet


class Intents:
    """Asks subscribers whether they meant it, and tells those that are denied."""

    def __init__(
        self,
        sender: Sender,
        hub: SqlHub,
        topics: frozenset[str],
        *,
        gate: Gate,
        quota: int,
        now: Clock,
        jitter: Jitter = random.random,
        new_challenge: Callable[[], str] = verify.new_challenge,
    ) -> None:
        self._sender = sender
        self._hub = hub
        self._topics = topics
        self._gate = gate
        self._quota = quota
        self._now = now
        self._jitter = jitter
        self._new_challenge = new_challenge
        self.claim = hub.claim

    def do(self, intent: Intent) -> Answered:
        """One question or denial, when the turn of its address has come."""
        address = self._gate.address(intent.callback)
        wait = self._gate.enter(address)
        if wait:
            again = self._now() + timedelta(seconds=wait * (1.0 + self._jitter()))
            return Answered(intent, "later", again, address, asked=False)
        try:
            return replace(self._ask(intent), address=address)
        finally:
            self._gate.leave(address)

    def _ask(self, intent: Intent) -> Answered:
        if intent.mode == "denied" or (intent.mode == "subscribe" and intent.topic not in self._topics):
            return self._deny(intent)
        challenge = self._new_challenge()
        url = verify.question(
            intent.callback,
            mode=intent.mode,
            topic=intent.topic,
            challenge=challenge,
            lease_seconds=intent.lease_seconds,
        )
        try:
            answer = self._sender.send(Message(method="GET", url=url, limit=CHALLENGE_ROOM, seconds=SECONDS))
        except FetchError as error:
            return self._unanswered(intent, error)
        if answer.status >= 500 or answer.status == 429:
            return self._unanswered(intent, answer.status, answer.wait)
        meant = verify.is_confirmed(answer.status, answer.body, challenge)
        return Answered(intent, "yes" if meant else "no")

    def _deny(self, intent: Intent) -> Answered:
        reason = intent.reason or "this hub has no such topic; a topic is the rel=self address of a feed"
        url = verify.denial(intent.callback, topic=intent.topic, reason=reason)
        try:
            self._sender.send(Message(method="GET", url=url, limit=1024, seconds=SECONDS))
        except FetchError as error:
            if error.code not in (Code.BLOCKED_ADDRESS, Code.BLOCKED_URL):
                return self._unanswered(intent, error)
        return Answered(intent, "no")

    def _unanswered(self, intent: Intent, why: FetchError | int, wait: float | None = None) -> Answered:
        """It could not be asked, or its answer (a status) says nothing; `wait`: seconds it asks for."""
        refused = isinstance(why, FetchError) and why.code in (Code.BLOCKED_ADDRESS, Code.BLOCKED_URL)
        if refused or intent.tries + 1 >= retry.CONFIRM_TRIES:
            words = why if isinstance(why, FetchError) else f"answers {why}"
            log.info("%s %s at %s: not confirmed (%s)", intent.mode, intent.topic, intent.host, words)
            return Answered(intent, "no")
        later = self._now() + retry.pause(intent.tries, self._jitter, wait)
        return Answered(intent, "later", later)

    def finish(self, results: Sequence[Answered]) -> None:
        """Write what came of them."""
        for one in results:
            if one.later is not None:
                self._hub.later(one.intent, one.later, tried=one.asked)
            elif one.outcome == "yes":
                self._hub.confirm(one.intent, self._now(), address=one.address, quota=self._quota)
            else:
                self._hub.forget(one.intent)
