"""Changed articles → ready bytes. One publisher at a time, whoever it is.

    outbox ──► window ──► fragments (rendered once, when an article changes) ──► join ──► freeze ──► store

What is served stays as it is where a build is refused (decision 14) and where nothing but the clock moved.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import orjson

from feedsvc import curate
from feedsvc.errors import StoreError
from feedsvc.model import (
    Article,
    FeedHead,
    Format,
    Fragment,
    ListSpec,
    Part,
    Site,
    Snapshot,
    WindowEntry,
)
from feedsvc.render import formats
from feedsvc.render.freeze import freeze, join, parses, rising
from feedsvc.render.heads import Heads
from feedsvc.seams import Clock
from feedsvc.store.publishing import Published, SqlPublishing, Window

log = logging.getLogger(__name__)

LEASE = 10.0  #: seconds; another publisher takes over after it
PACE = timedelta(seconds=1)  #: a feed is built at most this often
ROUND = 32  #: feeds of one round; those with news come first, and the next round follows at once
MAX_BYTES = 2 * 1024 * 1024  #: Google News refuses larger feeds; the oldest entries lose their text first
PATIENCE = timedelta(minutes=2)  #: no article waits longer for its page; who does is under embargo
FIRST_WAIT = timedelta(seconds=5)  #: at most, for the first look at every list
AGEING = timedelta(minutes=10)  #: entries leave windows by the passing of time alone
DIRECTORY = "/"  #: the page that names every feed
REMOVED = timedelta(days=7)  #: how long the feed of a list that left the configuration is served

#: (snapshot, key of its list, digest, entries as [article, full text, combined, extra])
Made = tuple[Snapshot, str, bytes, Sequence[Sequence[object]]]


class Pages(Protocol):
    """What is built beside the feeds, at its own pace; see feedsvc.frontpages."""

    def paths(self) -> Sequence[str]: ...
    def saw(self, spec: ListSpec, articles: Sequence[Article]) -> None: ...
    def everything(self) -> None: ...
    def due(self, now: datetime) -> bool: ...
    def build(self, now: datetime) -> Sequence[Made]: ...


@dataclass(frozen=True, slots=True)
class Publication:
    """What one round of publishing came to."""

    number: int
    paths: tuple[str, ...]
    refused: tuple[str, ...] = ()


class Publisher:
    """Builds what the outbox asks for."""

    def __init__(
        self,
        *,
        site: Site,
        lists: Sequence[ListSpec],
        store: SqlPublishing,
        pages: Pages,
        announce: Callable[[int], None],
        now: Clock,
    ) -> None:
        self._site = site
        self._pages = pages
        self._heads = Heads(site, lists)
        self._lists = {spec.key: spec for spec in lists if not spec.retired}
        self._all = tuple(lists)
        self._shown_by: dict[str, list[ListSpec]] = {}
        for spec in self._lists.values():
            self._shown_by.setdefault(spec.of or spec.key, []).append(spec)
        self._store = store
        self._announce = announce
        self._now = now
        self._token = 0
        self._built: dict[str, datetime] = {}
        self._aged: datetime | None = None
        self._first: datetime | None = None
        self._settled = False
        self._owed: set[str] = set()  # lists with news whose build was refused

    def run(self, *, last: bool = False) -> Publication | None:
        """Publish what is due; None where nothing was, or another process is the publisher.

        With `last` nothing is put off: the process ends. Raises StoreError.
        """
        now = self._now()
        if last:
            self._built.clear()
        elif self._settling(now):
            return None
        if self._aged is None:
            self._store.mark(self._shown_by, now)  # titles and the like may be others since the last start
        elif now - self._aged >= AGEING:
            self._store.mark(self._store.ageing(self._aged, now), now)
        if not self._due(self._store.waiting()[1], now) and not self._pages.due(now):
            return None
        token = self._store.take_lease(now, LEASE, self._token)
        if token is None:
            self._token = 0
            return None
        if token != self._token:
            self._pages.everything()  # another publisher may have been at work since
        self._token = token
        upto, touched = self._store.waiting()  # what another publisher did meanwhile is no longer there
        due = self._due(touched, now)
        due = sorted(due, key=lambda key: not touched[key])[: len(due) if last else ROUND]
        return self._publish(due, frozenset(key for key in due if touched[key]), upto, now)

    def _settling(self, now: datetime) -> bool:
        """Whether the very first publication is still worth waiting for.

        A feed that begins empty and fills in the seconds after is taken for a broken one by who looks first.
        """
        if self._first is None:
            self._first = now
        if not self._settled:
            self._settled = now - self._first >= FIRST_WAIT or not self._store.settling(now + PATIENCE)
        return not self._settled

    def _due(self, touched: Iterable[str], now: datetime) -> list[str]:
        return [key for key in touched if key not in self._built or now - self._built[key] >= PACE]

    def stop(self) -> None:
        """Let another publisher begin at once."""
        if self._token:
            self._store.give_up_lease(self._token, self._now())
            self._token = 0

    def _publish(
        self, due: Sequence[str], news: frozenset[str], upto: int, now: datetime
    ) -> Publication | None:
        made: list[Made] = []
        tell: set[str] = set()
        news, owed = news | self._owed, set(self._owed.difference(due))
        refused: list[str] = []
        drop: list[str] = []
        opening = self._aged is None and not self._store.published([DIRECTORY])
        for key in due:
            self._built[key] = now
            for spec in self._shown_by.get(key, ()):  # none: it left the configuration, its last feed stays
                feeds = self._attempt(spec, now)
                if feeds is None:
                    refused.append(spec.slug)
                    owed |= news & {key}  # subscribers are told with the first build that succeeds
                    continue
                made += feeds
                if key in news:
                    tell.update(f"/feeds/{spec.slug}.{form}" for form in Format)
        if self._aged is None or now - self._aged >= AGEING:
            made += self._signposts(now)
            drop = self._store.stale_paths(self._paths(), now, REMOVED)
            self._aged = now
        if opening:  # who comes first finds the directory too, not only the feeds that it lists
            made += self._build_pages(now)
        number = self._store.save(
            made, token=self._token, upto=upto, lists=due, drop=drop, tell=tell, now=now
        )
        if number is not None:
            self._owed = owed
            if made or drop:
                self._announce(number)
            if not opening and self._pages.due(now):  # nobody waits for pages by the second, so no feed does
                shown = self._build_pages(now)
                number = self._store.save(shown, token=self._token, upto=0, lists=(), now=now)
                made += shown
                if number is not None and shown:
                    self._announce(number)
        if number is None:
            log.warning("another process became the publisher; this round is left to it")
            self._token = 0
            self._pages.everything()
            return None
        return Publication(number, tuple(snapshot.path for snapshot, *_ in made), tuple(refused))

    # ── one list ──

    def _attempt(self, spec: ListSpec, now: datetime) -> list[Made] | None:
        """The new documents of a list; a fault in it is logged and does not hold up the others."""
        try:
            return self._feeds(spec, now)
        except StoreError:
            raise  # not this list's fault
        except Exception:
            log.exception("/feeds/%s: a fault in feedsvc; the last good build stays", spec.slug)
            return None

    def _feeds(self, spec: ListSpec, now: datetime) -> list[Made] | None:
        """The new documents of a list ([] where nothing changed); None where the build is refused."""
        window = self._store.window(spec, now)
        if spec.fold:
            window = self._folded(spec, window, now)
        entries = [
            replace(self._heads.entry(spec, one.article, one.sections, one.extra), related=one.related)
            for one in window.entries
        ]
        fragments = self._fragments(entries)
        # an entry that cannot be rendered in one format stands in none: all carry the same ones
        entries = [one for one in entries if all(one.article.no in made for made in fragments.values())]
        paths = {form: f"/feeds/{spec.slug}.{form}" for form in Format}
        before = self._store.published(list(paths.values()))
        if not self._explained(spec, entries, before.get(paths[Format.ATOM])):
            return None
        made: list[Made] = []
        for form, path in paths.items():
            one = self._feed(spec, form, path, entries, fragments[form], window, before.get(path), now)
            if one is None:
                continue
            if not parses(one[0].identity, one[0].media_type):
                log.error("%s: the new build cannot be parsed; the last good one stays", path)
                return None
            made.append(one)
        if made:
            self._pages.saw(spec, [one.article for one in entries])
        return made

    def _feed(
        self,
        spec: ListSpec,
        form: Format,
        path: str,
        entries: Sequence[WindowEntry],
        fragments: Mapping[int, Fragment],
        window: Window,
        before: Published | None,
        now: datetime,
    ) -> Made | None:
        """The new document of a feed, or None where only the clock moved."""
        previous = window.archives if window.archives > window.retired else 0
        head = self._heads.head(
            spec, form, now, previous=previous, tombstones=window.tombstones if form is Format.ATOM else ()
        )
        parts = [self._part(spec, form, one, fragments[one.article.no]) for one in entries]
        digest = _digest(head, entries, parts)
        if before is not None and before.digest == digest:
            return None
        stored = rising(now, before.last_modified if before else None)
        address = f"{self._site.base_url}{path}"
        frame = formats.frame(replace(head, updated=stored), form)
        identity, kept = _within(
            MAX_BYTES, lambda some: join(frame, some, form=form, self_url=address), parts
        )
        snapshot = freeze(
            identity,
            path=path,
            media_type=form.media_type,
            stored=stored,
            max_age=spec.max_age,
            links=_links(address, head),
            page=f"/feeds/{spec.slug}",
            # a variant is no topic: no hub stands in it, nor in its Link header
            frame=formats.frame(replace(head, updated=stored, hubs=()), form) if head.hubs else frame,
        )
        shown = [
            (one.article.no, part.full, part.combined, part.extra.decode())
            for one, part in zip(entries, kept, strict=False)
        ]
        return snapshot, spec.key, digest, shown

    def _folded(self, spec: ListSpec, window: Window, now: datetime) -> Window:
        """The window with near-equal newcomers put into the entries of those that came before them."""
        path = f"/feeds/{spec.slug}.{Format.ATOM}"
        before = self._store.published([path]).get(path)
        served = frozenset(before.entries if before is not None else ())
        articles = [one.article for one in window.entries]
        folds = curate.folds(articles, served=served, zone=self._site.zone)
        if not folds:
            return window
        self._store.fold(spec.key, folds)
        return self._store.window(spec, now)

    @staticmethod
    def _part(spec: ListSpec, form: Format, one: WindowEntry, fragment: Fragment) -> Part:
        return Part(fragment, full=one.full, combined=spec.combined, extra=formats.beside(one, form))

    def _fragments(self, entries: Sequence[WindowEntry]) -> dict[Format, dict[int, Fragment]]:
        """The fragments of the entries; those that are missing or old are rendered and stored."""
        stored = self._store.fragments({one.article.no: one.digest for one in entries})
        fragments: dict[Format, dict[int, Fragment]] = {form: {} for form in Format}
        made: dict[tuple[Format, int], tuple[bytes, Fragment]] = {}
        for one in entries:
            for form in Format:
                key = form, one.article.no
                if key not in stored:
                    try:
                        made[key] = one.digest, formats.entry(one, form)
                    except Exception:
                        log.exception(
                            "article %s cannot be rendered as %s and is left out", one.article.id, form
                        )
                        continue
                fragments[form][one.article.no] = (stored.get(key) or made[key])[1]
        self._store.keep_fragments(made)
        return fragments

    def _explained(self, spec: ListSpec, entries: Sequence[WindowEntry], before: Published | None) -> bool:
        """Whether every entry that left since the last build left for a reason.

        Reasons: withdrawn, hidden, merged or no longer shown (the store has that recorded), or pushed out of
        the window, which only happens to a full window.
        """
        if before is None:
            return True
        here = {one.article.no for one in entries}
        gone = [number for number in before.entries if number not in here]
        if not gone or len(entries) >= spec.size:
            return True
        unexplained = set(gone) - self._store.departed(spec.of or spec.key, gone)
        if unexplained:
            log.error(
                "/feeds/%s: %d entries would leave without a reason; the last good build stays",
                spec.slug,
                len(unexplained),
            )
        return not unexplained

    # ── pages for people, and signposts at old addresses ──

    def _build_pages(self, now: datetime) -> Sequence[Made]:
        """The pages; a fault in them holds up no feed."""
        try:
            return self._pages.build(now)
        except StoreError:
            raise
        except Exception:
            log.exception("a fault in feedsvc; the pages for people stay as they are")
            return ()

    def _signposts(self, now: datetime) -> list[Made]:
        """Redirects from former slugs, the newsroom's old addresses, and feeds that have ended."""
        made: list[Made] = []
        for spec in self._all:
            targets = _paths_of(spec.slug)
            if spec.retired:
                made += [_signpost(path, spec.key, now, status=410) for path in targets]
                continue
            for slug in spec.was:
                made += [
                    _signpost(old, spec.key, now, status=301, location=f"{self._site.base_url}{path}")
                    for old, path in zip(_paths_of(slug), targets, strict=True)
                ]
            for alias in spec.aliases:
                form = next((form for form in Format if alias.endswith(f".{form}")), Format.RSS)
                target = f"/feeds/{spec.slug}.{form}"
                made.append(_signpost(alias, spec.key, now, status=200, location=target))
        return made

    def _paths(self) -> list[str]:
        """Every path that the configuration wants served."""
        wanted = list(self._pages.paths())
        for spec in self._all:
            for slug in (spec.slug, *spec.was):
                wanted += _paths_of(slug)
            wanted += spec.aliases
        return wanted


def _paths_of(slug: str) -> list[str]:
    """Every ready address of a list."""
    return [f"/feeds/{slug}", *(f"/feeds/{slug}.{form}" for form in Format), f"/embed/{slug}"]


def _signpost(path: str, key: str, now: datetime, *, status: int, location: str = "") -> Made:
    about = f"{status} {location}".encode()
    snapshot = Snapshot(
        path=path,
        media_type="text/plain",
        etag=hashlib.sha256(about).hexdigest()[:24],
        last_modified=now.replace(microsecond=0),
        max_age=3600,
        identity=b"",
        status=status,
        location=location,
    )
    return snapshot, key, hashlib.blake2b(about, digest_size=16).digest(), []


def _digest(head: FeedHead, entries: Sequence[WindowEntry], parts: Sequence[Part]) -> bytes:
    """Of all that is in a feed but the moment it was built."""
    values = {name: getattr(head, name) for name in FeedHead.__dataclass_fields__ if name != "updated"}
    about = [
        values,
        [
            (one.digest.hex(), part.full, part.combined, part.extra.decode())
            for one, part in zip(entries, parts, strict=True)
        ],
        formats.VERSION.decode(),
    ]
    return hashlib.blake2b(orjson.dumps(about), digest_size=16).digest()


def _links(address: str, head: FeedHead) -> list[tuple[str, str]]:
    found = [("self", address)]
    found += [("hub", hub) for hub in head.hubs]
    found.append(("alternate", head.page))
    if head.previous:
        found.append(("prev-archive", head.previous))
    return found


def _within(
    limit: int, build: Callable[[Sequence[Part]], bytes], parts: Sequence[Part]
) -> tuple[bytes, Sequence[Part]]:
    """The document, below `limit` bytes: the oldest entries lose their full text first, then they go."""
    identity = build(parts)
    if len(identity) <= limit:
        return identity, parts
    kept = list(parts)
    excess = len(identity) - limit
    for position in range(len(kept) - 1, -1, -1):
        part = kept[position]
        if excess > 0 and part.full:
            excess -= len(part.fragment.content) - len(part.fragment.instead)
            kept[position] = replace(part, full=False)
    while excess > 0 and kept:
        one = kept.pop().fragment
        excess -= len(one.head) + len(one.summary) + len(one.instead) + len(one.tail) + 1
    return build(kept), kept
