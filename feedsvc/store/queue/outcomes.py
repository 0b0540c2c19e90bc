"""The transaction of one unit of work: what a poll changes, and how it ended. Plain reads and writes."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from feedsvc import urls
from feedsvc.errors import Code
from feedsvc.model import Fetched, Fresh, Known, Level, Plan, State, Stored, Upstream
from feedsvc.protocols import Task
from feedsvc.store import schema as t
from feedsvc.store.articles import known, lists, release, withdrawal
from feedsvc.store.articles.transaction import Transaction
from feedsvc.store.engine import Database
from feedsvc.store.push import following
from feedsvc.store.queue import memory, runs, units

#: Validators and hash of a body that is no longer there.
FORGOTTEN: dict[str, Any] = {"etag": "", "last_modified": "", "validators_url": "", "body_hash": b""}


class ClaimLostError(Exception):
    """The claim is no longer ours: another worker has taken the unit over. Nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a poll ended, as it is noted with its upstream."""

    code: Code | None = None  #: what failed; None: nothing did
    message: str = ""
    status: int | None = None
    seconds: float = 0.0
    answer: Fetched | None = None  #: it was understood: its validators hold from now on, its body is kept
    read_as: str = ""  #: fingerprint of what understood it
    cursor: str | None = None  #: how far a source was read
    more: bool = False  #: of a long import, or of a list with older pages
    forget_move: bool = False  #: the address that redirects led to is gone: back to the configured one
    next_due: datetime | None = None  #: None: it is polled no more
    not_before: datetime | None = None
    rhythm: dict[str, Any] | None = None
    traces: dict[str, Any] | None = None  #: what the lists of a page look like now; None: as before
    lost: int = 0  #: workers in a row that died over it, as the next one is to know
    requests: int = 1
    found: int | None = None  #: articles of the reading; None: nothing was read
    shares: dict[str, float] | None = None  #: field → share of them that have it
    lag: float | None = None  #: seconds from publication to feed, of those that are new
    proposal: dict[str, Any] | None = None  #: another list that may be the right one
    is_well: bool = False  #: nothing is to be proposed any more


class UnitTransaction(Transaction):
    """What the holder of a claim may read and write; only `finish` makes it last."""

    def __init__(self, connection: Connection, task: Task, now: datetime) -> None:
        super().__init__(connection, now)
        self._task = task
        self._upstream = task.claim.upstream
        self._row: dict[str, Any] = {}  # what else is known of the upstream now

    # ── articles ──

    def known_to(self, fresh: Sequence[Fresh], *, older: bool) -> Known:
        """What is known of the articles that were read, on an `older` page of a list or not."""
        return self.known(fresh, upstream=self._upstream, article=self._task.article, older=older)

    def carry_out(self, plan: Plan, *, quiet: frozenset[str]) -> list[tuple[int, str, bool, int]]:
        """Carry out a plan; returns the pages to be read: (article, address, own, order in the list)."""
        writer = self.write(plan, upstream=self._upstream, quiet=quiet)
        if plan.undecided:
            self._row |= FORGOTTEN
        if writer.replaced is not None:
            self._row["article"] = writer.replaced
        units.hurry_pages(self._connection, writer.reread, self.now)
        return writer.follow

    def grant_own(self, addresses: Sequence[str]) -> None:
        """Have pages that foreign content named first polled as own ones: an own source names them now."""
        units.grant_own(self._connection, addresses, self.now)

    def add_pages(self, pages: Sequence[tuple[int, Upstream, int]]) -> None:
        """Have the pages of articles polled: (article, its page, order in the list)."""
        units.add_pages(self._connection, pages, self.now)

    def newly_shown(self, fresh: Sequence[Fresh]) -> list[datetime | None]:
        """The times of the articles that this poll shows and the one before did not."""
        shown = known.numbers_of(self._connection, fresh)
        if fresh[0].level not in (Level.LIST, Level.FEED):
            return [at for at in shown.values() if at is not None]  # read by a cursor: all of it is new
        before = known.last_reading(self._connection, self._upstream)
        if not self._task.importing:  # the next poll shows again what the first part of this one shows
            self._row["last_reading"] = sorted(shown)
        return [at for number, at in shown.items() if number not in before]

    def withdraw_rows(self, withdrawn: Collection[str], alive: Collection[str] | None) -> None:
        """Withdraw the articles of rows that a source took back, or that are not among all it still has."""
        if not withdrawn and alive is None:
            return
        self._take_turn()
        k = t.key.c
        mine = select(k.value, k.article).where(k.kind == "row", k.scope == self._task.upstream.key)
        gone: list[int] = []
        if withdrawn:
            gone += [row.article for row in self._connection.execute(mine.where(k.value.in_(withdrawn)))]
        if alive is not None:
            served = mine.join(t.article, t.article.c.no == k.article).where(
                t.article.c.state.in_([State.LIVE, State.WAITING])
            )
            gone += [row.article for row in self._connection.execute(served) if row.value not in alive]
        for article in dict.fromkeys(gone):
            self.withdraw(article, by=Level.STORE)

    # ── a page that is gone ──

    def moved_page(self, article: int) -> bool:
        """Whether the article has another address now: then its page is polled there from now on."""
        self._take_turn()
        address = units.readdress(self._connection, self._upstream, article)
        if address:
            self._row |= {"gone_times": 0, "gone_since": None, "url": address, "name": address, **FORGOTTEN}
        return bool(address)

    def twins_of(self, article: int) -> tuple[Stored, list[Stored]]:
        """An article, and those that may be it under a new address."""
        return withdrawal.twins_of(self._connection, article)

    def note_gone(self, times: int, since: datetime) -> None:
        """A page answered 404 or 410 so many times in a row."""
        self._row |= {"gone_times": times, "gone_since": since}

    def forget_validators(self) -> None:
        """When it is back it is to be sent whole, also if unchanged: what it sent before is kept no more."""
        self._row |= FORGOTTEN

    def stop_waiting(self, article: int) -> None:
        """The page cannot be read: what the lists say has to do."""
        release.stop_waiting(self._connection, article)

    # ── the end ──

    def hold_host(self, host: str, until: datetime) -> None:
        """A host asked to wait."""
        units.hold_host(self._connection, host, until)

    def note_hub(self, hubs: Sequence[tuple[str, str]]) -> None:
        """Note the first hub (with its topic) that a feed names, or that it names none."""
        following.discover(self._connection, self._upstream, next(iter(hubs), None), self.now)

    # ── what is usual ──

    def usual(self, key: str) -> runs.Kept:
        """What is usual for a source, or for the article pages of a host."""
        return runs.usual(self._connection, key)

    def keep_usual(self, key: str, kept: runs.Kept) -> None:
        """Keep it."""
        runs.keep_usual(self._connection, key, kept)

    def finish(self, outcome: Outcome) -> None:
        """Note how the poll ended, and when the next one is. Raises ClaimLostError."""
        task, connection = self._task, self._connection
        if outcome.answer is not None and outcome.answer.body:
            memory.keep_body(connection, self._upstream, outcome.answer)
        row = _columns(task, outcome, self.now) | self._row | _moved(connection, task, outcome)
        row |= {"new": self.new, "changed": self.changed}
        if self.new or self.changed:
            row["changed_at"] = self.now
            if task.article is None:
                following.changed(connection, self._upstream, pushed=task.planned is not None)
        if task.article is None:
            word = "failed" if outcome.code else "ok"
            if outcome.answer is not None and outcome.answer.unchanged:
                word = "unchanged"
            values = {
                "at": self.now,
                "outcome": word,
                "status": outcome.status,
                "code": outcome.code or "",
                "milliseconds": row["seconds"],
                "requests": outcome.requests,
                "found": outcome.found,
                "new": self.new,
                "changed": self.changed,
                "fields": outcome.shares,
                "lag": None if outcome.lag is None else round(outcome.lag),
            }
            runs.note(connection, self._upstream, task.attempts, values)
        if not units.finish(
            connection,
            task.claim,
            next_due=outcome.next_due,
            not_before=outcome.not_before,
            values=row,
            lost=outcome.lost,
        ):
            raise ClaimLostError


class SqlUnits:
    """Opens the transactions of units of work."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def begin(self, task: Task, now: datetime) -> Iterator[UnitTransaction]:
        """Commit at the end of the block; raises StoreRaceError where another transaction was faster."""
        with self._database.write() as connection:
            transaction = UnitTransaction(connection, task, now)
            yield transaction
            transaction.close()

    def kept_body(self, upstream: int) -> Fetched | None:
        """The last body of an upstream that was understood."""
        with self._database.read() as connection:
            return memory.kept_body(connection, upstream)

    def shown(self, key: str) -> int:
        """How many articles a list shows now."""
        with self._database.read() as connection:
            return lists.shown(connection, key)

    def newest(self, key: str, limit: int = 60) -> list[tuple[str, str]]:
        """(headline, address) of the articles that entered a list last."""
        with self._database.read() as connection:
            return lists.newest(connection, key, limit)


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
        columns |= {"complete": task.complete or not outcome.more, "importing": outcome.more}
    if outcome.cursor is not None:
        columns["cursor"] = outcome.cursor
    if outcome.rhythm is not None:
        columns["rhythm"] = outcome.rhythm
    if outcome.traces is not None:
        columns["traces"] = outcome.traces
    if outcome.proposal is not None or outcome.is_well:
        columns["proposal"] = outcome.proposal
    return columns if outcome.answer is None else columns | _validators(task, outcome.answer, outcome.read_as)


def _validators(task: Task, answer: Fetched, read_as: str) -> dict[str, Any]:
    if answer.unchanged:
        # RFC 9111 4.3.4: a 304 may bring newer validators; what it leaves out stays
        etag, last_modified = answer.etag or task.etag, answer.last_modified or task.last_modified
        return {"read_as": read_as, "etag": etag, "last_modified": last_modified}
    return {
        "read_as": read_as,
        "etag": answer.etag,
        "last_modified": answer.last_modified,
        "validators_url": answer.url,
        "body_hash": hashlib.sha256(answer.body).digest(),
    }


def _moved(connection: Connection, task: Task, outcome: Outcome) -> dict[str, Any]:
    """Where permanent redirects lead, and how many answers in a row said so; errors say nothing about it."""
    adopted = bool(task.moved) and task.upstream.url == task.moved
    if outcome.forget_move:
        units.go_back(connection, task.claim)
        return {"moved": "", "moved_times": 0}
    if outcome.answer is None or task.article is not None:
        return {}
    target = outcome.answer.moved
    if not target:
        # the new address answers: all is well; the configured one answers itself: it moved no more
        return {} if adopted else {"moved": "", "moved_times": 0}
    if adopted:  # it moved on: the configured address says where to
        units.go_back(connection, task.claim)
    times = task.moved_times + 1 if target == task.moved else 1
    if times == units.MOVES and urls.may_move(task.upstream.url, target):
        units.go_to(connection, task.claim, target)
    return {"moved": target, "moved_times": times}
