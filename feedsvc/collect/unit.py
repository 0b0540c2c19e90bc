"""One poll and all that it means.

    claim ──► task ──► fetch ──► read ──► one transaction: known ──► decide ──► write ──► finish

Nothing that goes wrong with one source leaves this module: it ends in the source's row and in the report.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from feedsvc.collect.bodies import Bodies, PollResult, belongs, depth, fingerprint
from feedsvc.collect.unit_of_work import UnitOfWork
from feedsvc.curate import Walk, paging
from feedsvc.errors import Code, FeedsvcError, FetchError, ReadError, SourceError, StoreError
from feedsvc.fetch.courtesy import Courtesy
from feedsvc.fetch.pace import PostponedError
from feedsvc.model import Fetched, RunReport
from feedsvc.plugin_api import Poll, Request, Source, Tools
from feedsvc.protocols import Claim, Clock, DueQueue, Extractor, Task, Wishes
from feedsvc.store.queue.outcomes import ClaimLostError, SqlUnits

log = logging.getLogger(__name__)

#: What the address of a page that does not exist answers
PAST_THE_END = frozenset({Code.HTTP_GONE, Code.BLOCKED_ROBOTS, Code.BLOCKED_URL, Code.TOO_MANY_REDIRECTS})
#: Workers in a row that died over a source, after which it fails instead of ending one more: those that do
#: one thing at a time, and those that do many, where the first deaths may be another's fault
MOST_LOST = 3
MOST_LOST_AMONG_MANY = 5
ACCEPT = {
    "feed": "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, "
    "text/xml;q=0.9, application/json;q=0.8, */*;q=0.5",
}
ACCEPT_PAGE = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"


def _poison(lost: int) -> SourceError:
    text = f"{lost} workers in a row died over it, or were slower than their leases; it is tried again later"
    return SourceError(Code.POISON, text)


class Collector:
    """Carries out units of work; one object for all threads of a worker."""

    def __init__(
        self,
        *,
        queue: DueQueue,
        courtesy: Courtesy,
        sources: Mapping[str, Source],
        extractor: Extractor,
        bodies: Bodies,
        store: SqlUnits,
        unit_of_work: UnitOfWork,
        now: Clock,
        most_lost: int,
    ) -> None:
        self._queue = queue
        self._courtesy = courtesy
        self._sources = sources
        self._extractor = extractor
        self._bodies = bodies
        self._store = store
        self._unit_of_work = unit_of_work
        self._now = now
        self._most_lost = most_lost

    def run(self, claim: Claim) -> RunReport | None:
        """Poll the upstream of a claim. Raises StoreError alone.

        None if another worker took it over, or if a host wants to be asked later.
        """
        task = self._queue.task(claim)
        if task is None:
            return None
        try:
            if task.lost >= self._most_lost:
                return self._unit_of_work.fail(task, _poison(task.lost))
            return self._reported(task)
        except PostponedError as later:
            self._queue.postpone(claim, self._now() + timedelta(seconds=later.seconds))
            return None
        except ClaimLostError:
            log.info("%s: another worker took it over", task.upstream.name)
            return None
        finally:
            self._courtesy.done()

    def push(self, claim: Claim, content: Fetched, planned: datetime) -> RunReport | None:
        """Read what an upstream's hub sent, as if it had been fetched; the next poll stays as `planned`.

        A content that cannot be read changes nothing: the next poll shows what is true. Raises StoreError.
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
            log.exception("%s: a fault in feedsvc; what its hub sent was not read", task.upstream.name)
        self._queue.release(claim, not_before=planned)
        return None

    def _reported(self, task: Task) -> RunReport:
        """Poll; what goes wrong ends in the report."""
        try:
            return self._poll(task)
        except (StoreError, ClaimLostError, PostponedError):
            raise  # not this source's fault
        except FeedsvcError as error:
            return self._unit_of_work.fail(task, error)
        except Exception as error:
            log.exception("%s: a fault in feedsvc", task.upstream.name)
            internal = ReadError(Code.INTERNAL, f"{type(error).__name__}: {error}; please report it")
            return self._unit_of_work.fail(task, internal)

    def _poll(self, task: Task) -> RunReport:
        kind = task.upstream.kind
        if kind in self._sources:
            return self._poll_source(task, self._sources[kind])
        if kind == "page" and (walk := paging.load(task.cursor)).next:
            return self._poll_older_page(task, walk)
        request = Request(
            url=task.upstream.url,
            accept=ACCEPT.get(kind, ACCEPT_PAGE),
            etag=task.etag,
            last_modified=task.last_modified,
            validators_url=task.validators_url,
        )
        return self._understand(task, self._bodies.waiting(task) or self._get(task, request))

    def _get(self, task: Task, request: Request) -> Fetched:
        """A request of a unit: what robots.txt forbids is not asked for, what it wishes is kept.

        The rights of own hosts are those of the configured source: foreign content cannot lend them.
        """
        return self._courtesy.get(request, at=(task.claim.host,), own=task.claim.own)

    # ── a page or a feed ──

    def _understand(self, task: Task, answer: Fetched) -> RunReport:
        """Read what came, or what is kept where the reading or the reader changed, but not the page."""
        read_as = fingerprint(task)
        body: Fetched | None = answer
        if answer.unchanged or hashlib.sha256(answer.body).digest() == task.body_hash:
            kept = None if read_as == task.read_as else self._store.kept_body(task.claim.upstream)
            body = kept and replace(kept, at=answer.at)  # no request is needed
        if body is None:
            return self._unit_of_work.succeed(task, PollResult(answer=answer, read_as=read_as))
        result = self._bodies.read(task, body)
        if result.problem and not result.by_list:
            return self._unit_of_work.fail(task, result.problem, answer, proposal=result.proposal)
        if result.paged is not None:
            page, drafts = result.paged
            walk = paging.begin(
                paging.load(task.cursor),
                url=body.url,
                items=[draft.url for draft in drafts],
                older=page.older,
                wanted=depth(task),
                complete=task.complete,
                now=self._now(),
            )
            result = replace(result, cursor=walk.dump(), more=bool(walk.next))
        return self._unit_of_work.succeed(task, replace(result, answer=answer, read_as=read_as))

    def _poll_older_page(self, task: Task, walk: Walk) -> RunReport:
        """One older page of a list. Its validators and its body are not those of the list, and not kept."""
        try:
            answer = self._get(task, Request(url=walk.next, accept=ACCEPT_PAGE))
            result = self._bodies.page(task, answer, number=walk.page)
            if result.problem and not result.by_list:
                raise result.problem
        except SourceError as error:
            # the end of the list, or a second failure: what was wanted of it was not worth more
            if isinstance(error, FetchError) and error.code not in PAST_THE_END and not task.failures:
                raise
            over = paging.end(walk, wanted=depth(task), now=self._now())
            result = PollResult(note=f"page {walk.page}: {error.message}")
        else:
            page, drafts = result.paged or (None, ())
            over = paging.go_on(
                walk,
                url=answer.url,
                items=[draft.url for draft in drafts],
                older=page.older if page else (),
                wanted=depth(task),
                now=self._now(),
            )
        result = replace(result, older=True, cursor=over.dump(), more=bool(over.next))
        return self._unit_of_work.succeed(task, result)

    # ── a source of another kind ──

    def _poll_source(self, task: Task, source: Source) -> RunReport:
        upstream = task.upstream
        poll = Poll(
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
        read = partial(self._extractor.read, own=task.claim.own)
        batch = source.read(poll, Tools(get=partial(self._get, task), read=read))
        took = time.monotonic() - begun
        by_list = []
        for spec in task.readings:
            follow = source.follow if spec.follow is None else spec.follow
            wanted = tuple((draft, follow) for draft in batch.drafts if belongs(spec, draft))
            by_list.append((spec.list, wanted))
        result = PollResult(
            by_list=tuple(by_list),
            # the body was read already, and is not kept: a source has its cursor
            answer=replace(batch.fetched, body=b"") if batch.fetched else None,
            wishes=Wishes(batch.ttl),
            seconds=took,
            note="; ".join(batch.notes),
            cursor=batch.cursor,
            more=batch.more,
            withdrawn_rows=batch.withdrawn_rows,
            alive_rows=batch.alive_rows,
        )
        return self._unit_of_work.succeed(task, result)
