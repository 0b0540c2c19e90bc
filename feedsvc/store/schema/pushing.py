"""WebSub in both directions, outside hubs, object storages."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from feedsvc.store.schema.base import Json, Number, UtcTime, metadata

#: News of a feed that subscribers and outside hubs are to get: the very bytes, kept until all have them.
push = Table(
    "push",
    metadata,
    Column("no", Number, primary_key=True),
    Column("topic", String(400), nullable=False),  # the feed's address
    Column("number", BigInteger, nullable=False),  # of the publication
    Column("at", UtcTime, nullable=False),
    Column("news", Boolean, nullable=False),  # False: caches alone are to know
    Column("media_type", String(80), nullable=False),
    Column("gzip", LargeBinary, nullable=False),
    Column("links", Json, nullable=False),
    Column("announced", Boolean, nullable=False, default=False),  # served and purged everywhere: deliver it
)
Index("ix_push_announced", push.c.announced)

#: Who wants a feed pushed, and until when.
subscription = Table(
    "subscription",
    metadata,
    Column("no", Number, primary_key=True),
    Column("callback", String(1000), nullable=False),
    Column("topic", String(400), nullable=False),
    Column("host", String(260), nullable=False),
    Column("address", String(60), nullable=False, server_default=""),  # that its name led to
    Column("secret", Text, nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("expires", UtcTime, nullable=False),
    Column("slow", Boolean, nullable=False, default=False),  # it hung or failed: others do not wait behind it
    Column("failing_since", UtcTime, nullable=True),
    Column("error", Text, nullable=False, default=""),
    UniqueConstraint("callback", "topic"),
)
Index("ix_subscription_topic", subscription.c.topic)
Index("ix_subscription_host", subscription.c.host)
Index("ix_subscription_address", subscription.c.address)
Index("ix_subscription_expires", subscription.c.expires)

#: What a subscriber asked for and has not confirmed yet; or what it is still to be notified of.
intent = Table(
    "intent",
    metadata,
    Column("no", Number, primary_key=True),
    Column("callback", String(1000), nullable=False),
    Column("topic", String(400), nullable=False),
    Column("host", String(260), nullable=False),
    Column("mode", String(20), nullable=False),  # subscribe | unsubscribe | denied
    Column("secret", Text, nullable=False, default=""),
    Column("lease_seconds", Integer, nullable=False, default=0),
    Column("reason", Text, nullable=False, default=""),
    Column("tries", Integer, nullable=False, default=0),
    Column("next_due", UtcTime, nullable=False),
    Column("lease_until", UtcTime, nullable=False),
    Column("token", BigInteger, nullable=False, default=0),
    UniqueConstraint("callback", "topic"),
)
Index("ix_intent_next_due", intent.c.next_due)
Index("ix_intent_host", intent.c.host)

#: What a subscriber has not got yet: the newest push of its topic.
delivery = Table(
    "delivery",
    metadata,
    Column(
        "subscription",
        ForeignKey("subscription.no", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("push", ForeignKey("push.no"), nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("next_due", UtcTime, nullable=False),
    Column("lease_until", UtcTime, nullable=False),
    Column("token", BigInteger, nullable=False, default=0),
)
Index("ix_delivery_next_due", delivery.c.next_due)
Index("ix_delivery_push", delivery.c.push)

#: Notices to outside hubs, and whether each came to fetch.
ping = Table(
    "ping",
    metadata,
    Column("hub", String(400), primary_key=True),
    Column("topic", String(400), primary_key=True),
    Column("number", BigInteger, nullable=False),  # of the publication that it is notified of
    Column("state", String(20), nullable=False),  # due | sent | proven | unproven
    Column("tries", Integer, nullable=False, default=0),
    Column("next_due", UtcTime, nullable=False),
    Column("lease_until", UtcTime, nullable=False),
    Column("token", BigInteger, nullable=False, default=0),
    Column("sent_at", UtcTime, nullable=True),
    Column("proven_at", UtcTime, nullable=True),
    Column("error", Text, nullable=False, default=""),
)
Index("ix_ping_next_due", ping.c.next_due)

#: Object storages that every document is written into: what they have as a whole, and what went wrong.
bucket = Table(
    "bucket",
    metadata,
    Column("address", String(300), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Column("since", UtcTime, nullable=True),
)

#: The documents that they have: our tag, and the storage's, on which the next write depends.
bucket_object = Table(
    "bucket_object",
    metadata,
    Column("address", String(300), ForeignKey("bucket.address", ondelete="CASCADE"), primary_key=True),
    Column("path", String(300), primary_key=True),
    Column("etag", String(64), nullable=False),
    Column("tag", String(200), nullable=False),
)

#: Upstream feeds that push to us.
following = Table(
    "following",
    metadata,
    Column("upstream", ForeignKey("upstream.no", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("hub", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("name", String(64), nullable=False, unique=True),  # of its callback; nobody can guess it
    Column("secret", String(100), nullable=False),
    Column("state", String(20), nullable=False),  # wanted | asked | active | denied | ended
    Column("lease_seconds", Integer, nullable=False, default=0),
    Column("expires", UtcTime, nullable=True),
    Column("tries", Integer, nullable=False, default=0),
    Column("next_due", UtcTime, nullable=False),
    Column("lease_until", UtcTime, nullable=False),
    Column("token", BigInteger, nullable=False, default=0),
    Column("streak", Integer, nullable=False, default=0),  # changes in a row that came by push first
    Column("pushed_at", UtcTime, nullable=True),
    Column("recent", Json, nullable=True),  # digests of what was pushed lately: a replay is no news
    Column("error", Text, nullable=False, default=""),
)
Index("ix_following_next_due", following.c.next_due)
