"""Files of other programs → lists of sources, and what could not be carried over.

OPML (of any reader, and with the scraping attributes of FreshRSS), html2rss YAML, plain lists of addresses;
in all of them the addresses of RSS-Bridge and RSSHub are read as what they scrape.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from feedsvc.setup.bridges import as_source
from feedsvc.setup.usable import language, usable, web_address
from feedsvc.setup.xpath import as_css

FRESHRSS = "{https://freshrss.org/opml}"
_ADDRESS = re.compile(r"(https?|rsshub|feed):", re.I)


class ForeignError(ValueError):
    """A file that is none of those that can be read; the message says what it is."""


@dataclass(slots=True)
class ForeignList:
    """What becomes a section."""

    title: str
    sources: list[dict[str, Any]] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)  #: what could not be carried over, a sentence each
    language: str = ""

    def take(self, title: str, source: Mapping[str, Any]) -> None:
        """Take a source as the configuration does, once; what it refuses is lost, with the reason."""
        kept, refused = usable(source)
        self.lost += [f"{title}: {one}" for one in refused]
        if kept is None:
            return
        if kept in self.sources:
            self.lost.append(f"{title}: {next(iter(kept.values()))} stands there twice")
        else:
            self.sources.append(kept)


def read(text: str) -> list[ForeignList]:
    """The lists of a file. Raises ForeignError."""
    begin = text.lstrip("\ufeff \r\n\t")
    if not begin:
        raise ForeignError("is empty")
    if begin.startswith("<"):
        return _opml(begin)
    lines = [line.strip() for line in begin.splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    if lines and _ADDRESS.match(lines[0]):
        return [_alone(address, address) for address in lines]
    return _html2rss(begin)


def _alone(title: str, address: str) -> ForeignList:
    found = ForeignList(title)
    _add(found, title, address)
    return found


def _add(found: ForeignList, title: str, given: str) -> None:
    address = web_address(given)
    if not address:
        found.lost.append(f"{title}: it has no address")
        return
    try:
        sources = list(as_source(address))
    except ValueError:  # urlsplit, of an address such as http://[news.example/
        sources = [({"feed": address}, [])]
    for source, lost in sources:
        before = len(found.sources)
        found.take(title, source)
        if len(found.sources) > before:
            found.lost += [f"{title}: {one}" for one in lost]


# ── OPML 2.0 ──


def _opml(text: str) -> list[ForeignList]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise ForeignError(f"is no XML: {error}") from error
    if root.tag != "opml":
        raise ForeignError(f"is XML, but no OPML: its root is <{root.tag}>")
    found: dict[str, ForeignList] = {}
    for folder, outline in _outlines(root.find("body"), ""):
        title = _title(outline)
        name = folder or title
        one = found.setdefault(name, ForeignList(name))
        kind, address = outline.get("type", "rss"), _address(outline)
        if not address:
            one.lost.append(f"{title or 'an entry without a name'}: it has no address of a feed (xmlUrl)")
        elif kind in ("HTML+XPath", "XML+XPath"):
            _scraped(one, outline, title, kind)
        elif kind.lower() in ("rss", "atom", "rss1", "link", ""):
            _add(one, title, address)
        else:
            one.lost.append(f"{title}: FreshRSS reads it as {kind}, which feedsvc does not")
    return list(found.values())


def _outlines(parent: Any, folder: str) -> Iterator[tuple[str, Any]]:
    """(innermost folder, outline) of each subscription."""
    for outline in parent.iterchildren("outline") if parent is not None else ():
        if _address(outline) or (outline.get("type") and not len(outline)):
            yield folder, outline
        else:
            yield from _outlines(outline, _title(outline) or folder)


def _address(outline: Any) -> str:
    """The address of a subscription; some programs spell the attribute otherwise than OPML does."""
    return next((value.strip() for name, value in outline.items() if name.lower() == "xmlurl"), "")


def _title(outline: Any) -> str:
    return (outline.get("title") or outline.get("text") or _address(outline)).strip()


#: FreshRSS's attribute → the selector.
_XPATHS = {
    "xPathItemTitle": "title",
    "xPathItemUri": "link",
    "xPathItemTimestamp": "time",
    "xPathItemThumbnail": "image",
    "xPathItemContent": "summary",
}
_UNUSED = ("xPathItemAuthor", "xPathItemCategories", "xPathItemUid", "xPathItemTimeFormat")


def _scraped(one: ForeignList, outline: Any, title: str, kind: str) -> None:
    address = _address(outline)
    if kind == "XML+XPath":
        one.lost.append(
            f"{title}: it reads XML by XPath; `feedsvc inspect {address}` shows whether it is a feed"
        )
        return
    given = {name: outline.get(FRESHRSS + name) or "" for name in ("xPathItem", *_XPATHS, *_UNUSED)}
    item = as_css(given["xPathItem"])
    source: dict[str, Any] = {"page": address}
    if item:
        source["select"] = {"item": item}
        for name, key in _XPATHS.items():
            css = as_css(given[name])
            if css:
                source["select"][key] = css
            elif given[name]:
                one.lost.append(f"{title}: {name} {given[name]!r} has no selector; it is found without")
    else:
        one.lost.append(
            f"{title}: xPathItem {given['xPathItem']!r} has no selector; the list is found without"
        )
    one.lost += [
        f"{title}: {name} is not needed; feedsvc reads that itself" for name in _UNUSED if given[name]
    ]
    if outline.get(FRESHRSS + "cssFullContent"):
        one.lost.append(f"{title}: cssFullContent; feedsvc reads articles' pages itself")
    one.take(title, source)


# ── html2rss ──


_SELECTORS = {
    "title": "title",
    "link": "link",
    "url": "link",
    "updated": "time",
    "published_at": "time",
    "date": "time",
    "description": "summary",
    "image": "image",
    "enclosure": "image",
}


def _html2rss(text: str) -> list[ForeignList]:
    try:
        given = YAML(typ="safe").load(text)
    except YAMLError as error:
        raise ForeignError(f"is neither OPML, nor YAML, nor a list of addresses: {_told(error)}") from error
    feeds = given.get("feeds", given) if isinstance(given, Mapping) else None
    if isinstance(feeds, Mapping) and "channel" in feeds:
        feeds = {"": feeds}
    if (
        not isinstance(feeds, Mapping)
        or not feeds
        or not all(
            isinstance(one, Mapping) and isinstance(one.get("channel"), Mapping) for one in feeds.values()
        )
    ):
        raise ForeignError("is YAML, but has no feeds with a channel, as html2rss has them")
    return [_feed(name, one) for name, one in feeds.items()]


def _told(error: YAMLError) -> str:
    """What a YAML parser found, in one line."""
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    said = problem or str(error).partition("\n")[0]
    return f"line {mark.line + 1}: {said}" if mark else said


def _feed(name: object, given: Mapping[str, Any]) -> ForeignList:
    channel = given["channel"]
    address = web_address(str(channel.get("url") or ""))
    title = str(channel.get("title") or name or address)
    one = ForeignList(title, language=language(str(channel.get("language") or "")))
    if not address:
        one.lost.append(f"{title}: it has no address (channel.url)")
        return one
    if "%<" in address or "%{" in address:
        one.lost.append(f"{title}: its address {address} has parameters; write one source for each value")
        return one
    source: dict[str, Any] = {"page": address}
    if channel.get("time_zone"):
        source["timezone"] = str(channel["time_zone"])
    if channel.get("ttl"):
        source["every"] = f"{channel['ttl']}m"
    if channel.get("headers") or given.get("headers"):
        one.lost.append(f"{title}: request headers; feedsvc sends its own")
    selectors = given.get("selectors")
    if isinstance(selectors, Mapping):
        _select(one, source, title, selectors)
    one.take(title, source)
    return one


def _select(one: ForeignList, source: dict[str, Any], title: str, selectors: Mapping[str, Any]) -> None:
    items = selectors.get("items")
    item = items.get("selector") if isinstance(items, Mapping) else None
    if not item:
        return
    source["select"] = {"item": str(item)}
    for name, said in selectors.items():
        if name == "items" or not isinstance(said, Mapping):
            continue
        key, css = _SELECTORS.get(name), said.get("selector")
        if key is None:
            one.lost.append(f"{title}: the selector {name}; feedsvc reads that itself or not at all")
        elif css:
            source["select"][key] = str(css)
        if said.get("post_process"):
            one.lost.append(f"{title}: post_process of {name}; feedsvc cleans texts and reads dates itself")
        if said.get("extractor") == "static":
            one.lost.append(f"{title}: the fixed value of {name}")
