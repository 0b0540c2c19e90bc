"""Settings → what watches the service and tells its operator."""

from __future__ import annotations

import os
import platform
import secrets
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

from feedsvc.config import Settings
from feedsvc.errors import Code, NoticeError
from feedsvc.fetch.clocks import HostClocks
from feedsvc.fetch.guard import Guard
from feedsvc.fetch.sender import Sender
from feedsvc.protocols import Clock, Message
from feedsvc.store.engine import Database
from feedsvc.store.notices import SqlNotices
from feedsvc.watch.channels import Channel, Email, Service, Webhook
from feedsvc.watch.own import Own
from feedsvc.watch.watcher import Watcher
from feedsvc.wiring.address import PublicAddress
from feedsvc.wiring.collector import user_agent
from feedsvc.wiring.process import now


def channels(settings: Settings, clock: Clock = now) -> list[Channel]:
    """Everybody who is told, in the configuration's order."""
    rules, site = settings.notify, settings.site
    found: list[Channel] = []
    if rules.email:
        host = urlsplit(site.url).hostname or "localhost"
        found.append(
            Email(
                server=rules.smtp,
                sender=rules.sender or f"feedsvc@{host}",
                to=tuple(rules.email),
                site=site.title,
                zone=site.zone,
            )
        )
    for number, hook in enumerate(rules.webhooks, 1):
        found.append(
            Webhook(
                name=f"webhook {number} at {urlsplit(hook.url).hostname}",
                url=hook.url,
                shape=hook.shape,
                secret=hook.secret,
                sender=_sender(settings, hook.url, clock),
                site=site.title,
                zone=site.zone,
            )
        )
    for number, url in enumerate(rules.apprise, 1):
        name = f"apprise {number} ({url.partition(':')[0]})"
        found.append(Service(name=name, url=url, site=site.title, zone=site.zone))
    return found


def own(settings: Settings, clocks: HostClocks, cache: Callable[[], str], clock: Clock = now) -> Own:
    """What a worker sees of its own machine, of the public address, and of the cache in front."""
    address = PublicAddress(settings, user_agent=user_agent(settings), now=clock)
    return Own(
        platform.node()[:80],
        now=clock,
        clock_off=clocks.off,
        address=address.faults if settings.notify.address else tuple,
        cache=cache,
    )


def watcher(settings: Settings, database: Database, clock: Clock = now, sees: Own | None = None) -> Watcher:
    """What watches the service from within a worker."""
    return Watcher(
        SqlNotices(database),
        channels(settings, clock),
        worker=f"{platform.node()[:80]}:{os.getpid()}:{secrets.token_hex(4)}",
        patience=timedelta(seconds=settings.notify.after),
        now=clock,
        watchdog=watchdog(settings, clock),
        own=sees,
    )


def watchdog(settings: Settings, clock: Clock = now) -> Callable[[], None] | None:
    """A sign of life for somebody outside, who tells when it stays away. Raises FeedsvcError."""
    url = settings.notify.watchdog
    if not url:
        return None
    sender = _sender(settings, url, clock)

    def ping() -> None:
        answer = sender.send(Message(method="GET", url=url))
        if not answer.taken:
            raise NoticeError(Code.NOT_NOTIFIED, f"it answered {answer.status}")

    return ping


def _sender(settings: Settings, url: str, clock: Clock) -> Sender:
    """A way to the one host that the operator named, wherever it is."""
    parts = urlsplit(url)
    guard = Guard(own=frozenset({parts.netloc.lower(), parts.hostname or ""}), ports=settings.ports)
    return Sender(guard, user_agent=user_agent(settings), now=clock, ca_bundle=settings.ca_bundle or None)
