"""The kinds of sources, as pydantic models: one key names the kind, the others are its options."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from feedsvc import urls
from feedsvc.config.list_models import FeedSource, PageSource, SourceConfig
from feedsvc.config.paths import located, located_database
from feedsvc.config.values import Address, Part, Seconds

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

    #: the headline
    title: str = ""
    #: the text
    content: str = ""
    #: the standfirst, plain text
    summary: str = ""
    #: the time of publication; in the future: an embargo
    published: str = ""
    #: the time of the last correction
    updated: str = ""
    #: the reporters; several columns in a list
    author: Columns = ""
    #: the tags; several columns in a list
    tags: Columns = ""
    #: the section
    section: str = ""
    #: the address
    url: str = ""
    #: the address of the lead picture
    image: str = ""
    #: its caption
    caption: str = ""
    #: its credit
    credit: str = ""
    #: a language tag
    language: str = ""

    def listed(self) -> dict[str, list[str]]:
        """Field → columns."""
        return {name: _listed(value) for name, value in self.model_dump().items() if value}


class TableMapConfig(MapConfig):
    """The same for a table, where two are needed."""

    #: the row's id
    id: str = Field(min_length=1)
    #: the headline
    title: str = Field(min_length=1)


class StatusConfig(Part):
    """The column that tells whether a row is published, and the values that say so."""

    #: the name of the column
    column: str = Field(min_length=1)
    #: the value or values of published rows
    published: list[Value] = Field(min_length=1)

    @field_validator("published", mode="before")
    @classmethod
    def _several(cls, value: object) -> object:
        return value if isinstance(value, list) else [value]


class SqlSource(SourceConfig):
    """A newsroom's own database."""

    own: ClassVar[bool] = True
    #: an SQLAlchemy address, opened read only; `${NAME}` comes from the environment
    sql: str
    #: a table or view, also `schema.table`; either this or `query`
    table: str = ""
    #: a condition in the database's own SQL. Default: every row
    where: str = ""
    #: a `SELECT` in place of `table` and `where`; each id occurs in it once
    query: str = ""
    #: the column that every change of a row moves. Without it every poll reads the whole table
    modified: str = ""
    #: a column and its values for published rows (below). Default: every row is published
    status: StatusConfig | None = None
    #: a template of public ids, `https://old.example/?p={id}`, from columns. Default: made by feedsvc
    guid: Template = ""
    #: a template of addresses, for rows without a `url`; values are percent-encoded
    link: Template = ""
    #: the format of the texts; `auto` is HTML where there is markup
    text: Literal["auto", "html", "plain", "markdown"] = "auto"
    #: how often everything is read again, and deleted rows are noticed
    sweep: Seconds = 86400
    #: which column is which field (below)
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
    #: a folder of Markdown with front matter, HTML, JSON or NDJSON
    files: str = Field(min_length=1)
    #: a template of public ids, from keys of the file. Default: made by feedsvc
    guid: Template = ""
    #: a template of addresses, for files without a `url`; values are percent-encoded
    link: Template = ""
    #: the format of the texts; `auto` is HTML where there is markup
    text: Literal["auto", "html", "plain", "markdown"] = "auto"
    #: which key is which field (below). Default: the usual names
    map: MapConfig = MapConfig()

    def located(self, folder: Path) -> FilesSource:
        return self.model_copy(update={"files": located(self.files, folder)})

    def options(self) -> dict[str, Any]:
        return {**self.model_dump(include={"guid", "link", "text"}), "map": self.map.listed()}


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
