"""What a field reader answers: a value, where it came from, and everything that was said about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from feedsvc.model import Evidence

T = TypeVar("T")
MAX_VALUE = 300  #: characters of a statement that are kept


@dataclass(frozen=True, slots=True)
class Finding(Generic[T]):
    """The answer for one field."""

    value: T
    origin: str = ""
    evidence: tuple[Evidence, ...] = ()
    weight: float = 0.0  #: how much speaks for it, on the field's own scale


def settled(
    value: str, origin: str, statements: Iterable[Evidence], *, same: Callable[[str, str], float]
) -> Finding[str]:
    """`value` as the answer; each statement is marked as used, or with what it says otherwise."""
    marked = []
    used = False
    for statement in statements:
        chosen = not used and statement.origin == origin and same(statement.value, value) > 0
        used = used or chosen
        differs = "" if chosen or same(statement.value, value) == 1 else "differs"
        note = "; ".join(filter(None, (differs, statement.note)))
        marked.append(replace(statement, used=chosen, note=note, value=statement.value[:MAX_VALUE]))
    return Finding(value, origin if value else "", tuple(marked))
