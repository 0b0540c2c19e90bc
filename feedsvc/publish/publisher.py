"""Changed articles → ready bytes. One publisher at a time, whoever it is.

outbox ──► read (one consistent view of a list) ──► build (pure, see publish.feeds) ──► save (all at once)
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from feedsvc.errors import StoreError
from feedsvc.model import Article, ListSpec, Site
from feedsvc.protocols import Clock
from feedsvc.publish.feeds import FeedBuilder
from feedsvc.publish.pauses import is_over
from feedsvc.publish.redirects import redirects, wanted_paths
from feedsvc.store.publishing.builds import Changes, SqlPublishing, feed_paths, look_of
from feedsvc.store.publishing.documents import NewDocument

log = logging.getLogger(__name__)

LEASE = 10.0  #: seconds; another publisher takes over after it
PACE = timedelta(seconds=1)  #: a feed is built at most this often
ROUND = 32  #: feeds of one round; those with news come first, and the next round follows at once
PATIENCE = timedelta(minutes=2)  #: no article waits longer for its page; who does is under embargo
FIRST_WAIT = timedelta(seconds=5)  #: at most, for the first look at every list
PAGES_WAIT = timedelta(minutes=1)  #: at most, for feeds that wait to be built
AGEING = timedelta(minutes=10)  #: entries leave windows by the passing of time alone
DIRECTORY = "/"  #: the page that names every feed
REMOVED = timedelta(days=7)  #: how long the feed of a list that left the configuration is served


class Pages(Protocol):
    """What is built beside the feeds, at its own pace; see publish.pages."""

    def paths(self) -> Sequence[str]: ...
    def saw(self, spec: ListSpec, articles: Sequence[Article]) -> None: ...
    def everything(self) -> None: ...
    def due(self, now: datetime) -> bool: ...
    def build(self, now: datetime) -> Sequence[NewDocument]: ...


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
        self._feeds = FeedBuilder(site, lists)
        self._lists = {spec.key: spec for spec in lists if not spec.retired}
        self._all = tuple(lists)
        self._shown_by: dict[str, list[ListSpec]] = {}
        for spec in self._lists.values():
            for key in _sources_of(spec):
                self._shown_by.setdefault(key, []).append(spec)
        self._by_hours = [spec.key for spec in lists if spec.taker is not None and spec.taker.hours]
        self._store = store
        self._announce = announce
        self._now = now
        self._token = 0
        self._built: dict[str, datetime] = {}
        self._aged: datetime | None = None
        self._first: datetime | None = None
        self._settled = False
        self._paged: datetime | None = None  # when pages were built last
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
        elif is_over(AGEING, self._aged, now):
            self._store.mark([*self._store.ageing(self._aged, now), *self._by_hours], now)
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
        wanted = self._due(touched, now)
        due = sorted(wanted, key=lambda key: not touched[key])[: len(wanted) if last else ROUND]
        news = frozenset(key for key in due if touched[key])
        return self._publish(due, news, upto, now, more=len(wanted) > len(due))

    def _behind(self, now: datetime, more: bool) -> bool:
        """Whether feeds still wait to be built: they go first, as long as no page waits for too long."""
        return more and not is_over(PAGES_WAIT, self._paged, now)

    def _settling(self, now: datetime) -> bool:
        """Whether the very first publication is still worth waiting for.

        A feed that begins empty and fills in the seconds after is taken for a broken one by who looks first.
        """
        if self._first is None:
            self._first = now
        if not self._settled:
            self._settled = is_over(FIRST_WAIT, self._first, now) or not self._store.settling(now + PATIENCE)
        return not self._settled

    def _due(self, touched: Iterable[str], now: datetime) -> list[str]:
        return [key for key in touched if is_over(PACE, self._built.get(key), now)]

    def stop(self) -> None:
        """Let another publisher begin at once."""
        if self._token:
            self._store.give_up_lease(self._token, self._now())
            self._token = 0

    def _publish(
        self, due: Sequence[str], news: frozenset[str], upto: int, now: datetime, *, more: bool
    ) -> Publication | None:
        opening = self._aged is None and not self._store.published([DIRECTORY])
        changes = Changes(lists=due, upto=upto)
        refused: set[str] = set()
        built: set[str] = set()
        for key in due:
            self._built[key] = now
            for spec in self._shown_by.get(key, ()):  # none: it left the configuration, its last feed stays
                if spec.key not in built and not self._build(spec, changes, now):
                    refused.add(spec.path)
                built.add(spec.key)
                if spec.path not in refused and (key in news or key in self._owed):
                    changes.news.update(feed_paths(spec).values())
        # of a refused build subscribers are notified with the first one that succeeds
        owed = self._owed.difference(due) | {
            key
            for key in (news | self._owed).intersection(due)
            if any(spec.path in refused for spec in self._shown_by.get(key, ()))
        }
        if is_over(AGEING, self._aged, now):
            changes.documents += redirects(self._all, self._site.base_url, now)
            wanted = [*self._pages.paths(), *wanted_paths(self._all)]
            changes.drop = self._store.stale_paths(wanted, now, REMOVED)
            self._aged = now
        if opening:  # who comes first finds the directory too, not only the feeds that it lists
            changes.documents += self._build_pages(now)
            self._paged = now
        number = self._save(changes, now)
        if number is not None:
            self._owed = owed
            # nobody waits for pages by the second, so no feed does
            if not opening and self._pages.due(now) and not self._behind(now, more):
                self._paged = now
                pages = Changes(documents=list(self._build_pages(now)))
                number = self._save(pages, now)
                changes.documents += pages.documents
        if number is None:
            log.warning("another process became the publisher; this round is left to it")
            self._token = 0
            self._pages.everything()
            return None
        paths = tuple(document.snapshot.path for document in changes.documents)
        return Publication(number, paths, tuple(sorted(refused)))

    def _build(self, spec: ListSpec, changes: Changes, now: datetime) -> bool:
        """Add the new documents of a list's feeds; False where the build is refused.

        A fault in one list is logged and does not hold up the others. Raises StoreError.
        """
        if spec.taker is not None and spec.taker.over(now):
            return True
        try:
            given = self._store.read(spec, now)
            built = self._feeds.build(spec, given, {} if look_of(spec) else changes.fragments, now)
        except StoreError:
            raise  # not this list's fault
        except Exception:
            log.exception("%s: a fault in feedsvc; the last good build stays", spec.path)
            return False
        changes.documents += built.documents
        if look_of(spec):
            changes.tailored[spec.key] = built.fragments
        else:
            changes.fragments |= built.fragments
        if built.duplicates:
            changes.duplicates[spec.key] = built.duplicates
        if built.documents and spec.taker is None:
            self._pages.saw(spec, built.articles)
        return not built.refused

    def _save(self, changes: Changes, now: datetime) -> int | None:
        number = self._store.save(changes, token=self._token, now=now)
        if number is not None and (changes.documents or changes.drop):
            self._announce(number)
        return number

    def _build_pages(self, now: datetime) -> Sequence[NewDocument]:
        """The pages; a fault in them holds up no feed."""
        try:
            return self._pages.build(now)
        except StoreError:
            raise
        except Exception:
            log.exception("a fault in feedsvc; the pages for people stay as they are")
            return ()


def _sources_of(spec: ListSpec) -> tuple[str, ...]:
    """The keys of the lists whose changes a list's feeds may show."""
    if spec.taker is None:
        return (spec.of or spec.key,)
    return (spec.key, spec.of, *sorted(spec.taker.sections | spec.taker.not_sections))
