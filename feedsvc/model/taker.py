"""A taker: a partner, a service or a circle of members with a feed of its own, and what that feed carries."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from feedsvc.model.article import Article


class Access(StrEnum):
    """Who may read a taker's feed."""

    OPEN = "open"
    BASIC = "basic"  #: who has a name and a password (RFC 7617)
    TOKEN = "token"  # noqa: S105 - a word; who knows an address that cannot be guessed


class Profile(StrEnum):
    """Whose published rules a feed follows; docs/takers.md has each with its source."""

    PLAIN = "plain"
    MSN = "msn"
    SMARTNEWS = "smartnews"
    FLIPBOARD = "flipboard"
    APPLE_NEWS = "apple-news"
    GOOGLE = "google"
    NEWSLETTER = "newsletter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taker:
    """What distinguishes the feed of a taker from that of a section."""

    profile: Profile = Profile.PLAIN
    access: Access = Access.OPEN
    sections: frozenset[str] = frozenset()  #: keys; empty: all articles
    not_sections: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()  #: as `tag_key` has them; empty: with any tags or none
    not_tags: frozenset[str] = frozenset()
    hours: float = 0.0  #: no article that is older; 0: whatever its age
    until: datetime | None = None  #: the feed ends at this moment
    guid: str = "ours"  #: ours | link
    picture: int = 0  #: pixels; the width of pictures within texts; 0: as they come
    footer: str = ""  #: text; `{site}` and `{article}` become links
    tracking: str = ""  #: a query that is added to the addresses of articles
    pictures_licensed: bool = False  #: the taker may publish the pictures
    dark_logo: str = ""
    analytics: str = ""  #: HTML that SmartNews runs in its view of an article

    @property
    def private(self) -> bool:
        """Whether only members read it."""
        return self.access is not Access.OPEN

    @property
    def tailored(self) -> bool:
        """Whether its entries are others than those of every feed."""
        return self.profile is not Profile.PLAIN or any(
            (self.guid == "link", self.picture, self.footer, self.tracking)
        )

    def over(self, now: datetime) -> bool:
        """Whether the feed has ended."""
        return self.until is not None and now >= self.until

    def oldest(self, now: datetime) -> datetime | None:
        """The moment before which no article is taken."""
        return now - timedelta(hours=self.hours) if self.hours else None

    def takes(self, article: Article, sections: Collection[str], now: datetime) -> bool:
        """Whether the feed carries an article that stands in `sections` (keys)."""
        if self.sections and self.sections.isdisjoint(sections):
            return False
        if not self.not_sections.isdisjoint(sections):
            return False
        oldest = self.oldest(now)
        if oldest is not None and (article.published is None or article.published < oldest):
            return False
        if not self.tags and not self.not_tags:
            return True
        tags = tag_keys(article.story.tags)
        return self.not_tags.isdisjoint(tags) and (not self.tags or not self.tags.isdisjoint(tags))


#: What the addresses of takers' feeds begin with. Whatever stands below it is taken for private, unless the
#: configuration says that it is open.
PLACE = "/feeds/for/"


@dataclass(frozen=True, slots=True)
class Member:
    """Who may read a private feed."""

    no: int
    name: str
    revoked: bool = False


def tag_key(name: str) -> str:
    """What spellings of one tag share: case, accents, white space and hyphens do not count."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(one for one in plain if not unicodedata.combining(one))
    return " ".join(plain.replace("-", " ").replace("_", " ").split())


def tag_keys(names: Iterable[str]) -> frozenset[str]:
    """The keys of several tags."""
    return frozenset(key for key in map(tag_key, names) if key)
