"""Writes the reference parts of docs/configuration.md, docs/commands.md and docs/security.md.

    python tools/make_reference.py            writes them
    python tools/make_reference.py --check    exit code 1 if a file is not as it would be written

The meaning of a key is the `#:` comment above it in `feedsvc/config`. A last sentence "Default: ..." says
what happens without the key. Types, bounds and other defaults come from the pydantic models. Commands show
what `--help` prints. Hostile inputs are those that tests/hostile/cases.toml has.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
import tomllib
import types
from collections.abc import Iterable
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

import click
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from feedsvc.cli.main import main as feedsvc
from feedsvc.config import kinds, list_models, models, own_sources, sources, values

DOCS = Path(__file__).parent.parent / "docs"
_PART = re.compile(r"(<!-- (keys|commands|hostile)(?:: (\w+))? -->\n).*?(<!-- end -->)", re.S)

#: A validator → what it lets through, in a word.
_CHECKED = {
    "_address": "address",
    "_base": "address",
    "<lambda>": "address",
    "_purge": "address",
    "_slug": "slug",
    "_zone": "time zone",
    "_language": "language tag",
    "_own": "host",
    "_network": "network",
    "_ancestor": "site",
    "_tracking": "parameters",
    "_template": "template",
    "_duration": "time",
}
GROUPS = {
    "S": "Addresses: nothing is connected to",
    "X": "Bodies and transport",
    "H": "Texts, links and requests",
    "I": "Identity",
    "C": "Configuration",
    "W": "WebSub",
}
_UNITS = (("w", 7 * 86400), ("d", 86400), ("h", 3600), ("m", 60), ("s", 1))


def meanings(model: type[BaseModel]) -> dict[str, str]:
    """Field → the text of its `#:` comment, of the class and of those that it derives from."""
    found: dict[str, str] = {}
    for each in reversed(model.__mro__):
        if not issubclass(each, BaseModel) or each is BaseModel:
            continue
        lines = inspect.getsource(each).splitlines()
        for node in ast.parse(textwrap.dedent("\n".join(lines))).body[0].body:  # type: ignore[attr-defined]
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                above = node.lineno - 2
                comment: list[str] = []
                while lines[above].lstrip().startswith("#:"):
                    comment.insert(0, lines[above].lstrip()[2:].strip())
                    above -= 1
                if comment:
                    found[node.target.id] = " ".join(comment)
    return found


def _time(seconds: float) -> str:
    unit, size = next((unit, size) for unit, size in _UNITS if seconds >= size and seconds % size == 0)
    return f"{seconds / size:g}{unit}"


def _kind(annotation: Any, metadata: Iterable[Any]) -> str:
    """What a value has to be, in a few words."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if hasattr(annotation, "__metadata__"):
        return _kind(arguments[0], (*annotation.__metadata__, *metadata))
    if origin in (Union, types.UnionType):
        kinds = [_kind(each, metadata) for each in arguments if each not in (type(None), Literal[""])]
        return " or ".join(dict.fromkeys(kinds))
    if origin is Literal:
        return ", ".join(f"`{each}`" for each in arguments if each)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return ", ".join(f"`{each.value}`" for each in annotation)
    if annotation is date:
        return "date"
    if origin is list:
        return f"list: {_kind(arguments[0], ())}"
    if origin is dict:
        return "table"
    validators = [getattr(each, "func", None) for each in metadata]
    checked = {_CHECKED.get(getattr(each, "__name__", "")) for each in validators} - {None}
    flat = [bound for each in metadata for bound in (getattr(each, "metadata", None) or [each])]
    least = next((each.ge for each in flat if hasattr(each, "ge")), None)
    most = next((each.le for each in flat if hasattr(each, "le")), None)
    if annotation is bool:
        return "`true`, `false`"
    if annotation in (int, float):
        shown = _time if "time" in checked else "{:g}".format if annotation is float else str
        name = "time" if "time" in checked else "number"
        if least is not None and most is not None:
            return f"{name}, {shown(least)} to {shown(most)}"
        return f"{name}, at least {shown(least)}" if least is not None else name
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "table"
    return str(next(iter(checked), "UUID" if getattr(annotation, "__name__", "") == "UUID" else "text"))


def _default(field: FieldInfo, kind: str) -> str:
    if field.is_required():
        return "required"
    value = field.default
    if value is None or value == "" or value == [] or value == {}:
        return "none"
    if isinstance(value, BaseModel):
        return "empty"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, list):
        return "`[" + ", ".join(f'"{each}"' for each in value) + "]`"
    return f"`{_time(value)}`" if kind.startswith("time,") else f"`{value}`"


def table(name: str) -> str:
    """The keys of a model that it does not share with the one that it derives from, as a Markdown table."""
    model: type[BaseModel] = next(
        getattr(module, name)
        for module in (models, list_models, sources, own_sources, kinds)
        if hasattr(module, name)
    )
    texts = meanings(model)
    inherited = model.__mro__[1].model_fields if model.__mro__[1] is not values.Part else {}  # type: ignore[attr-defined]
    rows = ["| key | value | default | meaning |", "|---|---|---|---|"]
    for key, field in model.model_fields.items():
        if key in inherited and str(field) == str(inherited[key]):
            continue
        if key not in texts:
            raise SystemExit(f"{name}.{key} has no meaning: write it above the field, as a '#:' comment")
        meaning, _, default = texts[key].partition(" Default: ")
        kind = _kind(field.annotation, field.metadata)
        default = default or _default(field, kind)
        rows.append(f"| `{field.alias or key}` | {kind} | {default} | {meaning.rstrip('.')} |")
    return "\n".join(rows) + "\n"


def _helps(command: click.Command, path: str, depth: int = 2) -> Iterable[str]:
    context = click.Context(command, info_name=path, max_content_width=100, terminal_width=100)
    if path != "feedsvc":
        yield f"{'#' * depth} {path}\n\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from _helps(found, f"{path} {name}", depth + (path != "feedsvc"))


def hostile() -> str:
    """The hostile inputs and what becomes of them, as a Markdown table for each group."""
    table = tomllib.loads((DOCS.parent / "tests/hostile/cases.toml").read_text("utf-8"))
    run = {"C": "tests/hostile/test_cases.py::test_a_configuration_that_is_hostile"}
    parts = []
    for group, cases in table.items():
        parts.append(
            f"\n### {GROUPS[group]}\n\n| case | input | outcome | code | test |\n|---|---|---|---|---|\n"
        )
        for name, case in cases.items():
            what = case.get("what") or f"`{case.get('url') or case['text']}`"
            right = case.get("right") or (
                "refused, with its path" if "says" in case else "everything served stays"
            )
            code = case.get("code") or ("CONFIG" if "says" in case else "")
            test = case.get("test") or run.get(group, "tests/hostile/test_cases.py::test_every_case")
            shown = what.replace("|", "\\|")
            parts.append(f"| {name} | {shown} | {right} | {f'`{code}`' if code else ''} | `{test}` |\n")
    return "".join(parts)


def written(text: str) -> str:
    """`text` with its generated parts made anew."""

    def part(match: re.Match[str]) -> str:
        if match[2] == "hostile":
            return match[1] + hostile() + match[4]
        made = table(match[3]) if match[2] == "keys" else "\n" + "\n".join(_helps(feedsvc, "feedsvc"))
        return match[1] + made + match[4]

    return _PART.sub(part, text)


if __name__ == "__main__":
    stale = []
    for file in (DOCS / "configuration.md", DOCS / "commands.md", DOCS / "security.md"):
        before = file.read_text()
        after = written(before)
        if after != before:
            stale.append(file.name)
            if "--check" not in sys.argv:
                file.write_text(after)
    if stale and "--check" in sys.argv:
        sys.exit(f"docs/{', docs/'.join(stale)}: not as the code says; run `make reference`")
