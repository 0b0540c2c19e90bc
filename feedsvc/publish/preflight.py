"""What an aggregator would refuse of a feed, and why. Pure: articles in, findings out.

The rules are those that aggregators publish for feeds of news; docs/preflight.md names each with its source.
A finding is `refused` where an aggregator says that it does not take such an item or feed, `advised` where it
asks for something better.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from feedsvc.dates import Precision
from feedsvc.model import Article, ListSpec, Site

REFUSED, ADVISED = "refused", "advised"
GOOGLE, DISCOVER, MSN, FLIPBOARD = "google-news", "google-discover", "msn", "flipboard"
SMARTNEWS, APPLE, FLATPLAN = "smartnews", "apple-news", "flatplan"
AGGREGATORS = (GOOGLE, DISCOVER, MSN, FLIPBOARD, SMARTNEWS, APPLE, FLATPLAN)

TITLE_SHORT, TITLE_LONG = 20, 150  #: characters: MSN
TITLE_APPLE = 15, 60
SUMMARY = 300  #: characters: Flipboard
OLDEST = timedelta(days=365)  #: MSN
IMAGE, IMAGE_LARGE = 400, 1200  #: pixels: Flipboard; Google Discover
ARTICLE_BYTES, FEED_BYTES, FEED_ADVISED = 1_000_000, 2_000_000, 1_000_000  #: Google News; SmartNews
FEWEST, FEWEST_FLATPLAN, MOST_FLATPLAN = 20, 10, 60
TTL = 60, 900  #: seconds: SmartNews

_MARKUP = re.compile(r"</?[a-z][^<>]*>|&(#\d+|#x[0-9a-f]+|[a-z]+\d*);", re.I)
_MORE = re.compile(
    r"(read (more|on|the full)|continue reading|selengkapnya|baca (selengkapnya|lebih lanjut)|weiterlesen|"
    r"lire la suite|leer más|seguir leyendo|continua a leggere|leia mais|читать далее|続きを読む|阅读全文)"
    r"\W*$",
    re.I,
)
_TAGS = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that an aggregator objects to."""

    level: str  #: refused | advised
    rule: str  #: stable name, see docs/preflight.md
    message: str
    aggregators: tuple[str, ...]
    id: str = ""  #: of the article; "": the feed as a whole
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The feed that is looked at."""

    site: Site
    spec: ListSpec
    articles: Sequence[Article]
    size: int  #: bytes of the largest of its formats
    now: datetime


Found = tuple[str, str, str, tuple[str, ...]]  #: level, rule, message, aggregators


def preflight(subject: Subject) -> list[Finding]:
    """Everything that some aggregator objects to: the feed first, then its articles in their order."""
    findings = [Finding(*one) for rule in FEED_RULES for one in rule(subject)]
    for article in subject.articles:
        findings += [
            Finding(*one, id=article.id, title=article.story.title)
            for rule in ARTICLE_RULES
            for one in rule(article, subject)
        ]
    return findings


# ── the feed ──────────────────────────────────────────────────────────────────────────────────────────


def _items(subject: Subject) -> Iterator[Found]:
    count = len(subject.articles)
    if count < FEWEST:
        yield REFUSED, "items", f"{count} items; at least {FEWEST} are wanted", (MSN, FLIPBOARD)
    if not FEWEST_FLATPLAN <= count <= MOST_FLATPLAN:
        text = f"{count} items; {FEWEST_FLATPLAN} to {MOST_FLATPLAN} are wanted"
        yield ADVISED, "items", text, (FLATPLAN,)


def _size(subject: Subject) -> Iterator[Found]:
    if subject.size > FEED_BYTES:
        yield REFUSED, "feed-size", f"{subject.size:,} bytes; at most {FEED_BYTES:,}", (GOOGLE,)
    elif subject.size > FEED_ADVISED:
        yield ADVISED, "feed-size", f"{subject.size:,} bytes; {FEED_ADVISED:,} are advised", (SMARTNEWS,)


def _feed_ids(subject: Subject) -> Iterator[Found]:
    seen: set[str] = set()
    for article in subject.articles:
        if article.id in seen:
            yield REFUSED, "unique-id", f"{article.id} stands twice", (GOOGLE, MSN, FLIPBOARD, FLATPLAN)
        seen.add(article.id)


def _identity(subject: Subject) -> Iterator[Found]:
    if urlsplit(subject.site.base_url).scheme != "https":
        text = "[serve] base_url is not https: feeds and pictures are taken over TLS"
        yield REFUSED, "https", text, (APPLE, MSN)
    if not (subject.spec.logo or subject.site.logo):
        yield ADVISED, "logo", "no logo: [site] logo, or one of its own", (SMARTNEWS,)
    if not (subject.spec.description or subject.site.description):
        yield ADVISED, "description", "the feed has no description", (APPLE, FLATPLAN)
    if not TTL[0] <= subject.spec.max_age <= TTL[1]:
        text = f"max_age is {subject.spec.max_age} s; a ttl of 1 to 15 minutes is wanted"
        yield ADVISED, "ttl", text, (SMARTNEWS,)


def _one_language(subject: Subject) -> Iterator[Found]:
    own = subject.spec.language or subject.site.language
    others = {
        one.story.language
        for one in subject.articles
        if one.story.language and not _akin(one.story.language, own)
    }
    if others:
        text = f"the feed says {own}; articles say {', '.join(sorted(others))}: one language a feed is wanted"
        yield REFUSED, "one-language", text, (MSN,)


def _akin(one: str, other: str) -> bool:
    return one.partition("-")[0].lower() == other.partition("-")[0].lower()


# ── its articles ──────────────────────────────────────────────────────────────────────────────────────


def _stable_id(article: Article, subject: Subject) -> Iterator[Found]:
    if not urlsplit(article.id).scheme:
        text = f"{article.id!r} is no absolute identifier"
        yield REFUSED, "stable-id", text, (GOOGLE, MSN, FLIPBOARD, FLATPLAN)
    elif article.id == article.story.url:
        text = "its id is its address: a new address would be a new article"
        yield ADVISED, "stable-id", text, (GOOGLE, MSN, FLATPLAN)


def _title(article: Article, subject: Subject) -> Iterator[Found]:
    title = article.story.title
    if not TITLE_SHORT <= len(title) <= TITLE_LONG:
        text = f"the title has {len(title)} characters; {TITLE_SHORT} to {TITLE_LONG} are taken"
        yield REFUSED, "title-length", text, (MSN,)
    elif not TITLE_APPLE[0] <= len(title) <= TITLE_APPLE[1]:
        text = f"the title has {len(title)} characters; {TITLE_APPLE[0]} to {TITLE_APPLE[1]} are shown whole"
        yield ADVISED, "title-length", text, (APPLE,)
    if _MARKUP.search(title):
        yield REFUSED, "title-plain", "the title holds markup or a reference", (MSN, APPLE)


def _dates(article: Article, subject: Subject) -> Iterator[Found]:
    published = article.published
    if published is None or published > subject.now:
        yield REFUSED, "date", "its date does not lie in the past", (MSN, GOOGLE)
    elif subject.now - published > OLDEST:
        yield REFUSED, "date-old", f"it is of {published:%Y-%m-%d}: more than a year old", (MSN,)
    if article.precision is None:
        text = "no source gave a date: it has the moment when it was first seen"
        yield ADVISED, "date-known", text, (GOOGLE, MSN)
    elif article.precision is Precision.DAY:
        yield ADVISED, "date-known", "its source gave a day without a time", (GOOGLE, MSN)
    if article.updated and published and article.updated < published:
        yield REFUSED, "date-updated", "it was updated before it was published", (MSN, FLATPLAN)


def _image(article: Article, subject: Subject) -> Iterator[Found]:
    image = article.story.image
    if image is None:
        yield REFUSED, "image", "no picture", (FLIPBOARD, DISCOVER)
        return
    if not image.width:
        yield ADVISED, "image-size", "the size of its picture is not known", (FLIPBOARD, DISCOVER)
    elif image.width < IMAGE:
        text = f"its picture is {image.width} px wide; at least {IMAGE} are wanted"
        yield REFUSED, "image-size", text, (FLIPBOARD,)
    elif image.width < IMAGE_LARGE:
        text = f"its picture is {image.width} px wide; {IMAGE_LARGE} are wanted for large previews"
        yield ADVISED, "image-size", text, (DISCOVER,)


def _text(article: Article, subject: Subject) -> Iterator[Found]:
    story = article.story
    wanted = subject.spec.content
    if not story.content or not (article.own if wanted == "auto" else wanted == "full"):
        why = "only its summary is known" if not story.content else "the feed's `content` leaves it out"
        yield REFUSED, "full-text", f"no full text: {why}", (GOOGLE, FLIPBOARD, MSN, APPLE)
    elif len(story.content.encode()) > ARTICLE_BYTES:
        text = f"its text has {len(story.content.encode()):,} bytes; at most {ARTICLE_BYTES:,} are taken"
        yield REFUSED, "article-size", text, (GOOGLE,)
    elif _MORE.search(_TAGS.sub(" ", story.content).rstrip()):
        yield REFUSED, "read-more", "its text ends with a link to the rest", (APPLE,)
    if len(story.summary) < SUMMARY and not story.content:
        text = f"its summary has {len(story.summary)} characters; {SUMMARY} are wanted"
        yield ADVISED, "summary", text, (FLIPBOARD,)
    if not story.authors:
        yield ADVISED, "author", "no reporter is named", (FLIPBOARD, GOOGLE)


def _address(article: Article, subject: Subject) -> Iterator[Found]:
    parts = urlsplit(article.story.url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        yield REFUSED, "address", "no address where people read it", AGGREGATORS
    elif parts.scheme == "http":
        yield ADVISED, "https", "its address is not https", (APPLE, MSN)


FEED_RULES: tuple[Callable[[Subject], Iterator[Found]], ...] = (
    *(_items, _size, _feed_ids, _identity, _one_language),
)
ARTICLE_RULES: tuple[Callable[[Article, Subject], Iterator[Found]], ...] = (
    *(_stable_id, _title, _dates, _image, _text, _address),
)
