"""Pictures and files of an RSS item or Atom entry: Media RSS, enclosures, iTunes.

Media RSS: https://www.rssboard.org/media-rss. What is said in a group, or in the item, holds for every
content in it that says nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from feedsvc.extract.feed.document import Document, Element, Fields, first, plain_or_markup, text
from feedsvc.extract.feed.wire import Medium, Text

_MOST = 100  #: of one entry


def of(document: Document, fields: Fields) -> Iterator[Medium]:
    """The files of an item with these fields, the best descriptions of a picture first."""
    if "media:content" in fields or "media:group" in fields or "media:thumbnail" in fields:
        yield from _media(document, fields, Text(), "")
    for element in fields.get("enclosure", ())[:_MOST]:
        if url := element.get("url", ""):
            yield Medium(url, "enclosure", type=element.get("type", ""), length=element.get("length", ""))
    for element in fields.get("itunes:image", ())[:1]:
        if url := element.get("href", "") or text(element):
            yield Medium(url, "itunes:image", medium="image")
    for element in fields.get("image", ())[:1]:
        if url := first(document.fields(element), "url") or (element.text or "").strip():
            yield Medium(url, "image", medium="image")


def _media(document: Document, fields: Fields, caption: Text, credit: str) -> Iterator[Medium]:
    caption = _caption(fields) or caption
    credit = _credit(fields) or credit
    for group in fields.get("media:group", ())[:_MOST]:
        yield from _media(document, document.fields(group), caption, credit)
    for element in fields.get("media:content", ())[:_MOST]:
        inner = document.fields(element) if len(element) else {}
        if element.get("url"):
            yield _content(element, _caption(inner) or caption, _credit(inner) or credit)
        yield from _thumbnails(inner, caption, credit)
    yield from _thumbnails(fields, caption, credit)


def _content(element: Element, caption: Text, credit: str) -> Medium:
    get = element.get
    return Medium(
        get("url", ""),
        "media:content",
        type=get("type", ""),
        medium=get("medium", ""),
        width=get("width", ""),
        height=get("height", ""),
        length=get("fileSize", ""),
        caption=caption,
        credit=credit,
    )


def _thumbnails(fields: Fields, caption: Text, credit: str) -> Iterator[Medium]:
    for element in fields.get("media:thumbnail", ())[:_MOST]:
        if url := element.get("url", "") or text(element):
            width, height = element.get("width", ""), element.get("height", "")
            yield Medium(
                url,
                "media:thumbnail",
                medium="image",
                width=width,
                height=height,
                caption=caption,
                credit=credit,
            )


def _caption(fields: Fields) -> Text | None:
    for element in fields.get("media:description", ()):
        found = plain_or_markup(element, html=element.get("type", "plain") == "html")
        if found.value:
            return found
    return None


def _credit(fields: Fields) -> str:
    if "media:credit" not in fields:
        return ""
    return ", ".join(found for element in fields.get("media:credit", ()) if (found := text(element)))


def description(document: Document, fields: Fields) -> Text:
    """What Media RSS says of an entry that says nothing itself (video sites)."""
    groups = (document.fields(group) for group in fields.get("media:group", ()))
    return next((found for one in (fields, *groups) if (found := _caption(one))), Text())
