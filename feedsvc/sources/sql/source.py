"""Looks at a newsroom's database: passes through a table, a part of it at each look.

A pass is incremental (rows whose `modified` is not older than ten minutes before the greatest one seen) or
whole (the first one, one a day, and every one of a table without `modified`). A whole pass ends with the ids
of all rows, so that deleted ones are noticed; it also finds rows that changed without a word.
"""

from __future__ import annotations

import hashlib
import logging
import pickle
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from feedsvc.errors import Code, ReadError, SourceError
from feedsvc.extract.records import record
from feedsvc.extract.records.rows import Meaning, Row, draft, job, parts
from feedsvc.model import Draft, Level
from feedsvc.plugin_api import MAX_DRAFTS, Batch, FeedReading, Poll, Tools
from feedsvc.sources.sql import cursor as cursors
from feedsvc.sources.sql.cursor import Cursor
from feedsvc.sources.sql.database import Database
from feedsvc.sources.sql.shape import Shape, TableSpec, find

log = logging.getLogger(__name__)

ROWS = 500  #: of one transaction on their side
NEWEST = 200  #: rows that an import begins with: four feeds of the usual size
SECONDS = 5.0  #: of one look; the rest is read at the next one
MAX_BYTES = 32 * 1024 * 1024  #: of the texts of one look, so that memory stays flat
MANY_AGAIN = 2_000  #: rows of the last ten minutes that are read again however long nothing was added
REMEMBERED = 100_000  #: rows whose digests are kept in memory; of a larger part the store knows them


@dataclass(slots=True)
class _Memory:
    """What a process remembers of a table. It saves work, nothing depends on it."""

    shape: Shape
    database: Database
    digests: dict[str, bytes] = field(default_factory=dict)  # row → what was handed over last
    fresh: dict[str, bytes] = field(default_factory=dict)  # of the pass under way
    handed: str = ""  # the cursor of the last batch: if it comes back, the batch was stored
    ids: frozenset[str] | None = None
    ahead: Future[Batch] | None = None  # the next part of an import, which is being read already


@dataclass(slots=True)
class _Part:
    """What one look collects."""

    rows: list[Row] = field(default_factory=list)
    again: int = 0  # of them, the first ones, which come again
    withdrawn: list[str] = field(default_factory=list)
    alive: frozenset[str] | None = None
    size: int = 0

    @property
    def room(self) -> int:
        return MAX_DRAFTS - len(self.rows) - len(self.withdrawn)


class TableSource:
    """Rows of databases, as the newsroom's own statements. Safe in many threads, one for a table."""

    level = Level.STORE
    follow = False

    def __init__(self, clock: Any = time.monotonic) -> None:
        self._clock = clock
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="ahead")
        self._memories: dict[str, _Memory] = {}

    def read(self, poll: Poll, tools: Tools) -> Batch:
        """The rows that are new or changed since the cursor. Raises SourceError."""
        key = poll.options["basis"]
        state = cursors.load(poll.cursor)
        memory = self._memories.get(key)
        if memory is None or memory.shape.spec != TableSpec.of(poll.options):
            memory = self._memories[key] = self._open(poll)
        try:
            batch = self._ahead_of(poll, memory)
            if batch is None:
                batch = self._look(poll, state, memory, tools)
        except SourceError:
            self._memories.pop(key, None)  # the table may have been altered: its columns are looked up anew
            raise
        memory.handed = batch.cursor
        if poll.first and batch.more:
            following = cursors.load(batch.cursor)
            memory.ahead = self._reader.submit(self._look, poll, following, memory, tools)
        return batch

    def _ahead_of(self, poll: Poll, memory: _Memory) -> Batch | None:
        """The part of an import that was read while the one before it was stored; None if there is none."""
        ahead, memory.ahead = memory.ahead, None
        if memory.handed == poll.cursor:
            return ahead.result() if ahead is not None else None
        if ahead is not None:
            ahead.exception()  # it works on what is remembered
        memory.digests, memory.fresh, memory.ids = {}, {}, None  # what was handed over was not stored
        return None

    def _open(self, poll: Poll) -> _Memory:
        spec = TableSpec.of(poll.options)
        database = Database(spec.address, path=spec.path)
        with database.reading() as connection:
            return _Memory(shape=find(spec, connection), database=database)

    def _look(self, poll: Poll, state: Cursor, memory: _Memory, tools: Tools) -> Batch:
        part = _Part()
        end = self._clock() + SECONDS
        if not state.phase:
            state = _begin(state, poll, memory.shape.spec)
        while state.phase and part.room > 0 and part.size < MAX_BYTES:
            with memory.database.reading() as connection:
                state = self._step(poll, state, memory, part, connection)
            if self._clock() > end:
                break
        drafts = _drafts(part.rows, memory.shape, poll, tools)
        unusable = sum(not one.title for one in drafts[part.again :])
        left_out = f"{unusable} rows without a title and a text were left out" if unusable else ""
        return Batch(
            drafts=tuple(one for one in drafts if one.title),
            cursor=state.dump(),
            more=bool(state.phase),
            withdrawn_rows=tuple(part.withdrawn),
            alive_rows=part.alive,
            notes=(left_out,) if left_out else (),
        )

    def _step(
        self, poll: Poll, state: Cursor, memory: _Memory, part: _Part, connection: Connection
    ) -> Cursor:
        if state.phase == "ids":
            return self._sweep(poll, state, memory, part, connection)
        if state.phase == "newest":
            return self._newest(poll, state, memory, part, connection)
        shape = memory.shape
        spec = shape.spec
        undated = state.phase == "undated"
        flagged = bool(spec.where) and not state.whole
        limit = min(ROWS, part.room)
        question = shape.rows(state.after, undated=undated, flagged=flagged, limit=limit)
        rows = connection.execution_options(stream_results=True, max_row_buffer=50).execute(question)
        ident, modified = shape.column_of(spec.columns["id"][0]), shape.actual.get(spec.modified, "")
        dated = bool(modified) and not undated
        count, after, top = 0, state.after, state.top
        for row in rows:
            values = shape.values(row)
            self._take(values, not flagged or bool(row[-1]), state.whole, poll, memory, part)
            count += 1
            after = (values[modified], values[ident]) if dated else (values[ident],)
            if dated and (top is None or cursors.is_greater(values[modified], top)):
                top = values[modified]
            if part.size >= MAX_BYTES:
                rows.close()
                limit = count  # the rest of them comes with the next look
                break
        rose = state.begun if top != state.top else state.rose
        state = replace(state, after=after, top=top, rose=rose, seen=state.seen + count)
        return state if count == limit else _next(state, poll, memory)

    def _newest(
        self, poll: Poll, state: Cursor, memory: _Memory, part: _Part, connection: Connection
    ) -> Cursor:
        """Before an import begins: what a feed shows, so that it does not begin with what is oldest."""
        question = memory.shape.newest(min(NEWEST, part.room))
        if question is not None:
            for row in connection.execute(question):
                self._take(memory.shape.values(row), True, state.whole, poll, memory, part)
            part.again = len(part.rows)
        return _from_the_first(state, memory.shape.spec)

    def _take(
        self, values: Mapping[str, Any], inside: bool, whole: bool, poll: Poll, memory: _Memory, part: _Part
    ) -> None:
        """One row. Of a whole pass, what is not published is told by its end: the ids of all rows."""
        spec = memory.shape.spec
        row = record.identity(values[memory.shape.column_of(spec.columns["id"][0])])
        if not row:
            return
        if len(memory.fresh) < REMEMBERED and not (whole and spec.modified):
            memory.fresh[row] = digest = _digest(values, inside)
            if memory.digests.get(row) == digest:
                return
        status = values[memory.shape.column_of(spec.status)] if spec.status else None
        if not inside or (spec.status and not record.is_same(status, spec.published)):
            if not whole:
                part.withdrawn.append(row)
            return
        part.rows.append(
            # a view of bytes does not cross into another process
            Row(row, {n: bytes(v) if isinstance(v, memoryview) else v for n, v in values.items()})
        )
        part.size += part.rows[-1].size

    def _sweep(
        self, poll: Poll, state: Cursor, memory: _Memory, part: _Part, connection: Connection
    ) -> Cursor:
        """The ids of all rows. None at all is not believed: tables are emptied by accident."""
        spec = memory.shape.spec
        rows = connection.execution_options(stream_results=True, max_row_buffer=1000).execute(
            memory.shape.ids()
        )
        found = set()
        while chunk := list(islice(rows, 1000)):
            found |= {
                record.identity(row[0])
                for row in chunk
                if not spec.status or record.is_same(row[1], spec.published)
            }
        if not found:
            raise SourceError(
                Code.EMPTY_LIST,
                f"{spec.path}: no published row is left; nothing is withdrawn because of that. "
                "If that is intended, remove the source",
            )
        alive = frozenset(found)
        if alive != memory.ids:
            part.alive = alive
        memory.ids = alive if not spec.modified and len(alive) <= REMEMBERED else None
        return _end(replace(state, swept=state.begun), memory)


# ── passes ────────────────────────────────────────────────────────────────────────────────────────────


def _begin(state: Cursor, poll: Poll, spec: TableSpec) -> Cursor:
    now = poll.now.timestamp()
    whole = poll.first or not spec.modified or now - state.swept >= spec.sweep
    begun = replace(state, whole=whole, begun=now, seen=0)
    if whole:
        return replace(begun, phase="newest") if poll.first else _from_the_first(begun, spec)
    bound = cursors.earlier(state.top, now=poll.now, zone=poll.zone)
    if bound is None:  # no time that one could go back in: on behind the last row
        return replace(begun, phase="rows")
    settled = now - state.rose > cursors.OVERLAP.total_seconds()
    if settled and len(state.after) == 2 and (state.idle or state.last > MANY_AGAIN):
        # thousands of rows have one time (a table was changed as a whole), and late ones have come
        return replace(begun, phase="rows", idle=True)
    return replace(begun, phase="rows", after=(bound,), idle=False)


def _from_the_first(state: Cursor, spec: TableSpec) -> Cursor:
    return replace(state, phase="undated" if spec.modified else "rows", after=())


def _next(state: Cursor, poll: Poll, memory: _Memory) -> Cursor:
    if state.phase == "undated":
        return replace(state, phase="rows", after=())
    if state.whole and not poll.first:
        return replace(state, phase="ids")
    return _end(replace(state, swept=state.begun) if state.whole else state, memory)


def _end(state: Cursor, memory: _Memory) -> Cursor:
    """The pass is over. What was seen in it is remembered, so that reading it again costs little."""
    memory.digests, memory.fresh = memory.fresh, {}
    return replace(state, phase="", last=0 if state.whole else state.seen, idle=state.idle and not state.seen)


# ── rows ──────────────────────────────────────────────────────────────────────────────────────────────


def _digest(values: Mapping[str, Any], inside: bool) -> bytes:
    return hashlib.blake2b(
        repr((inside, *values.values())).encode("utf-8", "replace"), digest_size=8
    ).digest()


def _drafts(rows: Sequence[Row], shape: Shape, poll: Poll, tools: Tools) -> list[Draft]:
    """What the rows say. A child reads them; where it cannot, this process does."""
    spec = shape.spec
    meaning = Meaning(
        columns=dict(spec.columns),
        actual=dict(shape.actual),
        guid=spec.guid,
        link=spec.link,
        text=spec.text,
        base=spec.base,
        note=f"table {spec.table}" if spec.table else "query",
    )
    found: list[Draft] = []
    for part in parts(rows):
        try:
            one = job(part, meaning, url=spec.path, language=poll.language, zone=poll.zone, now=poll.now)
            reading = tools.read(one)
            assert isinstance(reading, FeedReading)
            found += reading.entries
        except (ReadError, pickle.PicklingError, TypeError, AttributeError) as error:
            log.info("%s: rows are read here: %s", spec.path, error)
            found += [
                draft(row, meaning, language=poll.language, zone=poll.zone, now=poll.now) for row in part
            ]
    return found
