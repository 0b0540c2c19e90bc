"""HTTP rules as pure functions over header values: which coding, which answer. No clock, no I/O.

RFC 9110: 12.5.3 (Accept-Encoding), 13.1.1 to 13.1.4 (conditions), 13.2.2 (precedence).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache

CODINGS = ("br", "gzip", "identity")  #: in the order of our preference: the smallest first

_TAG = re.compile(r'\s*(W/)?"([^"]*)"\s*(?:,|$)|[^,]*(?:,|$)')
_PROXY_SUFFIX = re.compile(r"(?:-gzip|-br|;gzip|--gzip)$")
MAX_HEADER = 8192  #: longer lists of tags are read up to here


def http_date(moment: datetime) -> str:
    """An HTTP date (RFC 9110 5.6.7)."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


@lru_cache(maxsize=1024)
def codings(accept_encoding: str | None) -> tuple[str, ...]:
    """The codings of ours that a client takes, the best first; identity is always a last resort.

    No header: any coding would do, but a client that says nothing often understands nothing, so identity.
    """
    if accept_encoding is None or len(accept_encoding) > MAX_HEADER:
        return ("identity",)
    weights: dict[str, float] = {}
    for part in accept_encoding.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if name:
            weights["gzip" if name == "x-gzip" else name] = _weight(parameters)
    star = weights.get("*")
    rated = []
    for order, coding in enumerate(CODINGS):
        weight = weights.get(coding, star if star is not None and coding != "identity" else None)
        if weight is None:
            weight = 0.0001 if coding == "identity" and star != 0 else 0.0
        if weight > 0:
            rated.append((-weight, order, coding))
    # refusing identity as well leaves nothing; RFC 9110 12.5.3 lets a server then send without a coding
    return tuple(coding for _, _, coding in sorted(rated)) or ("identity",)


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0) if re.fullmatch(r"[\d.]{1,6}", value.strip()) else 0.0
            except ValueError:
                return 0.0
    return 1.0


def tags(if_none_match: str) -> Iterator[str]:
    """The opaque parts of a list of entity tags, weak or strong."""
    for match in _TAG.finditer(if_none_match[:MAX_HEADER]):
        if match[2] is not None:
            yield match[2]


def matches(if_none_match: str, tag: str) -> bool:
    """Whether a client has the representation that `tag` (opaque part) names; compared weakly.

    The suffix that a compressing proxy adds to a tag inside its quotes is taken off.
    """
    if if_none_match.strip() == "*":
        return True
    return any(one == tag or _PROXY_SUFFIX.sub("", one) == tag for one in tags(if_none_match))


def not_modified(
    tag: str, last_modified: datetime, *, if_none_match: str | None, if_modified_since: str | None
) -> bool:
    """Whether the answer is 304. If-None-Match, where it is given, decides alone."""
    if if_none_match is not None:
        return matches(if_none_match, tag)
    if if_modified_since is None:
        return False
    since = _moment(if_modified_since)
    return since is not None and last_modified <= since


def unmet(
    tag: str, last_modified: datetime, *, if_match: str | None, if_unmodified_since: str | None
) -> bool:
    """Whether the answer is 412. If-Match, where it is given, decides alone, and compares strongly."""
    if if_match is not None:
        strong = (match[2] for match in _TAG.finditer(if_match[:MAX_HEADER]) if not match[1])
        return if_match.strip() != "*" and tag not in strong
    if if_unmodified_since is None:
        return False
    since = _moment(if_unmodified_since)
    return since is not None and last_modified > since


@lru_cache(maxsize=1024)
def _moment(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value[:64])
    except (ValueError, OverflowError):
        return None  # RFC 9110 13.1.3: an unreadable date is ignored
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
