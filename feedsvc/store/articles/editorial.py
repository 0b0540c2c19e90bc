"""What editors and the API do to single articles, in the database."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update

from feedsvc.model import (
    Article,
    Expected,
    Fresh,
    Newsroom,
    State,
    Statement,
    Stored,
    Story,
)
from feedsvc.store import codec
from feedsvc.store import schema as t
from feedsvc.store.articles import corrections, erasure, known, lists, ownership, search_index, withdrawal
from feedsvc.store.articles.api_access import ApiAccess
from feedsvc.store.articles.transaction import Transaction
from feedsvc.store.engine import Database


@dataclass(frozen=True, slots=True)
class Revision:
    """What readers saw of an article since a moment."""

    at: datetime
    story: Story


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article stands."""

    list: str
    entered: int | None
    rank: int
    backfill: bool
    left: datetime | None


@dataclass(frozen=True, slots=True)
class File:
    """Everything that is kept about one article."""

    article: Article
    statements: tuple[Statement, ...]
    revisions: tuple[Revision, ...]
    places: tuple[Place, ...]
    keys: tuple[tuple[str, str], ...]  #: (kind, value)
    date_origin: str
    upstreams: dict[int, str]  #: names of those who made statements
    merged_into: str  #: public id of the article that it turned out to be; "": none
    version: str  #: changes with what the API shows; "": it is shown nowhere


class EditorialTransaction(Transaction):
    """What editors and the API may change in one transaction."""

    # ── published through the API ──

    def source(self, newsroom: Newsroom) -> int:
        """The number of the upstream that a newsroom's own system is; it is added where it is new."""
        self._take_turn()
        u, connection = t.upstream.c, self._connection
        key, name = newsroom.source, f"API: {newsroom.name}"
        number = connection.execute(select(u.no).where(u.key == key)).scalar()
        if number is None:
            spec = {"every": None, "language": "", "zone": "UTC"}
            added = insert(t.upstream).values(
                key=key, name=name, kind="api", url="", spec=spec, complete=True, attempts=1
            )
            number = connection.execute(added.returning(u.no)).scalar_one()
        connection.execute(update(t.upstream).where(u.no == number).values(good_at=self.now))
        return int(number)

    def name_own(self, article: int, newsroom: Newsroom, row: str) -> None:
        """Let an id of a newsroom's own system name an article, where it names nothing yet."""
        ownership.give_row(self._connection, article, newsroom.source, row)

    def require_own(self, articles: Collection[int], newsroom: Newsroom) -> None:
        """Raises EditorialError where a newsroom says something of another's article."""
        ownership.refuse_others(self._connection, articles, newsroom)

    def require(self, article: int | None, expected: Expected | None) -> None:
        """Raises EditorialError where an article (None: there is none) is not as a request expects it."""
        self._take_turn()
        ownership.require(self._connection, article, expected)

    def number_of(self, fresh: Fresh) -> int:
        """The number of an article that was just written."""
        return min(known.numbers_of(self._connection, [fresh]))

    def stand_in(self, article: int, names: Sequence[str]) -> bool:
        """Have an article leave the lists that are not named any more; True if its places changed.

        Where others speak of it too, it stays where they put it.
        """
        s, m, connection = t.statement.c, t.membership.c, self._connection
        if len(connection.execute(select(s.upstream).where(s.article == article)).all()) > 1:
            return False
        here = [one for one in (*names, lists.LATEST) if not lists.kept_out(connection, one, [article])]
        rows = connection.execute(
            select(m.list).where(m.article == article, m.left_at.is_(None), m.list.not_in(here))
        )
        left = [row.list for row in rows]
        if left:
            leave = update(t.membership).where(m.article == article, m.list.in_(left))
            connection.execute(leave.values(left_at=self.now))
        again = update(t.membership).where(m.article == article, m.list.in_(here), m.left_at.is_not(None))
        back = connection.execute(again.values(left_at=None)).rowcount
        self.announce([*left, *(here if back else ())])
        return bool(left or back)

    # ── taken back ──

    def restore(self, article: int) -> bool:
        """Serve a withdrawn or hidden article again; False if it is served."""
        self._take_turn()
        state = self._connection.execute(select(t.article.c.state).where(t.article.c.no == article)).scalar()
        if state not in (State.WITHDRAWN, State.HIDDEN):
            return False
        withdrawal.revive(self._connection, article, now=self.now, touched=self._touched)
        return True

    def erase(self, article: int) -> None:
        """Remove every text of an article for ever; its id, names and tombstone stay."""
        self._take_turn()
        erasure.erase(self._connection, article)
        m, g, connection = t.membership.c, t.listing.c, self._connection
        rows = connection.execute(
            select(m.list, g.removed_at).join(t.listing, g.key == m.list).where(m.article == article)
        ).all()
        # a list that left the configuration is not built any more: its last feed ends now
        ended = [row.list for row in rows if row.removed_at is not None]
        end = update(t.listing).where(g.key.in_(ended))
        connection.execute(end.values(removed_at=self.now - timedelta(days=365)))
        self.announce([row.list for row in rows])

    def remove(self, article: int, name: str) -> bool:
        """Take an article out of a list; it stays out, whatever the list's sources show. False if it was out.

        What stands in no other list leaves `latest` too.
        """
        out = self._out_of(article)
        if name in out:
            return False
        self.set_by_hand(article, {lists.OUT_OF: [*out, name]})
        m, connection = t.membership.c, self._connection
        others = select(m.list).where(
            m.article == article, m.list.not_in([name, lists.LATEST]), m.left_at.is_(None)
        )
        alone = connection.execute(others.limit(1)).first() is None
        here = [name, lists.LATEST] if alone else [name]
        self._place(article, here, self.now)
        return True

    def put_back(self, article: int, name: str) -> bool:
        """Undo `remove`; False if nobody took the article out of the list."""
        out = self._out_of(article)
        if name not in out:
            return False
        self.set_by_hand(article, {lists.OUT_OF: [one for one in out if one != name] or None})
        self._place(article, [name, lists.LATEST], None)
        return True

    def _out_of(self, article: int) -> list[str]:
        self._take_turn()
        h = t.hand.c
        found = select(h.value).where(h.article == article, h.field == lists.OUT_OF)
        return list(self._connection.execute(found).scalar() or ())

    def _place(self, article: int, names: Sequence[str], left: datetime | None) -> None:
        m = t.membership.c
        there = update(t.membership).where(m.article == article, m.list.in_(names))
        self._connection.execute(there.values(left_at=left))
        self._connection.execute(update(t.article).where(t.article.c.no == article).values(touched=self.now))
        self.announce(names)

    # ── corrected by hand ──

    def set_by_hand(self, article: int, values: Mapping[str, object]) -> None:
        """Set fields of an article; None gives a field back to its sources."""
        self._take_turn()
        for name, value in values.items():
            where = (t.hand.c.article == article) & (t.hand.c.field == name)
            self._connection.execute(delete(t.hand).where(where))
            if value is not None:
                row = {"article": article, "field": name, "value": value, "at": self.now}
                self._connection.execute(insert(t.hand).values(row))

    def correct(self, before: Stored, story: Story, digest: bytes, published: datetime | None) -> None:
        """Replace the story of an article, and its date where `published` is given; readers see it."""
        article, connection = before.article, self._connection
        row: dict[str, Any] = {
            "story": codec.pack(story),
            "digest": digest,
            "url": story.url,
            "title": story.title,
        }
        place: dict[str, Any] = {}
        if article.state is State.LIVE:
            corrections.keep_revision(connection, article.no, self.now)
            row["updated"] = place["touched"] = corrections.next_updated(connection, article.no, self.now)
            row["touched"] = self.now
            search_index.mark(connection, [article.no])
        if published is not None and article.published is not None:
            row["published"] = place["published"] = published
        connection.execute(update(t.article).where(t.article.c.no == article.no).values(row))
        if place:
            members = update(t.membership).where(t.membership.c.article == article.no)
            connection.execute(members.values(place))
        lists.touch_lists_of(connection, article.no, self._touched, news=True)


class SqlEditorial:
    """Reads and changes single articles."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.access = ApiAccess(database)

    @contextmanager
    def begin(self, now: datetime) -> Iterator[EditorialTransaction]:
        """Commit at the end of the block; raises StoreRaceError where another transaction was faster."""
        with self._database.write() as connection:
            transaction = EditorialTransaction(connection, now)
            yield transaction
            transaction.close()

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    # ── finding ──

    def find(self, name: str, *, scope: str = "") -> int | None:
        """The article that (in `scope`) a row id, a public id or an address names."""
        with self._database.read() as connection:
            return next(iter(ownership.named(connection, name, scope=scope)), None)

    def find_own(self, name: str, newsroom: Newsroom) -> tuple[int | None, bool]:
        """The newsroom's own article of that name; and whether there is any article of that name."""
        with self._database.read() as connection:
            numbers = ownership.named(connection, name, scope=newsroom.source)
            own = (one for one in numbers if ownership.is_own(connection, one, newsroom))
            return next(own, None), bool(numbers)

    def row(self, number: int, source: str) -> str:
        """The id that a source has for an article; "": none."""
        k = t.key.c
        where = (k.article == number, k.kind == "row", k.scope == source)
        with self._database.read() as connection:
            return str(connection.execute(select(k.value).where(*where).limit(1)).scalar() or "")

    def file(self, number: int) -> File:
        """All that is kept about an article."""
        with self._database.read() as connection:
            found = known.stored(connection, [number])[number]
            a, other = t.article.c, t.article.alias()
            row = connection.execute(
                select(a.date_origin, other.c.id.label("merged_into"))
                .outerjoin(other, other.c.no == a.merged_into)
                .where(a.no == number)
            ).one()
            r, m, k = t.revision.c, t.membership.c, t.key.c
            revisions = connection.execute(
                select(r.at, r.story).where(r.article == number).order_by(r.number)
            )
            places = connection.execute(select(t.membership).where(m.article == number).order_by(m.list))
            keys = connection.execute(select(k.kind, k.value).where(k.article == number).order_by(k.kind))
            u = t.upstream.c
            who = connection.execute(
                select(u.no, u.name).where(u.no.in_([one.upstream for one in found.statements]))
            )
            return File(
                upstreams={one.no: one.name for one in who},
                article=found.article,
                statements=found.statements,
                revisions=tuple(Revision(one.at, codec.story(one.story)) for one in revisions),
                places=tuple(
                    Place(one.list, one.entered, one.rank, one.backfill, one.left_at) for one in places
                ),
                keys=tuple((one.kind, one.value) for one in keys),
                date_origin=row.date_origin,
                merged_into=row.merged_into or "",
                version=ownership.version(connection, number) or "",
            )
