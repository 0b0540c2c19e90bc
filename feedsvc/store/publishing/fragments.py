"""Entries rendered once: kept in the store for every process, and in memory for the publisher."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, or_, select

from feedsvc.model import Format, Fragment
from feedsvc.store import schema as t

CACHE = 48 * 1024 * 1024  #: bytes of fragments in memory: windows overlap, and change by one entry at a time
_PARTS = ("head", "summary", "content", "tail", "instead", "bare", "source")

#: (format, number of the article) → (digest of what it was rendered from, fragment)
Fragments = Mapping[tuple[Format, int], tuple[bytes, Fragment]]


class FragmentCache:
    """Reads and writes fragments. Not for several threads."""

    def __init__(self, limit: int = CACHE) -> None:
        self._limit = limit
        self._cache: OrderedDict[tuple[str, Format, int], tuple[bytes, Fragment]] = OrderedDict()
        self._size = 0

    def read(self, connection: Connection, numbers: Iterable[int], look: str = "") -> Fragments:
        """The fragments that are known of some articles; whoever uses one compares its digest.

        Those of a taker's `look` are in memory alone.
        """
        known: dict[tuple[Format, int], tuple[bytes, Fragment]] = {}
        missing: list[int] = []
        for number in numbers:
            for form in Format:
                cached = self._cache.get((look, form, number))
                if cached is None:
                    missing.append(number)
                    break
                self._cache.move_to_end((look, form, number))
                known[form, number] = cached
        if missing and not look:
            for row in connection.execute(_statement(), {"numbers": missing}).all():
                fragment = Fragment(**{part: getattr(row, part) for part in _PARTS})
                known[Format(row.format), row.article] = (row.digest, fragment)
                self._keep(look, Format(row.format), row.article, row.digest, fragment)
        return known

    def keep(self, fragments: Fragments, look: str = "") -> None:
        """Remember what was stored: after its transaction, since what is cached is never stored again."""
        for (form, number), (digest, fragment) in fragments.items():
            self._keep(look, form, number, digest, fragment)

    def _keep(self, look: str, form: Format, number: int, digest: bytes, fragment: Fragment) -> None:
        old = self._cache.pop((look, form, number), None)
        self._size += _size(fragment) - (_size(old[1]) if old else 0)
        self._cache[look, form, number] = (digest, fragment)
        while self._size > self._limit and len(self._cache) > 1:
            _, (_, dropped) = self._cache.popitem(last=False)
            self._size -= _size(dropped)


def put_fragments(connection: Connection, fragments: Fragments) -> None:
    """Store rendered fragments, replacing older ones."""
    if not fragments:
        return
    c = t.fragment.c
    numbers: dict[Format, list[int]] = defaultdict(list)
    for form, number in fragments:
        numbers[form].append(number)
    old = or_(*((c.format == form) & c.article.in_(some) for form, some in numbers.items()))
    connection.execute(delete(t.fragment).where(old))
    connection.execute(
        insert(t.fragment),
        [
            {
                "article": number,
                "format": form,
                "digest": digest,
                **{part: getattr(fragment, part) for part in _PARTS},
            }
            for (form, number), (digest, fragment) in fragments.items()
        ],
    )


@cache
def _statement() -> Any:
    return select(t.fragment).where(t.fragment.c.article.in_(bindparam("numbers", expanding=True)))


def _size(fragment: Fragment) -> int:
    return sum(len(getattr(fragment, part)) for part in _PARTS)
