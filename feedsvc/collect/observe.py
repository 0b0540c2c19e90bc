"""What a poll shows of its source besides the articles: how many, with which fields, how late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from feedsvc.collect.bodies import PollResult
from feedsvc.curate.usual import FIELDS, Drift, Finding, Usual
from feedsvc.model import Draft
from feedsvc.protocols import Task
from feedsvc.store.queue.runs import Kept

LATE = timedelta(days=2)  #: what was published longer ago was found late for other reasons
PAGE_FIELDS = ("published", "authors", "image", "content")
PAGE_SPAN = 6  #: article pages that are compared with those before at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What one poll showed."""

    found: int | None = None  #: articles of the reading; None: nothing was read
    shares: dict[str, float] | None = None  #: field → share of them that have it
    lag: float | None = None  #: seconds from publication to this poll: the median of the new ones
    late: float | None = None  #: seconds from publication to the poll before, which did not show them yet


def observe(
    result: PollResult, published: Sequence[datetime | None], now: datetime, *, before: datetime | None
) -> Observed:
    """The figures of a poll that was read; `published` are the times of the articles that are new in it.

    `before` is the moment of the poll before. How late a source is cannot be told by the time of this one: a
    source that is polled once a day is not late.
    """
    drafts: dict[str, Draft] = {
        draft.url or draft.row or draft.guid: draft for _, wanted in result.by_list for draft, _ in wanted
    }
    if not result.by_list or result.older:
        return Observed()
    count = len(drafts)
    shares = {
        name: round(sum(bool(getattr(one, name)) for one in drafts.values()) / count, 3) for name in FIELDS
    } if count else None  # fmt: skip
    lags = [
        (now - at).total_seconds() for at in published if at is not None and timedelta() <= now - at < LATE
    ]
    lag = median(lags) if lags else None
    late = None
    if lag is not None and before is not None:
        late = max(0.0, lag - (now - before).total_seconds())
    return Observed(found=count, shares=shares, lag=lag, late=late)


def learnt(
    kept: Kept, task: Task, seen: Observed, published: Sequence[datetime | None], now: datetime
) -> Kept:
    """What is usual for a list or feed after a poll, and how far from it the source is now."""
    usual = Usual.load(kept.value).polled(now, published if task.complete else ())
    if seen.shares is not None:
        usual = usual.read(seen.shares, lag=seen.late)
    return _judged(kept, usual, usual.judge(now), now)


def learnt_of_page(kept: Kept, draft: Draft, now: datetime) -> Kept:
    """The same for the article pages of a host, after one more of them."""
    shares = {name: float(bool(getattr(draft, name))) for name in PAGE_FIELDS}
    usual = Usual.load(kept.value, span=PAGE_SPAN).read(shares)
    return _judged(kept, usual, usual.judge(now), now)


def _judged(kept: Kept, usual: Usual, found: Finding, now: datetime) -> Kept:
    since = None if found.drift is Drift.NONE else kept.since or now
    return Kept(value=usual.dump(), drift=int(found.drift), reason=found.reason, since=since)
