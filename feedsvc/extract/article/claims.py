"""Who the data of a page say its author is: ld+json and metas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from feedsvc.extract.article.compare import words
from feedsvc.extract.article.house import House
from feedsvc.extract.article.ldjson import MEDIA, ORGANISATION, Node, text_of, types
from feedsvc.extract.article.page import Page
from feedsvc.extract.article.people import is_full_name, is_person, names_in, unique
from feedsvc.extract.article.words import AGENCIES, AUTHOR_METAS, PARTICLES
from feedsvc.extract.clean import fold

#: what speaks for the author that the data of a page name, by where they name one
LINKED, META, OTHER_LINKED = 9.5, 8.0, 6.5
_ADDRESS = re.compile(r"^(?:https?:|@|/)|\bwww\.")  #: `Deutsche Welle (www.dw.com)` is a house


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of authorship."""

    names: tuple[str, ...]
    origin: str
    text: str  #: as it stands there
    weight: float = 0.0  #: how much speaks for it
    node: LexborNode | None = None  #: where readers see it
    reasons: tuple[str, ...] = ()


def linked_claims(page: Page) -> Iterator[Claim]:
    article = page.linked.article
    yield _linked_claim(article.get("author") or article.get("creator"), page, "ld+json author", LINKED)
    for node in page.linked.others:
        if not types(node) & MEDIA:
            yield _linked_claim(node.get("author"), page, "ld+json author (other)", OTHER_LINKED)


def _linked_claim(value: object, page: Page, origin: str, weight: float) -> Claim:
    given = list(_linked_names(value, page, 0))
    named = (name for text, kind in given for name in _field_names(text, page, kind))
    return Claim(unique(named), origin, ", ".join(text for text, _ in given), weight)


def _field_names(text: str, page: Page, kind: frozenset[str]) -> tuple[str, ...]:
    sure = "Person" in kind
    found = names_in(text, page.house, sure=sure)
    if not found and sure and _is_own_site(text, page):
        return (fold(text),)
    return tuple(name for name in found if not kind & ORGANISATION or words(name) in AGENCIES)


def _is_own_site(text: str, page: Page) -> bool:
    """Whether a person writes on a site that bears the person's name: a plain name, not in capitals."""
    parts = text.split()
    if words(parts[0] if parts else "") in PARTICLES:
        return False  # `Der Beobachter`
    plain = (
        is_full_name(text) and not text.isupper() and len(parts) <= 3 and all(len(part) > 2 for part in parts)
    )
    return plain and page.house.is_named(text) and is_person(fold(text), House(frozenset()))


def _linked_names(value: object, page: Page, level: int) -> Iterator[tuple[str, frozenset[str]]]:
    """(text, types) for every author in an ld+json value."""
    if level > 4:
        return
    if isinstance(value, list):
        for item in value[:20]:
            yield from _linked_names(item, page, level + 1)
    elif isinstance(value, dict):
        node: Node = page.linked.resolved(value)
        name = node.get("name") or node.get("byline")
        if isinstance(name, list):
            yield from _linked_names(name, page, level + 1)
            return
        text = text_of(name) or f"{text_of(node.get('givenName'))} {text_of(node.get('familyName'))}".strip()
        if text:
            yield text, frozenset(types(node))
    elif isinstance(value, str) and not value.startswith(("http:", "https:")):
        yield text_of(value), frozenset()


def meta_claims(page: Page) -> Iterator[Claim]:
    for key in AUTHOR_METAS:
        given = [value for value in page.metas.get(key, ()) if not _ADDRESS.search(value)]
        if given:
            turned = (
                _turned(value) if key in ("dc.creator", "citation_author") else value for value in given
            )
            named = (name for value in turned for name in names_in(value, page.house))
            yield Claim(unique(named), f"meta {key}", ", ".join(given), META)


def _turned(name: str) -> str:
    """`Last, First` as `First Last`."""
    match = re.fullmatch(r"([^,]+), ([^,]+)", name)
    return f"{match[2]} {match[1]}" if match else name
