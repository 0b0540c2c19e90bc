"""Well-formed XML feeds: text → the neutral shape, over a parser that recovers from nothing.

The parser expands no entities, loads nothing and refuses depth beyond 256 (libxml2's own limit).
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from feedsvc.errors import Code, ReadError
from feedsvc.extract.bounds.xml import (
    MAX_ATTRIBUTES,
    MAX_ENTRIES,
    MAX_TAGS,
    has_too_many,
    too_crowded,
    too_many_tags,
)
from feedsvc.extract.feed import atom, rss
from feedsvc.extract.feed.document import Document, Element
from feedsvc.extract.feed.wire import WireFeed

_CHUNK = 65_536
_CROWDED = etree.XPath(f"boolean(//@*[position() > {MAX_ATTRIBUTES}])")
_TOO_DEEP = "Excessive depth"
_OPTIONS: dict[str, Any] = {
    "encoding": "utf-8",
    "recover": False,
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


class NotWellFormedError(Exception):
    """The text is no XML document; says where and why."""


def read(text: str, *, url: str) -> WireFeed:
    """The feed in `text` (which has no document type declaration).

    Raises NotWellFormedError, and ReadError (TOO_DEEP, BAD_XML for too many attributes, NOT_A_FEED).
    """
    data = text.encode("utf-8", "replace")
    document = Document(_parse(data, whole=not has_too_many(text)), url=url, data=data)
    if document.kind in ("feed", "entry"):
        return atom.read(document)
    if document.kind in ("rss", "rdf", "channel"):
        return rss.read(document)
    raise ReadError(Code.NOT_A_FEED, f"the answer is an XML document <{document.kind}>, not a feed")


def _parse(data: bytes, *, whole: bool) -> Element:
    """The root element; of a feed with too many entries only its beginning."""
    try:
        root = etree.fromstring(data, etree.XMLParser(**_OPTIONS)) if whole else _beginning(data)
    except etree.XMLSyntaxError as error:
        if _TOO_DEEP in str(error):
            raise ReadError(Code.TOO_DEEP, "the feed's elements are nested more than 256 deep") from error
        raise NotWellFormedError(error.msg) from error
    if data.count(b"=") > MAX_ATTRIBUTES and _CROWDED(root):
        raise too_crowded()
    return root


def _beginning(data: bytes) -> Element:
    """The tree up to shortly after entry number MAX_ENTRIES: memory stays bounded."""
    parser = etree.XMLPullParser(events=("end",), tag=("{*}item", "{*}entry"), **_OPTIONS)
    entries = tags = 0
    for start in range(0, len(data), _CHUNK):
        chunk = data[start : start + _CHUNK]
        tags += chunk.count(b"<")
        if tags > MAX_TAGS:
            raise too_many_tags()
        parser.feed(chunk)
        for event in parser.read_events():
            entries += 1
            if entries > MAX_ENTRIES:
                element: Element = event[1]  # type: ignore[assignment]  # never a namespace event
                return element.getroottree().getroot()
    return parser.close()
