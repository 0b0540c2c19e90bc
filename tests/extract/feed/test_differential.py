"""Our reader and feedparser on the same real feeds: equal articles, or a reason why feedparser is wrong.

The feeds lie beside the repository; they belong to their publishers.
"""

from __future__ import annotations

import os
import re
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

from feedsvc.errors import ReadError
from feedsvc.extract.bounds import xml as limits
from feedsvc.extract.encoding import decode
from feedsvc.extract.feed import lenient, strict
from feedsvc.extract.feed.adapt import Hints, to_reading
from feedsvc.extract.feed.memo import Memo
from feedsvc.extract.feed.mend import cp1252_references
from feedsvc.extract.feed.sniff import sniff
from feedsvc.extract.feed.wire import WireFeed
from feedsvc.plugin_api import FeedReading
from tests.extract.feed.cases import FEEDS, NOW, URL

HERE = Path(__file__).resolve().parents[3]
CORPUS = Path(os.environ.get("FEEDSVC_CORPUS") or HERE.parent / "shared" / "corpus") / "feeds"
KINDS = {".xml", ".rss", ".rdf", ".atom"}
FILES = sorted(
    path
    for path in CORPUS.rglob("*")
    if path.suffix in KINDS and not path.parent.name.startswith(("robots", "sitemaps"))
)
OURS = sorted(path for path in FEEDS.iterdir() if path.suffix in KINDS)
LEAST = 200  #: files of the corpus that both read, so that nobody empties this test unawares

#: How feedparser is wrong
AUTHORS = "it adds the podcast's and other authors to the entry's own"
BARE = "it writes bare child elements anew, and takes the text beside them for markup"
CHANNEL = "it loses the language that a channel gives as dc:language"
DATES = "it reads dc:date as the date of an update"
DIV = "it keeps the div around XHTML, outside of Atom 1.0"
EMPTY = "it takes an empty link for the feed's own address"
KEYWORDS = "it takes the categories of a podcast directory for the entry's own"
LANGUAGE = "it gives an item the language that was said before its own"
LAST = "of two equal elements it takes the last, not the first"
MAILS = "it cuts a mail address in the middle and shows the rest as a name"
MEDIA = "it takes what is said of a picture for the entry's own text; here it is kept from seeing it"
NESTED = "it takes an element inside another (author, og) for the entry's own"
PICTURE = "it does not know an item's <image>"
PREFIX = "it does not see an Atom element with an unusual prefix in RSS"

#: File → the fields that differ, with the reason
KNOWN: dict[str, dict[str, str]] = {
    "feed-rs/atom_example_1.xml": {"content": DIV},
    "feed-rs/rss_1.0_debian.xml": {"feed language": CHANNEL},
    "feed-rs/rss_2.0_relurl_1.xml": {"authors": MAILS},
    "netnewswire/OneFootTsunami.atom": {"url": EMPTY},
    "netnewswire/atp.rss": {"authors": AUTHORS},
    "netnewswire/cloudblog.rss": {"title": NESTED, "content": NESTED},
    "netnewswire/livemint.xml": {"image": PICTURE},
    "netnewswire/medscape.rss": {"image": PICTURE},
    "picofeed/pcinpact.xml": {"updated": PREFIX, "image": PICTURE},
    "picofeed/podbean.xml": {"authors": AUTHORS},
    "picofeed/rss_10_element_preference.xml": {"also": LAST},
    "picofeed/rss_10_no_default_namespace.xml": {"updated": DATES},
    "picofeed/rss_20.xml": {"language": LANGUAGE},
    "picofeed/rss_20_element_preference.xml": {
        "guid": LAST,
        "authors": AUTHORS,
        "also": LAST,
        "summary": LAST,
    },
    "picofeed/xakep.ru.xml": {"authors": MAILS},
    "rss-parser/atom-customfields.atom": {"summary": MEDIA, "image": MEDIA, "content": MEDIA},
    "rss-parser/craigslist.rss": {"updated": DATES},
    "rss-parser/instant-article.rss": {"updated": DATES},
    "rss-parser/itunes-keywords.rss": {"authors": AUTHORS},
    "rss-parser/itunes-missing-image.rss": {"authors": AUTHORS, "tags": KEYWORDS},
    "rss-parser/reddit-atom.rss": {"summary": BARE, "content": BARE},
    "rss-parser/reddit-home.rss": {"content": BARE},
}


def text_of(path: Path) -> str:
    body = path.read_bytes()
    # feedparser's own test files carry the HTTP header that they want in a comment
    header = re.search(rb"Header:\s*Content-type:[^\n]*charset=[\"']?([\w-]+)", body, re.I)
    text = decode(body, charset=header[1].decode() if header else "")
    return limits.without_doctype(limits.without_declaration(cp1252_references(text)))


def articles(feed: WireFeed) -> FeedReading:
    return to_reading(feed, Hints(language="", zone=None, now=NOW), Memo())


@cache
def both(path: Path) -> tuple[FeedReading, FeedReading] | None:
    """What the two readers say, where ours reads the feed without mending."""
    try:
        text = text_of(path)
        if sniff(text) != "xml":
            return None
        ours = articles(strict.read(text, url=URL))
    except (ReadError, strict.NotWellFormedError):
        return None
    return ours, articles(lenient.read(text, url=URL, reason=""))


def differences(ours: FeedReading, theirs: FeedReading) -> dict[str, tuple[object, object]]:
    """Field → the first pair of unequal values."""
    found: dict[str, tuple[object, object]] = {}
    for name in ("title", "language", "ttl", "hub", "topic"):
        if getattr(ours, name) != getattr(theirs, name):
            found[f"feed {name}"] = getattr(ours, name), getattr(theirs, name)
    if len(ours.entries) != len(theirs.entries):
        found["number"] = len(ours.entries), len(theirs.entries)
        return found
    for one, other in zip(ours.entries, theirs.entries, strict=True):
        for field in fields(one):
            pair = getattr(one, field.name), getattr(other, field.name)
            # names of elements, which feedparser changes; episodes, which it mixes up with their feed's
            if field.name not in ("origin", "episode") and pair[0] != pair[1]:
                found.setdefault(field.name, pair)
    return found


@pytest.mark.skipif(not FILES, reason=f"no corpus of real feeds at {CORPUS}")
@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_two_readers_find_the_same_articles_in_real_feeds(path: Path) -> None:
    readings = both(path)
    if readings is None:
        return  # not well-formed, or no feed
    found = differences(*readings)
    known = KNOWN.get(f"{path.parent.name}/{path.name}", {})
    assert {name: pair for name, pair in found.items() if name not in known} == {}
    assert set(known) <= set(found), "a known difference is gone: take it out of the list"


@pytest.mark.skipif(not FILES, reason=f"no corpus of real feeds at {CORPUS}")
def test_enough_real_feeds_are_compared() -> None:
    readings = [both(path) for path in FILES]
    assert sum(reading is not None for reading in readings) >= LEAST
    assert len(KNOWN) <= 30
