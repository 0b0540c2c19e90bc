"""A survey and a person's choice → a configuration file, commented for the next person who reads it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from feedsvc import urls
from feedsvc.config.values import RESERVED
from feedsvc.model import SiteReading
from feedsvc.setup.survey import Candidate
from feedsvc.setup.usable import language

MAX_SLUG = 64
_NOT_IN_SLUGS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a person says of the installation; the rest is read from the site."""

    namespace: str
    own: bool  #: the person runs the site: no waiting, full texts
    base_url: str = ""  #: where readers reach the service
    contact: str = ""


def write(site: SiteReading, chosen: Sequence[Candidate], wishes: Wishes) -> str:
    """The text of a configuration file with the chosen candidates."""
    return "\n".join([*_head(site, wishes), *_lists(chosen)]) + "\n"


def block(candidate: Candidate, slug: str) -> str:
    """One [[section]] or [[box]]."""
    source = f"{candidate.kind} = {_text(candidate.url)}"
    if candidate.box:
        source += f", box = {_text(candidate.box)}"
    lines = [
        f"[[{candidate.table}]]",
        f"slug = {_text(slug)}",
        f"title = {_text(candidate.title)}",
        *(
            ["ranked = true                    # the page's order counts, not the date"]
            if candidate.ranked
            else []
        ),
        *([f"language = {_text(candidate.language)}"] if language(candidate.language) else []),
        f"sources = [{{ {source} }}]",
    ]
    return "\n".join(lines) + "\n"


def slug_of(candidate: Candidate, taken: set[str]) -> str:
    """A slug from the last part of a section's address, else from its title; with a number where it is taken.

    It is added to `taken`.
    """
    path = [part for part in urlsplit(candidate.url).path.split("/") if part]
    names = [candidate.title] if candidate.box or candidate.kind != "page" else [*path[-1:], candidate.title]
    return slug_from(names, taken, candidate.table)


def slug_from(names: Sequence[str], taken: set[str], otherwise: str) -> str:
    """A slug from the first name that has letters, with a number where it is taken; added to `taken`."""
    base = next((slug for name in names if (slug := plain_slug(name))), otherwise)
    slug, number = base, 1
    while slug in taken or slug in RESERVED:
        number += 1
        slug = f"{base}-{number}"
    taken.add(slug)
    return slug


def plain_slug(name: str) -> str:
    """A name in the letters of a slug; "" where it has none of them."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return (
        _NOT_IN_SLUGS.sub("-", re.sub(r"\.(html?|php|aspx?)$", "", plain))
        .strip("-")[: MAX_SLUG - 4]
        .strip("-")
    )


def _head(site: SiteReading, wishes: Wishes) -> Iterator[str]:
    host = urls.host(site.url)
    yield "# Written by `feedsvc init`. config/example.toml has every key; `feedsvc check` validates this."
    yield ""
    yield "[site]"
    yield f"title = {_text(_line(site.name) or host)}"
    yield f"url = {_text(urls.origin(site.url) + '/')}"
    yield f"language = {_text(site.language or 'en')}"
    yield f"timezone = {_text(site.timezone or 'UTC')}" + (
        "" if site.timezone else "   # the site does not say: set it"
    )
    if site.description:
        yield f"description = {_text(site.description)}"
    yield "# Public ids are made from it: never change it, or every reader sees every article again."
    yield f"namespace = {_text(wishes.namespace)}"
    yield ""
    yield "[serve]"
    if wishes.base_url:
        yield f"base_url = {_text(wishes.base_url)}"
    else:
        yield '# base_url = "https://feeds.example.org"   # where readers reach it; needed behind a proxy'
    yield ""
    yield "[fetch]"
    if wishes.own:
        yield f"own = [{_text(host)}]   # hosts that you run: read without waiting, with full texts"
    else:
        yield f"# own = [{_text(host)}]   # if you run the site: read without waiting, with full texts"
    if wishes.contact:
        yield f"contact = {_text(wishes.contact)}"
    else:
        yield '# contact = "you@example.org"   # whom the site may ask about the requests'
    yield ""


def _lists(chosen: Sequence[Candidate]) -> Iterator[str]:
    taken: set[str] = set()
    for candidate in chosen:
        yield f"# {_line(candidate.why)}"
        yield block(candidate, slug_of(candidate, taken))


def _text(value: str) -> str:
    """A TOML basic string; JSON's escapes are among TOML's (TOML 1.0, string)."""
    return json.dumps(_line(value), ensure_ascii=False)


def _line(value: str) -> str:
    """The text without line breaks and controls, which neither strings nor comments of TOML may hold."""
    return "".join(char for char in value if char.isprintable())
