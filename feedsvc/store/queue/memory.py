"""What is remembered beside the articles: robots.txt and the last good body of each upstream."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from feedsvc.model import Fetched
from feedsvc.protocols import RobotsRecord
from feedsvc.store import codec
from feedsvc.store import schema as t
from feedsvc.store.engine import Database


class SqlRobotsMemory:
    """robots.txt of each origin, kept over restarts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def recall(self, origin: str) -> RobotsRecord | None:
        """What was last known, however old."""
        with self._database.read() as connection:
            row = connection.execute(select(t.robots).where(t.robots.c.origin == origin[:300])).first()
        if row is None:
            return None
        text = codec.decompress(row.body)
        if row.reachable:
            return RobotsRecord(at=row.at, body=text, read_at=row.read_at)
        # an earlier release did not say why: it is asked again
        refusal = text.decode()
        return RobotsRecord(at=row.at, body=b"", read_at=None, refusal=refusal) if refusal else None

    def remember(self, origin: str, record: RobotsRecord) -> None:
        """Keep `record` as the newest."""
        values = {
            "at": record.at,
            "read_at": record.read_at,
            "reachable": not record.refusal,
            "body": codec.compress(record.refusal.encode() or record.body),
        }
        with self._database.write() as connection:
            where = t.robots.c.origin == origin[:300]
            if not connection.execute(update(t.robots).where(where).values(values)).rowcount:
                connection.execute(insert(t.robots).values(origin=origin[:300], **values))


def keep_body(connection: Connection, upstream: int, fetched: Fetched) -> None:
    """Keep the bytes that were read last without a fault."""
    values = {
        "at": fetched.at,
        "url": fetched.url,
        "media_type": fetched.media_type,
        "charset": fetched.charset,
        "zstd": codec.compress(fetched.body),
    }
    if not connection.execute(update(t.body).where(t.body.c.upstream == upstream).values(values)).rowcount:
        connection.execute(insert(t.body).values(upstream=upstream, **values))


def kept_body(connection: Connection, upstream: int) -> Fetched | None:
    """The kept answer, as if it had just come."""
    row = connection.execute(select(t.body).where(t.body.c.upstream == upstream)).first()
    if row is None:
        return None
    return Fetched(
        url=row.url,
        status=200,
        body=codec.decompress(row.zstd),
        media_type=row.media_type,
        charset=row.charset,
        at=row.at,
    )


def forget_bodies(connection: Connection, *, before: datetime, limit: int = 500) -> int:
    """Drop bodies of article pages that were read before a moment, up to `limit`; lists keep theirs."""
    pages = (
        select(t.body.c.upstream)
        .join(t.upstream, t.upstream.c.no == t.body.c.upstream)
        .where(t.body.c.at < before, t.upstream.c.kind == "article")
        .limit(limit)
    )
    return connection.execute(delete(t.body).where(t.body.c.upstream.in_(pages))).rowcount
