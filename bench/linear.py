"""Does every regular expression that foreign text can reach grow with the text alone?

    python bench/linear.py [module …]

Runs each compiled expression of the reading modules over texts that are made to be slow (one short piece,
repeated) and over twice as much of them, and prints those that take more than 2.5 times the processor time.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
import time
from collections.abc import Iterator

import feedsvc
from feedsvc import urls

LONGEST = 16_000  #: characters; an expression has to be slow in twice as much to be of interest
SLOW = 0.004  #: seconds
MOST = 2.5
PLACES = ("feedsvc.extract", "feedsvc.dates", "feedsvc.fetch", "feedsvc.websub", "feedsvc.curate")
#: Pieces with which quantifiers that can share a text are made to try every way of sharing it
PIECES = [
    *"a A 1 0 < > & ' \" = / - _ . , : ; ( ) [ ] { } @ # % + | ! ? \\ \n \t é 年 字 \u0660 \x80".split(" "),
    " ",
    "\n ",
    "a ",
    "1 ",
    "a.",
    "1.",
    "1:",
    "1/",
    "a-",
    "a,",
    "a1",
    "1a",
    "a=",
    "a='",
    'a="',
    "a=' ",
    "a:b ",
    "<a",
    "<a ",
    "</a",
    "<a>",
    "</a>",
    "<a b",
    "<a b=",
    "<a/",
    "<!",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?",
    "?>",
    "<p>",
    "<br>",
    "<script",
    "<script>",
    "<meta ",
    "<img ",
    "<item",
    "&a",
    "&#",
    "&#1",
    "&amp;",
    "&lt;",
    "http://",
    "https://a.b/",
    "www.",
    "a@b.",
    "mailto:a@",
    "2025-",
    "2025-01-01 ",
    "12:00 ",
    "1 jan ",
    "jan 1, ",
    "UTC+",
    "GMT ",
    '{"',
    '": ',
    "[[",
    "((",
    "a(",
    "(a",
    "a (a@b) ",
    "¥1",
    "年1月",
    "午後1",
    "()",
    "\\u0",
    "//",
    "/*",
    "*/",
    "a\n",
    "| ",
]


def expressions(names: list[str]) -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes]]]:
    """Every compiled expression that stands in a module, once, with the name under which it does."""
    seen: set[int] = {id(found) for found in vars(re).values()}
    every = pkgutil.walk_packages(feedsvc.__path__, "feedsvc.")
    for name in (urls.__name__, *(info.name for info in every if info.name.startswith(PLACES))):
        if names and not any(name.startswith(one) for one in names):
            continue
        for label, value in vars(importlib.import_module(name)).items():
            many = (
                value.values()
                if isinstance(value, dict)
                else value
                if isinstance(value, list | tuple)
                else [value]
            )
            for one in many:
                found = one if isinstance(one, re.Pattern) else None
                if found is not None and id(found) not in seen:
                    seen.add(id(found))
                    yield f"{name}.{label}", found


def seconds(pattern: re.Pattern[str] | re.Pattern[bytes], text: str) -> float:
    """Processor time that it takes to find all that the expression matches."""
    given = text if isinstance(pattern.pattern, str) else text.encode("utf-8", "replace")
    begun = time.process_time()
    for _ in pattern.finditer(given):  # type: ignore[arg-type]
        pass
    return time.process_time() - begun


def growth(pattern: re.Pattern[str] | re.Pattern[bytes], piece: str) -> tuple[float, float, int]:
    """(seconds, how many times those for half the text, characters) for the first text that takes long."""
    head = "" if "<" in piece else "<a "
    size, last = 250, 0.0
    while size <= 2 * LONGEST:
        took = seconds(pattern, head + piece * (size // len(piece)))
        if took > SLOW and size > 250:
            # a second time: the machine may have been busy
            half = max(
                last, min(seconds(pattern, head + piece * (size // 2 // len(piece))) for _ in range(2))
            )
            took = min(took, seconds(pattern, head + piece * (size // len(piece))))
            return took, took / max(half, 1e-6), size
        size, last = 2 * size, took
    return 0.0, 0.0, size


def main() -> None:
    slow = number = 0
    for name, pattern in expressions(sys.argv[1:]):
        number += 1
        for piece in PIECES:
            took, times, size = growth(pattern, piece)
            if times > MOST:
                slow += 1
                print(f"{name}: {piece!r}, {size:,} characters: {took:.3f} s, ×{times:.1f}", flush=True)
    print(f"{number} expressions, {slow} of {number * len(PIECES):,} pairs grow faster than the text")


if __name__ == "__main__":
    main()
