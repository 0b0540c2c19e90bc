"""What nearly all titles of one list begin or end with is not part of any of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from feedsvc.extract.listing.page import width

_FEWEST = 3
_NEARLY_ALL = 0.8
_KEEP = 8  #: width that must stay of a title

_DAY = (
    r"(?:(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d\d"
    r"|\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}:\d\d)"
)
_STAMP = rf"(?:[\[(（]\s*)?{_DAY}(?:[\sT,|]+\d{{1,2}}:\d\d(?::\d\d)?)?\s*[\])）]?"
_RANK = re.compile(r"[#(\[]?(\d{1,3})[.):\]]?\s+(?=\S)")
_LEADING = re.compile(rf"^\s*{_STAMP}\s*(?:[-–—|·:]\s*|\s+)(?=\S)|^[\[(（]\s*{_DAY}\s*[\])）]")
# a run of spaces is tried from its begin alone: from each of them it would cost the square
_TRAILING = re.compile(rf"(?<!\s)\s*{_STAMP}$")
_SUFFIX = re.compile(r"(?<!\s)\s+[|·»–—-]\s+([^|·»–—]{2,40})$")


class Titled(Protocol):
    """Something with a title that may be cut, and a place for the date that stood in it."""

    title: str
    stamp: str


def polish(items: Sequence[Titled]) -> None:
    """Cut running numbers, dates, and the site's name off the titles of one list."""
    if len(items) < _FEWEST:
        return
    _cut_ranks(items)
    for pattern in (_LEADING, _TRAILING):
        _cut_stamps(items, pattern)
    _cut_suffix(items)


def _cut_ranks(items: Sequence[Titled]) -> None:
    found = [_RANK.match(item.title) for item in items]
    running = sum(1 for n, match in enumerate(found, 1) if match and int(match[1]) == n)
    if running >= _NEARLY_ALL * len(items):
        for item, match in zip(items, found, strict=True):
            if match:
                item.title = item.title[match.end() :]


def _cut_stamps(items: Sequence[Titled], pattern: re.Pattern[str]) -> None:
    found = [pattern.search(item.title) for item in items]
    if sum(map(bool, found)) < _NEARLY_ALL * len(items):
        return
    for item, match in zip(items, found, strict=True):
        if match and width(item.title) - len(match[0]) >= _KEEP:
            item.stamp = match[0]
            item.title = (item.title[: match.start()] + item.title[match.end() :]).strip(" -–—|·:")


def _cut_suffix(items: Sequence[Titled]) -> None:
    found = [_SUFFIX.search(item.title) for item in items]
    names = (match[1] for match in found if match)
    common = Counter(name for name in names if not any(map(str.isdigit, name))).most_common(1)
    if common and common[0][1] >= _NEARLY_ALL * len(items):
        for item, match in zip(items, found, strict=True):
            if match and match[1] == common[0][0] and match.start() >= _KEEP:
                item.title = item.title[: match.start()]
