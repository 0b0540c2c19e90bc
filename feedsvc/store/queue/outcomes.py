"""One fetch and all that it means, in one transaction that only the holder of the claim can commit."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, select

from feedsvc import urls
from feedsvc.errors import Code
from feedsvc.model import Fetched, Fresh, Known, Level, Merge, Plan, Release, State, Stored, Upstream, Waiting
from feedsvc.protocols import Task
from feedsvc.store import schema as t
from feedsvc.store.articles import known, lists, merging, withdrawal
from feedsvc.store.articles import release as golive
from feedsvc.store.articles.writer import Writer
from feedsvc.store.engine import Database
from feedsvc.store.push import following
from feedsvc.store.queue import memory, units

PlanNext = Callable[[Sequence[datetime | None]], tuple[datetime | None, dict[str, Any] | None]]
Twin = Callable[[Stored, Sequence[Stored]], Merge | Literal["unread"] | None]

#: How often, and for how long, a page has to be gone before its article is withdrawn.
GONE_TIMES, GONE_FOR = 3, timedelta(hours=1)
OWN_GONE_TIMES, OWN_GONE_FOR = 2, timedelta(minutes=1)


#: Validators and hash of a body that is no longer there.
FORGOTTEN: dict[str, Any] = {"etag": "", "last_modified": "", "validators_url": "", "body_hash": b""}


class ClaimLostError(Exception):
    """The claim is no longer ours: somebody else has taken the unit over. Nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a look at an upstream ended."""

    next_due: datetime | None
    not_before: datetime | None = None
    fetched: Fetched | None = None
    forget_move: bool = False  #: the address that redirects led to is gone: back to the configured one
    understood: bool = False  #: the body was read without a fault: keep it
    read_as: str = ""
    complete: bool = False
    code: Code | None = None
    message: str = ""
    status: int | None = None
    seconds: float = 0.0
    hold_host: datetime | None = None  #: until when `host` wants to be left alone
    host: str = ""
    give_up_waiting: bool = False  #: the page failed often enough: its article goes live without it
    gone: bool = False  #: the page answers 404 or 410
    twin: Twin | None = field(default=None, repr=False)  #: finds an article under its new address
    page_specs: Callable[[int, str, bool], Upstream] | None = field(default=None, repr=False)
    cursor: str | None = None  #: how far the source was read
    older: bool = False  #: an older page of a list was read: it does not say what the list shows now
    more: bool = False  #: of a long import: the feeds are built at its end
    withdrawn_rows: tuple[str, ...] = ()  #: rows that the source took back
    alive_rows: frozenset[str] | None = (
        None  #: all rows that it still has: what is not among them is withdrawn
    )
    rhythm: dict[str, Any] | None = None
    pushed: bool = False  #: its hub sent it: no look was made
    hubs: tuple[tuple[str, str], ...] | None = None  #: (hub, topic) that the feed names; None: not looked at
    #: the next look and the rhythm to be kept, once it is known which articles the look showed that the one
    #: before did not (their times); wins over `next_due` and `rhythm`
    plan_next: PlanNext | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Applied:
    """What the transaction changed."""

    new: int = 0
    changed: int = 0
    next_due: datetime | None = None


class SqlOutcomes:
    """Writes outcomes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def apply(
        self,
        task: Task,
        outcome: Outcome,
        fresh: Sequence[Fresh],
        decide: Callable[[Known], Plan],
        *,
        now: datetime,
    ) -> Applied:
        """Match `fresh`, let `decide` plan, store plan and outcome: all or nothing.

        Raises ClaimLostError where the lease ended and another worker has the unit.
        """
        return self._database.transact(lambda found: _apply(found, task, outcome, fresh, decide, now))

    def kept_body(self, upstream: int) -> Fetched | None:
        """The last body of an upstream that was understood."""
        with self._database.read() as connection:
            return memory.kept_body(connection, upstream)

    def shown(self, key: str) -> int:
        """How many articles a list shows now."""
        with self._database.read() as connection:
            return lists.shown(connection, key)

    def release_due(self, decide: Callable[[Waiting], Release], *, now: datetime) -> int:
        """Let waiting articles go live; returns how many."""
        with self._database.read() as connection:
            if not golive.any_waiting(connection, now):
                return 0
        return self._database.transact(lambda found: golive.release_due(found, decide, now=now))


def _apply(
    connection: Connection,
    task: Task,
    outcome: Outcome,
    fresh: Sequence[Fresh],
    decide: Callable[[Known], Plan],
    now: datetime,
) -> Applied:
    number = task.claim.upstream
    writer = Writer(connection, upstream=number, now=now, quiet=_quiet_lists(task, outcome))
    columns = _columns(task, outcome, now)
    writes = fresh or outcome.gone or outcome.withdrawn_rows or outcome.alive_rows is not None
    if writes:
        lists.take_turn(connection)
    if fresh:
        answer = known.known(connection, fresh, upstream=number, article=task.article, older=outcome.older)
        plan = decide(answer)
        writer.carry_out(plan)
        if plan.undecided:
            columns |= FORGOTTEN
        _follow(connection, task, outcome, writer, fresh, now)
    published: list[datetime | None] = []
    if fresh and task.article is None and not (outcome.older or outcome.more):
        published = _shown(connection, task, fresh, columns)
    if writer.replaced is not None:
        columns["article"] = writer.replaced
    if task.upstream.kind != units.PAGE:
        _rows_gone(connection, task, outcome, now, writer)
    if _import_ended(task, outcome):
        lists.write_outbox(connection, dict.fromkeys(sorted(_lists_of(task)), False), now)
    if outcome.gone and task.article is not None:
        columns |= _gone(connection, task, outcome, now, writer)
    if outcome.give_up_waiting and task.article is not None:
        golive.stop_waiting(connection, task.article)
    if outcome.fetched is not None and outcome.understood and outcome.fetched.body:
        memory.keep_body(connection, number, outcome.fetched)
    if outcome.hold_host is not None:
        units.hold_host(connection, outcome.host or task.claim.host, outcome.hold_host)
    columns |= {"new": writer.new, "changed": writer.changed} | _moved(connection, task, outcome)
    if writer.new or writer.changed:
        columns["changed_at"] = now
    _followed(connection, task, outcome, writer, now)
    next_due = _next_due(outcome, published, columns)
    ours = units.finish(
        connection, task.claim, next_due=next_due, not_before=outcome.not_before, values=columns
    )
    if not ours:
        raise ClaimLostError
    return Applied(writer.new, writer.changed, next_due)


def _next_due(
    outcome: Outcome, published: Sequence[datetime | None], columns: dict[str, Any]
) -> datetime | None:
    """When the unit is due again; adds the rhythm to what is written."""
    if outcome.plan_next is None:
        return outcome.next_due
    next_due, rhythm = outcome.plan_next(published)
    if rhythm is not None:
        columns["rhythm"] = rhythm
    return next_due


def _shown(
    connection: Connection, task: Task, fresh: Sequence[Fresh], columns: dict[str, Any]
) -> list[datetime | None]:
    """The times of the articles that this reading shows and the one before did not."""
    shown = known.numbers_of(connection, fresh)
    if fresh[0].level not in (Level.LIST, Level.FEED):
        return [at for at in shown.values() if at is not None]  # read by a cursor: all of it is new
    before = known.last_reading(connection, task.claim.upstream)
    if not task.importing:  # the next look shows again what the first part of this one shows
        columns["last_reading"] = sorted(shown)
    return [at for one, at in shown.items() if one not in before]


def _followed(connection: Connection, task: Task, outcome: Outcome, writer: Writer, now: datetime) -> None:
    """The hub that a feed names, and whether its pushes come before our looks."""
    if outcome.hubs is not None:
        following.discover(connection, task.claim.upstream, next(iter(outcome.hubs), None), now)
    if (writer.new or writer.changed) and task.article is None:
        following.changed(connection, task.claim.upstream, pushed=outcome.pushed)


def _follow(
    connection: Connection,
    task: Task,
    outcome: Outcome,
    writer: Writer,
    fresh: Sequence[Fresh],
    now: datetime,
) -> None:
    """The pages of new articles become due, and those of articles that changed."""
    if outcome.page_specs is not None:
        if task.claim.own and task.article is None:
            named = sorted({one.draft.url for one in fresh if one.follow})
            own = [url for url in named if outcome.page_specs(0, url, True).own]
            units.grant_own(connection, own, now)
        pages = [
            (article, outcome.page_specs(article, url, own), order)
            for article, url, own, order in writer.follow
        ]
        units.add_pages(connection, pages, now)
    units.hurry_pages(connection, writer.reread, now)


def _lists_of(task: Task) -> frozenset[str]:
    return frozenset({*(reading.list for reading in task.readings), lists.LATEST})


def _quiet_lists(task: Task, outcome: Outcome) -> frozenset[str]:
    """The lists that a first, long import fills: their feeds are built once, at its end."""
    return _lists_of(task) if outcome.more and not task.complete else frozenset()


def _import_ended(task: Task, outcome: Outcome) -> bool:
    """Whether this was the last part of a first import, whose feeds were not asked for until now."""
    return not outcome.more and outcome.code is None and task.importing and not task.complete


def _rows_gone(connection: Connection, task: Task, outcome: Outcome, now: datetime, writer: Writer) -> None:
    """Rows that the source took back, or that a sweep no longer found, are withdrawn."""
    k = t.key.c
    mine = select(k.value, k.article).where(k.kind == "row", k.scope == task.upstream.key)
    gone: list[int] = []
    if outcome.withdrawn_rows:
        rows = connection.execute(mine.where(k.value.in_(outcome.withdrawn_rows)))
        gone += [row.article for row in rows]
    if outcome.alive_rows is not None:
        live = mine.join(t.article, t.article.c.no == k.article).where(
            t.article.c.state.in_([State.LIVE, State.WAITING])
        )
        gone += [row.article for row in connection.execute(live) if row.value not in outcome.alive_rows]
    touched: dict[str, bool] = {}
    for article in dict.fromkeys(gone):
        if withdrawal.withdraw(connection, article, now=now, touched=touched, by=Level.STORE):
            writer.changed += 1
    lists.write_outbox(connection, touched, now)


def _gone(
    connection: Connection, task: Task, outcome: Outcome, now: datetime, writer: Writer
) -> dict[str, Any]:
    """A page that answered 404 or 410 once more: its article is withdrawn, unless it goes on elsewhere."""
    assert task.article is not None
    times, since = task.gone_times + 1, task.gone_since or now
    enough, long = (OWN_GONE_TIMES, OWN_GONE_FOR) if task.claim.own else (GONE_TIMES, GONE_FOR)
    if times >= enough and now - since >= long:
        address = units.readdress(connection, task.claim.upstream, task.article)
        if address:  # it was moved: what its new address answers counts
            return {"gone_times": 0, "gone_since": None, "url": address, "name": address, **FORGOTTEN}
        touched: dict[str, bool] = {}
        mine, candidates = withdrawal.twins_of(connection, task.article)
        found = outcome.twin(mine, candidates) if outcome.twin is not None else None
        if found == "unread":  # its page is read within seconds: the next look can tell
            return {"gone_times": times, "gone_since": since}
        if found is not None:
            merging.merge(connection, found, now=now, touched=touched)
            writer.changed += 1
        elif withdrawal.withdraw(connection, task.article, now=now, touched=touched, by=Level.PAGE):
            writer.changed += 1
        lists.write_outbox(connection, touched, now)
        # what it sent before is no longer there: when it is back it is to be sent whole, also if unchanged
        return {"gone_times": times, "gone_since": since, **FORGOTTEN}
    return {"gone_times": times, "gone_since": since}


def _columns(task: Task, outcome: Outcome, now: datetime) -> dict[str, Any]:
    failed = outcome.code is not None
    columns: dict[str, Any] = {
        "attempts": task.attempts + 1,
        "failures": task.failures + 1 if failed else 0,
        "outcome": "failed" if failed else "ok",
        "error_code": outcome.code or "",
        "error_message": outcome.message,
        "status": outcome.status,
        "seconds": int(outcome.seconds * 1000),
        "looked_at": now,
    }
    if not failed:
        columns |= {"good_at": now, "gone_times": 0, "gone_since": None}
        columns["complete"] = task.complete or outcome.complete
        columns["importing"] = outcome.more
    if outcome.cursor is not None:
        columns["cursor"] = outcome.cursor
    if outcome.rhythm is not None:
        columns["rhythm"] = outcome.rhythm
    fetched = outcome.fetched
    if fetched is not None and outcome.understood:
        columns["read_as"] = outcome.read_as
        if fetched.unchanged:
            # RFC 9111 4.3.4: a 304 may bring newer validators; what it leaves out stays
            columns["etag"] = fetched.etag or task.etag
            columns["last_modified"] = fetched.last_modified or task.last_modified
        else:
            columns["etag"] = fetched.etag
            columns["last_modified"] = fetched.last_modified
            columns["validators_url"] = fetched.url
            columns["body_hash"] = hashlib.sha256(fetched.body).digest()
    return columns


def _moved(connection: Connection, task: Task, outcome: Outcome) -> dict[str, Any]:
    """Where permanent redirects lead, and how many answers in a row said so; errors say nothing about it."""
    adopted = bool(task.moved) and task.upstream.url == task.moved
    if outcome.forget_move:
        units.go_back(connection, task.claim)
        return {"moved": "", "moved_times": 0}
    if outcome.fetched is None or task.article is not None:
        return {}
    target = outcome.fetched.moved
    if not target:
        # the new address answers: all is well; the configured one answers itself: it moved no more
        return {} if adopted else {"moved": "", "moved_times": 0}
    if adopted:  # it moved on: the configured address tells where to
        units.go_back(connection, task.claim)
    times = task.moved_times + 1 if target == task.moved else 1
    if times == units.MOVES and urls.may_move(task.upstream.url, target):
        units.go_to(connection, task.claim, target)
    return {"moved": target, "moved_times": times}
