"""Is this text a feed, and of which kind? Pages, captchas and empty answers are told by name."""

from __future__ import annotations

import re
from typing import Literal

from feedsvc.errors import Code, ReadError
from feedsvc.extract.bounds.xml import PROLOG

Kind = Literal["json", "xml"]

_LEAD = 65_536  #: characters in which the root element has to begin
_ROOT = re.compile(
    r"<(?:[A-Za-z][\w.-]{0,40}:)?(rss|feed|entry|RDF|channel|html|urlset|sitemapindex|opml)(?=[\s>/])", re.I
)
_PAGE = re.compile(r"<(?:html|head|body|script|title|meta)(?=[\s>])", re.I)
_JSON_FEED = re.compile(r"\"version\"\s*:\s*\"https?:\\?/\\?/(?:www\.)?jsonfeed\.org", re.I)
_OTHER = {
    "html": "an HTML page",
    "urlset": "a sitemap (use `sitemap = …`)",
    "sitemapindex": "a sitemap index (use `sitemap = …`)",
    "opml": "an OPML list of feeds",
}


def sniff(text: str) -> Kind:
    """What to read `text` as; raises ReadError (NOT_A_FEED) where it is no feed."""
    start = text.lstrip("\ufeff \t\r\n\0")[:1]
    if not start:
        raise ReadError(Code.NOT_A_FEED, "the answer is empty")
    if start in "{[" or _JSON_FEED.search(text, 0, _LEAD):
        return "json"
    prolog = PROLOG.match(text)
    begin = prolog.end() if prolog else 0
    root = _ROOT.search(text, begin, begin + _LEAD)
    name = root[1].lower() if root else ""
    # what a publisher's PHP warns of before its feed is markup too, but no page
    if name in _OTHER or _PAGE.search(text, begin, root.start() if root else begin + _LEAD):
        raise ReadError(Code.NOT_A_FEED, f"the answer is {_OTHER.get(name, 'an HTML page')}, not a feed")
    if root is None:
        what = "an XML document of another kind" if start == "<" else "plain text"
        raise ReadError(Code.NOT_A_FEED, f"the answer is {what}, not a feed")
    return "xml"
