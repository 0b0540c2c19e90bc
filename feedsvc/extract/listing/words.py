"""The words that a news page is furnished with; words.toml has them by language."""

from __future__ import annotations

import re

from feedsvc.extract import vocabulary

_WORDS = vocabulary.load("feedsvc.extract.listing")

SECONDARY = _WORDS.beginning("secondary")
MORE = _WORDS.whole("more")
NEXT = _WORDS.whole("next")
LOGIN = _WORDS.beginning("login")
BLOCKED = _WORDS.beginning("blocked")
NEEDS_SCRIPT = _WORDS.beginning("needs_script")
ADVERT = _WORDS.whole("advert")
FURNITURE = _WORDS.whole("advert", "furniture")
BYLINE = _WORDS.beginning("byline")
RECORDINGS = _WORDS.beginning("recordings")
LIST_SEGMENTS = frozenset(_WORDS.words("list_segments"))

_COUNTED = _WORDS.beginning("counted").pattern
#: "12 comments", "3.4k views", "Comments (7)"
COUNTER = re.compile(rf"\W*\d[\d.,]*\s*[kKmM]?\W*(?:{_COUNTED}\w*)?\W*|{_COUNTED}\W*\d+\W*", re.I)
