"""Sitemaps (https://www.sitemaps.org/protocol.html), news sitemaps, their index files, and plain lists.

A sitemap says when a page was changed, not when it appeared: `lastmod` is an article's `updated`. Only a
news sitemap has dates of publication. RSS and Atom feeds count as sitemaps too and are read as feeds.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from feedsvc import dates
from feedsvc.dates import Doubt, Moment
from feedsvc.errors import Code, ReadError
from feedsvc.extract import feed
from feedsvc.extract.bounds import xml as limits
from feedsvc.extract.encoding import decode
from feedsvc.extract.feed import texts
from feedsvc.extract.feed.adapt import language_tag
from feedsvc.extract.feed.addresses import address
from feedsvc.extract.feed.document import Element, first
from feedsvc.extract.feed.mend import mend
from feedsvc.extract.feed.wire import Text
from feedsvc.model import Draft, Image
from feedsvc.plugin_api import Child, SitemapReading

MAX_URLS = 50_000  #: of one file, as the protocol says
MAX_BYTES = 50 * 1024 * 1024  #: of one file after gzip, as the protocol says
MAX_MENDED = 8 * 1024 * 1024  #: a larger file that is not well-formed is refused
MAX_TAGS_EACH = 100_000  #: between one address and the next
MAX_KEYWORDS = 50
_CHUNK = 65_536
_MOST_BARE = 3  #: pieces in a row without a tag: hundreds of thousands of attributes
_GZIP = b"\x1f\x8b"
_ROOT = re.compile(r"<(?:[A-Za-z][\w.-]{0,40}:)?(urlset|sitemapindex|rss|feed|rdf|html)(?=[\s>/])", re.I)
_ADDRESS = re.compile(r"https?://\S+", re.I)
_LINE = re.compile(r"[^\s](?:[^\r\n]*[^\s])?")
_MAX_STAMP = 100
_OPTIONS: dict[str, Any] = {
    "events": ("start", "end"),
    "tag": ("{*}urlset", "{*}sitemapindex", "{*}url", "{*}sitemap"),
    "recover": False,
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hints:
    url: str
    language: str
    zone: ZoneInfo | None
    now: datetime


def read(
    body: bytes,
    *,
    url: str,
    charset: str = "",
    language: str = "",
    zone: ZoneInfo | None = None,
    now: datetime,
) -> SitemapReading:
    """What the sitemap in `body` says, gzipped or not; `url` is where it came from.

    Raises ReadError: NOT_A_FEED for what is no sitemap, BAD_XML (also truncated), TOO_DEEP, TOO_LARGE,
    BAD_ENCODING for broken gzip.
    """
    hints = _Hints(url=url, language=language, zone=zone, now=now)
    start = decode(next(_chunks(body), b""), charset=charset).lstrip("\ufeff \t\r\n\0")
    if not start:
        raise ReadError(Code.NOT_A_FEED, "the answer is empty")
    if not start.startswith("<"):
        return _plain(b"".join(_chunks(body)).decode("utf-8-sig", "replace"), hints)
    root = _ROOT.search(start)
    name = root[1].lower() if root else ""
    if name in ("rss", "feed", "rdf"):
        whole = b"".join(_chunks(body))
        reading = feed.read(whole, url=url, charset=charset, language=language, zone=zone, now=now)
        return SitemapReading(entries=reading.entries, notes=reading.notes)
    if name not in ("urlset", "sitemapindex"):
        what = "an HTML page" if name == "html" else "an XML document of another kind"
        raise ReadError(Code.NOT_A_FEED, f"the answer is {what}, not a sitemap")
    limits.without_doctype(limits.without_declaration(start))  # refuses entities
    try:
        return _collect(_elements(_chunks(body)), hints, ())
    except etree.XMLSyntaxError as error:
        return _mended(body, charset, hints, error)


def _mended(body: bytes, charset: str, hints: _Hints, error: etree.XMLSyntaxError) -> SitemapReading:
    if "Excessive depth" in str(error):
        raise ReadError(Code.TOO_DEEP, "the sitemap's elements are nested more than 256 deep") from error
    whole = b"".join(_chunks(body))
    if len(whole) > MAX_MENDED:
        raise ReadError(Code.BAD_XML, f"the sitemap is not well-formed: {error}") from error
    text, notes = mend(limits.without_doctype(limits.without_declaration(decode(whole, charset=charset))))
    data = text.encode("utf-8", "replace")
    try:
        return _collect(_elements(_pieces(data)), hints, notes)
    except etree.XMLSyntaxError as again:
        raise ReadError(Code.BAD_XML, f"the sitemap is not well-formed: {again}") from error


# ── bytes ─────────────────────────────────────────────────────────────────────────────────────────────


def _pieces(data: bytes) -> Iterator[bytes]:
    return (data[start : start + _CHUNK] for start in range(0, len(data), _CHUNK))


def _chunks(body: bytes) -> Iterator[bytes]:
    """The file in pieces, unpacked. Raises ReadError (TOO_LARGE, BAD_ENCODING)."""
    size = 0
    for piece in _unpacked(body) if body.startswith(_GZIP) else _pieces(body):
        size += len(piece)
        if size > MAX_BYTES:
            raise ReadError(Code.TOO_LARGE, f"the sitemap is larger than {MAX_BYTES // 1024**2} MiB")
        yield piece


def _unpacked(body: bytes) -> Iterator[bytes]:
    while body.startswith(_GZIP):  # a gzip file may have several members (RFC 1952 2.2)
        unpack = zlib.decompressobj(wbits=31)
        try:
            while not unpack.eof:
                piece = unpack.decompress(body, _CHUNK)
                body = unpack.unconsumed_tail
                if not piece and not body and not unpack.eof:
                    raise ReadError(Code.BAD_ENCODING, "the gzipped sitemap ends in the middle")
                yield piece
        except zlib.error as error:
            raise ReadError(Code.BAD_ENCODING, f"the gzipped sitemap is broken: {error}") from error
        body = unpack.unused_data


def _elements(chunks: Iterator[bytes]) -> Iterator[Element]:
    """The url and sitemap elements under the root, each removed again: memory stays bounded."""
    parser = etree.XMLPullParser(**_OPTIONS)
    root: Element | None = None
    tags = bare = 0
    for chunk in chunks:
        tags += chunk.count(b"<")
        bare = 0 if b"<" in chunk else bare + 1
        if tags > MAX_TAGS_EACH or bare > _MOST_BARE:
            raise ReadError(
                Code.BAD_XML, "the sitemap has far too many tags or characters without an address"
            )
        parser.feed(chunk)
        for found in parser.read_events():
            event, element = str(found[0]), found[1]
            assert isinstance(element, etree._Element)  # noqa: SLF001 — the class of all elements
            if root is None:
                root = element
            elif event == "end" and element.getparent() is root:
                tags = 0
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del root[0]
    parser.close()


# ── what they say ─────────────────────────────────────────────────────────────────────────────────────


def _collect(elements: Iterator[Element], hints: _Hints, notes: tuple[str, ...]) -> SitemapReading:
    entries: list[Draft] = []
    children: list[Child] = []
    bad = 0
    for element in elements:
        if len(entries) + len(children) == MAX_URLS:
            notes = (*notes, f"only the first {MAX_URLS:,} addresses were read")
            break
        fields = _fields(element)
        said = first(fields, "loc") or (element.text or "").strip()
        url = address(hints.url, said) if said else ""
        if not url:
            bad += 1
        elif _local(element) == "sitemap":
            children.append(Child(url=url, updated=_moment(first(fields, "lastmod"), hints)[0]))
        else:
            entries.append(_draft(url, fields, hints))
    if bad:
        notes = (*notes, f"{bad} entries without an address were left out")
    return SitemapReading(entries=tuple(entries), children=tuple(children), notes=notes)


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _fields(element: Element) -> dict[str, list[Element]]:
    """The children by their local names: the namespaces of news and images are written in many ways."""
    found: dict[str, list[Element]] = {}
    for child in element:
        found.setdefault(_local(child), []).append(child)
    return found


def _draft(url: str, fields: dict[str, list[Element]], hints: _Hints) -> Draft:
    news = _fields(fields["news"][0]) if "news" in fields else {}
    publication = _fields(news["publication"][0]) if "publication" in news else {}
    published, doubt = _moment(first(news, "publication_date"), hints)
    updated, _ = _moment(first(fields, "lastmod"), hints)
    origin = {"url": "loc"}
    if published:
        origin["published"] = "news:publication_date"
    if updated:
        origin["updated"] = "lastmod"
    return Draft(
        url=url,
        title=texts.title(Text(first(news, "title"), html=True)),
        published=published,
        updated=updated,
        doubt=doubt,
        image=_image(fields, hints),
        tags=_tags(first(news, "keywords")),
        language=language_tag(first(publication, "language") or first(news, "language")),
        origin=origin,
    )


def _moment(said: str, hints: _Hints) -> tuple[Moment | None, Doubt | None]:
    if not said:
        return None, None
    read = dates.read(said[:_MAX_STAMP], language=hints.language, zone=hints.zone, now=hints.now)
    return (read, None) if isinstance(read, Moment) else (None, read)


def _image(fields: dict[str, list[Element]], hints: _Hints) -> Image | None:
    for element in fields.get("image", ()):
        inner = _fields(element)
        if url := address(hints.url, first(inner, "loc")):
            caption = Text(first(inner, "caption", "title"), html=True)
            return Image(url=url, caption=texts.summary(caption))
    return None


def _tags(keywords: str) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for keyword in keywords.split(",")[:MAX_KEYWORDS]:
        if tag := texts.name(keyword):
            found.setdefault(tag.casefold(), tag)
    return tuple(found.values())


def _plain(text: str, hints: _Hints) -> SitemapReading:
    """A list with an address on each line."""
    urls: dict[str, None] = {}
    lines = 0
    notes: tuple[str, ...] = ()
    for line in _LINE.finditer(text):
        lines += 1
        if _ADDRESS.fullmatch(line[0]) and (url := address(hints.url, line[0])):
            urls[url] = None
        if lines == MAX_URLS:
            notes = (f"only the first {MAX_URLS:,} lines were read",)
            break
    if len(urls) * 2 < lines:
        raise ReadError(Code.NOT_A_FEED, "the answer is plain text, not a sitemap")
    return SitemapReading(entries=tuple(Draft(url=url, origin={"url": "line"}) for url in urls), notes=notes)
