"""pydantic's errors as sentences that a person can act on: the path, what is wrong, a hint."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from feedsvc import urls


def explain(error: ValidationError, model: type[BaseModel], where: tuple[str | int, ...]) -> list[str]:
    """pydantic's errors as sentences with a path and a hint."""
    sentences = []
    for one in error.errors(include_url=False):
        if one["loc"] and one["loc"][-1] == "bool" and isinstance(one["input"], dict):
            continue  # a table was meant, and what is wrong in it is told
        path = path_of((*where, *(part for part in one["loc"] if part not in _UNION_BRANCHES)))
        if one["type"] == "extra_forbidden":
            names = sorted(_names(_model_at(model, one["loc"][:-1])))
            near = get_close_matches(str(one["loc"][-1]), names, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f" (known: {', '.join(names)})"
            sentences.append(f"{path}: unknown key{hint}")
        elif one["type"] == "missing":
            sentences.append(f"{path}: is missing" + _NEEDED.get(path, ""))
        elif one["type"] in ("literal_error", "enum"):
            known = re.findall(r"'([^']*)'", one["ctx"]["expected"])
            near = get_close_matches(str(one["input"]), known, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            sentences.append(f"{path}: {_said(one)}{_given(one)}{hint}")
        elif one["type"] == "value_error":
            said, mark, hint = one["msg"].removeprefix("Value error, ").partition("; did you mean")
            sentences.append(f"{path}: {said}{_given(one)}"[:300] + mark + hint)
        else:
            sentences.append(f"{path}: {_said(one)}{_given(one)}"[:300])
    return list(dict.fromkeys(sentences))


#: What to write where a whole table is missing
_NEEDED = {"site": "; write a table [site] with the newsroom's title and url, or let `feedsvc init` write it"}
_WORDS = {
    "int": "must be a whole number",
    "float": "must be a number",
    "bool": "must be true or false",
    "string": 'must be a text in quotes: "…"',
    "list": "must be a list: [ … ]",
    "tuple": "must be a list: [ … ]",
    "dict": "must be a table: { … }",
    "model": "must be a table: { … }",
}
_BOUNDS = {
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "greater_than": "must be more than {gt}",
    "less_than": "must be less than {lt}",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "uuid_parsing": "must be a UUID, as `uuidgen` makes one",
    "string_pattern_mismatch": "must be of the form {pattern}",
}
#: Tables that stand there as often as one likes
_REPEATED = ("section", "box", "taker")


def _said(one: ErrorDetails) -> str:
    """What is wrong, in the words of a person who writes TOML."""
    kind = one["type"]
    if kind == "list_type" and len(one["loc"]) == 1 and one["loc"][0] in _REPEATED:
        return f"its header must be [[{one['loc'][0]}]], in two pairs of brackets"
    if kind in _BOUNDS:
        return _BOUNDS[kind].format(**one.get("ctx", {}))
    words = _WORDS.get(kind.split("_")[0])
    if words is not None and kind.split("_", 1)[-1] in _MISTYPED:
        return words
    return f"{one['msg'][0].lower()}{one['msg'][1:]}"


#: The ends of pydantic's names for a value of a wrong type
_MISTYPED = frozenset({"type", "parsing", "from_float", "attributes_type"})


def _given(one: ErrorDetails) -> str:
    """What stands there, if it may be shown: the address of a database may hold a password."""
    given = one["input"]
    if isinstance(given, (dict, list)) or (one["loc"] and one["loc"][-1] == "sql"):
        return ""
    shown = urls.without_password(given) if isinstance(given, str) else given
    return f", not {shown!r}"


_UNION_BRANCHES = frozenset({"function-after[_address(), str]", "literal['']", "bool", "PodcastConfig"})


def _model_at(model: type[BaseModel], path: Sequence[str | int]) -> type[BaseModel]:
    """The model of the table at `path`."""
    for part in path:
        if isinstance(part, str):
            field = model.model_fields.get(part)
            found = _model_in(field.annotation) if field else None
            model = found or model
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _model_in(inner)
        if found:
            return found
    return None


def _names(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*(section|box|taker)[ \t]*\]\]", re.M)
_LIST = re.compile(r"\b(section|box|taker)\[(\d+)\](\.|: |(?![\w\[]))")
_TABLE = re.compile(r"^[ \t]*\[[ \t]*(\w+)[ \t]*\][^\n]*\n(.*?)(?=^[ \t]*\[|\Z)", re.M | re.S)
_IN_TABLE = re.compile(r"(\w+)(?:\.(\w+)|(?=: ))")


def named(problem: str, raw: Mapping[str, Any], text: str) -> str:
    """A sentence with its path as a person finds it in `text`.

    `section[1].slug` is `[[section]] "dunia" (line 41): slug`, `site.url` is `[site] (line 3): url`.
    """

    def place(match: re.Match[str]) -> str:
        table, position, after = match[1], int(match[2]), match[3]
        entries = raw.get(table)
        if not isinstance(entries, list) or position >= len(entries):
            return match[0]
        entry = entries[position]
        slug = entry.get("slug") if isinstance(entry, dict) else None
        at = [_line(text, one.start()) for one in _HEADER.finditer(text) if one[1] == table]
        # entries that stand in one line (`section = [{ … }]`) have no header of their own
        line = f" (line {at[position]})" if len(at) == len(entries) else ""
        name = f' "{slug}"' if isinstance(slug, str) else f" number {position + 1}"
        return f"[[{table}]]{name}{line}" + (": " if after == "." else after)

    return _LIST.sub(place, _in_table(problem, text))


def _in_table(problem: str, text: str) -> str:
    """A sentence about a table of its own, with the line of the key, or of the header where there is none."""
    path = _IN_TABLE.match(problem)
    tables = [one for one in _TABLE.finditer(text) if path and one[1] == path[1]]
    if path is None or len(tables) != 1:
        return problem
    (table,) = tables
    key = re.search(rf"^[ \t]*{path[2]}[ \t]*=", table[2], re.M) if path[2] else None
    line = _line(text, table.start(2) + key.start() if key else table.start())
    return f"[{path[1]}] (line {line}): " + problem[path.start(2) if path[2] else path.end() + 2 :]


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def path_of(parts: Sequence[str | int]) -> str:
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text or "the file"
