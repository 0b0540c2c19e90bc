"""The tables of a configuration file, as pydantic models."""

from __future__ import annotations

import ipaddress
import re
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from feedsvc import urls

RESERVED = frozenset({"tag", "author", "search", "latest", "archive"})
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
        raise ValueError(f"is no time zone{hint}")
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


class Part(BaseModel):
    """A table of the configuration. Keys that are not listed are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


class SiteConfig(Part):
    """[site]: the newsroom."""

    title: str = Field(min_length=1, max_length=200)
    url: Address
    language: Language = "en"
    timezone: Zone = "UTC"
    namespace: UUID | None = None
    description: str = ""
    contact: str = ""
    copyright: str = ""
    logo: Address | Literal[""] = ""
    icon: Address | Literal[""] = ""
    translations: str = ""


class ServeConfig(Part):
    """[serve]: where this service is reached."""

    host: str = "127.0.0.1"
    port: Port = 8080
    base_url: Annotated[str, AfterValidator(lambda v: _base(v) if v else v)] = ""
    workers: int = Field(default=2, ge=1, le=64)
    stale_after: Seconds = 600
    purge: Annotated[str, AfterValidator(_purge)] = ""
    purge_headers: dict[str, str] = {}


class FetchConfig(Part):
    """[fetch]: how others are asked."""

    own: list[Annotated[str, AfterValidator(_own)]] = []
    contact: str = ""
    budget: float | None = Field(default=None, gt=0, le=1_000_000)
    ports: list[Annotated[int, Field(ge=1, le=65535)]] = []
    ca_bundle: str = ""


class WebSubConfig(Part):
    """[websub]: pushing to subscribers, pinging hubs, being pushed to."""

    hub: bool = True
    hubs: list[Address] = []
    hub_agents: list[Annotated[str, Field(min_length=3)]] = []
    signature: Literal["sha256", "sha384", "sha512"] = "sha256"
    lease_min: Lease = 300
    lease_max: Lease = 30 * 86400
    lease_default: Lease = 10 * 86400
    private: list[Annotated[str, AfterValidator(_network)]] = []
    per_host: int = Field(default=8, ge=1, le=64)
    quota: int = Field(default=5000, ge=1)
    verify_rate: float = Field(default=2.0, gt=0, le=1000)
    follow: bool = True

    @model_validator(mode="after")
    def _in_order(self) -> WebSubConfig:
        if not self.lease_min <= self.lease_default <= self.lease_max:
            raise ValueError("lease_min, lease_default and lease_max must rise in this order")
        return self


class StoreConfig(Part):
    """[store]: where articles are kept."""

    url: str = "sqlite:///var/feedsvc.db"


class EmbedConfig(Part):
    """[embed]: our headlines on other sites."""

    frame_ancestors: list[Annotated[str, AfterValidator(_ancestor)]] = ["*"]


class StreamConfig(Part):
    """[stream]: new headlines pushed to open pages (server-sent events), by a process of its own."""

    run: bool = False
    host: str = "127.0.0.1"
    port: Port = 8082
    url: Annotated[str, AfterValidator(lambda v: _base(v) if v else v)] = ""
    limit: int = Field(default=5000, ge=1, le=200_000)
    heartbeat: Annotated[float, BeforeValidator(_duration), Field(ge=1, le=120)] = 15


class WebhookConfig(Part):
    """A webhook that is told of troubles."""

    url: Address
    shape: Literal["feedsvc", "slack", "discord", "telegram"] = "feedsvc"
    secret: str = ""


class NotifyConfig(Part):
    """[notify]: who is told when something breaks, and when it mends."""

    email: list[Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]] = []
    smtp: Annotated[str, AfterValidator(_smtp)] = ""
    sender: str = ""
    webhooks: list[WebhookConfig] = []
    watchdog: Address | Literal[""] = ""
    after: Seconds = 600

    @model_validator(mode="after")
    def _has_a_server(self) -> NotifyConfig:
        if self.email and not self.smtp:
            raise ValueError(
                "has 'email' without 'smtp'; name the mail server: smtp://user:password@host:587"
            )
        return self


class DemoConfig(Part):
    """[demo]: the demo newsroom, a small news site that runs beside the service."""

    run: bool = False
    host: str = "127.0.0.1"
    port: Port = 8081


class SelectConfig(Part):
    """CSS selectors for a list that is not found by itself."""

    item: str = Field(min_length=1)
    link: str = ""
    title: str = ""
    time: str = ""
    image: str = ""
    summary: str = ""


class SourceConfig(Part):
    """What every kind of source has in common. The kind's own key holds its address."""

    own: ClassVar[bool] = False  #: the newsroom's own, whatever its host
    name: str = ""
    was: list[str] = []
    every: Seconds | None = None
    weight: float = Field(default=1.0, ge=0.01, le=100)
    timezone: Zone | None = None
    language: Language | None = None
    match: str = ""
    exclude: str = Field(default="", alias="not")
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

    page: Address
    pages: int = Field(default=1, ge=1, le=100)
    box: str = ""
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
            raise ValueError("has 'pages' beside 'box'; only the main list of a page goes on on others")
        return self


class FeedSource(SourceConfig):
    """An RSS, Atom or JSON feed."""

    feed: Address


class LatestConfig(Part):
    """[latest]: the feed of everything."""

    size: int = Field(default=50, ge=1, le=1000)
    content: Literal["auto", "full", "summary"] = "auto"
    max_age: MaxAge = 60
    fold: Literal["", "near"] = ""


class ListConfig(Part):
    """What sections and boxes have in common."""

    slug: Slug
    title: str = ""
    description: str = ""
    sources: list[dict[str, Any]] = []
    size: int = Field(default=50, ge=1, le=1000)
    content: Literal["auto", "full", "summary"] = "auto"
    language: Language | None = None
    max_age: MaxAge = 60
    logo: Address | Literal[""] = ""
    icon: Address | Literal[""] = ""
    copyright: str = ""
    contact: str = ""
    fold: Literal["", "near"] = ""
    keep: Keep | None = None
    keep_count: int | None = Field(default=None, ge=100)
    was: list[Slug] = []
    aliases: list[str] = []
    retired: bool = False


class SectionConfig(ListConfig):
    """[[section]]: a category; what enters it stays in it."""


class BoxConfig(ListConfig):
    """[[box]]: a box of a page; ranked: what the page shows now, in its order."""

    ranked: bool = False


class FileConfig(Part):
    """A whole configuration file."""

    site: SiteConfig
    serve: ServeConfig = ServeConfig()
    fetch: FetchConfig = FetchConfig()
    store: StoreConfig = StoreConfig()
    websub: WebSubConfig = WebSubConfig()
    embed: EmbedConfig = EmbedConfig()
    stream: StreamConfig = StreamConfig()
    notify: NotifyConfig = NotifyConfig()
    demo: DemoConfig = DemoConfig()
    latest: LatestConfig = LatestConfig()
    section: list[SectionConfig] = []
    box: list[BoxConfig] = []
