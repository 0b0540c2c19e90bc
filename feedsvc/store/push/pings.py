"""What outside hubs were notified of, and whether they fetched it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, select, update

from feedsvc import urls
from feedsvc.store import leases
from feedsvc.store import schema as t
from feedsvc.store.engine import Database
from feedsvc.store.leases import NEVER

FAR = datetime.fromisoformat("9999-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """A hub and the topic that it is notified of, held until the lease ends."""

    hub: str
    topic: str
    number: int
    token: int
    host: str
    tries: int
    repeated: bool  #: it was notified already, and did not come


class SqlPings:
    """The pings of one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(
        self, limit: int, *, slow: bool, lease: float, now: datetime, blocked: Iterable[str]
    ) -> list[Ping]:
        """Up to `limit` pings that are due; those that failed or are repeated are `slow`."""
        c = t.ping.c
        hosts = frozenset(blocked)
        due = [
            *leases.is_due(t.ping, now),
            c.state.in_(("due", "sent")),
            c.tries > 0 if slow else c.tries == 0,
        ]
        rows = leases.claim(
            self._database,
            t.ping,
            select(t.ping).where(*due).order_by(c.next_due),
            now=now,
            seconds=lease,
            choose=lambda rows: [row for row in rows if urls.host(row.hub) not in hosts][:limit],
        )
        return [
            Ping(
                hub=row.hub,
                topic=row.topic,
                number=row.number,
                token=row.token + 1,
                host=urls.host(row.hub),
                tries=row.tries,
                repeated=row.state == "sent",
            )
            for row in rows
        ]

    def sent(self, ping: Ping, *, repeat: datetime | None, now: datetime) -> None:
        """The hub took it. Unless it comes to look it is notified again at `repeat`; None: no more."""
        c = t.ping.c
        values = {
            "state": "sent" if repeat is not None else "unproven",
            "sent_at": now,
            "tries": ping.tries + 1,
            "next_due": repeat or FAR,
            "error": "",
        }
        self._write(ping, values, c.state != "proven", also={"sent_at": now})

    def failed(self, ping: Ping, *, again: datetime | None, error: str) -> None:
        """The hub did not take it; it is notified again at `again`; None: no more."""
        c = t.ping.c
        state = ("sent" if ping.repeated else "due") if again is not None else "unproven"
        values = {"state": state, "tries": ping.tries + 1, "next_due": again or FAR, "error": error}
        self._write(ping, values, c.state != "proven", also={})

    def _write(self, ping: Ping, values: dict[str, Any], unless: Any, also: dict[str, Any]) -> None:
        """Let go of a ping; what became news or was proven meanwhile keeps its state."""
        c = t.ping.c
        held = and_(c.hub == ping.hub, c.topic == ping.topic, c.token == ping.token)
        with self._database.write() as connection:
            connection.execute(update(t.ping).where(held, c.number == ping.number, unless).values(values))
            connection.execute(update(t.ping).where(held).values(lease_until=NEVER, **also))

    def keep_only(self, hubs: Iterable[str], topics: Iterable[str]) -> None:
        """Forget hubs and topics that have left the configuration."""
        c = t.ping.c
        with self._database.write() as connection:
            connection.execute(delete(t.ping).where(c.hub.not_in(list(hubs)) | c.topic.not_in(list(topics))))
