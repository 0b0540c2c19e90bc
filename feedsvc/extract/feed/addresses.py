"""Addresses of a feed: absolute and clean, by `feedsvc.urls`; a short way for those that are so already."""

from __future__ import annotations

import re

from feedsvc import urls

#: Addresses that `urls.absolute` and `urls.clean` would return unchanged: most of a feed's
_CLEAN = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}"
    r"(?:/(?:[A-Za-z0-9_~!$&'()*+,;=:@-]|%[0-9A-F]{2})(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-F]{2})*)*/?"
)
_SHORT = 300
#: What programs write where they have no address
_NONE = frozenset(("n/a", "none", "null", "nil", "undefined", "nan", "false", "-", "#"))


def address(base: str, href: str, *, fragment: bool = False) -> str:
    """The absolute http(s) address that `href` means, without tracking parameters; "" if it is none.

    Its fragment is kept if wanted, as `urls.absolute` says.
    """
    if len(href) < _SHORT and _CLEAN.fullmatch(href) and href.count("/") > 2:
        return href
    href = href.strip()
    if href.lower() in _NONE or "<" in href:
        return ""
    found = urls.absolute(base, href, fragment=fragment) if href else None
    return urls.clean(found) if found else ""
