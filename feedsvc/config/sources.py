"""The kinds of sources, as pydantic models: one key names the kind, the others are its options."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from feedsvc import urls
from feedsvc.config.models import Address, FeedSource, PageSource, Part, Seconds, SourceConfig
from feedsvc.config.paths import located, located_database

_DATABASE = re.compile(r"[a-z][a-z0-9_]*(\+[a-z0-9_]+)?://.*", re.S)
_TEMPLATE = re.compile(r"[^{}]*(\{[^{}]+\}[^{}]*)+")
Value = str | int | bool
Columns = str | list[str]


def _template(value: str) -> str:
    if value and not _TEMPLATE.fullmatch(value):
        raise ValueError("must hold the name of a column in braces, as in 'https://news.example/?p={id}'")
    return value


Template = Annotated[str, AfterValidator(_template)]


def _listed(value: Columns) -> list[str]:
    return ([value] if value else []) if isinstance(value, str) else list(value)


class MapConfig(Part):
    """Which column (or key of a file) is which field of an article."""

    title: str = ""
    content: str = ""
    summary: str = ""
    published: str = ""
    updated: str = ""
    author: Columns = ""
    tags: Columns = ""
    section: str = ""
    url: str = ""
    image: str = ""
    caption: str = ""
    credit: str = ""
    language: str = ""

    def listed(self) -> dict[str, list[str]]:
        """Field → columns."""
        return {name: _listed(value) for name, value in self.model_dump().items() if value}


class TableMapConfig(MapConfig):
    """The same for a table, where two are needed."""

    id: str = Field(min_length=1)
    title: str = Field(min_length=1)


class StatusConfig(Part):
    """The column that tells whether a row is published, and the values that say so."""

    column: str = Field(min_length=1)
    published: list[Value] = Field(min_length=1)

    @field_validator("published", mode="before")
    @classmethod
    def _several(cls, value: object) -> object:
        return value if isinstance(value, list) else [value]


class SqlSource(SourceConfig):
    """A newsroom's own database."""

    own: ClassVar[bool] = True
    sql: str
    table: str = ""
    where: str = ""
    query: str = ""
    modified: str = ""
    status: StatusConfig | None = None
    guid: Template = ""
    link: Template = ""
    text: Literal["auto", "html", "plain", "markdown"] = "auto"
    sweep: Seconds = 86400
    map: TableMapConfig

    @field_validator("sql")
    @classmethod
    def _is_database(cls, value: str) -> str:
        if not _DATABASE.fullmatch(value):
            # never shown: it may hold a password
            raise ValueError("must be an SQLAlchemy address such as 'sqlite:///cms.db'")
        return value

    @model_validator(mode="after")
    def _one_way(self) -> SqlSource:
        if bool(self.table) == bool(self.query):
            raise ValueError("needs 'table' or 'query', one of them")
        if self.where and self.query:
            raise ValueError("has 'where' beside 'query'; write it into the query")
        return self

    def shown(self) -> str:
        return urls.without_password(self.sql)

    def located(self, folder: Path) -> SqlSource:
        return self.model_copy(update={"sql": located_database(self.sql, folder)})

    def basis(self) -> str:
        parts = (self.shown(), self.table, self.where, self.query)
        return "\n".join(part for part in parts if part)

    def title(self) -> str:
        return f"{self.shown()} {self.table or 'query'}"

    def interval(self) -> float | None:
        # without `modified`, every look reads the whole table
        return self.every or (None if self.modified else 300)

    def options(self) -> dict[str, Any]:
        plain = {"table", "where", "query", "modified", "guid", "link", "text", "sweep"}
        return {
            **self.model_dump(include=plain),
            "address": self.sql,
            "status": self.status.model_dump() if self.status else None,
            "map": {"id": [self.map.id], **self.map.listed()} | {"id": [self.map.id]},
        }


class FilesSource(SourceConfig):
    """A folder of Markdown with front matter, HTML, JSON or NDJSON."""

    own: ClassVar[bool] = True
    files: str = Field(min_length=1)
    guid: Template = ""
    link: Template = ""
    text: Literal["auto", "html", "plain", "markdown"] = "auto"
    map: MapConfig = MapConfig()

    def located(self, folder: Path) -> FilesSource:
        return self.model_copy(update={"files": located(self.files, folder)})

    def options(self) -> dict[str, Any]:
        return {**self.model_dump(include={"guid", "link", "text"}), "map": self.map.listed()}


class WordPressSource(SourceConfig):
    """The REST API of a WordPress site."""

    wordpress: Address
    since: Seconds | None = None

    def options(self) -> dict[str, Any]:
        return {"since": self.since}


class SitemapSource(SourceConfig):
    """A sitemap, a news sitemap, or an index of them."""

    sitemap: Address
    since: Seconds = 7 * 86400

    def options(self) -> dict[str, Any]:
        return {"since": self.since}


KINDS: dict[str, type[SourceConfig]] = {
    "page": PageSource,
    "feed": FeedSource,
    "sitemap": SitemapSource,
    "wordpress": WordPressSource,
    "sql": SqlSource,
    "files": FilesSource,
}


class PluginSource(SourceConfig):
    """A source of a kind that a plug-in brings; what its other keys mean, the plug-in knows."""

    plugin: str
    address: str
    values: dict[str, Any]

    def kind(self) -> str:
        return self.plugin

    def shown(self) -> str:
        return urls.without_password(self.address)

    def options(self) -> dict[str, Any]:
        return {**self.values, "address": self.address}


def for_plugin(kind: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The table of a plug-in's source as `PluginSource` takes it."""
    common = {field.alias or name for name, field in SourceConfig.model_fields.items()}
    given = {name: value for name, value in raw.items() if name in common}
    own = {name: value for name, value in raw.items() if name not in common and name != kind}
    return {**given, "plugin": kind, "address": raw[kind], "values": own}


def same_options(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two sources of one address ask for the same; where they stand in the file does not count."""
    left, right = ({key: value for key, value in each.items() if key != "path"} for each in (one, other))
    return json.dumps(left, default=str, sort_keys=True) == json.dumps(right, default=str, sort_keys=True)


__all__ = ["KINDS", "MapConfig", "SqlSource", "StatusConfig", "TableMapConfig"]
