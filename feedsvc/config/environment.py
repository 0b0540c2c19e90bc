"""Secrets that stand in no file: `${NAME}` in addresses of databases, in [notify] and in [celery]."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def with_environment(raw: Mapping[str, Any], env: Mapping[str, str], problems: list[str]) -> dict[str, Any]:
    """`raw` with each `${NAME}` in the `sql` of sources, in [notify] and [celery], as the environment has it.

    An address that is nothing but a variable is taken as it is; within one, a value is a part of it (a user,
    a password) and is percent-encoded (RFC 3986 2.1), whatever characters it has. What the environment does
    not have is appended to `problems`; values never stand in them.
    """
    filled = dict(raw)
    if isinstance(raw.get("notify"), dict):
        filled["notify"] = _all_texts(raw["notify"], "notify", env, problems)
    celery = raw.get("celery")
    if isinstance(celery, dict) and isinstance(broker := celery.get("broker"), str):
        broker = _address(broker, "celery.broker", env, problems, otherwise="redis://")
        filled["celery"] = {**celery, "broker": broker}
    for table in ("section", "box"):
        entries = raw.get(table)
        if isinstance(entries, list):
            filled[table] = [
                _entry(one, f"{table}[{number}]", env, problems) for number, one in enumerate(entries)
            ]
    return filled


def _all_texts(value: Any, path: str, env: Mapping[str, str], problems: list[str]) -> Any:
    """A table, list or text, with what the environment says put into every text of it."""
    if isinstance(value, dict):
        return {name: _all_texts(each, f"{path}.{name}", env, problems) for name, each in value.items()}
    if isinstance(value, list):
        return [_all_texts(each, f"{path}[{n}]", env, problems) for n, each in enumerate(value)]
    if not isinstance(value, str):
        return value
    missing = [name for name in _VARIABLE.findall(value) if not env.get(name)]
    if missing:
        problems.append(f"{path}: the environment has no {', '.join(dict.fromkeys(missing))}")
        return ""
    return _VARIABLE.sub(lambda match: env[match[1]], value)


def _entry(entry: object, where: str, env: Mapping[str, str], problems: list[str]) -> object:
    sources = entry.get("sources") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(sources, list):
        return entry  # the models say what is wrong with it
    found = []
    for number, source in enumerate(sources):
        if isinstance(source, dict) and isinstance(source.get("sql"), str):
            path = f"{where}.sources[{number}].sql"
            source = {**source, "sql": _address(source["sql"], path, env, problems)}
        found.append(source)
    return {**entry, "sources": found}


def _address(
    written: str, path: str, env: Mapping[str, str], problems: list[str], *, otherwise: str = "sqlite://"
) -> str:
    missing = [name for name in _VARIABLE.findall(written) if not env.get(name)]
    if missing:
        problems.append(f"{path}: the environment has no {', '.join(dict.fromkeys(missing))}")
        return otherwise  # so that the rest of the file is checked too
    whole = _VARIABLE.fullmatch(written)
    if whole:
        return env[whole[1]]
    return _VARIABLE.sub(lambda match: quote(env[match[1]], safe=""), written)
