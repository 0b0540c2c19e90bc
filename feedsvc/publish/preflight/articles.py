"""Rules for each article of a feed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from lxml import html

from feedsvc.dates import Precision
from feedsvc.model import Article, Profile
from feedsvc.publish.preflight.subject import (
    ADVISED,
    APPLE,
    FLATPLAN,
    FLIPBOARD,
    GOOGLE,
    MSN,
    NEWS,
    NEWSLETTER,
    REFUSED,
    SMARTNEWS,
    Found,
    Subject,
)

TITLE_SHORT, TITLE_LONG = 20, 150  #: characters: MSN
TITLE_APPLE = 15, 60
SUMMARY = 300  #: characters: Flipboard
OLDEST = timedelta(days=365)  #: MSN
IMAGE, IMAGE_LARGE = 400, 1200  #: pixels: Flipboard; Google Discover
IMAGE_BYTES = 1_000_000  #: Mailchimp
NESTED = 10  #: levels of HTML: MSN
#: whose players MSN shows ("MSN HTML guidelines and tag restrictions")
PLAYERS = (
    *(
        "youtube.com",
        "youtube-nocookie.com",
        "youtu.be",
        "twitter.com",
        "x.com",
        "facebook.com",
        "instagram.com",
    ),
    *("pinterest.com", "spotify.com", "infogram.com", "google.com", "giphy.com", "flourish.studio"),
    *("reddit.com", "tiktok.com"),
)
MAIL_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".gif"})

_MARKUP = re.compile(r"</?[a-z][^<>]*>|&(#\d+|#x[0-9a-f]+|[a-z]+\d*);", re.I)
_MORE = re.compile(
    r"(read (more|on|the full)|continue reading|selengkapnya|baca (selengkapnya|lebih lanjut)|weiterlesen|"
    r"lire la suite|leer más|seguir leyendo|continua a leggere|leia mais|читать далее|続きを読む|阅读全文)"
    r"\W*$",
    re.I,
)
_TAGS = re.compile(r"<[^<>]*>")


def _stable_id(article: Article, subject: Subject) -> Iterator[Found]:
    wants_address = subject.spec.taker is not None and subject.spec.taker.guid == "link"
    if not urlsplit(article.id).scheme:
        text = f"{article.id!r} is not an absolute identifier"
        yield REFUSED, "stable-id", text, (MSN, FLIPBOARD, FLATPLAN)
    elif article.id == article.story.url or wants_address:
        text = "its id is its address: a new address would be a new article"
        yield ADVISED, "stable-id", text, (MSN, FLATPLAN)


def _title(article: Article, subject: Subject) -> Iterator[Found]:
    title = article.story.title
    if len(title) < TITLE_SHORT:
        text = f"the title has {len(title)} characters; at least {TITLE_SHORT} are wanted"
        yield REFUSED, "title-length", text, (MSN,)
    elif len(title) > TITLE_LONG and subject.profile is not Profile.MSN:
        text = f"the title has {len(title)} characters; above {TITLE_LONG} a short one is wanted beside it: "
        yield REFUSED, "title-length", text + 'profile = "msn"', (MSN,)
    if not TITLE_APPLE[0] <= len(title) <= TITLE_APPLE[1]:
        text = f"the title has {len(title)} characters; {TITLE_APPLE[0]} to {TITLE_APPLE[1]} are shown whole"
        yield ADVISED, "title-length", text, (APPLE,)
    if _MARKUP.search(title):
        yield REFUSED, "title-plain", "the title holds markup or a reference", (MSN, APPLE, SMARTNEWS)


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
        yield REFUSED, "image", "no picture", (FLIPBOARD,)
        yield ADVISED, "image", "no picture", (GOOGLE, MSN, SMARTNEWS, NEWSLETTER)
        return
    if not image.width:
        yield ADVISED, "image-size", "the size of its picture is not known", (FLIPBOARD, GOOGLE)
    elif min(image.width, image.height or image.width) < IMAGE:
        text = f"its picture has {image.width} x {image.height} px; at least {IMAGE} each way are wanted"
        yield REFUSED, "image-size", text, (FLIPBOARD,)
        yield ADVISED, "image-size", text, (GOOGLE,)
    elif image.width < IMAGE_LARGE:
        text = f"its picture is {image.width} px wide; {IMAGE_LARGE} are wanted for large previews"
        yield ADVISED, "image-size", text, (GOOGLE,)
    if not image.credit:
        yield ADVISED, "picture-credit", "its picture names no photographer", (MSN,)
    ending = PurePosixPath(urlsplit(image.url).path).suffix.lower()
    if ending and ending not in MAIL_PICTURES:
        text = f"its picture is a {ending[1:]}; mail programs show JPEG, PNG and GIF"
        yield REFUSED, "image-format", text, (NEWSLETTER,)
    if image.length > IMAGE_BYTES:
        text = f"its picture has {image.length:,} bytes; at most {IMAGE_BYTES:,} are advised"
        yield ADVISED, "image-bytes", text, (NEWSLETTER,)


def _text(article: Article, subject: Subject) -> Iterator[Found]:
    story = article.story
    if not subject.full(article):
        why = "only its summary is known" if not story.content else "the feed's `content` leaves it out"
        yield REFUSED, "full-text", f"no full text: {why}", (FLIPBOARD, MSN)
        yield ADVISED, "full-text", f"no full text: {why}", (APPLE, SMARTNEWS)
    elif _MORE.search(_TAGS.sub(" ", story.content).rstrip()):
        yield REFUSED, "read-more", "its text ends with a link to the rest", (APPLE,)
    if not story.summary:
        yield REFUSED, "summary", "no summary, so its item has no description", (APPLE,)
    if len(story.summary) < SUMMARY and not story.content:
        text = f"its summary has {len(story.summary)} characters; {SUMMARY} are wanted"
        yield ADVISED, "summary", text, (FLIPBOARD,)
    if not story.authors:
        yield ADVISED, "author", "no reporter is named", (FLIPBOARD,)


def _markup(article: Article, subject: Subject) -> Iterator[Found]:
    if not subject.full(article):
        return
    root = html.fragment_fromstring(article.story.content, create_parent="div")
    for frame in root.iter("iframe"):
        host = urlsplit(frame.get("src") or "").hostname or ""
        if not any(host == one or host.endswith(f".{one}") for one in PLAYERS):
            yield ADVISED, "html-player", f"a player of {host or 'nowhere'} is taken out", (MSN,)
    for element in root.iter("a", "img"):
        address = urlsplit(element.get("href") or element.get("src") or "")
        if address.scheme not in ("http", "https", "mailto"):
            text = f"a link or picture leads to {address.geturl()[:80]!r}: no http, https or mailto"
            yield REFUSED, "html-link", text, (MSN,)
    if _depth(root) - 1 > NESTED:
        text = f"its HTML is nested {_depth(root) - 1} deep; at most {NESTED} are wanted"
        yield ADVISED, "html-depth", text, (MSN,)
    if root.find(".//table") is not None:
        yield ADVISED, "html-table", "tables are not shown", (APPLE,)


def _depth(element: html.HtmlElement) -> int:
    """How deep elements are nested."""
    deepest, level = 0, [element]
    while level:
        deepest += 1
        level = [child for one in level for child in one if isinstance(child.tag, str)]
    return deepest


def _address(article: Article, subject: Subject) -> Iterator[Found]:
    parts = urlsplit(article.story.url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        yield REFUSED, "address", "no address where people read it", NEWS
        return
    if parts.scheme == "http":
        yield ADVISED, "https", "its address is not https", (APPLE, MSN)
    taker = subject.spec.taker
    if "utm_" in parts.query or (taker is not None and taker.tracking):
        yield ADVISED, "tracking", "its link carries campaign parameters; none are wanted", (SMARTNEWS,)


ARTICLE_RULES: tuple[Callable[[Article, Subject], Iterator[Found]], ...] = (
    *(_stable_id, _title, _dates, _image, _text, _markup, _address),
)
