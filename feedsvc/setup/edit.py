"""Further sources and lists in a configuration that a person wrote: comments, order and spelling stay."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AoT, Array

from feedsvc.errors import ConfigError


def with_source(text: str, table: str, slug: str, source: Mapping[str, Any]) -> str | None:
    """`text` with one more source of the section or box `slug`; None where there is no such list."""
    document = tomlkit.parse(text)
    entry: Any = next((one for one in document.get(table, []) if one.get("slug") == slug), None)
    if entry is None:
        return None
    sources = entry.get("sources")
    if isinstance(sources, AoT):
        made = tomlkit.table()
        made.update(source)
        sources.append(made)
    else:
        if not isinstance(sources, Array):
            entry["sources"] = sources = tomlkit.array()
        sources.append(_inline(source))
        sources.multiline(True)
    return tomlkit.dumps(document)


def with_list(text: str, table: str, values: Mapping[str, Any], *, comment: str = "") -> str:
    """`text` with one more section or box at its end."""
    document = tomlkit.parse(text)
    if isinstance(document.get(table), Array):  # section = [{ … }]: a [[section]] beside it is no TOML
        document[table].append(_inline(values))
        return tomlkit.dumps(document)
    lines = [f"# {comment}"] if comment else []
    lines.append(f"[[{table}]]")
    for key, value in values.items():
        if key == "sources":
            inner = ", ".join(_inline(one).as_string() for one in value)
            if len(value) > 1:
                inner = "\n" + "".join(f"  {_inline(one).as_string()},\n" for one in value)
            lines.append(f"sources = [{inner}]")
        else:
            lines.append(f"{key} = {tomlkit.item(value).as_string()}")
    return text.rstrip("\n") + "\n\n" + "\n".join(lines) + "\n"


def replace_file(file: Path, text: str, judge: Callable[[str], object]) -> None:
    """Write a configuration as a whole, once `judge` (which takes a path) finds it usable.

    Raises ConfigError; the file stays as it was.
    """
    beside = file.with_name(f".{file.name}.new")
    try:
        beside.write_text(text, encoding="utf-8")
        if file.exists():
            beside.chmod(file.stat().st_mode & 0o777)
        judge(str(beside))
        beside.replace(file)
    except ConfigError as error:
        raise ConfigError(str(file), error.problems) from error
    finally:
        beside.unlink(missing_ok=True)


def _inline(values: Mapping[str, Any]) -> Any:
    made = tomlkit.inline_table()
    for key, value in values.items():
        made.append(key, _inline(value) if isinstance(value, Mapping) else value)
    return made
