"""Digests by which an entry is known again without being taken apart: of the bytes it was parsed from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from hashlib import sha256

from feedsvc.extract.feed.document import Document, Element
from feedsvc.extract.feed.wire import Sealed, WireEntry


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
