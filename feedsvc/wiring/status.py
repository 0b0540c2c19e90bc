"""How the service is: for `feedsvc status` and the page /status."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from feedsvc.wiring.process import now

if TYPE_CHECKING:
    from feedsvc.model import Condition
    from feedsvc.store.engine import Database
    from feedsvc.store.status import SourceStatus, Status


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of one moment, and what is wrong with them."""

    status: Status
    wrong: Sequence[Condition]

    def text(self, zone: ZoneInfo) -> str:
        """For people; moments in `zone`."""
        return "".join(f"{line}\n" for line in _lines(self.status, self.wrong, zone))

    def values(self) -> dict[str, Any]:
        """For programs."""
        found = {name: getattr(self.status, name) for name in type(self.status).__dataclass_fields__}
        found |= {name: [row._asdict() for row in found[name]] for name in ("pings", "following")}
        found["trouble"] = [
            {"host": host, "failing": times, "since": since, "error": error}
            for host, times, since, error in self.status.trouble
        ]
        return {**found, "wrong": [{**asdict(one), "key": one.key} for one in self.wrong]}


def report(store_url: str) -> Report:
    """How the service is. Raises StoreError."""
    from feedsvc.store.engine import Database

    database = Database(store_url, create=False)
    try:
        return report_of(database, now())
    finally:
        database.close()


def report_of(database: Database, moment: datetime) -> Report:
    """The same, of a store that is open."""
    from feedsvc.store.notices import SqlNotices
    from feedsvc.store.status import read_status
    from feedsvc.watch.conditions import judge

    wrong = judge(SqlNotices(database).facts(moment), moment, patience=timedelta())
    return Report(read_status(database, moment), wrong)


def _lines(found: Status, wrong: Sequence[Condition], zone: ZoneInfo) -> Iterator[str]:
    def at(moment: datetime | None) -> str:
        return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S %Z") if moment else "never"

    web = ", ".join(map(str, sorted(found.web))) or "none lives"
    yield f"publication {found.publication}; web processes serve: {web}"
    yield (
        f"workers: last sign of life {', '.join(map(at, found.workers))}"
        if found.workers
        else "workers: none"
    )
    if found.unannounced:
        yield f"{found.unannounced} publications wait for web processes or caches"
    yield f"wrong now: {len(wrong) or 'nothing'}"
    for one in wrong:
        yield f"  {one.subject}: {one.code or one.kind} since {at(one.since)}: {one.reason}"
        yield f"    to do: {one.remedy}"
    yield f"sources: {len(found.sources)}, of them {sum(one.failures > 0 for one in found.sources)} failing"
    for source in found.sources:
        yield f"  {_source(source, at)}"
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


def _source(one: SourceStatus, at: Any) -> str:
    then = f"next poll {at(one.due)}" if one.due else "stopped, until its address changes"
    if one.resting:
        then = f"rests, and is read when {one.resting} is wrong"
    if one.paused_at is not None:
        then = f"paused since {at(one.paused_at)}, until it is resumed in the control room"
    if one.code:
        times = f"{one.failures} times in a row, last good {at(one.good_at)}"
        return f"{one.name}: {one.code} at {at(one.polled_at)} ({times}): {one.message}; {then}"
    said = f"ok at {at(one.polled_at)}" if one.polled_at else "not polled yet"
    why = f" ({one.why})" if one.why else ""
    return f"{one.name}: {said}; {then}{why}" + (f"; {one.message}" if one.message else "")


def _ping(row: Any, at: Any) -> str:
    if row.state == "proven":
        return f"proven: it fetched the feed at {at(row.proven_at)}"
    if row.error:
        return f"failing after {row.tries} tries; {row.error}"
    if row.state == "due":
        return "to be notified"
    said = "notified" if row.state == "sent" else "notified for the last time"
    return f"{said} at {at(row.sent_at)} ({row.tries} times), it has not fetched the feed"


def _following(row: Any, at: Any) -> str:
    if row.state == "active":
        return (
            f"until {at(row.expires)}, last push {at(row.pushed_at)}, "
            f"{row.streak} changes in a row were pushed first"
        )
    return f"{row.state}; {row.error}" if row.error else str(row.state)
