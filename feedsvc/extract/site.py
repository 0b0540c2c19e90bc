"""What a home page tells of its site: its name, language, feeds, and the links of its menus."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from feedsvc import urls
from feedsvc.dates import home_zone
from feedsvc.extract.html import parse
from feedsvc.model import MenuLink, SiteReading

MAX_LABEL = 40  #: characters of a menu entry; headlines are longer
MAX_SEGMENTS = 3  #: of a section's path; articles lie deeper or end in a long slug
MAX_LINKS = 200
FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})
#: Where menus stand: landmarks first, then lists of links anywhere.
_MENUS = ("nav a[href], [role=navigation] a[href], header a[href]", "ul a[href], ol a[href]", "a[href]")
_SEPARATOR = re.compile(r"(?<!\s)\s+[|–—·•-]\s+|(?<!\s)\s+:\s+|:\s+")
_FILE = re.compile(r"\.(?!html?$|php$|aspx?$|jsp$)[a-z0-9]{2,5}$", re.I)
_SPACE = re.compile(r"\s+")


def read(text: str, *, url: str) -> SiteReading:
    """What the page at `url` tells of its site. Raises ReadError where the page is beyond all bounds."""
    tree = parse(text)
    base = _address(tree, url, "base[href]") or url
    language = _attribute(tree, "html[lang]", "lang") or _attribute(
        tree, "meta[property='og:locale']", "content"
    )
    language = language.replace("_", "-").split("-")[0].lower()
    zone = home_zone(url, language)
    return SiteReading(
        url=url,
        name=_name(tree, url),
        description=_attribute(tree, "meta[name=description]", "content").strip(),
        language=language,
        timezone=zone.key if zone else "",
        links=tuple(_links(tree, base)),
        feeds=tuple(_feeds(tree, base)),
        wordpress=_address(tree, base, "link[rel='https://api.w.org/']"),
    )


def _attribute(tree: LexborHTMLParser, selector: str, name: str) -> str:
    node = tree.css_first(selector)
    return (node.attributes.get(name) or "") if node is not None else ""


def _address(tree: LexborHTMLParser, base: str, selector: str) -> str:
    href = _attribute(tree, selector, "href")
    return (urls.absolute(base, href) or "") if href else ""


def _name(tree: LexborHTMLParser, url: str) -> str:
    """The site's name: as it states it, else the part of its title that its host's name resembles."""
    for selector in ("meta[property='og:site_name']", "meta[name=application-name]"):
        if stated := _shown(_attribute(tree, selector, "content")):
            return stated
    title = tree.css_first("title")
    parts = [part for part in _SEPARATOR.split(_shown(title.text() if title else "")) if part]
    host = re.sub(r"^www\.", "", urlsplit(url).hostname or "")
    letters = re.sub(r"\W", "", host.split(".")[0])
    alike = [part for part in parts if letters and letters in re.sub(r"\W", "", part).lower()]
    return (alike or parts or [host])[0]


def _feeds(tree: LexborHTMLParser, base: str) -> Iterator[MenuLink]:
    seen: set[str] = set()
    for node in tree.css("link[rel~=alternate][href]"):
        address = urls.absolute(base, node.attributes.get("href"))
        if (node.attributes.get("type") or "").lower() in FEED_TYPES and address and address not in seen:
            seen.add(address)
            yield MenuLink(url=address, title=_shown(node.attributes.get("title") or ""))


def _links(tree: LexborHTMLParser, base: str) -> Iterator[MenuLink]:
    """Links with a short label to pages of the same site that lie not deep, those in menus first."""
    seen = {urls.key(base)}
    for selector in _MENUS:
        for node in tree.css(selector):
            link = _link(node, base)
            if link is None or urls.key(link.url) in seen:
                continue
            seen.add(urls.key(link.url))
            yield link
            if len(seen) > MAX_LINKS:
                return


def _link(node: LexborNode, base: str) -> MenuLink | None:
    address = urls.absolute(base, node.attributes.get("href"))
    label = _shown(node.text())
    if address is None or not urls.same_site(base, address) or not 1 < len(label) <= MAX_LABEL:
        return None
    parts = urlsplit(address)
    segments = [segment for segment in parts.path.split("/") if segment]
    if parts.query or _FILE.search(parts.path) or len(segments) > MAX_SEGMENTS:
        return None
    if not segments and urls.host(address) == urls.host(base):  # the home page itself
        return None
    return MenuLink(url=address, title=label)


def _shown(text: str) -> str:
    return _SPACE.sub(" ", text).strip()
