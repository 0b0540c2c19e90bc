"""Members of private feeds, as commands change them; see store.web.members for those who ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from feedsvc.store import schema as t
from feedsvc.store.engine import Database
from feedsvc.store.web.members import hash_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """One member of one feed."""

    name: str
    feed: str  #: key of the taker's list
    created: datetime
    revoked: datetime | None


class SqlMembers:
    """Adds and revokes members. Raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, feed: str, name: str, secret: str, now: datetime) -> bool:
        """Let whoever has `secret` read a feed; False where that name is a member already.

        Only the hash is kept. The secret is a random one of 128 bits or more, so a fast hash will do.
        """
        c = t.member.c
        with self._database.write() as connection:
            standing = select(c.no).where(c.feed == feed, c.name == name, c.revoked_at.is_(None))
            if connection.execute(standing).first():
                return False
            row = {"feed": feed, "name": name, "hash": hash_of(secret), "created": now}
            connection.execute(insert(t.member).values(row))
            return True

    def revoke(self, name: str, feed: str, now: datetime) -> int:
        """End a membership, or all of that name where `feed` is ""; how many there were."""
        c = t.member.c
        standing = update(t.member).where(c.name == name, c.revoked_at.is_(None))
        if feed:
            standing = standing.where(c.feed == feed)
        with self._database.write() as connection:
            return int(connection.execute(standing.values(revoked_at=now)).rowcount)

    def all(self) -> list[Membership]:
        """Every member that there ever was, by feed and name."""
        c = t.member.c
        with self._database.read() as connection:
            rows = connection.execute(select(t.member).order_by(c.feed, c.name, c.no)).all()
        return [
            Membership(name=row.name, feed=row.feed, created=row.created, revoked=row.revoked_at)
            for row in rows
        ]
