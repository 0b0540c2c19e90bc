"""What the publisher asks of the store: what to build, from what, and where to put it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, delete, func, or_, select, update

from feedsvc.model import Format, Fragment, Labels, ListSpec, State, tag_key
from feedsvc.model.article import Article
from feedsvc.store import counters, leases
from feedsvc.store import schema as t
from feedsvc.store.articles.known import to_article
from feedsvc.store.articles.lists import write_outbox
from feedsvc.store.engine import Database
from feedsvc.store.publishing.documents import (
    NewDocument,
    Published,
    drop_documents,
    put_document,
    read_published,
    stale_paths,
)
from feedsvc.store.publishing.fragments import FragmentCache, Fragments, put_fragments
from feedsvc.store.publishing.taken import not_taken, read_taken
from feedsvc.store.publishing.windows import (
    RECENT,
    TOMBSTONES,
    Window,
    read_place,
    read_sections,
    read_window,
)
from feedsvc.store.push.deliveries import SqlPushes
from feedsvc.store.web.listener import CHANNEL

PUBLISHER = "publisher"
NUMBER = "publication"
NOBODY: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedInput:
    """All that a list's feeds are built from, as it was at one moment."""

    window: Window
    fragments: Fragments  #: that are known of its articles; each names what it was rendered from
    published: Mapping[str, Published]  #: by path
    departed: frozenset[int]  #: entries of the last build of which it is recorded why they left


@dataclass(slots=True, kw_only=True)
class Changes:
    """What one round of publishing stores."""

    documents: list[NewDocument] = field(default_factory=list)
    fragments: dict[tuple[Format, int], tuple[bytes, Fragment]] = field(default_factory=dict)
    #: key of a taker's list → fragments of it alone: kept in memory, never stored
    tailored: dict[str, Fragments] = field(default_factory=dict)
    #: key of a list → near-duplicate → the article in whose entry it stands from now on
    duplicates: dict[str, Mapping[int, int]] = field(default_factory=dict)
    news: set[str] = field(default_factory=set)  #: paths of feeds with news: subscribers are noted
    drop: Sequence[str] = ()  #: paths that are served no longer
    lists: Sequence[str] = ()  #: that were built: they leave the outbox …
    upto: int = 0  #: … up to this number of it


def feed_paths(spec: ListSpec) -> dict[Format, str]:
    """Where the feeds of a list are served."""
    return {form: f"{spec.path}.{form}" for form in Format}


class SqlPublishing:
    """The publisher's side of the store."""

    def __init__(self, database: Database, pushes: SqlPushes | None = None) -> None:
        self._database = database
        self._fragments = FragmentCache()
        self._pushes = pushes

    # ── who publishes what ──

    def take_lease(self, now: datetime, seconds: float, holder: int) -> int | None:
        """Become the one publisher for `seconds`; the token, or None while another one is.

        `holder` is the token of the lease that the caller has already, 0 if none: then it is renewed.
        """
        return leases.take(self._database, PUBLISHER, now=now, seconds=seconds, holder=holder)

    def give_up_lease(self, token: int, now: datetime) -> None:
        """Let another publisher begin at once."""
        leases.give_up(self._database, PUBLISHER, token, now=now)

    def waiting(self) -> tuple[int, dict[str, bool]]:
        """The number up to which the outbox was read, and the lists in it → whether it is news."""
        touched: dict[str, bool] = {}
        highest = 0
        with self._database.read() as connection:
            for row in connection.execute(select(t.outbox).order_by(t.outbox.c.no)):
                touched[row.list] = touched.get(row.list, False) or row.news
                highest = row.no
        return highest, touched

    def mark(self, lists: Iterable[str], now: datetime) -> None:
        """Have the feeds of some lists built although nothing in them changed."""
        with self._database.write() as connection:
            write_outbox(connection, dict.fromkeys(lists, False), now)

    def settling(self, until: datetime) -> bool:
        """Whether nothing is published yet, and what is to be in it by `until` is still being collected."""
        d, u, a = t.due.c, t.upstream.c, t.article.c
        untried = select(u.no).join(t.due, d.upstream == u.no)
        untried = untried.where(d.active, d.priority == 0, u.attempts == 0).limit(1)
        coming = select(a.no).where(a.state == State.WAITING, or_(a.ready, a.release_at <= until)).limit(1)
        with self._database.read() as connection:
            if counters.value(connection, NUMBER):
                return False
            return any(connection.execute(one).first() is not None for one in (untried, coming))

    def ageing(self, since: datetime, now: datetime) -> list[str]:
        """The lists in whose windows something came to its end by the passing of time alone since `since`.

        What entered or changed 24 hours ago is no longer recent; a withdrawal is announced for 30 days.
        """
        m, key = t.membership.c, t.listing.c.key
        recent = select(m.article).where(
            m.list == key, m.live, m.touched > since - RECENT, m.touched <= now - RECENT
        )
        withdrawn = select(m.article).where(
            m.list == key,
            m.live.is_(False),
            m.touched > since - TOMBSTONES,
            m.touched <= now - TOMBSTONES,
        )
        with self._database.read() as connection:
            ended = select(key).where(or_(recent.exists(), withdrawn.exists()))
            return list(connection.execute(ended).scalars())

    # ── reading ──

    def read(self, spec: ListSpec, now: datetime) -> FeedInput:
        """All that a list's feeds are built from, in one consistent view."""
        paths = feed_paths(spec)
        with self._database.read() as connection:
            published = read_published(connection, list(paths.values()))
            before = published.get(paths[Format.ATOM])
            served = before.entries if before is not None else ()
            window = _window(connection, spec, now, served)
            numbers = [one.article.no for one in (*window.entries, *window.reserve)]
            gone = sorted(set(served).difference(numbers))
            # out of a full window the oldest fall without a record, and nobody asks for one
            full = len(window.entries) >= spec.size and not spec.merge_duplicates
            departed = _departed(connection, spec.of or spec.key, gone) if gone and not full else NOBODY
            if gone and not full and spec.taker is not None:
                departed |= not_taken(connection, spec.taker, gone, now)
            return FeedInput(
                window=window,
                fragments=self._fragments.read(connection, numbers, look_of(spec)),
                published=published,
                departed=departed,
            )

    def articles(self, spec: ListSpec, now: datetime) -> tuple[Article, ...]:
        """The articles of a list's feed, in order."""
        with self._database.read() as connection:
            return tuple(one.article for one in _window(connection, spec, now).entries)

    def published(self, paths: Sequence[str]) -> dict[str, Published]:
        """What is stored for some paths."""
        with self._database.read() as connection:
            return read_published(connection, paths)

    def newest(self, *, since: datetime, limit: int) -> list[Article]:
        """The newest live articles that are not older than `since`."""
        a = t.article.c
        with self._database.read() as connection:
            rows = connection.execute(
                select(t.article)
                .where(a.state == State.LIVE, a.published >= since)
                .order_by(a.published.desc(), a.no.desc())
                .limit(limit)
            )
            return [to_article(row) for row in rows]

    def names(self, kind: str, limit: int) -> list[tuple[str, str, int]]:
        """(slug, name, live articles) of tags or authors, the most used first."""
        n = t.facet_name.c
        with self._database.read() as connection:
            rows = connection.execute(
                select(n.slug, n.name, n.articles)
                .where(n.kind == kind, n.articles > 0)
                .order_by(n.articles.desc(), n.slug)
                .limit(limit)
            )
            return [(row.slug, row.name, row.articles) for row in rows]

    def labels(self, numbers: Sequence[int]) -> Labels:
        """The sections, tags and reporters of articles, as far as they are indexed."""
        if not numbers:
            return Labels()
        f, n = t.facet.c, t.facet_name.c
        named = select(f.article, f.kind, f.slug, n.name).join(
            t.facet_name, (n.kind == f.kind) & (n.slug == f.slug)
        )
        with self._database.read() as connection:
            sections = read_sections(connection, numbers)
            rows = connection.execute(named.where(f.article.in_(numbers))).all()
        slugs = {(row.article, row.kind, tag_key(row.name)): row.slug for row in rows}
        return Labels(sections={number: tuple(keys) for number, keys in sections.items()}, slugs=slugs)

    def entered(self, key: str) -> tuple[int, int]:
        """(how many ever entered a list, how many of its archives were dropped)."""
        with self._database.read() as connection:
            place = read_place(connection, key)
        return place.entered, place.retired

    def largest(self, paths: Sequence[str]) -> int:
        """Bytes of the largest of some documents; 0 where none is stored."""
        c = t.snapshot.c
        with self._database.read() as connection:
            longest = select(func.max(func.length(c.identity))).where(c.path.in_(list(paths)))
            return int(connection.execute(longest).scalar() or 0)

    def stale_paths(self, wanted: Iterable[str], now: datetime, keep: timedelta) -> list[str]:
        """Paths that are served although no list has them, for longer than `keep`."""
        with self._database.read() as connection:
            return stale_paths(connection, wanted, now, keep)

    # ── saving ──

    def save(self, changes: Changes, *, token: int, now: datetime) -> int | None:
        """Store what a round of publishing came to, and count: one transaction.

        Returns the number of the publication (the newest one, if no document changed), None where the lease
        was lost: then nothing was written.
        """
        with self._database.write() as connection:
            held = select(t.lease.c.name).where(t.lease.c.name == PUBLISHER, t.lease.c.token == token)
            if connection.execute(held.with_for_update()).first() is None:
                return None
            if changes.lists:
                done = t.outbox.c.list.in_(list(changes.lists))
                connection.execute(delete(t.outbox).where(t.outbox.c.no <= changes.upto, done))
            _merge_duplicates(connection, changes.duplicates)
            put_fragments(connection, changes.fragments)
            number = counters.add(connection, NUMBER, 1 if changes.documents or changes.drop else 0)
            for document in changes.documents:
                put_document(connection, document, number)
            if self._pushes is not None:
                paths = [one.snapshot.path for one in changes.documents if not one.private]
                self._pushes.note(connection, paths, number=number, news=frozenset(changes.news), now=now)
            if changes.drop:
                drop_documents(connection, changes.drop, number)
            if not self._database.sqlite:  # web nodes of other machines wait for it
                connection.execute(select(func.pg_notify(CHANNEL, str(number))))
        self._fragments.keep(changes.fragments)
        for look, fragments in changes.tailored.items():
            self._fragments.keep(fragments, look)
        return number


def look_of(spec: ListSpec) -> str:
    """Under which name the fragments of a list are kept: its takers' own, or "" for those of all others."""
    return spec.key if spec.taker is not None and spec.taker.tailored else ""


def _window(connection: Connection, spec: ListSpec, now: datetime, served: Collection[int] = ()) -> Window:
    read = read_window if spec.taker is None else read_taken
    return read(connection, spec, now, served)


def _departed(connection: Connection, key: str, numbers: Sequence[int]) -> frozenset[int]:
    """Those of some articles of which it is recorded that they left a list."""
    m, a = t.membership.c, t.article.c
    not_live = select(a.no).where(a.no.in_(numbers), a.state != State.LIVE)
    left = select(m.article).where(m.list == key, m.left_at.is_not(None), m.article.in_(numbers))
    return frozenset(connection.execute(not_live).scalars()).union(connection.execute(left).scalars())


def _merge_duplicates(connection: Connection, duplicates: Mapping[str, Mapping[int, int]]) -> None:
    """Put near-duplicates into the entries of those that came first, for good."""
    m = t.membership.c
    for key, merged in duplicates.items():
        for copy, first in merged.items():
            where = and_(m.list == key, m.article == copy)
            connection.execute(update(t.membership).where(where).values(folded=first))
