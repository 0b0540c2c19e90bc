"""What is known of pictures, by their address."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from feedsvc.model import Image
from feedsvc.store import schema as t
from feedsvc.store.engine import Database


class SqlPictures:
    """Remembers pictures, so that none is asked for twice."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def recall(self, url: str) -> Image | None:
        """What was found out; fields that are 0 or "" could not be."""
        with self._database.read() as connection:
            row = connection.execute(select(t.picture).where(t.picture.c.url == url)).first()
        if row is None:
            return None
        return Image(url=url, width=row.width, height=row.height, type=row.type, length=row.length)

    def remember(self, image: Image, at: datetime) -> None:
        """Keep what was found out."""

        def work(connection: Connection) -> None:
            values = {
                "width": image.width,
                "height": image.height,
                "type": image.type[:80],
                "length": image.length,
                "at": at,
            }
            where = t.picture.c.url == image.url
            if not connection.execute(update(t.picture).where(where).values(values)).rowcount:
                connection.execute(insert(t.picture).values(url=image.url, **values))

        self._database.transact(work)


def forget_pictures(connection: Connection, *, before: datetime, limit: int = 500) -> int:
    """Drop what was found out before a moment, up to `limit` pictures: their articles have it."""
    old = select(t.picture.c.url).where(t.picture.c.at < before).limit(limit)
    return connection.execute(delete(t.picture).where(t.picture.c.url.in_(old))).rowcount
