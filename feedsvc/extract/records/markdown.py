"""Markdown → HTML (CommonMark with tables); what comes out is not clean yet."""

from __future__ import annotations

from functools import lru_cache

from markdown_it import MarkdownIt

MAX_CHARS = 1_000_000


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def to_html(text: str) -> str:
    """The HTML of a Markdown text. HTML inside it is passed on: it has to be cleaned."""
    return str(_parser().render(text[:MAX_CHARS]))
