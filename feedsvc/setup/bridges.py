"""Addresses of RSS-Bridge and RSSHub → the sources that they make their feeds from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

from feedsvc.setup.xpath import as_css

Source = tuple[dict[str, Any], list[str]]  #: the source, and what could not be carried over
_PLAIN = re.compile(r"[\w\s.,:'-]+")  #: a filter that is no regular expression
_SELECTS = {"itemTitle": "title", "itemLink": "link", "itemPubDate": "time", "itemDesc": "summary"}


def as_source(address: str) -> Iterator[Source]:
    """The sources behind the address of a feed: itself, where no bridge made it."""
    parts = urlsplit(address)
    asked = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    if asked.get("action") == "display" and asked.get("bridge"):
        yield from _bridge(address, asked["bridge"].removesuffix("Bridge"), asked)
    elif parts.scheme == "rsshub" or "rsshub" in (parts.hostname or ""):
        yield _rsshub(address)
    else:
        yield {"feed": address}, []


def _bridge(address: str, bridge: str, asked: Mapping[str, str]) -> Iterator[Source]:
    if bridge == "CssSelector" and asked.get("home_page"):
        source: dict[str, Any] = {"page": asked["home_page"]}
        if asked.get("url_selector"):
            source["select"] = {"item": asked["url_selector"]}
        lost = [
            f"{name} = {asked[name]!r}; feedsvc reads articles' pages itself"
            for name in ("content_selector", "content_cleanup", "title_cleanup")
            if asked.get(name)
        ]
        lost += _matched(source, asked.get("url_pattern", ""), "match")
        yield source, lost
    elif bridge == "XPath" and asked.get("url"):
        yield _xpath_bridge(asked)
    elif bridge == "FeedMerge":
        for name, feed in sorted(asked.items()):
            if name.startswith("feed_") and name != "feed_name" and feed:
                yield {"feed": feed}, []
    elif bridge == "Filter" and asked.get("url"):
        for source, lost in as_source(asked["url"]):
            key = "match" if asked.get("filter_type") == "permit" else "not"
            yield source, [*lost, *_matched(source, asked.get("filter", ""), key)]
    elif bridge == "FeedExpander" and asked.get("url"):
        yield {"feed": asked["url"]}, []
    else:
        told = f"the bridge {bridge} is taken as a feed: RSS-Bridge must go on running; better give its page"
        yield {"feed": address}, [told]


def _xpath_bridge(asked: Mapping[str, str]) -> Source:
    source: dict[str, Any] = {"page": asked["url"]}
    lost = []
    item = as_css(asked.get("item", ""))
    if not item:
        return source, [f"item {asked.get('item', '')!r} has no selector; the list is found without"]
    source["select"] = {"item": item}
    for name, key in (("title", "title"), ("uri", "link"), ("timestamp", "time"), ("content", "summary")):
        css = as_css(asked.get(name, ""))
        if css:
            source["select"][key] = css
        elif asked.get(name):
            lost.append(f"{name} {asked[name]!r} has no selector; it is found without")
    return source, lost


def _rsshub(address: str) -> Source:
    parts = urlsplit(address)
    path = parts.path if parts.scheme != "rsshub" else f"/{parts.netloc}{parts.path}"
    head, _, rest = path.partition("/transform/html/")
    asked = dict(parse_qsl(parts.query))
    if not rest or head not in ("", "/rsshub"):  # the route stood below /rsshub once
        if parts.scheme == "rsshub":
            return {"feed": f"https://rsshub.app{path}"}, [_STAYS]
        source: dict[str, Any] = {"feed": address}
        return source, [_STAYS]
    page, _, rules = rest.partition("/")
    given = dict(parse_qsl(unquote(rules), keep_blank_values=True))
    source = {"page": unquote(page)}
    if given.get("item"):
        source["select"] = {"item": given["item"]}
        source["select"] |= {key: given[name] for name, key in _SELECTS.items() if given.get(name)}
    lost = _matched(source, asked.get("filter", ""), "match")
    lost += _matched(source, asked.get("filterout", ""), "not")
    lost += [
        f"{name}; feedsvc has no such rule"
        for name in given
        if name.endswith("Attr") and given[name] != "href"
    ]
    return source, lost


_STAYS = "it is taken as a feed: RSSHub must go on running; better give the page that it reads"


def _matched(source: dict[str, Any], pattern: str, key: str) -> list[str]:
    """A filter as `match` or `not`, which are texts; what is a regular expression is lost."""
    if not pattern:
        return []
    if _PLAIN.fullmatch(pattern):
        source[key] = pattern
        return []
    return [f"the filter {pattern!r} is a regular expression; `{key}` takes a text"]
