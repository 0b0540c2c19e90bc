"""What is published, as one web process holds it: ready documents by path, followed from the store."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from feedsvc.errors import FeedsvcError
from feedsvc.model import PLACE, ReadyDocument
from feedsvc.model.outage import Outage
from feedsvc.serve.documents import About, Document, Uncoded
from feedsvc.serve.old_addresses import OldAddresses

log = logging.getLogger(__name__)

LOOK_EVERY = 0.25  #: seconds between two looks into the store, for publications of other machines
FIRST_START = 15.0  #: seconds that the worker has to make the store; then one that cannot be read is a fault


class Copy(Protocol):
    """What was served last, for a start at which the store cannot be read; see store.web.served_copy."""

    def keep(
        self, new: Iterable[ReadyDocument], everything: Callable[[], Iterable[ReadyDocument]], /
    ) -> None: ...
    def load(self) -> Sequence[ReadyDocument]: ...
    def close(self) -> None: ...


class Published:
    """The documents of the newest publication that could be read, those that everybody may have and others.

    `generation` gives the number of the newest publication of this machine (a memory read), `newest` the
    store's, `load` the rows after a number. `fixed` are there whatever is published. `open_takers` are
    the paths below /feeds/for/ that everybody may read. `old` are the configured old addresses: one whose
    document is not built yet is not taken for another address. `copy` keeps what is served, `outage` says
    when the store cannot be read. `changed` is called after each take-over, `warm` once, after the first.
    """

    def __init__(
        self,
        *,
        generation: Callable[[], int],
        newest: Callable[[], int],
        load: Callable[[int], Sequence[ReadyDocument]],
        fixed: Sequence[ReadyDocument] = (),
        about: About | None = None,
        open_takers: Collection[str] = frozenset(),
        old: Collection[str] = (),
        copy: Copy | None = None,
        outage: Outage | None = None,
        changed: Callable[[], None] = lambda: None,
        warm: Callable[[], None] = lambda: None,
    ) -> None:
        self.generation = generation
        self._newest = newest
        self._load = load
        self._about = about or About()
        self._fixed = {row.path: Document(row, self._about(row)) for row in fixed}
        self.documents = self._fixed
        self._open_takers = open_takers
        self.private: dict[str, Document] = {}  #: never looked up without asking who wants it
        self._configured_old = frozenset(old)
        self.old = OldAddresses(self._configured_old)
        self.uncoded = Uncoded()
        self._copy = copy
        self.copied = False  #: whether the last good copy is served
        self._uncopied: list[ReadyDocument] = []  # taken over, and not in the copy yet
        self.number = -1  #: of the newest publication that is served; -1 before the first look
        self._wake = threading.Event()
        self._ended = False
        self._refreshing = threading.Lock()
        self.outage = outage or Outage()
        self.in_trouble = False  #: whether the store could not be read when it was looked into last
        self._changed = changed
        self._warm = warm
        self._born = time.monotonic()

    @property
    def serves(self) -> bool:
        """Whether anything is served, if only the last good copy."""
        return self.number > 0 or self.copied

    def start(self) -> None:
        """Load what is stored and keep following it from a thread of its own."""
        self.refresh()
        threading.Thread(target=self._follow, name="follow publications", daemon=True).start()

    def wake(self) -> bool:
        """There may be a publication that nothing here tells of; False: it follows no more."""
        self._wake.set()
        return not self._ended

    def stop(self) -> None:
        """Follow no more; what was taken over stays."""
        self._ended = True
        self._wake.set()

    def refresh(self) -> None:
        """Take over every publication that is newer than what is served; a fault leaves all as it is."""
        with self._refreshing:
            try:
                newest = self._newest()
                self.outage.worked(writing=False)
                if newest <= self.number or (self.copied and newest <= 0):
                    self.in_trouble = False
                    return  # nothing is newer; or a store begins anew, and the copy is better than nothing
                rows = self._load(self.number)
            except FeedsvcError as error:
                early = self.number < 0 and time.monotonic() - self._born < FIRST_START
                self.in_trouble = not early
                if not early:
                    self.outage.failed(error)
                if self.number < 0 and not self.copied:
                    self._serve_copy(error)
                return
            self.in_trouble = False
            rows, private = self._divided(rows)
            documents = dict(self.documents if self.number >= 0 else self._fixed)
            gone = [documents.pop(row.path, None) for row in rows]
            documents |= {row.path: Document(row, self._about(row)) for row in rows if row.status != 404}
            # one assignment: a request sees all of a publication or nothing of it
            self.documents = documents
            self.private = {
                **(self.private if self.number >= 0 else {}),
                **{row.path: Document(row, self._about(row)) for row in private},
            }
            self.old = OldAddresses(self._configured_old | documents.keys())
            self.number = max([newest, *(row.number for row in (*rows, *private))])
            self.copied = False
            self._uncopied += rows
            for document in gone:
                if document is not None:
                    self.uncoded.forget(document)
            self._changed()

    def _divided(
        self, rows: Sequence[ReadyDocument]
    ) -> tuple[Sequence[ReadyDocument], Sequence[ReadyDocument]]:
        """What everybody may have; and what members may: feeds of takers that are not said to be open."""
        private = [
            replace(row, private=True)
            for row in rows
            if row.path.startswith(PLACE) and row.path not in self._open_takers
        ]
        if not private:
            return rows, private
        paths = {row.path for row in private}
        return [row for row in rows if row.path not in paths], private

    def keep_copy(self) -> None:
        """Write what was taken over last into the copy: beside serving, and never before it."""
        rows, self._uncopied = self._uncopied, []
        if self._copy is not None and rows:
            self._copy.keep(rows, lambda: [one.row for one in self.documents.values() if one.row.number > 0])

    def _serve_copy(self, error: FeedsvcError) -> None:
        """The store cannot be read at the start: serve what was served last, until it can."""
        kept = self._copy.load() if self._copy is not None else []
        if kept:
            rows, private = self._divided(kept)  # what was open when it was kept may be private by now
            self.documents = self._fixed | {
                row.path: Document(row, self._about(row)) for row in rows if row.status != 404
            }
            self.private = {row.path: Document(row, self._about(row)) for row in private}
            self.old = OldAddresses(self._configured_old | self.documents.keys())
            self.copied = True
            log.error("%s; the last good copy of %d documents is served", error, len(rows))

    def _follow(self) -> None:
        warm = False
        while True:
            self._wake.wait(LOOK_EVERY)
            if self._ended:
                break  # the store may be gone by now
            if not warm and self.number > 0:
                warm = True
                self._warm()
            if self.in_trouble:
                time.sleep(1)  # requests go on waking us; the store needs no more of that
            self._wake.clear()
            self.refresh()
            self.keep_copy()
        if self._copy is not None:
            self._copy.close()  # what follows keeps it
