"""What is looked at, what is found, and who asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from feedsvc.model import Access, Article, ListSpec, Profile, Site

REFUSED, ADVISED = "refused", "advised"
#: Google reads no feeds: its rules are those of the news sitemap and of Discover
GOOGLE, MSN, FLIPBOARD, SMARTNEWS = "google", "msn", "flipboard", "smartnews"
APPLE, NEWSLETTER, FLATPLAN, PODCASTS = "apple-news", "newsletter", "flatplan", "apple-podcasts"
#: Whose rules are for feeds of articles; those of podcasts are looked at where a feed is one
NEWS = (GOOGLE, MSN, FLIPBOARD, SMARTNEWS, APPLE, NEWSLETTER, FLATPLAN)
AGGREGATORS = (*NEWS, PODCASTS)


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

    @property
    def profile(self) -> Profile:
        """Whose rules the feed follows already."""
        return self.spec.taker.profile if self.spec.taker is not None else Profile.PLAIN

    @property
    def access(self) -> Access:
        """Who may read it."""
        return self.spec.taker.access if self.spec.taker is not None else Access.OPEN

    def full(self, article: Article) -> bool:
        """Whether the feed carries the full text of an article."""
        wanted = self.spec.content
        return bool(article.story.content) and (article.own if wanted == "auto" else wanted == "full")


Found = tuple[str, str, str, tuple[str, ...]]  #: level, rule, message, aggregators
