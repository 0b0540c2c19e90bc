"""Who reported: what the data of a page say and what readers see, weighed. People only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from feedsvc.extract.article.claims import Claim, linked_claims, meta_claims
from feedsvc.extract.article.compare import words
from feedsvc.extract.article.finding import Finding
from feedsvc.extract.article.lines import Line
from feedsvc.extract.article.page import Page, text_in
from feedsvc.extract.article.people import is_full_name, names_in
from feedsvc.extract.article.plain_names import (
    agency_line_claims,
    bare_name_claims,
    closing_name_claims,
    dated_name_claims,
    head_name_claims,
)
from feedsvc.extract.article.visible_bylines import (
    NAMED,
    author_boxes,
    byline_claims,
    labelled_nodes,
    line_claims,
    person_items,
)
from feedsvc.extract.article.words import AGENCIES, NOT_AUTHOR
from feedsvc.model import Evidence

#: bylines that readers see whole, and that say what they are
_WHOLE = ("rel=author", "labelled line")
_NEAR, _NEARER, _FAR = 1_500, 300, 6_000  #: characters of text between a byline and the headline


def read_authors(page: Page, lines: tuple[Line, ...]) -> Finding[tuple[str, ...]]:
    """The reporters of the article, in order."""
    claims = [claim for claim in _claims(page, lines) if claim.text]
    if not any(claim.names for claim in claims):
        claims += [*agency_line_claims(lines), *labelled_nodes(page)]
    if not any(claim.names for claim in claims):
        claims += author_boxes(page)
    editors = _editors(page) - _shown_as_authors(claims, page)
    claims = [_weighed(claim, claims, editors, page) for claim in claims]
    chosen = _choose(claims, page)
    evidence = []
    for claim in claims:
        differs = "" if set(map(words, claim.names)) == set(map(words, chosen.names)) else "differs"
        note = "no one is named" if not claim.names else differs
        used = (claim.origin, claim.text) == (chosen.origin, chosen.text)
        evidence.append(
            Evidence(
                field="authors",
                value=claim.text[:200],
                origin=claim.origin,
                used=used,
                note="; ".join(
                    filter(None, ("" if used else note, f"{claim.weight:g}: {', '.join(claim.reasons)}"))
                )
                if claim.names
                else note,
            )
        )
    return Finding(chosen.names, chosen.origin if chosen.names else "", tuple(evidence), chosen.weight)


def _claims(page: Page, lines: tuple[Line, ...]) -> Iterator[Claim]:
    yield from linked_claims(page)
    yield from meta_claims(page)
    yield from byline_claims(page)
    yield from person_items(page)
    yield from line_claims(page, lines)
    yield from dated_name_claims(page, lines)
    yield from head_name_claims(page, lines)
    yield from bare_name_claims(page, lines)
    yield from closing_name_claims(page)


def _weighed(claim: Claim, others: list[Claim], editors: set[str], page: Page) -> Claim:
    """A claim with everything that speaks for and against it."""
    reasons = [
        *_by_names(claim, editors),
        *_by_place(claim, page),
        *_by_agreement(claim, others),
    ]
    given = [(value, why) for value, why in reasons if value]
    return replace(
        claim,
        weight=claim.weight + sum(value for value, _ in given),
        reasons=tuple(f"{why} {value:+g}" for value, why in given),
    )


def _by_names(claim: Claim, editors: set[str]) -> Iterator[tuple[float, str]]:
    names = claim.names
    if not names:
        return
    if all(words(name) in AGENCIES for name in names):
        yield -2.5, "an agency only"
    elif not any(map(is_full_name, names)):
        yield -2.5, "no full name"
    if editors.issuperset(map(words, names)):
        yield -4.0, "named as the editor"


def _by_place(claim: Claim, page: Page) -> Iterator[tuple[float, str]]:
    away = page.distance_to_headline(claim.node) if claim.node is not None else None
    if away is None:
        return
    if abs(away) <= _NEARER:
        yield 1.5, "by the headline"
    elif abs(away) <= _NEAR:
        yield 0.5, "near the headline"
    else:
        yield (-1.0 if abs(away) <= _FAR else -1.5), "far from the headline"


def _by_agreement(claim: Claim, others: list[Claim]) -> Iterator[tuple[float, str]]:
    mine = set(map(words, claim.names))
    same = sum(1 for other in others if other is not claim and mine and set(map(words, other.names)) == mine)
    yield 0.5 * min(same, 3), f"{same} more say the same"
    short = [other for other in others if other.names and not any(map(is_full_name, other.names))]
    full = bool(claim.names) and all(map(is_full_name, claim.names))
    if full and any(_could_be(other, claim) for other in short):
        yield 1.5, "the full name of a short one"


def _shown_as_authors(claims: list[Claim], page: Page) -> set[str]:
    """Who a byline by the headline names: they may have taken the pictures, too."""
    return {words(name) for claim in claims if _is_by_headline(claim, page) for name in claim.names}


def _is_by_headline(claim: Claim, page: Page) -> bool:
    away = page.distance_to_headline(claim.node) if claim.node is not None else None
    return away is not None and abs(away) <= _NEAR and claim.weight >= NAMED


def _editors(page: Page) -> set[str]:
    """Who the page names as editor, photographer or the like."""
    named: set[str] = set()
    for node in page.tree.css("p, div, span, small, li, em, i, b, strong")[:3000]:
        inner = node.child
        text = (inner.text_content or "").strip() if inner is not None and inner.tag == "-text" else ""
        if 4 < len(text) < 80 and NOT_AUTHOR.match(text):
            said = text_in(node)
            if len(said) < 100 and (match := re.search(r"[:：]\s*(.+)$", said)):
                named.update(map(words, names_in(match[1], page.house)))
    return named


def _choose(claims: list[Claim], page: Page) -> Claim:
    """The claim that most speaks for, or the whole byline where it names one of several."""
    named = [claim for claim in claims if claim.names and claim.weight > 0]
    best = max(named, key=lambda claim: claim.weight, default=Claim((), "", ""))
    fuller = (claim for claim in named if claim.origin in _WHOLE and _is_by_headline(claim, page))
    best = next((claim for claim in fuller if _holds_more(claim, best)), best)
    if best.node is None or not any(map(is_full_name, best.names)):
        return best
    # a line holds other words besides: `Ann Lee, Trainee`
    full = tuple(name for name in best.names if is_full_name(name) or words(name) in AGENCIES)
    return replace(best, names=full)


def _holds_more(claim: Claim, best: Claim) -> bool:
    """Whether a byline names the chosen people and more: some systems tell only the first to machines."""
    mine, others = set(map(words, claim.names)), set(map(words, best.names))
    return others < mine and all(map(is_full_name, claim.names)) and AGENCIES.isdisjoint(mine - others)


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
