"""Carries out a plan: the rows of one reading, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, or_, select, update

from feedsvc import urls
from feedsvc.model import Correction, Fresh, Level, NewArticle, Place, Plan, Release, State
from feedsvc.store import codec
from feedsvc.store import schema as t
from feedsvc.store.articles import corrections, merging, release, search_index, withdrawal
from feedsvc.store.articles.lists import LATEST, kept_out, next_entered, touch_lists_of, write_outbox
from feedsvc.store.many import insert_rows, new_numbers


class Writer:
    """Carries out one plan inside one transaction; remembers which lists were touched.

    Of the lists in `quiet` nothing is asked of the publisher: a long import does that once, at its end.
    """

    def __init__(
        self, connection: Connection, *, upstream: int, now: datetime, quiet: frozenset[str] = frozenset()
    ) -> None:
        self.connection = connection
        self.upstream = upstream
        self.now = now
        self.quiet = quiet
        self.touched: dict[str, bool] = {}  # list → whether it is news
        self.follow: list[tuple[int, str, bool, int]] = []  # (article, address, own, order)
        self.reread: list[int] = []
        self.items: list[int] = []  # the articles of the reading
        self.new = 0
        self.changed = 0
        self.replaced: int | None = None  # the article that took over the page that was read

    def carry_out(self, plan: Plan) -> None:
        """Store what the plan says; raises StoreRaceError where another transaction was faster."""
        for merged in plan.merge:
            merging.merge(self.connection, merged, now=self.now, touched=self.touched)
        numbers = self._insert(plan.new)
        for correction in plan.corrections:
            self._correct(correction)
        for key, number in plan.keys:
            self.connection.execute(insert(t.key).values(**key._asdict(), article=number))
        for number, place in plan.places:
            if number > 0:
                for name in dict.fromkeys((place.list, LATEST)):
                    self._enter(number, name, place)
        for name, order in plan.ranked.items():
            self._rank(name, [numbers.get(number, number) for number in order])
        for number in plan.withdraw:
            gone = withdrawal.withdraw(
                self.connection, number, now=self.now, touched=self.touched, by=Level.STORE
            )
            self.changed += gone
        self.reread += plan.reread
        loud = {name: news for name, news in self.touched.items() if name not in self.quiet}
        write_outbox(self.connection, loud, self.now)

    # ── new ──

    def _insert(self, new: Sequence[NewArticle]) -> dict[int, int]:
        """Store the new articles, each table with one statement; returns position → number."""
        if not new:
            return {}
        taken = [key for article in new if article.instead_of is not None for key in article.keys]
        for key in taken:
            self.connection.execute(
                delete(t.key).where(
                    t.key.c.kind == key.kind, t.key.c.scope == key.scope, t.key.c.value == key.value
                )
            )
        released = self._settle(new)
        order = new_numbers(self.connection, t.article, len(new))
        articles = [
            {"no": number, **self._row(article, released.get(position))}
            for position, (number, article) in enumerate(zip(order, new, strict=True))
        ]
        insert_rows(self.connection, t.article, articles)
        statements, keys = [], []
        places: dict[str, list[dict[str, Any]]] = {}
        for position, (number, article) in enumerate(zip(order, new, strict=True)):
            statements.append({"article": number, "upstream": self.upstream, **self._said(article.fresh)})
            keys += [
                {"kind": key.kind, "scope": key.scope, "value": key.value, "article": number}
                for key in article.keys
            ]
            live = released.get(position)
            for name, place in self._places_of(article).items():
                row = _membership(
                    number, place, self.now, live=live is not None, published=live[1] if live else None
                )
                places.setdefault(name, []).append({**row, "list": name})
            if article.fresh.follow and article.story.url:
                rank = min((place.rank for place in article.fresh.places), default=0)
                self.follow.append((number, urls.page(article.story.url), article.fresh.own, rank))
            if article.instead_of is not None:
                self.replaced = number
        search_index.mark_new(
            self.connection, [number for number, article in zip(order, new, strict=True) if article.release]
        )
        for name, rows in places.items():
            self._number(name, rows)
        members = [row for rows in places.values() for row in rows]
        for table, values in ((t.statement, statements), (t.key, keys), (t.membership, members)):
            insert_rows(self.connection, table, values)
        self.new += len(new)
        return {-position: number for position, number in enumerate(order, 1)}

    def _places_of(self, article: NewArticle) -> Mapping[str, Place]:
        places = {place.list: place for place in article.fresh.places}
        if article.instead_of is not None:
            m = t.membership.c
            rows = self.connection.execute(
                select(m.list).where(m.article == article.instead_of, m.left_at.is_(None))
            )
            places |= {row.list: Place(list=row.list, rank=0) for row in rows if row.list not in places}
        if places and LATEST not in places:
            first = min(places.values(), key=lambda place: place.rank)
            backfill = all(place.backfill for place in places.values())
            places[LATEST] = replace(first, list=LATEST, backfill=backfill)
        return places

    def _settle(self, new: Sequence[NewArticle]) -> dict[int, tuple[str, datetime, datetime, Release]]:
        """(id, published, updated, release) of those that go live at once, by position."""
        at_once = [(position, one.release) for position, one in enumerate(new) if one.release is not None]
        settled = release.settle(self.connection, [release for _, release in at_once])
        return {position: values for (position, _), values in zip(at_once, settled, strict=True)}

    def _number(self, name: str, rows: Sequence[dict[str, Any]]) -> None:
        live = [row for row in rows if row["live"]]
        if live:
            first = next_entered(self.connection, name, len(live))
            for number, row in enumerate(live, first):
                row["entered"] = number
            news = any(not row["backfill"] for row in live)
            self.touched[name] = self.touched.get(name, False) or news

    def _row(
        self, article: NewArticle, live: tuple[str, datetime, datetime, Release] | None
    ) -> dict[str, object]:
        row: dict[str, object] = {
            "state": State.WAITING,
            "url": article.story.url,
            "title": article.story.title,
            "story": codec.pack(article.story),
            "digest": article.digest,
            "first_seen": self.now,
            "rank": min((place.rank for place in article.fresh.places), default=0),
            "own": article.fresh.own,
            "ready": article.ready,
            "release_at": article.release_at,
            "suspects": list(article.suspects) or None,
            "id": None,
            "published": None,
            "precision": None,
            "offset": None,
            "updated": None,
            "touched": None,
            "date_origin": "",
        }
        if live is not None:
            identity, published, updated, release = live
            row |= {
                "state": State.LIVE,
                "id": identity,
                "published": published,
                "precision": release.precision,
                "offset": release.offset,
                "updated": updated,
                "touched": self.now,
                "date_origin": release.origin,
            }
        return row

    # ── corrected ──

    def _said(self, fresh: Fresh) -> dict[str, object]:
        return {
            "level": int(fresh.level),
            "digest": fresh.digest,
            "at": self.now,
            "draft": codec.pack(fresh.draft),
        }

    def _say(self, article: int, fresh: Fresh) -> None:
        values = self._said(fresh)
        where = and_(t.statement.c.article == article, t.statement.c.upstream == self.upstream)
        if not self.connection.execute(update(t.statement).where(where).values(values)).rowcount:
            self.connection.execute(
                insert(t.statement).values(article=article, upstream=self.upstream, **values)
            )

    def _correct(self, correction: Correction) -> None:
        self._say(correction.article, correction.fresh)
        values: dict[str, object] = {
            "url": correction.story.url,
            "title": correction.story.title,
            "story": codec.pack(correction.story),
            "digest": correction.digest,
        }
        if correction.ready:
            values["ready"] = True
        if correction.visible:
            corrections.keep_revision(self.connection, correction.article, self.now)
            values["updated"] = moment = corrections.next_updated(
                self.connection, correction.article, self.now
            )
            values["touched"] = self.now
            members = update(t.membership).where(t.membership.c.article == correction.article)
            self.connection.execute(members.values(touched=moment))
            self.changed += 1
        self.connection.execute(update(t.article).where(t.article.c.no == correction.article).values(values))
        if correction.revive:
            withdrawal.revive(self.connection, correction.article, now=self.now, touched=self.touched)
            self.changed += 1
        elif correction.visible or correction.shown:
            touch_lists_of(self.connection, correction.article, self.touched, news=correction.visible)
            search_index.mark(self.connection, [correction.article])
        if correction.reread:
            self.reread.append(correction.article)

    # ── places ──

    def _enter(self, number: int, name: str, place: Place) -> None:
        where = and_(t.membership.c.list == name, t.membership.c.article == number)
        if self.connection.execute(select(t.membership.c.rank).where(where)).first() is not None:
            return
        row = self.connection.execute(
            select(t.article.c.state, t.article.c.published).where(t.article.c.no == number)
        ).one()
        live = row.state == State.LIVE
        member = _membership(number, place, self.now, live=live, published=row.published)
        member["entered"] = next_entered(self.connection, name) if live else None
        self.connection.execute(insert(t.membership).values(list=name, **member))
        if live:
            self.touched[name] = self.touched.get(name, False) or not place.backfill

    def _rank(self, name: str, order: Sequence[int]) -> None:
        """A ranked box is what the page shows now; ranks before and since when are kept beside."""
        removed = kept_out(self.connection, name, order)
        order = [number for number in order if number not in removed]
        m = t.membership.c
        rows = self.connection.execute(
            select(m.article, m.rank, m.left_at).where(
                m.list == name, or_(m.left_at.is_(None), m.article.in_(list(order)))
            )
        ).all()
        ranks = {number: rank for rank, number in reversed(list(enumerate(order)))}
        for row in rows:
            where = and_(m.list == name, m.article == row.article)
            values: dict[str, Any] = {}
            if row.article not in ranks:
                values = {"left_at": self.now}
            elif row.left_at is not None:
                values = {
                    "rank": ranks[row.article],
                    "previous_rank": None,
                    "left_at": None,
                    "since": self.now,
                }
            elif row.rank != ranks[row.article]:
                values = {"rank": ranks[row.article], "previous_rank": row.rank}
            if values:
                self.connection.execute(update(t.membership).where(where).values(values))
                self.touched.setdefault(name, False)


def _membership(
    number: int, place: Place, now: datetime, *, live: bool, published: datetime | None
) -> dict[str, Any]:
    return {
        "article": number,
        "rank": place.rank,
        "since": now,
        "backfill": place.backfill,
        "live": live,
        "published": published if live else None,
        "touched": now if live else None,
        "entered": None,
        "entered_at": now if live else None,
    }
