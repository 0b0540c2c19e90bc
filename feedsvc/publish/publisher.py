"""Changed articles → ready bytes. One publisher at a time, whoever it is.

    outbox ──► window ──► fragments (rendered once, when an article changes) ──► join ──► freeze ──► store

What is served stays as it is where a build is refused (decision 14) and where nothing but the clock moved.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from feedsvc.errors import StoreError
from feedsvc.model import Article, Format, ListSpec, Site
from feedsvc.protocols import Clock
from feedsvc.publish.feeds import Feeds
from feedsvc.publish.redirects import signposts, wanted_paths
from feedsvc.store.publishing.builds import Made, SqlPublishing

log = logging.getLogger(__name__)

LEASE = 10.0  #: seconds; another publisher takes over after it
PACE = timedelta(seconds=1)  #: a feed is built at most this often
ROUND = 32  #: feeds of one round; those with news come first, and the next round follows at once
PATIENCE = timedelta(minutes=2)  #: no article waits longer for its page; who does is under embargo
FIRST_WAIT = timedelta(seconds=5)  #: at most, for the first look at every list
AGEING = timedelta(minutes=10)  #: entries leave windows by the passing of time alone
DIRECTORY = "/"  #: the page that names every feed
REMOVED = timedelta(days=7)  #: how long the feed of a list that left the configuration is served


class Pages(Protocol):
    """What is built beside the feeds, at its own pace; see feedsvc.frontpages."""

    def paths(self) -> Sequence[str]: ...
    def saw(self, spec: ListSpec, articles: Sequence[Article]) -> None: ...
    def everything(self) -> None: ...
    def due(self, now: datetime) -> bool: ...
    def build(self, now: datetime) -> Sequence[Made]: ...


@dataclass(frozen=True, slots=True)
class Publication:
    """What one round of publishing came to."""

    number: int
    paths: tuple[str, ...]
    refused: tuple[str, ...] = ()


class Publisher:
    """Builds what the outbox asks for."""

    def __init__(
        self,
        *,
        site: Site,
        lists: Sequence[ListSpec],
        store: SqlPublishing,
        pages: Pages,
        announce: Callable[[int], None],
        now: Clock,
    ) -> None:
        self._site = site
        self._pages = pages
        self._feeds = Feeds(site, lists, store, pages.saw)
        self._lists = {spec.key: spec for spec in lists if not spec.retired}
        self._all = tuple(lists)
        self._shown_by: dict[str, list[ListSpec]] = {}
        for spec in self._lists.values():
            self._shown_by.setdefault(spec.of or spec.key, []).append(spec)
        self._store = store
        self._announce = announce
        self._now = now
        self._token = 0
        self._built: dict[str, datetime] = {}
        self._aged: datetime | None = None
        self._first: datetime | None = None
        self._settled = False
        self._owed: set[str] = set()  # lists with news whose build was refused

    def run(self, *, last: bool = False) -> Publication | None:
        """Publish what is due; None where nothing was, or another process is the publisher.

        With `last` nothing is put off: the process ends. Raises StoreError.
        """
        now = self._now()
        if last:
            self._built.clear()
        elif self._settling(now):
            return None
        if self._aged is None:
            self._store.mark(self._shown_by, now)  # titles and the like may be others since the last start
        elif now - self._aged >= AGEING:
            self._store.mark(self._store.ageing(self._aged, now), now)
        if not self._due(self._store.waiting()[1], now) and not self._pages.due(now):
            return None
        token = self._store.take_lease(now, LEASE, self._token)
        if token is None:
            self._token = 0
            return None
        if token != self._token:
            self._pages.everything()  # another publisher may have been at work since
        self._token = token
        upto, touched = self._store.waiting()  # what another publisher did meanwhile is no longer there
        due = self._due(touched, now)
        due = sorted(due, key=lambda key: not touched[key])[: len(due) if last else ROUND]
        return self._publish(due, frozenset(key for key in due if touched[key]), upto, now)

    def _settling(self, now: datetime) -> bool:
        """Whether the very first publication is still worth waiting for.

        A feed that begins empty and fills in the seconds after is taken for a broken one by who looks first.
        """
        if self._first is None:
            self._first = now
        if not self._settled:
            self._settled = now - self._first >= FIRST_WAIT or not self._store.settling(now + PATIENCE)
        return not self._settled

    def _due(self, touched: Iterable[str], now: datetime) -> list[str]:
        return [key for key in touched if key not in self._built or now - self._built[key] >= PACE]

    def stop(self) -> None:
        """Let another publisher begin at once."""
        if self._token:
            self._store.give_up_lease(self._token, self._now())
            self._token = 0

    def _publish(
        self, due: Sequence[str], news: frozenset[str], upto: int, now: datetime
    ) -> Publication | None:
        made: list[Made] = []
        tell: set[str] = set()
        news, owed = news | self._owed, set(self._owed.difference(due))
        refused: list[str] = []
        drop: list[str] = []
        opening = self._aged is None and not self._store.published([DIRECTORY])
        for key in due:
            self._built[key] = now
            for spec in self._shown_by.get(key, ()):  # none: it left the configuration, its last feed stays
                feeds = self._feeds.attempt(spec, now)
                if feeds is None:
                    refused.append(spec.slug)
                    owed |= news & {key}  # subscribers are told with the first build that succeeds
                    continue
                made += feeds
                if key in news:
                    tell.update(f"/feeds/{spec.slug}.{form}" for form in Format)
        if self._aged is None or now - self._aged >= AGEING:
            made += signposts(self._all, self._site.base_url, now)
            drop = self._store.stale_paths([*self._pages.paths(), *wanted_paths(self._all)], now, REMOVED)
            self._aged = now
        if opening:  # who comes first finds the directory too, not only the feeds that it lists
            made += self._build_pages(now)
        number = self._store.save(
            made, token=self._token, upto=upto, lists=due, drop=drop, tell=tell, now=now
        )
        if number is not None:
            self._owed = owed
            if made or drop:
                self._announce(number)
            if not opening and self._pages.due(now):  # nobody waits for pages by the second, so no feed does
                shown = self._build_pages(now)
                number = self._store.save(shown, token=self._token, upto=0, lists=(), now=now)
                made += shown
                if number is not None and shown:
                    self._announce(number)
        if number is None:
            log.warning("another process became the publisher; this round is left to it")
            self._token = 0
            self._pages.everything()
            return None
        return Publication(number, tuple(snapshot.path for snapshot, *_ in made), tuple(refused))

    def _build_pages(self, now: datetime) -> Sequence[Made]:
        """The pages; a fault in them holds up no feed."""
        try:
            return self._pages.build(now)
        except StoreError:
            raise
        except Exception:
            log.exception("a fault in feedsvc; the pages for people stay as they are")
            return ()
