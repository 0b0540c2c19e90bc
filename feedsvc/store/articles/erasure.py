"""The texts of an article are removed for ever; its id and its names stay."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select, update

from feedsvc.model import Story
from feedsvc.store import codec
from feedsvc.store import schema as t
from feedsvc.store.articles import search_index


def erase(connection: Connection, article: int) -> None:
    """Remove every text of an article; no reading takes its text down again.

    The kept bytes of all that ever spoke of it go as well, of its page, of lists and of feeds; the next poll
    keeps what those show then.
    """
    u, a, answered = t.upstream.c, t.article.c, t.idempotency.c.answer
    identity = connection.execute(select(a.id).where(a.no == article)).scalar()
    spoke = select(t.statement.c.upstream).where(t.statement.c.article == article)
    heard = list(connection.execute(select(u.no).where(u.no.in_(spoke))).scalars())
    erase_texts(connection, [article])
    connection.execute(delete(t.body).where(t.body.c.upstream.in_(heard)))
    connection.execute(update(t.upstream).where(u.no.in_(heard)).values(body_hash=b"", etag=""))
    pages = select(u.no).where(u.article == article)
    connection.execute(update(t.due).where(t.due.c.upstream.in_(pages)).values(active=False))
    connection.execute(update(t.article).where(a.no == article).values(erased=True, url=""))
    if identity:
        connection.execute(delete(t.idempotency).where(answered.contains(identity, autoescape=True)))


def erase_texts(connection: Connection, numbers: Sequence[int]) -> None:
    """Remove what was said of some articles, their versions, entries, words, and the bytes of their pages."""
    for table in (t.statement, t.revision, t.hand, t.fragment, t.reindex):
        connection.execute(delete(table).where(table.c.article.in_(numbers)))
    search_index.drop(connection, numbers)
    pages = select(t.upstream.c.no).where(t.upstream.c.article.in_(numbers))
    connection.execute(delete(t.body).where(t.body.c.upstream.in_(pages)))
    connection.execute(
        update(t.article)
        .where(t.article.c.no.in_(numbers))
        .values(story=codec.pack(Story()), digest=b"", title="")
    )
