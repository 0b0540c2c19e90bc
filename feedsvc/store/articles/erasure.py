"""The texts of an article are removed for ever; its id and its names stay."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select, update

from feedsvc.model import Story
from feedsvc.store import codec
from feedsvc.store import schema as t
from feedsvc.store.articles import facets


def erase_texts(connection: Connection, numbers: Sequence[int]) -> None:
    """Remove what was said of some articles, their versions, entries, words, and the bytes of their pages."""
    for table in (t.statement, t.revision, t.hand, t.fragment, t.reindex):
        connection.execute(delete(table).where(table.c.article.in_(numbers)))
    facets.drop(connection, numbers)
    pages = select(t.upstream.c.no).where(t.upstream.c.article.in_(numbers))
    connection.execute(delete(t.body).where(t.body.c.upstream.in_(pages)))
    connection.execute(
        update(t.article)
        .where(t.article.c.no.in_(numbers))
        .values(story=codec.pack(Story()), digest=b"", title="")
    )
