"""Looks at the service every half minute: what broke and what mended is noted, logged and told."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from feedsvc.errors import Code, FeedsvcError, NoticeError
from feedsvc.model import Condition, Notice, Trouble
from feedsvc.protocols import Clock
from feedsvc.store.notices import Delivery, SqlNotices
from feedsvc.watch.aside import Aside
from feedsvc.watch.channels import Channel
from feedsvc.watch.conditions import WORKER_GONE, judge
from feedsvc.watch.messages import headline
from feedsvc.watch.own import Own

log = logging.getLogger(__name__)

EVERY = 30.0  #: seconds between two looks
WATCHDOG = timedelta(minutes=5)  #: between two pings to the outside watchdog


class Watcher:
    """One worker's look at the service. Any number may run: a notice is noted once.

    `patience`: how long a trouble must last before it is told. `watchdog` tells somebody outside that all
    processes live; it raises FeedsvcError where it was not heard. `own`: what is to be told of this machine.
    """

    def __init__(
        self,
        notices: SqlNotices,
        channels: Sequence[Channel],
        *,
        worker: str,
        patience: timedelta,
        now: Clock,
        watchdog: Callable[[], None] | None = None,
        own: Own | None = None,
    ) -> None:
        self._notices = notices
        self._channels = {channel.name: channel for channel in channels}
        self._worker = worker
        self._patience = patience
        self._now = now
        self._watchdog = watchdog
        self._own = own or Own(worker, now=now)
        self._aside = Aside(channels)
        self._started = now()
        self._looked = False
        self._polled_from: datetime | None = None  # where nobody polled before this worker
        self._pinged: datetime | None = None
        self._config: Condition | None = None

    def refuse(self, file: str, problems: str) -> None:
        """A changed configuration cannot be used: wrong from now on, until a watcher of a good one runs."""
        self._config = Condition(
            kind=Trouble.CONFIG,
            subject=file,
            since=self._now(),
            code=Code.CONFIG,
            reason=f"the changed configuration was refused, the former one is used: {problems}",
            remedy=f"correct it (`feedsvc check --config {file}`) and reload the service",
        )
        self.run()

    def run(self) -> None:
        """One look. Never raises: a fault of the store is told without it, the next look tries again."""
        now = self._now()
        try:
            if self._aside.active:  # this worker lived all the time, and could not say so
                self._notices.beat(self._worker, self._started, now)
            # looked at before it is mended: who was frozen, or died and was started again, tells of it
            facts = self._notices.facts(now, without=self._worker)
            sees = [*self._own.conditions(), *([self._config] if self._config else [])]
            self._notices.beat(self._worker, self._started, now, sees)
            mine = {one.key for one in sees}
            others = [one for one in facts.seen if one.key not in mine]
            if not self._looked and (facts.worker_at is None or now - facts.worker_at >= WORKER_GONE):
                self._polled_from = self._started
            self._looked = True
            conditions = judge(
                replace(facts, seen=[*sees, *others]),
                now,
                patience=self._patience,
                polled_from=self._polled_from,
            )
            broke, mended = self._notices.settle(conditions, list(self._channels), now)
            for notice in broke:
                log.error("%s: %s. To do: %s", headline(notice, mended=False), notice.reason, notice.remedy)
            for notice in mended:
                log.info("%s", headline(notice, mended=True))
            if over := self._aside.over(now):
                self.was_out(*over)
            for delivery in self._notices.due(now):
                self._deliver(delivery, now)
        except FeedsvcError as error:
            log.log(error.level, "the state of the service cannot be read: %s", error)
            self._aside.failed(error, now, disk_full=self._notices.disk_full())
            return
        self._ping(now)

    def was_out(self, notice: Notice, told: Sequence[str]) -> None:
        """The store can be used again, as those are told that were told of it. Raises StoreError."""
        self._notices.remember(notice, told, self._now())
        log.info("%s", headline(notice, mended=True))

    def stop(self) -> None:
        """The worker ends on purpose."""
        try:
            self._notices.leave(self._worker)
        except FeedsvcError as error:
            log.warning("the worker's sign of life cannot be removed: %s", error)

    def _deliver(self, delivery: Delivery, now: datetime) -> None:
        channel = self._channels.get(delivery.channel)
        if channel is None:  # it left the configuration
            self._notices.taken(delivery)
            return
        try:
            channel.send(delivery.notice, mended=delivery.mended)
        except NoticeError as error:
            log.warning("a notice waits: %s: %s", channel.name, error.message)
            self._notices.refused(delivery, error.message, now)
        else:
            self._notices.taken(delivery)

    def _ping(self, now: datetime) -> None:
        if self._watchdog is None or (
            self._pinged is not None and timedelta() <= now - self._pinged < WATCHDOG
        ):
            return
        self._pinged = now
        try:
            self._watchdog()
        except FeedsvcError as error:
            log.warning("the outside watchdog cannot be reached: %s", error)
