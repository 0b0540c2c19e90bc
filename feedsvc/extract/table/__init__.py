"""The source store: rows of a newsroom's own database, read only, as drafts."""

from feedsvc.extract.table.source import TableSource

__all__ = ["TableSource"]
