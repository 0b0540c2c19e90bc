"""The due table is the scheduler: what may be polled, by whom, until when. Decision 2."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, bindparam, case, or_, select, tuple_, update

from feedsvc import urls
from feedsvc.model import ReadingSpec, State, Upstream
from feedsvc.protocols import Claim, Task
from feedsvc.store import leases
from feedsvc.store import schema as t
from feedsvc.store.engine import Database, retry_races
from feedsvc.store.leases import NEVER
from feedsvc.store.queue import claiming, clocks
from feedsvc.store.queue.operating import reading_of
from feedsvc.store.queue.units import (
    LISTS_FIRST,
    MOVES,
    PAGE,
    STOPPED,
    add_upstream,
    held,
    spec_of,
)

#: Everything about a claimed upstream. Made once: building it costs as much as carrying it out.
_TASK = (
    select(
        t.upstream,
        t.article.c.published,
        t.article.c.first_seen,
        t.article.c.state,
        t.following.c.streak,
        t.due.c.lost,
        t.usual.c.drift,
    )
    .join(t.due, t.due.c.upstream == t.upstream.c.no)
    .outerjoin(t.article, t.article.c.no == t.upstream.c.article)
    .outerjoin(t.following, t.following.c.upstream == t.upstream.c.no)
    .outerjoin(t.usual, t.usual.c.key == t.upstream.c.key)
    .where(t.upstream.c.no == bindparam("of"), t.due.c.token == bindparam("held_with"))
)
#: A unit that was given back: its beginning did not count.
NOT_BEGUN: dict[str, Any] = {
    "lease_until": NEVER,
    "lost": case((t.due.c.lost > 0, t.due.c.lost - 1), else_=0),
}


class SqlDueQueue(claiming.SqlClaims):
    """Hands out units of work, and takes them back."""

    def __init__(
        self,
        database: Database,
        upstreams: Sequence[Upstream],
        readings: Sequence[ReadingSpec],
        ranked: frozenset[str],
    ) -> None:
        super().__init__(database)
        # what the configuration says of a source stays in memory: options may hold passwords
        self._upstreams = {one.key: one for one in upstreams}
        self._readings: dict[str, tuple[ReadingSpec, ...]] = {}
        for reading in readings:
            self._readings[reading.upstream] = (*self._readings.get(reading.upstream, ()), reading)
        self._ranked = ranked

    def renew(self, claims: Iterable[Claim], *, lease: float, now: datetime) -> None:
        """Hold units for `lease` seconds from now on: whoever does them lives."""
        c = t.due.c
        keys = [(claim.upstream, claim.token) for claim in claims]
        until = now + timedelta(seconds=lease)
        with self._database.write() as connection:
            connection.execute(
                update(t.due)
                .where(tuple_(c.upstream, c.token).in_(keys), c.lease_until > NEVER)
                .values(lease_until=until)
            )

    def begin(self, upstream: int, token: int) -> Claim | None:
        """Begin a unit that somebody else claimed and handed over by number; None if that no longer holds."""
        c = t.due.c
        with self._database.write() as connection:
            begun = update(t.due).where(c.upstream == upstream, c.token == token).values(lost=c.lost + 1)
            row = connection.execute(begun.returning(c.host, c.own)).first()
        return None if row is None else Claim(upstream=upstream, token=token, host=row.host, own=row.own)

    def overdue(self, since: datetime) -> bool:
        """Whether anything that may be polled has been due since then, and nobody holds it."""
        c = t.due.c
        wanted = select(c.upstream).where(
            c.active, c.next_due < since, c.not_before < since, c.lease_until < since
        )
        with self._database.read() as connection:
            return connection.execute(wanted.limit(1)).first() is not None

    def task(self, claim: Claim) -> Task | None:
        """Everything about the claimed upstream; None if the claim is no longer ours."""
        with self._database.read() as connection:
            row = connection.execute(_TASK, {"of": claim.upstream, "held_with": claim.token}).first()
        if row is None:
            return None
        readings = tuple(reading_of(one, row.instead) for one in self._readings.get(row.key, ()))
        upstream = self._upstreams.get(row.key) or _upstream(row, claim.own)
        if row.moved_times >= MOVES and urls.may_move(upstream.url, row.moved):
            upstream = replace(upstream, url=row.moved)
        return Task(
            claim=claim,
            upstream=upstream,
            readings=readings,
            lists={reading.list: reading.list in self._ranked for reading in readings},
            article=row.article,
            etag=row.etag,
            last_modified=row.last_modified,
            validators_url=row.validators_url,
            body_hash=row.body_hash,
            read_as=row.read_as,
            failures=row.failures,
            attempts=row.attempts,
            complete=row.complete,
            last_change=row.changed_at,
            born=row.published or row.first_seen,
            gone_times=row.gone_times,
            gone_since=row.gone_since,
            withdrawn=row.state == State.WITHDRAWN,
            cursor=row.cursor,
            importing=row.importing,
            moved=row.moved,
            moved_times=row.moved_times,
            rhythm=row.rhythm,
            traces=row.traces,
            instead=row.instead,
            drift=row.drift or 0,
            streak=row.streak or 0,
            polled_at=row.looked_at,
            lost=max(0, row.lost - 1),  # without this beginning
        )

    def release(self, claim: Claim, *, not_before: datetime, begun: bool = True) -> bool:
        """Give a unit back undone, which was `begun` or not; False if it was no longer ours."""
        values = NOT_BEGUN if begun else {"lease_until": NEVER}
        with self._database.write() as connection:
            back = update(t.due).where(held(claim)).values(next_due=not_before, **values)
            return bool(connection.execute(back).rowcount)

    def foreign(self) -> list[tuple[Upstream, dict[str, Any] | None]]:
        """Every list on a foreign host that is polled, with what is kept of its rhythm."""
        c = t.due.c
        with self._database.read() as connection:
            rows = connection.execute(
                select(t.upstream.c.key, t.upstream.c.rhythm)
                .join(t.due, c.upstream == t.upstream.c.no)
                .where(c.active, c.priority == LISTS_FIRST, c.own.is_(False))
            ).all()
        return [(self._upstreams[row.key], row.rhythm) for row in rows if row.key in self._upstreams]

    def resume(self, now: datetime, *, step: timedelta = timedelta()) -> int:
        """After a pause, or with a clock that was set: put due times right; returns how many were changed.

        `step`: by how much this process saw its clock being set.
        """
        with self._database.write() as connection:
            return clocks.put_right(connection, now, step)

    def postpone(self, claim: Claim, until: datetime) -> None:
        """Give a unit back that its host asked to wait; it keeps its turn among those that are due."""
        with self._database.write() as connection:
            connection.execute(update(t.due).where(held(claim)).values(not_before=until, **NOT_BEGUN))

    def hurry(self, now: datetime) -> int:
        """Make every list due now, except where its host asked to wait; returns how many."""
        c = t.due.c
        with self._database.write() as connection:
            return connection.execute(
                update(t.due)
                .where(c.active, c.priority == LISTS_FIRST, c.not_before <= now)
                .values(next_due=now)
            ).rowcount

    def outstanding(self, now: datetime, *, pages: bool) -> bool:
        """Whether any list (and, with `pages`, any article page) can be polled now or is being worked on.

        What is due at a host that asked to wait is not: nobody will take it up before that is over.
        """
        c = t.due.c
        where = [c.active, or_(and_(c.next_due <= now, c.not_before <= now), c.lease_until > now)]
        if not pages:
            where.append(c.priority == LISTS_FIRST)
        with self._database.read() as connection:
            return connection.execute(select(c.upstream).where(*where).limit(1)).first() is not None

    def forget_leases(self) -> None:
        """End every lease: only for the one worker that knows that all others are dead."""
        with self._database.write() as connection:
            leases.forget_all(connection)

    @retry_races
    def sync(self, now: datetime) -> None:
        """Make the upstreams of the configuration known; those that left it rest. Due times stay.

        Another worker may start at the same moment: who comes second finds what the first one wrote.
        """
        wanted = self._upstreams
        with self._database.write() as connection:
            rows = {
                row.key: row
                for row in connection.execute(
                    select(
                        t.upstream.c.no,
                        t.upstream.c.key,
                        t.upstream.c.url,
                        t.upstream.c.status,
                        t.upstream.c.paused_at,
                        t.due.c.host,
                        t.due.c.active,
                    )
                    .join(t.due, t.due.c.upstream == t.upstream.c.no)
                    .where(t.upstream.c.kind != PAGE)
                )
            }
            for key, upstream in wanted.items():
                if key in rows:
                    _update(connection, rows[key], upstream)
                else:
                    add_upstream(connection, upstream, now, priority=LISTS_FIRST)
            gone = [row.no for key, row in rows.items() if key not in wanted]
            if gone:
                connection.execute(update(t.due).where(t.due.c.upstream.in_(gone)).values(active=False))
                connection.execute(update(t.upstream).where(t.upstream.c.no.in_(gone)).values(instead_of=""))
                # who writes it into the configuration again wants it polled again
                stopped = and_(t.upstream.c.no.in_(gone), t.upstream.c.status == STOPPED)
                connection.execute(update(t.upstream).where(stopped).values(status=None))


def _upstream(row: Any, own: bool) -> Upstream:
    spec = row.spec
    return Upstream(
        key=row.key,
        name=row.name,
        kind=row.kind,
        url=row.url,
        own=own,
        every=spec["every"],
        language=spec["language"],
        zone=ZoneInfo(spec["zone"]),
    )


def _update(connection: Connection, row: Any, upstream: Upstream) -> None:
    elsewhere = row.url != upstream.url
    values: dict[str, Any] = {
        "name": upstream.name,
        "kind": upstream.kind,
        "url": upstream.url,
        "instead_of": upstream.instead_of,
        "spec": spec_of(upstream),
    }
    if elsewhere:
        values |= {"moved": "", "moved_times": 0, "status": None}
    connection.execute(update(t.upstream).where(t.upstream.c.no == row.no).values(values))
    # gone for good is not asked again because we were started again, only under another address
    active = row.paused_at is None and (elsewhere or upstream.own or row.status != STOPPED)
    if upstream.rung:
        active = active and row.active  # a rung that rests goes on resting
    connection.execute(
        update(t.due)
        .where(t.due.c.upstream == row.no)
        .values(host=urls.host(upstream.url) if elsewhere else row.host, own=upstream.own, active=active)
    )
