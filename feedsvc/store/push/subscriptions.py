"""Subscriptions at our hub: what was asked and is to be confirmed, and what was confirmed."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, func, insert, select, update

from feedsvc.errors import Code, HubError
from feedsvc.store import leases
from feedsvc.store import schema as t
from feedsvc.store.engine import Database
from feedsvc.store.leases import NEVER

log = logging.getLogger(__name__)

KEPT = timedelta(days=35)  #: after its end: a clock that is a month ahead costs nobody a subscription
MOST_WAITING = 20_000  #: requests that are not confirmed yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """Something that a subscriber is asked or notified of, held until the lease ends."""

    no: int
    token: int
    host: str
    callback: str
    topic: str
    mode: str  #: subscribe | unsubscribe | denied
    lease_seconds: int
    reason: str
    tries: int


class SqlHub:
    """The hub's side of the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # ── asked ──

    def ask(
        self,
        *,
        mode: str,
        callback: str,
        topic: str,
        host: str,
        secret: str,
        lease_seconds: int,
        quota: int,
        now: datetime,
    ) -> None:
        """Note a request; it replaces an earlier one for the same callback and topic that is not confirmed.

        Where nothing is subscribed to, there is nothing to end and nobody to ask. Raises HubError
        (TOO_MANY_SUBSCRIPTIONS) where `host` would have more than `quota`, or too many requests wait.
        """
        values = {"mode": mode, "secret": secret, "lease_seconds": lease_seconds, "host": host}
        with self._database.read() as connection:
            known = _known(connection, callback, topic)
            if mode == "unsubscribe" and not known:
                return
            if not known and _count(connection, host, now) >= quota:
                raise HubError(
                    Code.TOO_MANY_SUBSCRIPTIONS, f"{host} has {quota} subscriptions, as many as it may have"
                )
            waiting = connection.execute(select(func.count()).select_from(t.intent)).scalar_one()
            if not known and waiting >= MOST_WAITING:
                raise HubError(Code.TOO_MANY_SUBSCRIPTIONS, "too many requests wait; come back later")
        self._database.transact(lambda found: _put_intent(found, callback, topic, values, now))

    def claim(
        self, limit: int, *, slow: bool, lease: float, now: datetime, blocked: Iterable[str]
    ) -> list[Intent]:
        """Up to `limit` intents that are due; those that failed before are `slow`."""
        c = t.intent.c
        due = [*leases.is_due(t.intent, now), c.tries > 0 if slow else c.tries == 0]
        wanted = select(t.intent).where(*due, c.host.not_in(list(blocked))).order_by(c.next_due).limit(limit)
        return [
            Intent(
                no=row.no,
                token=row.token + 1,
                host=row.host,
                callback=row.callback,
                topic=row.topic,
                mode=row.mode,
                lease_seconds=row.lease_seconds,
                reason=row.reason,
                tries=row.tries,
            )
            for row in leases.claim(self._database, t.intent, wanted, now=now, seconds=lease)
        ]

    # ── answered ──

    def confirm(self, intent: Intent, now: datetime, *, address: str, quota: int) -> bool:
        """The subscriber meant it; False if the request was replaced by another one meanwhile.

        `address` is what its callback leads to: with `quota` subscriptions it gets no more.
        """
        i, s = t.intent.c, t.subscription.c

        def work(connection: Any) -> bool:
            held = and_(i.no == intent.no, i.token == intent.token)
            row = connection.execute(delete(t.intent).where(held).returning(i.secret)).first()
            if row is None:
                return False
            mine = and_(s.callback == intent.callback, s.topic == intent.topic)
            if intent.mode == "unsubscribe":
                connection.execute(delete(t.subscription).where(mine))
                return True
            values = {
                "secret": row.secret,
                "expires": now + timedelta(seconds=intent.lease_seconds),
                "failing_since": None,
                "error": "",
                "address": address,
            }
            if not connection.execute(update(t.subscription).where(mine).values(values)).rowcount:
                there = select(func.count()).where(s.address == address, s.expires > now)
                if connection.execute(there).scalar_one() >= quota:
                    log.warning("%s has %d subscriptions, as many as it may have", address, quota)
                    return False
                connection.execute(
                    insert(t.subscription).values(
                        callback=intent.callback,
                        topic=intent.topic,
                        host=intent.host,
                        since=now,
                        **values,
                    )
                )
            return True

        return self._database.transact(work)

    def forget(self, intent: Intent) -> None:
        """The subscriber did not mean it, or was notified: nothing changes."""
        c = t.intent.c
        with self._database.write() as connection:
            connection.execute(delete(t.intent).where(c.no == intent.no, c.token == intent.token))

    def later(self, intent: Intent, due: datetime, *, tried: bool = True) -> None:
        """No answer came, or (not `tried`) it was not asked: ask at `due`."""
        c = t.intent.c
        with self._database.write() as connection:
            connection.execute(
                update(t.intent)
                .where(c.no == intent.no, c.token == intent.token)
                .values(tries=c.tries + int(tried), next_due=due, lease_until=NEVER)
            )

    # ── ended ──

    def tidy(self, topics: Sequence[str], reason: str, now: datetime) -> None:
        """Forget what expired long ago; deny what is subscribed to an address that is no topic any more."""
        s = t.subscription.c
        with self._database.read() as connection:
            expired = connection.execute(select(s.no).where(s.expires <= now - KEPT).limit(1)).first()
            gone = connection.execute(
                select(s.callback, s.topic, s.host).where(s.topic.not_in(topics)).limit(1000)
            ).all()
        if expired is None and not gone:
            return

        def work(connection: Any) -> None:
            connection.execute(delete(t.subscription).where(s.expires <= now - KEPT))
            for row in gone:
                connection.execute(
                    delete(t.subscription).where(s.callback == row.callback, s.topic == row.topic)
                )
                values = {"mode": "denied", "host": row.host, "reason": reason, "secret": ""}
                _put_intent(connection, row.callback, row.topic, values, now)

        self._database.transact(work)


def _count(connection: Any, host: str, now: datetime) -> int:
    """Subscriptions of a callback host, confirmed or not."""
    s, i = t.subscription.c, t.intent.c
    live = select(func.count()).where(s.host == host, s.expires > now)
    asked = select(func.count()).where(i.host == host)
    return sum(int(connection.execute(one).scalar_one()) for one in (live, asked))


def _known(connection: Any, callback: str, topic: str) -> bool:
    return any(
        connection.execute(
            select(table.c.no).where(table.c.callback == callback, table.c.topic == topic)
        ).first()
        is not None
        for table in (t.subscription, t.intent)
    )


def _put_intent(connection: Any, callback: str, topic: str, values: dict[str, Any], now: datetime) -> None:
    c = t.intent.c
    fresh = {"reason": "", "tries": 0, "next_due": now, "lease_until": NEVER, **values}
    mine = and_(c.callback == callback, c.topic == topic)
    # a new token: the answer to the question before this one no longer counts
    done = connection.execute(update(t.intent).where(mine).values(token=c.token + 1, **fresh))
    if not done.rowcount:
        connection.execute(insert(t.intent).values(callback=callback, topic=topic, **fresh))
