"""The tables of the service in a configuration file, and the whole file, as pydantic models."""

from __future__ import annotations

import logging
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, model_validator

from feedsvc.config.list_models import BoxConfig, LatestConfig, RightsConfig, SectionConfig, TakerConfig
from feedsvc.config.values import (
    Address,
    Ancestor,
    Apprise,
    BaseAddress,
    Broker,
    BucketAddress,
    Email,
    Heartbeat,
    Language,
    Lease,
    MailServer,
    Network,
    OwnHost,
    Part,
    Port,
    PurgeAddress,
    Seconds,
    WorkLease,
    Zone,
)

log = logging.getLogger(__name__)


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
    #: accounts of the newsroom elsewhere, `{ mastodon = "@news@social.example" }`: `source:account` in RSS
    accounts: dict[Annotated[str, Field(min_length=1)], Annotated[str, Field(min_length=1)]] = {}
    #: whether RSS gives full texts in Markdown too (`source:markdown`); needs `feedsvc[markdown]`
    markdown: bool = False


class ServeConfig(Part):
    """[serve]: where this service is reached."""

    #: where the web processes listen; `--host` and `HOST` win over it
    host: str = "127.0.0.1"
    #: their port; `--port` and `PORT` win over it
    port: Port = 8080
    #: the address under which readers reach the service. Every absolute address in feeds and headers begins
    #: with it; a request's `Host` is never used. Behind a proxy it is needed. Default: `http://host:port`
    base_url: BaseAddress = ""
    #: web processes
    workers: int = Field(default=2, ge=1, le=64)
    #: how long no worker may have been seen before `/readyz` answers 503
    stale_after: Seconds = 600
    #: the cache in front that must forget what changed before anybody is notified; see
    #: [websub.md](websub.md#caches-in-front)
    purge: PurgeAddress = ""
    #: headers of that request; `${NAME}` in a value comes from the environment
    purge_headers: dict[str, str] = {}


class FetchConfig(Part):
    """[fetch]: how others are asked."""

    #: hosts (`news.example`) or hosts with ports (`127.0.0.1:8081`) that you run: four connections, no
    #: waiting, no robots.txt, private addresses and any port allowed, full texts in the feeds;
    #: not for addresses that foreign content names
    own: list[OwnHost] = []
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
    private: list[Network] = []
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


class EmbedConfig(Part):
    """[embed]: our headlines on other sites."""

    #: which sites may show `/embed/<slug>` in a frame: `["*"]`, hosts such as `"https://*.news.example"`, or
    #: `["none"]`
    frame_ancestors: list[Ancestor] = ["*"]


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
    url: BaseAddress = ""
    #: open pages at once; further ones poll instead
    limit: int = Field(default=5000, ge=1, le=200_000)
    #: how often an idle stream says that it is alive; shorter than the proxy's idle limit
    heartbeat: Heartbeat = 15


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
    email: list[Email] = []
    #: the mail server: `smtp://user:${SMTP_PASSWORD}@host:587` (with STARTTLS where the server has it) or
    #: `smtps://…`
    smtp: MailServer = ""
    #: the sender of the mails. Default: `feedsvc@` and the site's host
    sender: str = ""
    #: a list of tables (below)
    webhooks: list[WebhookConfig] = []
    #: addresses of other services as Apprise writes them, `tgram://${BOT_TOKEN}/${CHAT}`; needs
    #: `feedsvc[apprise]`
    apprise: list[Apprise] = []
    #: an address that is requested every five minutes while a worker lives, at a service that tells you when
    #: the requests stop
    watchdog: Address | Literal[""] = ""
    #: how long a trouble must last before it is reported
    after: Seconds = 600
    #: whether the worker asks `[serve] base_url` every two minutes whether it leads here and how long its
    #: certificate holds; `false` where the worker's machine cannot reach that address
    address: bool = True

    @model_validator(mode="after")
    def _has_a_server(self) -> NotifyConfig:
        if self.email and not self.smtp:
            raise ValueError(
                "has 'email' without 'smtp'; name the mail server: smtp://user:password@host:587"
            )
        return self


class PublishConfig(Part):
    """[publish]: where every published document is written besides, for a CDN to serve."""

    #: buckets of an object storage, `s3://bucket` or `s3://bucket/folder`; see
    #: [scale.md](scale.md#object-storage)
    to: list[BucketAddress] = []
    #: where the storage answers, if it is not Amazon's: `https://s3.storage.example`
    endpoint: Address | Literal[""] = ""
    #: the region of the buckets
    region: str = "us-east-1"


class WorkConfig(Part):
    """[work]: who polls the sources."""

    #: `pool`: threads of each `feedsvc work`. `celery`: workers of Celery, see [celery]
    executor: Literal["pool", "celery"] = "pool"
    #: how long a worker has for one source (Celery: for one message); after that, another one takes it up.
    #: Less than slow sources need repeats their polls
    lease: WorkLease = 120


class CeleryConfig(Part):
    """[celery]: how units of work reach the workers that `celery -A feedsvc.celery worker` starts."""

    #: the broker: `redis://…`, `rediss://…`, `amqp://…` or `amqps://…`; passwords as `${NAME}`
    broker: Broker = ""
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
    publish: PublishConfig = PublishConfig()
    demo: DemoConfig = DemoConfig()
    latest: LatestConfig = LatestConfig()
    section: list[SectionConfig] = []
    box: list[BoxConfig] = []
    taker: list[TakerConfig] = []
