"""The rows of the due table: one for each upstream, from its first poll to its last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from feedsvc import urls
from feedsvc.model import Upstream
from feedsvc.protocols import Claim
from feedsvc.store import schema as t
from feedsvc.store.leases import NEVER

PAGE = "article"  #: the kind of upstream that is one article's own page
LISTS_FIRST, OWN_PAGES, PAGES_LATER = PRIORITIES = 0, 1, 2
STOPPED = 410
# Made once: each poll needs them, and building a statement costs as much as carrying it out.
_END = update(t.due).where(t.due.c.upstream == bindparam("of"), t.due.c.token == bindparam("held_with"))
_LEARN = update(t.upstream).where(t.upstream.c.no == bindparam("of"))
MOVES = 3  #: equal permanent redirects after which the address that they lead to is asked instead


def add_upstream(
    connection: Connection, upstream: Upstream, due: datetime, *, priority: int, article: int | None = None
) -> int:
    """A new row of the due table, due at `due`; returns the upstream's number."""
    number = connection.execute(
        insert(t.upstream)
        .values(
            key=upstream.key,
            name=upstream.name,
            kind=upstream.kind,
            url=upstream.url,
            instead_of=upstream.instead_of,
            spec=spec_of(upstream),
            article=article,
        )
        .returning(t.upstream.c.no)
    ).scalar_one()
    connection.execute(
        insert(t.due).values(
            upstream=number,
            host=urls.host(upstream.url),
            own=upstream.own,
            priority=priority,
            next_due=due,
            not_before=_host_holds(connection, urls.host(upstream.url)),
            active=not upstream.rung,  # see store.queue.ladders
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
    for article, page, order in pages:
        exists = select(t.upstream.c.no).where(t.upstream.c.key == page.key)
        if connection.execute(exists).first() is None:
            due = now - timedelta(seconds=1) + timedelta(microseconds=order)
            priority = OWN_PAGES if page.own else PAGES_LATER
            add_upstream(connection, page, due, priority=priority, article=article)


def grant_own(connection: Connection, addresses: Sequence[str], now: datetime) -> None:
    """Pages that foreign content named first, and an own source names now: they are read as its own."""
    if addresses:
        d = t.due.c
        pages = select(t.upstream.c.no).where(
            t.upstream.c.article.is_not(None), t.upstream.c.url.in_(addresses)
        )
        connection.execute(
            update(t.due)
            .where(d.own.is_(False), d.upstream.in_(pages))
            .values(own=True, priority=OWN_PAGES, next_due=now, not_before=NEVER, active=True)
        )


def hurry_pages(connection: Connection, articles: Sequence[int], now: datetime) -> None:
    """Have the pages of some articles polled as soon as their hosts allow; also those that rest."""
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
    lost: int = 0,
) -> bool:
    """Write the end of a unit: its next poll, what is known of the upstream now, and workers that it cost.

    False (and nothing written) if the claim is no longer ours: the caller rolls back. `next_due` None: no
    further poll is planned.
    """
    due: dict[str, Any] = {"lease_until": NEVER, "lost": lost}
    if next_due is None:
        due["active"] = False
    else:
        due["next_due"] = next_due
    ended = _END
    if not_before is not None:
        later = t.due.c.not_before > not_before  # the host asked another unit to wait longer
        ended = ended.values(
            not_before=case((later, t.due.c.not_before), else_=literal(not_before, t.UtcTime()))
        )
    if not connection.execute(ended, {**due, "of": claim.upstream, "held_with": claim.token}).rowcount:
        return False
    connection.execute(_LEARN, {**values, "of": claim.upstream})
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


def held(claim: Claim) -> Any:
    """The row of a claim, as long as the claim is ours."""
    return and_(t.due.c.upstream == claim.upstream, t.due.c.token == claim.token)


def spec_of(upstream: Upstream) -> dict[str, Any]:
    """What the row of an upstream says of it besides its columns."""
    return {"every": upstream.every, "language": upstream.language, "zone": upstream.zone.key}


def resting() -> ColumnElement[bool]:
    """Of a source and its due row: whether it is a later rung of a ladder that nobody needs now."""
    u = t.upstream.c
    is_stopped = func.coalesce(u.status, 0) == STOPPED
    return and_(~t.due.c.active, u.instead_of != "", u.paused_at.is_(None), ~is_stopped)
