"""A page in other clothes: without names of classes, without elements that say what they hold."""

from __future__ import annotations

import re

_NAMES = re.compile(
    r"""\s(?:class|id|itemprop|itemscope|role|data-[\w-]+)(?:=(?:"[^"]*"|[^\s>"]+))?(?=[\s>])"""
)
_ELEMENTS = re.compile(
    r"<(/?)(?:header|footer|nav|main|aside|section|article|figure|figcaption|time|"
    r"story-card|rank-item|side-rail)\b"
)


def bare(html: str) -> str:
    """`html` without names and without elements that mean something; headings, links and tables stay."""
    return _ELEMENTS.sub(r"<\1div", _NAMES.sub("", html))
