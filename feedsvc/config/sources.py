"""The keys of sources on the web, as pydantic models: pages, feeds, sitemaps, WordPress.

The class's own first key names the kind. What every kind has is `SourceConfig`; `config/own_sources.py` has
the newsroom's databases and folders, `config/kinds.py` the table of all kinds.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Self

from pydantic import Field, PrivateAttr, model_validator

from feedsvc.config.values import Address, Language, Part, Seconds, Zone


class SelectConfig(Part):
    """CSS selectors for a list that is not found by itself."""

    #: one article of the list
    item: str = Field(min_length=1)
    #: its link, within the item. Default: the first link
    link: str = ""
    #: its headline. Default: the text of the link
    title: str = ""
    #: its date
    time: str = ""
    #: its picture
    image: str = ""
    #: its standfirst
    summary: str = ""


class SourceConfig(Part):
    """What every kind of source has in common. The kind's own key holds its address."""

    own: ClassVar[bool] = False  #: the newsroom's own, whatever its host
    #: how reports call it. With a name, a source keeps its history when its address changes. Default: the
    #: address
    name: str = ""
    #: its former names or addresses, the oldest first; they carry its history
    was: list[str] = []
    #: how often to poll: a wish. Foreign hosts are polled at most every 15 minutes, and not before they allow
    #: it. Default: by what it publishes, within the `budget`; own hosts `30s`
    every: Seconds | None = None
    #: how much a minute's delay of this source counts when the `budget` is shared out; with 4 it is polled
    #: twice as often
    weight: float = Field(default=1.0, ge=0.01, le=100)
    #: the zone of its dates that name none. Default: `[site] timezone`
    timezone: Zone | None = None
    #: the language of its texts. Default: that of the section
    language: Language | None = None
    #: only articles whose address, title or category contains this text. Default: all
    match: str = ""
    #: no articles whose address, title or category contains this text. Default: none
    exclude: str = Field(default="", alias="not")
    #: whether each article's own page is read. Default: as needed
    follow: bool | None = None
    #: sources that stand in for this one, the best first: a list of tables like this one. Where it fails or
    #: is red for `otherwise_after`, the next one is read, until it has been well for as long. Sections only
    otherwise: list[dict[str, Any]] = []
    #: how long until another one is read
    otherwise_after: Seconds = 1800
    _rungs: list[SourceConfig] = PrivateAttr(default_factory=list)

    @property
    def rungs(self) -> list[SourceConfig]:
        """This source, and those of `otherwise`."""
        return [self, *self._rungs]

    def stand_in(self, source: SourceConfig) -> None:
        """Another rung, below those that there are."""
        self._rungs.append(source)

    def kind(self) -> str:
        """The key that names the kind: the class's own first field."""
        return next(name for name in type(self).model_fields if name not in SourceConfig.model_fields)

    def shown(self) -> str:
        """The address as it may be shown and kept: without a password."""
        return str(getattr(self, self.kind()))

    def located(self, folder: Path) -> Self:
        """The same source, with paths that begin at `folder`; its identity is that of what was written."""
        return self

    def basis(self) -> str:
        """What makes it the same source after a restart, where it has no name."""
        return self.shown()

    def title(self) -> str:
        """What it is called in reports, where it has no name."""
        return self.shown()

    def interval(self) -> float | None:
        """How often it wishes to be looked at, in seconds."""
        return self.every

    def options(self) -> dict[str, Any]:
        """What its reader needs to know besides the address."""
        return {}


class PageSource(SourceConfig):
    """A page with a list of articles."""

    #: the address of a page with a list of articles
    page: Address
    #: how many pages of the list are read
    pages: int = Field(default=1, ge=1, le=100)
    #: the heading above the wanted list. Default: the main list
    box: str = ""
    #: CSS selectors, as a text (the item) or a table (below). Default: the list is found without them
    select: SelectConfig | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_select(cls, values: Any) -> Any:
        if isinstance(values, dict) and isinstance(values.get("select"), str):
            return {**values, "select": {"item": values["select"]}}
        return values

    @model_validator(mode="after")
    def _one_way(self) -> PageSource:
        if self.box and self.select:
            raise ValueError("has both 'box' and 'select'; keep the one that finds the list")
        if self.box and self.pages > 1:
            raise ValueError(
                "has 'pages' beside 'box'; only the main list of a page continues on other pages"
            )
        return self


class FeedSource(SourceConfig):
    """An RSS, Atom or JSON feed."""

    #: the address of an RSS, Atom or JSON feed
    feed: Address


class WordPressSource(SourceConfig):
    """The REST API of a WordPress site."""

    #: the front page of a WordPress site, or the address of its API
    wordpress: Address
    #: nothing older is taken. Default: `30d`; own hosts everything
    since: Seconds | None = None

    def options(self) -> dict[str, Any]:
        return {"since": self.since}


class SitemapSource(SourceConfig):
    """A sitemap, a news sitemap, or an index of them."""

    #: the address of a sitemap, a news sitemap or an index
    sitemap: Address
    #: nothing older is taken
    since: Seconds = 7 * 86400

    def options(self) -> dict[str, Any]:
        return {"since": self.since}
