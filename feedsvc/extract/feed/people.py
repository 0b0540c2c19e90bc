"""Who wrote an entry, out of the ways in which feeds write it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from feedsvc.extract.feed import texts

MAX_AUTHORS = 20
_LONGEST = 300  #: characters of what is said
_MAIL = r"[^\s@()<>\[\],;:\"]{1,64}@[^\s@()<>\[\],;:\"]{1,255}"
_ONLY_MAIL = re.compile(rf"(?:mailto:)?<?{_MAIL}>?", re.I)
_MAIL_NAME = re.compile(rf"(?:mailto:)?{_MAIL}\s*\((.*)\)", re.I | re.S)  # RSS: mail (Name)
_NAME_MAIL = re.compile(rf"(.*?)[<(\[](?:mailto:)?{_MAIL}[>)\]]", re.I | re.S)  # Name <mail>
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.I)


def names(said: Iterable[str]) -> tuple[str, ...]:
    """People's names, in order, each once. Mail addresses are no names and are not passed on."""
    found: dict[str, str] = {}
    for one in said:
        name = _name(one[:_LONGEST].strip())
        if name and not _ADDRESS.fullmatch(name):
            found.setdefault(name.casefold(), name)
        if len(found) == MAX_AUTHORS:
            break
    return tuple(found.values())


def _name(said: str) -> str:
    if "@" in said:
        if _ONLY_MAIL.fullmatch(said):
            return ""
        if match := _MAIL_NAME.fullmatch(said) or _NAME_MAIL.fullmatch(said):
            said = match[1]
    return texts.name(said).strip("\"' ")
