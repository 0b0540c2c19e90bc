"""The tables, divided as the folders of the store.

Moments are integer microseconds UTC (SQLite drops offsets; both databases hold the same). `due` holds the few
columns that every poll rewrites; `upstream` what is known about the address. Numbers that others poll by come
from `counter`, not from identity columns: those commit out of order.
"""

from feedsvc.store.schema.articles import (
    article,
    facet,
    facet_name,
    hand,
    key,
    listing,
    membership,
    picture,
    reindex,
    revision,
    statement,
)
from feedsvc.store.schema.base import Json, UtcTime, counter, lease, metadata, owner
from feedsvc.store.schema.publishing import fragment, outbox, snapshot
from feedsvc.store.schema.pushing import (
    bucket,
    bucket_object,
    delivery,
    following,
    intent,
    ping,
    push,
    subscription,
)
from feedsvc.store.schema.queue import arrival, body, due, pace, robots, run, upstream, usual, worker
from feedsvc.store.schema.watching import notice, notice_delivery
from feedsvc.store.schema.web import aggregator, heartbeat, idempotency, member, reach, reader, token

__all__ = [
    "Json",
    "UtcTime",
    "aggregator",
    "arrival",
    "article",
    "body",
    "bucket",
    "bucket_object",
    "counter",
    "delivery",
    "due",
    "facet",
    "facet_name",
    "following",
    "fragment",
    "hand",
    "heartbeat",
    "idempotency",
    "intent",
    "key",
    "lease",
    "listing",
    "member",
    "membership",
    "metadata",
    "notice",
    "notice_delivery",
    "outbox",
    "owner",
    "pace",
    "picture",
    "ping",
    "push",
    "reach",
    "reader",
    "reindex",
    "revision",
    "robots",
    "run",
    "snapshot",
    "statement",
    "subscription",
    "token",
    "upstream",
    "usual",
    "worker",
]
