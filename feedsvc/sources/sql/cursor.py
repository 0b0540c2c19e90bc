"""How far a table was read: kept as JSON between two looks, values as the database gave them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

OVERLAP = timedelta(minutes=10)  #: rows commit later than their time says, and clocks differ
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Since 1970, how many a number of this size counts a second; smaller ones are running numbers
_UNITS = ((10**14, 1_000_000), (10**11, 1_000), (10**8, 1))
_LAYOUTS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%dT%H:%M:%S.%fZ",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%Y%m%d%H%M%S",
)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A pass through the table: its phase, the last row of it, and what the next pass has to know."""

    phase: str = ""  #: "" between two passes | newest | undated | rows | ids
    whole: bool = False  #: the pass reads everything
    after: tuple[Any, ...] = ()  #: the key of the last row read: (id,) or (modified, id)
    top: Any = None  #: the greatest `modified` of all rows read so far
    begun: float = 0.0  #: when this pass began, in seconds since 1970
    swept: float = 0.0  #: when a pass that read everything began
    rose: float = 0.0  #: when the pass began in which `top` rose last
    seen: int = 0  #: rows of this pass so far
    last: int = 0  #: rows of the last incremental pass
    idle: bool = False  #: the last pass began right behind the last row, and there was nothing

    def dump(self) -> str:
        """As text."""
        return orjson.dumps(
            {
                "phase": self.phase,
                "whole": self.whole,
                "after": [_packed(value) for value in self.after],
                "top": _packed(self.top),
                "begun": self.begun,
                "swept": self.swept,
                "rose": self.rose,
                "seen": self.seen,
                "last": self.last,
                "idle": self.idle,
            }
        ).decode()


def load(text: str) -> Cursor:
    """What `dump` wrote; a cursor of the beginning for anything else."""
    try:
        raw = orjson.loads(text)
        after = tuple(_unpacked(value) for value in raw["after"])
        return replace(Cursor(), **{**raw, "after": after, "top": _unpacked(raw["top"])})
    except (ValueError, KeyError, TypeError):
        return Cursor()


def _packed(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, UUID):
        return {"uuid": str(value)}
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"bytes": bytes(value).hex()}
    raise TypeError(f"a column of type {type(value).__name__} cannot put rows in order")


_READERS: dict[str, Callable[[str], Any]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "decimal": Decimal,
    "uuid": UUID,
    "bytes": bytes.fromhex,
}


def _unpacked(value: Any) -> Any:
    if isinstance(value, dict):
        ((kind, text),) = value.items()
        return _READERS[kind](text)
    return value


def is_greater(value: Any, other: Any) -> bool:
    """Whether the database puts `value` behind `other`.

    A column of SQLite may hold values of several types: numbers come first, then texts, then bytes
    (https://www.sqlite.org/datatype3.html, 4.1).
    """
    try:
        return bool(value > other)
    except TypeError:
        return _order_of(value) > _order_of(other)


def _order_of(value: Any) -> int:
    return 2 if isinstance(value, (bytes, bytearray, memoryview)) else int(isinstance(value, str))


def earlier(top: Any, *, now: datetime, zone: ZoneInfo) -> Any:
    """Where the next pass begins: ten minutes before `top`, or before now where `top` lies in the future.

    The answer is of the type and spelling of `top`, so that the database compares like with like. None: the
    value is no time (a running number, a spelling of its own); then only what is greater is read.
    """
    if isinstance(top, datetime):
        if top.tzinfo is not None:
            return min(top, now) - OVERLAP
        return min(top, now.astimezone(zone).replace(tzinfo=None)) - OVERLAP
    if isinstance(top, date):
        return min(top, now.astimezone(zone).date()) - timedelta(days=1)
    if isinstance(top, (int, float, Decimal)) and not isinstance(top, bool):
        unit = next((per for least, per in _UNITS if top >= least), None)
        if unit is None:
            return None
        present = int((now - _EPOCH).total_seconds() * unit)
        found = min(int(top), present) - int(OVERLAP.total_seconds()) * unit
        return type(top)(found)
    return _earlier_text(top, now=now, zone=zone) if isinstance(top, str) else None


def _earlier_text(top: str, *, now: datetime, zone: ZoneInfo) -> str | None:
    for layout in _LAYOUTS:
        try:
            at = datetime.strptime(top, layout)  # noqa: DTZ007 - compared in its own spelling
        except ValueError:
            continue
        there = UTC if layout.endswith("Z") else zone
        found = min(at, now.astimezone(there).replace(tzinfo=None)) - OVERLAP
        text = found.strftime(layout)
        if "%f" in layout:  # as many digits as the column has
            digits = len(top.rstrip("Z").rpartition(".")[2])
            head, _, tail = text.rstrip("Z").rpartition(".")
            text = f"{head}.{tail[:digits]}" + ("Z" if layout.endswith("Z") else "")
        return text
    try:  # with an offset: rows are in order as long as it is always the same one
        at = datetime.fromisoformat(top)
    except ValueError:
        return None
    found = min(at, now.astimezone(at.tzinfo)) - OVERLAP if at.tzinfo else at - OVERLAP
    return found.isoformat(sep=top[10:11] or "T", timespec="microseconds" if "." in top else "seconds")
