"""The image and the summary of a card."""

from __future__ import annotations

import re

from feedsvc import urls
from feedsvc.extract.listing.dating import Dating
from feedsvc.extract.listing.page import LINE_BREAK, Page, count_words, width

_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-image", "src")
_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_BLANK = re.compile(
    r"^data:|blank\.|spacer|placeholder|pixel\.|transparent|loading|1x1|/logo|/icons?[/_-]|avatar|emoji|\.svg$|\.gif$",
    re.I,
)
_BACKGROUND = re.compile(r"background(?:-image)?\s*:[^;]*url\(\s*['\"]?([^'\")]+)", re.I)
_SUMMARY_WIDTH = 40  #: a shorter text is a label
_SUMMARY_WORDS = 6
_MAX_SUMMARY = 600  #: characters
_SMALL = 40  #: pixels; what is declared smaller is an icon


def image_of(page: Page, first: int, end: int, base: str) -> str:
    """The absolute address of the first picture among the elements `first:end`, or ""."""
    for index in page.images_within(first, end):
        attrs = page.elements[index].attrs
        if _is_small(attrs.get("width")) or _is_small(attrs.get("height")):
            continue
        for value in _candidates(attrs):
            if value and not _BLANK.search(value) and (url := urls.absolute(base, value)):
                return url
    for element in page.elements[first : min(end, first + 60)]:
        style = element.attrs.get("style")
        found = _BACKGROUND.search(style) if style else None
        if found and not _BLANK.search(found[1]) and (url := urls.absolute(base, found[1])):
            return url
    return ""


def _candidates(attrs: dict[str, str | None]) -> list[str]:
    found = [attrs.get(name) or "" for name in _SOURCES[:-1]]
    for name in _SETS:
        first = (attrs.get(name) or "").strip().split(" ", 1)[0]
        found.append(first.rstrip(","))
    found.append(attrs.get("src") or "")
    return found


def _is_small(value: str | None) -> bool:
    return bool(value) and (value or "").isdigit() and int(value or 0) < _SMALL


def summary_of(page: Page, start: int, stop: int, skip: tuple[int, int], title: str, dating: Dating) -> str:
    """The first text among the chunks `start:stop`, outside the title's, that reads like a summary, or ""."""
    best = ""
    seen: set[int] = set()
    for chunk in range(start, min(stop, start + 80)):
        if skip[0] <= chunk < skip[1] or page.texts[chunk] == LINE_BREAK:
            continue
        block = page.elements[page.elements[page.owners[chunk]].block]
        if block.index in seen:
            continue
        seen.add(block.index)
        low, high = max(block.start, start), min(block.stop, stop)
        if low < skip[1] and skip[0] < high:  # it holds the title: only what follows it
            low = max(low, min(skip[1], high))
        text = page.join(low, high) if low < high else ""
        if width(text) < _SUMMARY_WIDTH or count_words(text) < _SUMMARY_WORDS:
            continue
        if text != title and not dating.is_date(text) and len(text) > len(best):
            best = text
            if width(best) >= 2 * _SUMMARY_WIDTH:
                break
    return best[:_MAX_SUMMARY].rstrip()
