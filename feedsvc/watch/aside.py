"""Tells that the store cannot be used: from memory, for nothing can be noted in it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from feedsvc.errors import Code, FeedsvcError, NoticeError
from feedsvc.model import Notice, Trouble
from feedsvc.watch.channels import Channel
from feedsvc.watch.conditions import NEARLY_ALL
from feedsvc.watch.messages import headline

log = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=1)  #: a database server that is started anew is back sooner
AGAIN = timedelta(seconds=30)  #: between two tries of channels that did not take it

_REMEDIES = {
    Code.STORE_GONE: "put the store's file back, or restart feedsvc with the one that is there now",
    Code.STORE_DAMAGED: "stop feedsvc, put the store's file aside, `feedsvc restore` the last backup",
    Code.STORE_BUSY: "look which other program holds the database (a backup, a shell), and end it",
    Code.STORE_VERSION: "install the newer feedsvc that this store was used with, or restore a backup",
    Code.STORE_OF_ANOTHER_SITE: "name another one in [store] url; if it is one site, `feedsvc store adopt`",
}
_ELSE = (
    "`feedsvc check` says what is wrong: whether the database is up, its disk has room, this user may write"
)
_FULL = "make room on the disk of the store: old backups, logs; collecting then goes on by itself"


class Aside:
    """What one worker tells each channel while the store is out. Two workers tell it twice.

    A worker that is started again meanwhile tells it again: what it told is kept nowhere else.
    """

    def __init__(self, channels: Sequence[Channel]) -> None:
        self._channels = {channel.name: channel for channel in channels}
        self._since: datetime | None = None
        self._notice: Notice | None = None
        self._tried: datetime | None = None
        self._waiting: list[str] = []  #: channels that have not taken it yet

    @property
    def active(self) -> bool:
        """Whether the store failed when it was used last."""
        return self._since is not None

    def failed(self, error: FeedsvcError, now: datetime, *, disk_full: float = 0.0) -> None:
        """The store could not be used; `disk_full`: the share of its disk that is used. Never raises."""
        if self._since is None or now < self._since:
            self._since = now
        if self._notice is None:
            if now - self._since < PATIENCE:
                return
            self._notice = _notice(error, self._since, now, disk_full)
            self._waiting = list(self._channels)
            said = headline(self._notice, mended=False)
            log.error("%s: %s. To do: %s", said, self._notice.reason, self._notice.remedy)
        if self._tried is not None and timedelta() <= now - self._tried < AGAIN:
            return
        self._tried = now
        for name in list(self._waiting):
            try:
                self._channels[name].send(self._notice, mended=False)
            except NoticeError as refused:
                log.warning("a notice waits: %s", refused.message)
            else:
                self._waiting.remove(name)

    def over(self, now: datetime) -> tuple[Notice, list[str]] | None:
        """The store works: what was told meanwhile, and to whom; None where nothing was."""
        notice, self._notice, self._since = self._notice, None, None
        self._tried = None
        if notice is None:
            return None
        told = [name for name in self._channels if name not in self._waiting]
        return replace(notice, mended_at=now), told


def _notice(error: FeedsvcError, since: datetime, now: datetime, disk_full: float) -> Notice:
    try:
        remedy = _REMEDIES.get(Code(error.code), _ELSE)
    except ValueError:
        remedy = _ELSE
    reason = error.message
    if disk_full >= NEARLY_ALL:
        reason, remedy = f"{disk_full:.0%} of its disk are used: {reason}", _FULL
    return Notice(
        no=0, kind=Trouble.STORE, subject="store", code=error.code, reason=reason, remedy=remedy,
        since=since, broke_at=now, mended_at=None,
    )  # fmt: skip
