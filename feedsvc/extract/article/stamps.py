"""Everything on a page that states a time, as stamps of one kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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
    LABEL,
    PUBLISHED_METAS,
    UPDATED_METAS,
)
from feedsvc.extract.outline import reading_length

UTC_ZONE = ZoneInfo("UTC")
#: ISO with dashes in the time of day, as one large portal writes it: 2023-11-02T20-59-53Z
_DASHED = re.compile(r"^(\d{4}-\d\d-\d\d[T ]\d\d)-(\d\d)-(\d\d)(?=Z|[+-]\d|$)")
_FIRST_YEAR, _LAST_YEAR = 1995, 2100
_DATE_LINE = 60  #: characters, as reading_length counts them
_MOST_LINES = 40  #: date lines of a page that are weighed
_MOST_CLOCKS = 3_000  #: elements that are looked at for the clock of a post's foot
_CLOCK_ALONE = re.compile(r"\d{1,2}[:.h]\d{2}(?:\s?[AaPp]\.?\s?[Mm]\.?)?")
_CLOCK_WIDTH, _FOOT = 12, 200  #: characters of the clock, of the line that it stands in
#: elements beside `time` that may carry a date for machines
_STAMPED = (
    "[datetime]:not(time), [data-datetime], [data-date], [data-time], [data-timestamp], [data-utime], "
    "[data-published], [data-publish-date], [data-pubdate], abbr[title], span[title], div[title]"
)
_STAMP_NAME, _OTHER_STAMP = re.compile(r"date|time|publish"), re.compile(r"updat|modif|expir|start|end")
_BARS = re.compile(r"\s{0,2}[|•·]\s{0,2}")
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d{2}\b(?!\.\d)")


@dataclass(frozen=True, slots=True)
class Stamp:
    """One statement of a time."""

    moment: Moment
    origin: str
    text: str
    weight: float  #: how much speaks for it being the article's
    updated: bool = False  #: says when the article was changed, not when it was published
    reasons: tuple[str, ...] = ()  #: what spoke for and against it

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
    return sorted(found, key=lambda stamp: -stamp.weight)


def _machine_stamps(page: Page) -> Iterator[Stamp | None]:
    yield from _linked_stamps(page, page.linked.article, first=True)
    for other in page.linked.others:
        if not types(other) & MEDIA:
            yield from _linked_stamps(page, other, first=False)
    for name in PUBLISHED_METAS:
        careful = name.startswith(("article:", "og:")) or "publish" in name
        for value in page.metas.get(name, ())[:2]:
            yield read_stamp(value, f"meta {name}", META if careful else OTHER_META, page)
    for name in UPDATED_METAS:
        for value in page.metas.get(name, ())[:1]:
            yield read_stamp(value, f"meta {name}", UPDATE, page, updated=True)
    for node in page.tree.css("[itemprop=datePublished], [itemprop=dateCreated]")[:12]:
        given = node.attributes
        value = given.get("content") or given.get("datetime") or given.get("title") or text_in(node)
        yield _placed(read_stamp(value, "itemprop datePublished", ITEMPROP, page), node, page)
    stamped = page.tree.css("abbr.published[title]")  # hAtom; it may stand in the foot of the post
    if len(stamped) == 1:
        yield read_stamp(stamped[0].attributes.get("title") or "", "abbr title", TIME + 1, page)
    for node in page.tree.css("time[datetime]")[:20]:
        yield _placed(_time_element(node, page), node, page)
    for node in page.tree.css(_STAMPED)[:20]:
        yield _placed(_stamped_element(node, page), node, page)


def _stamped_element(node: LexborNode, page: Page) -> Stamp | None:
    """What an attribute that is called a date says, or a title that is one: `title="3 May 2026 9:10"`."""
    given = node.attributes
    for name, value in given.items():
        if value and _STAMP_NAME.search(name) and not _OTHER_STAMP.search(name):
            read = dates.read_stamp(value, zone=page.zone or UTC_ZONE)
            if not isinstance(read, Doubt):
                return read_stamp(value, f"attribute {name}", CREATED, page)
    title = given.get("title") or ""
    return (
        read_stamp(title, "title of a date", CREATED, page) if dates.is_date(title, page.language) else None
    )


def _linked_stamps(page: Page, node: Node, *, first: bool) -> Iterator[Stamp | None]:
    where = "ld+json" if first else "ld+json (other)"
    weight = LINKED if first else ITEMPROP
    yield read_stamp(text_of(node.get("datePublished")), f"{where} datePublished", weight, page)
    if first:
        yield read_stamp(
            text_of(node.get("dateModified")), f"{where} dateModified", UPDATE, page, updated=True
        )
        for key in ("dateCreated", "uploadDate"):
            yield read_stamp(text_of(node.get(key)), f"{where} {key}", CREATED, page)


def _time_element(node: LexborNode, page: Page) -> Stamp | None:
    given = node.attributes
    around = class_of(node.parent) if node.parent is not None else ""
    says = f"{class_of(node)} {given.get('itemprop') or ''} {around} {text_in(node)[:40]}"
    updated = bool(IS_UPDATE.search(says)) and not IS_PUBLISHED.search(says)
    weight = UPDATE if updated else TIME + (IS_PUBLISHED.search(says) is not None or "pubdate" in given)
    return read_stamp(given.get("datetime") or "", "time datetime", weight, page, updated=updated)


# ── the weight of a statement ─────────────────────────────────────────────────────────────────────────

#: what a page states for machines, by how carefully newsrooms keep it; what readers see starts at LINE
LINKED, META, ITEMPROP, OTHER_META, TIME, CREATED, LINE, UPDATE = 10.0, 9.0, 8.0, 7.0, 5.0, 4.0, 3.0, 1.0
_NEAR, _NEARER = 1_500, 300  #: characters of text between a statement and the headline
_FAR = 6_000
_OF_CARD = 7.0  #: what is lost by standing in a card or a side column: more than any nearness gives back
_ADDRESS_AGREES, _ADDRESS_CONTRADICTS = 2.0, 3.0
_DAYS_APART = timedelta(days=2)


def _placed(stamp: Stamp | None, node: LexborNode, page: Page) -> Stamp | None:
    """A stamp weighed by where its element stands: near the headline, in a card, far down."""
    return None if stamp is None else _weighed(stamp, _by_place(node, page))


def _by_place(node: LexborNode, page: Page) -> list[tuple[float, str]]:
    if page.is_beside(node):
        return [(-_OF_CARD, "in a card or side column")]
    away = page.distance_to_headline(node)
    if away is None:
        return []
    if abs(away) <= _NEARER:
        return [(2.0 if away >= 0 else 1.5, "by the headline")]
    if abs(away) <= _NEAR:
        return [(1.0 if away >= 0 else 0.5, "near the headline")]
    return [(-1.0, "far from the headline")] if abs(away) > _FAR else []


def _weighed(stamp: Stamp, reasons: Iterable[tuple[float, str]]) -> Stamp:
    given = [(value, why) for value, why in reasons if value]
    return replace(
        stamp,
        weight=stamp.weight + sum(value for value, _ in given),
        reasons=stamp.reasons + tuple(f"{why} {value:+g}" for value, why in given),
    )


def with_address(stamp: Stamp, address: Stamp | None) -> Stamp:
    """A stamp weighed by the day that the page's address holds."""
    if address is None or stamp.updated:
        return stamp
    apart = abs(stamp.wall.date() - address.wall.date())
    if apart <= timedelta(days=1):
        return _weighed(stamp, [(_ADDRESS_AGREES, "agrees with the address")])
    return (
        _weighed(stamp, [(-_ADDRESS_CONTRADICTS, "contradicts the address")])
        if apart > _DAYS_APART
        else stamp
    )


def read_stamp(text: str, origin: str, weight: float, page: Page, *, updated: bool = False) -> Stamp | None:
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
    return Stamp(read, origin, text, weight, updated)


# ── what people read ──────────────────────────────────────────────────────────────────────────────────


def visible_stamps(page: Page, lines: tuple[Line, ...]) -> tuple[list[Stamp], Doubt | None]:
    """Date lines: lines near the headline and what elements call a date, what speaks most for itself first.

    Also the first reason why a date line could not be read.
    """
    found: dict[tuple[str, int], Stamp] = {}
    doubt: Doubt | None = None
    for text, node in (*_near_lines(lines), *_date_elements(page)):
        read = _read_line(text, page)
        if isinstance(read, Doubt):
            if read.reason is not dates.Reason.NO_DATE and doubt is None:
                doubt = read
        elif _FIRST_YEAR <= read.at.year <= _LAST_YEAR and len(found) < _MOST_LINES:
            stamp = _line_stamp(read, text, node, page)
            found.setdefault((text, node.mem_id), stamp)
    return sorted(found.values(), key=lambda stamp: -stamp.weight), doubt


def _read_line(text: str, page: Page) -> Moment | Doubt:
    """What a line says; of a line whose zone nobody can tell, the day is certain all the same."""
    zone = page.zone or UTC_ZONE
    read = dates.read(text, language=page.language, zone=zone, now=page.now)
    if not isinstance(read, Doubt):
        return read
    if read.reason is dates.Reason.AMBIGUOUS_ZONE and (clock := _CLOCK.search(text)):
        return dates.read(text[: clock.start()], language=page.language, zone=zone, now=page.now)
    if read.reason is dates.Reason.AMBIGUOUS_ORDER and (address := stamp_in_address(page)) is not None:
        for language in ("en-GB", "en-US"):  # day first, month first: the address knows the day
            other = dates.read(text, language=language, zone=zone, now=page.now)
            if not isinstance(other, Doubt) and abs(other.at.date() - address.wall.date()) <= timedelta(
                days=1
            ):
                return other
    return read


def _line_stamp(read: Moment, text: str, node: LexborNode, page: Page) -> Stamp:
    updated = read.label is Label.UPDATED
    stamp = Stamp(read, "date line", text, LINE, updated)
    sentence = not stamp.is_line and not _has_date_part(text, page.language)
    reasons = [
        (-3.0 if sentence else 1.0, "a sentence" if sentence else "a line of its own"),
        (1.0 if read.label is Label.PUBLISHED else 0.0, "says published"),
        (1.0 if stamp.is_exact else 0.0, "says the minute"),
        (0.5 if stamp.is_exact and stamp.has_zone else 0.0, "says its zone"),
        *_by_place(node, page),
    ]
    return _weighed(stamp, reasons)


def _has_date_part(text: str, language: str) -> bool:
    """Whether a line is a date, or one of its parts between bars: `3 March 2026 | 16:40 | By X, Y and Z`."""
    parts = _BARS.split(text)
    return dates.is_date(text, language) or (
        len(parts) > 1 and any(dates.is_date(part, language) for part in parts)
    )


def _date_elements(page: Page) -> Iterator[tuple[str, LexborNode]]:
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
            yield text, node
            if looked >= 40:
                return


def _near_lines(lines: tuple[Line, ...]) -> Iterator[tuple[str, LexborNode]]:
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
            yield f"{line.text} {following.text}", line.block  # day and time on two lines
        yield line.text, line.block


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
    return Stamp(moment, "address", match[0], LINE)


def clock_of_foot(day: Stamp, page: Page) -> Stamp | None:
    """A line's day with the clock beside the byline in the foot of the post: `Posted by X at 19:05`."""
    for node in page.tree.css("a, abbr, span, time")[:_MOST_CLOCKS]:
        text = text_in(node) if node.child is not None else ""
        if not text or len(text) > _CLOCK_WIDTH or not _CLOCK_ALONE.fullmatch(text) or page.is_beside(node):
            continue
        foot = node.parent
        for _ in range(3):
            if foot is None or LABEL.match(text_in(foot)[:_DATE_LINE]):
                break
            foot = foot.parent
        else:
            foot = None
        if foot is None or len(text_in(foot)) > _FOOT:
            continue
        line = f"{day.moment.at:%Y-%m-%d} {text}"
        read = dates.read(line, language=page.language, zone=page.zone or UTC_ZONE)
        if not isinstance(read, Doubt) and read.precision is Precision.MINUTE:
            return Stamp(read, day.origin, f"{day.text} {text}", day.weight, day.updated, day.reasons)
    return None
