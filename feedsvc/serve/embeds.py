"""Pages and embeds that are not ready: which one is asked for, and with which options.

Addresses: /feeds/tag/<slug>, /feeds/author/<slug>, /feeds/search (for people), /embed (the builder),
/embed/<slug> and /embed/<slug>/fragment. As with feeds, unknown parameters are ignored and known ones with a
bad value are 400.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, urlencode

from feedsvc.model import ReadyDocument
from feedsvc.serve.on_demand import MAX_QUERY, BadOptionError, Wanted, canonical, options_of, whole

MOST = 30  #: headlines of an embed
DEFAULT_COUNT = "10"
THEMES = ("light", "dark", "auto")
LOOK = ("accent", "count", "images", "theme", "time")
SEARCH = ("author", "not", "q", "section", "tag")
_YES, _NO = ("1", "yes", "true", "on"), ("0", "no", "false", "off")
_EMBED = re.compile(r"/embed/([a-z0-9][a-z0-9-]{0,63})(/fragment)?")
_DERIVED = re.compile(r"/feeds/(tag|author)/([a-z0-9][a-z0-9-]{0,63})")
_ARCHIVE = re.compile(r"/feeds/([a-z0-9][a-z0-9-]{0,63})/archive/([1-9]\d{0,8})")
_COLOUR = re.compile(r"#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def look_of(query: str, names: tuple[str, ...] = LOOK) -> dict[str, str]:
    """The options of an embed that are not as by default, each in its one spelling.

    Raises BadOptionError where one has a value that it cannot have.
    """
    given = {
        name: value for name, value in parse_qsl(query[:MAX_QUERY], keep_blank_values=True) if name in names
    }
    found: dict[str, str] = {}
    if "count" in given:
        found["count"] = str(whole("count", given["count"], MOST))
    if "theme" in given:
        if given["theme"] not in THEMES:
            raise BadOptionError(f"theme={given['theme'][:40]!r}: light, dark or auto is expected.\n")
        found["theme"] = given["theme"]
    for name in ("images", "time"):
        if name in given:
            if given[name].lower() not in _YES + _NO:
                raise BadOptionError(f"{name}={given[name][:40]!r}: 1 or 0 is expected.\n")
            found[name] = "1" if given[name].lower() in _YES else "0"
    if "accent" in given:
        if not _COLOUR.fullmatch(given["accent"]):
            raise BadOptionError(f"accent={given['accent'][:40]!r}: a colour such as a3201c is expected.\n")
        colour = given["accent"].removeprefix("#").lower()
        found["accent"] = colour if len(colour) == 6 else "".join(digit * 2 for digit in colour)
    if "section" in given:
        if not _SLUG.fullmatch(given["section"]):
            raise BadOptionError(f"section={given['section'][:40]!r}: a slug is expected.\n")
        found["section"] = given["section"]
    usual = {"count": DEFAULT_COUNT, "theme": "auto", "images": "0", "time": "1"}
    return {name: value for name, value in found.items() if usual.get(name) != value}


def wanted_page(path: str, query: str, stored: Callable[[str], ReadyDocument | None]) -> Wanted | None:
    """The page that an address names, where it has to be built; None where it names none.

    `stored` gives the stored embed of a list by its path. Raises BadOptionError.
    """
    if match := _EMBED.fullmatch(path):
        look = look_of(query)
        embed = stored(f"/embed/{match[1]}")
        fragment = bool(match[2])
        if embed is None:
            return None
        key = f"{path}?{urlencode(sorted(look.items()))}"
        return Wanted(key, lambda b: b.pages.embed(embed, look, fragment=fragment))
    if path == "/embed":
        look = look_of(query, (*LOOK, "section"))
        return Wanted(f"{path}?{urlencode(sorted(look.items()))}", lambda b: b.pages.builder(look))
    if match := _DERIVED.fullmatch(path):
        kind, slug = match.groups()
        return Wanted(path, lambda b: b.pages.derived(kind, slug))
    if path in ("/feeds/tag", "/feeds/author"):
        kind = path.rpartition("/")[2]
        return Wanted(path, lambda b: b.pages.names(kind))
    if match := _ARCHIVE.fullmatch(path):
        slug, number = match[1], int(match[2])
        return Wanted(path, lambda b: b.pages.archive(slug, number))
    if path == "/feeds/search":
        options = search_of(query)
        named = canonical(options)
        return Wanted(f"{path}?{named}", lambda b: b.pages.search(options, named))
    return None


def search_of(query: str) -> Mapping[str, str]:
    """What a search form sends: a field that is left empty is none. Raises BadOptionError."""
    given = [(name, value.strip()) for name, value in parse_qsl(query[:MAX_QUERY]) if value.strip()]
    return options_of(urlencode(given), SEARCH)
