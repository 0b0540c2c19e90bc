"""A folder of Markdown with front matter, HTML, JSON or NDJSON, as drafts."""

from feedsvc.extract.files.source import FilesSource

__all__ = ["FilesSource"]
