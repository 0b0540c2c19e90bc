"""Drafts of entries that were read before. A changed feed has one new entry and forty-nine known ones.

An entry is recognised by the digest of its own XML and of everything around it that its draft depends on.
What depends on the time of reading is not kept. So a memo never shows in a result, only in its cost.
"""

from __future__ import annotations

import threading

from feedsvc.dates import Moment
from feedsvc.model import Draft

MAX_DRAFTS = 5_000
MAX_SIZE = 32_000_000  #: characters of all drafts together
_OVERHEAD = 1_500  #: of a draft beside its long texts
#: What a date may have concluded without knowing the time of reading
_TIMELESS = frozenset(("zone-assumed", "offset-assumed", "weekday-wrong", "zone-ambiguous"))


class Memo:
    """The drafts that were used last. Safe to share between threads."""

    def __init__(self, *, drafts: int = MAX_DRAFTS, size: int = MAX_SIZE) -> None:
        self._most = drafts
        self._room = size
        self._drafts: dict[bytes, Draft] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._drafts)

    def get(self, key: bytes) -> Draft | None:
        """The draft that was kept under `key`."""
        with self._lock:
            draft = self._drafts.pop(key, None)
            if draft is not None:
                self._drafts[key] = draft  # to the end: the oldest go first
            return draft

    def keep(self, key: bytes, draft: Draft) -> None:
        """Keep `draft`, unless it depends on the time at which it was read."""
        if not (_is_timeless(draft.published) and _is_timeless(draft.updated)) or draft.doubt:
            return
        with self._lock:
            self._room -= _size(draft)
            self._drafts[key] = draft
            while self._drafts and (len(self._drafts) > self._most or self._room < 0):
                oldest = self._drafts.pop(next(iter(self._drafts)))
                self._room += _size(oldest)


def _is_timeless(moment: Moment | None) -> bool:
    return moment is None or moment.flags <= _TIMELESS


def _size(draft: Draft) -> int:
    return _OVERHEAD + len(draft.content) + len(draft.summary)
