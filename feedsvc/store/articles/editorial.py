"""What editors and the API do to single articles, in the database."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from feedsvc.model import (
    Article,
    Expected,
    Fresh,
    Known,
    Level,
    Newsroom,
    Plan,
    State,
    Statement,
    Story,
)
from feedsvc.store import codec
from feedsvc.store import schema as t
from feedsvc.store.articles import corrections, facets, known, lists, ownership, withdrawal
from feedsvc.store.articles.erasure import erase_texts
from feedsvc.store.articles.writer import Writer
from feedsvc.store.engine import Database

KEPT = timedelta(hours=24)  #: how long an answer is repeated for its idempotency key
UNDER_WAY = timedelta(minutes=1)  #: no request takes longer: a key without an answer is then free again


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


class SqlEditorial:
    """Reads and changes single articles."""

    def __init__(self, database: Database) -> None:
        self._database = database

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

    # ── saying ──

    def say(
        self,
        newsroom: Newsroom,
        fresh: Fresh,
        decide: Callable[[int, Known], Plan],
        *,
        number: int | None = None,
        expected: Expected | None = None,
        now: datetime,
    ) -> tuple[int, bool, bool]:
        """Take down what a newsroom says of an article: (number, whether new, whether changed).

        `number` is the article of its own that it means, where that is known; its row id names it from now
        on. `decide` is given the source's number and what is known. Sections that are no longer said are
        left, where nobody else put the article there. Raises EditorialError where the article is another's,
        or not as `expected`.
        """

        def work(connection: Connection) -> tuple[int, bool, bool]:
            lists.take_turn(connection)
            upstream = self._source(connection, newsroom.source, f"API: {newsroom.name}")
            if number is not None:
                ownership.give_row(connection, number, newsroom.source, fresh.draft.row)
            answer = known.known(connection, [fresh], upstream=upstream, article=None)
            meant = [answer.keys[key] for key in fresh.keys if key in answer.keys]
            ownership.refuse_others(connection, set(meant), newsroom)
            ownership.require(connection, meant[0] if meant else None, expected)
            writer = Writer(connection, upstream=upstream, now=now)
            writer.carry_out(decide(upstream, answer))
            kept = meant[0] if meant else min(known.numbers_of(connection, [fresh]))
            moved = self._leave(connection, kept, [place.list for place in fresh.places], now)
            connection.execute(update(t.upstream).where(t.upstream.c.no == upstream).values(good_at=now))
            return kept, bool(writer.new), bool(writer.changed) or moved

        return self._database.transact(work)

    @staticmethod
    def _source(connection: Connection, key: str, name: str) -> int:
        number = connection.execute(select(t.upstream.c.no).where(t.upstream.c.key == key)).scalar()
        if number is not None:
            return int(number)
        spec = {"every": None, "language": "", "zone": "UTC"}
        return int(
            connection.execute(
                insert(t.upstream)
                .values(key=key, name=name, kind="api", url="", spec=spec, complete=True, attempts=1)
                .returning(t.upstream.c.no)
            ).scalar_one()
        )

    @staticmethod
    def _leave(connection: Connection, number: int, said: Sequence[str], now: datetime) -> bool:
        others = connection.execute(
            select(t.statement.c.upstream).where(t.statement.c.article == number)
        ).all()
        if len(others) > 1:
            return False
        m = t.membership.c
        here = [*said, lists.LATEST]
        rows = connection.execute(
            select(m.list).where(m.article == number, m.left_at.is_(None), m.list.not_in(here))
        )
        left = {row.list: False for row in rows}
        if left:
            connection.execute(
                update(t.membership).where(m.article == number, m.list.in_(list(left))).values(left_at=now)
            )
        back = connection.execute(
            update(t.membership)
            .where(m.article == number, m.list.in_(here), m.left_at.is_not(None))
            .values(left_at=None)
        ).rowcount
        lists.write_outbox(connection, left | dict.fromkeys(here if back else (), False), now)
        return bool(left or back)

    # ── taking back ──

    def withdraw(
        self, number: int, *, now: datetime, hide: bool = False, expected: Expected | None = None
    ) -> bool:
        """Take an article out of every feed (with a tombstone, unless it is hidden); False if it was out.

        Raises EditorialError where it is not as `expected`.
        """

        def work(connection: Connection) -> bool:
            lists.take_turn(connection)
            ownership.require(connection, number, expected)
            touched: dict[str, bool] = {}
            state = State.HIDDEN if hide else State.WITHDRAWN
            done = withdrawal.withdraw(
                connection, number, now=now, touched=touched, state=state, by=Level.HAND
            )
            lists.write_outbox(connection, touched, now)
            return done

        return self._database.transact(work)

    def bring_back(self, number: int, *, now: datetime) -> bool:
        """Serve a withdrawn or hidden article again; False if it is served."""

        def work(connection: Connection) -> bool:
            lists.take_turn(connection)
            state = connection.execute(select(t.article.c.state).where(t.article.c.no == number)).scalar_one()
            if state not in (State.WITHDRAWN, State.HIDDEN):
                return False
            touched: dict[str, bool] = {}
            withdrawal.revive(connection, number, now=now, touched=touched)
            lists.write_outbox(connection, touched, now)
            return True

        return self._database.transact(work)

    def erase(self, number: int, *, now: datetime) -> None:
        """Remove every text of an article for ever; its id, names and tombstone stay.

        The kept bytes of all that ever spoke of it go as well, of its page, of lists and of feeds; the next
        poll keeps what those show then. No reading takes its text down again.
        """

        def work(connection: Connection) -> None:
            lists.take_turn(connection)
            identity = connection.execute(select(t.article.c.id).where(t.article.c.no == number)).scalar()
            u = t.upstream.c
            spoke = select(t.statement.c.upstream).where(t.statement.c.article == number)
            heard = list(connection.execute(select(u.no).where(u.no.in_(spoke))).scalars())
            erase_texts(connection, [number])
            connection.execute(delete(t.body).where(t.body.c.upstream.in_(heard)))
            connection.execute(update(t.upstream).where(u.no.in_(heard)).values(body_hash=b"", etag=""))
            pages = select(u.no).where(u.article == number)
            connection.execute(update(t.due).where(t.due.c.upstream.in_(pages)).values(active=False))
            connection.execute(update(t.article).where(t.article.c.no == number).values(erased=True, url=""))
            if identity:
                told = t.idempotency.c.answer.contains(identity, autoescape=True)
                connection.execute(delete(t.idempotency).where(told))
            m, g = t.membership.c, t.listing.c
            rows = connection.execute(
                select(m.list, g.removed_at).join(t.listing, g.key == m.list).where(m.article == number)
            ).all()
            # a list that left the configuration is not built any more: its last feed ends now
            ended = [row.list for row in rows if row.removed_at is not None]
            connection.execute(
                update(t.listing).where(g.key.in_(ended)).values(removed_at=now - timedelta(days=365))
            )
            lists.write_outbox(connection, {row.list: False for row in rows}, now)

        self._database.transact(work)

    # ── the editor's hand ──

    def edit(
        self,
        number: int,
        values: dict[str, Any],
        remerge: Callable[[Sequence[Statement]], tuple[Story, bytes]],
        *,
        published: datetime | None,
        now: datetime,
    ) -> bool:
        """Set fields by hand (None gives a field back to its sources); True if readers see a difference."""

        def work(connection: Connection) -> bool:
            lists.take_turn(connection)
            for name, value in values.items():
                where = (t.hand.c.article == number) & (t.hand.c.field == name)
                connection.execute(delete(t.hand).where(where))
                if value is not None:
                    connection.execute(insert(t.hand).values(article=number, field=name, value=value, at=now))
            mine = known.stored(connection, [number])[number]
            story, digest = remerge(mine.statements)
            changed = digest != mine.digest or (published is not None and published != mine.article.published)
            if not changed:
                return False
            live = mine.article.state is State.LIVE
            row: dict[str, Any] = {
                "story": codec.pack(story),
                "digest": digest,
                "url": story.url,
                "title": story.title,
            }
            place: dict[str, Any] = {}
            if live:
                corrections.keep_revision(connection, number, now)
                row["updated"] = place["touched"] = corrections.next_updated(connection, number, now)
                row["touched"] = now
                facets.mark(connection, [number])
            if published is not None and mine.article.published is not None:
                row["published"] = place["published"] = published
            connection.execute(update(t.article).where(t.article.c.no == number).values(row))
            if place:
                connection.execute(update(t.membership).where(t.membership.c.article == number).values(place))
            touched: dict[str, bool] = {}
            lists.touch_lists_of(connection, number, touched, news=True)
            lists.write_outbox(connection, touched, now)
            return True

        return self._database.transact(work)

    # ── who may publish ──

    def add_token(
        self, name: str, token: str, now: datetime, *, sections: Sequence[str] | None = None
    ) -> bool:
        """Let `token` publish under `name`, into `sections` (keys; None: all); False if the name is taken.

        Only its hash is kept.
        """
        with self._database.write() as connection:
            if connection.execute(select(t.token.c.name).where(t.token.c.name == name)).first():
                return False
            row = {"name": name, "hash": _hash(token), "created": now, "sections": _sorted(sections)}
            connection.execute(insert(t.token).values(row))
            return True

    def remove_token(self, name: str) -> bool:
        """Nobody publishes under `name` any more; False if nobody did."""
        with self._database.write() as connection:
            return bool(connection.execute(delete(t.token).where(t.token.c.name == name)).rowcount)

    def tokens(self) -> list[tuple[Newsroom, datetime, datetime | None]]:
        """(whose, created, last used) of each."""
        c = t.token.c
        with self._database.read() as connection:
            rows = connection.execute(select(t.token).order_by(c.name)).all()
        return [(_newsroom(row), row.created, row.used) for row in rows]

    def who(self, token: str, now: datetime) -> Newsroom | None:
        """Who publishes with `token`."""
        c = t.token.c
        with self._database.read() as connection:
            row = connection.execute(select(t.token).where(c.hash == _hash(token))).first()
        if row is None:
            return None
        if row.used is None or now - row.used > timedelta(minutes=1):
            with self._database.write() as connection:
                connection.execute(update(t.token).where(c.name == row.name).values(used=now))
        return _newsroom(row)

    # ── answers that are repeated ──

    def reserve(self, token: str, key: str, digest: bytes, now: datetime) -> tuple[bytes, int, str] | None:
        """(digest of the request, status, answer) that was given for an idempotency key.

        Status 0: the request is under way. None: nobody has the key, and now it is the caller's, who says
        what was answered (`remember`) or that nothing was (`forget`).
        """
        c = t.idempotency.c

        insert_one = sqlite.insert if self._database.sqlite else postgresql.insert
        mine: Any = insert_one(t.idempotency)
        mine = mine.values(token=token, key=key, digest=digest, status=0, answer="", at=now)
        over = or_(c.at <= now - KEPT, and_(c.status == 0, c.at <= now - UNDER_WAY))

        def take(connection: Connection) -> tuple[bytes, int, str] | None:
            connection.execute(delete(t.idempotency).where(c.token == token, c.key == key, over))
            # of many at once one gets it; the others wait here until that is certain
            if connection.execute(mine.on_conflict_do_nothing().returning(c.key)).first() is not None:
                return None
            row = connection.execute(select(t.idempotency).where(c.token == token, c.key == key)).one()
            return row.digest, row.status, row.answer

        return self._database.transact(take)

    def forget(self, token: str, key: str) -> None:
        """Give an idempotency key back: its request came to nothing."""
        c = t.idempotency.c
        with self._database.write() as connection:
            connection.execute(delete(t.idempotency).where(c.token == token, c.key == key, c.status == 0))

    def remember(self, token: str, key: str, digest: bytes, status: int, answer: str, now: datetime) -> None:
        """Keep an answer for its idempotency key; older ones go."""
        c = t.idempotency.c
        with self._database.write() as connection:
            connection.execute(
                delete(t.idempotency).where((c.at <= now - KEPT) | ((c.token == token) & (c.key == key)))
            )
            connection.execute(
                insert(t.idempotency).values(
                    token=token, key=key, digest=digest, status=status, answer=answer, at=now
                )
            )


def _sorted(sections: Sequence[str] | None) -> list[str] | None:
    return None if sections is None else sorted(sections)


def _newsroom(row: Any) -> Newsroom:
    return Newsroom(row.name, None if row.sections is None else frozenset(row.sections))


def _hash(token: str) -> bytes:
    # tokens are long random strings: a fast hash is as good as a slow one
    return hashlib.sha256(token.encode()).digest()
