"""Tags, reporters and words of articles: indexed in the background, a moment after they changed."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, text, update

from feedsvc.model import State, Story
from feedsvc.store import codec
from feedsvc.store import schema as t
from feedsvc.store.engine import Database

AT_ONCE = 200
MAX_TEXT = 100_000  #: characters of a body that are indexed
_MARKUP = re.compile(r"<[^>]*>")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def mark(connection: Connection, articles: Iterable[int]) -> None:
    """Have some articles indexed anew."""
    wanted = sorted(set(articles))
    if wanted:
        known = set(
            connection.execute(select(t.reindex.c.article).where(t.reindex.c.article.in_(wanted))).scalars()
        )
        fresh = [{"article": number} for number in wanted if number not in known]
        if fresh:
            connection.execute(insert(t.reindex), fresh)


def mark_new(connection: Connection, articles: Sequence[int]) -> None:
    """The same for articles that nobody can have marked yet."""
    if articles:
        connection.execute(insert(t.reindex), [{"article": number} for number in articles])


class SqlIndexer:
    """Keeps tags, reporters and the words of articles findable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def run(self, limit: int = AT_ONCE) -> int:
        """Index up to `limit` marked articles; returns how many."""
        with self._database.read() as connection:
            if connection.execute(select(t.reindex.c.article).limit(1)).first() is None:
                return 0
        return self._database.transact(lambda found: self._index(found, limit))

    def _index(self, connection: Connection, limit: int) -> int:
        r = t.reindex.c
        marked = connection.execute(
            select(r.article).order_by(r.article).limit(limit).with_for_update(skip_locked=True)
        )
        numbers = list(marked.scalars())
        if not numbers:
            return 0
        before = drop(connection, numbers)
        a = t.article.c
        rows = connection.execute(
            select(a.no, a.state, a.published, a.story).where(a.no.in_(numbers), a.state == State.LIVE)
        ).all()
        touched = set(before)
        for row in rows:
            story = codec.story(row.story)
            touched |= self._facets(connection, row.no, story, row.published)
            self._words(connection, row.no, story)
        _count(connection, touched)
        connection.execute(delete(t.reindex).where(r.article.in_(numbers)))
        return len(numbers)

    def _facets(
        self, connection: Connection, number: int, story: Story, published: datetime
    ) -> set[tuple[str, str]]:
        found = set()
        for kind, names in (("tag", story.tags), ("author", story.authors)):
            for name in names:
                slug = _slug_of(connection, kind, name)
                if slug and (kind, slug) not in found:
                    found.add((kind, slug))
                    connection.execute(
                        insert(t.facet).values(kind=kind, slug=slug, article=number, published=published)
                    )
        return found

    def _words(self, connection: Connection, number: int, story: Story) -> None:
        body = html.unescape(_MARKUP.sub(" ", story.content))[:MAX_TEXT]
        values = {
            "number": number,
            "title": story.title,
            "body": f"{story.summary} {body}",
            "names": " ".join((*story.authors, *story.tags)),
        }
        if self._database.sqlite:
            statement = (
                "INSERT INTO search (rowid, title, body, names) VALUES (:number, :title, :body, :names)"
            )
        else:
            statement = (
                "INSERT INTO search (article, document) VALUES (:number, "
                "setweight(to_tsvector('simple', :title), 'A') || "
                "setweight(to_tsvector('simple', :names), 'B') || to_tsvector('simple', :body))"
            )
        connection.execute(text(statement), {name: _legal(value) for name, value in values.items()})


def drop(connection: Connection, numbers: Sequence[int]) -> set[tuple[str, str]]:
    """Make some articles unfindable; returns the (kind, slug) of the tags and reporters that they had."""
    f = t.facet.c
    rows = connection.execute(select(f.kind, f.slug).where(f.article.in_(numbers))).all()
    connection.execute(delete(t.facet).where(f.article.in_(numbers)))
    marks = ", ".join(str(int(number)) for number in numbers)
    column = "rowid" if connection.dialect.name == "sqlite" else "article"
    connection.execute(text(f"DELETE FROM search WHERE {column} IN ({marks})"))  # noqa: S608 - numbers
    touched = {(row.kind, row.slug) for row in rows}
    _count(connection, touched)
    return touched


def _count(connection: Connection, touched: set[tuple[str, str]]) -> None:
    f, n = t.facet.c, t.facet_name.c
    for kind, slug in touched:
        count = select(func.count()).where(f.kind == kind, f.slug == slug).scalar_subquery()
        connection.execute(update(t.facet_name).where(n.kind == kind, n.slug == slug).values(articles=count))


def _legal(value: object) -> object:
    return value.replace("\0", "") if isinstance(value, str) else value


def fold_name(name: str) -> str:
    """What spellings of one name share: case, accents and white space do not count."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())[:200]


def slugify(name: str) -> str:
    """A slug for a name: a-z, 0-9 and '-'; for names in other scripts, a hash of it."""
    slug = _NOT_SLUG.sub("-", fold_name(name)).strip("-")[:56].strip("-")
    if len(slug) * 2 < len(name.strip()):
        slug = "n" + hashlib.blake2b(fold_name(name).encode(), digest_size=6).hexdigest()
    return slug


def _slug_of(connection: Connection, kind: str, name: str) -> str:
    """The slug of a tag or reporter; given once, and kept."""
    n = t.facet_name.c
    folded = fold_name(name)
    if not folded:
        return ""
    known = connection.execute(select(n.slug).where(n.kind == kind, n.folded == folded)).scalar()
    if known is not None:
        return str(known)
    wish = slugify(name)
    slug, count = wish, 1
    while connection.execute(select(n.name).where(n.kind == kind, n.slug == slug)).first() is not None:
        count += 1
        slug = f"{wish}-{count}"
    connection.execute(insert(t.facet_name).values(kind=kind, slug=slug, folded=folded, name=name))
    return slug
