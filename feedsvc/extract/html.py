"""HTML text → tree, bounded before a parser sees it."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from feedsvc.errors import Code, ReadError
from feedsvc.extract.bounds.html import refuse_excess

_AMP_PICTURE = re.compile(r"<amp-img(?=[\s>/])")  #: an `<img>` with the same attributes, drawn by a script
MAX_CHARS = 5_000_000  #: a larger page is no news page


def parse(text: str) -> LexborHTMLParser:
    """The tree of an HTML text; raises ReadError (TOO_LARGE, TOO_DEEP) before a parser could be held up."""
    if len(text) > MAX_CHARS:
        raise ReadError(Code.TOO_LARGE, f"the page has {len(text):,} characters; {MAX_CHARS:,} are read")
    refuse_excess(text)
    return LexborHTMLParser(_AMP_PICTURE.sub("<img", text) if "<amp-img" in text else text)
