"""One list's feeds, from what was read to what is to be stored. Pure: no clock, no I/O.

    FeedInput ──► near-duplicates ──► fragments (rendered once, when an article changes) ──► join ──► freeze

What is served stays as it is where a build is refused (decision 14) and where nothing but the clock moved.
"""

from __future__ import annotations

import hashlib
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import orjson

from feedsvc import curate
from feedsvc.model import (
    Article,
    FeedHead,
    Format,
    Fragment,
    Frame,
    ListSpec,
    Part,
    Site,
    WindowEntry,
)
from feedsvc.render import formats
from feedsvc.render.freeze import freeze, join, parses, rising
from feedsvc.render.heads import Heads
from feedsvc.store.publishing.builds import FeedInput, feed_paths
from feedsvc.store.publishing.documents import NewDocument, Published, ShownEntry
from feedsvc.store.publishing.fragments import Fragments
from feedsvc.store.publishing.windows import Listed, Related, Window

log = logging.getLogger(__name__)

MAX_BYTES = 2 * 1024 * 1024  #: readers give up on larger feeds; the oldest entries lose their text first


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltFeed:
    """What a list's build came to."""

    refused: bool = False  #: the last good build stays
    documents: Sequence[NewDocument] = ()  #: none where nothing changed
    articles: Sequence[Article] = ()  #: that the documents show
    fragments: Fragments = field(default_factory=dict)  #: that were rendered
    duplicates: Mapping[int, int] = field(default_factory=dict)  #: near-duplicate → the one that came first


class FeedBuilder:
    """Builds the documents of lists."""

    def __init__(self, site: Site, lists: Sequence[ListSpec]) -> None:
        self._site = site
        self._heads = Heads(site, lists)

    def build(self, spec: ListSpec, given: FeedInput, fresh: Fragments, now: datetime) -> BuiltFeed:
        """The new documents of a list. `fresh` are fragments of this round that are not stored yet."""
        paths = feed_paths(spec)
        before = given.published.get(paths[Format.ATOM])
        window, duplicates = self._merged(spec, given.window, before)
        entries = [
            replace(
                self._heads.entry(spec, one.article, one.sections, one.extra),
                related=tuple((other.id, other.url, other.title) for other in one.related),
            )
            for one in window.entries
        ]
        fragments, rendered = _fragments(entries, given.fragments, fresh)
        # an entry that cannot be rendered in one format stands in none: all carry the same ones
        entries = [one for one in entries if all(one.article.no in some for some in fragments.values())]
        built = BuiltFeed(refused=True, fragments=rendered, duplicates=duplicates)
        # whatever falls out of a full window was pushed out
        full = len(window.entries) >= spec.size
        if before is not None and not full and not _explained(spec, entries, before, given.departed):
            return built
        documents: list[NewDocument] = []
        for form, path in paths.items():
            known = given.published.get(path)
            document = self._document(spec, form, path, entries, fragments[form], window, known, now)
            if document is None:
                continue
            if not parses(document.snapshot.identity, document.snapshot.media_type):
                log.error("%s: the new build cannot be parsed; the last good one stays", path)
                return built
            documents.append(document)
        articles = [one.article for one in entries]
        return replace(built, refused=False, documents=documents, articles=articles)

    def _merged(
        self, spec: ListSpec, window: Window, before: Published | None
    ) -> tuple[Window, Mapping[int, int]]:
        """The window with near-duplicates put into the entries of those that came before them."""
        if not spec.merge_duplicates or spec.taker is not None:  # takers' are merged where all articles stand
            return window, {}
        articles = [one.article for one in window.entries]
        served = frozenset(before.entries if before is not None else ())
        duplicates = curate.near_duplicates(articles, served=served, zone=self._site.zone)
        return (_without(window, duplicates, spec.size) if duplicates else window), duplicates

    def _document(
        self,
        spec: ListSpec,
        form: Format,
        path: str,
        entries: Sequence[WindowEntry],
        fragments: Mapping[int, Fragment],
        window: Window,
        before: Published | None,
        now: datetime,
    ) -> NewDocument | None:
        """The new document of a feed, or None where only the clock moved."""
        previous = window.archives if window.archives > window.retired else 0
        head = self._heads.head(
            spec, form, now, previous=previous, tombstones=window.tombstones if form is Format.ATOM else ()
        )
        parts = [
            Part(
                fragments[one.article.no],
                full=one.full,
                combined=spec.combined,
                extra=formats.beside(one, form),
            )
            for one in entries
        ]
        digest = _digest(head, entries, parts)
        if before is not None and before.digest == digest:
            return None
        stored = rising(now, before.last_modified if before else None)
        address = f"{self._site.base_url}{path}"
        frame = formats.frame(replace(head, updated=stored), form)
        summary = spec.content != "none"
        identity, kept = _within(
            MAX_BYTES, lambda some: join(frame, some, form=form, self_url=address, summary=summary), parts
        )
        private = spec.taker is not None and spec.taker.private
        snapshot = freeze(
            identity,
            path=path,
            media_type=form.media_type,
            stored=stored,
            max_age=spec.max_age,
            links=() if private else _links(address, head),
            page=spec.path if spec.taker is None else "",
            frame=self._frame(spec, head, frame, stored, form),
        )
        shown = [
            ShownEntry(one.article.no, part.full, part.combined, part.extra.decode())
            for one, part in zip(entries, kept, strict=False)
        ]
        return NewDocument(snapshot, spec.key, digest, shown, private=private)

    @staticmethod
    def _frame(spec: ListSpec, head: FeedHead, frame: Frame, stored: datetime, form: Format) -> Frame | None:
        """What surrounds the entries of variants; of a taker's feed there are none."""
        if spec.taker is not None:
            return None
        # a variant is no topic: no hub stands in it, nor in its Link header
        return formats.frame(replace(head, updated=stored, hubs=()), form) if head.hubs else frame


def _without(window: Window, duplicates: Mapping[int, int], size: int) -> Window:
    """The window without its near-duplicates, filled up from its reserve."""
    related: dict[int, list[Related]] = defaultdict(list)
    for one in window.entries:
        first = duplicates.get(one.article.no)
        if first is not None:
            story = one.article.story
            related[first].append(Related(one.article.no, one.article.id, story.url, story.title))
    standing = {one.article.no for one in window.entries} - duplicates.keys()
    ordered = [one for one in (*window.entries, *window.reserve) if one.article.no not in duplicates]
    ordered.sort(key=lambda one: (one.article.published, one.article.no), reverse=True)
    entries = [one for n, one in enumerate(ordered) if n < size or one.article.no in standing]
    return replace(window, entries=tuple(_with(one, related.get(one.article.no, ())) for one in entries))


def _with(one: Listed, related: Sequence[Related]) -> Listed:
    return replace(one, related=tuple(sorted((*one.related, *related)))) if related else one


def _fragments(
    entries: Sequence[WindowEntry], stored: Fragments, fresh: Fragments
) -> tuple[dict[Format, dict[int, Fragment]], Fragments]:
    """The fragments of the entries, and those of them that had to be rendered."""
    fragments: dict[Format, dict[int, Fragment]] = {form: {} for form in Format}
    rendered: dict[tuple[Format, int], tuple[bytes, Fragment]] = {}
    for one in entries:
        for form in Format:
            key = form, one.article.no
            known = next((some[key][1] for some in (stored, fresh) if _fits(some.get(key), one)), None)
            if known is None:
                try:
                    known = formats.entry(one, form)
                except Exception:
                    log.exception("article %s cannot be rendered as %s and is left out", one.article.id, form)
                    continue
                rendered[key] = one.digest, known
            fragments[form][one.article.no] = known
    return fragments, rendered


def _fits(known: tuple[bytes, Fragment] | None, entry: WindowEntry) -> bool:
    return known is not None and known[0] == entry.digest


def _explained(
    spec: ListSpec, entries: Sequence[WindowEntry], before: Published, departed: frozenset[int]
) -> bool:
    """Whether the store has recorded why each entry left: withdrawn, hidden, merged or no longer shown."""
    unexplained = set(before.entries) - {one.article.no for one in entries} - departed
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
    links = [("self", address), *(("hub", hub) for hub in head.hubs), ("alternate", head.page)]
    if head.previous:
        links.append(("prev-archive", head.previous))
    return links


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
        gone = kept.pop().fragment
        excess -= len(gone.head) + len(gone.summary) + len(gone.instead) + len(gone.tail) + 1
    return build(kept), kept
