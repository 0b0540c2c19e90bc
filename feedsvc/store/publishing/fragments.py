"""Entries rendered once: kept in the store for every process, and in memory for the publisher."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Mapping

from sqlalchemy import delete, insert, or_, select

from feedsvc.model import Format, Fragment
from feedsvc.store import schema as t
from feedsvc.store.engine import Database

CACHE = 48 * 1024 * 1024  #: bytes of fragments in memory: windows overlap, and change by one entry at a time
_PARTS = ("head", "summary", "content", "tail", "instead", "bare", "source")

#: (format, number of the article) → (digest of what it was rendered from, fragment)
Known = dict[tuple[Format, int], tuple[bytes, Fragment]]


class SqlFragments:
    """Reads and writes fragments. Not for several threads."""

    def __init__(self, database: Database, limit: int = CACHE) -> None:
        self._database = database
        self._limit = limit
        self._cache: OrderedDict[tuple[Format, int], tuple[bytes, Fragment]] = OrderedDict()
        self._size = 0

    def get(self, wanted: Mapping[int, bytes]) -> Known:
        """The fragments, in every format, of articles that were rendered from these digests."""
        found: Known = {}
        missing: list[int] = []
        for number, digest in wanted.items():
            for form in Format:
                known = self._cache.get((form, number))
                if known is None or known[0] != digest:
                    missing.append(number)
                    break
                self._cache.move_to_end((form, number))
                found[form, number] = known
        if missing:
            with self._database.read() as connection:
                rows = connection.execute(select(t.fragment).where(t.fragment.c.article.in_(missing))).all()
            for row in rows:
                if row.digest == wanted[row.article]:
                    fragment = Fragment(**{part: getattr(row, part) for part in _PARTS})
                    found[Format(row.format), row.article] = (row.digest, fragment)
                    self._keep(Format(row.format), row.article, row.digest, fragment)
        return found

    def put(self, made: Known) -> None:
        """Store rendered fragments, replacing older ones."""
        if not made:
            return
        c = t.fragment.c
        numbers: dict[Format, list[int]] = defaultdict(list)
        for form, number in made:
            numbers[form].append(number)
        old = or_(*((c.format == form) & c.article.in_(some) for form, some in numbers.items()))
        with self._database.write() as connection:
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
                    for (form, number), (digest, fragment) in made.items()
                ],
            )
        for (form, number), (digest, fragment) in made.items():
            self._keep(form, number, digest, fragment)

    def _keep(self, form: Format, number: int, digest: bytes, fragment: Fragment) -> None:
        old = self._cache.pop((form, number), None)
        self._size += _size(fragment) - (_size(old[1]) if old else 0)
        self._cache[form, number] = (digest, fragment)
        while self._size > self._limit and len(self._cache) > 1:
            _, (_, dropped) = self._cache.popitem(last=False)
            self._size -= _size(dropped)


def _size(one: Fragment) -> int:
    return sum(len(getattr(one, part)) for part in _PARTS)
