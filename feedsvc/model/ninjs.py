"""ninjs, IPTC's news in JSON: what an item says, whichever version wrote it (1.x, 2.x, 3.x).

https://iptc.org/std/ninjs/ninjs-schema_3.3.json. Versions differ in spelling (`versioncreated`,
`versionCreated`) and in whether bodies, renditions and associations are lists or objects; both are read. What
is of another type than the schema has is read as missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from typing import Any

from feedsvc.model.reading import Enclosure, Image

MEDIA_TYPE = "application/ninjs+json"
MOST = 100  #: of what an item may have several of
_HTML = ("text/html", "application/xhtml+xml")
_EMBARGO = ("embargoeduntil", "embargoed")  #: of version 2 and 3, and of 1
_OF_ITS_OWN = frozenset({"headlines", "bodies", "versioncreated", "body_html", "body_text"})
_BLANK_LINE = re.compile(r"\n\s*\n")
_BY = re.compile(r"^\s*by\s+", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A text; fields are as written."""

    uri: str
    url: str = ""  #: of its page
    title: str = ""
    content: str = ""  #: HTML
    summary: str = ""
    authors: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    image: Image | None = None
    enclosures: tuple[Enclosure, ...] = ()
    published: str = ""
    updated: str = ""
    language: str = ""
    usable: bool = True  #: its status says so or nothing, and an embargo can be read


def is_ninjs(value: object) -> bool:
    """Whether a JSON value is an item of ninjs, and not some other record."""
    if not isinstance(value, Mapping) or not isinstance(value.get("uri"), str):
        return False
    fields = _lower(value)
    standard = fields.get("standard")
    named = isinstance(standard, Mapping) and standard.get("name") == "ninjs"
    return named or not fields.keys().isdisjoint(_OF_ITS_OWN)


def items(value: Mapping[str, Any]) -> Iterator[Item]:
    """The texts in an item: itself, or those that a composite one is made of."""
    fields = _lower(value)
    parts = _list(fields, "associations")
    texts = [one for one in parts if _text(_lower(one), "type") in ("text", "composite")]
    alone = _text(fields, "type") != "composite" or not texts or "bodies" in fields
    if alone:
        yield item(value)
        return
    embargo = {name: fields[name] for name in _EMBARGO if name in fields}  # of all that it is made of
    for one in texts:
        part = item({**embargo, **_lower(one)})
        yield replace(part, usable=part.usable and _usable(fields))


def item(value: Mapping[str, Any]) -> Item:
    """What one item says."""
    fields = _lower(value)
    about = list(_about(fields))
    beside = [_lower(one) for one in _list(fields, "associations")]
    title = _chosen(fields, "headlines", ("main", "headline"))
    summary = _chosen(fields, "descriptions", ("summary", "caption"))
    return Item(
        uri=_text(fields, "uri"),
        url=_page(fields),
        title=title or _text(fields, "headline", "title"),
        content=_body(fields),
        summary=summary or _text(fields, "description_text"),
        authors=tuple(_authors(fields)),
        sections=tuple(name for relation, name in about if relation == "section"),
        tags=tuple(dict.fromkeys(name for relation, name in about if relation != "section")),
        image=next(filter(None, map(_picture, beside)), None),
        enclosures=tuple(filter(None, map(_recording, beside)))[:20],
        published=_text(fields, *_EMBARGO, "firstcreated", "contentcreated", "versioncreated"),
        updated=_text(fields, "versioncreated"),
        language=_text(fields, "language"),
        usable=_usable(fields),
    )


def _usable(fields: Mapping[str, Any]) -> bool:
    """Whether an item may be published: not where its status is a word that we do not know.

    A status ("Withheld", "cancelled") or an embargo that cannot be understood forbids something.
    """
    status = fields.get("pubstatus")
    said = status is None or (isinstance(status, str) and status.strip().lower() in ("", "usable"))
    return said and all(_is_moment(fields.get(name)) for name in _EMBARGO)


def _is_moment(value: object) -> bool:
    """Whether an embargo can be read, or there is none."""
    if value is None or value == "":
        return True
    try:
        return isinstance(value, str) and bool(datetime.fromisoformat(value.strip()))
    except ValueError:
        return False


def _lower(value: Mapping[str, Any]) -> dict[str, Any]:
    """Names as version 2 writes them: 1 and 2 have lower case, 3 has camelCase."""
    return {str(name).lower(): one for name, one in value.items()}


def _text(fields: Mapping[str, Any], *names: str) -> str:
    """The first of some fields that holds a text."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""


def _number(fields: Mapping[str, Any], name: str) -> int:
    value = fields.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53 else 0


def _list(fields: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The objects of a list, or (version 1) of an object with names of its own."""
    value = fields.get(name)
    if isinstance(value, Mapping):
        value = [{"name": key, **one} for key, one in value.items() if isinstance(one, Mapping)]
    return [one for one in value if isinstance(one, Mapping)][:MOST] if isinstance(value, list) else []


def _chosen(fields: Mapping[str, Any], name: str, roles: tuple[str, ...]) -> str:
    """The text that has one of the roles, else the first."""
    found = [_lower(one) for one in _list(fields, name)]
    found.sort(key=lambda one: roles.index(_text(one, "role")) if _text(one, "role") in roles else len(roles))
    return next((value for one in found if (value := _text(one, "value"))), "")


def _body(fields: Mapping[str, Any]) -> str:
    """The text as HTML: HTML is taken before plain text, the main one before others."""
    bodies = [one for one in map(_lower, _list(fields, "bodies")) if _text(one, "value")]
    bodies.sort(key=lambda one: (_kind(one) not in _HTML, _text(one, "role") not in ("main", "")))
    if bodies:
        value = _text(bodies[0], "value")
        return value if _kind(bodies[0]) in _HTML else _paragraphs(value)
    for name in ("body_html", "body_xhtml"):
        if value := _text(fields, name):
            return value
    return _paragraphs(_text(fields, "body_text"))


def _kind(one: Mapping[str, Any]) -> str:
    return _text(one, "contenttype").partition(";")[0].strip().lower()


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(part.strip())}</p>" for part in _BLANK_LINE.split(text) if part.strip())


def _authors(fields: Mapping[str, Any]) -> Iterator[str]:
    people = [_lower(one) for name in ("infosources", "people", "person") for one in _list(fields, name)]
    named = [_text(one, "name") for one in people if "author" in (_text(one, "role"), _text(one, "rel"))]
    if any(named):
        yield from filter(None, named)
    elif line := _BY.sub("", _text(fields, "by", "byline")):
        yield from filter(None, (part.strip() for part in line.split(";")))


def _about(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(relation, name) of each subject; a section by its literal, which is a slug."""
    for name in ("subjects", "subject"):
        for one in map(_lower, _list(fields, name)):
            relation = _text(one, "rel")
            names = ("literal", "name") if relation == "section" else ("name", "literal")
            if said := _text(one, *names):
                yield relation, said


def _renditions(fields: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [one for one in map(_lower, _list(fields, "renditions")) if _text(one, "href")]


def _page(fields: Mapping[str, Any]) -> str:
    pages = [_text(one, "href") for one in _renditions(fields) if _kind(one) in _HTML]
    if pages:
        return pages[0]
    uri = _text(fields, "uri")
    return uri if uri.startswith(("http://", "https://")) else ""


def _picture(fields: Mapping[str, Any]) -> Image | None:
    """The widest rendition of an associated picture."""
    found = _renditions(fields) if _text(fields, "type") in ("picture", "graphic") else []
    if not found:
        return None
    best = max(found, key=lambda one: _number(one, "width"))
    return Image(
        url=_text(best, "href"),
        type=_kind(best),
        width=_number(best, "width"),
        height=_number(best, "height"),
        length=_number(best, "sizeinbytes"),
        caption=_chosen(fields, "descriptions", ("caption",)) or _text(fields, "description_text"),
        credit=_text(fields, "by", "byline", "copyrightholder"),
    )


def _recording(fields: Mapping[str, Any]) -> Enclosure | None:
    """The first rendition of an associated sound or film."""
    found = _renditions(fields) if _text(fields, "type") in ("audio", "video") else []
    if not found:
        return None
    return Enclosure(
        url=_text(found[0], "href"), type=_kind(found[0]), length=_number(found[0], "sizeinbytes")
    )
