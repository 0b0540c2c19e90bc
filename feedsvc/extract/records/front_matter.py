"""Front matter: the head of a text file, in YAML (`---`) or TOML (`+++`).

YAML is read as YAML 1.2 and without its surprises: `no`, `12:30:00` and `0777` stay the texts that they are,
a key that stands twice is refused, as are aliases (a few lines of them grow into gigabytes) and tags of
programs.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, DocumentStartEvent

from feedsvc.errors import Code, ReadError

MAX_CHARS = 64 * 1024
MAX_NODES = 10_000
MAX_DEPTH = 20

_FENCES = (("---", re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.M)), ("+++", re.compile(r"^\+\+\+[ \t]*$", re.M)))


class _Constructor(SafeConstructor):
    """Texts, lists, tables, true, false and null; numbers and times stay as they are written."""


def _as_written(_constructor: SafeConstructor, node: Any) -> str:
    return str(node.value)


for _tag in ("int", "float", "timestamp"):
    _Constructor.add_constructor(f"tag:yaml.org,2002:{_tag}", _as_written)


def split(text: str) -> tuple[dict[str, Any], str]:
    """(front matter, the rest), with lines that end in LF, whatever system the file was written on.

    Raises ReadError (BAD_FILE) where the head cannot be read.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    for fence, end in _FENCES:
        first, newline, rest = text.partition("\n")
        if first.rstrip() != fence or not newline:
            continue
        closing = end.search(rest)
        if closing is None:
            raise _bad(f"its front matter has no end ({fence})")
        head, body = rest[: closing.start()], rest[closing.end() :].lstrip("\n")
        if len(head) > MAX_CHARS:
            raise _bad(f"its front matter has more than {MAX_CHARS:,} characters")
        return (_yaml(head) if fence == "---" else _toml(head)), body
    return {}, text


def _yaml(text: str) -> dict[str, Any]:
    parser = YAML(typ="safe", pure=True)
    parser.Constructor = _Constructor
    try:
        _check(parser, text)
        loaded = parser.load(text)
    except (YAMLError, RecursionError, ValueError) as error:
        said = " ".join(str(error).split())[:200]
        raise _bad(f"its front matter is not valid YAML: {said}") from error
    return _table(loaded)


def _check(parser: YAML, text: str) -> None:
    depth = documents = 0
    for nodes, event in enumerate(parser.parse(text)):
        documents += isinstance(event, DocumentStartEvent)
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if isinstance(event, AliasEvent):
            raise _bad("its front matter has an alias (*name); write the value out")
        if nodes > MAX_NODES or depth > MAX_DEPTH or documents > 1:
            raise _bad("its front matter is too large or too deep")


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _bad(f"its front matter is not valid TOML: {error}") from error


def _table(loaded: object) -> dict[str, Any]:
    if loaded is None:
        return {}
    if not isinstance(loaded, Mapping):
        raise _bad("its front matter is not a table of keys and values")
    return {str(key): value for key, value in loaded.items()}


def _bad(text: str) -> ReadError:
    return ReadError(Code.BAD_FILE, text)
