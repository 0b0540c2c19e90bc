"""Is this an article at all, or a section, home, login or error page?"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from feedsvc.extract.article.ldjson import ARTICLE, types
from feedsvc.extract.article.page import Page
from feedsvc.extract.article.times import Times
from feedsvc.extract.outline import reading_length

LONG = 80  #: characters of a paragraph of running text
_MAX_PARAGRAPHS = 400
_ENOUGH = 30
_ARTICLE_TYPES = ARTICLE - {"Review", "Recipe", "SocialMediaPosting"}
_LIST_TYPES = frozenset(
    "CollectionPage SearchResultsPage ProfilePage ItemList WebSite ContactPage AboutPage".split()
)

#: Parts of addresses under which lists stand
_OF_LISTS = re.compile(
    r"/(?:tags?|topi[ck]s?|categor(?:y|ies)|kategori|search|suche|cari|authors?|penulis|page|indeks?)/"
)


def is_probably_article(page: Page, times: Times, headline: LexborNode | None, body_text: str) -> bool:
    """Whether the page carries one article, weighing what it declares against what it shows."""
    score = _declared_score(page) + _shown_score(page, body_text)
    score += 1 if times.published is not None and times.origin not in ("address", "date line") else 0
    score += 1 if headline is not None else -1
    address = urlsplit(page.url)
    path, query = address.path.strip("/"), address.query
    if not path and not query:
        score -= 4  # the home page
    elif re.search(r"\d{4}|[^/-]-[^/-]+-[^/-]", f"{path}?{query}"):
        score += 1  # an id or a slug
    if _OF_LISTS.search(f"/{path}/"):
        score -= 2
    if _asks_to_log_in(page):
        score -= 3
    return score > 0


def _declared_score(page: Page) -> int:
    score = 0
    kinds = types(page.linked.article)
    if kinds & _ARTICLE_TYPES and (
        page.linked.article.get("headline") or page.linked.article.get("datePublished")
    ):
        score += 3
    elif any(types(node) & _LIST_TYPES - {"WebSite"} for node in page.linked.nodes[:40]):
        score -= 1
    kind = page.meta("og:type").lower()
    if kind.endswith("article") or page.meta("article:published_time"):
        score += 2
    elif kind in ("website", "blog", "profile"):
        score -= 1
    return score


def _shown_score(page: Page, body_text: str) -> int:
    paragraphs = (
        [line for line in body_text.split("\n") if reading_length(line) > LONG]
        if body_text
        else _paragraphs(page)
    )
    score = 2 if len(paragraphs) >= 4 else 1 if len(paragraphs) >= 2 else 0 if paragraphs else -2
    headings = [
        node for node in page.tree.css("h2 a, h3 a, h4 a, a h2, a h3, a h4")[:200] if not page.is_beside(node)
    ]
    if len(headings) >= 12 and len(headings) > 1.5 * len(paragraphs):
        score -= 3  # a list of other articles
    return score


def _paragraphs(page: Page) -> list[str]:
    found = []
    for node in page.tree.css("p")[:_MAX_PARAGRAPHS]:
        text = node.text(deep=True).strip()
        if reading_length(text) > LONG and not page.is_beside(node) and not _is_link(node):
            found.append(text)
            if len(found) >= _ENOUGH:
                break
    return found


def _is_link(node: LexborNode) -> bool:
    inner = node.css_first("a")
    return (inner is not None and len(inner.text(deep=True)) > 0.6 * len(node.text(deep=True))) or (
        node.parent is not None and node.parent.tag == "a"
    )


def _asks_to_log_in(page: Page) -> bool:
    return page.tree.css_first("input[type=password]") is not None and not page.linked.article.get("headline")
