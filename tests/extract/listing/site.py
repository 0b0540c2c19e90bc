"""The pages that were written for these tests, and ways to spoil a page."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from feedsvc.extract import listing
from feedsvc.model import PageReading

PAGES = Path(__file__).with_name("pages")
NAMES = sorted(path.stem for path in PAGES.glob("*.html"))

_CLASS_OR_ID = re.compile(r"(<\w[^<>]*?)\s(?:class|id)\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+)")
_LANDMARK = re.compile(r"<(/?)(?:nav|aside|footer|header|main|article|section)\b")


def html_of(name: str) -> str:
    """A page's HTML."""
    return (PAGES / f"{name}.html").read_text(encoding="utf-8")


def answer_of(name: str) -> dict[str, Any]:
    """What is right for a page."""
    answer: dict[str, Any] = json.loads((PAGES / f"{name}.json").read_text(encoding="utf-8"))
    return answer


def read(text: str, answer: dict[str, Any]) -> PageReading:
    """The reading of a page's HTML, at the time that its answer names."""
    return listing.read(text, url=answer["url"], now=datetime.fromisoformat(answer["now"]))


def spoil(text: str, way: str) -> str:
    """A page with hints taken away: scrambled or missing class names, no headings, no landmarks."""
    if "scramble" in way:
        return re.sub(r'(?<=class=")[^"]*', lambda match: " ".join(map(_scrambled, match[0].split())), text)
    if "class" in way:
        text = _CLASS_OR_ID.sub(r"\1", _CLASS_OR_ID.sub(r"\1", text))
    if "heading" in way:
        text = re.sub(r"<(/?)h[1-6]\b", r"<\1div", text)
    if "landmark" in way:
        text = _LANDMARK.sub(r"<\1div", text)
    return text


def _scrambled(name: str) -> str:
    digest = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
    return "k" + digest[:6].translate(str.maketrans("0123456789", "ghijklmnop"))


def overlap(found: list[str], wanted: list[str]) -> float:
    """F1 of two sets of addresses."""
    one, other = set(found), set(wanted)
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 1.0
