"""What reading a date gives: a moment, or a doubt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Precision(StrEnum):
    """How exact the text was."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"  #: "3 hours ago"
    DAY = "day"


class Label(StrEnum):
    """What the words before a date say it is."""

    PUBLISHED = "published"
    UPDATED = "updated"


class Reason(StrEnum):
    """Why a text gave no moment. The values are shown to people and do not change."""

    NO_DATE = "no-date"  #: no date in it
    AMBIGUOUS_ORDER = "ambiguous-order"  #: 03/04/2025 and nothing that says which is the day
    AMBIGUOUS_MONTH = "ambiguous-month"  #: the name means different months in different languages
    AMBIGUOUS_ZONE = "ambiguous-zone"  #: CST, IST, … without a hint
    NO_ZONE = "no-zone"  #: no zone in the text and none known for the source
    NO_CLOCK = "no-clock"  #: relative, and the time of reading is not known
    WEEKDAY = "weekday-contradicts"
    IMPOSSIBLE_DATE = "impossible-date"  #: 31 February
    IMPOSSIBLE_TIME = "impossible-time"  #: 24:25
    OUT_OF_RANGE = "out-of-range"  #: before 1990 or after 2100: a fault, not a news date


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A date that was read."""

    at: datetime  #: aware, in the zone that was read or assumed; a day without a time is its midnight there
    precision: Precision
    label: Label | None = None
    #: what had to be concluded: `zone-assumed` (no zone in the text), `year-inferred`, `day-inferred`,
    #: `relative`, `offset-assumed` …; empty when the text says everything
    flags: frozenset[str] = frozenset()
    text: str = ""  #: the text, as it was given

    def __post_init__(self) -> None:
        if self.at.tzinfo is None or self.at.utcoffset() is None:
            raise ValueError("a moment needs its zone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A text that gave no moment, with the reason."""

    reason: Reason
    text: str = ""
