"""Which published documents the buckets of object storages have, and which they lack."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, func, insert, literal, or_, select, update

from feedsvc.model import PLACE
from feedsvc.store import leases
from feedsvc.store import schema as t
from feedsvc.store.engine import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """A document that a bucket has not, or has as it was before; or that it is to lose."""

    path: str
    etag: str  #: ours, of the document as it is published; "" where the bucket is to lose it
    tag: str  #: the storage's, of what the bucket has; "" where it has nothing that we know of
    media_type: str = ""
    max_age: int = 0
    gzip: bytes = b""


class SqlBuckets:
    """The buckets of one store. All raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sync(self, addresses: Iterable[str]) -> None:
        """Make exactly these known; what is known of others is forgotten, and they keep what they have."""
        b, wanted = t.bucket, frozenset(addresses)
        with self._database.write() as connection:
            known = set(connection.execute(select(b.c.address)).scalars())
            for address in sorted(wanted - known):
                connection.execute(insert(b).values(address=address, number=0, tries=0, error="", since=None))
            gone = sorted(known - wanted)
            connection.execute(delete(t.bucket_object).where(t.bucket_object.c.address.in_(gone)))
            connection.execute(delete(b).where(b.c.address.in_(gone)))

    def take(self, address: str, *, now: datetime, seconds: float, holder: int) -> int | None:
        """Become the one who writes into a bucket; see store.leases.take."""
        name = f"bucket {hashlib.sha256(address.encode()).hexdigest()[:32]}"
        return leases.take(self._database, name, now=now, seconds=seconds, holder=holder)

    def number(self, address: str) -> int:
        """The number of the newest publication that a bucket has as a whole; 0 for none."""
        with self._database.read() as connection:
            found = connection.execute(select(t.bucket.c.number).where(t.bucket.c.address == address))
            return found.scalar() or 0

    def newest(self) -> int:
        """The number of the newest publication."""
        with self._database.read() as connection:
            counted = select(t.counter.c.value).where(t.counter.c.name == "publication")
            return connection.execute(counted).scalar() or 0

    def lacking(self, address: str, limit: int, fixed: Collection[str] = ()) -> list[Lacking]:
        """Up to `limit` documents that a bucket lacks, the oldest publication first; then those to lose.

        Feeds of takers and what is a redirect are the service's alone. `fixed` are paths that no publication
        brings, and which stay.
        """
        s, o = t.snapshot.c, t.bucket_object.c
        theirs = and_(o.address == address, o.path == s.path)
        open_ones = and_(s.status == 200, s.location == "", ~s.path.startswith(PLACE, autoescape=True))
        wanted = (
            select(s.path, s.etag, o.tag, s.media_type, s.max_age, s.gzip)
            .select_from(t.snapshot.outerjoin(t.bucket_object, theirs))
            .where(open_ones, or_(o.etag.is_(None), o.etag != s.etag))
            .order_by(s.number)
            .limit(limit)
        )
        unwanted = (
            select(o.path, o.tag)
            .select_from(t.bucket_object.outerjoin(t.snapshot, and_(o.path == s.path, open_ones)))
            .where(o.address == address, s.path.is_(None), o.path.not_in(fixed))
            .limit(limit)
        )
        with self._database.read() as connection:
            found = [
                Lacking(
                    path=row.path,
                    etag=row.etag,
                    tag=row.tag or "",
                    media_type=row.media_type,
                    max_age=row.max_age,
                    gzip=row.gzip,
                )
                for row in connection.execute(wanted)
            ]
            if found:
                return found
            return [Lacking(path=row.path, etag="", tag=row.tag) for row in connection.execute(unwanted)]

    def has(self, address: str, paths: Sequence[str]) -> Mapping[str, tuple[str, str]]:
        """(our etag, the storage's tag) of those `paths` that a bucket has."""
        o = t.bucket_object.c
        with self._database.read() as connection:
            rows = connection.execute(
                select(o.path, o.etag, o.tag).where(o.address == address, o.path.in_(paths))
            )
            return {row.path: (row.etag, row.tag) for row in rows}

    def note(self, address: str, done: Sequence[Lacking]) -> None:
        """A bucket has these now, each with its `tag`; or (without `etag`) no longer."""
        o = t.bucket_object
        with self._database.write() as connection:
            paths = [one.path for one in done]
            connection.execute(delete(o).where(o.c.address == address, o.c.path.in_(paths)))
            rows = [
                {"address": address, "path": one.path, "etag": one.etag, "tag": one.tag}
                for one in done
                if one.etag
            ]
            if rows:
                connection.execute(insert(o), rows)

    def whole(self, address: str, number: int) -> None:
        """A bucket has everything up to a publication."""
        b = t.bucket.c
        with self._database.write() as connection:
            connection.execute(
                update(t.bucket)
                .where(b.address == address)
                .values(number=number, tries=0, error="", since=None)
            )

    def failed(self, address: str, error: str, now: datetime) -> None:
        """A bucket took nothing."""
        b = t.bucket.c
        with self._database.write() as connection:
            connection.execute(
                update(t.bucket)
                .where(b.address == address)
                .values(
                    tries=b.tries + 1,
                    error=error[:500],
                    since=func.coalesce(b.since, literal(now, t.UtcTime)),
                )
            )
