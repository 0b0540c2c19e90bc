"""What feedgen cannot say or says wrongly, put right through its own extension hook.

feedgen 1.0 loses rel, type and length of entry links, writes no hub or archive links into RSS, knows neither
captions nor credits of pictures, and formats dates by switching the process's locale.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Iterator
from email.utils import format_datetime
from html import escape
from urllib.parse import urlsplit
from uuid import uuid4

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml import etree

from feedsvc.model import Article, Element, FeedHead, FeedSource, Image
from feedsvc.render.text import legal, looks_like_markup

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
MEDIA = "http://search.yahoo.com/mrss/"
HISTORY = "http://purl.org/syndication/history/1.0"  # RFC 5005
TOMBSTONE = "http://purl.org/atompub/tombstones/1.0"  # RFC 6721
RSS_NAMESPACES = {"atom": ATOM, "content": CONTENT, "dc": DC, "media": MEDIA}
ATOM_NAMESPACES = {"media": MEDIA}
#: What only some feeds declare, by the prefixes that the rules for them use.
OPTIONAL = {
    "dcterms": "http://purl.org/dc/terms/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "mi": "http://schemas.ingestion.microsoft.com/common/",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "rsl": "https://rslstandard.org/rsl",
    "source": "http://source.scripting.com/",
    "snf": "http://www.smartnews.be/snf",
}

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

#: A processing instruction that no content holds, where an entry is cut into the parts of a Fragment.
CUT = f"cut-{uuid4().hex}"
_MARK = etree.tostring(etree.ProcessingInstruction(CUT))


class FeedExtension(BaseExtension):  # type: ignore[misc]  # feedgen ships no types
    """The head of a feed. `head` is set by the caller after registering."""

    head: FeedHead

    def extend_ns(self) -> dict[str, str]:
        return {"dc": DC, "media": MEDIA} | _optional((*self.head.namespaces, *self.head.prefixes))

    def extend_rss(self, feed: etree._Element) -> etree._Element:
        channel = feed[0]
        if self.head.dated:
            etree.SubElement(channel, "pubDate").text = format_datetime(self.head.updated)
        if self.head.rights:
            etree.SubElement(channel, f"{{{DC}}}rights").text = legal(self.head.rights)
        add(channel, (*self.head.elements, *self.head.show))
        own = channel.find(f"{{{ATOM}}}link")
        assert own is not None  # feedgen writes rel=self
        for link in reversed(list(_links(self.head))):
            own.addnext(etree.Element(f"{{{ATOM}}}link", link))
        if self.head.current:
            etree.SubElement(channel, f"{{{HISTORY}}}archive", nsmap={"fh": HISTORY})
        return feed


def _optional(prefixes: Iterable[str]) -> dict[str, str]:
    return {prefix: OPTIONAL[prefix] for prefix in prefixes}


def add(parent: etree._Element, elements: Iterable[Element]) -> None:
    """Put what a house or a podcast asks for below an element."""
    for one in elements:
        prefix, _, name = one.name.rpartition(":")
        namespace = OPTIONAL.get(prefix) or RSS_NAMESPACES.get(prefix)
        made = etree.SubElement(parent, f"{{{namespace}}}{name}" if namespace else name, dict(one.attributes))
        if one.text:
            made.text = etree.CDATA(one.text) if one.markup else one.text
        add(made, one.children)


def markup(elements: Iterable[Element]) -> bytes:
    """Elements as text that stands in a feed which declares their prefixes."""
    root = etree.Element("root", nsmap=OPTIONAL)
    add(root, elements)
    text = etree.tostring(root, encoding="utf-8")
    return text[text.index(b">") + 1 : -len(b"</root>")] if len(root) else b""


class AtomFeedExtension(FeedExtension):
    """The same for Atom, whose links feedgen writes rightly."""

    def extend_ns(self) -> dict[str, str]:
        return ATOM_NAMESPACES | _optional(self.head.prefixes)

    def extend_atom(self, feed: etree._Element) -> etree._Element:
        add(feed, self.head.show)
        for link in _links(self.head):
            etree.SubElement(feed, "link", link)
        if self.head.current:
            etree.SubElement(feed, f"{{{HISTORY}}}archive", nsmap={"fh": HISTORY})
        for identity, when in self.head.tombstones:
            attributes = {"ref": identity, "when": when.isoformat()}
            etree.SubElement(feed, f"{{{TOMBSTONE}}}deleted-entry", attributes, nsmap={"at": TOMBSTONE})
        return feed


def _links(head: FeedHead) -> Iterator[dict[str, str]]:
    """The links of a feed besides self and alternate; archives have no hub."""
    for hub in head.hubs:
        yield {"rel": "hub", "href": hub}
    if head.licence:
        yield {"rel": "license", "href": head.licence}
    for rel, target in (
        ("prev-archive", head.previous),
        ("next-archive", head.following),
        ("current", head.current),
    ):
        if target:
            yield {"rel": rel, "href": target}


class EntryExtension(BaseEntryExtension):  # type: ignore[misc]  # feedgen ships no types
    """One entry. `article` is set by the caller after registering."""

    article: Article
    source: FeedSource | None
    elements: tuple[Element, ...] = ()
    picture: tuple[Element, ...] = ()

    def extend_rss(self, entry: etree._Element) -> etree._Element:
        article = self.article
        assert article.published is not None
        date = etree.SubElement(entry, "pubDate")
        date.text = format_datetime(article.published)
        if article.updated and article.updated != article.published:
            updated = etree.SubElement(entry, f"{{{ATOM}}}updated")
            updated.text = article.updated.isoformat()
        for name in article.story.authors:
            creator = etree.SubElement(entry, f"{{{DC}}}creator")
            creator.text = name
        for url, kind, length in enclosures(article)[:1]:  # W3C: DuplicateEnclosure
            etree.SubElement(entry, "enclosure", url=url, type=kind, length=str(length))
        if article.story.image:
            add(_media(entry, article.story.image), self.picture)
        add(entry, self.elements)
        if self.source is not None:
            made = etree.SubElement(entry, "source", url=f"{self.source.url}.rss")
            made.text = self.source.title
        _parts_last(entry, "description", f"{{{CONTENT}}}encoded", "source")
        return entry

    def extend_atom(self, entry: etree._Element) -> etree._Element:
        article = self.article
        if article.story.language:
            entry.set(XML_LANG, article.story.language)
        for name in ("title", "summary"):
            part = entry.find(name)
            if part is not None and looks_like_markup(
                part.text or ""
            ):  # said to be HTML, and escaped once more
                part.set("type", "html")
                part.text = escape(part.text or "", quote=False)
        for url, kind, length in enclosures(article):
            attributes = {"rel": "enclosure", "href": url, "type": kind}
            if length:  # RFC 4287 4.2.7.6: a hint, left out where it is not known
                attributes["length"] = str(length)
            etree.SubElement(entry, "link", attributes)
        if article.story.image:
            _media(entry, article.story.image)
        if self.source is not None:
            _source(entry, self.source, article)
        _parts_last(entry, "summary", "content", "source")
        return entry


def _source(entry: etree._Element, source: FeedSource, article: Article) -> None:
    """atom:source (RFC 4287 4.2.11). Its `updated` is the entry's: the feed's own moves all the time."""
    made = etree.SubElement(entry, "source")
    etree.SubElement(made, "id").text = source.id
    etree.SubElement(made, "title").text = source.title
    assert article.updated is not None
    etree.SubElement(made, "updated").text = article.updated.isoformat()
    etree.SubElement(made, "link", rel="self", href=f"{source.url}.atom")


_TYPES = mimetypes.MimeTypes()


def enclosures(article: Article) -> list[tuple[str, str, int]]:
    """(address, type, length) of an article's files; length 0: it is not known.

    A file keeps its place whatever is known of it: players need the address. The lead image is one more only
    where everything is known of it; feeds show it in other ways too.
    """
    found = [(one.url, one.type or _type_of(one.url), one.length) for one in article.story.enclosures]
    image = article.story.image
    if image and image.type and image.length:
        found.append((image.url, image.type, image.length))
    return found


def _type_of(url: str) -> str:
    """The media type that the ending of an address stands for, the same on every machine."""
    return _TYPES.guess_type(urlsplit(url).path)[0] or "application/octet-stream"


def _media(entry: etree._Element, image: Image) -> etree._Element:
    attributes = {"url": image.url, "medium": "image"}
    if image.type:
        attributes["type"] = image.type
    if image.width and image.height:
        attributes |= {"width": str(image.width), "height": str(image.height)}
    if image.length:
        attributes["fileSize"] = str(image.length)
    content = etree.SubElement(entry, f"{{{MEDIA}}}content", attributes)
    if image.caption:
        quotes = looks_like_markup(image.caption)
        caption = etree.SubElement(content, f"{{{MEDIA}}}description", type="html" if quotes else "plain")
        caption.text = escape(image.caption, quote=False) if quotes else image.caption
    if image.credit:
        credit = etree.SubElement(content, f"{{{MEDIA}}}credit", role="photographer", scheme="urn:ebu")
        credit.text = image.credit
    if image.thumbnail and image.thumbnail != image.url:
        etree.SubElement(content, f"{{{MEDIA}}}thumbnail", url=image.thumbnail)
    return content


def _parts_last(entry: etree._Element, *tags: str) -> None:
    """Order the children of an entry: all else, then each of the parts, with a mark before each part."""
    for tag in tags:
        part = entry.find(tag)
        entry.append(etree.ProcessingInstruction(CUT))
        if part is not None:
            entry.append(part)


def cut(item: etree._Element, namespaces: dict[str, str]) -> tuple[bytes, bytes, bytes, bytes, bytes]:
    """An entry as text that stands under a root with `namespaces`: head, its three parts, tail."""
    root = etree.Element("root", nsmap=namespaces)
    root.append(item)
    text = etree.tostring(root, encoding="utf-8")
    inner = text[text.index(b">") + 1 : -len(b"</root>")]
    closing = f"</{item.tag}>".encode()
    head, summary, content, source = inner.removesuffix(closing).split(_MARK)
    return head, summary, content, source, closing
