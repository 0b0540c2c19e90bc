"""Upstream feeds that push to us: our subscriptions at their hubs, and what arrived."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, select, update

from feedsvc import urls
from feedsvc.store import codec, leases
from feedsvc.store import schema as t
from feedsvc.store.engine import Database
from feedsvc.store.leases import NEVER

MOST_ARRIVALS = 20  #: of one upstream that are not read yet: a hub that floods loses its oldest
REMEMBERED = 200  #: pushes of one upstream whose repetition is noticed
AGAIN = timedelta(minutes=10)  #: for a hub that took our request and has not asked whether we mean it
UNSUBSCRIBE_TRIES = 4  #: then the lease ends it
DENIED_AGAIN = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """A subscription of ours that has to be asked for, renewed or ended; held until the lease ends."""

    upstream: int
    token: int
    own: bool  #: the feed that names the hub lies on an own host
    host: str
    hub: str
    topic: str
    name: str
    secret: str
    mode: str  #: subscribe | unsubscribe
    tries: int


def discover(connection: Connection, upstream: int, found: tuple[str, str] | None, now: datetime) -> None:
    """Note which hub (and topic) a feed names, or that it names none."""
    c = t.following.c
    row = connection.execute(select(t.following).where(c.upstream == upstream)).first()
    if found is None:
        if row is not None and row.state != "ended":
            _set(connection, upstream, state="ended", next_due=now, tries=0, streak=0)
    elif row is None:
        connection.execute(
            insert(t.following).values(
                upstream=upstream,
                hub=found[0],
                topic=found[1],
                name=secrets.token_urlsafe(24),
                secret=secrets.token_urlsafe(32),
                state="wanted",
                next_due=now,
                lease_until=NEVER,
            )
        )
    elif (row.hub, row.topic) != found or row.state == "ended":
        hub, topic = found
        _set(connection, upstream, hub=hub, topic=topic, state="wanted", next_due=now, tries=0, streak=0)


def changed(connection: Connection, upstream: int, *, pushed: bool) -> None:
    """A poll found a change, or a push brought one first."""
    c = t.following.c
    streak = c.streak + 1 if pushed else 0
    where = and_(c.upstream == upstream, c.state == "active")
    connection.execute(update(t.following).where(where).values(streak=streak))


def _set(connection: Connection, upstream: int, **values: Any) -> None:
    connection.execute(update(t.following).where(t.following.c.upstream == upstream).values(values))


class SqlFollowing:
    """Our subscriptions in one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # ── asked for ──

    def claim(
        self, limit: int, *, slow: bool, lease: float, now: datetime, blocked: Iterable[str]
    ) -> list[Following]:
        """Up to `limit` subscriptions that are to be asked for, renewed or ended."""
        c = t.following.c
        hosts = frozenset(blocked)
        due = [*leases.is_due(t.following, now), c.tries > 0 if slow else c.tries == 0]
        rows = leases.claim(
            self._database,
            t.following,
            select(t.following, t.due.c.own)
            .outerjoin(t.due, t.due.c.upstream == c.upstream)
            .where(*due)
            .order_by(c.next_due),
            now=now,
            seconds=lease,
            choose=lambda rows: [row for row in rows if urls.host(row.hub) not in hosts][:limit],
        )
        return [
            Following(
                upstream=row.upstream,
                token=row.token + 1,
                own=bool(row.own),
                host=urls.host(row.hub),
                hub=row.hub,
                topic=row.topic,
                name=row.name,
                secret=row.secret,
                mode="unsubscribe" if row.state == "ended" else "subscribe",
                tries=row.tries,
            )
            for row in rows
        ]

    def asked(self, one: Following, now: datetime) -> None:
        """The hub took our request. It asks whether we mean it, perhaps before this is written."""
        c = t.following.c
        held = and_(c.upstream == one.upstream, c.token == one.token)
        with self._database.write() as connection:
            if one.mode == "unsubscribe":
                connection.execute(delete(t.following).where(held, c.state == "ended", c.tries > 0))
            again = now + AGAIN * min(one.tries + 1, 36)
            waits = {"tries": c.tries + 1, "next_due": again, "error": ""}
            connection.execute(update(t.following).where(held, c.next_due <= now).values(waits))
            connection.execute(update(t.following).where(held).values(lease_until=NEVER))

    def failed(self, one: Following, *, again: datetime, error: str) -> None:
        """The hub did not take it."""
        c = t.following.c
        held = and_(c.upstream == one.upstream, c.token == one.token)
        values = {"tries": c.tries + 1, "next_due": again, "error": error, "lease_until": NEVER}
        with self._database.write() as connection:
            if one.mode == "unsubscribe" and one.tries >= UNSUBSCRIBE_TRIES:
                connection.execute(delete(t.following).where(held, c.state == "ended"))
            connection.execute(update(t.following).where(held).values(values))

    def tidy(self, now: datetime) -> None:
        """What expired is asked for anew; what the configuration no longer has is ended."""
        c = t.following.c
        gone = select(t.due.c.upstream).where(t.due.c.active.is_(False))
        expired = and_(c.state == "active", c.expires <= now)
        with self._database.write() as connection:
            wanted = {"state": "wanted", "streak": 0, "tries": 0, "next_due": now}
            connection.execute(update(t.following).where(expired).values(wanted))
            ended = {"state": "ended", "streak": 0, "tries": 0, "next_due": now}
            connection.execute(
                update(t.following).where(c.upstream.in_(gone), c.state != "ended").values(ended)
            )

    # ── what hubs say to us ──

    def confirm(
        self, name: str, *, mode: str, topic: str, lease_seconds: int, renew: datetime, now: datetime
    ) -> bool:
        """Whether we meant what a hub asks about. A lease is then noted, and when it is renewed."""
        c = t.following.c
        with self._database.write() as connection:
            row = connection.execute(select(t.following).where(c.name == name)).first()
            if row is None or row.topic != topic:
                return False
            if mode == "denied":
                denied = {"state": "denied", "streak": 0, "next_due": now + DENIED_AGAIN, "error": "denied"}
                _set(connection, row.upstream, **denied)
                return True
            if mode == "unsubscribe":
                return bool(row.state == "ended")
            if mode != "subscribe" or row.state == "ended":
                return False
            _set(
                connection,
                row.upstream,
                state="active",
                lease_seconds=lease_seconds,
                expires=now + timedelta(seconds=lease_seconds),
                next_due=renew,
                tries=0,
                error="",
            )
            return True

    def secret(self, name: str) -> str | None:
        """The secret of a callback; None where there is no such one."""
        c = t.following.c
        with self._database.read() as connection:
            row = connection.execute(
                select(c.secret).where(c.name == name, c.state.in_(("active", "wanted")))
            ).first()
        return None if row is None else str(row.secret)

    def keep(self, name: str, *, body: bytes, media_type: str, charset: str, now: datetime) -> None:
        """Store what was pushed until the worker reads it; what was pushed lately already is dropped.

        WebSub knows no protection against replays: somebody who recorded a signed content could bring back
        what was corrected since.
        """
        c, a = t.following.c, t.arrival.c
        with self._database.write() as connection:
            row = connection.execute(
                select(c.upstream, c.recent).where(c.name == name).with_for_update()
            ).first()
            digest = hashlib.blake2b(body, digest_size=16).hexdigest()
            recent = [] if row is None else list(row.recent or [])
            if row is None or digest in recent:
                return
            _set(connection, row.upstream, pushed_at=now, recent=[*recent, digest][-REMEMBERED:])
            connection.execute(
                insert(t.arrival).values(
                    upstream=row.upstream,
                    at=now,
                    media_type=media_type,
                    charset=charset,
                    zstd=codec.compress(body),
                )
            )
            mine = select(a.no).where(a.upstream == row.upstream).order_by(a.no.desc())
            old = connection.execute(mine.offset(MOST_ARRIVALS)).scalars().all()
            if old:
                connection.execute(delete(t.arrival).where(a.no.in_(old)))
