"""Which article a reading is about, whether two are one, and whether an address was used again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from feedsvc import urls
from feedsvc.curate import likeness
from feedsvc.curate.identity import apart, keys_of
from feedsvc.curate.merge import is_foreign, merge, story_digest
from feedsvc.curate.settle import date_in
from feedsvc.dates import Moment, Precision
from feedsvc.model import Article, Draft, Fresh, Key, Known, Level, Merge, State, Statement, Stored, Story

EXACT = frozenset({Precision.SECOND, Precision.MINUTE})
SERVED = (State.LIVE, State.HIDDEN)
SAME_MINUTE = timedelta(minutes=2)
ONE_DAY = timedelta(hours=12)  #: what is dated further apart is of two days


class Names:
    """Which known articles the names of one reading mean."""

    def __init__(self, fresh: Sequence[Fresh], known: Known, *, upstream: int, upstream_url: str) -> None:
        self._known = known
        self._upstream = upstream
        self._url = upstream_url
        self._here = {key for one in fresh for key in one.keys}
        renamed = {one.keys[-1] for one in fresh if any(self._is_renamed(one, key) for key in one.keys)}
        self._unstable = len(renamed) > 1

    def match(self, one: Fresh, taken: set[int]) -> int | None:
        """The article that `one` is about: by row id, guid, then address.

        A guid that already named another item of the same reading (`taken`) is worth nothing. An address
        that is known from the same upstream under another name is another article's, unless that name is
        gone and the same is told again: some upstreams give each entry a new guid at each poll.
        """
        for key in one.keys:
            number = self._known.keys.get(key)
            if number is None or (key.kind == "guid" and (number in taken or self._led_away(one, number))):
                continue
            if key.kind == "address" and self._is_another(one, number, taken):
                continue
            return number
        return None

    def _is_another(self, one: Fresh, number: int, taken: set[int]) -> bool:
        if any(self._known.keys.get(key) == number for key in one.keys if key.kind != "address"):
            return False  # a second address of one article is another mention of it
        before = self._before(number)
        if before is None:
            return number in taken and bool(one.draft.row or one.draft.guid)
        if not apart(one.draft, before.draft):
            return False
        if not self._url and one.draft.row and before.draft.row:
            return True  # a system that publishes by ids of its own knows what is one article
        if self._is_here(before):
            return True
        return not _told_again(one.draft, before.draft, any_day=self._unstable)

    def _is_renamed(self, one: Fresh, key: Key) -> bool:
        """Whether an address stands under another name than before, which is gone."""
        if key.kind != "address" or key not in self._known.keys:
            return False
        before = self._before(self._known.keys[key])
        return before is not None and apart(one.draft, before.draft) and not self._is_here(before)

    def _is_here(self, before: Statement) -> bool:
        names = keys_of(before.draft, before.upstream_key)
        page = urls.key(before.draft.url) if before.draft.url else ""
        return any(key in self._here for key in names if key.value != page)

    def _before(self, number: int) -> Statement | None:
        """What the upstream said last about an article."""
        stored = self._known.articles.get(number)
        said = stored.statements if stored else ()
        return next((one for one in said if one.upstream == self._upstream), None)

    def _led_away(self, one: Fresh, number: int) -> bool:
        """Whether a foreign upstream takes an article of others to another publisher's address."""
        stored = self._known.articles[number]
        there = stored.article.story.url
        if not (there and one.draft.url and self._url) or urls.same_publisher(there, one.draft.url):
            return False
        others = any(said.upstream != self._upstream for said in stored.statements)
        return others and not urls.same_publisher(there, self._url)


def _told_again(one: Draft, before: Draft, *, any_day: bool) -> bool:
    """Whether an upstream says under a new name what it said under another before."""
    files = [{file.url for file in draft.enclosures} for draft in (one, before)]
    if all(files) and files[0] != files[1]:
        return False
    told, said = (Story(title=draft.title, content=draft.content or draft.summary) for draft in (one, before))
    equal = (told.title, told.content) == (said.title, said.content)
    first, second = one.published, before.published
    if first and second and first.precision in EXACT and second.precision in EXACT:
        between = abs(first.at - second.at)
        if between >= SAME_MINUTE:
            return equal and (any_day or between < ONE_DAY)
        return likeness.titles_near(told.title, said.title) or likeness.near(told, said)
    return equal or (likeness.titles_near(told.title, said.title) and likeness.near(told, said))


def moved(one: Fresh, known: Known, taken: set[int]) -> int | None:
    """The article that left the list as this newcomer appeared, if one of them tells the same.

    Never while both are listed: what is in this reading is not among those that left. Where the page of the
    newcomer will be read, that decides (`suspected`). Otherwise it takes more than a like headline: the same
    minute, or a like text; the headlines of daily templates are alike every day.
    """
    if one.follow:
        return None
    spoken = Story(url=one.draft.url, title=one.draft.title, content=one.draft.content)
    for number in known.left:
        stored = known.articles.get(number)
        if stored is None or number in taken or stored.article.state not in (State.LIVE, State.WAITING):
            continue
        before = stored.article.story
        agreed = _dates_agree(one.draft.published, stored.article)
        if agreed is False or _days_differ(spoken.url, before.url):
            continue
        exact = agreed and one.draft.published is not None and one.draft.published.precision in EXACT
        if exact and likeness.titles_near(spoken.title, before.title):
            return number
        if spoken.content and before.content and likeness.retold(spoken, before):
            return number
    return None


def is_reused(one: Fresh, stored: Stored, said: Statement) -> bool:
    """Whether an address now carries another story.

    An article's page tells it, or an entry with its text in a feed of the same publisher; of a mere headline
    the page is asked, and what others say of an address is no proof.
    """
    level = said.level
    if is_foreign(said):
        return False
    if stored.said == one.digest or stored.article.state is State.WAITING or one.draft.published is None:
        return False
    if any(key.kind == "row" for key in one.keys):
        return False  # the newsroom's own database knows what is one article
    if level is not Level.PAGE and (one.follow or not one.draft.content):
        return False
    return likeness.reused(
        stored.article.story,
        Story(title=one.draft.title, content=one.draft.content),
        stored.article.published,
        one.draft.published.at,
    )


def one_article(one: Fresh, number: int, other: int, known: Known, level: Level) -> Merge | None:
    """Two known articles of which a page says that they are one (it redirects, or names the other).

    Not while one list shows both, and not where a daily template leads from one day to the next.
    """
    if level is not Level.PAGE or frozenset((number, other)) in known.together:
        return None
    mine, theirs = known.articles.get(number), known.articles.get(other)
    if mine is None or theirs is None:
        return None
    spoken = Story(title=one.draft.title, content=one.draft.content)
    before = mine.article.story
    if not (likeness.near(spoken, theirs.article.story) or likeness.near(before, theirs.article.story)):
        return None
    if (
        before.content
        and not likeness.near(before, spoken)
        and not likeness.near(before, theirs.article.story)
    ):
        return None  # the old address leads to something else now
    if _other_day(mine.article, theirs.article) and not likeness.retold(before, theirs.article.story):
        return None
    return merged(mine, theirs)


def suspected(one: Fresh, number: int, known: Known) -> Merge | None:
    """The article that left a list as this one appeared, if their texts are near-equal and of one day."""
    mine = known.articles[number]
    told = Story(url=one.draft.url, title=one.draft.title, content=one.draft.content)
    for suspect in known.left:
        theirs = known.articles.get(suspect)
        if theirs is None or suspect == number or theirs.article.state not in SERVED:
            continue
        before = theirs.article.story
        if _dates_agree(one.draft.published, theirs.article) is False or _days_differ(told.url, before.url):
            continue
        if told.content and before.content and likeness.retold(told, before):
            return merged(mine, theirs)
    return None


def twin(gone: Stored, candidates: Sequence[Stored]) -> Merge | Literal["unread"] | None:
    """The article under whose address one goes on whose page answers 404 or 410, if there is one.

    "unread": one with a like headline may be it, but its page has not been read yet. The headlines of daily
    templates are alike; only the text tells yesterday's from one that was moved.
    """
    before = gone.article.story
    unread = False
    for other in candidates:
        after = other.article.story
        if other.article.no == gone.article.no or _other_day(gone.article, other.article):
            continue
        if other.article.state is State.WAITING and not after.content:
            unread = unread or likeness.titles_near(before.title, after.title)
        elif likeness.retold(before, after):
            return merged(gone, other)
    return "unread" if unread else None


def merged(one: Stored, other: Stored) -> Merge:
    """Two articles become one: it keeps its id and dates.

    It is the one that readers have (an editor hid one of them: then that one), else the one known first.
    """
    rank = {State.HIDDEN: 0, State.LIVE: 1}
    stays, goes = sorted((one, other), key=lambda s: (rank.get(s.article.state, 2), s.article.no))
    statements = united(stays, goes)
    story = merge(statements) if statements else stays.article.story
    digest = story_digest(story)
    return Merge(
        goes=goes.article.no,
        stays=stays.article.no,
        story=story,
        digest=digest,
        visible=digest != stays.digest and stays.article.state in SERVED,
    )


def united(one: Stored, other: Stored) -> tuple[Statement, ...]:
    """The statements about two articles that are one: of each upstream the last."""
    newest: dict[int, Statement] = {}
    for said in (*one.statements, *other.statements):
        known_said = newest.get(said.upstream)
        if known_said is None or known_said.at <= said.at:
            newest[said.upstream] = said
    return tuple(newest.values())


# ── dates ─────────────────────────────────────────────────────────────────────────────────────────────


def _dates_agree(dated: Moment | None, article: Article) -> bool | None:
    """Whether a date may be that of an article; None where either is not known."""
    if dated is None or article.published is None or article.precision is None:
        return None
    if dated.precision in EXACT and article.precision in EXACT:
        return abs(dated.at - article.published) < SAME_MINUTE
    return dated.at.date() == article.published.astimezone(dated.at.tzinfo).date()


def _other_day(one: Article, other: Article) -> bool:
    """Whether two articles are certainly of different days."""
    if _days_differ(one.story.url, other.story.url):
        return True
    if None in (one.precision, other.precision):
        return False
    return _far(one.published, other.published)


def _far(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and abs(one - other) > ONE_DAY


def _days_differ(one: str, other: str) -> bool:
    """Whether two addresses name different days."""
    first, second = date_in(one), date_in(other)
    return first is not None and second is not None and first != second
