"""What was wrong, and whom that is told."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from feedsvc.store.schema.base import Number, UtcTime, metadata

#: What was wrong: told when it broke and when it mended.
notice = Table(
    "notice",
    metadata,
    Column("no", Number, primary_key=True),
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
