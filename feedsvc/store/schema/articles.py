"""Articles, who said what of them, and the lists that they stand in."""

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

article = Table(
    "article",
    metadata,
    Column("no", Number, primary_key=True),
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
