"""Addresses that people and readers try where they know none: they lead to the feed that is meant."""

from __future__ import annotations

import re
from collections.abc import Container

STATUS = "/status.atom"  #: of the service itself, whatever lists there are
_FORMS = {"rss": "rss", "xml": "rss", "rdf": "rss", "feed": "rss", "atom": "atom", "json": "json"}
#: /feed, /rss, /feeds, /rss.xml, /atom.xml, /feed.json, /index.xml …
_EVERYTHING = re.compile(r"/(?:feeds|feed|rss|atom|index)(?:[./](xml|rss|atom|json|rdf|feed))?")
#: /feeds/politik.xml, /politik/feed, /politik.rss, /feeds/politik/rss.xml …
_ONE = re.compile(
    r"(?:/feeds)?/([a-z0-9][a-z0-9-]{0,63})(?:\.|/)(feed|rss|atom|json|xml|rdf)(?:\.(?:xml|json)|/)?"
)


def guessed(path: str, known: Container[str]) -> str | None:
    """The path of `known` that is meant by one that is not; None where it is not clear."""
    if path in known or len(path) > 200 or path == STATUS:
        return None
    bare = path.rstrip("/") or "/"
    if bare != path and bare != "/" and bare in known:
        return bare
    if match := _EVERYTHING.fullmatch(bare):
        named = match[1] or bare.rpartition("/")[2].partition(".")[0]
        target = f"/feeds/latest.{_FORMS.get(named, 'rss')}"
        return target if target in known else None
    if match := _ONE.fullmatch(bare):
        target = f"/feeds/{match[1]}.{_FORMS[match[2]]}"
        return target if target in known else None
    return None
