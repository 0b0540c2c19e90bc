"""Who may publish through the API, and the answers that it repeats for an idempotency key."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from feedsvc.model import Newsroom
from feedsvc.store import schema as t
from feedsvc.store.engine import Database

PUBLISH, OPERATE = "publish", "operate"  #: what a token is for
KEPT = timedelta(hours=24)  #: how long an answer is repeated for its idempotency key
UNDER_WAY = timedelta(minutes=1)  #: no request takes longer: a key without an answer is then free again


class ApiAccess:
    """The tokens and idempotency keys of one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # ── who may publish ──

    def add_token(
        self,
        name: str,
        token: str,
        now: datetime,
        *,
        sections: Sequence[str] | None = None,
        operates: bool = False,
    ) -> bool:
        """Let `token` publish under `name`, into `sections` (keys; None: all); False if the name is taken.

        With `operates` it is an operator's: it opens the control room and publishes nothing. Only its hash
        is kept.
        """
        with self._database.write() as connection:
            if connection.execute(select(t.token.c.name).where(t.token.c.name == name)).first():
                return False
            keys = None if sections is None else sorted(sections)
            row: dict[str, Any] = {"name": name, "hash": _hash(token), "created": now, "sections": keys}
            row["scope"] = OPERATE if operates else PUBLISH
            connection.execute(insert(t.token).values(row))
            return True

    def remove_token(self, name: str) -> bool:
        """Nobody publishes under `name` any more; False if nobody did."""
        with self._database.write() as connection:
            return bool(connection.execute(delete(t.token).where(t.token.c.name == name)).rowcount)

    def tokens(self) -> list[tuple[Newsroom, datetime, datetime | None, str]]:
        """(whose, created, last used, publish or operate) of each."""
        c = t.token.c
        with self._database.read() as connection:
            rows = connection.execute(select(t.token).order_by(c.name)).all()
        return [(_newsroom(row), row.created, row.used, row.scope) for row in rows]

    def who(self, token: str, now: datetime) -> Newsroom | None:
        """Who publishes with `token`."""
        row = self._token(token, PUBLISH, now)
        return None if row is None else _newsroom(row)

    def operates(self, token: str, now: datetime) -> bool:
        """Whether `token` is an operator's."""
        return self._token(token, OPERATE, now) is not None

    def _token(self, token: str, scope: str, now: datetime) -> Any:
        c = t.token.c
        with self._database.read() as connection:
            found = select(t.token).where(c.hash == _hash(token), c.scope == scope)
            row = connection.execute(found).first()
        if row is not None and (row.used is None or now - row.used > timedelta(minutes=1)):
            with self._database.write() as connection:
                connection.execute(update(t.token).where(c.name == row.name).values(used=now))
        return row

    # ── answers that are repeated ──

    def reserve(self, token: str, key: str, digest: bytes, now: datetime) -> tuple[bytes, int, str] | None:
        """(digest of the request, status, answer) that was given for an idempotency key.

        Status 0: the request is under way. None: nobody has the key, and now it is the caller's, who says
        what was answered (`remember`) or that nothing was (`forget`).
        """
        c = t.idempotency.c
        insert_one = sqlite.insert if self._database.sqlite else postgresql.insert
        mine: Any = insert_one(t.idempotency)
        mine = mine.values(token=token, key=key, digest=digest, status=0, answer="", at=now)
        over = or_(c.at <= now - KEPT, and_(c.status == 0, c.at <= now - UNDER_WAY))

        def take(connection: Connection) -> tuple[bytes, int, str] | None:
            connection.execute(delete(t.idempotency).where(c.token == token, c.key == key, over))
            # of many at once one gets it; the others wait here until that is certain
            if connection.execute(mine.on_conflict_do_nothing().returning(c.key)).first() is not None:
                return None
            row = connection.execute(select(t.idempotency).where(c.token == token, c.key == key)).one()
            return row.digest, row.status, row.answer

        return self._database.transact(take)

    def forget(self, token: str, key: str) -> None:
        """Give an idempotency key back: its request came to nothing."""
        c = t.idempotency.c
        with self._database.write() as connection:
            connection.execute(delete(t.idempotency).where(c.token == token, c.key == key, c.status == 0))

    def remember(self, token: str, key: str, digest: bytes, status: int, answer: str, now: datetime) -> None:
        """Keep an answer for its idempotency key; older ones go."""
        c = t.idempotency.c
        with self._database.write() as connection:
            connection.execute(
                delete(t.idempotency).where((c.at <= now - KEPT) | ((c.token == token) & (c.key == key)))
            )
            connection.execute(
                insert(t.idempotency).values(
                    token=token, key=key, digest=digest, status=status, answer=answer, at=now
                )
            )


def _newsroom(row: Any) -> Newsroom:
    return Newsroom(row.name, None if row.sections is None else frozenset(row.sections))


def _hash(token: str) -> bytes:
    # tokens are long random strings: a fast hash is as good as a slow one
    return hashlib.sha256(token.encode()).digest()
