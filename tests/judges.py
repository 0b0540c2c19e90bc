"""What judges of feeds object to, as far as it concerns feedsvc: the formats' own rules and those of the W3C
validator. Written from the specifications (RSS Advisory Board, RFC 4287, RFC 5005, Media RSS, JSON Feed 1.1),
not from our renderer.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from html.entities import name2codepoint
from typing import Any
from urllib.parse import urlsplit

import jsonschema
from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
MEDIA = "{http://search.yahoo.com/mrss/}"
DC = "{http://purl.org/dc/elements/1.1/}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_URI = {"type": "string", "pattern": r"^https?://[^\s<>\"{}|\\^`]+$"}
_TEXT = {"type": "string", "minLength": 1}
_AUTHORS = {
    "type": "array",
    "items": {
        "type": "object",
        "anyOf": [{"required": ["name"]}, {"required": ["url"]}, {"required": ["avatar"]}],
        "properties": {"name": _TEXT, "url": {"type": "string"}, "avatar": _URI},
    },
}
_DATE = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"}
JSON_FEED: dict[str, Any] = {
    "type": "object",
    "required": ["version", "title", "items"],
    "patternProperties": {"^_[A-Za-z0-9]+$": {"type": "object"}},
    "additionalProperties": False,
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": _TEXT,
        "home_page_url": _URI,
        "feed_url": _URI,
        "description": {"type": "string"},
        "user_comment": {"type": "string"},
        "next_url": _URI,
        "icon": _URI,
        "favicon": _URI,
        "authors": _AUTHORS,
        "author": _AUTHORS["items"],
        "language": {"type": "string", "pattern": "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"},
        "expired": {"type": "boolean"},
        "hubs": {
            "type": "array",
            "items": {"type": "object", "required": ["type", "url"], "properties": {"url": _URI}},
        },
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id"],
                "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
                "patternProperties": {"^_[A-Za-z0-9]+$": {"type": "object"}},
                "additionalProperties": False,
                "properties": {
                    "id": _TEXT,
                    "url": _URI,
                    "external_url": _URI,
                    "title": _TEXT,
                    "content_html": _TEXT,
                    "content_text": _TEXT,
                    "summary": _TEXT,
                    "image": _URI,
                    "banner_image": _URI,
                    "date_published": _DATE,
                    "date_modified": _DATE,
                    "authors": _AUTHORS,
                    "author": _AUTHORS["items"],
                    "tags": {"type": "array", "items": _TEXT, "uniqueItems": True},
                    "language": {"type": "string"},
                    "attachments": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["url", "mime_type"],
                            "properties": {"url": _URI, "size_in_bytes": {"type": "integer", "minimum": 1}},
                        },
                    },
                },
            },
        },
    },
}
_VALIDATOR = jsonschema.Draft202012Validator(JSON_FEED)


def complaints(text: bytes, *, address: str = "") -> list[str]:
    """What is wrong with a feed, whatever its format; [] where no judge objects.

    `address` is where it was got.
    """
    if text.lstrip().startswith(b"{"):
        return list(_json(text, address))
    try:
        root = etree.fromstring(text, etree.XMLParser(resolve_entities=False, huge_tree=True))
    except etree.XMLSyntaxError as error:
        return [f"not well-formed: {error}"]
    return list(_rss(text, root, address) if root.tag == "rss" else _atom(root, address))


def _json(text: bytes, address: str) -> Iterator[str]:
    found = json.loads(text)
    for error in _VALIDATOR.iter_errors(found):
        yield f"{'/'.join(map(str, error.path))}: {error.message[:200]}"
    if address and found["feed_url"] != address:
        yield f"feed_url {found['feed_url']} is not {address}"
    if found.get("next_url") == found.get("feed_url"):
        yield "next_url leads to the feed itself"
    yield from _unique("id", [one["id"] for one in found["items"]])


def _unique(name: str, values: list[str]) -> Iterator[str]:
    yield from (
        f"{name} {value!r} stands {count} times" for value, count in Counter(values).items() if count > 1
    )


def _markup(text: str) -> bool:
    """ContainsHTML, ContainsUndeclaredHTML."""
    if re.search(r"</(a|b|i|p|em|strong|br|div|span|script|h\d|ul|li|td)>", text, re.I):
        return True
    return any(value in name2codepoint or not value.isalpha() for value in re.findall(r"&(#?\w+)", text))


def _address(where: str, value: str | None) -> Iterator[str]:
    parts = urlsplit(value or "")
    if (
        parts.scheme not in ("http", "https")
        or not parts.netloc
        or re.search(r"[\s<>\"{}|\\^`]", value or "")
    ):
        yield f"{where}: {value!r} is no full address"


def _rss(text: bytes, root: Any, address: str) -> Iterator[str]:
    if root.get("version") != "2.0" or len(root) != 1:
        yield "rss: one channel and version 2.0 are wanted"
    channel = root[0]
    for name in ("title", "link", "description", "lastBuildDate", "language", "ttl"):
        if len(channel.findall(name)) != 1 or not (channel.findtext(name) or "").strip():
            yield f"channel: exactly one {name} is wanted"
    yield from _address("channel/link", channel.findtext("link"))
    for name in ("title", "description"):
        if _markup(channel.findtext(name)):
            yield f"channel/{name}: ContainsHTML"
    links = channel.findall(f"{ATOM}link")
    yield from _feed_links(links, channel.find(f"{HISTORY}archive") is not None, address)
    yield from _about(channel)
    yield from _date("lastBuildDate", channel.findtext("lastBuildDate"))
    items = channel.findall("item")
    yield from _unique("guid", [one.findtext("guid") for one in items])
    for title in re.findall(rb"<title>(.*?)</title>", text, re.S):
        if re.search(rb"&(?!#x)|<", title):
            yield f"title: & and < are wanted as hex references: {title[:80]!r}"
    for item in items:
        yield from _item(item)


def _about(channel: Any) -> Iterator[str]:
    image = channel.find("image")
    if image is not None:
        if (image.findtext("title"), image.findtext("link")) != (
            channel.findtext("title"),
            channel.findtext("link"),
        ):
            yield "image: its title and link are not the channel's"
        if not re.search(r"\.(gif|jpe?g|png)$", urlsplit(image.findtext("url")).path):
            yield "image: ImageUrlFormat"
    for name in ("managingEditor", "webMaster"):
        for one in channel.findall(name):
            if not re.fullmatch(r"[^\s@]+@[^\s@]+ \(.+\)", one.text or ""):
                yield f"{name}: InvalidContact, MissingRealName"


def _feed_links(links: Any, archive: bool, address: str) -> Iterator[str]:
    found = [(one.get("rel", "alternate"), one.get("type")) for one in links]
    yield from _unique("link", [str(one) for one in found])
    own = [one.get("href") for one in links if one.get("rel") == "self"]
    if len(own) != 1 or (address and own != [address]):
        yield f"self {own} is not {address}"
    relations = {rel for rel, _ in found}
    if archive and "current" not in relations:
        yield "MissingCurrentInArchive"
    if not archive and ({"current", "next-archive"} & relations):
        yield "a subscription document has no current or next-archive"
    for one in links:
        yield from _address(f"link {one.get('rel')}", one.get("href"))


def _date(where: str, value: str | None) -> Iterator[str]:
    if not re.fullmatch(
        r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}", value or ""
    ):
        yield f"{where}: {value!r} is no date of RFC 822 with a four-digit year and a zone"
    elif parsedate_to_datetime(value or "").strftime("%a") != (value or "")[:3]:
        yield f"{where}: IncorrectDOW"


def _item(item: Any) -> Iterator[str]:
    for name in (
        "title",
        "link",
        "guid",
        "pubDate",
        "description",
        "enclosure",
        "source",
        f"{CONTENT}encoded",
    ):
        if len(item.findall(name)) > 1:
            yield f"item: more than one {name}"
    if not (item.findtext("title") or "").strip():
        yield "item: an empty title"
    if item.find("link") is not None:
        yield from _address("item/link", item.findtext("link"))
    permalink = item.find("guid").get("isPermaLink")
    if permalink != "false" and not (permalink == "true" and "://" in (item.findtext("guid") or "")):
        yield "guid: isPermaLink"
    yield from _date("pubDate", item.findtext("pubDate"))
    if item.find("author") is not None:
        yield "item: author and dc:creator"
    for one in item.findall(f"{DC}creator") + item.findall("category"):
        if not (one.text or "").strip():
            yield f"item: an empty {one.tag}"
    for one in item.findall("enclosure"):
        yield from _address("enclosure", one.get("url"))
        if not re.fullmatch(r"[\w.+-]+/[\w.+-]+", one.get("type")) or int(one.get("length")) < 0:
            yield "enclosure: type and length"  # RSS Best Practices Profile: 0 where it is not known
    for one in item.findall("source"):
        yield from _address("source", one.get("url"))
    for one in item.findall(f"{ATOM}updated"):
        yield from _moment("atom:updated", one.text)
    yield from _media(item)


def _media(entry: Any) -> Iterator[str]:
    for one in entry.findall(f"{MEDIA}content"):
        yield from _address("media:content", one.get("url"))
        if set(one.attrib) - {"url", "fileSize", "type", "medium", "width", "height"}:
            yield f"media:content: {sorted(one.attrib)}"
        for number in ("width", "height", "fileSize"):
            if one.get(number) is not None and int(one.get(number)) < 1:
                yield f"media:content: {number}"
        for text in one.findall(f"{MEDIA}description"):
            if text.get("type") == "plain" and _markup(text.text or ""):
                yield "media:description: ContainsUndeclaredHTML"
        for thumbnail in one.findall(f"{MEDIA}thumbnail"):
            yield from _address("media:thumbnail", thumbnail.get("url"))


def _moment(where: str, value: str | None) -> Iterator[str]:
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", value or ""):
        yield f"{where}: {value!r} is no date of RFC 3339"
    else:
        datetime.fromisoformat(value or "")


def _atom(root: Any, address: str) -> Iterator[str]:
    yield from _metadata("feed", root)
    if root.find(f"{ATOM}author/{ATOM}name") is None:
        yield "feed: no author"
    if not root.get(LANG):
        yield "feed: no xml:lang"
    yield from _feed_links(root.findall(f"{ATOM}link"), root.find(f"{HISTORY}archive") is not None, address)
    if b"tombstones" in etree.tostring(root) and root.find(f"{TOMBSTONE}deleted-entry") is None:
        yield "a namespace is declared that is not used"
    entries = root.findall(f"{ATOM}entry")
    yield from _unique("id", [one.findtext(f"{ATOM}id") for one in entries])
    yield from _unique("updated", [one.findtext(f"{ATOM}updated") for one in entries])
    live = {one.findtext(f"{ATOM}id") for one in entries}
    for one in root.findall(f"{TOMBSTONE}deleted-entry"):
        if one.get("ref") in live:
            yield f"{one.get('ref')} is both live and deleted"
        yield from _moment("when", one.get("when"))
    for entry in entries:
        yield from _entry(entry)


def _metadata(where: str, element: Any) -> Iterator[str]:
    for name in ("id", "title", "updated"):
        found = element.findall(f"{ATOM}{name}")
        if len(found) != 1 or not (found[0].text or "").strip():
            yield f"{where}: exactly one {name} is wanted"
    if not urlsplit(element.findtext(f"{ATOM}id")).scheme:
        yield f"{where}: the id is no IRI"
    yield from _moment(f"{where}: updated", element.findtext(f"{ATOM}updated"))
    for name in ("title", "subtitle", "rights", "summary"):
        for one in element.findall(f"{ATOM}{name}"):
            if one.get("type", "text") == "text" and _markup(one.text or ""):
                yield f"{where}: {name}: ContainsUndeclaredHTML"
            if not (one.text or "").strip():
                yield f"{where}: {name}: NotBlank"


def _entry(entry: Any) -> Iterator[str]:
    yield from _metadata("entry", entry)
    yield from _moment("published", entry.findtext(f"{ATOM}published"))
    links = entry.findall(f"{ATOM}link")
    alternates = [one for one in links if one.get("rel", "alternate") == "alternate"]
    if len(alternates) > 1:
        yield "entry: DuplicateAtomLink"
    if entry.find(f"{ATOM}content") is None:
        if not alternates:
            yield "entry: MissingContentOrAlternate"
        if entry.find(f"{ATOM}summary") is None:
            yield "entry: MissingTextualContent"
    for one in links:
        yield from _address("entry/link", one.get("href"))
        if one.get("rel") == "enclosure" and not (one.get("type") and int(one.get("length", "1")) > 0):
            yield "entry: an enclosure without type or length"
    for one in entry.findall(f"{ATOM}author"):
        if not (one.findtext(f"{ATOM}name") or "").strip():
            yield "entry: an author without a name"
    for one in entry.findall(f"{ATOM}category"):
        if not one.get("term") or not urlsplit(one.get("scheme")).scheme:
            yield "entry: a category without term or scheme"
    for one in entry.findall(f"{ATOM}source"):
        yield from _metadata("source", one)
        if "self" not in {link.get("rel") for link in one.findall(f"{ATOM}link")}:
            yield "source: MissingSelf"
    yield from _media(entry)
