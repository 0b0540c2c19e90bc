"""When an upstream is looked at next, and the tick that makes it happen.

The due table holds the times (decision 2); APScheduler fires only the tick.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from feedsvc.errors import Code, FeedsvcError, FetchError
from feedsvc.seams import Task

FLOOR = timedelta(minutes=15)  #: between two looks at a foreign host's list
USUAL = timedelta(minutes=30)  #: the same where nothing is wished for
OWN_USUAL = timedelta(seconds=30)
PUSHED = 10  #: changes in a row that a hub pushed first: then looks are there only to notice that it fails
PUSHED_USUAL = timedelta(hours=1)
LONGEST = timedelta(hours=24)  #: no hint and no backoff goes beyond
OWN_LONGEST = timedelta(minutes=5)  #: an own server that is back is noticed soon
#: When an article's page is looked at again, counted from its publication.
REVISITS = tuple(timedelta(minutes=m) for m in (15, 60, 360, 1440))
OWN_REVISITS = (timedelta(minutes=1), timedelta(minutes=5), *REVISITS)
#: How long after a failure an article's page is tried again; then no more.
PAGE_RETRIES = tuple(timedelta(seconds=s) for s in (30, 300, 1800, 7200, 43200))
OWN_PAGE_RETRIES = tuple(timedelta(seconds=s) for s in (5, 30, 120, 600, 3600))
#: How soon a page that is gone is looked at again, and for how long after it was withdrawn.
GONE_AGAIN, OWN_GONE_AGAIN = timedelta(minutes=31), timedelta(seconds=65)
GIVEN_UP = timedelta(days=7)

_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """The next look. None: no further one is planned."""

    due: datetime | None
    not_before: datetime | None = None  #: what the host asked for; nobody overrides it
    hold_host: datetime | None = None  #: what it asked for the whole host


class Timing:
    """Decides when to look again; pure but for the jitter, whose source is given."""

    def __init__(self, jitter: Callable[[], float] = random.random) -> None:
        self._jitter = jitter

    def after(
        self,
        task: Task,
        *,
        now: datetime,
        error: FeedsvcError | None = None,
        hints: Mapping[str, str] | None = None,
        ttl: int | None = None,
    ) -> Next:
        """The next look at the upstream of `task` that was just looked at.

        `hints` are the answer's headers, `ttl` is what a feed asks for (seconds). On foreign hosts both are
        floors, as is 15 minutes; wishes of the configuration never go below a floor.
        """
        wait = error.wait if isinstance(error, FetchError) else None
        hold = None
        if isinstance(error, FetchError) and error.code is Code.HTTP_WAIT:
            # a host that says 429 or 503 speaks for all its addresses; without a time: back off
            seconds = wait if wait is not None else self._backoff(task).total_seconds()
            hold = now + timedelta(seconds=min(seconds, LONGEST.total_seconds() * 365))
            return Next(due=hold + self._spread(timedelta(seconds=30)), not_before=hold, hold_host=hold)
        not_before = now + timedelta(seconds=wait) if wait else None
        due = (
            self._page(task, now, error)
            if task.article is not None
            else self._list(task, now, error, hints, ttl)
        )
        if due is not None and not_before is not None:
            due = max(due, not_before)
        return Next(due=due, not_before=not_before)

    def _list(
        self,
        task: Task,
        now: datetime,
        error: FeedsvcError | None,
        hints: Mapping[str, str] | None,
        ttl: int | None,
    ) -> datetime | None:
        if isinstance(error, FetchError) and error.status == 410 and not task.claim.own:
            return None  # RFC 9110 15.5.11: gone for good
        interval = self.interval(task)
        if error is not None:
            interval = max(interval, self._backoff(task))
        elif not task.claim.own:
            floor = max(_asked_for(hints or {}, now), timedelta(seconds=ttl or 0))
            interval = max(interval, min(floor, LONGEST))
        if task.streak >= PUSHED:
            interval = max(interval, PUSHED_USUAL)
        return now + interval + self._spread(interval / 10)

    def interval(self, task: Task) -> timedelta:
        """The ordinary distance between two looks at a list."""
        wish = timedelta(seconds=task.upstream.every) if task.upstream.every else None
        if task.claim.own:
            return wish or OWN_USUAL
        return max(wish or USUAL, FLOOR)

    def _page(self, task: Task, now: datetime, error: FeedsvcError | None) -> datetime | None:
        if isinstance(error, FetchError) and error.code is Code.HTTP_GONE:
            return self._gone(task, now)
        if error is not None:
            retries = OWN_PAGE_RETRIES if task.claim.own else PAGE_RETRIES
            if isinstance(error, FetchError) and error.code is Code.BLOCKED_ROBOTS:
                return None
            if task.failures < len(retries):
                return now + retries[task.failures]
            return None
        born = task.born or now
        revisits = OWN_REVISITS if task.claim.own else REVISITS
        return next((born + after for after in revisits if born + after > now), None)

    def _gone(self, task: Task, now: datetime) -> datetime | None:
        """A page that answers 404 or 410: soon again until that is certain, then now and then for a week."""
        if not task.withdrawn:
            return now + (OWN_GONE_AGAIN if task.claim.own else GONE_AGAIN)
        since = now - (task.gone_since or now)
        return now + min(max(since, GONE_AGAIN), LONGEST) if since < GIVEN_UP else None

    def _backoff(self, task: Task) -> timedelta:
        """Exponential with full jitter above the ordinary interval; never beyond a day (own: 5 minutes)."""
        interval = self.interval(task)
        longest = OWN_LONGEST if task.claim.own else LONGEST
        ceiling = min(longest, interval * 2 ** min(task.failures + 1, 16))
        return interval + self._spread(max(timedelta(), ceiling - interval))

    def _spread(self, span: timedelta) -> timedelta:
        """Jitter: it lengthens, never shortens, so that floors hold."""
        return timedelta(seconds=span.total_seconds() * self._jitter())


def _asked_for(hints: Mapping[str, str], now: datetime) -> timedelta:
    """What Cache-Control max-age or else Expires asks for (RFC 9111 5.2.2.1, 5.3)."""
    age = _MAX_AGE.search(hints.get("cache-control", ""))
    if age:
        return timedelta(seconds=int(age[1]))
    try:
        expires = parsedate_to_datetime(hints["expires"])
    except (KeyError, ValueError):
        return timedelta()
    if expires.tzinfo is None:
        expires = expires.replace(tzinfo=UTC)
    return max(timedelta(), expires - now)


class Ticker:
    """Calls `tick` every `seconds`, one call at a time; late calls are dropped, not queued."""

    def __init__(self, tick: Callable[[], object], *, seconds: float) -> None:
        self._scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(1)}, timezone=UTC, daemon=True
        )
        self._scheduler.add_job(
            tick, "interval", seconds=seconds, coalesce=True, max_instances=1, misfire_grace_time=None
        )

    def start(self) -> None:
        """Begin."""
        self._scheduler.start()

    def stop(self) -> None:
        """End; a tick under way is waited for."""
        self._scheduler.shutdown(wait=True)
