"""The dates of one page: `feedsvc.dates` with the page's language, zone and time, asked once a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from feedsvc import dates
from feedsvc.dates import Doubt, Moment, Reason
from feedsvc.extract.listing.month_day import days_of_column
from feedsvc.extract.listing.page import has_letter, width

MAX_WIDTH = 120  #: a longer text is prose, whatever it mentions
#: Without a digit only "yesterday", "just now" and the like are dates
_MAX_WORDLESS = 24
_DIGIT = re.compile(r"\d")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
_FIGURES = re.compile(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})\2((?:19|20)\d\d)(?!\d)")
_DOTTED = re.compile(r"(?<![\d.])\d{1,2}\.\d{1,2}\.(?:19|20)\d\d(?!\d)")
_DAY_FIRST, _MONTH_FIRST = "en-GB", "en-US"  #: tags that settle the order of figures, and nothing else


class Dating:
    """Reads the dates of one page, with the page's language and zone and the time of reading."""

    def __init__(
        self, language: str, zone: ZoneInfo | None, now: datetime, texts: Iterable[str] = ()
    ) -> None:
        self._language = language
        self._zone = zone
        self._now = now
        self._order = figure_order(texts, now.date())
        self._read: dict[str, Moment | Doubt | None] = {}
        self._pure: dict[str, bool] = {}
        self._fill: dict[str, float] = {}

    def is_date(self, text: str) -> bool:
        """Whether `text` is nothing but a date or time."""
        if not self._possible(text):
            return False
        if text not in self._pure:
            self._pure[text] = dates.is_date(text, self._language)
        return self._pure[text]

    def read(self, text: str) -> Moment | Doubt | None:
        """The moment in `text`, a doubt about a date that stands in it, or None where there is no date."""
        if not self._possible(text):
            return None
        if text not in self._read:
            self._read[text] = self._ask(text)
        return self._read[text]

    def read_column(self, column: Sequence[tuple[int, int] | None]) -> list[Moment | None]:
        """The days of a column of figures without a year, as `month_day` reads them."""
        return days_of_column(column, self._language, self._now, self._zone or UTC)

    def _ask(self, text: str) -> Moment | Doubt | None:
        found = dates.read(text, language=self._language_of(text), zone=self._zone, now=self._now)
        if isinstance(found, Moment):
            return found
        if found.reason is Reason.AMBIGUOUS_ORDER and self._order:
            settled = dates.read(text, language=self._order, zone=self._zone, now=self._now)
            if isinstance(settled, Moment):
                return replace(settled, flags=settled.flags | {"order-inferred"})
        return None if found.reason is Reason.NO_DATE else found

    def _language_of(self, text: str) -> str:
        """The page's language, but for figures whose order the page or their dots settle.

        English pages that write 07.05.2019 were made by people who write the day first.
        """
        if not _FIGURES.search(text):
            return self._language
        dotted = self._language.startswith("en") and _DOTTED.search(text)
        return self._order or (_DAY_FIRST if dotted else self._language)

    def fill(self, text: str) -> float:
        """How much of `text` the date in it is, 0 to 1; 0 where there is none."""
        if text not in self._fill:
            found = dates.find(text, language=self._language, zone=self._zone, now=self._now)
            if found is None and self._order:
                found = dates.find(text, language=self._order, zone=self._zone, now=self._now)
            self._fill[text] = found.fill if found else 0.0
        return self._fill[text]

    def stamp(self, value: str) -> Moment | None:
        """The moment of a machine-readable attribute (ISO 8601, seconds or milliseconds since 1970)."""
        value = value.strip()
        if not 8 <= len(value) <= 40 or not _DIGIT.search(value):
            return None
        if _EPOCH.fullmatch(value):
            value = datetime.fromtimestamp(int(value[:10]), self._now.tzinfo).isoformat()
        found = dates.read_stamp(value, zone=self._zone)
        return found if isinstance(found, Moment) else None

    @staticmethod
    def _possible(text: str) -> bool:
        if not 2 <= len(text) <= MAX_WIDTH:
            return False
        if _DIGIT.search(text):
            return True
        return len(text) <= _MAX_WORDLESS and width(text) <= _MAX_WORDLESS and has_letter(text)


def figure_order(texts: Iterable[str], today: date) -> str:
    """The language tag under which 03/04/2026 reads as all such dates of one page must, or "".

    One date with a figure above 12 settles it for the page, and so does one that would lie ahead.
    """
    day_first = month_first = 0
    tomorrow = today + timedelta(days=1)
    for text in texts:
        for match in _FIGURES.finditer(text[: 2 * MAX_WIDTH]):
            one, other, year = int(match[1]), int(match[3]), int(match[4])
            as_day_first, as_month_first = _day(year, other, one), _day(year, one, other)
            if (as_day_first or as_month_first) is None or one == other:
                continue
            day_first += as_month_first is None or as_month_first > tomorrow
            month_first += as_day_first is None or as_day_first > tomorrow
    if bool(day_first) == bool(month_first):
        return ""  # nothing said, or a contradiction: dates ahead (events) do not count
    return _DAY_FIRST if day_first else _MONTH_FIRST


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
