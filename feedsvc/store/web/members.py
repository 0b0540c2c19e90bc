"""Who may read a private feed: one query, without SQLAlchemy, for web processes."""

from __future__ import annotations

import hashlib

from feedsvc.model import Member
from feedsvc.store.web.snapshots import Snapshots


def hash_of(secret: str) -> bytes:
    """What is kept of a secret: SHA-256, as secrets are random and long."""
    return hashlib.sha256(secret.encode()).digest()


class MemberReader:
    """Finds members. Safe to use from many threads. Raises StoreError."""

    def __init__(self, snapshots: Snapshots) -> None:
        self._ask = snapshots.ask

    def find(self, feed: str, secret: str) -> Member | None:
        """Whose secret it is; `feed` is the key of a taker's list."""
        rows = self._ask(
            "SELECT no, name, revoked_at FROM member WHERE feed = ? AND hash = ?", (feed, hash_of(secret))
        )
        return Member(int(rows[0][0]), str(rows[0][1]), rows[0][2] is not None) if rows else None
