"""The keys of a newsroom's own databases and folders of files, as pydantic models."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from feedsvc import urls
from feedsvc.config.paths import located, located_database
from feedsvc.config.sources import SourceConfig
from feedsvc.config.values import Part, Seconds

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
