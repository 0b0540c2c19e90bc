"""Settings → what crosses into a web process."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feedsvc.config import Settings
    from feedsvc.model import ListSpec, Site
    from feedsvc.websub.rules import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSpec:
    """All that a web process needs to know; plain values that cross into it."""

    store_url: str
    state: str  #: the folder of this machine's files where the store is no file
    site: Site
    lists: tuple[ListSpec, ...]
    takers: tuple[ListSpec, ...]
    websub: Rules
    translations: str
    frame_ancestors: tuple[str, ...]
    stale_after: float  #: seconds without a worker, after which /readyz says so
    readings: tuple[tuple[str, str], ...]  #: (key of a source, key of a list that takes from it)
    told: bool  #: whether somebody is told of what goes wrong
    stream: str  #: where browsers reach the stream; "": there is none
    master: int  #: process id of granian, with which the web process ends


def web_spec(settings: Settings) -> WebSpec:
    """What the web processes of this machine are given."""
    return WebSpec(
        store_url=settings.store_url,
        state=settings.state,
        site=settings.site,
        lists=settings.lists,
        takers=settings.takers,
        websub=settings.websub,
        translations=settings.translations,
        frame_ancestors=settings.frame_ancestors,
        stale_after=settings.stale_after,
        readings=tuple((one.upstream, one.list) for one in settings.readings),
        told=bool(settings.notify.email or settings.notify.webhooks),
        stream=settings.stream_url,
        master=os.getpid(),
    )
