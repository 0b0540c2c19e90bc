"""News on its way to subscribers: the bytes once, and who has not got them yet."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from feedsvc.store import leases
from feedsvc.store import schema as t
from feedsvc.store.engine import Database
from feedsvc.store.leases import NEVER
from feedsvc.store.web.heartbeats import ALIVE, NOW_POSTGRES, NOW_SQLITE

KEPT = timedelta(minutes=1)  #: how long a push that everybody has stays: somebody may just be sending it


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A publication of one address that nobody was notified of yet."""

    no: int
    topic: str
    number: int
    at: datetime
    news: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One subscriber and the push that it is to get, held until the lease ends."""

    subscription: int
    push: int
    token: int
    host: str
    callback: str
    secret: str
    tries: int
    slow: bool
    failing_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is delivered."""

    body: bytes
    media_type: str
    links: tuple[tuple[str, str], ...]  #: (relation, address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """How a delivery ended: `done`, `dropped` (the subscription with it), or to be tried at `again`."""

    delivery: Delivery
    done: bool = False
    dropped: bool = False
    again: datetime | None = None
    slow: bool = False
    error: str = ""


class SqlPushes:
    """Pushes and deliveries of one store.

    `base_url` begins every topic; `hubs` are outside hubs to be pinged; with `purge`, publications that are
    no news are noted too, for the caches.
    """

    def __init__(
        self, database: Database, base_url: str, *, hubs: Sequence[str] = (), purge: bool = False
    ) -> None:
        self._database = database
        self._base_url = base_url
        self._hubs = tuple(hubs)
        self._purge = purge

    def _now(self) -> Any:
        """The database's own time, as heartbeats have it."""
        return literal_column(NOW_SQLITE if self._database.sqlite else NOW_POSTGRES, BigInteger())

    # ── published ──

    def note(
        self,
        connection: Connection,
        made: Sequence[str],
        *,
        number: int,
        news: frozenset[str],
        now: datetime,
    ) -> None:
        """Part of the publication's own transaction: note who is to be notified.

        `made` are the paths of this publication, `news` those of feeds with news. One of the latter that is
        not among the former was built, with its news, by the publication before: it is announced now.
        """
        c = t.snapshot.c
        wanted = set(made) | news if self._purge else news
        stored = connection.execute(
            select(c.path, c.number, c.media_type, c.links, c.told).where(
                c.path.in_(sorted(wanted)), c.status == 200, c.location == ""
            )
        ).all()
        announced = []
        for row in stored:
            topic = f"{self._base_url}{row.path}"
            wanted_now = row.path in news and not row.told and self._anybody(connection, topic, row.links)
            if not wanted_now and row.path not in made:
                continue
            announced += [row.path] if row.path in news else []
            if wanted_now or self._purge:
                copied = c.gzip if wanted_now else literal(b"")
                values = {
                    "topic": topic,
                    "number": row.number,
                    "at": now,
                    "news": wanted_now,
                    "media_type": row.media_type,
                    "gzip": select(copied).where(c.path == row.path).scalar_subquery(),
                    "links": [link for link in row.links if link[0] in ("self", "hub")],
                }
                connection.execute(insert(t.push).values(values))
        if announced:
            connection.execute(update(t.snapshot).where(c.path.in_(announced)).values(told=True))

    def _anybody(self, connection: Connection, topic: str, links: Sequence[Sequence[str]]) -> bool:
        """Whether somebody waits for news of a topic."""
        if not any(relation == "hub" for relation, _ in links):
            return False
        return bool(self._hubs) or _has_subscribers(connection, topic)

    # ── announced ──

    def waiting(self) -> list[Waiting]:
        """Publications that are not announced, the oldest first."""
        c = t.push.c
        with self._database.read() as connection:
            rows = connection.execute(
                select(c.no, c.topic, c.number, c.at, c.news).where(c.announced.is_(False)).order_by(c.no)
            ).all()
        return [
            Waiting(no=row.no, topic=row.topic, number=row.number, at=row.at, news=row.news) for row in rows
        ]

    def seen(self) -> int | None:
        """The number that every live web process serves at least; None if there is no such process."""
        c = t.heartbeat.c
        live = select(func.min(c.number)).where(c.at > self._now() - ALIVE)
        with self._database.read() as connection:
            number = connection.execute(live).scalar_one()
        return None if number is None else int(number)

    def announce(self, publications: Sequence[Waiting], now: datetime) -> None:
        """Everybody may know: make the deliveries and the pings of some publications due."""
        in_order = sorted(publications, key=lambda waiting: waiting.no)
        newest = {waiting.topic: waiting for waiting in in_order if waiting.news}

        def work(connection: Connection) -> None:
            c = t.push.c
            numbers = [waiting.no for waiting in in_order]
            done = update(t.push).where(c.no.in_(numbers), c.announced.is_(False))
            if not connection.execute(done.values(announced=True)).rowcount:
                return  # another worker was faster
            for waiting in newest.values():
                self._deliver(connection, waiting, now)
                for hub in self._hubs:
                    self._ping(connection, hub, waiting, now)

        self._database.transact(work)

    def _deliver(self, connection: Connection, waiting: Waiting, now: datetime) -> None:
        s, d = t.subscription.c, t.delivery.c
        who = select(
            s.no,
            literal(waiting.no),
            literal(0),
            literal(now, t.UtcTime()),
            literal(NEVER, t.UtcTime()),
            literal(0),
        ).where(s.topic == waiting.topic, s.expires > now)
        columns = ["subscription", "push", "tries", "next_due", "lease_until", "token"]
        put: Any = (sqlite.insert if self._database.sqlite else postgresql.insert)(t.delivery)
        put = put.from_select(columns, who)
        # whoever waits for an older push gets this one in its place, at the time that was planned
        connection.execute(
            put.on_conflict_do_update(
                index_elements=[d.subscription], set_={"push": put.excluded.push}, where=d.push < waiting.no
            )
        )

    def _ping(self, connection: Connection, hub: str, waiting: Waiting, now: datetime) -> None:
        c = t.ping.c
        mine = and_(c.hub == hub, c.topic == waiting.topic)
        backing_off = and_(c.state == "due", c.error != "")
        values = {
            "number": waiting.number,
            "next_due": case((backing_off, c.next_due), else_=literal(now, t.UtcTime())),
            "tries": case((backing_off, c.tries), else_=0),
            "state": "due",
        }
        if not connection.execute(update(t.ping).where(mine).values(values)).rowcount:
            connection.execute(
                insert(t.ping).values(
                    hub=hub,
                    topic=waiting.topic,
                    number=waiting.number,
                    state="due",
                    next_due=now,
                    lease_until=NEVER,
                )
            )

    def tidy(self, now: datetime) -> None:
        """Drop the bytes that everybody has, and web processes that are long dead."""
        c, h = t.push.c, t.heartbeat.c
        unused = and_(c.announced, c.at < now - KEPT, ~exists().where(t.delivery.c.push == c.no))
        with self._database.write() as connection:
            connection.execute(delete(t.push).where(unused))
            connection.execute(
                delete(t.heartbeat).where(
                    or_(h.at < self._now() - 1200 * ALIVE, h.at > self._now() + 1200 * ALIVE)
                )
            )

    # ── delivered ──

    def claim(
        self, limit: int, *, slow: bool, lease: float, now: datetime, blocked: Iterable[str]
    ) -> list[Delivery]:
        """Up to `limit` deliveries that are due, held for `lease` seconds; `blocked` hosts are left out."""
        s, d = t.subscription.c, t.delivery.c
        due = [*leases.is_due(t.delivery, now), s.slow.is_(slow), s.host.not_in(list(blocked))]
        joined = select(
            d.subscription, d.push, d.token, d.tries, s.host, s.callback, s.secret, s.slow, s.failing_since
        ).join(t.subscription, s.no == d.subscription)
        wanted = joined.where(*due).order_by(d.next_due).limit(limit)
        rows = leases.claim(self._database, t.delivery, wanted, now=now, seconds=lease)
        return [Delivery(**{**row._asdict(), "token": row.token + 1}) for row in rows]

    def content(self, number: int) -> Content | None:
        """The bytes of a push; None if a newer one has taken its place."""
        c = t.push.c
        with self._database.read() as connection:
            row = connection.execute(select(c.gzip, c.media_type, c.links).where(c.no == number)).first()
        if row is None:
            return None
        links = tuple((str(relation), str(address)) for relation, address in row.links)
        return Content(body=gzip.decompress(row.gzip), media_type=row.media_type, links=links)

    def finish(self, some: Sequence[Delivered], now: datetime) -> None:
        """Write how deliveries ended, many at once. What another worker has taken over stays as it is."""
        self._database.transact(lambda found: _finish(found, some, now))


def _has_subscribers(connection: Connection, topic: str) -> bool:
    c = t.subscription.c
    return connection.execute(select(c.no).where(c.topic == topic).limit(1)).first() is not None


def _finish(connection: Connection, outcomes: Sequence[Delivered], now: datetime) -> None:
    ordered = sorted(
        outcomes, key=lambda delivered: delivered.delivery.subscription
    )  # the same order everywhere: no deadlock
    _done(connection, [delivered for delivered in ordered if delivered.done])
    for delivered in ordered:
        if delivered.dropped:
            _dropped(connection, delivered.delivery)
        elif not delivered.done:
            _again(connection, delivered, now)


def _done(connection: Connection, outcomes: Sequence[Delivered]) -> None:
    """These have what they were sent; two statements for all of them, for there may be hundreds a second."""
    s, d = t.subscription.c, t.delivery.c
    if not outcomes:
        return
    names = [
        {
            "of": delivered.delivery.subscription,
            "held": delivered.delivery.token,
            "sent": delivered.delivery.push,
        }
        for delivered in outcomes
    ]
    mine = and_(d.subscription == bindparam("of"), d.token == bindparam("held"))
    connection.execute(delete(t.delivery).where(mine, d.push == bindparam("sent")), names)
    # where a newer push has come meanwhile the row is still there
    freed = update(t.delivery).where(mine, d.push > bindparam("sent"))
    connection.execute(freed.values(lease_until=NEVER, tries=0), names)
    for delivered in outcomes:
        if delivered.delivery.failing_since is not None or delivered.slow != delivered.delivery.slow:
            values = {"failing_since": None, "error": "", "slow": delivered.slow}
            where = s.no == delivered.delivery.subscription
            connection.execute(update(t.subscription).where(where).values(values))


def _dropped(connection: Connection, mine: Delivery) -> None:
    """The subscription ends, and with it the delivery."""
    s, d = t.subscription.c, t.delivery.c
    ours = exists().where(d.subscription == mine.subscription, d.token == mine.token)
    connection.execute(delete(t.subscription).where(s.no == mine.subscription, ours))


def _again(connection: Connection, delivered: Delivered, now: datetime) -> None:
    """It did not arrive, or was not tried."""
    s, d = t.subscription.c, t.delivery.c
    held = and_(d.subscription == delivered.delivery.subscription, d.token == delivered.delivery.token)
    tries = d.tries + (1 if delivered.error else 0)
    again = {"lease_until": NEVER, "next_due": delivered.again or now, "tries": tries}
    if connection.execute(update(t.delivery).where(held).values(again)).rowcount and delivered.error:
        since = func.coalesce(s.failing_since, literal(now, t.UtcTime()))
        failed = {"failing_since": since, "slow": True, "error": delivered.error}
        where = s.no == delivered.delivery.subscription
        connection.execute(update(t.subscription).where(where).values(failed))
