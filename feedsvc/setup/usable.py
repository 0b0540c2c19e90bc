"""What another program says, as far as a configuration of ours takes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from feedsvc.config import KINDS
from feedsvc.config.problems import explain
from feedsvc.config.values import Language

_FEED = re.compile(r"feed:(?://)?(?=https?:)|feed(?=:)", re.I)  #: feed:https://…, and feed://… for http://…
_LANGUAGES: TypeAdapter[str] = TypeAdapter(Language)


def web_address(given: str) -> str:
    """An address as browsers write it: `feed:` is how readers were once told to open one."""
    return _FEED.sub(lambda found: "http" if len(found[0]) == 4 else "", given.strip(), count=1)


def usable(source: Mapping[str, Any]) -> tuple[dict[str, Any] | None, list[str]]:
    """A source without what the configuration refuses, and what that is, a sentence each.

    None: its address is refused, or something else that it cannot do without.
    """
    kind = next(iter(source))
    kept, lost = dict(source), []
    while True:
        try:
            KINDS[kind].model_validate(kept)
        except ValidationError as error:
            lost += explain(error, KINDS[kind], ())
            refused = {str(one["loc"][0]) for one in error.errors() if one["loc"]}
            if not refused or kind in refused or not refused <= kept.keys():
                return None, lost
            kept = {name: value for name, value in kept.items() if name not in refused}
        else:
            return kept, lost


def language(given: str) -> str:
    """A language as the configuration takes it (`en_US` is `en-US`); "" where it is none."""
    try:
        return _LANGUAGES.validate_python(given.replace("_", "-"))
    except ValidationError:
        return ""
