"""A parsed XML feed, as the dialect readers see it: elements by short names, texts, bases, languages.

Reading a feed is mostly reading its items' children, so these few functions are where the time goes.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any, cast
from urllib.parse import urljoin

from lxml import etree

from feedsvc.extract.feed.wire import Text

Element = etree._Element  # noqa: SLF001 — the class of all elements has no other name

XML = "{http://www.w3.org/XML/1998/namespace}"
_XHTML = "{http://www.w3.org/1999/xhtml}"

#: Prefix → its usual namespace
PREFIXES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "xhtml": "http://www.w3.org/1999/xhtml",
}
#: The same, lower case and without a last slash, since both are written wrongly; "" is RSS itself
_BY_URI = {uri.lower().rstrip("/"): f"{prefix}:" for prefix, uri in PREFIXES.items()} | {
    "http://purl.org/atom/ns#": "atom:",  # Atom 0.3
    "http://www.rssboard.org/media-rss": "media:",
    "https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast:",
    "http://purl.org/rss/1.0": "",
    "http://my.netscape.com/rdf/simple/0.9": "",
    "http://channel.netscape.com/rdf/simple/0.9": "",
    "http://my.netscape.com/publish/formats/rss-0.91.dtd": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://cyber.law.harvard.edu/rss": "",
    "http://purl.org/net/rss1.1#": "",
}
#: An attribute that carries its element's prefix; of none of these names another vocabulary has one of use.
#: The pattern begins at the colon, which is found much faster than any name before it.
_PREFIXED = re.compile(rb":(?:href|rel|type|term|label|url|length|medium|isPermaLink|mode)\s*=")
_RELATIONS = re.compile(r"https?://www\.iana\.org/assignments/(?:link-)?relations?/?#?", re.I)
_WRAPPED = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.S)
_TAG = re.compile(r"<[A-Za-z/!]")
_RSS_URI = "backend.userland.com/rss"  # several spellings with versions behind it

Fields = dict[str, list[Element]]


class _Names(dict[Any, str]):
    """Tag → short lower-case name (`media:content`), found once for every tag of a document."""

    def __init__(self, home: str) -> None:
        super().__init__()
        self._home = home  # the namespace of the dialect itself: its elements need no prefix

    def __missing__(self, tag: Any) -> str:
        name = self[tag] = self._short(tag) if isinstance(tag, str) else ""
        return name

    def _short(self, tag: str) -> str:
        uri, _, local = tag.rpartition("}")
        local = local.lower()
        uri = uri[1:].lower().rstrip("/")
        if uri in ("", self._home) or _RSS_URI in uri:
            return local
        return _BY_URI.get(uri, "?:") + local


class Document:
    """The elements of one feed."""

    def __init__(self, root: Element, *, url: str, data: bytes) -> None:
        name = etree.QName(root)
        self.root = root
        self.data = data  #: that it was parsed from, in UTF-8
        self.based = b"xml:base" in data
        self.kind = name.localname.lower()  #: rss | rdf | channel | feed | another thing's name
        home = "" if self.kind == "rdf" else (name.namespace or "").lower().rstrip("/")
        self._names = _Names(home)
        self._url = url
        if _PREFIXED.search(data):
            self._unprefix()

    def _unprefix(self) -> None:
        """Attributes that carry the prefix of a feed's vocabulary mean what they mean without one."""
        for element in self.root.iter(etree.Element):
            for name, value in element.attrib.items():
                uri, _, local = str(name).rpartition("}")
                uri = uri[1:].lower().rstrip("/")
                if uri and local not in element.attrib and (uri in _BY_URI or _RSS_URI in uri):
                    element.set(local, value)

    def fields(self, element: Element) -> Fields:
        """The children of `element` by name, in order. Unknown namespaces are `?:`."""
        names = self._names
        found: Fields = {}
        for child in element:
            name = names[child.tag]
            if name in found:
                found[name].append(child)
            else:
                found[name] = [child]
        return found

    def base(self, element: Element) -> str:
        """What relative addresses inside `element` refer to (XML Base)."""
        if not self.based:
            return self._url
        steps = [element.get(f"{XML}base"), *(above.get(f"{XML}base") for above in element.iterancestors())]
        base = self._url
        for step in reversed(steps):
            if step:
                base = joined(base, step)
        return base

    def own_base(self, element: Element) -> str:
        """The base of an element that has one of its own (or whose children may); else ""."""
        return self.base(element) if self.based else ""


def joined(base: str, href: str) -> str:
    """`href` resolved against `base`; unchanged where that is impossible."""
    try:
        return urljoin(base, href.strip())
    except ValueError:
        return href


def text(element: Element) -> str:
    """The characters of an element, its children's too, without space around them."""
    if len(element):
        return "".join(cast("Any", element.itertext())).strip()
    return (element.text or "").strip()


def first(fields: Fields, *names: str) -> str:
    """The text of the first field of the first of `names` that has any."""
    for name in names:
        for element in fields.get(name, ()):
            if found := text(element):
                return found
    return ""


def markup(element: Element, *, escaped: bool = False) -> str:
    """The content of an element as HTML: its text taken as (once escaped) HTML, or its child elements.

    Beside child elements a text is text, unless it is `escaped` HTML as well (CDATA between elements).
    """
    if not len(element):
        return (element.text or "").strip()
    for node in element.iter():
        tag: object = node.tag
        if isinstance(tag, str) and tag[0] == "{":
            node.tag = tag.rpartition("}")[2]
    pieces = [_beside(element.text, escaped)]
    for child in element:
        pieces.append(etree.tostring(child, encoding="unicode", method="html", with_tail=False))
        pieces.append(_beside(child.tail, escaped))
    return "".join(pieces).strip()


def _beside(text: str | None, escaped: bool) -> str:
    if not text or (escaped and _TAG.search(text)):
        return text or ""
    return escape(text, quote=False)


def xhtml(element: Element) -> str:
    """The content of an Atom text construct of type xhtml: what is in its div (RFC 4287 3.1.1.3)."""
    if len(element) == 1 and element[0].tag in (f"{_XHTML}div", "div") and not (element.text or "").strip():
        return markup(element[0]) if len(element[0]) else escape(element[0].text or "", quote=False)
    return markup(element)


def plain_or_markup(element: Element, *, html: bool, base: str = "") -> Text:
    """The content of an element whose text is plain (or HTML, if `html`) but that may hold bare markup."""
    if len(element):
        return Text(markup(element, escaped=html), True, base)
    return Text(unwrapped((element.text or "").strip()), html, base)


def unwrapped(text: str) -> str:
    """`text` without the marks of a CDATA section that was escaped as if it were text."""
    return _WRAPPED.sub(r"\1", text).strip() if text.startswith("<![CDATA[") else text


def relation(link: Element) -> str:
    """What a link is to its entry. The IANA's address of a relation means its name (RFC 4287 4.2.7.2)."""
    return _RELATIONS.sub("", (link.get("rel") or "alternate").strip()).lower()
