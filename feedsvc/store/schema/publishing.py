"""What is to be built, and what is built."""

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

#: Feeds that have to be built anew; written by the transaction that made it necessary.
outbox = Table(
    "outbox",
    metadata,
    Column("no", Number, primary_key=True),
    Column("list", String(64), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("news", Boolean, nullable=False),  # False: backfill only, never pushed
)

fragment = Table(
    "fragment",
    metadata,
    Column("article", ForeignKey("article.no", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("format", String(10), primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("head", LargeBinary, nullable=False),
    Column("summary", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("tail", LargeBinary, nullable=False),
    Column("instead", LargeBinary, nullable=False),
    Column("bare", LargeBinary, nullable=False),
    Column("source", LargeBinary, nullable=False, default=b""),
)

snapshot = Table(
    "snapshot",
    metadata,
    Column("path", String(300), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("list", String(64), nullable=False, default=""),
    Column("media_type", String(80), nullable=False),
    Column("etag", String(64), nullable=False),
    Column("last_modified", UtcTime, nullable=False),
    Column("max_age", Integer, nullable=False),
    Column("identity", LargeBinary, nullable=False),
    Column("gzip", LargeBinary, nullable=False),
    Column("br", LargeBinary, nullable=False),
    Column("links", Json, nullable=False),
    Column("page", Text, nullable=False, default=""),
    Column("status", Integer, nullable=False, default=200),
    Column("location", Text, nullable=False, default=""),
    Column("entries", Json, nullable=False),  # [article, whether its full text is in], in order
    Column("head", LargeBinary, nullable=False, default=b""),  # of a feed: what surrounds its entries
    Column("separator", LargeBinary, nullable=False, default=b""),
    Column("tail", LargeBinary, nullable=False, default=b""),
    Column("digest", LargeBinary, nullable=False),  # of all that is in it but the moment it was built
    Column("told", Boolean, nullable=False, default=False),  # those who wait for news of it were noted
)
Index("ix_snapshot_number", snapshot.c.number)
