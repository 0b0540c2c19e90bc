"""Atom 1.0 (RFC 4287) and 0.3, with Media RSS → the neutral shape."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator
from functools import partial

from feedsvc.extract.bounds.xml import MAX_ENTRIES, too_many
from feedsvc.extract.feed import episodes, media
from feedsvc.extract.feed.document import (
    XML,
    Document,
    Element,
    Fields,
    first,
    joined,
    plain_or_markup,
    relation,
    text,
    xhtml,
)
from feedsvc.extract.feed.memo import scope, sealed
from feedsvc.extract.feed.mend import FORBIDDEN
from feedsvc.extract.feed.wire import Link, Medium, Stamp, Text, WireEntry, WireFeed

_PUBLISHED = ("published", "issued", "created", "dc:date", "dcterms:issued", "pubdate", "date")
_UPDATED = ("updated", "modified")
_PAGES = ("", "text/html", "application/xhtml+xml")
_PLAIN = ("text", "text/plain", "plain", "")
_FILES = ("image", "audio", "video", "font", "model", "multipart")
_MARKUP = ("html", "text/html", "xhtml", "application/xhtml+xml")


def read(document: Document) -> WireFeed:
    """The feed of a parsed document whose root is feed."""
    root = document.root
    alone = document.kind == "entry"  # an entry document (RFC 4287 2) is a feed of one
    fields = {} if alone else document.fields(root)
    entries = [root] if alone else fields.get("entry", [])
    links = fields.get("link", [])
    authors = _authors(document, fields)
    return WireFeed(
        base=document.base(root),
        based=document.based,
        site=next(_hrefs(document, links, "alternate"), ""),
        title=_construct(document, fields, "title"),
        entries=sealed(document, entries, "entry", partial(_entry, document, authors))[:MAX_ENTRIES],
        context=repr((document.kind, authors)) + scope(entries),
        language=root.get(f"{XML}lang") or first(fields, "dc:language"),
        period=first(fields, "sy:updateperiod"),
        frequency=first(fields, "sy:updatefrequency"),
        hub=next(_hrefs(document, links, "hub"), ""),
        topic=next(_hrefs(document, links, "self"), ""),
        notes=too_many(len(entries)),
    )


def _entry(document: Document, feed_authors: tuple[str, ...], entry: Element) -> WireEntry:
    fields = document.fields(entry)
    # RFC 4287 4.2.1: the feed's authors are the entry's, unless it comes from elsewhere (atom:source)
    inherited = () if "source" in fields else feed_authors
    language = _language(entry, *fields.get("title", ()), *fields.get("content", ()))
    content = _construct(document, fields, "content")
    summary = _construct(document, fields, "summary")
    return WireEntry(
        base=document.base(entry),
        title=_construct(document, fields, "title"),
        links=tuple(_links(document, fields, language or document.root.get(f"{XML}lang", ""))),
        guid=first(fields, "id"),
        published=_stamps(fields, _PUBLISHED),
        updated=_stamps(fields, _UPDATED),
        authors=_authors(document, fields) or inherited,
        summary=summary if summary.value else media.description(document, fields),
        content=content,
        content_origin="content" if content.value else "",
        media=(*_enclosures(document, fields), *media.of(document, fields)),
        tags=tuple(_tags(fields)),
        language=language,
        airing=episodes.of(document, fields),
    )


def _language(*elements: Element) -> str:
    return next((found for element in elements if (found := element.get(f"{XML}lang"))), "")


def _construct(document: Document, fields: Fields, name: str) -> Text:
    for element in fields.get(name, ()):
        found = _text(document, element)
        if found.value:
            return found
    return Text()


def _text(document: Document, element: Element) -> Text:
    """A text construct (RFC 4287 3.1) or a content (4.1.3); Atom 0.3 has MIME types and `mode` instead."""
    kind = element.get("type", "text").partition(";")[0].strip().lower()
    mode = element.get("mode", "")
    base = document.own_base(element)
    if mode == "base64":
        return Text(_decoded(text(element)), kind not in _PLAIN, base)
    if kind in ("xhtml", "application/xhtml+xml") and mode != "escaped":
        return Text(xhtml(element), True, base)
    if kind in _PLAIN or (kind.startswith("text/") and kind not in _MARKUP):
        return plain_or_markup(element, html=False, base=base)
    if kind in _MARKUP:
        return plain_or_markup(element, html=True, base=base)
    if kind.endswith(("/xml", "+xml")) or kind.partition("/")[0] in _FILES or element.get("src"):
        return Text()
    found = _decoded(text(element))  # RFC 4287 4.1.3.3: what is neither text nor XML is in base64
    return Text(found, "<" in found, base)


def _decoded(encoded: str) -> str:
    try:
        found = base64.b64decode(encoded).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""
    return "" if FORBIDDEN.search(found) else found


def _links(document: Document, fields: Fields, language: str) -> Iterator[Link]:
    for element in fields.get("feedburner:origlink", ()):
        yield Link(text(element), "feedburner:origLink")
    links = fields.get("link", [])
    if len(links) > 1 and language:
        links = sorted(links, key=lambda link: _is_foreign(link.get("hreflang", ""), language))
    pages = [link for link in links if link.get("type", "").strip().lower() in _PAGES]
    for href in (*_hrefs(document, pages, "alternate"), *_hrefs(document, links, "alternate")):
        yield Link(href, "link")
    yield Link(first(fields, "id"), "id")  # no location by RFC 4287 4.2.6, but better than none


def _is_foreign(hreflang: str, language: str) -> bool:
    """Whether a link leads to a page in another language than the entry's."""
    return bool(hreflang) and hreflang[:2].lower() != language[:2].lower()


def _hrefs(document: Document, links: Iterable[Element], wanted: str) -> Iterator[str]:
    for element in links:
        if relation(element) == wanted:
            href = element.get("href", "") or text(element)
            if href:
                base = document.own_base(element)
                yield joined(base, href) if base else href


def _enclosures(document: Document, fields: Fields) -> Iterator[Medium]:
    for element in fields.get("link", ()):
        if relation(element) == "enclosure":
            for href in _hrefs(document, [element], "enclosure"):
                yield Medium(
                    href, "enclosure", type=element.get("type", ""), length=element.get("length", "")
                )


def _stamps(fields: Fields, names: Iterable[str]) -> tuple[Stamp, ...]:
    return tuple(
        Stamp(found, name)
        for name in names
        if name in fields
        for element in fields[name]
        if (found := text(element))
    )


def _authors(document: Document, fields: Fields) -> tuple[str, ...]:
    people = (document.fields(element) for element in fields.get("author", ()))
    named = tuple(said for person in people if (said := first(person, "name")))
    return named or tuple(said for element in fields.get("dc:creator", ()) if (said := text(element)))


def _tags(fields: Fields) -> Iterator[str]:
    for element in fields.get("category", ()):
        if found := element.get("label") or element.get("term") or text(element):
            yield found
    for element in fields.get("dc:subject", ()):
        yield text(element)
