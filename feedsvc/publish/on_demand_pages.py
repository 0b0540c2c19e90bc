"""Pages that are built when somebody asks: tags, reporters, searches, and embeds with options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import orjson

from feedsvc.model import Absent, BuiltDocument, Labels, ListSpec, ReadyDocument, Site
from feedsvc.publish.on_demand import ARCHIVE_AGE, SIZE, archived, query_of, sections_by_slug
from feedsvc.render.pages import ACCENT, EmbedLook, Pages
from feedsvc.store.web.entries import ArticleReader, Query

AGE = 60  #: seconds
MOST_NAMES = 2000  #: tags, or reporters, on one page
HTML = "text/html; charset=utf-8"


class OnDemandPages:
    """Builds pages. Raises StoreError."""

    def __init__(
        self,
        site: Site,
        lists: Sequence[ListSpec],
        reader: ArticleReader,
        pages: Pages,
        *,
        started: datetime,
    ) -> None:
        self._site = site
        self._by_slug = {spec.slug: spec for spec in lists if not spec.retired}
        self._sections = sections_by_slug(lists)
        self._reader = reader
        self._pages = pages
        self._started = started.replace(microsecond=0)

    def derived(self, kind: str, slug: str) -> BuiltDocument | Absent:
        """The page of a tag or a reporter."""
        name = self._reader.name(kind, slug)
        if name is None:
            return Absent.MISSING
        selection = self._reader.search(Query(tag=slug) if kind == "tag" else Query(author=slug), SIZE)
        labels = self._reader.labels([one.no for one in selection.articles])
        html = self._pages.facet_page(kind, slug, name, selection.articles, labels)
        return self._page(html, f"/feeds/{kind}/{slug}", selection.updated)

    def names(self, kind: str) -> BuiltDocument | Absent:
        """The page of all tags, or all reporters."""
        html = self._pages.names_page(kind, self._reader.names(kind, MOST_NAMES))
        return self._page(html, f"/feeds/{kind}", self._started)

    def archive(self, slug: str, number: int) -> BuiltDocument | Absent:
        """An archive document for people."""
        spec = self._by_slug.get(slug)
        if spec is None or spec.ranked:
            return Absent.MISSING
        stretch = archived(self._reader, spec, number)
        if isinstance(stretch, Absent):
            return stretch
        selection = stretch.selection
        labels = self._reader.labels([one.no for one in selection.articles])
        html = self._pages.archive_page(
            spec, selection.articles, labels, number=number, older=stretch.older, newer=stretch.newer
        )
        return self._page(html, f"/feeds/{slug}/archive/{number}", selection.updated, ARCHIVE_AGE)

    def search(self, asked: Mapping[str, str], query: str) -> BuiltDocument | Absent:
        """What a search finds; the form alone, where nothing is asked."""
        path = f"/feeds/search?{query}" if query else "/feeds/search"
        if not asked.keys() - {"not"}:
            return self._page(self._pages.search_page(query, asked, None, Labels()), path, self._started)
        wanted = query_of(asked, self._sections)
        if wanted is None:
            return Absent.MISSING
        selection = self._reader.search(wanted, SIZE)
        labels = self._reader.labels([one.no for one in selection.articles])
        count = self._reader.count(wanted)
        html = self._pages.search_page(query, asked, selection.articles, labels, count=count)
        return self._page(html, path, selection.updated)

    def embed(
        self, stored: ReadyDocument, options: Mapping[str, str], *, fragment: bool
    ) -> BuiltDocument | Absent:
        """A stored embed with options, or as a fragment: the first articles of its feed."""
        spec = self._by_slug.get(stored.path.removeprefix("/embed/"))
        if spec is None:
            return Absent.MISSING
        look = look_of(options)
        articles = self._reader.articles([entry[0] for entry in orjson.loads(stored.entries)[: look.count]])
        html = self._pages.embed(spec, articles, look, fragment=fragment)
        query = look.query()
        address = f"{stored.path}{'/fragment' if fragment else ''}{'?' + query if query else ''}"
        return self._page(html, address, stored.last_modified, stored.max_age)

    def builder(self, options: Mapping[str, str]) -> BuiltDocument | Absent:
        """The page that makes embeds, with its form filled in."""
        slug = options.get("section", "latest")
        if slug not in self._by_slug:
            return Absent.MISSING
        look = look_of(options)
        if look.accent == ACCENT:  # a colour field always has a value; this one is as the styles have it
            look = replace(look, accent="")
        return self._page(self._pages.builder(slug, look), "/embed", self._started)

    def _page(self, html: bytes, path: str, changed: datetime, max_age: int = AGE) -> BuiltDocument:
        return BuiltDocument(
            identity=html,
            media_type=HTML,
            last_modified=changed,
            max_age=max_age,
            links=(("self", f"{self._site.base_url}{path}"),),
        )


def look_of(options: Mapping[str, str]) -> EmbedLook:
    """Checked options as a look."""
    usual = EmbedLook()
    return EmbedLook(
        count=int(options.get("count", usual.count)),
        theme=options.get("theme", usual.theme),
        images=options.get("images") == "1",
        time=options.get("time", "1") == "1",
        accent=options.get("accent", ""),
    )
