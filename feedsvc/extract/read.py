"""One way in for all readers: a job's kind names the reader."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from feedsvc.dates import Moment, Precision
from feedsvc.errors import Code, FeedsvcError, ReadError
from feedsvc.extract import encoding
from feedsvc.model import Draft, FoundList, PageReading
from feedsvc.plugin_api import MAX_DRAFTS, Job, Reading

_NEVER = Moment(at=datetime(1970, 1, 1, tzinfo=UTC), precision=Precision.SECOND)

#: Changes when a reader becomes better: kept bodies are then read anew, without a request.
VERSION = "2"


def read(job: Job) -> Reading:
    """What the bytes of `job` say. Raises ReadError, and nothing else."""
    try:
        return _READERS[job.kind](job)
    except FeedsvcError:
        raise
    except RecursionError as error:
        raise ReadError(Code.TOO_DEEP, f"{job.url} is nested too deeply") from error
    except MemoryError as error:
        raise ReadError(Code.PARSE_TIMEOUT, f"{job.url} needs more memory than a reader may use") from error
    except Exception as error:  # whatever a reader trips over is this source's trouble alone
        raise ReadError(
            Code.INTERNAL,
            f"the {job.kind} reader failed on {job.url} ({type(error).__name__}: {error}); please report it",
        ) from error


def _page(job: Job) -> Reading:
    from feedsvc.extract import listing

    _must_be_html(job)
    text = encoding.decode(job.body, charset=job.charset, html=True)
    if job.select:
        items = listing.select_items(
            text, url=job.url, select=job.select, language=job.language, zone=job.zone, now=job.now
        )
        main = FoundList(role="main", heading="", items=items, why="selected by the configuration")
        return PageReading(url=job.url, lists=(main,), older=_older(text, job))
    return listing.read(text, url=job.url, language=job.language, zone=job.zone, now=job.now)


def _older(text: str, job: Job) -> tuple[str, ...]:
    """The older pages, where selectors find the list: what the page itself shows tells them."""
    from feedsvc.extract import listing

    try:
        found = listing.read(text, url=job.url, language=job.language, zone=job.zone, now=job.now)
    except ReadError:
        return ()
    return found.older


def _article(job: Job) -> Reading:
    from feedsvc.extract import article

    _must_be_html(job)
    text = encoding.decode(job.body, charset=job.charset, html=True)
    reading = article.read(text, url=job.url, language=job.language, zone=job.zone, now=job.now)
    if not reading.probably_article:
        raise ReadError(Code.NOT_AN_ARTICLE, f"{job.url} holds no article that can be read")
    return reading


def _feed(job: Job) -> Reading:
    from feedsvc.extract import feed

    return feed.read(
        job.body,
        url=job.url,
        charset=job.charset,
        media_type=job.media_type,
        language=job.language,
        zone=job.zone,
        now=job.now,
    )


def _file(job: Job) -> Reading:
    from feedsvc.extract.records import file as reading

    return reading.read(job)


def _sitemap(job: Job) -> Reading:
    from feedsvc.extract import sitemap

    found = sitemap.read(
        job.body, url=job.url, charset=job.charset, language=job.language, zone=job.zone, now=job.now
    )
    return replace(found, entries=newest(found.entries))


def newest(entries: Sequence[Draft], most: int = MAX_DRAFTS) -> tuple[Draft, ...]:
    """At most `most` entries of a sitemap, the newest first by their dates.

    Of those without any date the first and the last count: sites add at one of both ends.
    """
    dated = [one for one in entries if one.published or one.updated]
    dated.sort(key=lambda one: (one.published or one.updated or _NEVER).at, reverse=True)
    undated = [one for one in entries if not (one.published or one.updated)]
    room = most - len(dated[:most])
    if len(undated) > room:
        half = room // 2
        undated = [*undated[: room - half], *(undated[-half:] if half else ())]
    return (*dated[:most], *undated)


def _site(job: Job) -> Reading:
    from feedsvc.extract import site

    _must_be_html(job)
    return site.read(encoding.decode(job.body, charset=job.charset, html=True), url=job.url)


def _wordpress(job: Job) -> Reading:
    from feedsvc.extract import wordpress

    return wordpress.read(job)


def _rows(job: Job) -> Reading:
    from feedsvc.extract.records import rows

    return rows.read(job)


#: First bytes of files that servers send as pages
_FILES = (
    (b"%PDF-", "a PDF file"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"PK\x03\x04", "a ZIP file"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "a gzip file"),
)

#: The first element of what servers send as text/html, and is none
_ROOTS = {
    b"rss": "a feed", b"feed": "a feed", b"rdf:rdf": "a feed",
    b"urlset": "a sitemap", b"sitemapindex": "a sitemap",
}  # fmt: skip
_XML = re.compile(
    rb"(?:\xef\xbb\xbf)?(?>\s|<\?[^>]*>|<!--(?>.*?-->))*+<(rss|feed|rdf:rdf|urlset|sitemapindex)[\s>]",
    re.I | re.S,
)


def _must_be_html(job: Job) -> None:
    if job.media_type and not job.media_type.startswith(("text/", "application/xhtml")):
        raise ReadError(Code.NOT_A_PAGE, f"{job.url} is {job.media_type}, not a page")
    if not job.body.strip():
        raise ReadError(Code.NOT_A_PAGE, f"{job.url} is empty")
    start = job.body[:4096]
    if kind := next((kind for mark, kind in _FILES if start.startswith(mark)), ""):
        raise ReadError(Code.NOT_A_PAGE, f"{job.url} is {kind}, not a page")
    if b"\0" in start and not start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ReadError(Code.NOT_A_PAGE, f"{job.url} is a binary file, not a page")
    if found := _XML.match(start):
        raise ReadError(Code.NOT_A_PAGE, f"{job.url} is {_ROOTS[found[1].lower()]}, not a page")


_READERS: dict[str, Callable[[Job], Reading]] = {
    "page": _page,
    "article": _article,
    "feed": _feed,
    "file": _file,
    "sitemap": _sitemap,
    "site": _site,
    "wordpress": _wordpress,
    "rows": _rows,
}
