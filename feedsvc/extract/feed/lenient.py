"""What is not well-formed and cannot be mended: feedparser → the neutral shape.

The only module that knows feedparser. It gets text whose entities, control characters and namespace
prefixes are in order, bounded in size, depth and entries; it resolves, sanitises and dates nothing (its
dates lose the zone, its sanitiser is not ours).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import feedparser

from feedsvc.errors import Code, ReadError
from feedsvc.extract.bounds import xml as limits
from feedsvc.extract.feed.wire import Airing, Link, Medium, Sealed, Stamp, Text, WireEntry, WireFeed

MAX_CHARS = 2_000_000  #: feedparser takes about a second for so much
_ENTRY = re.compile(r"<(?:[\w.-]+:)?(item|entry)(?=[\s>])")
#: A `<` whose tag does not end before the next begins: feedparser's parser looks for its end again and again
_UNCLOSED = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<(?=[^<>]*(?:<|\Z))", re.S)
#: What feedparser takes for the entry's own title, description, content or tags
_ASIDE = re.compile(
    r"<(?:media:(?:title|description|text|keywords|category)|itunes:(?:title|subtitle|summary|keywords))"
    r"(?=[\s>])(?:[^<>]*[^<>/])?>"
)
#: Ids are made absolute IRIs, or feedparser would resolve them: they would not be the strict reader's
_ID = re.compile(r"<(?:[\w.-]+:)?(?:guid|id)(?=[\s>])(?:[^<>]*[^<>/])?>", re.I)
_VERBATIM = "urn:feedsvc:verbatim:"
_HTML = ("text/html", "application/xhtml+xml")

Dict = dict[str, Any]


def read(text: str, *, url: str, reason: str) -> WireFeed:
    """The feed in `text` as feedparser understands it; `reason` says why no other reader could.

    Raises ReadError: BAD_XML (also where nothing like a feed was found), TOO_DEEP.
    """
    text, cut = _first_entries(text)
    if len(text) > MAX_CHARS:
        raise ReadError(Code.BAD_XML, f"the feed is not well-formed and too large to be mended: {reason}")
    if limits.is_crowded(text):
        raise limits.too_crowded()
    if limits.depth(text) > limits.MAX_DEPTH:
        raise ReadError(Code.TOO_DEEP, f"the feed's elements are nested more than {limits.MAX_DEPTH} deep")
    try:
        parsed: Dict = feedparser.parse(
            io.BytesIO(_prepared(text).encode("utf-8", "replace")),  # a str might be taken for a file's name
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except Exception as error:
        raise ReadError(Code.BAD_XML, f"the feed is not well-formed: {reason}") from error
    if not parsed.get("version") and not parsed["entries"]:
        raise ReadError(Code.BAD_XML, f"the feed is not well-formed: {reason}")
    note = f"the feed is not well-formed: {reason}"
    return _feed(parsed, url, "xml:base" in text, (note, *limits.too_many(limits.MAX_ENTRIES + cut)))


def _prepared(text: str) -> str:
    """`text` without what feedparser does not bear, or not understand."""
    text = _UNCLOSED.sub(lambda found: "&lt;" if found[0] == "<" else found[0], text)
    return _without_asides(_ID.sub(rf"\g<0>{_VERBATIM}", text))


def _without_asides(text: str) -> str:
    """`text` without what is said of pictures, and said twice for podcasts."""
    pieces, at = [], 0
    for found in _ASIDE.finditer(text):
        if found.start() >= at:
            prefix = found[0].partition(":")[0][1:]
            close = text.find(f"</{prefix}:", found.end())
            if close < 0:
                break
            pieces.append(text[at : found.start()])
            at = max(text.find(">", close), close) + 1
    return "".join((*pieces, text[at:]))


def _first_entries(text: str) -> tuple[str, bool]:
    """The text up to entry number MAX_ENTRIES, and whether something was cut off."""
    for number, found in enumerate(_ENTRY.finditer(text)):
        if number == limits.MAX_ENTRIES:
            return text[: found.start()], True
    return text, False


def _feed(parsed: Dict, url: str, based: bool, notes: tuple[str, ...]) -> WireFeed:
    feed: Dict = parsed["feed"]
    links = feed.get("links", ())
    entries: list[Dict] = parsed["entries"][: limits.MAX_ENTRIES]
    return WireFeed(
        base=url,
        based=based,
        site=_str(feed, "link"),
        title=_detail(feed.get("title_detail", {}), _is_rss(parsed)),
        entries=tuple(Sealed(partial(_entry, entry, url, parsed)) for entry in entries),
        language=_str(feed, "language"),
        ttl=_str(feed, "ttl"),  # of skipHours and skipDays feedparser keeps the last one only: not used
        period=_str(feed, "sy_updateperiod"),
        frequency=_str(feed, "sy_updatefrequency"),
        hub=next(_hrefs(links, "hub"), ""),
        topic=next(_hrefs(links, "self"), ""),
        notes=notes,
    )


def _entry(entry: Dict, url: str, parsed: Dict) -> WireEntry:
    rss = _is_rss(parsed)
    content: Dict = next((one for one in entry.get("content", ()) if one.get("value")), {})
    # dc:date is "updated" to feedparser; beside a pubDate it may be atom:updated
    published = tuple(_stamps(entry, "published", "created"))
    updated = tuple(_stamps(entry, "updated"))
    return WireEntry(
        base=url,
        title=_detail(entry.get("title_detail", {}), rss),
        links=tuple(_links(entry)),
        guid=_str(entry, "id").removeprefix(_VERBATIM).strip(),
        published=published or (updated if rss else ()),
        updated=updated if published or not rss else (),
        authors=_names(entry) or (() if rss or "source" in entry else _names(parsed["feed"])),
        summary=_detail(entry.get("summary_detail", {}), rss),
        content=_detail(content, rss),
        content_origin="content" if content else "",
        media=tuple(_media(entry)),
        tags=tuple(_str(tag, "label") or _str(tag, "term") for tag in entry.get("tags", ())),
        language=_str(content or entry.get("title_detail", {}), "language"),
        airing=_airing(entry),
    )


def _airing(entry: Dict) -> Airing | None:
    """What feedparser keeps of an episode: it has no places for several transcripts."""
    explicit = dict.get(entry, "itunes_explicit")  # True, False or None
    said = Airing(
        duration=_str(entry, "itunes_duration"),
        number=_str(entry, "itunes_episode"),
        season=_str(entry, "itunes_season"),
        kind=_str(entry, "itunes_episodetype"),
        explicit="" if explicit is None else str(explicit),
        image=_str(entry.get("image", {}), "href"),
    )
    return said if said != Airing(image=said.image) else None


def _is_rss(parsed: Dict) -> bool:
    return not str(parsed.get("version", "")).startswith("atom")


def _detail(detail: Dict, rss: bool) -> Text:
    kind = _str(detail, "type")
    return Text(_str(detail, "value"), html=rss or kind in _HTML, base=_str(detail, "base"))


def _str(fields: Dict, name: str) -> str:
    value = dict.get(fields, name)  # its own `get` gives "published" for a missing "updated"
    return value.strip() if isinstance(value, str) else ""


def _stamps(entry: Dict, *names: str) -> Iterator[Stamp]:
    for name in names:
        if said := _str(entry, name):
            yield Stamp(said, name)


def _links(entry: Dict) -> Iterator[Link]:
    if href := _str(entry, "feedburner_origlink"):
        yield Link(href, "feedburner:origLink")
    if href := _str(entry, "link"):
        yield Link(href.removeprefix(_VERBATIM), "guid" if href.startswith(_VERBATIM) else "link")
    for href in _hrefs(entry.get("links", ()), "alternate"):
        yield Link(href, "link")


def _hrefs(links: Iterable[Dict], relation: str) -> Iterator[str]:
    return (href for link in links if link.get("rel") == relation and (href := _str(link, "href")))


def _names(fields: Dict) -> tuple[str, ...]:
    return tuple(name for author in fields.get("authors", ()) if (name := _str(author, "name")))


def _media(entry: Dict) -> Iterator[Medium]:
    credit = ", ".join(_str(one, "content") for one in entry.get("media_credit", ()))
    for key, origin in (("media_content", "media:content"), ("media_thumbnail", "media:thumbnail")):
        for one in entry.get(key, ()):
            if href := _str(one, "url"):
                kind = _str(one, "medium") if origin == "media:content" else "image"
                size = (_str(one, "width"), _str(one, "height"), _str(one, "filesize"))
                yield Medium(href, origin, _str(one, "type"), kind, *size, credit=credit)
    for link in entry.get("links", ()):
        if link.get("rel") == "enclosure" and (href := _str(link, "href")):
            yield Medium(href, "enclosure", type=_str(link, "type"), length=_str(link, "length"))
    if href := _str(entry.get("image", {}), "href"):
        yield Medium(href, "itunes:image", medium="image")
