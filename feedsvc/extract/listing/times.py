"""When the articles of a list were published, as far as the list says."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from feedsvc.dates import Doubt, Moment, Precision
from feedsvc.extract.listing.dating import MAX_WIDTH, Dating
from feedsvc.extract.listing.month_day import figures_of, settle_years
from feedsvc.extract.listing.page import LINE_BREAK, Page, fold_space, stamps_of, width
from feedsvc.extract.listing.words import RECORDINGS

#: What a text can say, best first
STAMP, DATE, RELATIVE, CLOCK, NOTHING = 4, 3, 2, 1, 0

_DURATION_CLASS = re.compile(r"dur|length|video|runtime|player|score|menit-baca|read(?:ing)?-?time", re.I)
_TITLED = frozenset({"a", "img", "iframe"})  #: their titles say what they lead to
_YEAR = re.compile(r"(?:19|20)\d\d")
_PARTS_OF_DATE = 4  #: elements that a date may be divided among
_GAP_CHUNKS = 24  #: how far from its card a time may stand in a flat layout
_WHOLE = 0.6  #: share of a text from which it is a time and little else
_LINE = 45  #: width up to which a text that also says other things may be a time line


@dataclass(slots=True, eq=False)
class Time:
    """What was read at one place."""

    kind: int
    moment: Moment | None = None
    doubt: Doubt | None = None


_NONE = Time(NOTHING)


def kind_of(moment: Moment) -> int:
    """What the text of a moment says."""
    if "relative" in moment.flags:
        return RELATIVE
    return CLOCK if "day-inferred" in moment.flags else DATE


class Times:
    """Reads the times of cards and of the gaps between them."""

    def __init__(self, page: Page, dating: Dating) -> None:
        self._page = page
        self._dating = dating

    def within(self, first: int, end: int, start: int, stop: int, skip: tuple[int, int] = (0, 0)) -> Time:
        """The best time among the elements `first:end` and chunks `start:stop`, outside the chunks `skip`."""
        stamp = self._stamp(first, end)
        if stamp is not None:
            return Time(STAMP, stamp)
        best, best_rank = _NONE, (0, False, False)
        doubt: Doubt | None = None
        for text, owner in self._texts(start, stop, skip):
            found = self._dating.read(text)
            if found is None:
                continue
            if isinstance(found, Doubt):
                doubt = doubt or (found if width(text) <= _LINE else None)
                continue
            kind, fill = kind_of(found), self._dating.fill(text)
            whole = fill >= _WHOLE
            if self._is_prose(text, kind, fill, owner):
                continue
            rank = (kind, whole, found.precision is not Precision.DAY)
            if rank > best_rank:
                best, best_rank = Time(kind, found), rank
        if best.moment is None and doubt is not None:
            return Time(NOTHING, doubt=doubt)
        if best.kind in (RELATIVE, CLOCK) and (exact := self._tooltip(first, end)) is not None:
            return Time(DATE, exact)
        return best

    def _tooltip(self, first: int, end: int) -> Moment | None:
        """The day and clock that a card shows where one points at its "3 hours ago"."""
        for element in self._page.elements[first:end]:
            said = element.attrs.get("title") if element.tag not in _TITLED else None
            if said and len(said) <= MAX_WIDTH and _YEAR.search(said) and self._dating.is_date(said):
                found = self._dating.read(said)
                if isinstance(found, Moment) and kind_of(found) == DATE:
                    return found
        return None

    def read_column(self, places: Sequence[Place]) -> None:
        """Date the cards by days without a year, where each has one and they go back in time."""
        elements = self._page.elements
        column = []
        for place in places:
            texts = self._texts(elements[place.first].start, elements[place.last].stop, place.skip)
            column.append(next((pair for text, _ in texts if (pair := figures_of(text))), None))
        for place, moment in zip(places, self._dating.read_column(column), strict=True):
            if moment is not None and place.time.moment is None:
                place.time = Time(DATE, moment)

    def of_text(self, text: str) -> Time:
        """The time that a short text gives."""
        found = self._dating.read(text)
        if isinstance(found, Moment):
            return Time(kind_of(found), found)
        return Time(NOTHING, doubt=found)

    def _stamp(self, first: int, end: int) -> Moment | None:
        stamped = self._page.stamped
        for index in stamped[bisect_left(stamped, first) : bisect_left(stamped, end)]:
            element = self._page.elements[index]
            for value in stamps_of(element.tag, element.attrs):
                if moment := self._dating.stamp(value):
                    return moment
        return None

    def _is_prose(self, text: str, kind: int, fill: float, owner: int) -> bool:
        """Whether a text only mentions a time, rather than being one."""
        if kind == CLOCK:
            marks = "".join(element.marks for element in self._page.above(owner, 2))
            return fill < _WHOLE or bool(_DURATION_CLASS.search(marks))
        if width(text) <= _LINE:
            return False
        return fill < (0.4 if kind == RELATIVE else 0.2)

    def _texts(self, start: int, stop: int, skip: tuple[int, int]) -> list[tuple[str, int]]:
        """Texts that may be times: each chunk, and each small element that holds several."""
        page = self._page
        found: list[tuple[str, int]] = []
        seen: set[int] = set()
        for first, end in ((start, skip[0]), (skip[1], stop)):  # day, month and year beside the title
            if 2 <= end - first <= _PARTS_OF_DATE and len(text := page.join(first, end)) <= _LINE:
                found.append((text, page.owners[first]))
        for chunk in range(start, min(stop, start + 80)):
            if skip[0] <= chunk < skip[1] or page.texts[chunk] == LINE_BREAK:
                continue
            owner = page.owners[chunk]
            if len(page.texts[chunk]) <= 2 * MAX_WIDTH:
                found.append((fold_space(page.texts[chunk]), owner))
            for element in page.above(owner, 3):  # day and month in spans of their own
                if element.index in seen:
                    continue
                seen.add(element.index)
                inside = start <= element.start and element.stop <= stop
                if not inside or not 2 <= element.stop - element.start <= 8:
                    continue
                if element.start >= skip[1] or element.stop <= skip[0]:
                    found.append((page.join(element.start, element.stop), element.index))
        return found


@dataclass(slots=True, eq=False)
class Place:
    """Where a card stands, and what was read of its time."""

    first: int  #: element
    last: int
    skip: tuple[int, int]  #: the chunks of its title
    time: Time = _NONE
    stamp: str = ""  #: a date that stood within the title


def date_places(times: Times, page: Page, places: Sequence[Place], container: int, heading: str = "") -> None:
    """Set the time of each place: from its card, the gaps between cards, or the day headings above them.

    Under a heading that names recordings ("Video") a clock alone is a duration.
    """
    elements = page.elements
    for place in places:
        first, last = elements[place.first], elements[place.last]
        place.time = times.within(first.index, last.end, first.start, last.stop, place.skip)
        if place.time.moment is None and place.stamp:
            place.time = times.of_text(place.stamp)
    if heading and RECORDINGS.search(heading):
        for place in places:
            if place.time.kind == CLOCK:
                place.time = _NONE  # how long it plays
    half = len(places) / 2
    if sum(place.time.kind == CLOCK for place in places) >= half:
        _carry_days(times, page, places)
    elif sum(place.time.moment is not None for place in places) < half:
        _from_gaps(times, page, places, container)
    if sum(place.time.moment is not None for place in places) < half:
        times.read_column(places)
    for place, moment in zip(places, settle_years([place.time.moment for place in places]), strict=True):
        if moment is not place.time.moment:
            place.time = replace(place.time, moment=moment)


def _carry_days(times: Times, page: Page, places: Sequence[Place]) -> None:
    day: Moment | None = None
    before = max(0, page.elements[places[0].first].start - 12)
    for place in places:
        start = page.elements[place.first].start
        above = times.within(place.first, place.first, before, start)
        if above.moment is not None and above.kind >= RELATIVE:
            day = above.moment
        if day is not None and place.time.kind == CLOCK and place.time.moment is not None:
            place.time = Time(DATE, on_day(place.time.moment, day))
        before = page.elements[place.last].stop


def on_day(clock: Moment, day: Moment) -> Moment:
    """The clock time of one moment on the day of the other."""
    local = clock.at.astimezone(day.at.tzinfo)
    at = datetime.combine(day.at.date(), local.time().replace(tzinfo=None, fold=0), tzinfo=day.at.tzinfo)
    flags = (clock.flags - {"day-inferred"}) | day.flags
    return replace(clock, at=at, flags=flags, text=f"{day.text} {clock.text}")


def _from_gaps(times: Times, page: Page, places: Sequence[Place], container: int) -> None:
    """Flat layouts: the times stand between the cards, after them, before them, or once a day above them."""
    have = sum(place.time.moment is not None for place in places)
    after, before = _gaps(times, page, places, container)
    counts = [sum(time.moment is not None for time in side) for side in (after, before)]
    if max(counts) > have and max(counts) >= len(places) / 2:
        fuller = after if counts[0] >= counts[1] else before
        for place, time in zip(places, fuller, strict=True):
            if place.time.moment is None:
                place.time = time
    elif counts[1] > have:
        day = _NONE
        for place, time in zip(places, before, strict=True):
            if time.moment is not None:
                # a day heads a list; a minute says when the page was made, or the article above
                day = time if time.moment.precision is Precision.DAY else _NONE
            if place.time.moment is None:
                place.time = day


def _gaps(times: Times, page: Page, places: Sequence[Place], container: int) -> tuple[list[Time], list[Time]]:
    elements = page.elements
    around = elements[container]
    after, before = [], []
    for n, place in enumerate(places):
        first, last = elements[place.first], elements[place.last]
        following = elements[places[n + 1].first] if n + 1 < len(places) else None
        end = min(following.index if following else around.end, last.end + 60)
        stop = min(following.start if following else around.stop, last.stop + _GAP_CHUNKS)
        after.append(times.within(last.end, max(last.end, end), last.stop, stop))
        earlier = elements[places[n - 1].last] if n else None
        begin = max(earlier.end if earlier else around.index, first.index - 60)
        start = max(earlier.stop if earlier else around.start, first.start - _GAP_CHUNKS)
        before.append(times.within(min(begin, first.index), first.index, start, first.start))
    return after, before
