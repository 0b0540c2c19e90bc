"""The newsroom: which stories there are at a moment, and how they read. A pure function of time and edits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from heapq import merge
from itertools import islice

from feedsvc.demo import dateline
from feedsvc.demo.desks import BY_SLUG, INDONESIAN, Desk
from feedsvc.demo.dice import roll
from feedsvc.demo.edits import Add, Edit, Edits, Move, Rewrite, Withdraw
from feedsvc.demo.schedule import DAY, LONGEST_LAG, UNTOUCHED, Schedule, fate, place
from feedsvc.demo.writing import Assignment, write

FIRST_ID = 100_000
KEPT = 2048  #: texts that are kept ready
GAP = (
    24  #: the longest wait for a desk's next story, in steps: its turn may open one dozen and close the next
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story as it reads at a moment."""

    id: int
    desk: Desk
    published: datetime
    updated: datetime  #: last visible change; equals `published` where there was none
    slug: str
    headline: str
    body: tuple[str, ...]
    reporter: str
    note: str = ""  #: the correction's note below the text
    photo: str = ""  #: what the picture shows
    credit: str = ""
    scene: str = "hills"
    tags: tuple[str, ...] = ()
    related: tuple[int, ...] = ()
    gone: int = 0  #: the status that its page answers once it was withdrawn

    @property
    def day(self) -> str:
        """`2025/12/18`, as its addresses have it."""
        return self.published.astimezone(dateline.WIB).strftime("%Y/%m/%d")

    @property
    def path(self) -> str:
        """Its address."""
        return f"/{self.desk.slug}/read/{self.day}/{self.id}/{self.slug}"

    @property
    def picture(self) -> str:
        """The address of its picture."""
        return f"/foto/{self.day}/{self.id}.png"

    @property
    def thumbnail(self) -> str:
        """The address of the small picture that lists show."""
        return f"/foto/{self.day}/{self.id}-kecil.png"

    @property
    def caption(self) -> str:
        """`Suasana rapat (Foto: …)` or `Suasana rapat/Net`."""
        return self.photo + ("" if self.credit.startswith("/") else " ") + self.credit

    @property
    def lead(self) -> str:
        """The first paragraph."""
        return self.body[0]

    @property
    def guid(self) -> str:
        """Its id in feeds: the house's own, or an absolute one on the English desk."""
        if self.desk.language == "en":
            return f"tag:kabar-merawan.example,2025:story:{self.id}"
        return f"km-{self.id}"


@dataclass(frozen=True, slots=True)
class View:
    """A moment. Two of them are equal if the newsroom looks the same at both."""

    tick: int
    edits: tuple[Edit, ...]
    now: datetime = field(compare=False)


class Newsroom:
    """All stories, at any time."""

    def __init__(self, schedule: Schedule | None = None, edits: Edits | None = None) -> None:
        self.schedule = schedule or Schedule()
        self.edits = edits or Edits()
        self._written = lru_cache(maxsize=KEPT)(self._write)

    def view(self, now: datetime) -> View:
        """What tells one look of the newsroom from another."""
        return View(self.schedule.tick(now), self.edits.holding(now), now)

    def stories(self, now: datetime, *desks: Desk) -> Iterator[Story]:
        """All stories, newest first; of the Indonesian desks, if none is named."""
        return (self._story(number, now) for number in self._ids(now, desks or INDONESIAN))

    def listing(self, now: datetime, *desks: Desk, start: int = 0, count: int = 20) -> tuple[Story, ...]:
        """A part of `stories`; what comes before the part is not written for it."""
        ids = islice(self._ids(now, desks or INDONESIAN), start, start + count)
        return tuple(self._story(number, now) for number in ids)

    def story(self, number: int, now: datetime) -> Story | None:
        """The story with that id, if it is or was published; look at its `gone`."""
        added = next((edit for edit in self.edits.holding(now, number) if isinstance(edit, Add)), None)
        if added is None and not 0 <= number - FIRST_ID <= self.schedule.tick(now):
            return None
        return self._story(number, now)

    def popular(self, now: datetime, *desks: Desk, count: int = 7) -> tuple[Story, ...]:
        """The most read of the last days, most read first. Ranks shift by the hour."""
        slugs = frozenset(desk.slug for desk in desks or INDONESIAN)
        best = _most_read(self.schedule.tick(now) * 24 // DAY, slugs)
        stories = (self._story(k + FIRST_ID, now) for k in best)
        return tuple(islice((story for story in stories if not story.gone), count))

    def changed(self, now: datetime, *desks: Desk) -> datetime | None:
        """When the list of these desks last changed; None if it is empty."""
        tick = self.schedule.tick(now)
        slugs = {desk.slug for desk in desks or INDONESIAN}
        steps = [
            step
            for k in range(max(0, tick - LONGEST_LAG - GAP), tick + 1)
            if place(k).desk in slugs
            for step in (k, *fate(k).steps())
            if step <= tick
        ]
        moments = [self.schedule.moment(max(steps))] if steps else []
        return max((*moments, *(edit.at for edit in self.edits.holding(now))), default=None)

    def _ids(self, now: datetime, desks: tuple[Desk, ...]) -> Iterator[int]:
        slugs = {desk.slug for desk in desks}
        edits = self.edits.holding(now)
        gone = {edit.id for edit in edits if isinstance(edit, Withdraw)}
        added = sorted(
            ((edit.at, edit.id) for edit in edits if isinstance(edit, Add) and edit.desk in slugs),
            reverse=True,
        )
        both = merge(self._scheduled(now, slugs), added, reverse=True)
        return (number for _, number in both if number not in gone)

    def _scheduled(self, now: datetime, slugs: set[str]) -> Iterator[tuple[datetime, int]]:
        tick = self.schedule.tick(now)
        for k in range(tick, -1, -1):
            if place(k).desk in slugs:
                withdrawn = fate(k).withdrawn
                if withdrawn is None or withdrawn > tick:
                    yield self.schedule.moment(k), k + FIRST_ID

    def _story(self, number: int, now: datetime) -> Story:
        edits = self.edits.holding(now, number)
        added = next((edit for edit in edits if isinstance(edit, Add)), None)
        story = self._scheduled_story(number - FIRST_ID, now) if added is None else _own(added)
        for edit in edits:
            match edit:
                case Rewrite():
                    story = replace(
                        story,
                        headline=story.headline if edit.headline is None else edit.headline,
                        body=story.body if edit.body is None else edit.body,
                        updated=edit.at,
                    )
                case Move():
                    story = replace(story, slug=edit.slug)
                case Withdraw():
                    story = replace(story, gone=edit.status)
                case Add():
                    pass
        return story

    def _scheduled_story(self, k: int, now: datetime) -> Story:
        tick, end = self.schedule.tick(now), fate(k)
        story = self._written(k, end.fixed is not None and end.fixed <= tick)
        if end.withdrawn is not None and end.withdrawn <= tick:
            return replace(story, gone=end.status)
        return story

    def _write(self, k: int, corrected: bool) -> Story:
        where, end = place(k), fate(k)
        desk, published = BY_SLUG[where.desk], self.schedule.moment(k)
        fixed = self.schedule.moment(end.fixed) if corrected and end.fixed is not None else None
        fix = None if end.fixed is None else end.fix
        copy = write(Assignment(k=k, desk=desk, nth=where.nth, published=published, fix=fix, fixed=fixed))
        return Story(
            id=k + FIRST_ID,
            desk=desk,
            published=published,
            updated=fixed or published,
            slug=slugify(copy.first_headline),
            headline=copy.headline,
            body=copy.body,
            reporter=copy.reporter,
            note=copy.note,
            photo=copy.photo,
            credit=copy.credit,
            scene=copy.scene,
            tags=copy.tags,
            related=_related(k),
        )


def slugify(headline: str) -> str:
    """`ratusan-warga-datangi-dprd`."""
    return re.sub(r"[^a-z0-9]+", "-", headline.lower()).strip("-")[:90].rstrip("-")


@lru_cache(maxsize=64)
def _most_read(hour: int, slugs: frozenset[str]) -> tuple[int, ...]:
    """Stories of two to eight days before, as their readers would rank them in that hour."""
    scores: dict[int, int] = {}
    for age in range(2, 9):
        first = (hour // 24 - age) * DAY
        for turn in range(48):
            k = first + roll("read", first, turn) % DAY
            if k >= 0 and place(k).desk in slugs and fate(k).withdrawn is None:
                scores[k] = roll("score", k) % 1000 - age * 6 + roll("hour", k, hour) % 60
    return tuple(sorted(scores, key=lambda k: -scores[k]))


def _own(edit: Add) -> Story:
    return Story(
        id=edit.id,
        desk=BY_SLUG[edit.desk],
        published=edit.at,
        updated=edit.at,
        slug=slugify(edit.headline),
        headline=edit.headline,
        body=edit.body,
        reporter=edit.reporter,
        photo=edit.headline,
        credit="/Net",
    )


def _related(k: int) -> tuple[int, ...]:
    """Up to three older stories of the desk that nobody will ever touch, so that the page stays as it is."""
    desk = place(k).desk
    older = (other for other in range(k - 1, max(-1, k - 400), -1) if place(other).desk == desk)
    steady = (other + FIRST_ID for other in older if fate(other) == UNTOUCHED)
    skipped = 1 + roll("related", k) % 5
    return tuple(islice(steady, skipped, skipped + 3))
