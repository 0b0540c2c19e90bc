"""What operators decide about sources: polled now, paused, and which reading is right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select, update

from feedsvc.model import ReadingSpec
from feedsvc.store import schema as t
from feedsvc.store.engine import Database
from feedsvc.store.queue import runs
from feedsvc.store.queue.units import PAGE, STOPPED


class SqlOperating:
    """Decides for every source that is called `name` (its name or address), or has that number.

    Each method returns how many sources it was about. Raises StoreError.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def poll_now(self, name: str | int, now: datetime) -> int:
        """Poll them at once, except where their host asked to wait."""
        with self._database.write() as connection:
            numbers = _numbers(connection, name)
            _hurry(connection, numbers, now)
            return len(numbers)

    def pause(self, name: str | int, now: datetime) -> int:
        """Poll them no more until `resume`; what they brought stays in the feeds."""
        with self._database.write() as connection:
            numbers = _numbers(connection, name)
            stop = update(t.upstream).where(t.upstream.c.no.in_(numbers), t.upstream.c.paused_at.is_(None))
            connection.execute(stop.values(paused_at=now))
            connection.execute(update(t.due).where(t.due.c.upstream.in_(numbers)).values(active=False))
            return len(numbers)

    def resume(self, name: str | int, now: datetime) -> int:
        """Poll them again, also those that said they were gone for good."""
        with self._database.write() as connection:
            numbers = _numbers(connection, name)
            connection.execute(update(t.upstream).where(t.upstream.c.no.in_(numbers)).values(paused_at=None))
            stopped = update(t.upstream).where(t.upstream.c.no.in_(numbers), t.upstream.c.status == STOPPED)
            connection.execute(stopped.values(status=None))
            connection.execute(update(t.due).where(t.due.c.upstream.in_(numbers)).values(active=True))
            _hurry(connection, numbers, now)
            return len(numbers)

    def accept(self, name: str | int, now: datetime) -> int:
        """What stands there now is right: another list that was found is taken, the usual begins anew."""
        u = t.upstream.c
        with self._database.write() as connection:
            numbers = _numbers(connection, name)
            for row in connection.execute(
                select(u.no, u.key, u.proposal, u.instead).where(u.no.in_(numbers))
            ).all():
                values: dict[str, Any] = {"traces": None, "proposal": None}
                if row.proposal is not None and row.proposal.get("instead"):
                    values["instead"] = {
                        **(row.instead or {}), row.proposal["list"]: row.proposal["instead"]
                    }  # fmt: skip
                values |= {"etag": "", "last_modified": "", "body_hash": b""}  # it is read as a whole
                connection.execute(update(t.upstream).where(u.no == row.no).values(values))
                runs.forget_usual(connection, row.key)
            _hurry(connection, numbers, now)
            return len(numbers)

    def refuse(self, name: str | int) -> int:
        """What was proposed is wrong, and a reading that was taken before goes: the configuration holds."""
        with self._database.write() as connection:
            numbers = _numbers(connection, name)
            wrong = update(t.upstream).where(t.upstream.c.no.in_(numbers))
            connection.execute(wrong.values(proposal=None, instead=None, body_hash=b"", etag=""))
            return len(numbers)


def reading_of(spec: ReadingSpec, instead: Mapping[str, Any] | None) -> ReadingSpec:
    """The reading that a person took instead of a configured one, as long as that one stays as it was."""
    taken = (instead or {}).get(spec.list)
    if not taken or taken["of"] != _said(spec):
        return spec
    return replace(spec, box=taken["box"], select=taken["select"])


def taken(spec: ReadingSpec, *, box: str, select: Mapping[str, str]) -> dict[str, Any]:
    """What `reading_of` needs to know of a reading that may be taken instead of `spec`."""
    return {"of": _said(spec), "box": box, "select": dict(select)}


def _said(spec: ReadingSpec) -> list[Any]:
    return [spec.box, dict(spec.select)]


def _numbers(connection: Connection, name: str | int) -> list[int]:
    u = t.upstream.c
    which = u.no == name if isinstance(name, int) else or_(u.name == name, u.url == name)
    return list(connection.execute(select(u.no).where(which, u.kind != PAGE)).scalars())


def _hurry(connection: Connection, numbers: list[int], now: datetime) -> None:
    due = update(t.due).where(t.due.c.upstream.in_(numbers), t.due.c.not_before <= now)
    connection.execute(due.values(next_due=now))
