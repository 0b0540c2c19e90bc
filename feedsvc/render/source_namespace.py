"""The source namespace of RSS: accounts of the newsroom elsewhere, and full texts in Markdown.

http://source.scripting.com/ (Dave Winer, 2014 to 2026). Off unless [site] accounts or markdown is set.
"""

from __future__ import annotations

from functools import lru_cache

from feedsvc.model import Element, Site
from feedsvc.render.text import legal

PREFIX = "source"


def of_channel(site: Site) -> tuple[Element, ...]:
    """`source:account` for each account: the service, and the name there."""
    return tuple(
        Element("source:account", legal(name), attributes=(("service", legal(service)),))
        for service, name in site.accounts
    )


@lru_cache(maxsize=2_000)  # the entries of a feed are put together anew each time that one of them changes
def of_entry(content: str) -> Element:
    """`source:markdown` of an article's HTML, in the dialect of CommonMark. Needs the extra `markdown`."""
    from markdownify import markdownify

    text = markdownify(content, heading_style="ATX", bullets="-")
    return Element("source:markdown", legal(text.strip()), markup=True)
