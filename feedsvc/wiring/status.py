"""How the service is, as text: for `feedsvc status` and the page /status."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from feedsvc.store.status import Status


def status_text(store_url: str, zone: str) -> str:
    """How the service is, for people. Raises StoreError."""
    from feedsvc.store.engine import Database
    from feedsvc.store.status import read_status

    database = Database(store_url)
    try:
        return "".join(f"{line}\n" for line in lines(read_status(database), ZoneInfo(zone)))
    finally:
        database.close()


def lines(found: Status, zone: ZoneInfo) -> Iterator[str]:
    """The figures, a line each; moments in `zone`."""

    def at(moment: datetime | None) -> str:
        return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S %Z") if moment else "never"

    web = ", ".join(map(str, sorted(found.web))) or "none lives"
    yield f"publication {found.publication}; web processes serve: {web}"
    if found.unannounced:
        yield f"{found.unannounced} publications wait for web processes or caches"
    yield f"sources: {found.sources}, of them {len(found.failing)} failing"
    for name, code, times in found.failing:
        yield f"  {name}: {code}, {times} times in a row"
    for one in found.polls:
        said = f"{one.outcome} at {at(one.at)}" if one.outcome else "not polled yet"
        then = f"next poll {at(one.due)}" if one.due else "stopped, until its address changes"
        yield f"  {one.name}: {said}; {then}{f' ({one.why})' if one.why else ''}"
    yield f"subscribers: {sum(one.subscribers for one in found.topics)}"
    for topic in found.topics:
        yield (
            f"  {topic.topic}: {topic.subscribers}; {topic.waiting} wait for the newest, {topic.failing} fail"
        )
    for host, times, since, error in found.trouble:
        yield f"  {host}: {times} fail, since {at(since)} ({error})"
    for row in found.pings:
        yield f"hub {row.hub}: {row.topic}, publication {row.number}: {_ping(row, at)}"
    for row in found.following:
        yield f"pushed to us: {row.source.partition('?')[0]} by {row.hub}: {_following(row, at)}"


def _ping(row: Any, at: Any) -> str:
    if row.state == "proven":
        return f"proven, it came to look at {at(row.proven_at)}"
    if row.error:
        return f"failing after {row.tries} tries; {row.error}"
    if row.state == "due":
        return "to be told"
    said = "told" if row.state == "sent" else "told for the last time"
    return f"{said} at {at(row.sent_at)} ({row.tries} times), it did not come to look"


def _following(row: Any, at: Any) -> str:
    if row.state == "active":
        return (
            f"until {at(row.expires)}, last push {at(row.pushed_at)}, "
            f"{row.streak} changes in a row were pushed first"
        )
    return f"{row.state}; {row.error}" if row.error else str(row.state)
