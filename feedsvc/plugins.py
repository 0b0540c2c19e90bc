"""Plug-ins: kinds of sources that other distributions bring, by the entry point group `feedsvc.sources`.

The name of an entry point is the key that names the kind in the configuration; what it leads to is a class
without arguments. A plug-in that cannot be loaded or fails is its own source's trouble: the rest runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, is_dataclass
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from feedsvc import urls
from feedsvc.errors import Code, SourceError
from feedsvc.model import Draft, Level
from feedsvc.plugin_api import API, MAX_DRAFTS, Batch, Poll, Source, Tools

GROUP = "feedsvc.sources"


@dataclass(frozen=True, slots=True)
class Plugin:
    """A kind of source: ready, or with the reason why it is not."""

    name: str
    source: Source
    problem: str = ""


def installed() -> dict[str, EntryPoint]:
    """The plug-ins of this environment by kind; nothing of them is loaded."""
    return {one.name: one for one in entry_points(group=GROUP)}


def used(kinds: set[str]) -> list[Plugin]:
    """The plug-ins among some kinds, loaded."""
    points = installed() if kinds else {}
    return [load(points[kind]) for kind in sorted(kinds & points.keys())]


def load(point: EntryPoint) -> Plugin:
    """Load a plug-in. Never raises: what cannot be loaded becomes a source that says why at each poll."""
    try:
        made = point.load()()
        problem = _mismatch(made)
    except Exception as error:  # noqa: BLE001 - a stranger's code may raise anything
        problem, made = f"cannot be loaded: {type(error).__name__}: {error}", None
    dist = point.dist
    name = f"plug-in {point.name!r} ({f'{dist.name} {dist.version}' if dist else point.value})"
    if problem:
        return Plugin(point.name, _Broken(f"{name} {problem}"), f"{name} {problem}")
    return Plugin(point.name, _Guarded(name, made))


def checks() -> dict[str, Callable[[Mapping[str, Any]], str]]:
    """For each installed kind, what says what is wrong with a source's keys. Loads what is asked only."""
    return {name: partial(_checked, point) for name, point in installed().items()}


def _checked(point: EntryPoint, options: Mapping[str, Any]) -> str:
    return check(load(point), options)


def check(plugin: Plugin, options: Mapping[str, Any]) -> str:
    """What is wrong with a source's own keys, in the plug-in's words; "" where nothing is."""
    inner = plugin.source
    if not isinstance(inner, _Guarded):
        return ""
    try:
        inner.check(options)
    except ValueError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - a stranger's code may raise anything
        return f"{inner.name} failed to check it: {type(error).__name__}: {error}"
    return ""


def _mismatch(made: Any) -> str:
    written_for = getattr(made, "api", None)
    if written_for != API:
        do = (
            "update the plug-in"
            if not isinstance(written_for, int) or written_for < API
            else "update feedsvc"
        )
        return f"is written for version {written_for!r} of the API, this is version {API}: {do}"
    if not isinstance(getattr(made, "level", None), Level) or not callable(getattr(made, "read", None)):
        return "is no source: it needs `level` (a feedsvc.plugin_api.Level) and `read(poll, tools)`"
    return ""


class _Guarded:
    """A plug-in's source; whatever it raises or answers, only its own source fails."""

    def __init__(self, name: str, inner: Any) -> None:
        self.name = name
        self._inner = inner
        self.level: Level = inner.level
        self.follow = bool(getattr(inner, "follow", False))

    def check(self, options: Mapping[str, Any]) -> None:
        """Have the plug-in look at the keys, if it wants to. Raises ValueError, and whatever it raises."""
        checking = getattr(self._inner, "check", None)
        if checking is not None:
            checking(dict(options))

    def read(self, poll: Poll, tools: Tools) -> Batch:
        """What the plug-in brings. Raises SourceError."""
        try:
            batch = self._inner.read(poll, tools)
        except SourceError:
            raise
        except Exception as error:
            raise SourceError(Code.PLUGIN, f"{self.name} failed: {type(error).__name__}: {error}") from error
        if not isinstance(batch, Batch):
            raise SourceError(Code.PLUGIN, f"{self.name} answered {type(batch).__name__}, not a Batch")
        drafts: tuple[object, ...] = batch.drafts
        for one in drafts:
            if not isinstance(one, Draft):
                kind = type(one).__name__
                raise SourceError(Code.PLUGIN, f"{self.name} gave a {kind} among its drafts, not a Draft")
            if wrong := misfit(one, "Draft"):
                raise SourceError(Code.PLUGIN, f"{self.name} gave a draft of {_name_of(one)!r}: {wrong}")
        if len(batch.drafts) > MAX_DRAFTS:
            raise SourceError(
                Code.PLUGIN, f"{self.name} gave {len(batch.drafts)} drafts; {MAX_DRAFTS} are taken at a poll"
            )
        return batch


def misfit(value: Any, path: str) -> str:
    """What is wrong with the types within a value of the model, by their annotations; "" where nothing is.

    A plug-in is not checked by mypy, and what it gets wrong would fail far from it, as a fault of feedsvc.
    """
    for name, hint in _hints(type(value)).items():
        part, place = getattr(value, name), f"{path}.{name}"
        if not _fits(part, hint):
            wanted = " or ".join(_word(one) for one in get_args(hint) or (hint,) if one is not type(None))
            wanted = _word(hint) if get_origin(hint) not in (Union, UnionType) else wanted
            return f"{place} must be {wanted}, not {part!r}"[:300]
        if name == "url" and part and urls.absolute(part, part) is None:
            return f"{place} must be an address that begins with http:// or https://, not {part!r}"[:300]
        for inner in part if isinstance(part, tuple) else (part,):
            if is_dataclass(inner) and (wrong := misfit(inner, place)):
                return wrong
    return ""


_known_hints: dict[type, dict[str, Any]] = {}


def _hints(model: type) -> dict[str, Any]:
    if model not in _known_hints:
        _known_hints[model] = get_type_hints(model)
    return _known_hints[model]


def _fits(value: Any, hint: Any) -> bool:
    outer, inner = get_origin(hint), get_args(hint)
    if outer in (Union, UnionType):
        return any(_fits(value, one) for one in inner)
    if outer is tuple:
        return isinstance(value, tuple) and all(_fits(one, inner[0]) for one in value)
    if hint is float:
        return isinstance(value, (int, float))
    return isinstance(value, outer or hint)


def _word(hint: Any) -> str:
    inner = get_args(hint)
    return (
        f"a tuple of {_word(inner[0])}" if get_origin(hint) is tuple else getattr(hint, "__name__", str(hint))
    )


def _name_of(draft: Draft) -> str:
    return str(draft.url or draft.row or draft.guid or draft.title)[:200]


class _Broken:
    """Stands for a plug-in that cannot be used."""

    level = Level.FEED
    follow = False

    def __init__(self, problem: str) -> None:
        self._problem = problem

    def read(self, poll: Poll, tools: Tools) -> Batch:
        """Raises SourceError with the reason."""
        raise SourceError(Code.PLUGIN, self._problem)


def problems(kinds: set[str]) -> list[str]:
    """Why plug-ins that are used cannot be used."""
    return [one.problem for one in used(kinds) if one.problem]
