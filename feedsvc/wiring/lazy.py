"""Settings → the builder of lazy feeds and pages, as a web process and the export ask for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedsvc.wiring.process import now

if TYPE_CHECKING:
    from feedsvc.publish.on_demand_pages import LazyPages
    from feedsvc.render.pages import Pages
    from feedsvc.store.web.snapshots import Snapshots
    from feedsvc.wiring.spec import WebSpec


class LazyBuilder:
    """The builder of lazy feeds as a web process asks for it. Loading it takes a fifth of a second."""

    def __init__(self, spec: WebSpec, snapshots: Snapshots) -> None:
        from feedsvc.publish.on_demand import Lazy
        from feedsvc.store.web.entries import LazyReader

        self._spec = spec
        self._reader = LazyReader(snapshots)
        self._inner = Lazy(spec.site, spec.lists, self._reader)
        self._made: LazyPages | None = None

    @property
    def _pages(self) -> LazyPages:
        """The builder of pages; loaded when the first one is asked for."""
        if self._made is None:
            from feedsvc.publish.on_demand_pages import LazyPages

            spec = self._spec
            self._made = LazyPages(spec.site, spec.lists, self._reader, pages_of(spec), started=now())
        return self._made

    def variant(self, row: Any, query: str, limit: int | None, content: str | None) -> Any:
        """A variant of a stored feed."""
        import orjson

        from feedsvc.model import Frame
        from feedsvc.publish.on_demand import Stored

        stored = Stored(
            path=row.path,
            last_modified=row.last_modified,
            max_age=row.max_age,
            entries=orjson.loads(row.entries),
            frame=Frame(head=row.head, separator=row.separator, tail=row.tail),
            page=row.page,
            links=row.links,
        )
        return self._inner.variant(stored, query, limit, content)

    def facet(
        self, kind: str, slug: str, form: str, query: str, limit: int | None, content: str | None
    ) -> Any:
        """The feed of a tag or reporter."""
        from feedsvc.model import Format

        return self._inner.facet(kind, slug, Format(form), query, limit, content)

    def search(
        self, options: Mapping[str, str], form: str, query: str, limit: int | None, content: str | None
    ) -> Any:
        """The feed of a search; None where it names a section that there is not."""
        from feedsvc.model import Format
        from feedsvc.store.web.entries import Query

        section = self._inner.section_key(options["section"]) if options.get("section") else ""
        if section is None:
            return None
        wanted = Query(
            words=options.get("q", ""),
            without=options.get("not", ""),
            section=section,
            author=options.get("author", ""),
            tag=options.get("tag", ""),
        )
        title = (
            options.get("q") or options.get("tag") or options.get("author") or options.get("section") or ""
        )
        return self._inner.search(wanted, title, Format(form), query, limit, content)

    def archive(self, slug: str, number: int, form: str) -> Any:
        """An archive document."""
        from feedsvc.model import Format

        return self._inner.archive(slug, number, Format(form))

    def archives(self) -> Iterator[tuple[str, int, str]]:
        """Every archive: slug, number, and what tells that it changed."""
        return self._inner.archives()

    def facet_page(self, kind: str, slug: str) -> Any:
        """The page of a tag or reporter."""
        return self._pages.facet(kind, slug)

    def search_page(self, options: Mapping[str, str], query: str) -> Any:
        """The page of a search."""
        return self._pages.search(options, query)

    def embed(self, row: Any, options: Mapping[str, str], fragment: bool) -> Any:
        """A stored embed with options, or as a fragment."""
        import orjson

        entries = orjson.loads(row.entries)
        return self._pages.embed(
            row.path, entries, row.last_modified, row.max_age, options, fragment=fragment
        )

    def builder(self, options: Mapping[str, str]) -> Any:
        """The page that makes embeds."""
        return self._pages.builder(options)


def pages_of(spec: WebSpec) -> Pages:
    """The pages of a site, in its language."""
    from feedsvc.render.pages import Pages

    folder = Path(spec.translations) if spec.translations else None
    return Pages(spec.site, spec.lists, folder=folder, stream=spec.stream)
