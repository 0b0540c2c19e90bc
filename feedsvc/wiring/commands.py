"""Settings → what the commands `preflight` and `export` do."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from feedsvc.config import Settings
from feedsvc.errors import Code, EditorialError
from feedsvc.model import PLACE, Format, ready
from feedsvc.publish.export import Export, Report, Watch, archives_of, unwatched
from feedsvc.publish.on_demand import OnDemandFeeds
from feedsvc.publish.preflight import Finding, Subject
from feedsvc.publish.preflight import preflight as look
from feedsvc.render.assets import assets
from feedsvc.serve.documents import About
from feedsvc.store.engine import Database
from feedsvc.store.publishing.builds import SqlPublishing
from feedsvc.store.web.entries import ArticleReader
from feedsvc.store.web.snapshots import Snapshots
from feedsvc.wiring.process import now


def preflight(settings: Settings, slug: str, wanted: Collection[str]) -> tuple[list[Finding], int]:
    """What the `wanted` aggregators would refuse in a list's feed, and how many articles were looked at.

    Raises EditorialError where there is no such list, StoreError.
    """

    known = {spec.slug: spec for spec in settings.lists if not spec.retired}
    known |= {f"for/{spec.slug}": spec for spec in settings.takers}
    if slug not in known:
        names = ", ".join(sorted(known))
        raise EditorialError(Code.UNKNOWN_SECTION, f"there is no feed {slug!r}; there are {names}")
    spec, database = known[slug], Database(settings.store_url, create=False)
    store = SqlPublishing(database)
    try:
        articles = store.articles(spec, now())
        size = store.largest([f"{spec.path}.{form}" for form in Format])
    finally:
        database.close()
    subject = Subject(site=settings.site, spec=spec, articles=articles, size=size, now=now())
    return look(subject, wanted), len(articles)


def export(settings: Settings, folder: Path, watch: Watch = unwatched) -> Report:
    """Write everything that stands ready, and the archives, as static files. Raises StoreError."""

    snapshots = Snapshots(settings.store_url)
    feeds = OnDemandFeeds(settings.site, settings.lists, ArticleReader(snapshots))
    about = About(settings.frame_ancestors)  # changes are streamed by the service alone
    rows = [ready(one) for one in assets()]
    try:
        # takers' feeds are the service's alone: who may read one is asked at each request
        rows += [row for row in snapshots.since(0) if not row.path.startswith(PLACE)]
        return Export(folder, settings.site.base_url, about).run(rows, archives_of(feeds), watch)
    finally:
        snapshots.close()
