"""What is polled, and how it went."""

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
)

from feedsvc.store.schema.base import Json, Number, UtcTime, metadata

upstream = Table(
    "upstream",
    metadata,
    Column("no", Number, primary_key=True),
    Column("key", String(64), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("url", Text, nullable=False),
    Column("instead_of", Text, nullable=False, default=""),  # the source that it stands in for
    Column("spec", Json, nullable=False),  # options, language, zone, wished interval
    Column("article", ForeignKey("article.no"), nullable=True),  # the article whose page this is
    # what came last
    Column("etag", Text, nullable=False, default=""),
    Column("last_modified", Text, nullable=False, default=""),
    Column("validators_url", Text, nullable=False, default=""),
    Column("body_hash", LargeBinary, nullable=False, default=b""),
    Column("read_as", String(64), nullable=False, default=""),
    Column("moved", Text, nullable=False, default=""),  # where permanent redirects lead
    Column("moved_times", Integer, nullable=False, default=0),
    Column("gone_times", Integer, nullable=False, default=0),  # 404 and 410 in a row
    Column("gone_since", UtcTime, nullable=True),
    Column("cursor", Text, nullable=False, default=""),  # how far a source was read; its own business
    Column("importing", Boolean, nullable=False, default=False),  # in the middle of a long import
    Column("last_reading", Json, nullable=True),  # the articles of the last reading
    Column("rhythm", Json, nullable=True),  # when it publishes; see schedule
    Column(
        "traces", Json, nullable=True
    ),  # what each list looked like at the last poll; see curate.resemblance
    # how it went
    Column("attempts", Integer, nullable=False, default=0),
    Column("failures", Integer, nullable=False, default=0),
    Column("complete", Boolean, nullable=False, default=False),
    Column("outcome", String(20), nullable=False, default=""),
    Column("status", Integer, nullable=True),
    Column("error_code", String(40), nullable=False, default=""),
    Column("error_message", Text, nullable=False, default=""),
    Column("new", Integer, nullable=False, default=0),
    Column("changed", Integer, nullable=False, default=0),
    Column("seconds", Integer, nullable=False, default=0),  # milliseconds
    Column("looked_at", UtcTime, nullable=True),
    Column("good_at", UtcTime, nullable=True),
    Column("changed_at", UtcTime, nullable=True),
    # what operators see and decide
    Column("proposal", Json, nullable=True),  # another reading that may be the right one now
    Column("instead", Json, nullable=True),  # list → the reading that a person took instead of the configured
    Column("paused_at", UtcTime, nullable=True),  # by a person: nobody polls it
)
Index("ix_upstream_article", upstream.c.article)

due = Table(
    "due",
    metadata,
    Column("upstream", ForeignKey("upstream.no", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("host", String(260), nullable=False),
    Column("own", Boolean, nullable=False, default=False),
    Column("active", Boolean, nullable=False, default=True),  # still wanted by the configuration
    Column("priority", Integer, nullable=False, default=0),  # lists before article pages
    Column("next_due", UtcTime, nullable=False),
    Column(
        "not_before", UtcTime, nullable=False
    ),  # what the host asked for (Retry-After): nobody overrides it
    Column("lease_until", UtcTime, nullable=False),
    Column("token", BigInteger, nullable=False, default=0),
    # how often in a row it was begun and neither ended nor given back, with what is under way
    Column("lost", Integer, nullable=False, default=0, server_default="0"),
)
Index("ix_due_next", due.c.active, due.c.priority, due.c.own, due.c.next_due)

#: How often foreign hosts are asked, by all workers together: microseconds of the database's clock.
pace = Table(
    "pace",
    metadata,
    Column("host", String(260), primary_key=True),
    Column("holder", BigInteger, nullable=False),  # the worker that asks it now, or did so last
    Column("held_until", BigInteger, nullable=False),
    Column("free_at", BigInteger, nullable=False),
    Column("gap", BigInteger, nullable=False),
)

#: The last good body of an upstream, so that a changed reading needs no request.
body = Table(
    "body",
    metadata,
    Column("upstream", ForeignKey("upstream.no", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("url", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("charset", Text, nullable=False),
    Column("zstd", LargeBinary, nullable=False),
)
Index("ix_body_at", body.c.at)

robots = Table(
    "robots",
    metadata,
    Column("origin", String(300), primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("read_at", UtcTime, nullable=True),
    Column("reachable", Boolean, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

#: The last polls of each source: `slot` goes round, so there are never more than 50.
run = Table(
    "run",
    metadata,
    Column("upstream", ForeignKey("upstream.no", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("slot", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("outcome", String(12), nullable=False),  # ok | unchanged | failed
    Column("status", Integer, nullable=True),
    Column("code", String(40), nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Column("requests", Integer, nullable=False),
    Column("found", Integer, nullable=True),  # articles of the reading; NULL: nothing was read
    Column("new", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("fields", Json, nullable=True),  # field → share of the articles that have it
    Column("lag", Integer, nullable=True),  # seconds from publication to feed: the median of the new ones
)

#: What is usual for a source, or for the article pages of a host ("pages:HOST"); see curate.usual.
usual = Table(
    "usual",
    metadata,
    Column("key", String(300), primary_key=True),
    Column("kept", LargeBinary, nullable=False),  # zstd of JSON
    Column("drift", Integer, nullable=False),  # 0 none, 1 amber, 2 red
    Column("reason", Text, nullable=False),
    Column("since", UtcTime, nullable=True),
)

#: What was pushed to us and is not read yet.
arrival = Table(
    "arrival",
    metadata,
    Column("no", Number, primary_key=True),
    Column("upstream", ForeignKey("upstream.no", ondelete="CASCADE"), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("charset", Text, nullable=False),
    Column("zstd", LargeBinary, nullable=False),
)
Index("ix_arrival_upstream", arrival.c.upstream)

#: Signs of life of workers.
worker = Table(
    "worker",
    metadata,
    Column("id", String(120), primary_key=True),
    Column("started", UtcTime, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("sees", Json, nullable=True),  # what is wrong around it: conditions as objects
)
