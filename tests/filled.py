"""A store with many made-up articles in many lists, as the benchmarks of publishing and serving need it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import insert, update

from feedsvc.dates import Precision
from feedsvc.model import Image, ListKind, ListSpec, Site, State, Story
from feedsvc.publish.pages import FrontPages
from feedsvc.publish.publisher import Publisher
from feedsvc.render.pages import Pages
from feedsvc.store import codec
from feedsvc.store import schema as t
from feedsvc.store.articles.lists import sync_lists, write_outbox
from feedsvc.store.publishing.builds import SqlPublishing
from tests.stores import migrated

SITE = Site(
    title="Kantor Berita Contoh",
    url="https://news.example/",
    language="id",
    zone=ZoneInfo("Asia/Jakarta"),
    namespace="6b2b5a0e-6c1d-4a41-9d54-6f2a6f6c9a11",
    base_url="http://127.0.0.1:8080",
    description="Berita dari seluruh nusantara.",
)
START = datetime(2026, 1, 1, tzinfo=UTC)
SYLLABLES = (
    "ba be bi bo ca da de di ga gu ha ja ka ke ki ko la li ma me mu na ne pa ra ri sa se si ta te tu wa ya"
).split()


def story(number: int, paragraphs: int = 2) -> Story:
    """One made-up article; the same number is always the same."""
    chance = random.Random(number)

    def words(count: int) -> str:
        return " ".join("".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(count))

    return Story(
        url=f"https://news.example/politik/read/2026/01/01/{number}/{words(5).replace(' ', '-')}",
        title=words(8).capitalize(),
        summary=f"{words(18).capitalize()}.",
        content="".join(f"<p>{words(22).capitalize()}.</p>" for _ in range(paragraphs)),
        authors=(words(2).title(),),
        tags=(f"tag {number % 20}",),
        image=Image(
            url=f"https://news.example/foto/{number}.jpg",
            width=1200,
            height=675,
            type="image/jpeg",
            length=90_000,
            caption=words(6),
        ),
        language="id",
    )


def lists(sections: int) -> tuple[ListSpec, ...]:
    """`latest` and so many sections."""
    latest = ListSpec(
        key="latest", slug="latest", kind=ListKind.LATEST, title=SITE.title, combined=True, language="id"
    )
    return (
        latest,
        *(
            ListSpec(
                key=f"s{n}",
                slug=f"s{n}",
                kind=ListKind.SECTION,
                title=f"Rubrik {n}",
                language="id",
                position=n + 1,
            )
            for n in range(sections)
        ),
    )


class Filled:
    """A store of `articles` articles, each in `latest` and in one of the sections, in turn."""

    def __init__(self, path: Path, *, sections: int, articles: int, base_url: str = SITE.base_url) -> None:
        self.url = f"sqlite:///{path}"
        self.site = replace(SITE, base_url=base_url)
        self.lists = lists(sections)
        self.takers: tuple[ListSpec, ...] = ()
        self.database = migrated(self.url)
        with self.database.write() as connection:
            sync_lists(connection, [(s.key, s.slug, s.kind, s.title) for s in self.lists], START)
        self.articles = 0
        self._sections = sections
        while self.articles < articles:
            self.add(min(5000, articles - self.articles), START + timedelta(seconds=self.articles))
        with self.database.write() as connection:
            write_outbox(connection, {spec.key: False for spec in self.lists}, START)

    def add(self, count: int, now: datetime, *, backfill: bool = True) -> set[str]:
        """`count` more articles, live at once; the lists that they entered are to be built."""
        rows, places, touched = [], [], {}
        for number in range(self.articles + 1, self.articles + count + 1):
            one = story(number)
            at = START + timedelta(seconds=number)
            rows.append(
                {
                    "no": number,
                    "id": f"https://news.example/?p={number}",
                    "state": State.LIVE,
                    "url": one.url,
                    "title": one.title,
                    "story": codec.pack(one),
                    "digest": b"",
                    "published": at,
                    "precision": Precision.SECOND,
                    "updated": at,
                    "first_seen": at,
                    "own": True,
                    "ready": True,
                    "release_at": at,
                    "touched": now,
                }
            )
            for key, entered in (
                ("latest", number),
                (f"s{number % self._sections}", (number + self._sections - 1) // self._sections),
            ):
                touched[key] = not backfill
                places.append(
                    {
                        "list": key,
                        "article": number,
                        "entered": entered,
                        "entered_at": now,
                        "rank": 0,
                        "backfill": backfill,
                        "live": True,
                        "published": at,
                        "touched": now,
                    }
                )
        self.articles += count
        with self.database.write() as connection:
            connection.execute(insert(t.article), rows)
            connection.execute(insert(t.membership), places)
            for key in touched:
                highest = max(int(str(one["entered"])) for one in places if one["list"] == key)
                connection.execute(update(t.listing).where(t.listing.c.key == key).values(entered=highest))
            if not backfill:
                write_outbox(connection, touched, now)
        return set(touched)

    def publisher(
        self,
        announce: Callable[[int], None],
        now: Callable[[], datetime],
        pages: type[FrontPages] = FrontPages,
    ) -> Publisher:
        """Builds the feeds of the store."""
        store = SqlPublishing(self.database)
        return Publisher(
            site=self.site,
            lists=(*self.lists, *self.takers),
            store=store,
            pages=pages(self.site, self.lists, store, Pages(self.site, self.lists)),
            announce=announce,
            now=now,
        )
