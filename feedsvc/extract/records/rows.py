"""Rows of a newsroom's database → drafts, a batch at a time, in a child process while others are stored."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from feedsvc.extract.records import record
from feedsvc.extract.records.record import Setting, Text
from feedsvc.model import Draft
from feedsvc.plugin_api import FeedReading, Job

ROWS, CHARS = 250, 4_000_000  #: of one job at most: a child has seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """Which columns make an article, and how."""

    columns: Mapping[str, tuple[str, ...]]  #: field → columns, as the configuration writes them
    actual: Mapping[str, str]  #: column as written → as the database calls it
    guid: str
    link: str
    text: Text
    base: str
    note: str


@dataclass(frozen=True, slots=True)
class Row:
    """The columns of one row, and its id as text."""

    id: str
    values: Mapping[str, Any]

    @property
    def size(self) -> int:
        """Characters or bytes of its texts."""
        return sum(len(value) for value in self.values.values() if isinstance(value, (str, bytes)))


def parts(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows in order, as many at a time as one job takes."""
    part: list[Row] = []
    size = 0
    for row in rows:
        part.append(row)
        size += row.size
        if len(part) == ROWS or size > CHARS:
            yield part
            part, size = [], 0
    if part:
        yield part


def job(
    rows: Sequence[Row], meaning: Meaning, *, url: str, language: str, zone: ZoneInfo, now: datetime
) -> Job:
    """The job of reading `rows`. Raises what pickle does where a driver gives values of kinds of its own."""
    return Job(
        kind="rows",
        body=pickle.dumps(list(rows), protocol=pickle.HIGHEST_PROTOCOL),
        url=url,
        language=language,
        zone=zone,
        now=now,
        options={"meaning": meaning},
    )


def read(one: Job) -> FeedReading:
    """A draft a row, in order; those without a title have none of a text either."""
    rows: list[Row] = pickle.loads(one.body)  # noqa: S301 - what `job` wrote in our own process
    meaning: Meaning = (one.options or {})["meaning"]
    zone = one.zone
    assert zone is not None
    drafts = [draft(row, meaning, language=one.language, zone=zone, now=one.now) for row in rows]
    return FeedReading(entries=tuple(drafts))


def draft(row: Row, meaning: Meaning, *, language: str, zone: ZoneInfo, now: datetime) -> Draft:
    """What one row says about its article."""
    named = {name: row.values.get(found) for name, found in meaning.actual.items()}
    said = {name: _together([named[one] for one in found]) for name, found in meaning.columns.items()}
    link = ""
    if meaning.link:
        link = record.fill(meaning.link, named, escape=lambda value: quote(value, safe="/"))
    return record.draft(
        said,
        Setting(base=meaning.base, zone=zone, language=language, now=now, text=meaning.text),
        row=row.id,
        guid=record.fill(meaning.guid, named) if meaning.guid else "",
        link=link,
        note=meaning.note,
    )


def _together(values: Sequence[Any]) -> Any:
    return values[0] if len(values) == 1 else [value for value in values if value not in (None, "")]
