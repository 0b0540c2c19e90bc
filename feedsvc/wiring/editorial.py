"""Settings → what editors use, for the API and the commands that change single articles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from feedsvc.wiring.process import now

if TYPE_CHECKING:
    from feedsvc.editorial import Editorial
    from feedsvc.model import ListSpec, Site
    from feedsvc.store.engine import Database


def open_editorial(
    store_url: str, lists: Sequence[ListSpec], site: Site, clock: Callable[[], datetime] = now
) -> Editorial:
    """Open a store for the API and the commands that change single articles. Raises StoreError."""
    from feedsvc.store.engine import Database

    return editorial_of(Database(store_url, create=False), lists, site, clock)


def editorial_of(
    database: Database, lists: Sequence[ListSpec], site: Site, clock: Callable[[], datetime]
) -> Editorial:
    """The same for a store that is open."""
    from uuid import UUID

    from feedsvc import curate
    from feedsvc.editorial import Editorial
    from feedsvc.extract.child import ChildExtractor
    from feedsvc.store.articles.editorial import SqlEditorial

    sections = [spec for spec in lists if spec.kind == "section"]
    return Editorial(
        SqlEditorial(database),
        sections={spec.slug: spec.key for spec in sections},
        former={slug: spec.key for spec in sections for slug in spec.was},
        lists={
            name: spec.key
            for spec in lists
            if spec.kind != "latest" and not spec.of
            for name in (*spec.was, spec.slug)
        },
        languages={spec.slug: spec.language or site.language for spec in sections},
        site_url=site.url,
        base_url=site.base_url,
        release=partial(curate.release, namespace=UUID(site.namespace), zone=site.zone),
        reader=ChildExtractor(workers=1, preload="feedsvc.extract.clean"),
        now=clock,
    )
