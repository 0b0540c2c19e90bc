"""Everything on a page that states a time, as stamps of one kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from feedsvc import dates
from feedsvc.dates import Doubt, Label, Moment, Precision
from feedsvc.extract.article.ldjson import MEDIA, Node, text_of, types
from feedsvc.extract.article.lines import Line
from feedsvc.extract.article.page import Page, class_of, text_in
from feedsvc.extract.article.words import (
    DATE_CLASSES,
    IS_PUBLISHED,
    IS_UPDATE,
    PUBLISHED_METAS,
    UPDATED_METAS,
)
from feedsvc.extract.outline import reading_length

UTC_ZONE = ZoneInfo("UTC")
#: ISO with dashes in the time of day, as one large portal writes it: 2023-11-02T20-59-53Z
_DASHED = re.compile(r"^(\d{4}-\d\d-\d\d[T ]\d\d)-(\d\d)-(\d\d)(?=Z|[+-]\d|$)")
_FIRST_YEAR, _LAST_YEAR = 1995, 2100
_DATE_LINE = 60  #: characters, as reading_length counts them


@dataclass(frozen=True, slots=True)
class Stamp:
    """One statement of a time."""

    moment: Moment
    origin: str
    text: str
    rank: int  #: 0 is the most reliable
    updated: bool = False  #: says when the article was changed, not when it was published

    @property
    def wall(self) -> datetime:
        """What a clock on the wall shows, without zone and seconds."""
        return self.moment.at.replace(tzinfo=None, second=0, microsecond=0)

    @property
    def has_zone(self) -> bool:
        """Whether the text itself says its zone."""
        return "zone-assumed" not in self.moment.flags

    @property
    def is_exact(self) -> bool:
        """Whether it says the minute, and not a midnight that stands for a day."""
        return self.moment.precision in (Precision.MINUTE, Precision.SECOND) and not self.is_midnight

    @property
    def is_line(self) -> bool:
        """Whether the text is hardly more than a date, not a sentence that mentions one."""
        return reading_length(self.text) <= _DATE_LINE

    @property
    def is_midnight(self) -> bool:
        """Midnight to the second: mostly a day that a program filled up."""
        at = self.moment.at
        return (at.hour, at.minute, at.second) == (0, 0, 0)

    @property
    def offset(self) -> timedelta:
        """East of UTC."""
        return self.moment.at.utcoffset() or timedelta()

    def in_zone(self, zone: tzinfo, flag: str) -> Stamp:
        """The same wall clock in another zone."""
        at = self.moment.at.replace(tzinfo=zone)
        return replace(self, moment=replace(self.moment, at=at, flags=self.moment.flags | {flag}))


def machine_stamps(page: Page) -> list[Stamp]:
    """Stamps meant for machines: ld+json, metas, itemprop, `<time datetime>`; the most reliable first."""
    found = [stamp for stamp in _machine_stamps(page) if stamp is not None]
    return sorted(found, key=lambda stamp: stamp.rank)


def _machine_stamps(page: Page) -> Iterator[Stamp | None]:
    yield from _linked_stamps(page, page.linked.article, first=True)
    for other in page.linked.others:
        if not types(other) & MEDIA:
            yield from _linked_stamps(page, other, first=False)
    for name in PUBLISHED_METAS:
        rank = 1 if name.startswith(("article:", "og:")) or "publish" in name else 3
        for value in page.metas.get(name, ())[:2]:
            yield read_stamp(value, f"meta {name}", rank, page)
    for name in UPDATED_METAS:
        for value in page.metas.get(name, ())[:1]:
            yield read_stamp(value, f"meta {name}", 8, page, updated=True)
    for node in page.tree.css("[itemprop=datePublished], [itemprop=dateCreated]")[:6]:
        if not page.is_beside(node):
            given = node.attributes
            value = given.get("content") or given.get("datetime") or given.get("title") or text_in(node)
            yield read_stamp(value, "itemprop datePublished", 2, page)
    stamped = page.tree.css("abbr.published[title]")  # hAtom; it may stand in the foot of the post
    if len(stamped) == 1:
        yield read_stamp(stamped[0].attributes.get("title") or "", "abbr title", 4, page)
    for node in page.tree.css("time[datetime]")[:12]:
        if not page.is_beside(node):
            yield _time_element(node, page)


def _linked_stamps(page: Page, node: Node, *, first: bool) -> Iterator[Stamp | None]:
    where = "ld+json" if first else "ld+json (other)"
    yield read_stamp(text_of(node.get("datePublished")), f"{where} datePublished", 0 if first else 2, page)
    if first:
        yield read_stamp(text_of(node.get("dateModified")), f"{where} dateModified", 8, page, updated=True)
        for key in ("dateCreated", "uploadDate"):
            yield read_stamp(text_of(node.get(key)), f"{where} {key}", 6, page)


def _time_element(node: LexborNode, page: Page) -> Stamp | None:
    given = node.attributes
    around = class_of(node.parent) if node.parent is not None else ""
    says = f"{class_of(node)} {given.get('itemprop') or ''} {around} {text_in(node)[:40]}"
    updated = bool(IS_UPDATE.search(says)) and not IS_PUBLISHED.search(says)
    rank = 8 if updated else 4 if IS_PUBLISHED.search(says) or "pubdate" in given else 5
    return read_stamp(given.get("datetime") or "", "time datetime", rank, page, updated=updated)


def read_stamp(text: str, origin: str, rank: int, page: Page, *, updated: bool = False) -> Stamp | None:
    """A stamp from a machine's text, or from a person's where the machine was given one; None if neither."""
    text = _DASHED.sub(r"\1:\2:\3", text.strip())
    if not text or len(text) > 100:
        return None
    zone = page.zone or UTC_ZONE
    read = dates.read_stamp(text, zone=zone)
    if isinstance(read, Doubt):
        read = dates.read(text, language=page.language, zone=zone, now=page.now)
    if isinstance(read, Doubt) or not _FIRST_YEAR <= read.at.year <= _LAST_YEAR:
        return None
    if "clock-only" in read.flags:
        return None  # of which day?
    return Stamp(read, origin, text, rank, updated)


# ── what people read ──────────────────────────────────────────────────────────────────────────────────


def visible_stamps(page: Page, lines: tuple[Line, ...]) -> tuple[list[Stamp], Doubt | None]:
    """Date lines: first those that their element calls so, then lines near the headline.

    Also the first reason why a date line could not be read.
    """
    found: list[Stamp] = []
    doubt: Doubt | None = None
    for text, origin in (*_date_elements(page), *_near_lines(lines)):
        read = dates.read(text, language=page.language, zone=page.zone or UTC_ZONE, now=page.now)
        if isinstance(read, Doubt):
            if read.reason is not dates.Reason.NO_DATE and doubt is None:
                doubt = read
        elif _FIRST_YEAR <= read.at.year <= _LAST_YEAR:
            found.append(Stamp(read, origin, text, 7, read.label is Label.UPDATED))
        if len(found) >= 12:
            break
    return found, doubt


def _date_elements(page: Page) -> Iterator[tuple[str, str]]:
    looked = 0
    for node in page.tree.css(DATE_CLASSES):
        if node.tag in (
            "meta",
            "body",
            "html",
            "article",
            "main",
            "script",
            "header",
            "svg",
            "path",
            "video",
            "link",
        ):
            continue
        text = text_in(node)
        if len(text) <= 160 and any(char.isdigit() for char in text) and not page.is_beside(node):
            looked += 1
            yield text, "date line"
            if looked >= 40:
                return


def _near_lines(lines: tuple[Line, ...]) -> Iterator[tuple[str, str]]:
    nearest_first = [line for line in lines if line.distance > 0] + [
        line for line in reversed(lines) if line.distance < 0
    ]
    by_distance = {line.distance: line for line in lines}
    for line in nearest_first:
        if len(line.text) > 140 or not any(char.isdigit() for char in line.text):
            continue
        following = by_distance.get(line.distance + 1)
        if (
            following is not None
            and len(following.text) < 25
            and any(char.isdigit() for char in following.text)
        ):
            yield f"{line.text} {following.text}", "date line"  # day and time on two lines
        yield line.text, "date line"


def stamp_in_address(page: Page) -> Stamp | None:
    """The day that many addresses hold: /2025/12/18/."""
    match = re.search(r"/(20\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?!\d)", page.url)
    if match is None:
        return None
    try:
        at = datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=page.zone or UTC)
    except ValueError:
        return None
    moment = Moment(at=at, precision=Precision.DAY, flags=frozenset({"zone-assumed"}), text=match[0])
    return Stamp(moment, "address", match[0], 9)
