"""Headlines that a list prints cut off, and whole in an attribute (`title`, `aria-label`, `alt`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from feedsvc.extract.listing.links import Link
from feedsvc.extract.listing.page import Page, fold_space

_ELLIPSIS = re.compile(r"(?<!\s)\s*(?:…|\.{3}|\[…\]|\[\.{3}\])\s*$")
_SHORTEST = 6  #: characters that must be left of a headline to know it by
_LONGEST = 300
_ATTRIBUTES = ("title", "aria-label", "alt", "data-title", "data-original-title")
_NEAR = 30  #: elements within a link that are asked


class Titled(Protocol):
    """An item of a list with its link."""

    title: str
    link: Link


def complete(page: Page, items: Sequence[Titled]) -> None:
    """Replace headlines that are cut off by what an attribute says in full.

    A headline is cut where it ends in an ellipsis, or within a word. Where most of a list are cut within a
    word or at one, the others are too.
    """
    found = [(item, _whole(page, item)) for item in items]
    cut = [(item, whole) for item, whole in found if whole and _is_cut(item.title, whole)]
    changed = [pair for pair in found if pair[1]] if 2 * len(cut) >= len(items) else cut
    for item, whole in changed:
        item.title = whole


def _is_cut(title: str, whole: str) -> bool:
    if _ELLIPSIS.search(title):
        return True
    return title[-1].isalnum() and whole[len(title)].isalnum()


def _whole(page: Page, item: Titled) -> str:
    """What an attribute says that begins as the headline does and goes on, or ""."""
    stem = _ELLIPSIS.sub("", item.title)
    if len(stem) < _SHORTEST:
        return ""
    for said in _said(page, item.link):
        if len(stem) < len(said) <= _LONGEST and said.startswith(stem) and not _ELLIPSIS.search(said):
            return said
    return ""


def _said(page: Page, link: Link) -> list[str]:
    element = page.elements[link.at]
    near = [element, *page.elements[element.index + 1 : min(element.end, element.index + _NEAR)]]
    if link.title_at >= 0:
        near.append(page.elements[link.title_at])
    near += list(page.above(element.parent, 2)) if element.parent >= 0 else []
    href = element.attrs.get("href")
    around = page.elements[max(0, element.index - _NEAR) : element.end + _NEAR]
    for twin in (each for each in around if each.tag == "a" and each is not element):
        if twin.attrs.get("href") == href:  # the picture's link to the same article
            near += [twin, *page.elements[twin.index + 1 : min(twin.end, twin.index + _NEAR)]]
    values = (each.attrs.get(name) for each in near for name in _ATTRIBUTES)
    return [fold_space(value) for value in values if value]
