"""Who reported: structured statements first, then what readers see. People only."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from feedsvc.extract.article.claims import Claim, linked_claims, meta_claims
from feedsvc.extract.article.compare import words
from feedsvc.extract.article.finding import Finding
from feedsvc.extract.article.lines import Line
from feedsvc.extract.article.page import Page
from feedsvc.extract.article.people import is_full_name
from feedsvc.extract.article.visible_bylines import (
    agency_line_claims,
    author_boxes,
    bare_name_claims,
    byline_claims,
    dated_name_claims,
    labelled_nodes,
    line_claims,
    person_items,
)
from feedsvc.extract.article.words import AGENCIES
from feedsvc.model import Evidence

_SEEN = frozenset({"rel=author", "author link", "byline", "labelled line"})


def read_authors(page: Page, lines: tuple[Line, ...]) -> Finding[tuple[str, ...]]:
    """The reporters of the article, in order."""
    claims = [claim for claim in _claims(page, lines) if claim.text]
    if not any(claim.names for claim in claims):
        claims += [*agency_line_claims(lines), *labelled_nodes(page)]
    if not any(claim.names for claim in claims):
        claims += author_boxes(page)
    chosen = _choose(claims)
    evidence = []
    for claim in claims:
        differs = "" if set(map(words, claim.names)) == set(map(words, chosen.names)) else "differs"
        note = "nobody is named" if not claim.names else differs
        used = claim is chosen
        evidence.append(
            Evidence(
                field="authors",
                value=claim.text[:200],
                origin=claim.origin,
                used=used,
                note="" if used else note,
            )
        )
    return Finding(chosen.names, chosen.origin if chosen.names else "", tuple(evidence))


def _claims(page: Page, lines: tuple[Line, ...]) -> Iterator[Claim]:
    yield from linked_claims(page)
    yield from meta_claims(page)
    yield from byline_claims(page)
    yield from person_items(page)
    yield from line_claims(page, lines)
    yield from dated_name_claims(page, lines)
    yield from bare_name_claims(page, lines)


def _choose(claims: list[Claim]) -> Claim:
    named = [claim for claim in claims if claim.names]
    if not named:
        return Claim((), "", "")
    first = named[0]
    if all(words(name) in AGENCIES for name in first.names):
        # the wire in the data, the reporter where readers see him
        people = (claim for claim in named if claim.origin in _SEEN and all(map(is_full_name, claim.names)))
        return next(people, first)
    if not any(map(is_full_name, first.names)):
        # a user name or an abbreviation in the data, the full name where readers see it
        full = next((claim for claim in named if all(map(is_full_name, claim.names))), None)
        if full is not None and _could_be(first, full):
            return full
    return first


def _could_be(short: Claim, full: Claim) -> bool:
    """Whether `mmuster`, `mm` or `Max` can be Max Muster."""
    parts = _plain(full.names[0]).split()
    given = _plain(short.names[0]).replace(" ", "")
    initials = "".join(part[0] for part in parts)
    return given == initials or any(len(part) > 2 and part in given for part in parts)


def _plain(name: str) -> str:
    """Folded words without accents, as in user names."""
    return "".join(
        char for char in unicodedata.normalize("NFKD", words(name)) if not unicodedata.combining(char)
    )
