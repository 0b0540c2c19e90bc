"""Two articles that turn out to be one: what one has passes to the other."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, and_, delete, select, update

from feedsvc import urls
from feedsvc.model import Merge, State
from feedsvc.store import codec
from feedsvc.store import schema as t
from feedsvc.store.articles import search_index
from feedsvc.store.articles.corrections import keep_revision, next_updated
from feedsvc.store.articles.lists import kept_out, next_entered, touch_lists_of


def merge(connection: Connection, one: Merge, *, now: datetime, touched: dict[str, bool]) -> None:
    """Join two articles: names, statements and places of the one that goes pass to the one that stays."""
    goes, stays = one.goes, one.stays
    connection.execute(update(t.key).where(t.key.c.article == goes).values(article=stays))
    _move_statements(connection, goes, stays)
    touch_lists_of(connection, goes, touched, news=False)
    _move_places(connection, goes, stays, now, touched)
    _one_page(connection, goes, stays, one.story.url)
    c = t.article.c
    served = connection.execute(select(c.state).where(c.no == goes)).scalar_one() == State.LIVE
    connection.execute(
        update(t.article)
        .where(c.no == goes)
        .values(
            state=State.MERGED,
            merged_into=stays,
            ready=False,
            suspects=None,
            touched=now,
            withdrawn_at=now if served else None,  # readers had it: Atom tells that it went (RFC 6721)
        )
    )
    connection.execute(update(t.article).where(c.merged_into == goes).values(merged_into=stays))
    connection.execute(update(t.membership).where(t.membership.c.folded == goes).values(folded=None))
    search_index.mark(connection, [goes, stays])
    values: dict[str, object] = {
        "story": codec.pack(one.story),
        "digest": one.digest,
        "url": one.story.url,
        "title": one.story.title,
    }
    if one.visible:
        keep_revision(connection, stays, now)
        values["updated"] = moment = next_updated(connection, stays, now)
        values["touched"] = now
        connection.execute(update(t.membership).where(t.membership.c.article == stays).values(touched=moment))
    connection.execute(update(t.article).where(t.article.c.no == stays).values(values))
    touch_lists_of(connection, stays, touched, news=one.visible)


def _one_page(connection: Connection, goes: int, stays: int, url: str) -> None:
    """Of the pages of two articles that are one, that of its address is polled from now on.

    If neither is, the later one. The other is nobody's page any more.
    """
    u = t.upstream.c
    pages = connection.execute(
        select(u.no, u.url, u.article).where(u.article.in_([goes, stays])).order_by(u.article.desc())
    ).all()
    kept = next((row for row in pages if urls.key(row.url) == urls.key(url)), pages[0] if pages else None)
    for row in pages:
        mine = row is kept
        connection.execute(update(t.upstream).where(u.no == row.no).values(article=stays if mine else None))
        if not mine:
            connection.execute(update(t.due).where(t.due.c.upstream == row.no).values(active=False))


def _move_statements(connection: Connection, goes: int, stays: int) -> None:
    c = t.statement.c
    mine = {
        row.upstream: row.at for row in connection.execute(select(c.upstream, c.at).where(c.article == stays))
    }
    for row in connection.execute(select(c.upstream, c.at).where(c.article == goes)).all():
        newer = row.upstream not in mine or mine[row.upstream] <= row.at
        drop, keep = (stays, goes) if newer else (goes, stays)
        connection.execute(delete(t.statement).where(c.article == drop, c.upstream == row.upstream))
        if keep == goes:
            connection.execute(
                update(t.statement).where(c.article == goes, c.upstream == row.upstream).values(article=stays)
            )


def _move_places(
    connection: Connection, goes: int, stays: int, now: datetime, touched: dict[str, bool]
) -> None:
    m = t.membership.c
    mine = set(connection.execute(select(m.list).where(m.article == stays)).scalars())
    article = connection.execute(
        select(t.article.c.state, t.article.c.published).where(t.article.c.no == stays)
    ).one()
    live = article.state == State.LIVE
    for row in connection.execute(select(t.membership).where(m.article == goes)).all():
        here = and_(m.article == goes, m.list == row.list)
        if row.list in mine:
            # the list showed the newcomer where the old one had stood
            if not kept_out(connection, row.list, [stays]):
                connection.execute(
                    update(t.membership)
                    .where(m.article == stays, m.list == row.list)
                    .values(rank=row.rank, left_at=None)
                )
            connection.execute(delete(t.membership).where(here))
            continue
        values: dict[str, object] = {"article": stays, "live": live}
        if live:
            values |= {"published": article.published, "touched": now}
            if row.entered is None:
                values |= {"entered": next_entered(connection, row.list), "entered_at": now}
            touched[row.list] = touched.get(row.list, False) or not row.backfill
        connection.execute(update(t.membership).where(here).values(values))
