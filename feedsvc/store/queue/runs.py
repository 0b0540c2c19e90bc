"""The last polls of each source, and what is usual for it: written with the poll itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from feedsvc.store import codec
from feedsvc.store import schema as t

KEPT = 50  #: runs of each source
# Made once: each poll needs them, and building a statement costs as much as carrying it out.
_NOTE = update(t.run).where(t.run.c.upstream == bindparam("of"), t.run.c.slot == bindparam("at_slot"))
_FIRST_NOTE = insert(t.run)
_USUAL = select(t.usual).where(t.usual.c.key == bindparam("of"))
_KEEP_USUAL = update(t.usual).where(t.usual.c.key == bindparam("of"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is usual, as it is kept, and how far the source was from it at its last poll."""

    value: dict[str, Any] | None = None  #: see curate.usual; None: nothing yet
    drift: int = 0
    reason: str = ""
    since: datetime | None = None


def note(connection: Connection, upstream: int, number: int, values: dict[str, Any]) -> None:
    """Keep run `number` of a source; the one that was made 50 runs before it goes."""
    slot = number % KEPT
    if not connection.execute(_NOTE, {**values, "of": upstream, "at_slot": slot}).rowcount:
        connection.execute(_FIRST_NOTE, {**values, "upstream": upstream, "slot": slot})


def usual(connection: Connection, key: str) -> Kept:
    """What is kept under a name."""
    row = connection.execute(_USUAL, {"of": key[:300]}).first()
    if row is None:
        return Kept()
    value = orjson.loads(codec.decompress(row.kept))
    return Kept(value=value, drift=row.drift, reason=row.reason, since=row.since)


def keep_usual(connection: Connection, key: str, kept: Kept) -> None:
    """Keep it."""
    packed = codec.compress(orjson.dumps(kept.value))
    values = {"kept": packed, "drift": kept.drift, "reason": kept.reason, "since": kept.since}
    if not connection.execute(_KEEP_USUAL, {**values, "of": key[:300]}).rowcount:
        connection.execute(insert(t.usual), {**values, "key": key[:300]})


def forget_usual(connection: Connection, key: str) -> None:
    """Begin anew: what is from now on is usual."""
    connection.execute(delete(t.usual).where(t.usual.c.key == key[:300]))
