"""One list's feeds: window → fragments (rendered once, when an article changes) → join → freeze.

What is served stays as it is where a build is refused (decision 14) and where nothing but the clock moved.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import orjson

from feedsvc import curate
from feedsvc.errors import StoreError
from feedsvc.model import Article, FeedHead, Format, Fragment, ListSpec, Part, Site, WindowEntry
from feedsvc.render import formats
from feedsvc.render.freeze import freeze, join, parses, rising
from feedsvc.render.heads import Heads
from feedsvc.store.publishing.builds import Made, Published, SqlPublishing
from feedsvc.store.publishing.windows import Window

log = logging.getLogger(__name__)

MAX_BYTES = 2 * 1024 * 1024  #: Google News refuses larger feeds; the oldest entries lose their text first


class Feeds:
    """Builds the documents of a list. `saw` is told which articles a build that changed something shows."""

    def __init__(
        self,
        site: Site,
        lists: Sequence[ListSpec],
        store: SqlPublishing,
        saw: Callable[[ListSpec, Sequence[Article]], None],
    ) -> None:
        self._site = site
        self._heads = Heads(site, lists)
        self._store = store
        self._saw = saw

    def attempt(self, spec: ListSpec, now: datetime) -> list[Made] | None:
        """The new documents of a list ([] where nothing changed); None where the build is refused.

        A fault in it is logged and does not hold up the others. Raises StoreError.
        """
        try:
            return self._feeds(spec, now)
        except StoreError:
            raise  # not this list's fault
        except Exception:
            log.exception("/feeds/%s: a fault in feedsvc; the last good build stays", spec.slug)
            return None

    def _feeds(self, spec: ListSpec, now: datetime) -> list[Made] | None:
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
            self._saw(spec, [one.article for one in entries])
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
