"""Dates are read, never invented; a doubtful one is held back, never the article. Decision 8."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from feedsvc.curate.identity import MintedIds
from feedsvc.curate.merge import heard
from feedsvc.dates import Moment, Precision
from feedsvc.model import Level, Release, Statement, Waiting

AHEAD = timedelta(minutes=10)  #: a source's clock may be this fast
OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
_IN_PATH = re.compile(
    r"(?:^|[/_-])((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?=[/_-]|$)"
)


@dataclass(frozen=True, slots=True)
class Settled:
    """When an article was published, as well as it is known."""

    at: datetime  #: UTC
    precision: Precision | None
    offset: int | None
    origin: str
    embargo: bool = False


def settle(
    statements: Sequence[Statement],
    *,
    url: str,
    first_seen: datetime,
    rank: int,
    zone: ZoneInfo,
    now: datetime,
) -> Settled:
    """The best date that the statements give: store > page > feed > sitemap > list > address > first seen.

    A statement to the minute goes before one to the day; one more than 10 minutes in the future counts only
    as an embargo (the source store or the API says so). An undated article of rank r gets first-seen - r s.
    """
    dated = [
        (said, said.draft.published)
        for said in heard(statements)
        if said.draft.published is not None and said.draft.published.at >= OLDEST
    ]
    for said, moment in dated:
        if said.level is Level.STORE and said.draft.embargo and moment.at > now:
            return _settled(said, moment, embargo=True)
    past = [(said, moment) for said, moment in dated if moment.at <= now + AHEAD]
    exact = [pair for pair in past if pair[1].precision in (Precision.SECOND, Precision.MINUTE)]
    if exact:
        return _settled(*_agreeing(exact, past))
    hour = next((pair for pair in past if pair[1].precision is Precision.HOUR), None)
    if hour:
        return _settled(*hour)
    if past:
        said, moment = past[0]
        at = _of_day(moment.at.date(), _zone_of(moment, zone), first_seen)
        return Settled(at, Precision.DAY, _offset(moment), _origin(said))
    day = date_in(url)
    if day is not None:
        at = _of_day(day, zone, first_seen)
        if at <= now + AHEAD:
            return Settled(at, Precision.DAY, None, "address")
    return Settled(first_seen - timedelta(seconds=rank), None, None, "first seen")


def _agreeing(
    exact: list[tuple[Statement, Moment]], past: list[tuple[Statement, Moment]]
) -> tuple[Statement, Moment]:
    """The exact moment to take: the strongest, unless a stronger source names another day."""
    strongest = past[0][1]
    if strongest.precision is Precision.DAY:
        there = strongest.at.tzinfo
        on_that_day = [pair for pair in exact if pair[1].at.astimezone(there).date() == strongest.at.date()]
        return (on_that_day or [past[0]])[0]
    return exact[0]


def _settled(said: Statement, moment: Moment, *, embargo: bool = False) -> Settled:
    if moment.precision is Precision.DAY:
        at = datetime.combine(moment.at.date(), time(12), moment.at.tzinfo).astimezone(UTC)
    else:
        at = moment.at.astimezone(UTC)
    return Settled(at, moment.precision, _offset(moment), _origin(said), embargo)


def _origin(said: Statement) -> str:
    where = said.draft.origin.get("published") or said.upstream_key
    return f"{said.level.name.lower()}: {where}{said.draft.told_sure('published')}"


def _offset(moment: Moment) -> int | None:
    offset = moment.at.utcoffset()
    return None if offset is None else int(offset.total_seconds() // 60)


def _zone_of(moment: Moment, zone: ZoneInfo) -> ZoneInfo:
    return moment.at.tzinfo if isinstance(moment.at.tzinfo, ZoneInfo) else zone


def _of_day(day: date, zone: ZoneInfo, first_seen: datetime) -> datetime:
    """A day without a time: when it was first seen if that was the same day there, else noon of the day."""
    if first_seen.astimezone(zone).date() == day:
        return first_seen
    return datetime.combine(day, time(12), zone).astimezone(UTC)


def date_in(url: str) -> date | None:
    """The day that stands in the path of an address, if exactly one does."""
    found = {match.groups() for match in _IN_PATH.finditer(urlsplit(url).path)}
    if len(found) != 1:
        return None
    year, month, day = next(iter(found))
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def release(waiting: Waiting, *, namespace: UUID, zone: ZoneInfo, now: datetime) -> Release:
    """How `waiting` goes live now: its ids, and its dates.

    Seconds that no source gave stay open (0) here; the store closes them, so that no two entries share
    `updated`.
    """
    article = waiting.article
    settled = settle(
        waiting.statements,
        url=article.story.url,
        first_seen=article.first_seen,
        rank=waiting.rank,
        zone=zone,
        now=now,
    )
    published = settled.at.replace(microsecond=0)
    changed = [said.draft.updated.at for said in heard(waiting.statements) if said.draft.updated]
    later = [moment.astimezone(UTC) for moment in changed if published < moment <= now + AHEAD]
    return Release(
        article=article.no,
        ids=MintedIds(namespace, waiting.statements, waiting.keys, article.story.url, published, article.no),
        published=published,
        precision=settled.precision,
        offset=settled.offset,
        updated=max(later, default=published).replace(microsecond=0),
        origin=settled.origin,
        embargo=settled.at if settled.embargo else None,
    )
