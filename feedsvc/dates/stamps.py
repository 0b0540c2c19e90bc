"""Stamps that programs write: ISO 8601, RFC 822 and its descendants, `date`, JavaScript, Unix seconds.

Sources: ISO 8601 as ld+json, meta and time elements spell it (also 2025-12-18T20-59-53Z, +7:00,
[Asia/Jakarta]); RFC 822 5, RFC 2822 3.3 and 4.3 (letters of military zones tell nothing), RFC 850; asctime
and Date.toString of C, Java and JavaScript; seconds, milliseconds and microseconds since 1970.

A name of a weekday that contradicts the figures is flagged here, not doubted: programs take such names from
wrong tables, and the figures with their zone decide. Prose is another matter (absolute.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo

from feedsvc.dates.calendars import FIRST_YEAR, LAST_YEAR, NEPALI_FIRST, civil, full_year
from feedsvc.dates.clock import Clock, possible
from feedsvc.dates.hints import Hints
from feedsvc.dates.layout import moment
from feedsvc.dates.moment import Doubt, Moment, Precision, Reason
from feedsvc.dates.vocabulary import look_up
from feedsvc.dates.zones import named_zone, offset_text

#: No stamp is longer; what is longer is prose.
LONGEST_STAMP = 100

_TIME = r"(?P<H>\d{1,2}):(?P<M>\d\d)(?::(?P<S>\d\d)(?:[.,]\d{1,9})?)?"
#: a name, figures, or figures with a name before or behind them; never "pm"
_ZONE = (
    r"(?P<zone>(?:(?!(?i:[ap]m))[A-Za-z]{1,5})?"
    r"(?: ?[+\-−]\d{1,2}(?::?\d\d){0,2}(?: [A-Z]{2,5})?)?)"
)
_ZONE_PARTS = re.compile(r"([A-Za-z]*) ?([+\-−][\d:]+)?.*")
#: what programs add: (Western Indonesia Time), [Asia/Jakarta], a name behind the figures, Go's m=+0.01
_TAIL = r"(?: ?\([^()]{1,40}\)| ?\[[\w/+\-]{1,40}\])?(?: m=\S{1,30})?"
_WEEKDAY = r"(?:(?P<w>[^\W\d_]{2,12}'?[^\W\d_]{0,12})\.?,? *)?"
_MONTH = r"(?P<m>[^\W\d_]{3,12})\.?"

_ISO = re.compile(
    r"(?P<y>\d{4})(?:(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})|(?P<md>\d{4})"
    r"|-?W(?P<week>\d\d)-?(?P<wd>[1-7])|-(?P<nth>\d{3})(?=[Tt]))"
    r"(?:(?:[Tt]| )(?P<H>\d\d|\d(?=:))(?:[:.\-]?(?P<M>\d\d)(?:[:.\-]?(?P<S>\d\d)(?:[.,]\d{1,9})?)?)?"
    rf" ?{_ZONE}{_TAIL})?Z?"
)
_RFC822 = re.compile(
    rf"{_WEEKDAY}(?P<d>\d{{1,2}})[ \-]{_MONTH}[ \-](?P<y>\d{{2,4}}),? {_TIME} ?{_ZONE}{_TAIL}"
)
_ASCTIME = re.compile(
    rf"{_WEEKDAY}{_MONTH} (?P<d>\d{{1,2}}),? (?:(?P<y>\d{{4}}) {_TIME} ?{_ZONE}{_TAIL}"
    rf"|{_TIME.replace('(?P<', '(?P<b')} ?{_ZONE.replace('zone', 'bzone')} (?P<by>\d{{4}}))"
)
_PACKED = re.compile(r"(?P<y>\d{4})(?P<md>\d{4})(?P<H>\d\d)(?P<M>\d\d)(?P<S>\d\d)?")
_EPOCH = re.compile(r"@?(?:/Date\()?(?P<n>\d{10}|\d{13}|\d{16})(?:\.\d{1,9})?(?:[+\-]\d{4})?(?:\)/)?")
_SPACES = re.compile(r"\s+")
#: In an address + means a space, so programs that hand a stamp on lose the sign
_LOST_PLUS = re.compile(
    r"((?:T\d\d:\d\d|:\d\d:\d\d)(?:[.,:]\d{1,9})?)(?: |%2[Bb])((?:0\d|1[0-4]):?(?:00|30|45))$"
)
#: ten digits that begin so are the running number of a day; until 2033 no second of the epoch does
_CALENDAR = re.compile(r"(?:199|20\d)\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")


def stamp_of(text: str, hints: Hints, *, prose: bool) -> Moment | Doubt | None:
    """What a stamp says, or None if the text is none.

    `prose`: the text may be for people, so that a contradicting weekday without a zone in figures (or seconds
    and a zone) is left to the reader of prose.
    """
    if len(text) > LONGEST_STAMP:
        return None
    text = _SPACES.sub(" ", text.strip())
    if not text:
        return None
    text = _LOST_PLUS.sub(r"\1+\2", text)
    if text[0].isdigit() or text[0] in "@/":
        if match := _ISO.fullmatch(text) or _PACKED.fullmatch(text):
            stamp = _iso(match, text, hints)
            if not (prose and _other_calendar(stamp, hints)) and not (text.isdigit() and _fails(stamp)):
                return stamp
        if match := _EPOCH.fullmatch(text):
            return _epoch(match, text, hints)
    if ":" in text and (not prose or "+" in text or text.count(":") > 1 or " -" in text):
        for pattern in (_RFC822, _ASCTIME):
            if match := pattern.fullmatch(text):
                return _named(match, text, hints, prose=prose)
    return None


def _other_calendar(stamp: Moment | Doubt, hints: Hints) -> bool:
    """May this year be of another calendar, which the reader of prose knows?"""
    if isinstance(stamp, Moment):
        return hints.language == "ne" and stamp.at.year >= NEPALI_FIRST
    return stamp.reason is Reason.OUT_OF_RANGE


def _fails(stamp: Moment | Doubt) -> bool:
    """Are these figures no date at all?"""
    return isinstance(stamp, Doubt) and stamp.reason is not Reason.NO_ZONE


def _iso(match: re.Match[str], text: str, hints: Hints) -> Moment | Doubt:
    groups = match.groupdict()
    day = _iso_day(groups)
    if isinstance(day, Reason):
        return Doubt(reason=day, text=text)
    clock = _clock(groups["H"], groups["M"], groups["S"])
    if isinstance(clock, Reason):
        return Doubt(reason=clock, text=text)
    zone = _zone(groups.get("zone") or "", day, clock, hints)
    return moment(day, clock, zone, None, set(), hints, text)


def _iso_day(groups: Mapping[str, str | None]) -> date | Reason:
    year = int(groups["y"] or 0)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Reason.OUT_OF_RANGE
    try:
        if groups.get("week"):
            return date.fromisocalendar(year, int(groups["week"] or 0), int(groups["wd"] or 0))
    except ValueError:
        return Reason.IMPOSSIBLE_DATE
    if groups.get("nth"):
        day = date(year, 1, 1) + timedelta(days=int(groups["nth"] or 0) - 1)
        return day if day.year == year else Reason.IMPOSSIBLE_DATE
    month, day_of_month = (
        divmod(int(groups["md"]), 100) if groups["md"] else (int(groups["m"] or 0), int(groups["d"] or 0))
    )
    return civil(year, month, day_of_month)


def _clock(hour: str | None, minute: str | None, second: str | None) -> Clock | Reason | None:
    if hour is None:
        return None
    h, m, s = int(hour), int(minute or 0), int(second or 0)
    if not possible(h, m, s):
        return Reason.IMPOSSIBLE_TIME
    return Clock(0, 0, h, m, None if second is None else min(s, 59))


def _zone(text: str, day: date, clock: Clock | None, hints: Hints) -> tzinfo | Reason | None:
    """The zone at the end of a stamp: None if it tells none, as military letters and unknown names do not."""
    match = _ZONE_PARTS.fullmatch(text)
    assert match is not None
    name, figures = match[1], match[2]
    if figures:
        return offset_text(figures.replace("−", "-")) or Reason.IMPOSSIBLE_TIME
    if not name or (len(name) == 1 and name not in "zZ"):
        return None
    word = look_up(name.upper(), "")
    if word is None or word.kind != "Z":
        return None
    naive = datetime(day.year, day.month, day.day, clock.hour % 24 if clock else 0)  # noqa: DTZ001
    return named_zone(name, word.value, naive, hints)


def _named(match: re.Match[str], text: str, hints: Hints, *, prose: bool) -> Moment | Doubt | None:
    """A stamp with the month's name."""
    groups = match.groupdict()
    b = "b" if groups["y"] is None else ""
    month = look_up(match["m"], hints.language)
    values = set(month.months.values()) if month else set()
    if month and hints.language in month.months:
        values = {month.months[hints.language]}
    if len(values) != 1:
        return None
    year = int(groups[b + "y"])
    day = civil(_year(year, len(groups[b + "y"])), values.pop(), int(match["d"]))
    clock = _clock(groups[b + "H"], groups[b + "M"], groups[b + "S"])
    if isinstance(day, Reason) or isinstance(clock, Reason) or clock is None:
        return Doubt(reason=day if isinstance(day, Reason) else Reason.IMPOSSIBLE_TIME, text=text)
    zone_text = groups[b + "zone"]
    zone = _zone(zone_text, day, clock, hints)
    span = zone_text[:1] in "-−" and clock.second is None and text[match.start(b + "zone") - 1] != " "
    if prose and (zone is None or span):
        return None  # a word behind the clock, or 10:00-12:00: left to the reader of prose
    flags: set[str] = set()
    if groups["w"] and _contradicts(groups["w"], day, hints):
        if prose and not (zone_text[-1:].isdigit() or (clock.second is not None and zone)):
            return None
        flags.add("weekday-wrong")
    return moment(day, clock, zone, None, flags, hints, text)


def _year(year: int, digits: int) -> int:
    """RFC 2822 4.3: two digits from 50 on are of the last century, three count from 1900."""
    if digits == 2:
        return full_year(year) if year < 50 else 1900 + year
    return year + 1900 if digits == 3 else year


def _contradicts(name: str, day: date, hints: Hints) -> bool:
    word = look_up(name, hints.language)
    if word is None or not word.weekdays:
        return False
    own = word.weekdays.get(hints.language)
    return day.weekday() not in (set(word.weekdays.values()) if own is None else {own})


def _epoch(match: re.Match[str], text: str, hints: Hints) -> Moment | Doubt | None:
    digits = match["n"]
    if len(digits) == 10 and _CALENDAR.match(digits):
        return None
    seconds = int(digits) / 10 ** (len(digits) - 10)
    at = datetime.fromtimestamp(seconds, hints.zone or UTC)
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        return Doubt(reason=Reason.OUT_OF_RANGE, text=text)
    return Moment(at=at.replace(microsecond=0), precision=Precision.SECOND, text=text)
