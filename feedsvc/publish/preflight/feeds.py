"""Rules for a feed as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from feedsvc.model import Access, Profile
from feedsvc.publish.preflight.subject import (
    ADVISED,
    APPLE,
    FLATPLAN,
    FLIPBOARD,
    GOOGLE,
    MSN,
    NEWSLETTER,
    REFUSED,
    SMARTNEWS,
    Found,
    Subject,
)

FEED_ADVISED = 1_000_000  #: bytes: SmartNews
FEWEST, FEWEST_FLATPLAN, MOST_FLATPLAN = 20, 10, 60
TTL = 60, 900  #: seconds: SmartNews
DESCRIPTION = 30  #: characters: SmartNews


def _items(subject: Subject) -> Iterator[Found]:
    count = len(subject.articles)
    if count < FEWEST:
        yield REFUSED, "items", f"{count} items; at least {FEWEST} are wanted", (MSN, FLIPBOARD)
    if not FEWEST_FLATPLAN <= count <= MOST_FLATPLAN:
        text = f"{count} items; {FEWEST_FLATPLAN} to {MOST_FLATPLAN} are wanted"
        yield ADVISED, "items", text, (FLATPLAN,)


def _size(subject: Subject) -> Iterator[Found]:
    if subject.size > FEED_ADVISED:
        text = f"{subject.size:,} bytes; at most {FEED_ADVISED:,} are advised: a smaller size"
        yield ADVISED, "feed-size", text, (SMARTNEWS,)


def _feed_ids(subject: Subject) -> Iterator[Found]:
    seen: set[str] = set()
    for article in subject.articles:
        if article.id in seen:
            yield REFUSED, "unique-id", f"{article.id} appears twice", (MSN, FLIPBOARD, SMARTNEWS, FLATPLAN)
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
    language = subject.spec.language or subject.site.language
    if "-" not in language:
        text = f"its language {language!r} names no region, as 'en-GB' does"
        yield REFUSED, "language-region", text, (APPLE,)


def _profile(subject: Subject) -> Iterator[Found]:
    """What only a feed with the house's profile has."""
    if subject.profile is not Profile.SMARTNEWS:
        text = 'its channel has no pubDate and no snf:logo: give the taker profile = "smartnews"'
        yield REFUSED, "profile", text, (SMARTNEWS,)
        about = subject.spec.description or subject.site.description
        if len(about) > DESCRIPTION:
            text = f"its description has {len(about)} characters; at most {DESCRIPTION} are shown"
            yield ADVISED, "description-length", text, (SMARTNEWS,)
    if subject.profile is not Profile.NEWSLETTER:
        text = 'texts are not laid out for mail: give the taker profile = "newsletter"'
        yield ADVISED, "profile", text, (NEWSLETTER,)
    if subject.profile is not Profile.MSN:
        text = 'changes are not told by dcterms:modified: give the taker profile = "msn"'
        yield ADVISED, "profile", text, (MSN,)
    taker = subject.spec.taker
    if taker is not None and taker.profile is Profile.MSN and not taker.pictures_licensed:
        text = "pictures_licensed is not set: what MSN may not show is not published by itself"
        yield ADVISED, "picture-rights", text, (MSN,)


def _access(subject: Subject) -> Iterator[Found]:
    if subject.access is not Access.OPEN:
        text = f"access is {subject.access.value!r}: the house has no way to give a name or secret"
        yield REFUSED, "access", text, (FLIPBOARD, SMARTNEWS, APPLE, NEWSLETTER, FLATPLAN)
    if subject.access is Access.TOKEN:
        text = 'its address holds a secret; MSN takes names and passwords: access = "basic"'
        yield ADVISED, "access", text, (MSN,)


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


def _sitemap(subject: Subject) -> Iterator[Found]:
    if not any(article.own for article in subject.articles):
        text = "none of its articles is the newsroom's own: [fetch] own; the news sitemap has no others"
        yield REFUSED, "own", text, (GOOGLE,)


FEED_RULES: tuple[Callable[[Subject], Iterator[Found]], ...] = (
    *(_items, _size, _feed_ids, _identity, _profile, _access, _one_language, _sitemap),
)
