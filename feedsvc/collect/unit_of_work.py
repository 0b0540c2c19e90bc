"""What one poll came to, in one transaction: known → decide → write → finish; all of it, or nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from feedsvc import curate, urls
from feedsvc.collect.bodies import PollResult
from feedsvc.collect.observe import Observed, learnt, learnt_of_page, observe
from feedsvc.collect.schedule import FLOOR, Next, Timing
from feedsvc.collect.telling import told
from feedsvc.errors import Code, FeedsvcError, FetchError
from feedsvc.model import Fetched, Fresh, Level, RunReport, Upstream
from feedsvc.protocols import Clock, ReleaseRule, Task
from feedsvc.store.articles.lists import LATEST
from feedsvc.store.engine import retry_races
from feedsvc.store.queue.outcomes import Outcome, SqlUnits, UnitTransaction
from feedsvc.store.queue.units import MOVES, PAGE

log = logging.getLogger(__name__)

#: How much what an upstream of our own kinds says weighs
LEVELS = {"article": Level.PAGE, "feed": Level.FEED, "page": Level.LIST}
#: How often, and for how long, a page has to be gone before its article is withdrawn.
GONE_TIMES, GONE_FOR = 3, timedelta(hours=1)
OWN_GONE_TIMES, OWN_GONE_FOR = 2, timedelta(minutes=1)
#: Failures in a row after which the article of a page goes live without it.
PAGE_TRIES, OWN_PAGE_TRIES = 2, 1
#: What an address that redirects led to answers when it is gone, or does not answer at all.
MOVED_AWAY = frozenset({Code.HTTP_GONE, Code.DNS, Code.CONNECT, Code.TLS})


class UnitOfWork:
    """Writes how polls ended. Its methods raise ClaimLostError (nothing was written) and StoreError."""

    def __init__(
        self,
        store: SqlUnits,
        *,
        timing: Timing,
        release: ReleaseRule,
        levels: Mapping[str, Level],
        is_own: Callable[[str], bool],
        now: Clock,
    ) -> None:
        self._store = store
        self._timing = timing
        self._release = release
        self._levels = levels  # kind of upstream → how much what it says weighs
        self._is_own = is_own
        self._now = now

    # ── it was read ──

    @retry_races
    def succeed(self, task: Task, result: PollResult) -> RunReport:
        """Write what was read, perhaps by some readings only."""
        now = self._now()
        context = self._context(task, result, now)
        fresh = curate.prepare(result.by_list, context)
        with self._store.begin(task, now) as unit:
            published: Sequence[datetime | None] = ()
            if fresh:
                self._write(unit, task, result, fresh, context)
                if task.article is None and not (result.older or result.more):
                    published = unit.newly_shown(fresh)
            if task.upstream.kind != PAGE:
                unit.withdraw_rows(result.withdrawn_rows, result.alive_rows)
            if _ends_import(task, result):
                unit.announce(_lists_of(task))
            if result.hubs is not None:
                unit.note_hub(result.hubs)
            seen, drift = self._look(unit, task, result, published)
            after = self._next(task, result, published, now)
            if drift and not task.drift:
                after = self._look_again(unit, task, after)
            outcome = _outcome(result, after, seen, is_well=not drift and result.problem is None)
            unit.finish(outcome)
        return told(task, _report(task, outcome, unit))

    @staticmethod
    def _look(
        unit: UnitTransaction, task: Task, result: PollResult, published: Sequence[datetime | None]
    ) -> tuple[Observed, int]:
        """What the poll shows of the source, and how far that is from what is usual."""
        seen = observe(result, published if task.complete else (), unit.now, before=task.polled_at)
        if task.article is not None:
            if not task.complete and result.by_list:
                name = f"pages:{task.claim.host}"
                draft = result.by_list[0][1][0][0]
                unit.keep_usual(name, learnt_of_page(unit.usual(name), draft, unit.now))
            return seen, 0
        if result.older or result.more or task.upstream.kind == "api":
            return seen, task.drift
        before = unit.usual(task.upstream.key)
        now = learnt(before, task, seen, published, unit.now)
        unit.keep_usual(task.upstream.key, now)
        if now.drift > before.drift:
            log.warning("%s is not as usual: %s", task.upstream.name, now.reason)
        elif before.drift and not now.drift:
            log.info("%s is as usual again", task.upstream.name)
        return seen, now.drift

    @staticmethod
    def _look_again(unit: UnitTransaction, task: Task, after: Next) -> Next:
        """It just left its range: read it again soon, as a whole, and compare."""
        unit.forget_validators()
        soon = unit.now + (timedelta(seconds=1) if task.claim.own else FLOOR)
        return replace(after, due=soon if after.due is None or after.due > soon else after.due)

    def _write(
        self,
        unit: UnitTransaction,
        task: Task,
        result: PollResult,
        fresh: Sequence[Fresh],
        context: curate.Context,
    ) -> None:
        plan = curate.decide(fresh, unit.known_to(fresh, older=result.older), context)
        # the feeds that a first, long import fills are built once, at its end
        quiet = _lists_of(task) if result.more and not task.complete else frozenset[str]()
        pages = unit.carry_out(plan, quiet=quiet)
        if task.claim.own and task.article is None:
            named = sorted({one.draft.url for one in fresh if one.follow})
            unit.grant_own([url for url in named if self._is_own(url)])
        unit.add_pages(
            [
                (article, self._page(task.upstream, article, url, own), order)
                for article, url, own, order in pages
            ]
        )

    def _context(self, task: Task, result: PollResult, now: datetime) -> curate.Context:
        read = {name for name, _ in result.by_list}
        return curate.Context(
            upstream=task.claim.upstream,
            upstream_key=task.upstream.key,
            upstream_url=task.upstream.url,
            level=self._levels[task.upstream.kind],
            own=task.claim.own,
            now=now,
            backfill=result.older or not task.complete,
            ranked=frozenset(name for name, ranked in task.lists.items() if ranked and name in read),
            article=task.article,
            settle=partial(self._release, now=now),
        )

    def _next(
        self, task: Task, result: PollResult, published: Sequence[datetime | None], now: datetime
    ) -> Next:
        if task.planned is not None:  # it was pushed: no poll was made
            return Next(due=task.planned)
        return self._timing.after(
            task,
            now=now,
            error=result.problem,
            hints=result.answer.hints if result.answer else {},
            wishes=result.wishes,
            published=published,
            more=result.more,
        )

    def _page(self, source: Upstream, article: int, url: str, own: bool) -> Upstream:
        """The upstream of an article's own page, which was found in `source`."""
        return Upstream(
            key=f"article:{article}",
            name=url,
            kind=PAGE,
            url=url,
            own=own and self._is_own(url),
            language=source.language,
            zone=source.zone,
        )

    # ── it failed ──

    @retry_races
    def fail(
        self,
        task: Task,
        error: FeedsvcError,
        answer: Fetched | None = None,
        *,
        proposal: dict[str, Any] | None = None,
    ) -> RunReport:
        """Write that nothing could be read, and why; `answer` is what could not be read, if anything came.

        `proposal`: another list that stands there and may be the right one.
        """
        now = self._now()
        adopted = bool(task.moved) and task.upstream.url == task.moved
        forget_move = adopted and error.code in MOVED_AWAY
        if forget_move:  # not the configured address: that one is asked again
            error = FetchError(error.code, error.message)
        after = self._timing.after(task, now=now, error=error)
        outcome = Outcome(
            code=error.code,
            message=error.message,
            status=error.status if isinstance(error, FetchError) else answer.status if answer else None,
            seconds=answer.seconds if answer else 0.0,
            forget_move=forget_move,
            next_due=after.due,
            not_before=after.not_before,
            # one more worker that dies over it is enough then
            lost=task.lost - 1 if error.code is Code.POISON else 0,
            requests=0 if error.code.startswith("BLOCKED") else 1,
            proposal=proposal,
        )
        with self._store.begin(task, now) as unit:
            if task.article is not None:
                self._page_failed(unit, task, task.article, error)
            if after.hold_host is not None:
                at = urls.host(error.url) if isinstance(error, FetchError) and error.url else task.claim.host
                unit.hold_host(at, after.hold_host)
            unit.finish(outcome)
        return told(task, _report(task, outcome, unit))

    def _page_failed(self, unit: UnitTransaction, task: Task, article: int, error: FeedsvcError) -> None:
        if error.code is Code.HTTP_GONE:
            self._gone(unit, task, article)
        enough = OWN_PAGE_TRIES if task.claim.own else PAGE_TRIES
        if task.failures + 1 >= enough or error.code is Code.BLOCKED_ROBOTS:
            unit.stop_waiting(article)

    def _gone(self, unit: UnitTransaction, task: Task, article: int) -> None:
        """A page answered 404 or 410 once more: its article is withdrawn, unless it goes on elsewhere."""
        times, since = task.gone_times + 1, task.gone_since or unit.now
        enough, long = (OWN_GONE_TIMES, OWN_GONE_FOR) if task.claim.own else (GONE_TIMES, GONE_FOR)
        is_certain = times >= enough and unit.now - since >= long
        if is_certain and unit.moved_page(article):
            return  # what its new address answers counts
        unit.note_gone(times, since)
        if not is_certain:
            return
        twin = curate.twin(*unit.twins_of(article))
        if twin == "unread":
            return  # its page is read within seconds: the next poll can tell
        if twin is None:
            unit.withdraw(article, by=Level.PAGE)
        else:
            unit.merge(twin)
        unit.forget_validators()


def _lists_of(task: Task) -> frozenset[str]:
    return frozenset({*(reading.list for reading in task.readings), LATEST})


def _ends_import(task: Task, result: PollResult) -> bool:
    """Whether this was the last part of a first import, whose feeds were not asked for until now."""
    return not result.more and result.problem is None and task.importing and not task.complete


def _outcome(result: PollResult, after: Next, seen: Observed, *, is_well: bool) -> Outcome:
    problem, answer = result.problem, result.answer
    return Outcome(
        code=problem.code if problem else None,
        message=problem.message if problem else result.note,
        status=answer.status if answer else None,
        seconds=result.seconds or (answer.seconds if answer else 0.0),
        answer=answer if problem is None else None,
        read_as=result.read_as,
        cursor=result.cursor,
        more=result.more,
        next_due=after.due,
        not_before=after.not_before,
        rhythm=after.rhythm,
        traces=result.traces,
        requests=result.requests,
        found=seen.found,
        shares=seen.shares,
        lag=seen.lag,
        proposal=result.proposal,
        is_well=is_well,
    )


def _report(task: Task, outcome: Outcome, unit: UnitTransaction) -> RunReport:
    answer = outcome.answer
    word = "failed" if outcome.code else "unchanged" if answer is not None and answer.unchanged else "ok"
    return RunReport(
        name=task.upstream.name,
        url=task.upstream.url,
        kind=task.upstream.kind,
        outcome=word,
        status=outcome.status,
        found=outcome.found,
        new=unit.new,
        changed=unit.changed,
        seconds=outcome.seconds,
        code=outcome.code,
        message=_moved_for_good(task, answer) or outcome.message,
        next_due=outcome.next_due,
    )


def _moved_for_good(task: Task, answer: Fetched | None) -> str:
    """What people have to know of an address that moved for good; "" where we follow by ourselves."""
    if answer is None or not answer.moved or task.article is not None:
        return ""
    if task.moved_times + 1 < MOVES or urls.may_move(task.upstream.url, answer.moved):
        return ""
    message = f"moved for good to {answer.moved}; write that address into the configuration"
    if task.moved_times + 1 == MOVES:
        log.warning("%s: %s", task.upstream.name, message)
    return message
