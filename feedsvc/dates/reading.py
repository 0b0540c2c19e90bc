"""The ways in: read, read_stamp, find."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from feedsvc.dates.absolute import best_day
from feedsvc.dates.days import full_days
from feedsvc.dates.hints import Hints, hints_of
from feedsvc.dates.layout import Span, doubt, share
from feedsvc.dates.line import Line, line_of, with_years_of_taiwan
from feedsvc.dates.moment import Doubt, Moment, Reason
from feedsvc.dates.recent import recent
from feedsvc.dates.stamps import stamp_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A date within a longer text."""

    moment: Moment  #: its `text` is the whole text
    start: int  #: where weekday, date, clock, zone and a label right before them begin
    end: int  #: … and end: text[start:end]
    fill: float  #: how much of the text's letters and digits they are, 0 to 1


def read(
    text: str, *, language: str = "", zone: tzinfo | None = None, now: datetime | None = None
) -> Moment | Doubt:
    """What a printed date says. Never raises, whatever the text.

    `language` is the page's language tag ("id", "en-US"; "" if unknown), `zone` the page's zone for texts
    without one, `now` the aware time of collecting: without it nothing relative is read.
    Of a long text the first 300 characters are read.
    """
    hints = hints_of(language, zone, now)
    if stamp := stamp_of(text, hints, prose=True):
        return replace(stamp, text=text)
    return replace(_read_line(line_of(text, hints.language), hints).result, text=text)


def read_stamp(text: str, *, zone: tzinfo | None = None) -> Moment | Doubt:
    """What a program's stamp says; NO_DATE for anything that a person might have written. Never raises."""
    stamp = stamp_of(text, Hints(zone=zone), prose=False) or Doubt(reason=Reason.NO_DATE)
    return replace(stamp, text=text)


def find(
    text: str, *, language: str = "", zone: tzinfo | None = None, now: datetime | None = None
) -> Found | None:
    """The date in a longer text with its place; None where `read` doubts. Never raises."""
    hints = hints_of(language, zone, now)
    if stamp := stamp_of(text, hints, prose=True):
        start = len(text) - len(text.lstrip())
        if isinstance(stamp, Doubt):
            return None
        return Found(moment=replace(stamp, text=text), start=start, end=len(text.rstrip()), fill=1.0)
    line = line_of(text, hints.language)
    result, first, last = _read_line(line, hints)
    if isinstance(result, Doubt):
        return None
    return Found(
        moment=replace(result, text=text),
        start=line.starts[first],
        end=line.ends[last - 1],
        fill=share(line, first, last),
    )


def _read_line(line: Line, hints: Hints) -> Span:
    """What a line says: a full date, or else what counts from the time of collecting."""
    if hints.language == "zh" and (hints.region == "TW" or str(hints.zone) == "Asia/Taipei"):
        line = with_years_of_taiwan(line)
    if found := full_days(line, hints):
        return best_day(line, found, hints)
    return recent(line, hints) or doubt(line, Reason.NO_DATE)
