"""Does every regular expression that foreign text can reach grow with the text alone?

    python bench/linear.py [module …]

Runs each compiled expression of the reading modules over texts that are made to be slow (one short piece,
repeated) and over twice as much of them, and prints those that take more than 2.5 times the processor time.
"""

from __future__ import annotations

import ast
import functools
import importlib
import operator
import pkgutil
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import feedsvc
from feedsvc import urls

LONGEST = 16_000  #: characters; an expression has to be slow in twice as much to be of interest
SLOW = 0.004  #: seconds
MOST = 2.5
#: All but what reads the words of the operator alone
PLACES = tuple(
    f"feedsvc.{name}"
    for name in (
        *"extract dates fetch websub curate collect sources".split(),
        *"push publish render serve store setup".split(),
    )
)
Pattern = re.Pattern[str] | re.Pattern[bytes]
ANCHORED = {"match", "fullmatch"}
WAYS = {*ANCHORED, "search", "findall", "finditer", "split", "sub", "subn"}
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


class Expression(NamedTuple):
    """A regular expression, and the methods that are called of it (none: they are not known)."""

    pattern: Pattern
    ways: frozenset[str] = frozenset()


def expressions(names: list[str]) -> Iterator[tuple[str, Expression]]:
    """Every expression of a module, once: those with a name, and those that stand where they are used."""
    seen: set[int] = {id(found) for found in vars(re).values()}
    every = pkgutil.walk_packages(feedsvc.__path__, "feedsvc.")
    for name in (urls.__name__, *(info.name for info in every if info.name.startswith(PLACES))):
        if names and not any(name.startswith(one) for one in names):
            continue
        module = importlib.import_module(name)
        for label, value in vars(module).items():
            many = value.values() if isinstance(value, dict) else [value]
            for one in value if isinstance(value, list | tuple) else many:
                found = one if isinstance(one, re.Pattern) else None
                if found is not None and id(found) not in seen:
                    seen.add(id(found))
                    ways = _ways(str(module.__file__))[label] or _ways_anywhere()[label]
                    yield f"{name}.{label}", Expression(found, frozenset(ways))
        yield from _unnamed(name, Path(str(module.__file__)).read_text())


def _unnamed(name: str, source: str) -> Iterator[tuple[str, Expression]]:
    """Expressions in calls of `re`; parts that are put in when it runs are a letter."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=way), args=[first, *more]):
                text = _written(first)
                if way in WAYS and text is not None:
                    given = [*more, *(keyword.value for keyword in node.keywords)]
                    flags = [re.RegexFlag[found] for one in given if (found := _flag(one))]
                    pattern = re.compile(text, functools.reduce(operator.or_, flags, re.NOFLAG))
                    yield f"{name}:{node.lineno}", Expression(pattern, frozenset({way}))


def _flag(node: ast.expr) -> str:
    match node:
        case ast.Attribute(value=ast.Name(id="re"), attr=name):
            return name
    return ""


def _written(node: ast.expr) -> str | bytes | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(one.value) if isinstance(one, ast.Constant) else "a" for one in node.values)
    return None


@functools.cache
def _ways(*files: str) -> dict[str, set[str]]:
    """In which ways each name is used in these files."""
    found: dict[str, set[str]] = defaultdict(set)
    for file in files:
        for name, way in re.findall(r"\b(\w+)\.(\w+)\(", Path(file).read_text()):
            if way in WAYS:
                found[name].add(way)
    return found


def _ways_anywhere() -> dict[str, set[str]]:
    return _ways(*map(str, sorted(Path(feedsvc.__path__[0]).rglob("*.py"))))


def seconds(expression: Expression, text: str) -> float:
    """Processor time that it takes to find all that the expression matches."""
    pattern = expression.pattern
    given = text if isinstance(pattern.pattern, str) else text.encode("utf-8", "replace")
    begun = time.process_time()
    if "match" in expression.ways:
        pattern.match(given)  # type: ignore[arg-type]
    if "fullmatch" in expression.ways:
        pattern.fullmatch(given)  # type: ignore[arg-type]
    if not expression.ways or expression.ways - ANCHORED:
        for _ in pattern.finditer(given):  # type: ignore[arg-type]
            pass
    return time.process_time() - begun


def growth(pattern: Expression, piece: str) -> tuple[float, float, int]:
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
