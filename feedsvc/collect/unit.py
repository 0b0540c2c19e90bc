"""One unit of work: one fetch and all that it means.

    claim ──► task ──► fetch ──► read ──► prepare ──► (known? decide) ──► one transaction

Nothing that goes wrong with one source leaves this module: it ends in the source's row and in the report.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from feedsvc import curate, urls
from feedsvc.collect.bodies import Bodies, Found, belongs, depth, fingerprint
from feedsvc.collect.pictures import Pictures
from feedsvc.collect.schedule import Timing
from feedsvc.curate import Walk, paging
from feedsvc.errors import Code, FeedsvcError, FetchError, ReadError, SourceError, StoreError
from feedsvc.fetch.courtesy import Courtesy
from feedsvc.fetch.pace import PostponedError
from feedsvc.model import Fetched, Level, Plan, Release, RunReport, Upstream, Waiting
from feedsvc.plugin_api import Batch, Poll, Request, Source, Tools
from feedsvc.protocols import Claim, Clock, DueQueue, Extractor, Task, Wishes
from feedsvc.store.queue.outcomes import Applied, ClaimLostError, Outcome, SqlOutcomes
from feedsvc.store.queue.units import MOVES

log = logging.getLogger(__name__)

#: What the address of a page that does not exist answers
PAST_THE_END = frozenset({Code.HTTP_GONE, Code.BLOCKED_ROBOTS, Code.BLOCKED_URL, Code.TOO_MANY_REDIRECTS})
LEVELS = {"article": Level.PAGE, "feed": Level.FEED, "page": Level.LIST}
ACCEPT = {
    "feed": "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, "
    "text/xml;q=0.9, application/json;q=0.8, */*;q=0.5",
}
ACCEPT_PAGE = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"


class Collector:
    """Carries out units of work; one object for all threads of a worker."""

    def __init__(
        self,
        *,
        courtesy: Courtesy,
        extractor: Extractor,
        pictures: Pictures,
        queue: DueQueue,
        outcomes: SqlOutcomes,
        timing: Timing,
        now: Clock,
        is_own: Callable[[str], bool],
        sources: Mapping[str, Source],
        settle: Callable[[datetime], Callable[[Waiting], Release]],
        follows: bool = False,
    ) -> None:
        self._sources = sources
        self._settle = settle
        self._courtesy = courtesy
        self._extractor = extractor
        self._bodies = Bodies(extractor=extractor, pictures=pictures, shown=outcomes.shown, follows=follows)
        self._queue = queue
        self._outcomes = outcomes
        self._timing = timing
        self._now = now
        self._is_own = is_own

    def push(self, claim: Claim, content: Fetched, planned: datetime) -> RunReport | None:
        """Read what an upstream's hub sent, as if it had been fetched; the next look stays as `planned`.

        A content that cannot be read changes nothing: the next look tells what is true. Raises StoreError.
        """
        task = self._queue.task(claim)
        if task is None:
            return None
        try:
            return self._understand(replace(task, planned=planned), content)
        except ClaimLostError:
            return None
        except StoreError:
            raise
        except FeedsvcError as error:
            log.warning("%s: what its hub sent cannot be read: %s", task.upstream.name, error)
        except Exception:
            log.exception("%s: a fault in feedsvc; what its hub sent is not read", task.upstream.name)
        self._queue.release(claim, not_before=planned)
        return None

    def run(self, claim: Claim) -> RunReport | None:
        """Do the unit; None if the claim was lost to another worker. Raises StoreError alone."""
        task = self._queue.task(claim)
        if task is None:
            return None
        try:
            if task.upstream.kind in self._sources:
                return self._look(task, self._sources[task.upstream.kind])
            if task.upstream.kind == "page" and (walk := paging.load(task.cursor)).next:
                return self._older(task, walk)
            return self._understand(task, self._bodies.waiting(task) or self._fetch(task))
        except PostponedError as later:
            due = self._now() + timedelta(seconds=later.seconds)
            self._queue.release(claim, not_before=due)
            return None
        except ClaimLostError:
            log.info("%s: another worker took it over", task.upstream.name)
            return None
        except StoreError:
            raise  # not this source's fault
        except FeedsvcError as error:
            return self._failed(task, error)
        except Exception as error:
            log.exception("%s: a fault in feedsvc", task.upstream.name)
            return self._failed(
                task, ReadError(Code.INTERNAL, f"{type(error).__name__}: {error}; please report it")
            )

    # ── fetch ──

    def _fetch(self, task: Task) -> Fetched:
        request = Request(
            url=task.upstream.url,
            accept=ACCEPT.get(task.upstream.kind, ACCEPT_PAGE),
            etag=task.etag,
            last_modified=task.last_modified,
            validators_url=task.validators_url,
        )
        return self._get(task, request)

    def _get(self, task: Task, request: Request) -> Fetched:
        """A request of a unit: what robots.txt forbids is not asked for, what it wishes is kept.

        The rights of own hosts are those of the configured source: foreign content cannot lend them.
        """
        return self._courtesy.get(request, at=(task.claim.host,), own=task.claim.own)

    def _look(self, task: Task, source: Source) -> RunReport | None:
        """One look at a source of another kind."""
        upstream = task.upstream
        look = Poll(
            url=upstream.url,
            options=upstream.options,
            cursor=task.cursor,
            first=not task.complete,
            own=task.claim.own,
            language=upstream.language,
            zone=upstream.zone,
            now=self._now(),
            etag=task.etag,
            last_modified=task.last_modified,
            validators_url=task.validators_url,
        )
        begun = time.monotonic()
        batch = source.read(look, Tools(get=partial(self._get, task), read=self._extractor.read))
        took = time.monotonic() - begun
        by_list = []
        for spec in task.readings:
            follow = source.follow if spec.follow is None else spec.follow
            wanted = tuple((draft, follow) for draft in batch.drafts if belongs(spec, draft))
            by_list.append((spec.list, wanted))
        # the body was read already, and is not kept: a source has its cursor
        fetched = replace(batch.fetched, body=b"") if batch.fetched else None
        found = Found(by_list=tuple(by_list), batch=batch, wishes=Wishes(batch.ttl), seconds=took)
        return self._finish(task, fetched, found)

    # ── what it means ──

    def _understand(self, task: Task, fetched: Fetched) -> RunReport | None:
        read_as = fingerprint(task)
        same = fetched.unchanged or hashlib.sha256(fetched.body).digest() == task.body_hash
        if not same:
            return self._read(task, fetched, fetched, read_as)
        if read_as == task.read_as:
            return self._finish(task, fetched, Found(), read_as=read_as)
        kept = self._outcomes.kept_body(task.claim.upstream)
        if kept is None:
            return self._finish(task, fetched, Found(), read_as=read_as)
        # the reading or the reader changed, the page did not: no request is needed
        return self._read(task, replace(kept, at=fetched.at), fetched, read_as)

    def _read(self, task: Task, body: Fetched, answer: Fetched, read_as: str) -> RunReport | None:
        found = self._bodies.read(task, body)
        if found.problems and not found.by_list:
            return self._failed(task, found.problems[0], answer)
        if found.first is not None:
            page, drafts = found.first
            walk = paging.begin(
                paging.load(task.cursor),
                url=body.url,
                items=[draft.url for draft in drafts],
                older=page.older,
                wanted=depth(task),
                complete=task.complete,
                now=self._now(),
            )
            found = replace(found, walk=walk)
        return self._finish(task, answer, found, read_as=read_as)

    def _older(self, task: Task, walk: Walk) -> RunReport | None:
        """One older page of a list. Its validators and its body are not those of the list, and not kept."""
        wanted = depth(task)
        try:
            fetched = self._get(task, Request(url=walk.next, accept=ACCEPT_PAGE))
            found = self._bodies.page(task, fetched, number=walk.page)
            if found.problems and not found.by_list:
                raise found.problems[0]
        except SourceError as error:
            # the end of the list, or a second failure: what was wanted of it was not worth more
            if isinstance(error, FetchError) and error.code not in PAST_THE_END and not task.failures:
                raise
            over = paging.end(walk, wanted=wanted, now=self._now())
            return self._finish(
                task, None, Found(walk=over, deep=True, note=f"page {walk.page}: {error.message}")
            )
        page, drafts = found.first or (None, ())
        going = paging.go_on(
            walk,
            url=fetched.url,
            items=[draft.url for draft in drafts],
            older=page.older if page else (),
            wanted=wanted,
            now=self._now(),
        )
        return self._finish(task, None, replace(found, walk=going, deep=True))

    # ── the end ──

    def _finish(
        self, task: Task, fetched: Fetched | None, found: Found, *, read_as: str = ""
    ) -> RunReport | None:
        now = self._now()
        problem = found.problems[0] if found.problems else None
        hints = fetched.hints if fetched else {}
        batch = found.batch or Batch()
        more = batch.more or bool(found.walk and found.walk.next)
        cursor = batch.cursor if found.batch else found.walk.dump() if found.walk else None

        def plan_next(published: Sequence[datetime | None]) -> tuple[datetime | None, dict[str, Any] | None]:
            after = self._timing.after(
                task,
                now=now,
                error=problem,
                hints=hints,
                wishes=found.wishes,
                published=published,
                more=more,
            )
            return after.due, after.rhythm

        outcome = Outcome(
            next_due=task.planned,
            plan_next=plan_next if task.planned is None else None,
            pushed=task.planned is not None,
            hubs=found.hubs,
            fetched=fetched if problem is None else None,
            understood=problem is None,
            read_as=read_as,
            complete=problem is None and not more,
            code=problem.code if problem else None,
            message=problem.message if problem else found.note or "; ".join(batch.notes),
            status=fetched.status if fetched else None,
            seconds=found.seconds or (fetched.seconds if fetched else 0.0),
            page_specs=partial(self._page, task.upstream),
            cursor=cursor,
            older=found.deep,
            more=more,
            withdrawn_rows=batch.withdrawn_rows,
            alive_rows=batch.alive_rows,
        )
        kind = task.upstream.kind
        context = curate.Context(
            upstream=task.claim.upstream,
            upstream_key=task.upstream.key,
            upstream_url=task.upstream.url,
            level=self._sources[kind].level if kind in self._sources else LEVELS[kind],
            own=task.claim.own,
            now=now,
            backfill=found.deep or not task.complete,
            ranked=frozenset(
                name
                for name, ranked in task.lists.items()
                if ranked and any(n == name for n, _ in found.by_list)
            ),
            article=task.article,
            settle=self._settle(now),
        )
        fresh = curate.prepare(found.by_list, context)
        decide = partial(curate.decide, fresh, context=context)
        applied = self._outcomes.apply(task, outcome, fresh, decide, now=now)
        report = _report(task, outcome, applied, "unchanged" if fetched and fetched.unchanged else "ok")
        if fetched is None or problem is not None or not fetched.moved or task.article is not None:
            return report
        if task.moved_times + 1 < MOVES or urls.may_move(task.upstream.url, fetched.moved):
            return report
        message = f"moved for good to {fetched.moved}; write that address into the configuration"
        if task.moved_times + 1 == MOVES:
            log.warning("%s: %s", task.upstream.name, message)
        return replace(report, message=message)

    def _failed(self, task: Task, error: FeedsvcError, fetched: Fetched | None = None) -> RunReport | None:
        now = self._now()
        moved_away = (
            bool(task.moved)
            and task.upstream.url == task.moved
            and error.code in (Code.HTTP_GONE, Code.DNS, Code.CONNECT, Code.TLS)
        )
        if moved_away:  # not the configured address: that one is asked again
            error = FetchError(error.code, error.message)
        after = self._timing.after(task, now=now, error=error)
        enough = 1 if task.claim.own else 2
        outcome = Outcome(
            next_due=after.due,
            not_before=after.not_before,
            hold_host=after.hold_host,
            host=urls.host(error.url) if isinstance(error, FetchError) and error.url else task.claim.host,
            forget_move=moved_away,
            code=error.code,
            message=error.message,
            status=error.status if isinstance(error, FetchError) else fetched.status if fetched else None,
            seconds=fetched.seconds if fetched else 0.0,
            give_up_waiting=task.failures + 1 >= enough or error.code is Code.BLOCKED_ROBOTS,
            gone=error.code is Code.HTTP_GONE and task.article is not None,
            twin=curate.twin,
        )
        try:
            applied = self._outcomes.apply(task, outcome, (), lambda _known: Plan(), now=now)
        except ClaimLostError:
            return None
        log.warning("%s: %s", task.upstream.name, error)
        return _report(task, outcome, applied, "failed")

    def _page(self, source: Upstream, article: int, url: str, own: bool) -> Upstream:
        """The upstream row for an article's own page, which was found in `source`."""
        return Upstream(
            key=f"article:{article}",
            name=url,
            kind="article",
            url=url,
            own=own and self._is_own(url),
            language=source.language,
            zone=source.zone,
        )


def _report(task: Task, outcome: Outcome, applied: Applied, word: str) -> RunReport:
    return RunReport(
        name=task.upstream.name,
        url=task.upstream.url,
        kind=task.upstream.kind,
        outcome="failed" if outcome.code else word,
        status=outcome.status,
        new=applied.new,
        changed=applied.changed,
        seconds=outcome.seconds,
        code=outcome.code,
        message=outcome.message,
        next_due=applied.next_due,
    )
