"""When an upstream is polled next. The due table holds the times (decision 2)."""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo

from feedsvc.collect.rhythm import HOUR, Fleet, Member, Rhythm, fleet, hour_of_week
from feedsvc.errors import Code, FeedsvcError, FetchError
from feedsvc.model import Upstream
from feedsvc.protocols import Task, Wishes

FLOOR = timedelta(minutes=15)  #: between two polls of a foreign host's list
USUAL = timedelta(minutes=30)  #: the same on average, where no budget is set
OWN_USUAL = timedelta(seconds=30)
PUSHED = 10  #: changes in a row that a hub pushed first: then polls are there only to notice that it fails
PUSHED_USUAL = timedelta(hours=1)
ROUND = 50  #: parts (files of a sitemap, pages of a list) of one poll of a foreign host; then it has a rest
LONGEST = timedelta(hours=24)  #: no hint and no backoff goes beyond
OWN_WAIT = timedelta(hours=1)  #: nor does what an own host asks for (Retry-After)
OWN_LONGEST = timedelta(minutes=5)  #: an own server that is back is noticed soon
#: When an article's page is polled again, counted from its publication.
REVISITS = tuple(timedelta(minutes=m) for m in (15, 60, 360, 1440))
OWN_REVISITS = (timedelta(minutes=1), timedelta(minutes=5), *REVISITS)
#: How long after a failure an article's page is tried again; then no more.
PAGE_RETRIES = tuple(timedelta(seconds=s) for s in (30, 300, 1800, 7200, 43200))
OWN_PAGE_RETRIES = tuple(timedelta(seconds=s) for s in (5, 30, 120, 600, 3600))
#: How soon a page that is gone is polled again, and for how long after it was withdrawn.
GONE_AGAIN, OWN_GONE_AGAIN = timedelta(minutes=31), timedelta(seconds=65)
GIVEN_UP = timedelta(days=7)

SOLVE_EVERY = timedelta(minutes=5)  #: the budget is shared out anew

_GMT = ZoneInfo("UTC")
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """The next poll. None: no further one is planned."""

    due: datetime | None
    not_before: datetime | None = None  #: what the host asked for; nobody overrides it
    hold_host: datetime | None = None  #: what it asked for the whole host
    rhythm: dict[str, Any] | None = None  #: to be kept with the upstream; None: as it was


class Budget:
    """Shares the requests for foreign lists out among them.

    `per_hour` None: as many as a poll of each every half hour would take. `sources` gives every foreign list
    that is polled, with what was kept of its rhythm.
    """

    def __init__(
        self,
        per_hour: float | None,
        sources: Callable[[], Iterable[tuple[Upstream, Mapping[str, Any] | None]]],
    ) -> None:
        self._per_hour = per_hour
        self._sources = sources
        self._solved: datetime | None = None
        self._fleet = Fleet()
        self._lock = threading.Lock()

    def fleet(self, now: datetime) -> Fleet:
        """How fast all sources are polled now; solved anew every few minutes."""
        fresh = self._solved is not None and timedelta() <= now - self._solved < SOLVE_EVERY
        if not fresh and self._lock.acquire(blocking=self._solved is None):
            try:
                self._solve(now)
            finally:
                self._lock.release()
        return self._fleet

    def _solve(self, now: datetime) -> None:
        members = []
        fixed = 0.0
        for upstream, kept in self._sources():
            if upstream.every:
                fixed += 1 / max(upstream.every, FLOOR.total_seconds())
            else:
                members.append(member(upstream, kept))
        budget = self._per_hour / HOUR if self._per_hour else len(members) / USUAL.total_seconds() + fixed
        self._fleet = fleet(members, budget=budget - fixed, now=now)
        self._solved = now


def member(upstream: Upstream, kept: Mapping[str, Any] | None) -> Member:
    """A foreign list as one that shares the budget."""
    asked = max(float((kept or {}).get("ttl", 0)), float((kept or {}).get("fresh", 0)))
    floor = max(FLOOR.total_seconds(), min(asked, LONGEST.total_seconds()))
    return Member(rhythm=Rhythm.load(kept), weight=upstream.weight, floor=floor, zone=upstream.zone)


class Timing:
    """Decides when to poll again; pure but for the jitter and the fleet, whose sources are given."""

    def __init__(
        self,
        jitter: Callable[[], float] = random.random,
        fleet: Callable[[datetime], Fleet | None] = lambda now: None,
    ) -> None:
        self._jitter = jitter
        self._fleet = fleet

    def after(
        self,
        task: Task,
        *,
        now: datetime,
        error: FeedsvcError | None = None,
        hints: Mapping[str, str] | None = None,
        wishes: Wishes | None = None,
        published: Sequence[datetime | None] = (),
        more: bool = False,
    ) -> Next:
        """The next poll of the upstream of `task`, which was just polled.

        `more`: this was a part of a poll (a file of a sitemap, a page of a list), the next part is to follow
        at once, that is as soon as the host's gap allows. All parts together are one poll: floors hold from
        the last one, and on a foreign host the parts rest for the floor after every ROUND.

        `hints` are the answer's headers, `wishes` what its body asks for (None: no body was read, the last
        one's hold), `published` the times of the articles that the poll showed and the one before did not. On
        foreign hosts hints and wishes are floors, as is 15 minutes; `every` never goes below a floor.
        """
        wait = error.wait if isinstance(error, FetchError) else None
        if wait is not None and task.claim.own:
            wait = min(wait, OWN_WAIT.total_seconds())
        if isinstance(error, FetchError) and error.code is Code.HTTP_WAIT:
            # a host that says 429 or 503 speaks for all its addresses; without a time: back off
            seconds = wait if wait is not None else self._backoff(task).total_seconds()
            hold = now + timedelta(seconds=seconds)
            after = hold + self._spread(timedelta(seconds=30))
            if not task.claim.own and task.article is None:
                after = max(after, now + FLOOR)
            return Next(due=after, not_before=hold, hold_host=hold)
        not_before = now + timedelta(seconds=wait) if wait else None
        if task.article is not None:
            planned = Next(due=self._page(task, now, error))
        elif error is not None:
            planned = Next(due=self._failed_list(task, now, error))
        elif task.claim.own:
            interval = self.interval(task)
            if task.streak >= PUSHED:
                interval = max(interval, PUSHED_USUAL)
            planned = Next(due=now if more else now + interval + self._spread(interval / 10))
        else:
            kept = _learnt(task, now, published, more=more)
            planned = self._part(now, kept) if more else self._list(task, now, hints or {}, wishes, kept)
        due = planned.due
        if due is not None and not_before is not None:
            due = max(due, not_before)
        return replace(planned, due=due, not_before=not_before)

    def _failed_list(self, task: Task, now: datetime, error: FeedsvcError) -> datetime | None:
        if isinstance(error, FetchError) and error.status == 410 and not task.claim.own:
            return None  # RFC 9110 15.5.11: gone for good
        interval = self.interval(task)
        if not task.claim.own:
            interval = max(interval, timedelta(seconds=member(task.upstream, task.rhythm).floor))
        if isinstance(error, FetchError) and error.code is Code.HTTP_GONE and not task.claim.own:
            # not the trouble of an hour, so nothing is gained by chance: doubled until it is a day
            backoff: timedelta = min(LONGEST, interval * 2 ** min(task.failures, 16))
            return now + max(interval, backoff) + self._spread(backoff / 10)
        backoff = max(interval, self._backoff(task))
        return now + backoff + self._spread(interval / 10)

    def _list(
        self,
        task: Task,
        now: datetime,
        hints: Mapping[str, str],
        wishes: Wishes | None,
        kept: dict[str, Any],
    ) -> Next:
        """A foreign list that was read: its rhythm says when; its wishes are floors."""
        asked = _asked_for(hints, now)
        if asked is not None:
            kept["fresh"] = round(asked.total_seconds())
        elif wishes is not None:
            kept["fresh"] = 0  # RFC 9111 4.3.4: what a 304 leaves out stays, what a 200 leaves out is gone
        if wishes is not None:
            kept["ttl"], kept["skip"] = wishes.ttl or 0, list(wishes.skip)
        listed = member(task.upstream, kept)
        fleet = self._fleet(now)
        if task.upstream.every or fleet is None:
            interval, why = self.interval(task), "every" if task.upstream.every else "usual"
        else:
            interval, why = fleet.interval(listed, now=now), "rhythm"
        if task.streak >= PUSHED and interval < PUSHED_USUAL:
            interval, why = PUSHED_USUAL, "pushed"
        floor = timedelta(seconds=listed.floor)
        if floor > FLOOR and interval <= floor:
            why = "ttl" if kept.get("ttl", 0) >= kept.get("fresh", 0) else "max-age"
        elif interval <= floor:
            why = "floor"
        interval = max(interval, floor)
        due = now + interval + self._spread(interval / 10)
        later = _after_skips(due, kept.get("skip", ()))
        if later != due:
            due, why = later + self._spread(timedelta(minutes=10)), "skip"
        kept["why"] = why
        return Next(due=due, rhythm=kept)

    def _part(self, now: datetime, kept: dict[str, Any]) -> Next:
        """The next part of a poll of a foreign host."""
        rest = kept["parts"] % ROUND == 0
        return Next(due=now + FLOOR + self._spread(FLOOR / 10) if rest else now, rhythm=kept)

    def interval(self, task: Task) -> timedelta:
        """The ordinary distance between two polls of a list."""
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


def _learnt(task: Task, now: datetime, published: Sequence[datetime | None], *, more: bool) -> dict[str, Any]:
    """What is kept of a list, with what this poll, or this part of one, taught.

    While a poll goes on, `parts` counts them and `since` is the Unix time of the poll before, if any.
    """
    kept = dict(task.rhythm or {})
    before = Rhythm.load(kept)
    zone = task.upstream.zone
    if "parts" in kept:
        since = datetime.fromtimestamp(kept["since"], UTC) if kept.get("since") else None
        rhythm = before.further(published, since=since, now=now, zone=zone)
    else:
        kept["since"] = before.at.timestamp() if before.at else None
        rhythm = before.learn(published, now=now, zone=zone)
    kept |= rhythm.dump()
    if more:
        kept["parts"] = kept.get("parts", 0) + 1
    else:
        kept.pop("parts", None)
        kept.pop("since", None)
    return kept


def _asked_for(hints: Mapping[str, str], now: datetime) -> timedelta | None:
    """What Cache-Control max-age or else Expires asks for (RFC 9111 5.2.2.1, 5.3); None: neither is there."""
    age = _MAX_AGE.search(hints.get("cache-control", ""))
    if age:
        return timedelta(seconds=int(age[1]))
    if "expires" not in hints:
        return timedelta() if "cache-control" in hints else None
    try:
        expires = parsedate_to_datetime(hints["expires"])
    except (ValueError, OverflowError):
        return timedelta()  # RFC 9111 5.3: what is no date is in the past
    if expires.tzinfo is None:
        expires = expires.replace(tzinfo=UTC)
    return max(timedelta(), expires - now)


def _after_skips(due: datetime, skip: Iterable[int]) -> datetime:
    """The first moment from `due` on that lies in no hour to be skipped; a feed that skips all skips none."""
    hours = frozenset(skip)
    if len(hours) >= 168:
        return due
    while hour_of_week(due, _GMT) in hours:
        due = due.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return due
