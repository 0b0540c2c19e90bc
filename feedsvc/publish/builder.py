"""What builds documents on demand in a web process: feeds at once, pages when the first one is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from feedsvc.model import ListSpec, Site
from feedsvc.publish.on_demand import OnDemandFeeds
from feedsvc.store.web.entries import ArticleReader

if TYPE_CHECKING:
    from feedsvc.publish.on_demand_pages import OnDemandPages


class Builder:
    """Builds feeds and pages for one process. Raises StoreError; see serve.on_demand.Builder."""

    def __init__(
        self,
        site: Site,
        lists: Sequence[ListSpec],
        reader: ArticleReader,
        *,
        takers: Sequence[ListSpec] = (),
        started: datetime,
        translations: str = "",
        stream: str = "",
    ) -> None:
        self.feeds = OnDemandFeeds(site, lists, reader, takers)
        self._site = site
        self._lists = lists
        self._reader = reader
        self._started = started
        self._translations = translations
        self._stream = stream

    @cached_property
    def pages(self) -> OnDemandPages:
        """The builder of pages: its templates are loaded when the first page is asked for."""
        from feedsvc.publish.on_demand_pages import OnDemandPages
        from feedsvc.render.pages import Pages

        pages = Pages(self._site, self._lists, translations=self._translations, stream=self._stream)
        return OnDemandPages(self._site, self._lists, self._reader, pages, started=self._started)
