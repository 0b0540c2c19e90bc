"""The nouns of feedsvc: frozen values that the stages hand to one another. No behaviour beyond validation.

    Upstream ──fetch──► Fetched ──extract──► Headline / Draft ──curate──► Plan ──store──► Article
    Article ──publish──► FeedHead, Fragment ──render──► Snapshot ──serve──► readers

All moments are aware `datetime`s; UTC unless a field says otherwise.
"""

from feedsvc.model.article import Article, Key, Level, State, Statement, Story
from feedsvc.model.change import (
    Correction,
    Fresh,
    Known,
    Merge,
    NewArticle,
    Place,
    Plan,
    Release,
    Stored,
    Waiting,
)
from feedsvc.model.document import Absent, BuiltDocument, FeedOptions, ReadyDocument, ready
from feedsvc.model.feed import (
    SELF,
    Category,
    Element,
    FeedHead,
    FeedSource,
    Format,
    Fragment,
    Frame,
    Part,
    RunReport,
    Snapshot,
    WindowEntry,
)
from feedsvc.model.health import Condition, Facts, Notice, PageFacts, SourceFacts, Trouble
from feedsvc.model.newsroom import Expected, Newsroom, Submission
from feedsvc.model.reading import (
    ArticleReading,
    Draft,
    Enclosure,
    Evidence,
    FoundList,
    Headline,
    Image,
    MenuLink,
    PageReading,
    SiteReading,
)
from feedsvc.model.source import NOTHING, Fetched, ListKind, ListSpec, ReadingSpec, Site, Upstream
from feedsvc.model.taker import Access, Profile, Taker, tag_key, tag_keys

__all__ = [
    "NOTHING",
    "SELF",
    "Absent",
    "Access",
    "Article",
    "ArticleReading",
    "BuiltDocument",
    "Category",
    "Condition",
    "Correction",
    "Draft",
    "Element",
    "Enclosure",
    "Evidence",
    "Expected",
    "Facts",
    "FeedHead",
    "FeedOptions",
    "FeedSource",
    "Fetched",
    "Format",
    "FoundList",
    "Fragment",
    "Frame",
    "Fresh",
    "Headline",
    "Image",
    "Key",
    "Known",
    "Level",
    "ListKind",
    "ListSpec",
    "MenuLink",
    "Merge",
    "NewArticle",
    "Newsroom",
    "Notice",
    "PageFacts",
    "PageReading",
    "Part",
    "Place",
    "Plan",
    "Profile",
    "ReadingSpec",
    "ReadyDocument",
    "Release",
    "RunReport",
    "Site",
    "SiteReading",
    "Snapshot",
    "SourceFacts",
    "State",
    "Statement",
    "Stored",
    "Story",
    "Submission",
    "Taker",
    "Trouble",
    "Upstream",
    "Waiting",
    "WindowEntry",
    "ready",
    "tag_key",
    "tag_keys",
]
