"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/) → the neutral shape.

Publishers get the types wrong (numbers as ids, one author as a list, null anywhere): a field of a wrong
type is read as missing, an item that is no object is left out with a note.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

from feedsvc.errors import Code, ReadError
from feedsvc.extract import jsontext
from feedsvc.extract.bounds.xml import MAX_ENTRIES, too_many
from feedsvc.extract.feed.memo import seal
from feedsvc.extract.feed.wire import Airing, Link, Medium, Sealed, Stamp, Text, WireEntry, WireFeed

MAX_VALUES = 500_000  #: each costs about 200 bytes of memory

Fields = dict[str, Any]

_HEAD = {"title", "feed_url", "home_page_url"}
_EPOCH = re.compile(r"\d{9,10}(?:\.\d{1,9})?|\d{12,13}")
_SURROGATE = re.compile("[\ud800-\udfff]")


def read(text: str, *, url: str) -> WireFeed:
    """The feed in `text`; raises ReadError (NOT_A_FEED, BAD_XML where it is no JSON, TOO_DEEP)."""
    document = _parse(text)
    items = document.get("items")
    # JSON of other kinds has items too; some publishers forget the version
    known = "jsonfeed" in _text(document, "version") or document.keys() & _HEAD
    if not isinstance(items, list) or not known:
        raise ReadError(
            Code.NOT_A_FEED,
            "the answer is JSON of another kind, not a JSON Feed; if it is WordPress's API, give the site's "
            "address as `wordpress = …`, else the page that shows these articles as `page = …`",
        )
    objects = [item for item in items if isinstance(item, dict)]
    authors = tuple(_authors(document))
    notes = list(too_many(len(objects)))
    if len(objects) < len(items):
        notes.append(f"{len(items) - len(objects)} items are not objects and were left out")
    return WireFeed(
        base=url,
        site=_text(document, "home_page_url"),
        title=Text(_text(document, "title")),
        entries=tuple(
            Sealed(partial(_entry, item, url, authors), seal(json.dumps(item).encode()))
            for item in objects[:MAX_ENTRIES]
        ),
        context=repr(("json", authors)),
        language=_text(document, "language"),
        hub=next(_hubs(document), ""),
        topic=_text(document, "feed_url"),
        notes=tuple(notes),
    )


def _parse(text: str) -> Fields:
    if sum(map(text.count, ",[{")) > MAX_VALUES:
        raise ReadError(Code.BAD_XML, f"the JSON has more than {MAX_VALUES:,} values")
    try:
        document = jsontext.loads(text)
    except RecursionError as error:
        raise ReadError(Code.TOO_DEEP, "the JSON is nested too deeply") from error
    except ValueError as error:
        raise ReadError(Code.BAD_XML, f"the answer begins like JSON but is not valid: {error}") from error
    if not isinstance(document, dict):
        raise ReadError(Code.NOT_A_FEED, "the answer is JSON, but no JSON Feed")
    return document


def _entry(item: Fields, url: str, feed_authors: tuple[str, ...]) -> WireEntry:
    html, plain = _text(item, "content_html"), _text(item, "content_text")
    # an item of a link blog points elsewhere with external_url; its own page is url
    links = [Link(href, name) for name in ("url", "external_url", "id") if (href := _text(item, name))]
    return WireEntry(
        base=url,
        title=Text(_text(item, "title")),
        links=tuple(links),
        guid=_number(item, "id"),
        published=tuple(_stamps(item, "date_published")),
        updated=tuple(_stamps(item, "date_modified")),
        authors=tuple(_authors(item)) or feed_authors,
        summary=Text(_text(item, "summary")),
        content=Text(html, html=True) if html else Text(plain),
        content_origin="content_html" if html else "content_text" if plain else "",
        media=tuple(_media(item)),
        tags=tuple(_tags(item)),
        language=_text(item, "language"),
        airing=_airing(item),
    )


def _airing(item: Fields) -> Airing | None:
    durations = (_number(one, "duration_in_seconds") for one in _objects(item, "attachments"))
    duration = next(filter(None, durations), "")
    return Airing(duration=duration) if duration else None


def _number(fields: Fields, name: str) -> str:
    """What is meant to be a number or an id: many publishers write the one as the other."""
    value = fields.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return json.dumps(value)
    return _text(fields, name)


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    return _SURROGATE.sub("\ufffd", value).strip() if isinstance(value, str) else ""


def _list(fields: Fields, name: str) -> list[Any]:
    value = fields.get(name)
    return value if isinstance(value, list) else [value] if isinstance(value, dict) else []


def _objects(fields: Fields, name: str) -> Iterator[Fields]:
    return (one for one in _list(fields, name) if isinstance(one, dict))


def _stamps(item: Fields, name: str) -> Iterator[Stamp]:
    """A date, which RFC 3339 wants; a number is seconds or milliseconds since 1970."""
    said = _number(item, name)
    if _EPOCH.fullmatch(said):
        seconds = float(said) / (1_000 if len(said.partition(".")[0]) > 11 else 1)
        said = datetime.fromtimestamp(seconds, UTC).isoformat()
    if said:
        yield Stamp(said, name)


def _tags(item: Fields) -> Iterator[str]:
    """Names from a list of them, of objects, or from one text with commas."""
    value = item.get("tags")
    for tag in value.split(",") if isinstance(value, str) else _list(item, "tags"):
        if name := tag if isinstance(tag, str) else _text(tag, "name") if isinstance(tag, dict) else "":
            yield name.strip()


def _authors(fields: Fields) -> Iterator[str]:
    """Names from `authors` (1.1), else `author` (1.0); both may hold either's shape."""
    for key in ("authors", "author"):
        value = fields.get(key)
        names = [
            _text(one, "name") if isinstance(one, dict) else one if isinstance(one, str) else ""
            for one in (value if isinstance(value, list) else [value])
        ]
        if any(names):
            yield from filter(None, names)
            return


def _media(item: Fields) -> Iterator[Medium]:
    for key in ("image", "banner_image"):
        picture = item.get(key)
        if href := _text(picture, "url") if isinstance(picture, dict) else _text(item, key):
            yield Medium(href, "image", medium="image")
    for attachment in _objects(item, "attachments"):
        if href := _text(attachment, "url"):
            kind, size = _text(attachment, "mime_type"), _number(attachment, "size_in_bytes")
            yield Medium(href, "enclosure", type=kind, length=size)


def _hubs(document: Fields) -> Iterator[str]:
    for hub in _objects(document, "hubs"):
        if _text(hub, "type").lower() == "websub" and (href := _text(hub, "url")):
            yield href
