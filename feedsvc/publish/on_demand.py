"""Feeds that are built when somebody asks: tags, reporters, searches, archives, and variants of any feed.

Three storeys: `store.web.entries` reads articles, this builds, `serve.on_demand` knows addresses and caches.
One thread of a web process builds (feedgen must not run on a request's thread), from stored fragments where
there are some. Loading this module takes a fifth of a second.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import orjson

from feedsvc.model import (
    Absent,
    Article,
    BuiltDocument,
    FeedHead,
    FeedOptions,
    Format,
    ListKind,
    ListSpec,
    Part,
    ReadyDocument,
    Site,
    Taker,
)
from feedsvc.model.ninjs import MEDIA_TYPE
from feedsvc.render import formats, ninjs
from feedsvc.render.freeze import join
from feedsvc.render.heads import Heads
from feedsvc.store.web.entries import ArticleReader, Query, Selection

SIZE = 50  #: entries, unless a limit says otherwise
ARCHIVE = 100
ARCHIVE_AGE = 86_400  #: seconds that an archive document may be kept
DERIVED_AGE = 60
AS_USUAL = FeedOptions()


@dataclass(frozen=True, slots=True)
class Archived:
    """The articles of one archive document, and the numbers of its neighbours (0: there is none)."""

    selection: Selection
    older: int
    newer: int


def archived(reader: ArticleReader, spec: ListSpec, number: int) -> Archived | Absent:
    """What stands in an archive document of a list. Raises StoreError."""
    key = spec.of or spec.key
    entered, retired = reader.entered(key)
    closed = entered // ARCHIVE
    if not 1 <= number <= closed:
        return Absent.MISSING
    if number <= retired:
        return Absent.GONE
    selection = reader.archive(key, (number - 1) * ARCHIVE + 1, number * ARCHIVE)
    older = number - 1 if number - 1 > retired else 0
    return Archived(selection, older, number + 1 if number < closed else 0)


class OnDemandFeeds:
    """Builds feeds. Raises StoreError."""

    def __init__(
        self,
        site: Site,
        lists: Sequence[ListSpec],
        reader: ArticleReader,
        takers: Sequence[ListSpec] = (),
    ) -> None:
        self._site = site
        self._heads = Heads(site, lists)
        self._by_slug = {spec.slug: spec for spec in lists}
        self._specs = {spec.path: spec for spec in (*lists, *takers)}
        self._takers = {spec.slug: spec for spec in takers}
        self._sections = sections_by_slug(lists)
        self._reader = reader

    # ── variants of ready feeds ──

    def variant(self, feed: ReadyDocument, options: FeedOptions) -> BuiltDocument:
        """A ready feed with fewer entries or shorter ones."""
        assert feed.frame is not None
        form = Format(feed.path.rpartition(".")[2])
        entries = orjson.loads(feed.entries)[: options.limit]
        fragments = self._reader.fragments(form, [number for number, *_ in entries])
        parts = [
            Part(
                fragments[number][1],
                full=full and options.content in (None, "full"),
                combined=combined,
                extra=extra.encode(),
            )
            for number, full, combined, extra in entries
            if number in fragments
        ]
        address = f"{self._site.base_url}{feed.path}?{options.query}"
        summary = options.content != "none"
        return BuiltDocument(
            identity=join(feed.frame, parts, form=form, self_url=address, summary=summary),
            media_type=form.media_type,
            last_modified=feed.last_modified,
            max_age=feed.max_age,
            links=(("self", address), *((rel, url) for rel, url in feed.links if rel == "alternate")),
            page=feed.page,
        )

    def ninjs(self, feed: ReadyDocument, options: FeedOptions) -> BuiltDocument | Absent:
        """A ready feed as ninjs: the same entries."""
        base = feed.path.rpartition(".")[0]
        spec = self._specs.get(base) or self._reader.removed(base.rpartition("/")[2])
        if spec is None:
            return Absent.MISSING
        shown = {number: full for number, full, *_ in orjson.loads(feed.entries)[: options.limit]}
        articles = self._reader.articles(list(shown))
        sections = self._reader.sections(list(shown))
        whole = options.content in (None, "full")
        bare = "none" in (options.content, spec.content)
        entries = []
        for article in articles:
            one = article if not bare else replace(article, story=replace(article.story, summary=""))
            entries.append((self._heads.entry(spec, one, sections[article.no]), whole and shown[article.no]))
        head = self._heads.head(spec, Format.JSON, feed.last_modified)
        ending = f"?{options.query}" if options.query else ""
        private = spec.taker is not None and spec.taker.private
        return BuiltDocument(
            identity=ninjs.document(head, entries, self._site.namespace),
            media_type=MEDIA_TYPE,
            last_modified=feed.last_modified,
            max_age=feed.max_age,
            links=() if private else (("self", f"{self._site.base_url}{base}.ninjs{ending}"),),
            page=feed.page,
            private=private,
        )

    # ── derived feeds ──

    def derived(self, kind: str, slug: str, form: Format, options: FeedOptions) -> BuiltDocument | Absent:
        """The feed of a tag or a reporter."""
        name = self._reader.name(kind, slug)
        if name is None:
            return Absent.MISSING
        query = Query(tag=slug) if kind == "tag" else Query(author=slug)
        return self._derived(f"{kind}:{slug}", f"{kind}/{slug}", name, query, form, options)

    def search(self, asked: Mapping[str, str], form: Format, options: FeedOptions) -> BuiltDocument | Absent:
        """The feed of a search: its parameters are its identity."""
        query = query_of(asked, self._sections)
        if query is None:
            return Absent.MISSING
        title = next((asked[name] for name in ("q", "tag", "author", "section") if asked.get(name)), "")
        return self._derived(f"search:{options.query}", "search", title, query, form, options)

    def _derived(
        self, key: str, slug: str, title: str, query: Query, form: Format, options: FeedOptions
    ) -> BuiltDocument:
        spec = ListSpec(
            key=key,
            slug=slug,
            kind=ListKind.BOX,
            title=title,
            max_age=DERIVED_AGE,
            language=self._site.language,
            combined=True,
        )
        selection = self._reader.search(query, options.limit or SIZE)
        head = replace(self._heads.head(spec, form, selection.updated), hubs=())
        ending = f"?{options.query}" if options.query else ""
        address, page = f"{head.url}{ending}", f"{head.page}{ending}"
        head = replace(head, page=page)
        return BuiltDocument(
            identity=self._joined(spec, head, selection.articles, form, address, options),
            media_type=form.media_type,
            last_modified=selection.updated,
            max_age=spec.max_age,
            links=(("self", address), ("alternate", page)),
            page=page.removeprefix(self._site.base_url),
        )

    # ── archives ──

    def archive(self, slug: str, number: int, form: Format) -> BuiltDocument | Absent:
        """An archive document (RFC 5005)."""
        spec = self._by_slug.get(slug) or self._reader.removed(slug)
        if spec is None or spec.ranked or spec.retired:
            return Absent.MISSING
        return self._archive(spec, number, form)

    def archive_for(self, slug: str, number: int, form: Format) -> BuiltDocument | Absent:
        """An archive document of a taker's feed: what it takes of that of everything."""
        spec = self._takers.get(slug)
        if spec is None or spec.taker is None or spec.taker.hours:
            return Absent.MISSING
        return self._archive(spec, number, form)

    def _archive(self, spec: ListSpec, number: int, form: Format) -> BuiltDocument | Absent:
        stretch = archived(self._reader, spec, number)
        if isinstance(stretch, Absent):
            return stretch
        selection = stretch.selection
        if spec.taker is not None:
            selection = self._taken(selection, spec.taker)
        head = self._heads.head(
            spec,
            form,
            selection.updated,
            previous=stretch.older,
            archive=number,
            following=bool(stretch.newer),
        )
        address = f"{self._site.base_url}{spec.path}/archive/{number}.{form}"
        links = [("self", address), ("current", head.current), ("alternate", head.page)]
        links += [("prev-archive", head.previous)] if head.previous else []
        links += [("next-archive", head.following)] if head.following else []
        if spec.taker is not None and spec.taker.private:
            links = []  # a member's own addresses stand in the document alone
        return BuiltDocument(
            identity=self._joined(spec, head, selection.articles, form, address, AS_USUAL),
            media_type=form.media_type,
            last_modified=selection.updated,
            max_age=ARCHIVE_AGE,
            links=tuple(links),
            page=spec.path if spec.taker is None else "",
            private=spec.taker is not None and spec.taker.private,
        )

    def _taken(self, selection: Selection, taker: Taker) -> Selection:
        sections = self._reader.sections([article.no for article in selection.articles])
        taken = [one for one in selection.articles if taker.takes(one, sections[one.no], selection.touched)]
        return replace(selection, articles=tuple(taken))

    def archives(self) -> Iterator[tuple[str, int, str]]:
        """(slug, number, what its documents are made from) of every archive that is kept."""
        for slug, spec in self._by_slug.items():
            if spec.ranked or spec.retired:
                continue
            entered, retired = self._reader.entered(spec.of or spec.key)
            touched = self._reader.touched(spec.of or spec.key, ARCHIVE)
            head = self._heads.head(spec, Format.RSS, datetime.min.replace(tzinfo=UTC))
            about = orjson.dumps([head, formats.VERSION.decode()])
            digest = hashlib.blake2b(about, digest_size=8).hexdigest()
            closed = entered // ARCHIVE
            for number in range(retired + 1, closed + 1):
                ends = f"{number - 1 > retired:d}{number < closed:d}"
                yield slug, number, f"{touched.get(number, 0)} {ends} {digest}"

    # ── joining ──

    def _joined(
        self,
        spec: ListSpec,
        head: FeedHead,
        articles: Sequence[Article],
        form: Format,
        address: str,
        options: FeedOptions,
    ) -> bytes:
        numbers = [article.no for article in articles]
        sections = self._reader.sections(numbers)
        fragments = self._reader.fragments(form, numbers)
        parts = []
        for article in articles:
            entry = self._heads.entry(spec, article, sections[article.no])
            digest, fragment = fragments.get(article.no, (b"", None))
            if fragment is None or digest != entry.digest:
                fragment = formats.entry(entry, form)
            full = entry.full and options.content in (None, "full")
            extra = formats.beside(entry, form)
            parts.append(Part(fragment, full=full, combined=spec.combined, extra=extra))
        summary = "none" not in (options.content, spec.content)
        return join(formats.frame(head, form), parts, form=form, self_url=address, summary=summary)


def sections_by_slug(lists: Sequence[ListSpec]) -> dict[str, str]:
    """Slug, now or formerly, → key of every section."""
    sections = [spec for spec in lists if spec.kind is ListKind.SECTION]
    former = {slug: spec.key for spec in sections for slug in spec.was}
    return former | {spec.slug: spec.key for spec in sections}


def query_of(asked: Mapping[str, str], sections: Mapping[str, str]) -> Query | None:
    """What a search asks for; None where it names a section that there is not."""
    section = asked.get("section", "")
    if section and section not in sections:
        return None
    return Query(
        words=asked.get("q", ""),
        without=asked.get("not", ""),
        section=sections[section] if section else "",
        author=asked.get("author", ""),
        tag=asked.get("tag", ""),
    )
