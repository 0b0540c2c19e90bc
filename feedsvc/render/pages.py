"""Pages for people: the directory, and one page for each feed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from feedsvc.model import Article, Format, ListSpec, Site

_environment = Environment(
    loader=PackageLoader("feedsvc.render"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_FORMATS = (
    (Format.RSS, "RSS", "application/rss+xml"),
    (Format.ATOM, "Atom", "application/atom+xml"),
    (Format.JSON, "JSON Feed", "application/feed+json"),
)


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")


_environment.filters["local"] = _local


def directory(site: Site, lists: Sequence[tuple[ListSpec, Sequence[Article]]]) -> bytes:
    """The front page: every list with its newest headlines and its feeds."""
    return _render("directory.html", site=site, lists=lists)


def list_page(site: Site, spec: ListSpec, articles: Sequence[Article]) -> bytes:
    """What a feed carries, for a person, and how to subscribe to it."""
    return _render("list.html", site=site, spec=spec, articles=articles)


def _render(name: str, **values: object) -> bytes:
    return _environment.get_template(name).render(formats=_FORMATS, **values).encode()
