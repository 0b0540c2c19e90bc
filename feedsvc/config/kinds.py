"""Every kind of source by the key that names it, and the kinds that plug-ins bring."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from feedsvc import urls
from feedsvc.config.own_sources import FilesSource, SqlSource
from feedsvc.config.sources import FeedSource, PageSource, SitemapSource, SourceConfig, WordPressSource

KINDS: dict[str, type[SourceConfig]] = {
    "page": PageSource,
    "feed": FeedSource,
    "sitemap": SitemapSource,
    "wordpress": WordPressSource,
    "sql": SqlSource,
    "files": FilesSource,
}


#: every key that a source of some kind may have
KEYS = frozenset(field.alias or name for kind in KINDS.values() for name, field in kind.model_fields.items())


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
