"""The due table is the scheduler: what may be looked at, by whom, until when. Decision 2."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, bindparam, case, func, insert, literal, or_, select, update

from feedsvc import urls
from feedsvc.model import ReadingSpec, State, Upstream
from feedsvc.seams import Claim, Task
from feedsvc.store import schema as t
from feedsvc.store.engine import Database

PAGE = "article"  #: the kind of upstream that is one article's own page
LISTS_FIRST, OWN_PAGES, PAGES_LATER = 0, 1, 2  #: priorities
LOOK_AHEAD = 8  #: due rows looked at for each one claimed, so that one busy host does not hide the others
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
FURTHEST = timedelta(days=8)  #: no look is planned further ahead: a day, jitter, a week less an hour skipped
CLOCKS_DIFFER = timedelta(minutes=1)  #: of two machines, at most; more was another clock
AT_ONCE = 16  #: overdue foreign lists that may be looked at together
HERD = timedelta(minutes=10)  #: more are spread over this time
STOPPED = 410
MOVES = 3  #: equal permanent redirects after which the address that they lead to is asked instead


class SqlDueQueue:
    """Hands out units of work. Any number of processes may claim from one store."""

    def __init__(
        self,
        database: Database,
        upstreams: Sequence[Upstream],
        readings: Sequence[ReadingSpec],
        ranked: frozenset[str],
    ) -> None:
        self._database = database
        # what the configuration says of a source stays in memory: options may hold passwords
        self._upstreams = {one.key: one for one in upstreams}
        self._readings: dict[str, tuple[ReadingSpec, ...]] = {}
        for reading in readings:
            self._readings[reading.upstream] = (*self._readings.get(reading.upstream, ()), reading)
        self._ranked = ranked

    def claim(
        self, limit: int, *, lease: float, now: datetime, blocked: Iterable[str], own_at_once: int = 4
    ) -> list[Claim]:
        """Up to `limit` due units, lists before pages, each held for `lease` seconds.

        `blocked` hosts are passed over. Of a foreign host at most one unit is taken, of an own one at most
        `own_at_once`.
        """
        c = t.due.c
        # a lease that ends later than any can was given out before the clock went back
        free = or_(c.lease_until <= now, c.lease_until > now + timedelta(seconds=2 * lease))
        where = [c.active, c.next_due <= now, c.not_before <= now, free]
        hosts = list(blocked)
        if hosts:
            where.append(c.host.not_in(hosts))

        def take(connection: Connection) -> list[Claim]:
            rows = connection.execute(
                select(t.due)
                .where(*where)
                .order_by(c.priority, c.next_due)
                .limit(limit * LOOK_AHEAD)
                .with_for_update(skip_locked=True)
            ).all()
            taken: Counter[str] = Counter()
            claims: list[Claim] = []
            for row in rows:
                if len(claims) < limit and taken[row.host] < (own_at_once if row.own else 1):
                    taken[row.host] += 1
                    claims.append(
                        Claim(upstream=row.upstream, token=row.token + 1, host=row.host, own=row.own)
                    )
            if claims:
                connection.execute(
                    update(t.due)
                    .where(c.upstream.in_([claim.upstream for claim in claims]))
                    .values(token=c.token + 1, lease_until=now + timedelta(seconds=lease))
                )
            return claims

        return self._database.transact(take)

    def seize(self, upstream: int, *, lease: float, now: datetime) -> tuple[Claim, datetime] | None:
        """One upstream whether it is due or not, and when it is due; None while somebody else looks at it."""
        c = t.due.c
        mine = update(t.due).where(c.upstream == upstream, c.lease_until <= now, c.active)
        with self._database.write() as connection:
            row = connection.execute(
                mine.values(token=c.token + 1, lease_until=now + timedelta(seconds=lease)).returning(t.due)
            ).first()
        if row is None:
            return None
        return Claim(upstream=upstream, token=row.token, host=row.host, own=row.own), row.next_due

    def task(self, claim: Claim) -> Task | None:
        """Everything about the claimed upstream; None if the claim is no longer ours."""
        with self._database.read() as connection:
            row = connection.execute(
                select(
                    t.upstream,
                    t.article.c.published,
                    t.article.c.first_seen,
                    t.article.c.state,
                    t.following.c.streak,
                )
                .join(t.due, t.due.c.upstream == t.upstream.c.no)
                .outerjoin(t.article, t.article.c.no == t.upstream.c.article)
                .outerjoin(t.following, t.following.c.upstream == t.upstream.c.no)
                .where(t.upstream.c.no == claim.upstream, t.due.c.token == claim.token)
            ).first()
        if row is None:
            return None
        readings = self._readings.get(row.key, ())
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
            streak=row.streak or 0,
        )

    def release(self, claim: Claim, *, not_before: datetime) -> bool:
        """Give a unit back undone; False if it was no longer ours."""
        with self._database.write() as connection:
            return bool(
                connection.execute(
                    update(t.due).where(_held(claim)).values(lease_until=NEVER, next_due=not_before)
                ).rowcount
            )

    def foreign(self) -> list[tuple[Upstream, dict[str, Any] | None]]:
        """Every list on a foreign host that is looked at, with what is kept of its rhythm."""
        c = t.due.c
        with self._database.read() as connection:
            rows = connection.execute(
                select(t.upstream.c.key, t.upstream.c.rhythm)
                .join(t.due, c.upstream == t.upstream.c.no)
                .where(c.active, c.priority == LISTS_FIRST, c.own.is_(False))
            ).all()
        return [(self._upstreams[row.key], row.rhythm) for row in rows if row.key in self._upstreams]

    def resume(self, now: datetime) -> int:
        """After a pause, or with a clock that was set: nothing is due absurdly late, and not all at once.

        What was last looked at in the future was written by another clock: its interval counts from now. A
        due time beyond any interval is brought back within a day. Foreign lists that are overdue in numbers
        are spread, one a second, over ten minutes at most. Returns how many due times were changed.
        """
        c, looked_at = t.due.c, t.upstream.c.looked_at
        soon = now + CLOCKS_DIFFER
        with self._database.write() as connection:
            rows = connection.execute(
                select(c.upstream, c.next_due, c.not_before, looked_at)
                .join(t.upstream, t.upstream.c.no == c.upstream)
                .where(
                    c.active,
                    c.next_due > soon,
                    or_(looked_at.is_(None), looked_at > soon, c.next_due > now + FURTHEST),
                )
            ).all()
            moved = {row.upstream: _by_this_clock(row, now) for row in rows}
            moved = {r.upstream: moved[r.upstream] for r in rows if moved[r.upstream][0] != r.next_due}
            overdue = connection.execute(
                select(c.upstream, c.not_before)
                .where(c.active, c.own.is_(False), c.priority == LISTS_FIRST, c.next_due <= now)
                .order_by(c.next_due, c.upstream)
            )
            herd = list(overdue)
            if len(herd) > AT_ONCE:
                step = min(timedelta(seconds=1), HERD / len(herd))
                moved |= {row.upstream: (now + step * n, row.not_before) for n, row in enumerate(herd)}
            if moved:
                connection.execute(
                    update(t.due)
                    .where(c.upstream == bindparam("row"))
                    .values(
                        next_due=bindparam("due", type_=t.UtcTime()),
                        not_before=bindparam("held", type_=t.UtcTime()),
                    ),
                    [{"row": number, "due": due, "held": held} for number, (due, held) in moved.items()],
                )
            u = t.upstream.c
            ahead = select(c.upstream).where(
                c.active
            )  # once it is put right, it is not to be put right again
            connection.execute(
                update(t.upstream).where(u.looked_at > soon, u.no.in_(ahead)).values(looked_at=now)
            )
        return len(moved)

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
        """Whether any list (and, with `pages`, any article page) is due or being worked on."""
        c = t.due.c
        where = [c.active, or_(c.next_due <= now, c.lease_until > now)]
        if not pages:
            where.append(c.priority == LISTS_FIRST)
        with self._database.read() as connection:
            return connection.execute(select(c.upstream).where(*where).limit(1)).first() is not None

    def forget_leases(self) -> None:
        """End every lease: only for the one worker that knows that all others are dead."""
        with self._database.write() as connection:
            connection.execute(update(t.due).where(t.due.c.lease_until > NEVER).values(lease_until=NEVER))
            connection.execute(update(t.lease).values(until=NEVER))
            for table in (t.intent, t.delivery, t.ping, t.following):
                connection.execute(update(table).where(table.c.lease_until > NEVER).values(lease_until=NEVER))

    def sync(self, now: datetime) -> None:
        """Make the upstreams of the configuration known; those that left it rest. Due times stay."""
        wanted = self._upstreams
        with self._database.write() as connection:
            rows = {
                row.key: row
                for row in connection.execute(
                    select(
                        t.upstream.c.no, t.upstream.c.key, t.upstream.c.url, t.upstream.c.status, t.due.c.host
                    )
                    .join(t.due, t.due.c.upstream == t.upstream.c.no)
                    .where(t.upstream.c.kind != PAGE)
                )
            }
            for key, one in wanted.items():
                if key in rows:
                    _update(connection, rows[key], one)
                else:
                    add_upstream(connection, one, now, priority=LISTS_FIRST)
            gone = [row.no for key, row in rows.items() if key not in wanted]
            if gone:
                connection.execute(update(t.due).where(t.due.c.upstream.in_(gone)).values(active=False))
                # who writes it into the configuration again wants it looked at again
                stopped = and_(t.upstream.c.no.in_(gone), t.upstream.c.status == STOPPED)
                connection.execute(update(t.upstream).where(stopped).values(status=None))


def _by_this_clock(row: Any, now: datetime) -> tuple[datetime, datetime]:
    """(next look, not before) of what a clock planned that was ahead, or that went wrong altogether."""
    ahead = max(row.looked_at - now, timedelta()) if row.looked_at else timedelta()
    planned = row.next_due - ahead if row.looked_at else now
    held = max(NEVER, row.not_before - ahead)
    if planned > now + FURTHEST and held <= now + FURTHEST:
        planned = now + (planned - now) % DAY
    return max(planned, held), held


def add_upstream(
    connection: Connection, one: Upstream, due: datetime, *, priority: int, article: int | None = None
) -> int:
    """A new row of the due table, due at `due`; returns the upstream's number."""
    number = connection.execute(
        insert(t.upstream)
        .values(key=one.key, name=one.name, kind=one.kind, url=one.url, spec=_spec(one), article=article)
        .returning(t.upstream.c.no)
    ).scalar_one()
    connection.execute(
        insert(t.due).values(
            upstream=number,
            host=urls.host(one.url),
            own=one.own,
            priority=priority,
            next_due=due,
            not_before=_host_holds(connection, urls.host(one.url)),
            lease_until=NEVER,
        )
    )
    return int(number)


def _host_holds(connection: Connection, host: str) -> datetime:
    """Until when a host asked to be left alone: that holds for what is found only now, too."""
    c = t.due.c
    return connection.execute(select(func.max(c.not_before)).where(c.host == host)).scalar() or NEVER


def add_pages(connection: Connection, pages: Sequence[tuple[int, Upstream, int]], now: datetime) -> None:
    """Rows for article pages: (article, its page, order in the list); the newest is due first."""
    for article, one, order in pages:
        exists = select(t.upstream.c.no).where(t.upstream.c.key == one.key)
        if connection.execute(exists).first() is None:
            due = now - timedelta(seconds=1) + timedelta(microseconds=order)
            priority = OWN_PAGES if one.own else PAGES_LATER
            add_upstream(connection, one, due, priority=priority, article=article)


def hurry_pages(connection: Connection, articles: Sequence[int], now: datetime) -> None:
    """Have the pages of some articles looked at as soon as their hosts allow; also those that rest."""
    if articles:
        d = t.due.c
        numbers = select(t.upstream.c.no).where(t.upstream.c.article.in_(articles))
        connection.execute(
            update(t.due)
            .where(d.upstream.in_(numbers), d.not_before <= now, or_(d.next_due > now, ~d.active))
            .values(next_due=now, active=True)
        )


def readdress(connection: Connection, upstream: int, article: int) -> str | None:
    """Have an article's page looked for under the address that the article has now.

    Returns that address (its host is noted, the rest is the caller's to write), None if it is the same one.
    """
    row = connection.execute(
        select(t.upstream.c.url, t.article.c.url.label("known"))
        .join(t.article, t.article.c.no == t.upstream.c.article)
        .where(t.upstream.c.no == upstream, t.article.c.no == article)
    ).first()
    if row is None or not row.known or urls.key(row.known) == urls.key(row.url):
        return None
    connection.execute(update(t.due).where(t.due.c.upstream == upstream).values(host=urls.host(row.known)))
    return str(row.known)


def finish(
    connection: Connection,
    claim: Claim,
    *,
    next_due: datetime | None,
    not_before: datetime | None,
    values: dict[str, Any],
) -> bool:
    """Write the end of a unit: its next look and what is known of the upstream now.

    False (and nothing written) if the claim is no longer ours: the caller rolls back. `next_due` None: no
    further look is planned.
    """
    due: dict[str, Any] = {"lease_until": NEVER}
    if next_due is None:
        due["active"] = False
    else:
        due["next_due"] = next_due
    if not_before is not None:
        later = t.due.c.not_before > not_before  # another unit of the host was told to wait longer
        due["not_before"] = case((later, t.due.c.not_before), else_=literal(not_before, t.UtcTime()))
    if not connection.execute(update(t.due).where(_held(claim)).values(due)).rowcount:
        return False
    connection.execute(update(t.upstream).where(t.upstream.c.no == claim.upstream).values(values))
    return True


def hold_host(connection: Connection, host: str, until: datetime) -> None:
    """A host asked to wait: none of its units is due before `until` (429 and 503 speak for the host)."""
    c = t.due.c
    connection.execute(update(t.due).where(c.host == host, c.not_before < until).values(not_before=until))
    connection.execute(update(t.due).where(c.host == host, c.next_due < until).values(next_due=until))


def go_to(connection: Connection, claim: Claim, url: str) -> None:
    """The unit asks another host from now on."""
    connection.execute(update(t.due).where(t.due.c.upstream == claim.upstream).values(host=urls.host(url)))


def go_back(connection: Connection, claim: Claim) -> None:
    """The unit asks its configured address again."""
    configured = select(t.upstream.c.url).where(t.upstream.c.no == claim.upstream)
    go_to(connection, claim, connection.execute(configured).scalar_one())


def _held(claim: Claim) -> Any:
    return and_(t.due.c.upstream == claim.upstream, t.due.c.token == claim.token)


def _spec(one: Upstream) -> dict[str, Any]:
    return {"every": one.every, "language": one.language, "zone": one.zone.key}


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


def _update(connection: Connection, row: Any, one: Upstream) -> None:
    elsewhere = row.url != one.url
    values: dict[str, Any] = {"name": one.name, "kind": one.kind, "url": one.url, "spec": _spec(one)}
    if elsewhere:
        values |= {"moved": "", "moved_times": 0, "status": None}
    connection.execute(update(t.upstream).where(t.upstream.c.no == row.no).values(values))
    # gone for good is not asked again because we were started again, only under another address
    active = elsewhere or one.own or row.status != STOPPED
    connection.execute(
        update(t.due)
        .where(t.due.c.upstream == row.no)
        .values(host=urls.host(one.url) if elsewhere else row.host, own=one.own, active=active)
    )
