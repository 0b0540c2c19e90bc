"""What a reading changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from feedsvc.curate import same
from feedsvc.curate.merge import merge, story_digest, unmoved
from feedsvc.curate.prepare import Context
from feedsvc.curate.same import EXACT, SERVED
from feedsvc.model import (
    Article,
    Correction,
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

PATIENCE = timedelta(seconds=90)  #: how long an article waits for its page
OWN_PATIENCE = timedelta(seconds=10)  #: the same on an own host, where the list itself tells the minute


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
    for item in fresh:
        number = context.article if context.article is not None else names.match(item, draw.taken)
        if number is None and context.article is None:
            number = same.moved(item, known, draw.taken)
        if number is None:
            if item.draft.state == "withdrawn":
                continue  # it was never served: there is nothing to take back
            number = _add(item, known, context, draw)
        else:
            number = _again(item, number, known, context, draw)
            if any(place.list not in context.ranked for place in item.places):
                draw.newest_first.append(number)
        draw.named.update(item.keys)
        for place in item.places:
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


def meant(item: Fresh, known: Known, context: Context) -> int | None:
    """The known article that one item by itself is about; None: it is of a new one."""
    names = same.Names([item], known, upstream=context.upstream, upstream_url=context.upstream_url)
    return names.match(item, set())


def _add(item: Fresh, known: Known, context: Context, draw: _Draw) -> int:
    keys = tuple(key for key in item.keys if key not in draw.named)
    if any(key.kind == "address" for key in set(item.keys) - set(keys)):
        item = replace(item, follow=False)  # the page is another article's
    draw.new.append(_new(item, keys, context, suspects=known.left[:20] if item.follow else ()))
    return -len(draw.new)


def _again(item: Fresh, number: int, known: Known, context: Context, draw: _Draw) -> int:
    """A known article was named again."""
    stored = known.articles[number]
    if same.is_reused(item, stored, _statement(item, context)):
        draw.new.append(replace(_new(item, item.keys, context), instead_of=number))
        return -len(draw.new)
    others = {known.keys[key] for key in item.keys if key in known.keys} - {number}
    # while one list shows both they are two; when it does no more, the page has to be heard again
    draw.undecided = draw.undecided or any(frozenset((number, other)) in known.together for other in others)
    joined = [same.one_article(item, number, other, known, context.level) for other in sorted(others)]
    if context.level is Level.PAGE and not any(joined):
        joined.append(same.suspected(item, number, known))
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
    draw.keys += [(key, number) for key in item.keys if key not in draw.named]
    if number not in draw.taken:
        _note(item, number, stored, context, draw)
    draw.taken.add(number)
    if stored.article.state not in (State.WITHDRAWN, State.RETIRED):
        draw.places += [(number, place) for place in item.places if place.list not in stored.lists]
    return number


def _note(item: Fresh, number: int, stored: Stored, context: Context, draw: _Draw) -> None:
    """What an upstream says of an article is taken down, if it is news."""
    state = stored.article.state
    if state is State.RETIRED or (stored.article.erased and not context.asked):
        return  # nothing that others still show is taken down again
    if item.draft.state == "withdrawn":
        if state is not State.WITHDRAWN:
            draw.withdraw.append(number)
        return
    back = _comes_back(stored, context)
    if stored.said != item.digest or back:
        draw.corrections.append(_correction(item, number, stored, context, back))
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
    newest_first_lists = {place.list for one in fresh for place in one.places} - context.ranked
    dates = [known.articles[n].article.published for n in draw.newest_first if n in known.articles]
    oldest = min((date for date in dates if date is not None), default=None)
    gone = []
    for number in known.left:
        stored = known.articles[number]
        date = stored.article.published
        newer = oldest is not None and date is not None and date > oldest
        if newer and stored.article.state is State.LIVE and stored.lists & newest_first_lists:
            gone.append(number)
    return gone


# ── new and corrected ─────────────────────────────────────────────────────────────────────────────────


def _statement(item: Fresh, context: Context) -> Statement:
    return Statement(
        upstream=context.upstream,
        upstream_key=context.upstream_key,
        level=item.level,
        draft=item.draft,
        at=context.now,
        upstream_url=context.upstream_url,
    )


def _new(item: Fresh, keys: tuple[Key, ...], context: Context, suspects: tuple[int, ...] = ()) -> NewArticle:
    statement = _statement(item, context)
    story = merge([statement])
    dated = item.draft.published is not None and item.draft.published.precision in EXACT
    patience = OWN_PATIENCE if context.own and dated else PATIENCE
    release = _at_once(item, statement, story, keys, context)
    waits_until = context.now + patience if item.follow else context.now
    if release is not None and release.embargo is not None:
        waits_until = release.embargo
    return NewArticle(
        fresh=item,
        keys=keys,
        story=story,
        digest=story_digest(story),
        ready=not item.follow and (release is None or release.embargo is None),
        release_at=waits_until,
        release=release if release is not None and release.embargo is None else None,
        suspects=suspects,
    )


def _at_once(
    item: Fresh, statement: Statement, story: Story, keys: tuple[Key, ...], context: Context
) -> Release | None:
    """How an article of the newsroom's own store goes live: nothing else is waited for."""
    if context.level is not Level.STORE or context.settle is None or item.follow or not story.title:
        return None  # nothing goes live without a headline
    article = Article(no=0, id="", state=State.WAITING, story=story, first_seen=context.now)
    rank = min((place.rank for place in item.places), default=0)
    return context.settle(Waiting(article=article, statements=(statement,), keys=keys, rank=rank))


def _correction(item: Fresh, number: int, stored: Stored, context: Context, back: bool) -> Correction:
    others = [said for said in stored.statements if said.upstream != context.upstream]
    before = next((said for said in stored.statements if said.upstream == context.upstream), None)
    story = merge([*others, _statement(item, context)])
    digest = story_digest(story)
    state = stored.article.state
    if state in SERVED and digest == stored.digest:
        story = unmoved(stored.article.story, story)
    return Correction(
        article=number,
        fresh=item,
        story=story,
        digest=digest,
        visible=state in SERVED and digest != stored.digest,
        shown=state is State.LIVE and story != stored.article.story,
        ready=context.level in (Level.STORE, Level.PAGE),
        reread=(item.follow and before is not None and before.draft.title != item.draft.title)
        or (state is State.WITHDRAWN and not back and stored.withdrawn_by is Level.PAGE),
        revive=back,
    )
