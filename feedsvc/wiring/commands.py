"""Settings → what the commands `preflight` and `export` do."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from feedsvc.wiring.lazy import LazyBuilder
from feedsvc.wiring.process import now
from feedsvc.wiring.spec import web_spec

if TYPE_CHECKING:
    from pathlib import Path

    from feedsvc.config import Settings
    from feedsvc.publish.export import Report
    from feedsvc.publish.preflight import Finding


def preflight(settings: Settings, slug: str) -> tuple[list[Finding], int]:
    """What aggregators would refuse in a list's feed, and how many articles were looked at.

    Raises EditorialError where there is no such list, StoreError.
    """
    from feedsvc.errors import Code, EditorialError
    from feedsvc.model import Format
    from feedsvc.publish.preflight import Subject
    from feedsvc.publish.preflight import preflight as look
    from feedsvc.store.engine import Database
    from feedsvc.store.publishing.builds import SqlPublishing

    known = {spec.slug: spec for spec in settings.lists if not spec.retired}
    if slug not in known:
        names = ", ".join(sorted(known))
        raise EditorialError(Code.UNKNOWN_SECTION, f"there is no feed {slug!r}; there are {names}")
    spec, database = known[slug], Database(settings.store_url)
    store = SqlPublishing(database)
    try:
        articles = tuple(one.article for one in store.window(spec, now()).entries)
        size = store.largest([f"/feeds/{slug}.{form}" for form in Format])
    finally:
        database.close()
    subject = Subject(site=settings.site, spec=spec, articles=articles, size=size, now=now())
    return look(subject), len(articles)


def export(settings: Settings, folder: Path) -> Report:
    """Write everything that stands ready, and the archives, as static files. Raises StoreError."""
    from feedsvc.model import Format
    from feedsvc.publish.export import Export, Source
    from feedsvc.render.assets import assets
    from feedsvc.render.freeze import freeze
    from feedsvc.serve.documents import About
    from feedsvc.serve.on_demand import fixed_row
    from feedsvc.store.web.snapshots import Snapshots

    snapshots = Snapshots(settings.store_url)
    builder = LazyBuilder(web_spec(settings), snapshots)
    about = About(settings.frame_ancestors)  # changes are streamed by the service alone

    def archive(slug: str, number: int, form: Format) -> Any:
        found = builder.archive(slug, number, form)
        if found is None or found == "gone":
            return None
        frozen = freeze(
            found.identity,
            path=f"/feeds/{slug}/archive/{number}.{form}",
            media_type=found.media_type,
            stored=found.last_modified,
            max_age=found.max_age,
            links=found.links,
        )
        return fixed_row(frozen)

    archives = (
        Source(f"/feeds/{slug}/archive/{number}.{form}", basis, partial(archive, slug, number, form))
        for slug, number, basis in builder.archives()
        for form in Format
    )
    rows: list[Any] = [fixed_row(one) for one in assets()]
    try:
        rows += snapshots.since(0)
        return Export(folder, settings.site.base_url, about).run(rows, archives)
    finally:
        snapshots.close()
