"""JSON as it is answered: behind a byte order mark, among a program's warnings, with line ends in strings."""

from __future__ import annotations

import json
import re
from typing import Any

_DECODER = json.JSONDecoder(strict=False)
_START = re.compile(r"\{\s*[\"}]|\[\s*[{\]]")
_TRAILING_COMMA = re.compile(r'("(?:[^"\\]|\\.)*+")|,(?=\s*+[}\]])', re.S)
_TRIES = 50  #: places where the document may begin


def loads(text: str) -> Any:
    """The document in `text`. Raises ValueError, and RecursionError where it nests too deep."""
    text = text.strip("\ufeff\0 \t\r\n")
    try:
        return _DECODER.decode(text)
    except ValueError:
        # what PHP warns of stands before the document, or behind it
        for number, found in enumerate(_START.finditer(text)):
            if number == _TRIES:
                break
            try:
                return _DECODER.raw_decode(text, found.start())[0]
            except ValueError:
                continue
        if (mended := _TRAILING_COMMA.sub(lambda found: found[1] or "", text)) != text:
            return _DECODER.decode(mended)
        raise
