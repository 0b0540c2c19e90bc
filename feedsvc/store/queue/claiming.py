"""Which due units a worker takes: lists before pages, and of a foreign host one at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache, partial
from itertools import product
from typing import Any

from sqlalchemy import Row, Select, bindparam, not_, or_, select

from feedsvc.protocols import Claim, LaneName
from feedsvc.store import leases
from feedsvc.store import schema as t
from feedsvc.store.engine import Database
from feedsvc.store.many import among_given, given
from feedsvc.store.queue.units import PRIORITIES

LEASE = 120.0  #: seconds; the longest lease of a unit
SUSPECT = 2  #: workers in a row that died over a unit, after which it is done alone
MANY = 2**31 - 1  #: more than any unit costs
LOOK_AHEAD = 8  #: due rows looked at for each one claimed, so that one busy host does not hide the others …
LOOK_AHEAD_MOST = 200  #: … and no more than so many besides


class SqlClaims:
    """Holds due units. Any number of processes may claim from one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(
        self,
        limit: int,
        *,
        lane: LaneName | None = None,
        lease: float,
        now: datetime,
        blocked: Iterable[str],
        under_way: Iterable[int] = (),
        own_at_once: int = 4,
        suspects: bool = True,
        begins: bool = True,
    ) -> list[Claim]:
        """Up to `limit` due units of a lane (None: all), lists before pages, each held for `lease` seconds.

        `blocked` hosts are passed over, and upstreams that the caller has `under_way`: a clock that was set
        may have ended their leases. Of a foreign host at most one unit is taken, of an own one at most
        `own_at_once`. Of those that are suspect at most one is taken, and none without `suspects`: whoever
        dies over one while doing many things dies again over it alone. `begins`: the caller begins at once;
        who does not leaves that to `begin`.
        """
        sqlite = self._database.sqlite
        values = {
            **_now(now, lease),
            "rows": min(limit * LOOK_AHEAD, limit + LOOK_AHEAD_MOST),
            "lost": MANY if suspects else SUSPECT,
            "blocked": given(sqlite, blocked),
            "under_way": given(sqlite, under_way),
        }
        rows = leases.claim(
            self._database,
            t.due,
            *_ranges(sqlite, lane),
            values=values,
            now=now,
            seconds=lease,
            choose=partial(_choose, limit=limit, own_at_once=own_at_once, suspects=suspects),
            note={"lost": t.due.c.lost + 1} if begins else None,
        )
        return [_claim(row) for row in rows]

    def seize(self, upstream: int, *, lease: float, now: datetime) -> tuple[Claim, datetime] | None:
        """One upstream whether it is due or not, and when it is due; None while somebody else polls it."""
        c = t.due.c
        wanted = select(t.due).where(c.upstream == upstream, _is_free(), c.active)
        rows = leases.claim(self._database, t.due, wanted, values=_now(now, lease), now=now, seconds=lease)
        return (_claim(rows[0]), rows[0].next_due) if rows else None


@lru_cache
def _ranges(sqlite: bool, lane: LaneName | None) -> tuple[Select[Any], ...]:
    """The due units of a lane, those that come first first.

    One range of the index each: with nothing due it costs the same however many sources there are. Made once:
    building a statement costs as much as carrying it out.
    """
    c, now = t.due.c, bindparam("now", type_=t.UtcTime())
    owns = (True, False) if lane is None else (lane == "own",)
    found = []
    for priority, own in product(PRIORITIES, owns):
        wanted = select(t.due).where(
            c.active,
            c.priority == priority,
            c.own.is_(own),
            c.next_due <= now,
            c.not_before <= now,
            _is_free(),
            c.lost < bindparam("lost"),
            not_(among_given(sqlite, c.host, "blocked")),
            not_(among_given(sqlite, c.upstream, "under_way")),
        )
        if lane in ("quick", "slow"):
            failed = t.upstream.c.failures > 0 if lane == "slow" else t.upstream.c.failures == 0
            wanted = wanted.join(t.upstream, t.upstream.c.no == c.upstream).where(failed)
        found.append(wanted.order_by(c.next_due).limit(bindparam("rows")))
    return tuple(found)


def _is_free() -> Any:
    """Nobody holds it. A lease that ends later than any can was given out before the clock went back."""
    c = t.due.c
    now, never = bindparam("now", type_=t.UtcTime()), bindparam("never", type_=t.UtcTime())
    return or_(c.lease_until <= now, c.lease_until > never)


def _now(now: datetime, lease: float) -> dict[str, Any]:
    return {"now": now, "never": now + timedelta(seconds=2 * max(lease, LEASE))}


def _choose(found: Iterable[Row[Any]], *, limit: int, own_at_once: int, suspects: bool) -> list[Row[Any]]:
    """At most `limit` rows; of a foreign host one, of an own one `own_at_once`.

    At most one of them is suspect, without `suspects` none.
    """
    at_host: Counter[str] = Counter()
    chosen: list[Row[Any]] = []
    for row in found:
        suspect = row.lost >= SUSPECT
        if at_host[row.host] < (own_at_once if row.own else 1) and (suspects or not suspect):
            at_host[row.host] += 1
            suspects = suspects and not suspect
            chosen.append(row)
        if len(chosen) == limit:
            break
    return chosen


def _claim(row: Any) -> Claim:
    return Claim(
        upstream=row.upstream,
        token=row.token + 1,
        host=row.host,
        own=row.own,
        suspect=row.lost >= SUSPECT,
    )
