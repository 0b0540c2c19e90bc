"""The tables of lists and takers in a configuration file, as pydantic models."""

from __future__ import annotations

import logging
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, model_validator

from feedsvc.config.values import (
    Address,
    Category,
    Keep,
    Language,
    MaxAge,
    Parameters,
    Part,
    Slug,
)
from feedsvc.model import Access, Profile

log = logging.getLogger(__name__)


_Use = Annotated[str, Field(pattern=r"^[a-z][a-z-]*$")]


class RightsConfig(Part):
    """[rights]: what others may do with what is served. Nothing is said unless it is set here."""

    #: a sentence for people: `dc:rights` in RSS, `rights` in Atom (where there is no `copyright`), an
    #: extension in JSON Feed
    statement: str = ""
    #: the address of the licence: `link rel="license"` in RSS and Atom (RFC 4946)
    licence: Address | Literal[""] = ""
    #: uses that machines may make, in the words of RSL 1.0 (`search`, `ai-index`, `ai-input`, `ai-train`,
    #: `all`); with it or `prohibits` there is `/license.xml`, and robots.txt names it
    permits: list[_Use] = []
    #: uses that they may not make
    prohibits: list[_Use] = []
    #: preferences for machine learning, such as `train-ai=n`: the header `Content-Usage` of feeds, and a line
    #: of robots.txt (draft-ietf-aipref-attach)
    usage: Annotated[str, Field(pattern=r"^[a-z0-9*=;, -]*$")] = ""
    #: whether each entry of RSS and Atom carries the licence for machines too (`rsl:content`)
    items: bool = False


class Merging(Part):
    """A table that had `fold = "near"` until it was named after what it does."""

    @model_validator(mode="before")
    @classmethod
    def _renamed(cls, raw: Any) -> Any:
        if not isinstance(raw, dict) or "fold" not in raw:
            return raw
        if raw["fold"] not in ("", "near") or "merge_duplicates" in raw:
            raise ValueError("has 'fold', the old name of 'merge_duplicates'; write merge_duplicates = true")
        log.warning("the key 'fold' is now called 'merge_duplicates': write merge_duplicates = true")
        others = {name: value for name, value in raw.items() if name != "fold"}
        return {**others, "merge_duplicates": raw["fold"] == "near"}


class LatestConfig(Merging):
    """[latest]: the feed of everything."""

    #: entries of the feed; what entered or changed in the last 24 hours comes on top
    size: int = Field(default=50, ge=1, le=1000)
    #: `full`, `summary`, or `auto`: full texts from own hosts, summaries from others
    content: Literal["auto", "full", "summary"] = "auto"
    #: how long readers and caches may keep the feed (`Cache-Control`, `<ttl>`)
    max_age: MaxAge = 60
    #: articles of one day whose texts are nearly equal are one entry, the first; it names the others as
    #: related. Not in a ranked box, which shows the page's own list. See [articles.md](articles.md)
    merge_duplicates: bool = False


class ListConfig(Merging):
    """What sections and boxes have in common."""

    #: its name in addresses, `/feeds/<slug>.rss`; not `tag`, `author`, `search`, `latest`, `archive`, `for`
    slug: Slug
    #: the title of the feed. Default: made from the slug
    title: str = ""
    #: the description of the feed
    description: str = ""
    #: where its articles come from (below); `[]` for a section whose articles all come through the
    #: [API](api.md)
    sources: list[dict[str, Any]] = []
    #: entries of the feed; what entered or changed in the last 24 hours comes on top
    size: int = Field(default=50, ge=1, le=1000)
    #: `full`, `summary`, or `auto`: full texts from own hosts, summaries from others
    content: Literal["auto", "full", "summary"] = "auto"
    #: the language of the feed and of its sources. Default: `[site] language`
    language: Language | None = None
    #: how long readers and caches may keep the feed (`Cache-Control`, `<ttl>`)
    max_age: MaxAge = 60
    #: a picture for the feed. Default: that of `[site]`
    logo: Address | Literal[""] = ""
    #: a small picture for the feed. Default: that of `[site]`
    icon: Address | Literal[""] = ""
    #: text for the feed. Default: that of `[site]`
    copyright: str = ""
    #: an e-mail address for the feed. Default: that of `[site]`
    contact: str = ""
    #: articles of one day whose texts are nearly equal are one entry, the first; it names the others as
    #: related. Not in a ranked box, which shows the page's own list. See [articles.md](articles.md)
    merge_duplicates: bool = False
    #: how long articles are kept, by their date. An archive (100 articles) whose newest article is older is
    #: dropped, the oldest archive first. Default: for ever
    keep: Keep | None = None
    #: how many articles are kept at least; while there are more, the oldest archive is dropped. Default: all
    keep_count: int | None = Field(default=None, ge=100)
    #: former slugs, the oldest first: they redirect, and the feed keeps its id
    was: list[Slug] = []
    #: old addresses (`/rss/politik.xml`, `/?feed=rss2`) that answer with this feed, whatever parameters come
    #: besides. Letters may be written as they are or percent-encoded
    aliases: list[str] = []
    #: whether the feed answers 410
    retired: bool = False


class PodcastConfig(Part):
    """A section or taker whose articles are episodes of a podcast; see [podcasts.md](podcasts.md)."""

    #: who makes it. Default: `[site] title`
    author: str = Field(default="", max_length=200)
    #: an e-mail address, with or without a name, under which directories reach you. Default: the feed's
    #: `contact`
    owner: str = ""
    #: its cover, a square JPEG or PNG of 1400 to 3000 pixels. Default: the feed's `logo`
    image: Address | Literal[""] = ""
    #: one or more of Apple's categories, `Arts` or `News > Politics`
    categories: list[Category] = Field(default=["News"], min_length=1, max_length=9)
    #: whether it has strong language or the like
    explicit: bool = False
    #: `serial`: its episodes are to be heard in order
    type: Literal["episodic", "serial"] = "episodic"
    #: the UUID that it has for ever in all directories; one that moved here keeps its own. Default: made from
    #: its first address
    guid: UUID | None = None
    #: whether other podcast hosts are asked not to take it over
    locked: bool = False


class SectionConfig(ListConfig):
    """[[section]]: a category; what enters it stays in it."""

    #: what others may do with it, where that is not what `[rights]` says: a table with the same keys; those
    #: that are left out stay as they are
    rights: RightsConfig | None = None
    #: whether its articles are episodes of a podcast: `true`, or a table (below)
    podcast: bool | PodcastConfig = False


class BoxConfig(ListConfig):
    """[[box]]: a box of a page; ranked: what the page shows now, in its order."""

    #: the list as the page shows it now, in its order. `<slug>-new` beside it has each article once, when
    #: it first enters (unless another feed has that slug)
    ranked: bool = False


class TakerConfig(Part):
    """[[taker]]: a feed for one partner, service or circle of members, at `/feeds/for/<slug>`."""

    #: its name in addresses, `/feeds/for/<slug>.rss`
    slug: Annotated[Slug, Field(max_length=60)]
    #: the title of the feed. Default: `[site] title`
    title: str = ""
    #: the description of the feed. Default: `[site] description`
    description: str = ""
    #: whose published rules the feed follows; see [takers.md](takers.md#profiles)
    profile: Profile = Profile.PLAIN
    #: who may read it: everybody (`open`), who has a name and a password (`basic`), or who has an address
    #: that cannot be guessed (`token`); see [takers.md](takers.md#private-feeds)
    access: Access = Access.OPEN
    #: slugs of the sections that it carries. Default: all articles
    sections: list[Slug] = []
    #: slugs of sections none of whose articles it carries. Default: none
    not_sections: list[Slug] = []
    #: only articles with one of these tags, however they are spelled. Default: all
    tags: list[Annotated[str, Field(min_length=1)]] = []
    #: no articles with one of these tags. Default: none
    not_tags: list[Annotated[str, Field(min_length=1)]] = []
    #: `full`, `summary`, `none` (headlines alone), or `auto`: full texts from own hosts, summaries from
    #: others
    content: Literal["auto", "full", "summary", "none"] = "auto"
    #: entries of the feed; what entered or changed in the last 24 hours comes on top
    size: int = Field(default=50, ge=1, le=1000)
    #: no article that is older than so many hours; such a feed has no archives. Default: whatever their age
    hours: float | None = Field(default=None, gt=0, le=24 * 366)
    #: what the feed gives as an entry's id: `ours` (as every other feed) or `link` (its address)
    guid: Literal["ours", "link"] = "ours"
    #: how many pixels wide pictures within texts are shown. Default: as they come; `newsletter`: 600
    picture: int | None = Field(default=None, ge=50, le=4000)
    #: whether this taker may publish the pictures: MSN asks for this
    pictures_licensed: bool = False
    #: a line below each full text; `{article}` becomes the headline and `{site}` the newsroom's name, with
    #: links
    footer: str = ""
    #: parameters that are added to the addresses of articles, such as `utm_source=msn&utm_medium=feed`; ids
    #: stay as they are
    tracking: Parameters = ""
    #: the last day of the feed, `2027-01-31`; then it answers 410. Default: no end
    until: date | None = None
    #: how long readers and caches may keep the feed (`Cache-Control`, `<ttl>`)
    max_age: MaxAge = 60
    #: the language of the feed. Default: `[site] language`
    language: Language | None = None
    #: a picture for the feed. Default: that of `[site]`
    logo: Address | Literal[""] = ""
    #: the same for dark backgrounds, for SmartNews
    dark_logo: Address | Literal[""] = ""
    #: HTML that SmartNews runs in its view of an article; `{url}` and `{path}` are the article's
    analytics: str = ""
    #: text for the feed. Default: that of `[site]`
    copyright: str = ""
    #: what this taker may do, where that is not what `[rights]` says: a table with the same keys
    rights: RightsConfig | None = None
    #: whether its articles are episodes of a podcast: `true` (as the first of its `sections` that is one
    #: says), or a table like that of a section
    podcast: bool | PodcastConfig = False
