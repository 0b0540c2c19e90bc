"""The text of the article, as clean HTML and as plain text."""

from feedsvc.extract.article.body.reading import Body, read_body

__all__ = ["Body", "read_body"]
