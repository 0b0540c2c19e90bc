"""Who the data of a page say its author is: ld+json and metas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from feedsvc.extract.article.compare import words
from feedsvc.extract.article.ldjson import MEDIA, ORGANISATION, Node, text_of, types
from feedsvc.extract.article.page import Page
from feedsvc.extract.article.people import names_in, unique
from feedsvc.extract.article.words import AGENCIES, AUTHOR_METAS

_ADDRESS = re.compile(r"^(?:https?:|@|/)|\bwww\.")  #: `Deutsche Welle (www.dw.com)` is a house


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of authorship."""

    names: tuple[str, ...]
    origin: str
    text: str  #: as it stands there


def linked_claims(page: Page) -> Iterator[Claim]:
    article = page.linked.article
    yield _linked_claim(article.get("author") or article.get("creator"), page, "ld+json author")
    for node in page.linked.others:
        if not types(node) & MEDIA:
            yield _linked_claim(node.get("author"), page, "ld+json author (other)")


def _linked_claim(value: object, page: Page, origin: str) -> Claim:
    given = list(_linked_names(value, page, 0))
    named = (name for text, is_person in given for name in _field_names(text, page, is_person=is_person))
    return Claim(unique(named), origin, ", ".join(text for text, _ in given))


def _field_names(text: str, page: Page, *, is_person: bool) -> tuple[str, ...]:
    return tuple(name for name in names_in(text, page.house) if is_person or words(name) in AGENCIES)


def _linked_names(value: object, page: Page, level: int) -> Iterator[tuple[str, bool]]:
    """(text, whether it can be a person) for every author in an ld+json value."""
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
            yield text, not types(node) & ORGANISATION
    elif isinstance(value, str) and not value.startswith(("http:", "https:")):
        yield text_of(value), True


def meta_claims(page: Page) -> Iterator[Claim]:
    for key in AUTHOR_METAS:
        given = [value for value in page.metas.get(key, ()) if not _ADDRESS.search(value)]
        if given:
            turned = (
                _turned(value) if key in ("dc.creator", "citation_author") else value for value in given
            )
            named = (name for value in turned for name in names_in(value, page.house))
            yield Claim(unique(named), f"meta {key}", ", ".join(given))


def _turned(name: str) -> str:
    """`Last, First` as `First Last`."""
    match = re.fullmatch(r"([^,]+), ([^,]+)", name)
    return f"{match[2]} {match[1]}" if match else name
