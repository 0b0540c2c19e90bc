"""Finds the hub of an upstream feed (W3C WebSub 4): the Link header first, then what the feed says."""

from __future__ import annotations

import re

from feedsvc import urls

# RFC 8288 3: <target>; name=token; name="quoted", …
_VALUE = r"(?:\"(?:[^\"\\]|\\.)*\"|[^\s\",;]+)"
_PARAMETER = rf";\s*([\w!#$&+.^`|~*-]+)(?:\s*=\s*({_VALUE}))?\s*"
_LINK = re.compile(rf"<([^<>]*)>\s*((?:{_PARAMETER})*)")
_ONE = re.compile(_PARAMETER)
MAX_HEADER = 8192


def linked(header: str, base: str) -> dict[str, str]:
    """Relation (lower case) → the first address that a Link header gives for it, absolute."""
    found: dict[str, str] = {}
    for link in _LINK.finditer(header[:MAX_HEADER]):
        parameters = [(name.lower(), value.strip('"')) for name, value in _ONE.findall(link[2])]
        rel = next((value for name, value in parameters if name == "rel"), "")
        address = urls.absolute(base, link[1] or base)
        for relation in rel.lower().split():
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
