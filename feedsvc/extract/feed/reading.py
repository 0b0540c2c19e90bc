"""The way in: bytes of a feed, of whatever dialect and health → what it says."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from feedsvc.extract.bounds import xml as limits
from feedsvc.extract.encoding import decode
from feedsvc.extract.feed import jsonfeed, strict
from feedsvc.extract.feed.adapt import Hints, to_reading
from feedsvc.extract.feed.memo import Memo
from feedsvc.extract.feed.mend import cp1252_references, mend
from feedsvc.extract.feed.sniff import sniff
from feedsvc.extract.feed.wire import WireFeed
from feedsvc.plugin_api import FeedReading

KEPT = Memo()  #: of this process


def read(
    body: bytes,
    *,
    url: str,
    charset: str = "",
    media_type: str = "",
    language: str = "",
    zone: ZoneInfo | None = None,
    now: datetime,
    memo: Memo = KEPT,
) -> FeedReading:
    """What the feed in `body` says; `url` is where it came from, `charset` what HTTP said.

    `media_type` decides nothing: it is wrong too often, and the bytes tell. Dates without a zone are taken
    to be in `zone`. `memo` saves work and changes nothing else. Raises ReadError: NOT_A_FEED, BAD_XML (also
    for a feed that ends in the middle), TOO_DEEP.
    """
    text = decode(body, charset=charset, language=language)
    feed = jsonfeed.read(text, url=url) if sniff(text) == "json" else read_xml(text, url=url)
    return to_reading(feed, Hints(language=language, zone=zone, now=now), memo)


def read_xml(text: str, *, url: str) -> WireFeed:
    """The neutral shape of an XML feed: read strictly, else mended and read strictly, else by feedparser."""
    text = limits.without_doctype(limits.without_declaration(cp1252_references(text)))
    limits.check_number(text)
    try:
        return strict.read(text, url=url)
    except strict.NotWellFormedError:
        mended, notes = mend(text)
    try:
        return strict.read(mended, url=url)._replace(notes=notes)
    except strict.NotWellFormedError as error:
        from feedsvc.extract.feed import lenient  # feedparser takes 0.1 s to load, and most feeds need none

        return lenient.read(mended, url=url, reason=str(error))
