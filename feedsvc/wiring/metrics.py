"""What /metrics tells: figures of the store → families."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from feedsvc import __version__
from feedsvc.render.metrics import Family
from feedsvc.store.engine import Database
from feedsvc.store.metrics import read
from feedsvc.wiring.status import Report


def families(database: Database, report: Report, now: datetime) -> Iterator[Family]:
    """Every metric. Raises StoreError."""
    found, status = read(database, now), report.status

    def one(name: str, about: str, value: float, *, counts: bool = False) -> Family:
        return Family(name=f"feedsvc_{name}", about=about, values={(): value}, counts=counts)

    yield Family(
        name="feedsvc_build", about="The version.", labels=("version",), values={(__version__,): 1.0}
    )
    yield Family(
        name="feedsvc_sources",
        about="Sources by how they are: ok, amber, red, paused, new.",
        labels=("health",),
        values={(name,): count for name, count in found.health.items()},
    )
    yield Family(
        name="feedsvc_source_failures",
        about="Failures in a row of a source.",
        labels=("source",),
        values={(row.name,): row.failures for row in found.sources},
    )
    yield Family(
        name="feedsvc_source_last_good_timestamp_seconds",
        about="When a source was last read well.",
        labels=("source",),
        values={(row.name,): row.good_at.timestamp() for row in found.sources if row.good_at},
    )
    yield Family(
        name="feedsvc_source_drift",
        about="How far a source is from what is usual for it: 0 as usual, 1 amber, 2 red.",
        labels=("source",),
        values={(row.name,): row.drift or 0 for row in found.sources},
    )
    kinds: dict[tuple[str, ...], float] = {}
    for condition in report.wrong:
        key = (str(condition.kind), "red" if condition.grave else "amber")
        kinds[key] = kinds.get(key, 0) + 1
    yield Family(
        name="feedsvc_troubles",
        about="What is wrong now, by kind.",
        labels=("kind", "health"),
        values=kinds or {("none", "ok"): 0.0},
    )
    yield one("polls", "Requests to sources and article pages.", found.polls, counts=True)
    yield one("articles_entered", "Articles that entered the feed of everything.", found.entered, counts=True)
    if found.lag is not None:
        yield Family(
            name="feedsvc_delay_seconds",
            about="From publication to the feeds, of the newest articles whose minute is known.",
            labels=("quantile",),
            values={("0.5",): found.lag[0], ("0.95",): found.lag[1]},
        )
    yield one("feed_requests", "Requests for feeds.", found.requests, counts=True)
    yield one("feed_not_modified", "Of them, answered with 304.", found.not_modified, counts=True)
    yield one("feed_sent_bytes", "Bytes of feeds that were sent.", found.bytes, counts=True)
    yield one("readers", "About how many different readers asked today.", found.readers)
    yield one("reported_subscribers", "Subscribers that aggregators report.", found.reported)
    yield one("publication", "The number of the newest publication.", status.publication)
    yield one("web_processes", "Web processes that live.", len(status.web))
    yield one("web_processes_behind", "Of them, how many serve an older publication.",
              sum(number < status.publication for number in status.web))  # fmt: skip
    yield one("workers", "Workers that are known.", len(status.workers))
    if status.workers:
        seen = max(status.workers).timestamp()
        yield one("worker_last_seen_timestamp_seconds", "The last sign of life of a worker.", seen)
    yield one("hub_subscribers", "Subscriptions at the hub.", sum(t.subscribers for t in status.topics))
    yield one(
        "hub_waiting", "Of them, how many have not got the newest.", sum(t.waiting for t in status.topics)
    )
    yield one("hub_failing", "Of them, how many fail.", sum(t.failing for t in status.topics))
    yield Family(
        name="feedsvc_feed_bytes",
        about="Size of a feed (RSS).",
        labels=("feed",),
        values={(_slug(row.path),): row.size for row in found.documents},
    )
    yield Family(
        name="feedsvc_feed_last_modified_timestamp_seconds",
        about="When a feed changed last.",
        labels=("feed",),
        values={(_slug(row.path),): row.last_modified.timestamp() for row in found.documents},
    )
    yield Family(
        name="feedsvc_rows",
        about="Rows of tables that grow.",
        labels=("table",),
        values={(name,): count for name, count in found.tables.items()},
    )


def _slug(path: str) -> str:
    return path.removeprefix("/feeds/").removesuffix(".rss")
