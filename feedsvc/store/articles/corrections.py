"""What readers saw is kept before it is replaced, and every change has a second of its own."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select

from feedsvc.store import schema as t
from feedsvc.store.articles.lists import free_moment


def keep_revision(connection: Connection, article: int, now: datetime) -> None:
    """What readers have seen until now, before it is replaced."""
    before = connection.execute(
        select(t.article.c.story, t.article.c.updated).where(t.article.c.no == article)
    ).one()
    number = connection.execute(
        select(func.coalesce(func.max(t.revision.c.number), 0)).where(t.revision.c.article == article)
    ).scalar_one()
    connection.execute(
        insert(t.revision).values(
            article=article, number=number + 1, at=before.updated or now, story=before.story
        )
    )


def next_updated(connection: Connection, article: int, now: datetime) -> datetime:
    """The moment that an article's `updated` moves to: free, and later than the last one.

    That may lie ahead of `now`: a source's clock may be fast, and two changes may fall into one second.
    """
    before = connection.execute(select(t.article.c.updated).where(t.article.c.no == article)).scalar_one()
    return free_moment(connection, now if before is None else max(now, before + timedelta(seconds=1)))
