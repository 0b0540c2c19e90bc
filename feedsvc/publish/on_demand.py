"""Feeds that are built when somebody asks: tags, reporters, searches, archives, and variants of any feed.

Built by one thread of a web process (feedgen must not run on a request's), joined from stored fragments where
there are some, then kept; see serve.cache.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import orjson

from feedsvc.model import (
    Article,
    FeedHead,
    Format,
    Fragment,
    Frame,
    ListKind,
    ListSpec,
    Part,
    Site,
)
from feedsvc.render import formats
from feedsvc.render.freeze import join
from feedsvc.render.heads import Heads
from feedsvc.store.web.entries import Found, LazyReader, Query

SIZE = 50  #: entries of a lazy feed, unless a limit says otherwise
ARCHIVE = 100
ARCHIVE_AGE = 86_400  #: seconds that an archive document may be kept
DERIVED_AGE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A built feed, before it is coded."""

    identity: bytes
    media_type: str
    last_modified: datetime
    max_age: int
    links: tuple[tuple[str, str], ...]
    page: str = ""  #: where a browser's navigation is sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A feed that the publisher made, for variants of it."""

    path: str
    last_modified: datetime
    max_age: int
    entries: Sequence[Sequence[object]]
    frame: Frame
    page: str
    links: Sequence[Sequence[str]]


class Lazy:
    """Builds lazy feeds. Raises StoreError; None means that there is no such feed."""

    def __init__(self, site: Site, lists: Sequence[ListSpec], reader: LazyReader) -> None:
        self._site = site
        self._heads = Heads(site, lists)
        self._by_slug = {spec.slug: spec for spec in lists}
        self._reader = reader

    # ── variants of ready feeds ──

    def variant(self, one: Stored, query: str, limit: int | None, content: str | None) -> Document:
        """A ready feed with fewer entries or shorter ones; `query` are its options in our order."""
        form = Format(one.path.rpartition(".")[2])
        entries = one.entries[:limit]
        found = self._reader.fragments(form, [int(str(entry[0])) for entry in entries])
        parts = [
            Part(
                found[int(str(number))][1],
                full=bool(full) and content in (None, "full"),
                combined=bool(combined),
                extra=str(extra).encode(),
            )
            for number, full, combined, extra in entries
            if int(str(number)) in found
        ]
        address = f"{self._site.base_url}{one.path}?{query}"
        identity = join(one.frame, parts, form=form, self_url=address, summary=content != "none")
        alternate = tuple((rel, url) for rel, url in one.links if rel == "alternate")
        return Document(
            identity=identity,
            media_type=form.media_type,
            last_modified=one.last_modified,
            max_age=one.max_age,
            links=(("self", address), *alternate),
            page=one.page,
        )

    # ── derived feeds ──

    def facet(
        self, kind: str, slug: str, form: Format, query: str, limit: int | None, content: str | None
    ) -> Document | None:
        """The feed of a tag or a reporter."""
        name = self._reader.facet_name(kind, slug)
        if name is None:
            return None
        wanted = Query(tag=slug) if kind == "tag" else Query(author=slug)
        found = self._reader.search(wanted, limit or SIZE)
        spec = self._derived(f"{kind}:{slug}", f"{kind}/{slug}", name)
        return self._document(spec, found, form, query, content)

    def search(
        self, wanted: Query, title: str, form: Format, query: str, limit: int | None, content: str | None
    ) -> Document:
        """The feed of a search. `query` are its parameters in our order: they are its identity."""
        found = self._reader.search(wanted, limit or SIZE)
        spec = self._derived(f"search:{query}", "search", title)
        return self._document(spec, found, form, query, content)

    def section_key(self, slug: str) -> str | None:
        """The key of a section, by its slug."""
        spec = self._by_slug.get(slug)
        return spec.key if spec is not None and spec.kind is ListKind.SECTION else None

    def _derived(self, key: str, slug: str, title: str) -> ListSpec:
        return ListSpec(
            key=key,
            slug=slug,
            kind=ListKind.BOX,
            title=title,
            max_age=DERIVED_AGE,
            language=self._site.language,
            combined=True,
        )

    def _document(
        self, spec: ListSpec, found: Found, form: Format, query: str, content: str | None
    ) -> Document:
        updated = _whole(found.touched)
        head = replace(self._heads.head(spec, form, updated), hubs=())
        address = f"{head.url}?{query}" if query else head.url
        page = f"{head.page}?{query}" if query else head.page
        identity = self._joined(spec, replace(head, page=page), found.articles, form, address, content)
        return Document(
            identity=identity,
            media_type=form.media_type,
            last_modified=updated,
            max_age=spec.max_age,
            links=(("self", address), ("alternate", page)),
            page=page.removeprefix(self._site.base_url),
        )

    # ── archives ──

    def archive(self, slug: str, number: int, form: Format) -> Document | str | None:
        """An archive document (RFC 5005): None if there is none, "gone" if retention dropped it."""
        spec = self._by_slug.get(slug)
        if spec is None or spec.ranked or spec.retired:
            return None
        key = spec.of or spec.key
        entered, retired = self._reader.entered(key)
        closed = entered // ARCHIVE
        if not 1 <= number <= closed:
            return None
        if number <= retired:
            return "gone"
        found = self._reader.archive(key, (number - 1) * ARCHIVE + 1, number * ARCHIVE)
        updated = _whole(found.touched)
        head = self._heads.head(
            spec,
            form,
            updated,
            previous=number - 1 if number - 1 > retired else 0,
            archive=number,
            following=number < closed,
        )
        address = f"{self._site.base_url}/feeds/{slug}/archive/{number}.{form}"
        links = [("self", address), ("current", head.current), ("alternate", head.page)]
        links += [("prev-archive", head.previous)] if head.previous else []
        links += [("next-archive", head.following)] if head.following else []
        return Document(
            identity=self._joined(spec, head, found.articles, form, address, None),
            media_type=form.media_type,
            last_modified=updated,
            max_age=ARCHIVE_AGE,
            links=tuple(links),
            page=f"/feeds/{slug}",
        )

    def archives(self) -> Iterator[tuple[str, int, str]]:
        """(slug, number, what its documents are made from) of every archive that is kept."""
        for slug, spec in self._by_slug.items():
            if spec.ranked or spec.retired:
                continue
            entered, retired = self._reader.entered(spec.of or spec.key)
            touched = self._reader.touched(spec.of or spec.key, ARCHIVE)
            about = self._heads.head(spec, Format.RSS, datetime.min.replace(tzinfo=UTC))
            digest = hashlib.blake2b(
                orjson.dumps([about, formats.VERSION.decode()]), digest_size=8
            ).hexdigest()
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
        content: str | None,
    ) -> bytes:
        numbers = [article.no for article in articles]
        sections = self._reader.sections(numbers)
        stored = self._reader.fragments(form, numbers)
        parts = []
        for article in articles:
            entry = self._heads.entry(spec, article, sections[article.no])
            known = stored.get(article.no)
            fragment: Fragment = (
                known[1] if known is not None and known[0] == entry.digest else formats.entry(entry, form)
            )
            full = entry.full and content in (None, "full")
            parts.append(Part(fragment, full=full, combined=spec.combined))
        frame = formats.frame(head, form)
        return join(frame, parts, form=form, self_url=address, summary=content != "none")


def _whole(moment: datetime) -> datetime:
    """The next whole second: HTTP dates have no fractions, and this one must not lie before the change."""
    return moment if not moment.microsecond else moment.replace(microsecond=0) + timedelta(seconds=1)


Builder = Callable[[], Document | str | None]
