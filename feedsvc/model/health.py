"""How the service is: what the store knows of its sources and workers, and what of it a person is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Trouble(StrEnum):
    """What a condition is about."""

    SOURCE = "source"  #: a source fails
    LATE = "late"  #: a source is not polled although it is due
    STOPPED = "stopped"  #: a source said that it is gone for good; nobody asks again
    PAGES = "pages"  #: the article pages of a host fail
    WORKER = "worker"  #: no worker is running
    CONFIG = "config"  #: a changed configuration was refused; the former one is used
    DRIFT = "drift"  #: a source is not as usual
    STORE = "store"  #: the store cannot be used
    DISK = "disk"  #: the disk of the store is nearly full
    NETWORK = "network"  #: most sources cannot be reached at once: it is us, or their one host
    CLOCK = "clock"  #: the clock of a machine is wrong
    ADDRESS = "address"  #: the public address does not lead here, or its certificate ends
    LADDER = "ladder"  #: another source is read instead
    CACHE = "cache"  #: the cache in front is not emptied
    HUB = "hub"  #: an outside hub takes no notices
    BUCKET = "bucket"  #: an object storage takes no documents


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Something that an operator has to know."""

    kind: Trouble
    subject: str  #: the source's name, the host, …
    since: datetime
    code: str
    reason: str
    remedy: str
    grave: bool = True  #: red; else amber: it may be nothing

    @property
    def key(self) -> str:
        """What makes it the same trouble as a minute ago, whatever its words are."""
        return f"{self.kind}:{self.subject}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """What the store knows of a source."""

    name: str
    active: bool
    failures: int  #: in a row
    code: str
    message: str
    polled_at: datetime | None
    good_at: datetime | None
    due: datetime
    leased: bool  #: somebody is at it
    drift: int = 0  #: from what is usual: 1 amber, 2 red
    drift_reason: str = ""
    drift_since: datetime | None = None
    proposed: bool = False  #: another list was found that may be the right one
    instead_of: str = ""  #: the source that it stands in for
    host: str = ""  #: where it is read


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What became of the article pages of a host that were polled lately."""

    host: str
    read: int
    failed: int
    code: str  #: of the last failure
    message: str
    since: datetime  #: the first of these failures
    refused: int = 0  #: of the failed: polled since a page of that host was read last, and not merely gone
    drift: int = 0
    drift_reason: str = ""
    drift_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HubFacts:
    """An outside hub that did not take what it was sent last."""

    hub: str
    tries: int
    error: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketFacts:
    """An object storage that did not take what was written last."""

    address: str
    tries: int
    error: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that is judged."""

    sources: Sequence[SourceFacts] = ()
    pages: Sequence[PageFacts] = ()
    hubs: Sequence[HubFacts] = ()
    buckets: Sequence[BucketFacts] = ()
    worker_at: datetime | None = None  #: the last sign of life of a worker; None: there never was one
    disk_full: float = 0.0  #: share of the store's disk that is used; 0: not known
    seen: Sequence[Condition] = ()  #: what workers see of their own surroundings


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A trouble as it was told: when it was noticed, and when it was over."""

    no: int
    kind: Trouble
    subject: str
    code: str
    reason: str
    remedy: str
    since: datetime  #: when it began, as far as that is known
    broke_at: datetime  #: when it was noticed
    mended_at: datetime | None  #: None: it lasts
    grave: bool = True
