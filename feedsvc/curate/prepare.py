"""The articles of a reading, each once, before it is decided what they change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from feedsvc import urls
from feedsvc.curate.identity import apart, keys_of, without_shared
from feedsvc.curate.merge import draft_digest
from feedsvc.model import Draft, Fresh, Key, Level, Place, Release, Waiting

OLD_NEWS = timedelta(hours=48)  #: dated longer ago than this when first seen: a find, not news


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The reading that is decided about."""

    upstream: int
    upstream_key: str
    level: Level
    own: bool
    now: datetime
    upstream_url: str = ""  #: where it was read; "" for what has no address
    backfill: bool = False  #: a first complete run, or an index page beyond the first
    ranked: frozenset[str] = frozenset()  #: lists that are what the page shows now
    article: int | None = None  #: the article whose own page was read
    settle: Callable[[Waiting], Release] | None = None  #: how an article goes live; where it does so at once
    asked: bool = False  #: somebody asked for exactly this article to be published (the API)


def prepare(
    drafts_by_list: Iterable[tuple[str, Sequence[tuple[Draft, bool]]]], context: Context
) -> tuple[Fresh, ...]:
    """Every article of a reading once, with its keys and its places.

    `drafts_by_list` gives (list key, its drafts in order, each with whether its page is to be read). Two
    items with one address are one article, unless each has a name of its own (a guid, a place in the page):
    then the page is none of theirs, and is not read. A guid of several addresses names nothing. An item that
    nothing names is left out: it would be a new article at each poll. A list without a name (an article's own
    page) gives no places.
    """
    items = [
        (name, rank, draft, page)
        for name, drafts in drafts_by_list
        for rank, (draft, page) in enumerate(drafts)
    ]
    repeated = _repeated_guids(draft for _, _, draft, _ in items)
    order: list[Draft] = []
    places: dict[int, list[Place]] = {}
    follow: dict[int, bool] = {}
    by_key: dict[Key, list[int]] = {}
    for name, rank, read, page in items:
        draft = _credible(read, repeated, context.level)
        keys = keys_of(draft, context.upstream_key)
        if not keys:
            continue
        number = next((n for key in keys for n in by_key.get(key, ()) if not apart(order[n], draft)), None)
        if number is None:
            number = len(order)
            order.append(draft)
        else:
            order[number] = _filled(order[number], draft)
        for key in keys:
            named = by_key.setdefault(key, [])
            if number not in named:
                named.append(number)
        spots = places.setdefault(number, [])
        if name and all(place.list != name for place in spots):
            spots.append(Place(list=name, rank=rank, backfill=_backfill(draft, context)))
        follow[number] = follow.get(number, False) or page
    shared = {key for key, numbers in by_key.items() if len(numbers) > 1}
    return tuple(
        _fresh(draft, shared, places[number], follow[number], context) for number, draft in enumerate(order)
    )


def _fresh(draft: Draft, shared: set[Key], places: list[Place], follow: bool, context: Context) -> Fresh:
    keys = keys_of(draft, context.upstream_key)
    return Fresh(
        draft=draft,
        level=context.level,
        digest=draft_digest(draft),
        keys=without_shared(keys, shared, draft),
        places=tuple(places),
        # of a page with several articles, and of one that a script draws, nothing is read for one of them
        follow=follow and shared.isdisjoint(keys) and "#" not in urls.key(draft.url),
        own=context.own,
    )


def _credible(draft: Draft, repeated: set[str], level: Level) -> Draft:
    """`draft` without names that it cannot give: a repeated guid, or another publisher's address."""
    guid = "" if draft.guid in repeated else draft.guid
    also = draft.also
    if level > Level.PAGE and also:
        also = tuple(url for url in also if urls.same_publisher(url, draft.url))
    return draft if (guid, also) == (draft.guid, draft.also) else replace(draft, guid=guid, also=also)


def _repeated_guids(drafts: Iterable[Draft]) -> set[str]:
    """The guids that name several addresses: there is none that would be right."""
    addresses: dict[str, set[tuple[str, str]]] = {}
    for draft in drafts:
        if draft.guid and draft.url:
            addresses.setdefault(draft.guid, set()).add((urls.key(draft.url), urls.fragment(draft.url)))
    return {guid for guid, named in addresses.items() if len(named) > 1}


def _filled(first: Draft, second: Draft) -> Draft:
    """`first`, with what only `second` says."""
    missing = {
        name: getattr(second, name)
        for name in ("title", "guid", "published", "summary", "content", "image", "authors", "tags")
        if not getattr(first, name) and getattr(second, name)
    }
    return replace(first, **missing) if missing else first


def _backfill(draft: Draft, context: Context) -> bool:
    old = draft.published is not None and draft.published.at < context.now - OLD_NEWS
    return context.backfill or old
