"""The control room as the web asks for it: the store's figures, judged, as pages; and what buttons do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson

from feedsvc.curate.usual import Usual
from feedsvc.errors import EditorialError
from feedsvc.model import ListSpec, Notice
from feedsvc.model.room import Health, Hour, Overview, SourceDetail
from feedsvc.protocols import Clock
from feedsvc.render.metrics import KIND, exposition
from feedsvc.render.room import RoomPages, status_feed
from feedsvc.store import reach, room
from feedsvc.store.articles.api_access import ApiAccess
from feedsvc.store.engine import Database
from feedsvc.store.notices import SqlNotices
from feedsvc.store.queue.operating import SqlOperating
from feedsvc.watch.conditions import remedy
from feedsvc.watch.messages import body, headline
from feedsvc.watch.readers import behaviour
from feedsvc.wiring.editorial import editorial_of
from feedsvc.wiring.metrics import families
from feedsvc.wiring.process import now
from feedsvc.wiring.spec import WebSpec
from feedsvc.wiring.status import Report, report_of

CHANGES = 100  #: entries of /status.atom


class Rooms:
    """The control room of one store, opened anew for each request: its file may have been replaced."""

    def __init__(self, spec: WebSpec, clock: Clock = now) -> None:
        self.spec = spec
        self.clock = clock
        self.pages = RoomPages(spec.site)
        self.lists = {one.slug: one for one in spec.lists if not one.retired}
        by_key = {one.key: one for one in spec.lists}
        self.fed: dict[str, list[ListSpec]] = {}  #: by key of the upstream
        for upstream, key in spec.readings:
            if key in by_key:
                self.fed.setdefault(upstream, []).append(by_key[key])

    def open(self) -> StoredRoom:
        """The room for one request. Raises StoreError."""
        return StoredRoom(self, Database(self.spec.store_url, create=False))


class StoredRoom:
    """The control room for one request. Every method raises StoreError."""

    def __init__(self, rooms: Rooms, database: Database) -> None:
        self._database = database
        self._spec, self._site, self._clock = rooms.spec, rooms.spec.site, rooms.clock
        self._pages, self._lists, self._fed = rooms.pages, rooms.lists, rooms.fed

    def close(self) -> None:
        """The request is answered."""
        self._database.close()

    # ── who ──

    def operates(self, token: str) -> bool:
        """Whether a token is an operator's."""
        return ApiAccess(self._database).operates(token, self._clock())

    # ── what is shown ──

    def text(self) -> str:
        """For terminals."""
        return self._report().text(self._site.zone)

    def values(self) -> bytes:
        """For programs."""
        return orjson.dumps(self._report().values())

    def overview(self, done: str) -> str:
        """The service as a whole."""
        moment = self._clock()
        found = self._report(moment)
        day = moment.strftime("%Y-%m-%d")
        lately = [one for one in SqlNotices(self._database).notices(30) if one.mended_at is not None]
        with self._database.read() as connection:
            hours = room.entered(connection, moment)
            today = moment.astimezone(self._site.zone).date()
            overview = Overview(
                now=moment,
                counts=room.counts(connection, moment),
                wrong=sorted(found.wrong, key=lambda one: not one.grave),
                lately=lately[:10],
                web=found.status.web,
                workers=found.status.workers,
                publication=found.status.publication,
                feeds=len(self._lists),
                articles_today=sum(
                    one.count or 0 for one in hours if one.at.astimezone(self._site.zone).date() == today
                ),
                hours=hours,
                lag=room.lag(connection),
                requests_today=reach.requests_of(connection, day),
                polls_today=room.polls(connection),
                topics=found.status.topics,
                trouble=found.status.trouble,
                pings=found.status.pings,
                following=found.status.following,
            )
        return self._pages.overview(overview, told=self._spec.told, done=done)

    def sources(self, health: str, words: str, number: int, done: str) -> str:
        """One page of the sources."""
        chosen = Health(health) if health in set(Health) else None
        moment = self._clock()
        page = room.source_page(self._database, moment, health=chosen, words=words, number=number)
        return self._pages.sources(page, health=chosen, words=words, now=moment, done=done)

    def source(self, number: int, done: str) -> str | None:
        """Everything about one source; None: there is none."""
        moment = self._clock()
        known = room.source(self._database, number, moment)
        if known is None:
            return None
        usual = Usual.load(known.usual)
        detail = SourceDetail(
            row=known.row,
            runs=known.runs,
            hours=_hours(usual, moment),
            fields={
                name: (series.recent[-1], _middle(series.past))
                for name, series in usual.fields.items()
                if series.recent
            },
            lag=known.lag,
            lists=[(one.slug, one.title) for one in self._fed.get(known.key, ())],
            proposal=known.proposal,
            traces=known.traces,
        )
        row = known.row
        todo = remedy(row.code) if row.code else "open it and compare with the feed; if this is right, say so"
        return self._pages.source(detail, remedy=todo, now=moment, done=done)

    def feeds(self, number: int) -> str:
        """One page of the feeds."""
        moment = self._clock()
        rows, pages = room.feeds(
            self._database, list(self._lists.values()), moment.strftime("%Y-%m-%d"), number=number
        )
        return self._pages.feeds(rows, min(number, pages), pages, now=moment)

    def feed(self, slug: str, done: str) -> str | None:
        """Everything about one feed; None: there is none."""
        moment = self._clock()
        if slug not in self._lists:
            return None
        found = room.feed(self._database, self._lists[slug], moment.strftime("%Y-%m-%d"))
        return self._pages.feed(found, now=moment, done=done)

    def readers(self) -> str:
        """Who reads."""
        moment = self._clock()
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        seconds = (moment - midnight).total_seconds()
        with self._database.read() as connection:
            found = reach.read_reach(connection, moment)
        judged = [replace(one, behaves=behaviour(one, seconds=seconds)) for one in found.readers]
        return self._pages.readers(replace(found, readers=judged), now=moment)

    def changes(self) -> bytes:
        """The changes of state, as Atom."""
        notices = SqlNotices(self._database).notices(CHANGES)
        entries = [entry for one in notices for entry in self._told(one)]
        entries.sort(key=lambda one: one["at"], reverse=True)
        return status_feed(self._site, entries[:CHANGES])

    def _told(self, one: Notice) -> Iterator[dict[str, Any]]:
        yield {
            "id": f"{one.no}-broke",
            "title": headline(one, mended=False),
            "text": body(one, mended=False, zone=self._site.zone),
            "at": one.broke_at,
        }
        if one.mended_at is not None:
            yield {
                "id": f"{one.no}-mended",
                "title": headline(one, mended=True),
                "text": body(one, mended=True, zone=self._site.zone),
                "at": one.mended_at,
            }

    def metrics(self) -> tuple[bytes, str]:
        """For Prometheus: the text and its media type."""
        moment = self._clock()
        found = self._report(moment)
        return exposition(list(families(self._database, found, moment))), KIND

    # ── what is done ──

    def act(self, what: str, values: Mapping[str, str]) -> bool:
        """Do what a button says; False where it is about nothing. Raises EditorialError."""
        moment = self._clock()
        if what in ("withdraw", "remove"):
            editorial = editorial_of(self._database, self._spec.lists, self._site, self._clock)
            try:
                article = editorial.find(values.get("article", ""))
                if what == "withdraw":
                    return editorial.withdraw(article)
                return editorial.remove(article, values.get("list", ""))
            except EditorialError:
                return False
        number = values.get("source", "")
        if not (number.isascii() and number.isdecimal()):
            return False
        operating, source = SqlOperating(self._database), min(int(number), 2**62)
        match what:
            case "poll":
                return bool(operating.poll_now(source, moment))
            case "pause":
                return bool(operating.pause(source, moment))
            case "resume":
                return bool(operating.resume(source, moment))
            case "accept":
                return bool(operating.accept(source, moment))
            case "refuse":
                return bool(operating.refuse(source))
        return False

    def _report(self, moment: datetime | None = None) -> Report:
        return report_of(self._database, moment or self._clock())


def _hours(usual: Usual, moment: datetime) -> list[Hour]:
    last = int(moment.timestamp()) // 3600
    return [
        Hour(at=datetime.fromtimestamp(hour * 3600, UTC), count=usual.count(hour), usual=usual.expected(hour))
        for hour in range(last - room.TWO_DAYS + 1, last + 1)
    ]


def _middle(values: Sequence[float]) -> float | None:
    return sorted(values)[len(values) // 2] if values else None
