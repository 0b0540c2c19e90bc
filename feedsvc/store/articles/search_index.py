"""Tags, reporters and words of articles: indexed in the background, a moment after they changed."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, text, update

from feedsvc.model import State, Story
from feedsvc.store import codec
from feedsvc.store import schema as t
from feedsvc.store.engine import Database
from feedsvc.store.many import among, insert_rows
from feedsvc.store.words import words

AT_ONCE = 200
MAX_TEXT = 100_000  #: characters of a body that are indexed
_MARKUP = re.compile(r"<[^<>]*>")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_JOINT = re.compile("[\\s'`\u00b4\u02b9-\u02bc\u2010-\u2015\u2018\u2019\u2032\uff07_-]+|(?<=\\w)[.,]")
_HASHED = re.compile(r"(?:^n|(?:^|-))[0-9a-f]{12}$")  # a name that looks like a slug with a hash gets one too
MAX_SLUG = 64


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
    insert_rows(connection, t.reindex, [{"article": number} for number in articles])


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
        drop(connection, numbers)
        a = t.article.c
        rows = connection.execute(
            select(a.no, a.state, a.published, a.story).where(a.no.in_(numbers), a.state == State.LIVE)
        ).all()
        found = [(row.no, codec.story(row.story), row.published) for row in rows]
        _add_facets(connection, found)
        self._add_words(connection, [(number, story) for number, story, _ in found])
        connection.execute(delete(t.reindex).where(r.article.in_(numbers)))
        return len(numbers)

    def _add_words(self, connection: Connection, found: Sequence[tuple[int, Story]]) -> None:
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
        if found:
            connection.execute(text(statement), [_words(number, story) for number, story in found])


def _words(number: int, story: Story) -> dict[str, object]:
    body = html.unescape(_MARKUP.sub(" ", story.content))[:MAX_TEXT]
    values = {
        "title": story.title,
        "body": f"{story.summary} {body}",
        "names": " ".join((*story.authors, *story.tags)),
    }
    return {"number": number} | {name: " ".join(words(value)) for name, value in values.items()}


def _add_facets(connection: Connection, found: Sequence[tuple[int, Story, datetime]]) -> None:
    """The tags and reporters of articles that have none yet."""
    named = [
        (number, published, kind, name)
        for number, story, published in found
        for kind, names in (("tag", story.tags), ("author", story.authors))
        for name in names
    ]
    slugs = slugs_of(connection, dict.fromkeys((kind, name) for _, _, kind, name in named))
    rows = {
        (kind, slug, number): {"kind": kind, "slug": slug, "article": number, "published": published}
        for number, published, kind, name in named
        if (slug := slugs[kind, name])
    }
    if rows:
        insert_rows(connection, t.facet, list(rows.values()))
        _count(connection, Counter((kind, slug) for kind, slug, _ in rows))


def drop(connection: Connection, numbers: Sequence[int]) -> None:
    """Make some articles unfindable."""
    f = t.facet.c
    gone = connection.execute(delete(t.facet).where(f.article.in_(numbers)).returning(f.kind, f.slug))
    counts = Counter((row.kind, row.slug) for row in gone)
    marks = ", ".join(str(int(number)) for number in numbers)
    column = "rowid" if connection.dialect.name == "sqlite" else "article"
    connection.execute(text(f"DELETE FROM search WHERE {column} IN ({marks})"))  # noqa: S608 - numbers
    _count(connection, {facet: -count for facet, count in counts.items()})


def _count(connection: Connection, added: Mapping[tuple[str, str], int]) -> None:
    """How many articles a tag or reporter has is kept up by what is added: counting them anew takes longer
    the more there are. In one order, so that no two transactions wait for each other.
    """
    n = t.facet_name.c
    if added:
        connection.execute(
            update(t.facet_name)
            .where(n.kind == bindparam("of_kind"), n.slug == bindparam("of_slug"))
            .values(articles=n.articles + bindparam("more")),
            [
                {"of_kind": kind, "of_slug": slug, "more": count}
                for (kind, slug), count in sorted(added.items())
            ],
        )


def fold_name(name: str) -> str:
    """What spellings of one name share: case, accents, white space, hyphens, apostrophes and the dots of
    initials do not count.
    """
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(_JOINT.sub(" ", plain).split())[:200]


def slugify(name: str) -> str:
    """A slug for a name, made from the name alone: a-z, 0-9 and '-', at most 64 characters.

    Where these letters do not say all of the name (C++, AC/DC, other scripts), a hash of it follows. So no
    two names have one slug, and a name has the same slug in an emptied store.
    """
    folded = fold_name(name)
    slug = _NOT_SLUG.sub("-", folded).strip("-")
    if slug.replace("-", " ") == folded and len(slug) <= MAX_SLUG and not _HASHED.search(slug):
        return slug
    digest = hashlib.blake2b(folded.encode(), digest_size=6).hexdigest()
    return f"{slug[: MAX_SLUG - 13].strip('-')}-{digest}" if slug else f"n{digest}"


def slugs_of(connection: Connection, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The slugs of tags and reporters, (kind, name) → slug; each is given once, and kept."""
    folded = {(kind, name): fold_name(name) for kind, name in names}
    n = t.facet_name.c
    given: dict[tuple[str, str], str] = {}  # (kind, folded) → slug
    for wanted in sorted({kind for kind, _ in folded}):
        asked = sorted({fold for (kind, _), fold in folded.items() if kind == wanted and fold})
        rows = connection.execute(
            select(n.folded, n.slug).where(n.kind == wanted, among(connection, n.folded, asked))
        )
        given |= {(wanted, row.folded): row.slug for row in rows}
    new: dict[tuple[str, str], str] = {}
    for (kind, name), fold in folded.items():
        if fold and (kind, fold) not in given:
            new.setdefault((kind, fold), name)  # the first spelling is the one that is shown
    for (kind, fold), name in sorted(new.items()):
        given[kind, fold] = _give_slug(connection, kind, fold, name)
    return {(kind, name): given.get((kind, fold), "") for (kind, name), fold in folded.items()}


def _give_slug(connection: Connection, kind: str, fold: str, name: str) -> str:
    """The slug of a name that has none yet; "" if another name has it, against all odds."""
    n = t.facet_name.c
    slug = slugify(name)
    known = connection.execute(select(n.name).where(n.kind == kind, n.slug == slug)).scalar()
    if known is None:
        connection.execute(insert(t.facet_name).values(kind=kind, slug=slug, folded=fold, name=name))
    elif fold_name(known) != fold:
        return ""
    return slug
