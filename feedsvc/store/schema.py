"""The tables. Moments are integer microseconds UTC (SQLite drops offsets; both databases hold the same).

`due` holds the few columns that every poll rewrites; `upstream` what is known about the address.
Numbers that others poll by come from `counter`, not from identity columns: those commit out of order.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class UtcTime(TypeDecorator[datetime]):
    """An aware moment, kept as integer microseconds since 1970 UTC. Naive values are refused."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no zone")
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + timedelta(microseconds=value)


class Json(TypeDecorator[Any]):
    """A JSON value as text; the same bytes on every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else orjson.dumps(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else orjson.loads(value)


_Number = BigInteger().with_variant(Integer, "sqlite")  # SQLite's rowid alias must be INTEGER

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: Of at most one row: the site whose articles these are.
owner = Table(
    "owner",
    metadata,
    Column("namespace", String(36), primary_key=True),
    Column("title", Text, nullable=False),
)

counter = Table(
    "counter",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

#: Who alone may do something now: the publisher, a migration.
lease = Table(
    "lease",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("token", BigInteger, nullable=False),
    Column("until", UtcTime, nullable=False),
)

upstream = Table(
    "upstream",
    metadata,
    Column("no", _Number, primary_key=True),
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

article = Table(
    "article",
    metadata,
    Column("no", _Number, primary_key=True),
    Column("id", Text, nullable=True, unique=True),  # public; NULL until first served
    Column("state", String(20), nullable=False),
    Column("url", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("story", LargeBinary, nullable=False),  # zstd of JSON: all that readers see
    Column("digest", LargeBinary, nullable=False),  # of what readers see
    Column("published", UtcTime, nullable=True),
    Column("precision", String(10), nullable=True),
    Column("offset", Integer, nullable=True),
    Column("updated", UtcTime, nullable=True),
    Column("first_seen", UtcTime, nullable=False),
    Column("rank", Integer, nullable=False, default=0),  # where it stood when it was first seen
    Column("own", Boolean, nullable=False, default=False),
    Column("ready", Boolean, nullable=False, default=False),
    Column("release_at", UtcTime, nullable=False),
    Column("date_origin", Text, nullable=False, default=""),
    Column("touched", UtcTime, nullable=True),  # when what is served of it changed last
    Column("withdrawn_at", UtcTime, nullable=True),
    Column("withdrawn_by", Integer, nullable=True),  # level of who took it back
    Column("erased", Boolean, nullable=False, default=False),
    Column("merged_into", BigInteger, nullable=True),
    Column("suspects", Json, nullable=True),  # articles that left a list when this one appeared
)
Index("ix_article_withdrawn", article.c.state, article.c.withdrawn_at)
Index("ix_article_live", article.c.state, article.c.published)
Index("ix_article_waiting", article.c.state, article.c.release_at)
Index("ix_article_updated", article.c.updated)

key = Table(
    "key",
    metadata,
    Column("kind", String(10), primary_key=True),
    Column("scope", String(64), primary_key=True),
    Column("value", String(2100), primary_key=True),
    Column("article", ForeignKey("article.no", ondelete="CASCADE"), nullable=False),
)
Index("ix_key_article", key.c.article)

#: What each upstream said last about an article; the article is their merge.
statement = Table(
    "statement",
    metadata,
    Column("article", ForeignKey("article.no", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("upstream", ForeignKey("upstream.no"), primary_key=True, autoincrement=False),
    Column("level", Integer, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("draft", LargeBinary, nullable=False),  # zstd of JSON
)
Index("ix_statement_upstream", statement.c.upstream)

#: The editor's hand: what it says wins over every reading.
hand = Table(
    "hand",
    metadata,
    Column("article", ForeignKey("article.no", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("field", String(20), primary_key=True),
    Column("value", Json, nullable=False),
    Column("at", UtcTime, nullable=False),
)

revision = Table(
    "revision",
    metadata,
    Column("article", ForeignKey("article.no", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("story", LargeBinary, nullable=False),
)

listing = Table(
    "list",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("slug", String(64), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("title", Text, nullable=False),
    Column("entered", BigInteger, nullable=False, default=0),  # how many ever entered
    Column("retired", BigInteger, nullable=False, default=0),  # archives dropped by retention, from the first
    Column("removed_at", UtcTime, nullable=True),  # no longer in the configuration since
)

membership = Table(
    "membership",
    metadata,
    Column("list", ForeignKey("list.key"), primary_key=True),
    Column("article", ForeignKey("article.no", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("entered", BigInteger, nullable=True),  # number in the list, given when it is first served there
    Column("entered_at", UtcTime, nullable=True),
    Column("rank", Integer, nullable=False),
    Column("previous_rank", Integer, nullable=True),  # in the reading before
    Column("since", UtcTime, nullable=True),  # in the list without a break
    Column("left_at", UtcTime, nullable=True),  # no longer in the list since: ranked boxes, retention
    Column("folded", BigInteger, nullable=True),  # the article of which this is a near-equal copy here
    Column("backfill", Boolean, nullable=False),
    # copies of the article's columns, so that a window is one index range whatever the number of articles
    Column("live", Boolean, nullable=False, default=False),
    Column("published", UtcTime, nullable=True),
    Column("touched", UtcTime, nullable=True),  # entered or visibly changed
)
Index("ix_membership_window", membership.c.list, membership.c.live, membership.c.published)
Index("ix_membership_touched", membership.c.list, membership.c.live, membership.c.touched)
Index("ix_membership_article", membership.c.article)
Index("ix_membership_entered", membership.c.list, membership.c.entered)

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

#: Feeds that have to be built anew; written by the transaction that made it necessary.
#: who may read the private feeds of takers; revoked ones stay, so that their addresses are known as such
member = Table(
    "member",
    metadata,
    Column("no", _Number, primary_key=True),
    Column("feed", String(64), nullable=False),  # key of a taker's list
    Column("name", String(64), nullable=False),
    Column("hash", LargeBinary, nullable=False),  # of the address's secret, or of name and password
    Column("created", UtcTime, nullable=False),
    Column("revoked_at", UtcTime, nullable=True),
    UniqueConstraint("feed", "hash"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("no", _Number, primary_key=True),
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

#: Articles whose tags, reporters and words are to be indexed anew; done in the background.
reindex = Table(
    "reindex",
    metadata,
    Column("article", ForeignKey("article.no", ondelete="CASCADE"), primary_key=True, autoincrement=False),
)

#: Tags and reporters: their names, and the slug that each was given once.
facet_name = Table(
    "facet_name",
    metadata,
    Column("kind", String(10), primary_key=True),  # tag | author
    Column("slug", String(64), primary_key=True),
    Column("folded", String(200), nullable=False),  # what spellings of one name share
    Column("name", Text, nullable=False),
    Column("articles", Integer, nullable=False, default=0),  # live ones
    UniqueConstraint("kind", "folded"),
)

facet = Table(
    "facet",
    metadata,
    Column("kind", String(10), primary_key=True),
    Column("slug", String(64), primary_key=True),
    Column("article", ForeignKey("article.no", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("published", UtcTime, nullable=False),
)
Index("ix_facet_newest", facet.c.kind, facet.c.slug, facet.c.published)
Index("ix_facet_article", facet.c.article)

#: Pictures whose size and type a page does not give: asked for once.
picture = Table(
    "picture",
    metadata,
    Column("url", String(2100), primary_key=True),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("type", String(80), nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("at", UtcTime, nullable=False),
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

#: News of a feed that subscribers and outside hubs are to get: the very bytes, kept until all have them.
push = Table(
    "push",
    metadata,
    Column("no", _Number, primary_key=True),
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
    Column("no", _Number, primary_key=True),
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
    Column("no", _Number, primary_key=True),
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

#: The web processes that live, and the publication that each serves. `at` is the database's own time.
heartbeat = Table(
    "heartbeat",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
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

#: What was pushed to us and is not read yet.
arrival = Table(
    "arrival",
    metadata,
    Column("no", _Number, primary_key=True),
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

#: What was wrong: told when it broke and when it mended.
notice = Table(
    "notice",
    metadata,
    Column("no", _Number, primary_key=True),
    Column("key", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("subject", Text, nullable=False),
    Column("code", String(40), nullable=False),
    Column("reason", Text, nullable=False),
    Column("remedy", Text, nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("broke_at", UtcTime, nullable=False),
    Column("mended_at", UtcTime, nullable=True),
    Column("grave", Boolean, nullable=False, server_default="1"),  # red; else amber
)
Index("ix_notice_mended_at", notice.c.mended_at)

#: Notices on their way to a channel; a row goes when the channel has taken it.
notice_delivery = Table(
    "notice_delivery",
    metadata,
    Column("notice", ForeignKey("notice.no", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("mended", Boolean, primary_key=True),
    Column("channel", String(200), primary_key=True),
    Column("tries", Integer, nullable=False, default=0),
    Column("next_due", UtcTime, nullable=False),
    Column("error", Text, nullable=False, default=""),
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
