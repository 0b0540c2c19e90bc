"""Drafts of entries that were read before. A changed feed has one new entry and forty-nine known ones.

An entry is recognised by the digest of its own XML and of everything around it that its draft depends on.
What depends on the time of reading is not kept. So a memo never shows in a result, only in its cost.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from hashlib import sha256

from feedsvc.dates import Moment
from feedsvc.extract.feed.document import Document, Element
from feedsvc.extract.feed.wire import Sealed, WireEntry
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


# ── seals: digests by which an entry is known again without being taken apart ───────────────────────────────


def seal(written: bytes) -> bytes:
    """The digest of an entry that is written so."""
    return sha256(written).digest()  # processors have instructions for it; twice as fast as blake2b


def sealed(
    document: Document, elements: Sequence[Element], name: str, make: Callable[[Element], WireEntry]
) -> tuple[Sealed, ...]:
    """The entries that `make` makes of `elements`, all the elements `name` of the document, in its order.

    They have no seals where their bytes cannot be told for certain, or do not say everything (XML Base). What
    prefixes mean is not in a seal: see `scope`.
    """
    data, opening, closing = document.data, f"<{name}".encode(), f"</{name}".encode()
    ends = data.count(closing) - data.count(closing + b"s")  # RSS 1.0 has items in its channel
    # every element with children ends with an end tag: as many ends as elements, so all ends are theirs
    if document.based or ends != len(elements) or not _are_plain(elements, name):
        return tuple(Sealed(partial(make, element)) for element in elements)
    found: list[Sealed] = []
    at = 0
    for element in elements:
        # from the first beginning after the last end: in a comment it may be too early, never too late
        start = data.find(opening, at)
        at = _end(data, closing, start)
        found.append(Sealed(partial(make, element), seal(data[start:at])))
    return tuple(found)


def scope(elements: Sequence[Element]) -> str:
    """What prefixes mean around `elements`, which have one parent."""
    parent = elements[0].getparent() if elements else None
    return repr(sorted(map(str, parent.nsmap.items()))) if parent is not None else ""


def _are_plain(elements: Sequence[Element], name: str) -> bool:
    """Whether each is written `<name …> … </name>`: without a prefix, in lower case, not empty."""
    tag = elements[0].tag if elements else ""
    spelled = str(tag).rpartition("}")[2] == name
    return spelled and all(one.tag == tag and len(one) and not one.prefix for one in elements)


def _end(data: bytes, closing: bytes, start: int) -> int:
    end = data.find(closing, start) + len(closing)
    return end if data[end : end + 1] != b"s" else _end(data, closing, end)
