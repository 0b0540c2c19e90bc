"""Looks at a newsroom's database: passes through a table, a part of it at each look.

A pass is incremental (rows whose `modified` is not older than ten minutes before the greatest one seen) or
whole (the first one, one a day, and every one of a table without `modified`). A whole pass ends with the ids
of all rows, so that deleted ones are noticed; it also finds rows that changed without a word.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection

from feedsvc.errors import Code, SourceError
from feedsvc.extract import record
from feedsvc.extract.record import Setting
from feedsvc.extract.table import cursor as cursors
from feedsvc.extract.table.cursor import Cursor
from feedsvc.extract.table.database import Database
from feedsvc.extract.table.shape import Shape, TableSpec, find
from feedsvc.model import Draft, Level
from feedsvc.seams import MOST, Batch, Look, Tools

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


@dataclass(slots=True)
class _Part:
    """What one look collects."""

    drafts: list[Draft] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    alive: frozenset[str] | None = None
    size: int = 0
    unusable: int = 0

    @property
    def room(self) -> int:
        return MOST - len(self.drafts) - len(self.withdrawn)


class TableSource:
    """Rows of databases, as the newsroom's own statements. Safe in many threads, one for a table."""

    level = Level.STORE
    follow = False

    def __init__(self, clock: Any = time.monotonic) -> None:
        self._clock = clock
        self._memories: dict[str, _Memory] = {}

    def read(self, look: Look, tools: Tools) -> Batch:
        """The rows that are new or changed since the cursor. Raises SourceError."""
        key = look.options["basis"]
        state = cursors.load(look.cursor)
        memory = self._memories.get(key)
        if memory is None or memory.shape.spec != TableSpec.of(look.options):
            memory = self._memories[key] = self._open(look)
        elif memory.handed != look.cursor:
            memory.digests, memory.fresh, memory.ids = {}, {}, None  # what was handed over was not stored
        try:
            return self._look(look, state, memory)
        except SourceError:
            self._memories.pop(key, None)  # the table may have been altered: its columns are looked up anew
            raise

    def _open(self, look: Look) -> _Memory:
        spec = TableSpec.of(look.options)
        database = Database(spec.address, path=spec.path)
        with database.reading() as connection:
            return _Memory(shape=find(spec, connection), database=database)

    def _look(self, look: Look, state: Cursor, memory: _Memory) -> Batch:
        part = _Part()
        end = self._clock() + SECONDS
        if not state.phase:
            state = _begin(state, look, memory.shape.spec)
        while state.phase and part.room > 0 and part.size < MAX_BYTES:
            with memory.database.reading() as connection:
                state = self._step(look, state, memory, part, connection)
            if self._clock() > end:
                break
        memory.handed = state.dump()
        left_out = f"{part.unusable} rows without a title and a text were left out" if part.unusable else ""
        return Batch(
            drafts=tuple(part.drafts),
            cursor=memory.handed,
            more=bool(state.phase),
            withdrawn_rows=tuple(part.withdrawn),
            alive_rows=part.alive,
            notes=(left_out,) if left_out else (),
        )

    def _step(
        self, look: Look, state: Cursor, memory: _Memory, part: _Part, connection: Connection
    ) -> Cursor:
        if state.phase == "ids":
            return self._sweep(look, state, memory, part, connection)
        if state.phase == "newest":
            return self._newest(look, state, memory, part, connection)
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
            self._take(values, not flagged or bool(row[-1]), state.whole, look, memory, part)
            count += 1
            after = (values[modified], values[ident]) if dated else (values[ident],)
            if dated and (top is None or values[modified] > top):
                top = values[modified]
            if part.size >= MAX_BYTES:
                rows.close()
                limit = count  # the rest of them comes with the next look
                break
        rose = state.begun if top != state.top else state.rose
        state = replace(state, after=after, top=top, rose=rose, seen=state.seen + count)
        return state if count == limit else _next(state, look, memory)

    def _newest(
        self, look: Look, state: Cursor, memory: _Memory, part: _Part, connection: Connection
    ) -> Cursor:
        """Before an import begins: what a feed shows, so that it does not begin with what is oldest."""
        question = memory.shape.newest(min(NEWEST, part.room))
        if question is not None:
            for row in connection.execute(question):
                self._take(memory.shape.values(row), True, state.whole, look, memory, part)
            part.unusable = 0  # they come again, and are counted then
        return _from_the_first(state, memory.shape.spec)

    def _take(
        self, values: Mapping[str, Any], inside: bool, whole: bool, look: Look, memory: _Memory, part: _Part
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
        draft = to_draft(values, memory.shape, look, row)
        if not draft.title:
            part.unusable += 1
            return
        part.drafts.append(draft)
        part.size += len(draft.content)

    def _sweep(
        self, look: Look, state: Cursor, memory: _Memory, part: _Part, connection: Connection
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
                f"{spec.path}: no published row is left; nothing is withdrawn on that ground. "
                "If it is meant, remove the source",
            )
        alive = frozenset(found)
        if alive != memory.ids:
            part.alive = alive
        memory.ids = alive if not spec.modified and len(alive) <= REMEMBERED else None
        return _end(replace(state, swept=state.begun), memory)


# ── passes ────────────────────────────────────────────────────────────────────────────────────────────


def _begin(state: Cursor, look: Look, spec: TableSpec) -> Cursor:
    now = look.now.timestamp()
    whole = look.first or not spec.modified or now - state.swept >= spec.sweep
    begun = replace(state, whole=whole, begun=now, seen=0)
    if whole:
        return replace(begun, phase="newest") if look.first else _from_the_first(begun, spec)
    bound = cursors.earlier(state.top, now=look.now, zone=look.zone)
    if bound is None:  # no time that one could go back in: on behind the last row
        return replace(begun, phase="rows")
    settled = now - state.rose > cursors.OVERLAP.total_seconds()
    if settled and len(state.after) == 2 and (state.idle or state.last > MANY_AGAIN):
        # thousands of rows have one time (a table was changed as a whole), and late ones have come
        return replace(begun, phase="rows", idle=True)
    return replace(begun, phase="rows", after=(bound,), idle=False)


def _from_the_first(state: Cursor, spec: TableSpec) -> Cursor:
    return replace(state, phase="undated" if spec.modified else "rows", after=())


def _next(state: Cursor, look: Look, memory: _Memory) -> Cursor:
    if state.phase == "undated":
        return replace(state, phase="rows", after=())
    if state.whole and not look.first:
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


def to_draft(values: Mapping[str, Any], shape: Shape, look: Look, row: str) -> Draft:
    """What one row says about its article."""
    spec = shape.spec
    named = {name: values.get(found) for name, found in shape.actual.items()}
    said = {name: _together([named[one] for one in found]) for name, found in spec.columns.items()}
    setting = Setting(base=spec.base, zone=look.zone, language="", now=look.now, text=spec.text)
    link = record.fill(spec.link, named, escape=lambda value: quote(value, safe="/")) if spec.link else ""
    return record.draft(
        said,
        replace(setting, language=look.language),
        row=row,
        guid=record.fill(spec.guid, named) if spec.guid else "",
        link=link,
        note=f"table {spec.table}" if spec.table else "query",
    )


def _together(values: Sequence[Any]) -> Any:
    return values[0] if len(values) == 1 else [value for value in values if value not in (None, "")]
