"""Who may write and read, who serves, who reads."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from feedsvc.store.schema.base import Json, Number, UtcTime, metadata

#: Who may publish through the API; the token itself is not kept.
token = Table(
    "token",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("hash", LargeBinary, nullable=False, unique=True),
    Column("created", UtcTime, nullable=False),
    Column("used", UtcTime, nullable=True),
    Column("sections", Json, nullable=True),  # keys of those that it may publish into; NULL: all
    Column("scope", String(20), nullable=False, server_default="publish"),  # publish | operate
)

#: Answers of the API by idempotency key, so that a repeated request changes nothing.
idempotency = Table(
    "idempotency",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("digest", LargeBinary, nullable=False),  # of the request
    Column("status", Integer, nullable=False),
    Column("answer", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)
Index("ix_idempotency_at", idempotency.c.at)

#: Who may read the private feeds of takers; revoked ones stay, so that their addresses are known as such
member = Table(
    "member",
    metadata,
    Column("no", Number, primary_key=True),
    Column("feed", String(64), nullable=False),  # key of a taker's list
    Column("name", String(64), nullable=False),
    Column("hash", LargeBinary, nullable=False),  # of the address's secret, or of name and password
    Column("created", UtcTime, nullable=False),
    Column("revoked_at", UtcTime, nullable=True),
    UniqueConstraint("feed", "hash"),
)

#: The web processes that live, and the publication that each serves. `at` is the database's own time.
heartbeat = Table(
    "heartbeat",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
)

#: Who reads: each day, by feed ("" is everything). Nothing in it leads to a person.
reach = Table(
    "reach",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("path", String(300), primary_key=True),
    Column("requests", BigInteger, nullable=False),
    Column("not_modified", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("pollers", LargeBinary, nullable=False),  # a sketch that counts, and holds no address
)

#: The programs that read, each day, by the name that they give themselves.
reader = Table(
    "reader",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("agent", String(120), primary_key=True),
    Column("requests", BigInteger, nullable=False),
    Column("not_modified", BigInteger, nullable=False),
    Column("whole", BigInteger, nullable=False),  # 200 without having asked whether anything changed
    Column("bytes", BigInteger, nullable=False),
    Column("pollers", LargeBinary, nullable=False),
)

#: The subscribers of a feed that an aggregator reported last.
aggregator = Table(
    "aggregator",
    metadata,
    Column("path", String(300), primary_key=True),
    Column("name", String(60), primary_key=True),
    Column("subscribers", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
)
