"""Pages that are built when somebody asks: tags, reporters, searches, and embeds with options.

Built by one thread of a web process, then kept until something newer is published; see serve.lazies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from feedsvc.model import ListSpec, Site
from feedsvc.render.pages import ACCENT, EmbedLook, Pages
from feedsvc.store.web.entries import Found, LazyReader, Query

SIZE = 50
AGE = 60  #: seconds
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A built page, before it is coded."""

    identity: bytes
    media_type: str
    last_modified: datetime
    max_age: int
    links: tuple[tuple[str, str], ...]
    page: str = ""  #: pages are for navigations: nothing else is sent instead


class LazyPages:
    """Builds them. Raises StoreError; None means that there is no such page."""

    def __init__(
        self, site: Site, lists: Sequence[ListSpec], reader: LazyReader, pages: Pages, *, started: datetime
    ) -> None:
        self._site = site
        self._by_slug = {spec.slug: spec for spec in lists if not spec.retired}
        self._reader = reader
        self._pages = pages
        self._started = started.replace(microsecond=0)

    def facet(self, kind: str, slug: str) -> Page | None:
        """The page of a tag or a reporter."""
        name = self._reader.facet_name(kind, slug)
        if name is None:
            return None
        found = self._reader.search(Query(tag=slug) if kind == "tag" else Query(author=slug), SIZE)
        html = self._pages.facet_page(kind, slug, name, found.articles)
        return self._page(html, f"/feeds/{kind}/{slug}", _touched(found))

    def search(self, options: Mapping[str, str], query: str) -> Page | None:
        """What a search finds; the form alone, where nothing is asked. None: there is no such section."""
        path = f"/feeds/search?{query}" if query else "/feeds/search"
        if not options.keys() - {"not"}:
            return self._page(self._pages.search_page(query, options, None), path, self._started)
        section = options.get("section", "")
        if section and (section not in self._by_slug or self._by_slug[section].kind != "section"):
            return None
        wanted = Query(
            words=options.get("q", ""),
            without=options.get("not", ""),
            section=self._by_slug[section].key if section else "",
            author=options.get("author", ""),
            tag=options.get("tag", ""),
        )
        found = self._reader.search(wanted, SIZE)
        return self._page(self._pages.search_page(query, options, found.articles), path, _touched(found))

    def embed(
        self,
        path: str,
        entries: Sequence[Sequence[object]],
        stored: datetime,
        max_age: int,
        options: Mapping[str, str],
        *,
        fragment: bool,
    ) -> Page | None:
        """The embed of a list with options. `entries` as stored: [article, …], the first ones of its feed."""
        spec = self._by_slug.get(path.removeprefix("/embed/"))
        if spec is None:
            return None
        look = look_of(options)
        articles = self._reader.articles([int(str(entry[0])) for entry in entries[: look.count]])
        html = self._pages.embed(spec, articles, look, fragment=fragment)
        query = look.query()
        address = f"{path}{'/fragment' if fragment else ''}{'?' + query if query else ''}"
        return self._page(html, address, stored, max_age)

    def builder(self, options: Mapping[str, str]) -> Page | None:
        """The page that makes embeds, with its form filled in."""
        slug = options.get("section", "latest")
        if slug not in self._by_slug:
            return None
        look = look_of(options)
        if look.accent == ACCENT:  # a colour field always has a value; this one is as the styles have it
            look = replace(look, accent="")
        return self._page(self._pages.builder(slug, look), "/embed", self._started)

    def _page(self, html: bytes, path: str, changed: datetime, max_age: int = AGE) -> Page:
        return Page(
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


def _touched(found: Found) -> datetime:
    """The next whole second: HTTP dates have no fractions, and this one must not lie before the change."""
    moment = found.touched
    return moment if not moment.microsecond else moment.replace(microsecond=0) + timedelta(seconds=1)
