"""The tables of a configuration file, as pydantic models."""

from __future__ import annotations

import ipaddress
import logging
import re
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from feedsvc import urls
from feedsvc.model import Access, Profile

log = logging.getLogger(__name__)

RESERVED = frozenset({"tag", "author", "search", "latest", "archive", "for"})
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h|d|w|y|)")
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400, "y": 365.25 * 86400}
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9._-]*[a-z0-9])?)(:\d{1,5})?", re.I)

# CSP 3, 2.3.1: a scheme, or a host with a scheme and a port; nothing that could end the directive
_ANCESTOR = re.compile(
    r"\*|self|none|https?:|(?:https?://)?(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::(?:\d{1,5}|\*))?", re.I
)


def _address(value: str) -> str:
    found = urls.absolute(value, value)
    if found is None:
        raise ValueError("must be an address that begins with http:// or https://")
    return found


def _base(value: str) -> str:
    found = urls.absolute(value, value)
    if found is None or urlsplit(found).query:
        raise ValueError("must be an address that begins with http:// or https://, without a query")
    return found.rstrip("/")


def _slug(value: str) -> str:
    if not _SLUG.fullmatch(value):
        raise ValueError("must be 1 to 64 of a-z, 0-9 and '-', and not begin with '-'")
    if value in RESERVED:
        raise ValueError(
            f"is reserved for a feed that the service makes itself ({', '.join(sorted(RESERVED))})"
        )
    return value


def _zone(value: str) -> str:
    if value not in available_timezones():
        near = get_close_matches(value, available_timezones(), n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]!r}?" if near else " (Asia/Jakarta, Europe/London, …)"
        raise ValueError(f"is not a time zone{hint}")
    return value


def _language(value: str) -> str:
    if not _LANGUAGE.fullmatch(value):
        raise ValueError("must be a language tag such as 'id', 'en' or 'pt-BR'")
    return value


def _duration(value: object) -> object:
    if isinstance(value, str):
        match = _DURATION.fullmatch(value.strip())
        if not match:
            raise ValueError("must be a time such as '30s', '15m', '2h' or '1d'")
        return float(match[1]) * _UNITS[match[2]]
    return value


def _own(value: str) -> str:
    if not _HOST.fullmatch(value):
        raise ValueError("must be a host or host:port, such as 'news.example' or '127.0.0.1:8081'")
    return value.lower()


def _network(value: str) -> str:
    try:
        return str(ipaddress.ip_network(value))
    except ValueError as error:
        raise ValueError("must be a network such as '10.0.0.0/8', '127.0.0.1/32' or 'fd00::/8'") from error


def _purge(value: str) -> str:
    filled = value.replace("{path}", "/")
    if value and (urls.absolute(filled, filled) is None or "{" in filled):
        raise ValueError(
            "must be an address that begins with http:// or https://; {path} is its only variable"
        )
    return value


def _smtp(value: str) -> str:
    if value and (urlsplit(value).scheme not in ("smtp", "smtps") or not urlsplit(value).hostname):
        raise ValueError(
            "must be a mail server such as 'smtp://user:password@mail.example:587' or 'smtps://…'"
        )
    return value


def _tracking(value: str) -> str:
    if value and not re.fullmatch(r"[\w.~%+-]+=[\w.~%+-]*(&[\w.~%+-]+=[\w.~%+-]*)*", value, re.ASCII):
        raise ValueError("must be parameters such as 'utm_source=msn&utm_medium=feed'")
    return value


def _ancestor(value: str) -> str:
    if not _ANCESTOR.fullmatch(value):
        raise ValueError("must be '*', 'self', 'none' or where a site is, such as 'https://*.news.example'")
    return f"'{value}'" if value in ("self", "none") else value


Address = Annotated[str, AfterValidator(_address)]
Slug = Annotated[str, AfterValidator(_slug)]
Zone = Annotated[str, AfterValidator(_zone)]
Language = Annotated[str, AfterValidator(_language)]
Keep = Annotated[float, BeforeValidator(_duration), Field(ge=86400, le=200 * 366 * 86400)]
Seconds = Annotated[float, BeforeValidator(_duration), Field(ge=1, le=7 * 86400)]
Lease = Annotated[float, BeforeValidator(_duration), Field(ge=1, le=366 * 86400)]
MaxAge = Annotated[float, BeforeValidator(_duration), Field(ge=10, le=86400)]
Port = Annotated[int, Field(ge=0, le=65535)]


def _broker(value: str) -> str:
    if value and not value.startswith(("redis://", "rediss://", "amqp://", "amqps://")):
        raise ValueError("must begin with redis://, rediss://, amqp:// or amqps://")
    return value


class Part(BaseModel):
    """A table of the configuration. Keys that are not listed are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


class SiteConfig(Part):
    """[site]: the newsroom."""

    #: the newsroom's name
    title: str = Field(min_length=1, max_length=200)
    #: its front page
    url: Address
    #: a language tag: `id`, `en`, `pt-BR`
    language: Language = "en"
    #: the zone for times on its pages that name none, and for times that people see
    timezone: Zone = "UTC"
    #: a UUID from which public ids are made. Write it once (`uuidgen`) and keep it for ever. Default: made
    #: from `url`
    namespace: UUID | None = None
    #: text for the feeds
    description: str = ""
    #: an e-mail address, `desk@news.example` or `Name <desk@news.example>`, for Atom's author and RSS's
    #: `managingEditor`
    contact: str = ""
    #: text for the feeds
    copyright: str = ""
    #: a picture for the feeds; RSS takes GIF, JPEG and PNG
    logo: Address | Literal[""] = ""
    #: a small picture for the feeds
    icon: Address | Literal[""] = ""
    #: a folder with gettext catalogues (`de.po`, `pt_BR.po`) for the pages; Indonesian and English are
    #: included
    translations: str = ""


class ServeConfig(Part):
    """[serve]: where this service is reached."""

    #: where the web processes listen; `--host` and `HOST` win over it
    host: str = "127.0.0.1"
    #: their port; `--port` and `PORT` win over it
    port: Port = 8080
    #: the address under which readers reach the service. Every absolute address in feeds and headers begins
    #: with it; a request's `Host` is never used. Behind a proxy it is needed. Default: `http://host:port`
    base_url: Annotated[str, AfterValidator(lambda v: _base(v) if v else v)] = ""
    #: web processes
    workers: int = Field(default=2, ge=1, le=64)
    #: how long no worker may have been seen before `/readyz` answers 503
    stale_after: Seconds = 600
    #: the cache in front that must forget what changed before anybody is notified; see
    #: [websub.md](websub.md#caches-in-front)
    purge: Annotated[str, AfterValidator(_purge)] = ""
    #: headers of that request; `${NAME}` in a value comes from the environment
    purge_headers: dict[str, str] = {}


class FetchConfig(Part):
    """[fetch]: how others are asked."""

    #: hosts (`news.example`) or hosts with ports (`127.0.0.1:8081`) that you run: four connections, no
    #: waiting, no robots.txt, private addresses and any port allowed, full texts in the feeds;
    #: not for addresses that foreign content names
    own: list[Annotated[str, AfterValidator(_own)]] = []
    #: an address in the `User-Agent`, for the administrators of other sites. Default: `[site] contact`
    contact: str = ""
    #: polls per hour of lists on foreign hosts, all together, shared out by how often each publishes; see
    #: [sources.md](sources.md#how-often). Default: 2 for each source
    budget: float | None = Field(default=None, gt=0, le=1_000_000)
    #: ports of foreign hosts that are allowed besides 80, 443, 8080 and 8443
    ports: list[Annotated[int, Field(ge=1, le=65535)]] = []
    #: a file of certificate authorities, for private ones. Default: the usual ones
    ca_bundle: str = ""


class WebSubConfig(Part):
    """[websub]: pushing to subscribers, pinging hubs, being pushed to."""

    #: whether the service is a hub for its own feeds, at `/websub`
    hub: bool = True
    #: outside hubs that feeds name and that are notified of news
    hubs: list[Address] = []
    #: words in a `User-Agent` that identify the requests of outside hubs. Default: the hubs' host names
    hub_agents: list[Annotated[str, Field(min_length=3)]] = []
    #: the hash for contents of subscribers with a secret
    signature: Literal["sha256", "sha384", "sha512"] = "sha256"
    #: the shortest subscription
    lease_min: Lease = 300
    #: the longest subscription
    lease_max: Lease = 30 * 86400
    #: the length of a subscription that asks for none
    lease_default: Lease = 10 * 86400
    #: networks (`10.0.0.0/8`) in which subscribers and upstream hubs may be although they are private
    private: list[Annotated[str, AfterValidator(_network)]] = []
    #: deliveries to one host at once
    per_host: int = Field(default=8, ge=1, le=64)
    #: subscriptions of one callback host
    quota: int = Field(default=5000, ge=1)
    #: verification requests per second to the callbacks of one address; see [websub.md](websub.md)
    verify_rate: float = Field(default=2.0, gt=0, le=1000)
    #: whether feedsvc subscribes to upstream feeds that push; `base_url` must be reachable from outside
    follow: bool = True

    @model_validator(mode="after")
    def _in_order(self) -> WebSubConfig:
        if not self.lease_min <= self.lease_default <= self.lease_max:
            raise ValueError("lease_min, lease_default and lease_max must rise in this order")
        return self


class StoreConfig(Part):
    """[store]: where articles are kept."""

    #: `sqlite:///var/feedsvc.db` (a relative path begins at the folder of the configuration; four slashes
    #: make it absolute) or `postgresql+psycopg://user:password@host/name`. `FEEDSVC_DATABASE_URL` wins over
    #: it
    url: str = "sqlite:///var/feedsvc.db"


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


class EmbedConfig(Part):
    """[embed]: our headlines on other sites."""

    #: which sites may show `/embed/<slug>` in a frame: `["*"]`, hosts such as `"https://*.news.example"`, or
    #: `["none"]`
    frame_ancestors: list[Annotated[str, AfterValidator(_ancestor)]] = ["*"]


class StreamConfig(Part):
    """[stream]: new headlines pushed to open pages (server-sent events), by a process of its own."""

    #: whether `feedsvc run` starts the stream, and answers and pages name it
    run: bool = False
    #: where it listens
    host: str = "127.0.0.1"
    #: its port
    port: Port = 8082
    #: the address under which browsers reach it; behind a proxy it is needed. Default:
    #: `http://host:port/stream`
    url: Annotated[str, AfterValidator(lambda v: _base(v) if v else v)] = ""
    #: open pages at once; further ones poll instead
    limit: int = Field(default=5000, ge=1, le=200_000)
    #: how often an idle stream says that it is alive; shorter than the proxy's idle limit
    heartbeat: Annotated[float, BeforeValidator(_duration), Field(ge=1, le=120)] = 15


class WebhookConfig(Part):
    """A webhook that is told of troubles."""

    #: where the message is posted
    url: Address
    #: the form of the message; `feedsvc` is our own JSON
    shape: Literal["feedsvc", "slack", "discord", "telegram"] = "feedsvc"
    #: with it, `X-Feedsvc-Signature: sha256=…` is the HMAC of the body
    secret: str = ""


class NotifyConfig(Part):
    """[notify]: who is told when something breaks, and when it mends."""

    #: addresses that get mail
    email: list[Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]] = []
    #: the mail server: `smtp://user:${SMTP_PASSWORD}@host:587` (with STARTTLS where the server has it) or
    #: `smtps://…`
    smtp: Annotated[str, AfterValidator(_smtp)] = ""
    #: the sender of the mails. Default: `feedsvc@` and the site's host
    sender: str = ""
    #: a list of tables (below)
    webhooks: list[WebhookConfig] = []
    #: an address that is requested every five minutes while a worker lives, at a service that tells you when
    #: the requests stop
    watchdog: Address | Literal[""] = ""
    #: how long a trouble must last before it is reported
    after: Seconds = 600

    @model_validator(mode="after")
    def _has_a_server(self) -> NotifyConfig:
        if self.email and not self.smtp:
            raise ValueError(
                "has 'email' without 'smtp'; name the mail server: smtp://user:password@host:587"
            )
        return self


class WorkConfig(Part):
    """[work]: who polls the sources."""

    #: `pool`: threads of each `feedsvc work`. `celery`: workers of Celery, see [celery]
    executor: Literal["pool", "celery"] = "pool"
    #: how long a worker has for one source (Celery: for one message); after that, another one takes it up.
    #: Less than slow sources need repeats their polls
    lease: Annotated[float, BeforeValidator(_duration), Field(ge=10, le=240)] = 120


class CeleryConfig(Part):
    """[celery]: how units of work reach the workers that `celery -A feedsvc.celery worker` starts."""

    #: the broker: `redis://…`, `rediss://…`, `amqp://…` or `amqps://…`; passwords as `${NAME}`
    broker: Annotated[str, AfterValidator(_broker)] = ""
    #: what its queues' names begin with, where several sites share a broker
    queue: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")] = "feedsvc"


class DemoConfig(Part):
    """[demo]: the demo newsroom, a small news site that runs beside the service."""

    #: whether `feedsvc run` starts it beside the service
    run: bool = False
    #: where it listens
    host: str = "127.0.0.1"
    #: its port
    port: Port = 8081


class SelectConfig(Part):
    """CSS selectors for a list that is not found by itself."""

    #: one article of the list
    item: str = Field(min_length=1)
    #: its link, within the item. Default: the first link
    link: str = ""
    #: its headline. Default: the text of the link
    title: str = ""
    #: its date
    time: str = ""
    #: its picture
    image: str = ""
    #: its standfirst
    summary: str = ""


class SourceConfig(Part):
    """What every kind of source has in common. The kind's own key holds its address."""

    own: ClassVar[bool] = False  #: the newsroom's own, whatever its host
    #: how reports call it. With a name, a source keeps its history when its address changes. Default: the
    #: address
    name: str = ""
    #: its former names or addresses, the oldest first; they carry its history
    was: list[str] = []
    #: how often to poll: a wish. Foreign hosts are polled at most every 15 minutes, and not before they allow
    #: it. Default: by what it publishes, within the `budget`; own hosts `30s`
    every: Seconds | None = None
    #: how much a minute's delay of this source counts when the `budget` is shared out; with 4 it is polled
    #: twice as often
    weight: float = Field(default=1.0, ge=0.01, le=100)
    #: the zone of its dates that name none. Default: `[site] timezone`
    timezone: Zone | None = None
    #: the language of its texts. Default: that of the section
    language: Language | None = None
    #: only articles whose address, title or category contains this text. Default: all
    match: str = ""
    #: no articles whose address, title or category contains this text. Default: none
    exclude: str = Field(default="", alias="not")
    #: whether each article's own page is read. Default: as needed
    follow: bool | None = None

    def kind(self) -> str:
        """The key that names the kind: the class's own first field."""
        return next(name for name in type(self).model_fields if name not in SourceConfig.model_fields)

    def shown(self) -> str:
        """The address as it may be shown and kept: without a password."""
        return str(getattr(self, self.kind()))

    def located(self, folder: Path) -> Self:
        """The same source, with paths that begin at `folder`; its identity is that of what was written."""
        return self

    def basis(self) -> str:
        """What makes it the same source after a restart, where it has no name."""
        return self.shown()

    def title(self) -> str:
        """What it is called in reports, where it has no name."""
        return self.shown()

    def interval(self) -> float | None:
        """How often it wishes to be looked at, in seconds."""
        return self.every

    def options(self) -> dict[str, Any]:
        """What its reader needs to know besides the address."""
        return {}


class PageSource(SourceConfig):
    """A page with a list of articles."""

    #: the address of a page with a list of articles
    page: Address
    #: how many pages of the list are read
    pages: int = Field(default=1, ge=1, le=100)
    #: the heading above the wanted list. Default: the main list
    box: str = ""
    #: CSS selectors, as a text (the item) or a table (below). Default: the list is found without them
    select: SelectConfig | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_select(cls, values: Any) -> Any:
        if isinstance(values, dict) and isinstance(values.get("select"), str):
            return {**values, "select": {"item": values["select"]}}
        return values

    @model_validator(mode="after")
    def _one_way(self) -> PageSource:
        if self.box and self.select:
            raise ValueError("has both 'box' and 'select'; keep the one that finds the list")
        if self.box and self.pages > 1:
            raise ValueError(
                "has 'pages' beside 'box'; only the main list of a page continues on other pages"
            )
        return self


class FeedSource(SourceConfig):
    """An RSS, Atom or JSON feed."""

    #: the address of an RSS, Atom or JSON feed
    feed: Address


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


class SectionConfig(ListConfig):
    """[[section]]: a category; what enters it stays in it."""


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
    tracking: Annotated[str, AfterValidator(_tracking)] = ""
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


class FileConfig(Part):
    """A whole configuration file."""

    site: SiteConfig
    serve: ServeConfig = ServeConfig()
    fetch: FetchConfig = FetchConfig()
    store: StoreConfig = StoreConfig()
    websub: WebSubConfig = WebSubConfig()
    embed: EmbedConfig = EmbedConfig()
    rights: RightsConfig = RightsConfig()
    stream: StreamConfig = StreamConfig()
    notify: NotifyConfig = NotifyConfig()
    work: WorkConfig = WorkConfig()
    celery: CeleryConfig = CeleryConfig()
    demo: DemoConfig = DemoConfig()
    latest: LatestConfig = LatestConfig()
    section: list[SectionConfig] = []
    box: list[BoxConfig] = []
    taker: list[TakerConfig] = []
