"""Due times after a pause, or after a clock was set."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, case, delete, or_, select, type_coerce, update

from feedsvc.store import schema as t
from feedsvc.store.leases import NEVER
from feedsvc.store.queue.units import LISTS_FIRST

DAY = timedelta(days=1)
FURTHEST = timedelta(days=8)  #: no poll is planned further ahead: a day, jitter, a week less an hour skipped
CLOCKS_DIFFER = timedelta(minutes=1)  #: of two machines, at most; more was another clock
LONGEST_LEASE = timedelta(minutes=5)
LONGEST_WAIT = timedelta(days=8)  #: of outgoing work that is tried again
AWAKE = timedelta(minutes=1)  #: what became due since then would not have waited: new sources, above all
AT_ONCE = 16  #: overdue foreign lists that may be polled together
HERD = timedelta(minutes=10)  #: more are spread over this time


def put_right(connection: Connection, now: datetime, step: timedelta = timedelta()) -> int:
    """After a pause, or with a clock that was set: nothing is due absurdly late, and not all at once.

    `step`: by how much the clock of this process was set. Where that was back, whatever was done in the
    future was done by it.

    What was last polled in the future was written by another clock: its interval counts from now. A
    due time beyond any interval is brought back within a day. Foreign lists that are overdue in numbers
    are spread, one a second, over ten minutes at most; those that were never polled are no herd: they wait
    for their first turn, whoever starts meanwhile. Returns how many due times were changed.
    """
    c, looked_at = t.due.c, t.upstream.c.looked_at
    soon = now if step < timedelta() else now + CLOCKS_DIFFER
    if step < timedelta():
        _put_right_work(connection, now, step)
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
        .join(t.upstream, t.upstream.c.no == c.upstream)
        .where(
            c.active,
            c.own.is_(False),
            c.priority == LISTS_FIRST,
            c.next_due < now - AWAKE,
            looked_at.is_not(None),
        )
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
    ahead = select(c.upstream).where(c.active)
    # once it is put right, it is not to be put right again
    connection.execute(update(t.upstream).where(u.looked_at > soon, u.no.in_(ahead)).values(looked_at=now))
    return len(moved)


def _put_right_work(connection: Connection, now: datetime, step: timedelta) -> None:
    """What was held or put off by the clock that went ahead: outgoing work waits as long as it would have."""
    # web processes that live say so within a second; those that died would seem to live
    connection.execute(delete(t.heartbeat))
    microseconds = step // timedelta(microseconds=1)
    for table in (t.intent, t.delivery, t.ping, t.following):
        c = table.c
        connection.execute(update(table).where(c.lease_until > now + LONGEST_LEASE).values(lease_until=NEVER))
        ahead = type_coerce(type_coerce(c.next_due, BigInteger) + microseconds, t.UtcTime())
        due = case((c.next_due > now + LONGEST_WAIT - step, now), (ahead < now, now), else_=ahead)
        connection.execute(update(table).where(c.next_due > now).values(next_due=due))


def _by_this_clock(row: Any, now: datetime) -> tuple[datetime, datetime]:
    """(next poll, not before) of what a clock planned that was ahead, or that went wrong altogether."""
    ahead = max(row.looked_at - now, timedelta()) if row.looked_at else timedelta()
    planned = row.next_due - ahead if row.looked_at else now
    held = max(NEVER, row.not_before - ahead)
    if planned > now + FURTHEST and held <= now + FURTHEST:
        planned = now + (planned - now) % DAY
    return max(planned, held), held
