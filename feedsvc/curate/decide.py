"""What a reading changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from feedsvc import urls
from feedsvc.curate import same
from feedsvc.curate.identity import apart, keys_of, without_shared
from feedsvc.curate.merge import draft_digest, merge, story_digest, unmoved
from feedsvc.curate.same import EXACT, SERVED
from feedsvc.model import (
    Article,
    Correction,
    Draft,
    Fresh,
    Key,
    Known,
    Level,
    Merge,
    NewArticle,
    Place,
    Plan,
    Release,
    State,
    Statement,
    Stored,
    Story,
    Waiting,
)

OLD_NEWS = timedelta(hours=48)  #: dated longer ago than this when first seen: a find, not news
PATIENCE = timedelta(seconds=90)  #: how long an article waits for its page
OWN_PATIENCE = timedelta(seconds=10)  #: the same on an own host, where the list itself tells the minute


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
    then the page is none of theirs, and is not read. A guid of several addresses names nothing. A list
    without a name (an article's own page) gives no places.
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
    for name, rank, said, page in items:
        draft = _credible(said, repeated, context.level)
        keys = keys_of(draft, context.upstream_key)
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
    return {guid for guid, found in addresses.items() if len(found) > 1}


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


@dataclass(slots=True)
class _Draw:
    """A plan while it is drawn up."""

    named: set[Key]
    new: list[NewArticle] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    keys: list[tuple[Key, int]] = field(default_factory=list)
    places: list[tuple[int, Place]] = field(default_factory=list)
    withdraw: list[int] = field(default_factory=list)
    merge: list[Merge] = field(default_factory=list)
    reread: list[int] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)
    undecided: bool = False
    newest_first: list[int] = field(default_factory=list)  # the known ones in lists that keep what enters


def decide(fresh: Sequence[Fresh], known: Known, context: Context) -> Plan:
    """Say what is new, what changed and where it stands: the same inputs always give the same plan."""
    draw = _Draw(named=set(known.keys))
    names = same.Names(fresh, known, upstream=context.upstream, upstream_url=context.upstream_url)
    ranked: dict[str, list[tuple[int, int]]] = {name: [] for name in context.ranked}
    for one in fresh:
        number = context.article if context.article is not None else names.match(one, draw.taken)
        if number is None and context.article is None:
            number = same.moved(one, known, draw.taken)
        if number is None:
            if one.draft.state == "withdrawn":
                continue  # it was never served: there is nothing to take back
            number = _add(one, known, context, draw)
        else:
            number = _again(one, number, known, context, draw)
            if any(place.list not in context.ranked for place in one.places):
                draw.newest_first.append(number)
        draw.named.update(one.keys)
        for place in one.places:
            if number < 0:
                draw.places.append((number, place))
            if place.list in ranked:
                ranked[place.list].append((place.rank, number))
    if context.own and context.level in (Level.LIST, Level.FEED):
        draw.reread += _vanished(fresh, known, context, draw)
    return Plan(
        new=tuple(draw.new),
        corrections=tuple(draw.corrections),
        keys=tuple(draw.keys),
        places=tuple(draw.places),
        ranked={name: tuple(number for _, number in sorted(found)) for name, found in ranked.items()},
        withdraw=tuple(draw.withdraw),
        merge=tuple(draw.merge),
        reread=tuple(draw.reread),
        undecided=draw.undecided,
    )


# ── what it means ─────────────────────────────────────────────────────────────────────────────────────


def _add(one: Fresh, known: Known, context: Context, draw: _Draw) -> int:
    keys = tuple(key for key in one.keys if key not in draw.named)
    if any(key.kind == "address" for key in set(one.keys) - set(keys)):
        one = replace(one, follow=False)  # the page is another article's
    draw.new.append(_new(one, keys, context, suspects=known.left[:20] if one.follow else ()))
    return -len(draw.new)


def _again(one: Fresh, number: int, known: Known, context: Context, draw: _Draw) -> int:
    """A known article was named again."""
    stored = known.articles[number]
    if same.is_reused(one, stored, _statement(one, context)):
        draw.new.append(replace(_new(one, one.keys, context), instead_of=number))
        return -len(draw.new)
    others = {known.keys[key] for key in one.keys if key in known.keys} - {number}
    # while one list shows both they are two; when it does no more, the page has to be heard again
    draw.undecided = draw.undecided or any(frozenset((number, other)) in known.together for other in others)
    joined = [same.one_article(one, number, other, known, context.level) for other in sorted(others)]
    if context.level is Level.PAGE and not any(joined):
        joined.append(same.suspected(one, number, known))
    merged = next((found for found in joined if found is not None), None)
    if merged is not None:
        draw.merge.append(merged)
        number = merged.stays
        stays, goes = known.articles[merged.stays], known.articles[merged.goes]
        stored = replace(
            stays,
            article=replace(stays.article, story=merged.story),
            digest=merged.digest,
            statements=same.united(stays, goes),
        )
    draw.keys += [(key, number) for key in one.keys if key not in draw.named]
    if number not in draw.taken:
        _said(one, number, stored, context, draw)
    draw.taken.add(number)
    if stored.article.state not in (State.WITHDRAWN, State.RETIRED):
        draw.places += [(number, place) for place in one.places if place.list not in stored.lists]
    return number


def _said(one: Fresh, number: int, stored: Stored, context: Context, draw: _Draw) -> None:
    """What an upstream says of an article is taken down, if it is news."""
    state = stored.article.state
    if state is State.RETIRED or (stored.article.erased and not context.asked):
        return  # nothing that others still show is taken down again
    if one.draft.state == "withdrawn":
        if state is not State.WITHDRAWN:
            draw.withdraw.append(number)
        return
    back = _comes_back(stored, context)
    if stored.said != one.digest or back:
        draw.corrections.append(_correction(one, number, stored, context, back))
    elif state is State.WITHDRAWN and stored.withdrawn_by is Level.PAGE:
        draw.reread.append(number)  # a list shows it again: its page will tell


def _comes_back(stored: Stored, context: Context) -> bool:
    """Whether a withdrawn article is served again because it was named.

    What a page's absence withdrew, the page brings back; what the newsroom's store took back, the store; what
    a person withdrew, only a person does (`feedsvc unhide`, or publishing it anew through the API).
    """
    if stored.article.state is not State.WITHDRAWN:
        return False
    return context.asked or (stored.withdrawn_by is not None and context.level <= stored.withdrawn_by)


def _vanished(fresh: Sequence[Fresh], known: Known, context: Context, draw: _Draw) -> list[int]:
    """Articles of our own that left a list although older ones stay: their pages tell whether they are gone.

    The list alone withdraws nothing.
    """
    plain = {place.list for one in fresh for place in one.places} - context.ranked
    dates = [known.articles[n].article.published for n in draw.newest_first if n in known.articles]
    oldest = min((date for date in dates if date is not None), default=None)
    gone = []
    for number in known.left:
        stored = known.articles[number]
        date = stored.article.published
        newer = oldest is not None and date is not None and date > oldest
        if newer and stored.article.state is State.LIVE and stored.lists & plain:
            gone.append(number)
    return gone


# ── new and corrected ─────────────────────────────────────────────────────────────────────────────────


def _statement(one: Fresh, context: Context) -> Statement:
    return Statement(
        upstream=context.upstream,
        upstream_key=context.upstream_key,
        level=one.level,
        draft=one.draft,
        at=context.now,
        upstream_url=context.upstream_url,
    )


def _new(one: Fresh, keys: tuple[Key, ...], context: Context, suspects: tuple[int, ...] = ()) -> NewArticle:
    said = _statement(one, context)
    story = merge([said])
    dated = one.draft.published is not None and one.draft.published.precision in EXACT
    patience = OWN_PATIENCE if context.own and dated else PATIENCE
    release = _at_once(one, said, story, keys, context)
    waits_until = context.now + patience if one.follow else context.now
    if release is not None and release.embargo is not None:
        waits_until = release.embargo
    return NewArticle(
        fresh=one,
        keys=keys,
        story=story,
        digest=story_digest(story),
        ready=not one.follow and (release is None or release.embargo is None),
        release_at=waits_until,
        release=release if release is not None and release.embargo is None else None,
        suspects=suspects,
    )


def _at_once(
    one: Fresh, said: Statement, story: Story, keys: tuple[Key, ...], context: Context
) -> Release | None:
    """How an article of the newsroom's own store goes live: nothing else is waited for."""
    if context.level is not Level.STORE or context.settle is None or one.follow or not story.title:
        return None  # nothing goes live without a headline
    article = Article(no=0, id="", state=State.WAITING, story=story, first_seen=context.now)
    rank = min((place.rank for place in one.places), default=0)
    return context.settle(Waiting(article=article, statements=(said,), keys=keys, rank=rank))


def _correction(one: Fresh, number: int, stored: Stored, context: Context, back: bool) -> Correction:
    others = [said for said in stored.statements if said.upstream != context.upstream]
    before = next((said for said in stored.statements if said.upstream == context.upstream), None)
    story = merge([*others, _statement(one, context)])
    digest = story_digest(story)
    state = stored.article.state
    if state in SERVED and digest == stored.digest:
        story = unmoved(stored.article.story, story)
    return Correction(
        article=number,
        fresh=one,
        story=story,
        digest=digest,
        visible=state in SERVED and digest != stored.digest,
        shown=state is State.LIVE and story != stored.article.story,
        ready=context.level in (Level.STORE, Level.PAGE),
        reread=(one.follow and before is not None and before.draft.title != one.draft.title)
        or (state is State.WITHDRAWN and not back and stored.withdrawn_by is Level.PAGE),
        revive=back,
    )
