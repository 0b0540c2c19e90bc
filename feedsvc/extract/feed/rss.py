"""RSS 0.90 to 2.0 and RSS 1.0 (RDF), with the modules that news feeds use → the neutral shape.

RSS 2.0: https://www.rssboard.org/rss-specification; its profile says what is meant where that is silent.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from feedsvc.extract.bounds.xml import MAX_ENTRIES, too_many
from feedsvc.extract.feed import episodes, media
from feedsvc.extract.feed.document import (
    PREFIXES,
    XML,
    Document,
    Element,
    Fields,
    first,
    joined,
    plain_or_markup,
    relation,
    text,
)
from feedsvc.extract.feed.memo import scope, sealed
from feedsvc.extract.feed.wire import Link, Stamp, Text, WireEntry, WireFeed

_ABOUT = f"{{{PREFIXES['rdf']}}}about"
_PUBLISHED = (
    *("pubdate", "dc:date", "dcterms:issued", "atom:published", "dcterms:created"),
    *("published", "issued", "date"),  # of no RSS, but written
)
_UPDATED = ("atom:updated", "dcterms:modified", "updated", "modified")
#: The full text, by how sure the name is
_CONTENT = ("content:encoded", "xhtml:body", "atom:content", "fullitem", "body")


def read(document: Document) -> WireFeed:
    """The feed of a parsed document whose root is rss, RDF or a bare channel."""
    root = document.root
    outside = document.fields(root)
    channel = root if document.kind == "channel" else next(iter(outside.get("channel", ())), root)
    fields = document.fields(channel)
    inside = fields.get("item", [])
    beside = outside.get("item", []) if channel is not root else []  # where RSS 1.0 has them
    entry = partial(_entry, document)
    items = (*sealed(document, inside, "item", entry), *sealed(document, beside, "item", entry))
    links = fields.get("atom:link", [])
    return WireFeed(
        base=document.base(channel),
        based=document.based,
        site=first(fields, "link"),
        title=_text(document, fields, "title", "dc:title"),
        entries=items[:MAX_ENTRIES],
        context=document.kind + scope(inside) + scope(beside),
        language=first(fields, "language", "dc:language") or root.get(f"{XML}lang", ""),
        ttl=first(fields, "ttl"),
        skip_hours=_skips(document, fields, "skiphours", "hour"),
        skip_days=_skips(document, fields, "skipdays", "day"),
        period=first(fields, "sy:updateperiod"),
        frequency=first(fields, "sy:updatefrequency"),
        hub=_related(document, links, "hub"),
        topic=_related(document, links, "self"),
        notes=too_many(len(items)),
    )


def _skips(document: Document, fields: Fields, name: str, each: str) -> tuple[str, ...]:
    """The texts inside <skipHours> or <skipDays>."""
    found = (one for outer in fields.get(name, ()) for one in document.fields(outer).get(each, ()))
    return tuple((one.text or "").strip() for one in found)[:48]


def _entry(document: Document, item: Element) -> WireEntry:
    fields = document.fields(item)
    summary = _text(document, fields, "description", "dc:description", "atom:summary")
    content, origin = _content(document, fields)
    return WireEntry(
        base=document.base(item),
        title=_text(document, fields, "title", "dc:title", "itunes:title", "media:title"),
        links=tuple(_links(document, item, fields)),
        guid=first(fields, "guid", "atom:id")
        or item.get(_ABOUT, "").strip()
        or first(fields, "dc:identifier"),
        published=_stamps(fields, _PUBLISHED),
        updated=_stamps(fields, _UPDATED),
        authors=_authors(document, fields),
        summary=summary if summary.value else media.description(document, fields),
        content=content,
        content_origin=origin,
        media=tuple(media.of(document, fields)),
        tags=tuple(_tags(document, fields)),
        language=item.get(f"{XML}lang") or first(fields, "dc:language"),
        airing=episodes.of(document, fields),
    )


def _text(document: Document, fields: Fields, *names: str) -> Text:
    """The first field with anything in it, read as HTML: what RSS publishers do, whatever the text."""
    for name in names:
        for element in fields.get(name, ()):
            found = plain_or_markup(element, html=True, base=document.own_base(element))
            if found.value:
                return found
    return Text()


def _content(document: Document, fields: Fields) -> tuple[Text, str]:
    for name in _CONTENT:
        if name in fields:
            found = _text(document, fields, name)
            if found.value:
                return found, name
    return Text(), ""


def _links(document: Document, item: Element, fields: Fields) -> Iterable[Link]:
    for element in fields.get("feedburner:origlink", ()):
        yield Link(text(element), "feedburner:origLink")
    for element in fields.get("link", ()):
        # an Atom link that lost its namespace has href
        if relation(element) == "alternate" and (href := text(element) or element.get("href", "")):
            yield Link(_resolved(document, element, href), "link")
    if "atom:link" in fields:
        yield Link(_related(document, fields["atom:link"], "alternate"), "atom:link")
    for element in fields.get("guid", ()):
        if element.get("isPermaLink", "true").strip().lower() != "false":
            yield Link(text(element), "guid")
    if about := item.get(_ABOUT):
        yield Link(about, "rdf:about")


def _related(document: Document, links: Iterable[Element], wanted: str) -> str:
    for element in links:
        if relation(element) == wanted and (href := element.get("href")):
            return _resolved(document, element, href)
    return ""


def _resolved(document: Document, element: Element, href: str) -> str:
    base = document.own_base(element)
    return joined(base, href) if base else href


def _stamps(fields: Fields, names: Iterable[str]) -> tuple[Stamp, ...]:
    return tuple(
        Stamp(found, _SPELLING.get(name, name))
        for name in names
        if name in fields
        for element in fields[name]
        if (found := text(element))
    )


_SPELLING = {"pubdate": "pubDate"}


def _tags(document: Document, fields: Fields) -> Iterable[str]:
    groups = [document.fields(group) for group in fields.get("categories", ())]
    for one in (fields, *groups):
        for name in ("category", "dc:subject"):
            if name in one:
                yield from filter(None, map(text, one[name]))


def _person(document: Document, element: Element) -> str:
    return (first(document.fields(element), "name") if len(element) else "") or text(element)


def _authors(document: Document, fields: Fields) -> tuple[str, ...]:
    for name in ("dc:creator", "dc:author", "author", "itunes:author"):
        if found := tuple(said for one in fields.get(name, ()) if (said := _person(document, one))):
            return found
    people = (document.fields(element) for element in fields.get("atom:author", ()))
    return tuple(said for person in people if (said := first(person, "atom:name")))
