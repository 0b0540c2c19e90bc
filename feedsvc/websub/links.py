"""Finds the hub of an upstream feed (W3C WebSub 4): the Link header first, then what the feed says."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from feedsvc import urls

# RFC 8288 3: <target>; name=token; name="quoted", …
_VALUE = r"(?:\"(?:[^\"\\]|\\.)*\"|[^\s\",;]+)"
_LINK = re.compile(rf"<([^<>]*)>((?:\s*;\s*[\w!#$&+.^`|~*-]+(?:\s*=\s*{_VALUE})?)*)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s\",;]+))", re.I)
MAX_HEADER = 8192


def linked(header: str, base: str) -> dict[str, str]:
    """Relation (lower case) → the first address that a Link header gives for it, absolute."""
    found: dict[str, str] = {}
    for target, parameters in _LINK.findall(header[:MAX_HEADER]):
        rel = _REL.search(parameters)
        if rel is None:
            continue
        address = urls.absolute(base, urljoin(base, target))
        for relation in (rel[1] or rel[2]).lower().split():
            if address is not None:
                found.setdefault(relation, address)
    return found


def discovered(header: str, *, url: str, hub: str, topic: str) -> tuple[str, str] | None:
    """(hub, topic) of a feed at `url`; `hub` and `topic` are what its body says. None: it has no hub.

    4: a subscriber looks at the Link header first; hub and self are taken from the same place.
    """
    links = linked(header, url)
    if "hub" in links:
        return links["hub"], links.get("self", topic or url)
    if hub:
        return hub, topic or url
    return None
