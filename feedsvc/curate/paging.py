"""Which older pages of a list are read, and when: a walk from page to page, one page a poll.

The first complete run reads as many as the configuration wants. Later ones read on where a poll finds nothing
on the first page that stood there before (something may have been missed), and once a week.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

import orjson

from feedsvc import urls

AGAIN = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """How far a list was followed."""

    next: str = ""  #: the page that is read next; "": the first one
    page: int = 1  #: its number
    been: tuple[str, ...] = ()  #: marks of the pages of this walk, by address and by what stood on them
    top: tuple[str, ...] = ()  #: marks of what stood on the first page
    reached: int = 0  #: how many pages the last walk was to read
    at: float = 0.0  #: when it ended

    def dump(self) -> str:
        """As text."""
        return orjson.dumps(asdict(self)).decode()


def load(text: str) -> Walk:
    """What `dump` wrote; the beginning, for anything else."""
    try:
        raw = orjson.loads(text)
        return Walk(**{**raw, "been": tuple(raw["been"]), "top": tuple(raw["top"])})
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return Walk()


def begin(
    walk: Walk,
    *,
    url: str,
    items: Sequence[str],
    older: Sequence[str],
    wanted: int,
    complete: bool,
    now: datetime,
) -> Walk:
    """The first page was read: `items` are the addresses on it, `older` those of the pages after it."""
    top = tuple(_mark(urls.key(item)) for item in items)
    missed = bool(walk.top and top) and not set(walk.top) & set(top)
    old = now.timestamp() - walk.at >= AGAIN.total_seconds()
    here = replace(walk, next="", page=1, been=(), top=top)
    if wanted <= 1 or not (not complete or wanted > walk.reached or missed or old):
        return here
    return go_on(here, url=url, items=items, older=older, wanted=wanted, now=now)


def go_on(
    walk: Walk, *, url: str, items: Sequence[str], older: Iterable[str], wanted: int, now: datetime
) -> Walk:
    """A page was read: on to the next one, or the end of the walk.

    Never to another site, never to a page of this walk, and not on from a page that shows what another did.
    """
    content = _mark("\n".join(items))
    if walk.page >= wanted or not items or content in walk.been:
        return end(walk, wanted=wanted, now=now)
    been = (*walk.been, _mark(urls.key(url)), content)
    for one in older:
        if urls.same_site(url, one) and _mark(urls.key(one)) not in been:
            return replace(walk, next=one, page=walk.page + 1, been=been)
    return end(walk, wanted=wanted, now=now)


def end(walk: Walk, *, wanted: int, now: datetime) -> Walk:
    """The walk is over."""
    return Walk(top=walk.top, reached=wanted, at=now.timestamp())


def _mark(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()
