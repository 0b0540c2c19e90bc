"""The source store: rows of a newsroom's own database, read only, as drafts."""

from feedsvc.sources.sql.source import TableSource

__all__ = ["TableSource"]
