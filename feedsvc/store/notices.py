"""What operators are told: the figures that are judged, the notices, and who has not got them yet."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, insert, or_, select, update

from feedsvc.errors import Code
from feedsvc.model import BucketFacts, Condition, Facts, HubFacts, Notice, PageFacts, SourceFacts, Trouble
from feedsvc.store import schema as t
from feedsvc.store.articles.lists import take_turn
from feedsvc.store.engine import Database
from feedsvc.store.queue.units import PAGE, STOPPED

PAGES_SINCE = timedelta(hours=24)  #: article pages that were polled longer ago say nothing of today
FORGOTTEN = timedelta(days=1)  #: a worker without a sign of life for so long was taken away
SILENT = timedelta(minutes=5)  #: a worker without a sign of life for so long tells nothing of now
KEPT = timedelta(days=90)  #: how long mended troubles are remembered
GIVEN_UP = timedelta(days=1)  #: after which a channel that takes nothing is told no more of an old notice
TAKEN = timedelta(minutes=3)  #: that somebody has for sending a notice, before another one tries
HUB_TRIES = 3  #: failures in a row of an outside hub, or an object storage, before it is told
FIRST_RETRY, LAST_RETRY = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A notice on its way to a channel."""

    notice: Notice
    mended: bool  #: the news is that it is over
    channel: str
    tries: int


class SqlNotices:
    """Reads what is judged and remembers what was told."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def beat(self, worker: str, started: datetime, now: datetime, sees: Sequence[Condition] = ()) -> None:
        """A worker shows that it lives, and tells what is wrong around it. Raises StoreError."""
        w = t.worker.c
        values = {"at": now, "sees": [{**asdict(one), "since": one.since.isoformat()} for one in sees]}
        with self._database.write() as connection:
            if not connection.execute(update(t.worker).where(w.id == worker).values(values)).rowcount:
                connection.execute(insert(t.worker).values(id=worker, started=started, **values))
            connection.execute(delete(t.worker).where(w.at < now - FORGOTTEN))

    def leave(self, worker: str) -> None:
        """A worker ends on purpose: nobody misses it. Raises StoreError."""
        with self._database.write() as connection:
            connection.execute(delete(t.worker).where(t.worker.c.id == worker))

    def facts(self, now: datetime, *, without: str = "") -> Facts:
        """The figures of this moment; what the worker `without` saw last is left out. Raises StoreError."""
        with self._database.read() as connection:
            return Facts(
                sources=_sources(connection, now),
                pages=_pages(connection, now),
                hubs=_hubs(connection),
                buckets=_buckets(connection),
                worker_at=connection.execute(select(func.max(t.worker.c.at))).scalar(),
                disk_full=self.disk_full(),
                seen=_seen(connection, now, without),
            )

    def disk_full(self) -> float:
        """The share of the disk of an SQLite store that is used; 0 where it is not ours to know."""
        if self._database.file is None:
            return 0.0
        try:
            found = shutil.disk_usage(self._database.file.parent)
        except OSError:
            return 0.0  # the store itself says that it is gone
        return 1 - found.free / found.total if found.total else 0.0

    def settle(
        self, conditions: Sequence[Condition], channels: Sequence[str], now: datetime
    ) -> tuple[list[Notice], list[Notice]]:
        """Note what broke and what mended since the last call, for every channel; returns both.

        One transaction: a notice and its way to every channel stand there together or not at all.
        """
        with self._database.write() as connection:
            take_turn(connection)  # several may look at one moment
            n = t.notice.c
            lasting = {
                row.key: row for row in connection.execute(select(t.notice).where(n.mended_at.is_(None)))
            }
            current = {one.key: one for one in conditions}
            broke = [_open(connection, one, now) for key, one in current.items() if key not in lasting]
            broke += [
                _graver(connection, row, current[key])
                for key, row in lasting.items()
                if key in current and current[key].grave and not row.grave
            ]
            mended = [_close(connection, row, now) for key, row in lasting.items() if key not in current]
            rows = [
                {"notice": notice.no, "mended": over, "channel": channel, "next_due": now}
                for over, notices in ((False, broke), (True, mended))
                for notice in notices
                for channel in channels
            ]
            d = t.notice_delivery.c
            for row in rows:  # what is still on its way is told as it is now
                connection.execute(
                    delete(t.notice_delivery).where(
                        d.notice == row["notice"], d.mended == row["mended"], d.channel == row["channel"]
                    )
                )
            if rows:
                connection.execute(insert(t.notice_delivery), rows)
            connection.execute(delete(t.notice).where(n.mended_at < now - KEPT))
            return broke, mended

    def remember(self, notice: Notice, channels: Sequence[str], now: datetime) -> None:
        """Note a trouble that was told and is over; `channels` get its end. Raises StoreError."""
        names = ("kind", "subject", "code", "reason", "remedy", "since", "broke_at", "mended_at", "grave")
        values = {"key": f"{notice.kind}:{notice.subject}", **{name: getattr(notice, name) for name in names}}
        with self._database.write() as connection:
            row = connection.execute(insert(t.notice).values(values).returning(t.notice.c.no)).one()
            rows = [
                {"notice": row.no, "mended": True, "channel": channel, "next_due": now}
                for channel in channels
            ]
            if rows:
                connection.execute(insert(t.notice_delivery), rows)

    def notices(self, limit: int = 100) -> list[Notice]:
        """The newest notices, those that last first. Raises StoreError."""
        n = t.notice.c
        newest = func.coalesce(n.mended_at, n.broke_at).desc()
        with self._database.read() as connection:
            rows = connection.execute(
                select(t.notice).order_by(n.mended_at.is_(None).desc(), newest).limit(limit)
            )
            return [_notice(row) for row in rows]

    def due(self, now: datetime, limit: int = 20) -> list[Delivery]:
        """Notices that are to be sent now, the oldest first; nobody else gets them for a while.

        Raises StoreError.
        """
        d = t.notice_delivery.c
        with self._database.read() as connection:
            rows = connection.execute(
                select(t.notice, d.mended, d.channel, d.tries, d.next_due)
                .join(t.notice, t.notice.c.no == d.notice)
                .where(d.next_due <= now)
                .order_by(d.notice, d.mended)
                .limit(limit)
            ).all()
        found = [
            (Delivery(notice=_notice(row), mended=row.mended, channel=row.channel, tries=row.tries), row)
            for row in rows
        ]
        mine = []
        for one, row in found:
            with self._database.write() as connection:
                take = update(t.notice_delivery).where(_this(one), d.next_due == row.next_due)
                if connection.execute(take.values(next_due=now + TAKEN)).rowcount:
                    mine.append(one)
        return mine

    def taken(self, one: Delivery) -> None:
        """A channel took a notice. Raises StoreError."""
        with self._database.write() as connection:
            connection.execute(delete(t.notice_delivery).where(_this(one)))

    def refused(self, one: Delivery, error: str, now: datetime) -> None:
        """A channel did not take it: it is tried again, less and less often, for a day. Raises StoreError."""
        wait = min(FIRST_RETRY * 2 ** min(one.tries, 10), LAST_RETRY)
        begun = one.notice.mended_at if one.mended else one.notice.broke_at
        with self._database.write() as connection:
            if begun is not None and now - begun > GIVEN_UP:
                connection.execute(delete(t.notice_delivery).where(_this(one)))
            else:
                values = {"tries": one.tries + 1, "next_due": now + wait, "error": error}
                connection.execute(update(t.notice_delivery).where(_this(one)).values(values))


def _this(one: Delivery) -> Any:
    d = t.notice_delivery.c
    return and_(d.notice == one.notice.no, d.mended == one.mended, d.channel == one.channel)


def _sources(connection: Connection, now: datetime) -> tuple[SourceFacts, ...]:
    u, d, v = t.upstream.c, t.due.c, t.usual.c
    rows = connection.execute(
        select(
            u.name, u.failures, u.error_code, u.error_message, u.looked_at, u.good_at,
            d.host, d.active, d.next_due, d.not_before, d.lease_until, v.drift, v.reason, v.since,
            u.proposal.is_not(None).label("proposed"), u.instead_of,
        )
        .join(t.due, d.upstream == u.no)
        .outerjoin(t.usual, v.key == u.key)
        .where(u.kind != PAGE, u.paused_at.is_(None), or_(d.active, u.status == STOPPED))
        .order_by(u.name)
    )  # fmt: skip
    return tuple(
        SourceFacts(
            name=row.name,
            active=row.active,
            failures=row.failures,
            code=row.error_code,
            message=row.error_message,
            polled_at=row.looked_at,
            good_at=row.good_at,
            due=max(row.next_due, row.not_before),
            leased=row.lease_until > now,
            drift=row.drift or 0,
            drift_reason=row.reason or "",
            drift_since=row.since,
            proposed=row.proposed,
            instead_of=row.instead_of if row.active else "",
            host=row.host,
        )
        for row in rows
    )


def _pages(connection: Connection, now: datetime) -> tuple[PageFacts, ...]:
    """Hosts whose article pages failed lately, and how many did not."""
    u, d = t.upstream.c, t.due.c
    failing = u.failures > 0
    recent = and_(u.kind == PAGE, u.looked_at >= now - PAGES_SINCE)
    read = (
        select(d.host, func.max(u.looked_at).label("at"))
        .join(t.due, d.upstream == u.no)
        .where(recent, ~failing)
        .group_by(d.host)
        .subquery()
    )
    refused = and_(failing, u.error_code != Code.HTTP_GONE, or_(read.c.at.is_(None), u.looked_at > read.c.at))
    # when each began to fail: a page that is asked again and again was looked at just now
    begun = func.coalesce(u.good_at, t.article.c.first_seen, u.looked_at)
    counts = connection.execute(
        select(
            d.host,
            func.count().label("all"),
            func.count().filter(failing).label("failed"),
            func.count().filter(refused).label("refused"),
            func.min(begun).filter(failing).label("since"),
            func.max(read.c.at).label("read_at"),
            func.max(u.no).filter(failing).label("last"),
        )
        .join(t.due, d.upstream == u.no)
        .outerjoin(read, read.c.host == d.host)
        .outerjoin(t.article, t.article.c.no == u.article)
        .where(recent)
        .group_by(d.host)
        .having(func.count().filter(failing) > 0)
    ).all()
    numbers = [row.last for row in counts]
    said = {
        row.no: row
        for row in connection.execute(select(u.no, u.error_code, u.error_message).where(u.no.in_(numbers)))
    }
    v = t.usual.c
    odd = connection.execute(select(t.usual).where(v.key.like("pages:%"), v.drift > 0)).all()
    drifting = tuple(
        PageFacts(
            host=row.key.removeprefix("pages:"), read=0, failed=0, code="", message="", since=row.since,
            drift=row.drift, drift_reason=row.reason, drift_since=row.since,
        )
        for row in odd
    )  # fmt: skip
    return drifting + tuple(
        PageFacts(
            host=row.host,
            read=row.all - row.failed,
            failed=row.failed,
            code=said[row.last].error_code,
            message=said[row.last].error_message,
            since=max(row.since, row.read_at or row.since),
            refused=row.refused,
        )
        for row in counts
    )


def _hubs(connection: Connection) -> tuple[HubFacts, ...]:
    """Outside hubs that fail again and again."""
    p = t.ping.c
    rows = connection.execute(
        select(p.hub, func.max(p.tries).label("tries"), func.max(p.error).label("error"),
               func.min(func.coalesce(p.proven_at, p.sent_at, p.next_due)).label("since"))
        .where(p.error != "", p.tries >= HUB_TRIES)
        .group_by(p.hub)
    )  # fmt: skip
    return tuple(HubFacts(hub=row.hub, tries=row.tries, error=row.error, since=row.since) for row in rows)


def _buckets(connection: Connection) -> tuple[BucketFacts, ...]:
    """Object storages that fail again and again."""
    b = t.bucket.c
    rows = connection.execute(select(b.address, b.tries, b.error, b.since).where(b.tries >= HUB_TRIES))
    return tuple(
        BucketFacts(address=row.address, tries=row.tries, error=row.error, since=row.since) for row in rows
    )


def _seen(connection: Connection, now: datetime, without: str) -> tuple[Condition, ...]:
    """What is wrong around workers that live; what several see is one trouble, since the first saw it."""
    w = t.worker.c
    rows = connection.execute(
        select(w.sees).where(w.at >= now - SILENT, w.id != without, w.sees.is_not(None))
    ).scalars()
    found: dict[str, Condition] = {}
    for values in (one for sees in rows for one in sees):
        kind, since = Trouble(values["kind"]), datetime.fromisoformat(values["since"])
        one = Condition(**{**values, "kind": kind, "since": since})
        found[one.key] = min(one, found.get(one.key, one), key=lambda each: each.since)
    return tuple(found.values())


def _open(connection: Connection, one: Condition, now: datetime) -> Notice:
    values = {
        "key": one.key,
        "kind": one.kind,
        "subject": one.subject,
        "code": one.code,
        "reason": one.reason,
        "remedy": one.remedy,
        "since": one.since,
        "broke_at": now,
        "grave": one.grave,
    }
    return _notice(connection.execute(insert(t.notice).values(values).returning(t.notice)).one())


def _graver(connection: Connection, row: Row[Any], one: Condition) -> Notice:
    """What was amber is red now: it is told once more."""
    n = t.notice.c
    values = {"grave": True, "reason": one.reason, "remedy": one.remedy}
    return _notice(
        connection.execute(update(t.notice).where(n.no == row.no).values(values).returning(t.notice)).one()
    )


def _close(connection: Connection, row: Row[Any], now: datetime) -> Notice:
    n = t.notice.c
    over = update(t.notice).where(n.no == row.no).values(mended_at=now).returning(t.notice)
    return _notice(connection.execute(over).one())


def _notice(row: Row[Any]) -> Notice:
    return Notice(
        no=row.no,
        kind=Trouble(row.kind),
        subject=row.subject,
        code=row.code,
        reason=row.reason,
        remedy=row.remedy,
        since=row.since,
        broke_at=row.broke_at,
        mended_at=row.mended_at,
        grave=row.grave,
    )
