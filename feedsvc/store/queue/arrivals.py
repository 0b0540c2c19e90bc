"""What upstreams' hubs pushed and nobody has read yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from feedsvc.model import Fetched
from feedsvc.protocols import Claim
from feedsvc.store import codec
from feedsvc.store import schema as t
from feedsvc.store.engine import Database
from feedsvc.store.queue.due import SqlDueQueue


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Something that was pushed, with the claim of its upstream."""

    no: int
    claim: Claim
    host: str
    planned: datetime  #: when the upstream is polled next, whatever is pushed
    content: Fetched


class SqlArrivals:
    """What was pushed and is to be read, with the claims of the upstreams."""

    def __init__(self, database: Database, queue: SqlDueQueue) -> None:
        self._database = database
        self._queue = queue

    def claim(
        self, limit: int, *, slow: bool, lease: float, now: datetime, blocked: Iterable[str]
    ) -> list[Arrival]:
        """Up to `limit` arrivals, the oldest of each upstream that nobody is just polling."""
        a, u = t.arrival.c, t.upstream.c
        if slow:
            return []
        with self._database.read() as connection:
            oldest = select(func.min(a.no)).group_by(a.upstream).limit(limit)
            rows = connection.execute(
                select(t.arrival, u.url, u.etag, u.last_modified, u.validators_url)
                .join(t.upstream, u.no == a.upstream)
                .where(a.no.in_(oldest.scalar_subquery()))
            ).all()
        arrivals = []
        for row in rows:
            seized = self._queue.seize(row.upstream, lease=lease, now=now)
            if seized is None:
                continue
            claim, planned = seized
            content = Fetched(
                url=row.validators_url or row.url,
                status=200,
                body=codec.decompress(row.zstd),
                media_type=row.media_type,
                charset=row.charset,
                etag=row.etag,  # a push says nothing of validators: those of the last poll stay
                last_modified=row.last_modified,
                at=now,
            )
            arrivals.append(
                Arrival(no=row.no, claim=claim, host=claim.host, planned=planned, content=content)
            )
        return arrivals

    def drop(self, numbers: Iterable[int]) -> None:
        """These were read."""
        with self._database.write() as connection:
            connection.execute(delete(t.arrival).where(t.arrival.c.no.in_(list(numbers))))
