"""What `application/ld+json` scripts say: lenient parsing, bounded, and the node that is the article."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from feedsvc.extract.article.compare import words
from feedsvc.extract.clean import fold

MAX_SCRIPT = 1_000_000  #: characters of one script
MAX_NODES = 3_000  #: objects of one page
MAX_LEVEL = 12

Node = Mapping[str, Any]

ARTICLE = frozenset(
    "NewsArticle Article ReportageNewsArticle BlogPosting AnalysisNewsArticle OpinionNewsArticle Report "
    "BackgroundNewsArticle ReviewNewsArticle LiveBlogPosting TechArticle AskPublicNewsArticle "
    "SatiricalArticle "
    "AdvertiserContentArticle SocialMediaPosting ScholarlyArticle Review Recipe "
    "MedicalScholarlyArticle".split()
)
PAGE = frozenset("WebPage ItemPage VideoObject CreativeWork ClaimReview MediaObject AboutPage".split())
MEDIA = frozenset({"VideoObject", "ClaimReview", "MediaObject", "AudioObject", "PodcastEpisode"})
ORGANISATION = frozenset("Organization NewsMediaOrganization Corporation Brand WebSite LocalBusiness".split())
#: Below these keys stand other things than the article of the page
_ELSEWHERE = frozenset(
    "itemListElement hasPart isPartOf relatedLink associatedArticle mentions citation itemReviewed comment "
    "review isBasedOn video image publisher author liveBlogUpdate".split()
)
_WRAPPING = re.compile(
    r"^(?://)?\s{0,9}(?:<!--|<!\[CDATA\[|/\*\s{0,9}<!\[CDATA\[\s{0,9}\*/)|(?://)?\s{0,9}(?:-->|\]\]>|/\*\s{0,9}\]\]>\s{0,9}\*/)$"
)
_OPENERS, _CLOSERS = ("//", "<!", "/*"), ("-->", "]]>", "*/")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_REPAIRS: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    lambda text: re.sub(r",(\s*[}\]])", r"\1", text),
    lambda text: re.sub(r"[\x00-\x1f]+", " ", text),
    html.unescape,
    lambda text: re.sub(r",\s*(?=[,}\]])", "", re.sub(r"[\x00-\x1f]+", " ", text)),
)


@dataclass(frozen=True, slots=True)
class LinkedData:
    """All objects of a page's ld+json, in reading order."""

    article: Node = field(default_factory=dict)  #: the page's own article; empty where there is none
    others: tuple[Node, ...] = ()  #: further articles and pages, likeliest first
    nodes: tuple[Node, ...] = ()
    by_id: Mapping[str, Node] = field(default_factory=dict)

    def of_type(self, names: frozenset[str]) -> Iterator[Node]:
        """Every object of one of these types."""
        return (node for node in self.nodes if types(node) & names)

    def resolved(self, node: Node) -> Node:
        """`node`, or what it refers to by `@id`."""
        known = self.by_id.get(str(node.get("@id", "")))
        return {**known, **node} if known is not None and known is not node else node


def types(node: Node) -> set[str]:
    """The type names of an object, without their vocabulary."""
    given = node.get("@type") or ()
    names = given if isinstance(given, list) else [given]
    return {re.split("[/:#]", name)[-1] for name in names if isinstance(name, str)}


def text_of(value: object) -> str:
    """The text that a property holds: of a list the first, of an object its value or name; "" if none."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        return ""
    return fold(_TAG.sub("", fold(value))) if "<" in value or "&" in value else fold(value)


def address_of(value: object) -> str:
    """The address that a property holds, taken literally: `&section=` in JSON is no entity."""
    value = value[0] if isinstance(value, list) and value else value
    return value.strip() if isinstance(value, str) else ""


def read_scripts(scripts: Iterable[str], *, url: str, headings: Iterable[str]) -> LinkedData:
    """The linked data of a page with this address and these visible headings."""
    found: list[tuple[Node, frozenset[str]]] = []
    for script in scripts:
        for value in load(script):
            found.extend(_walk(value, MAX_NODES - len(found)))
    by_id: dict[str, Node] = {}
    for node, _ in found:
        if isinstance(name := node.get("@id"), str) and len(node) > 1:
            by_id.setdefault(name, node)
    folded = [words(heading) for heading in headings]
    ranked = sorted(
        (
            (-score, number, node)
            for number, (node, path) in enumerate(found)
            if not path & _ELSEWHERE and (score := _article_score(node, url, folded)) > 0
        ),
        key=lambda row: row[:2],
    )
    return LinkedData(
        article=ranked[0][2] if ranked else {},
        others=tuple(node for _, _, node in ranked[1:6]),
        nodes=tuple(node for node, _ in found),
        by_id=by_id,
    )


def load(script: str) -> list[Any]:
    """The JSON values of a script, as far as they can be made out. Never raises."""
    text = script[:MAX_SCRIPT].strip()
    if text.startswith(_OPENERS) or text.endswith(_CLOSERS):
        text = _WRAPPING.sub("", text).strip()
    text = text.rstrip(";")
    if not text:
        return []
    for repair in _REPAIRS:
        try:
            return [json.loads(repair(text), strict=False)]
        except RecursionError:  # '[' × 50 000
            return []
        except ValueError:
            continue
    return _values(text) or _single_fields(text)


def _values(text: str) -> list[Any]:
    """Several values one after another, or a sound one before a broken one."""
    decoder = json.JSONDecoder(strict=False)
    found: list[Any] = []
    at = 0
    while (start := re.compile(r"[{\[]").search(text, at)) and len(found) < 50:
        try:
            value, at = decoder.raw_decode(text, start.start())
        except (ValueError, RecursionError):
            break
        found.append(value)
    return found


def _single_fields(text: str) -> list[Any]:
    """The few fields that matter, read without a grammar: better than nothing."""
    node: dict[str, Any] = {}
    for key in ("headline", "datePublished", "dateModified"):
        if match := re.search(rf'"{key}"\s*:\s*"((?:[^"\\]|\\.){{1,1000}})"', text):
            node[key] = match[1].replace('\\"', '"').replace("\\/", "/")
    if match := re.search(r'"author"\s*:\s*\[?\s*\{[^{}]{0,500}?"name"\s*:\s*"([^"]{1,200})"', text):
        node["author"] = {"@type": "Person", "name": match[1]}
    if not node or not re.search(r'"@type"\s*:\s*\[?\s*"[A-Za-z]{0,30}(?:Article|Posting)"', text):
        return []
    return [{"@type": "Article", **node}]


def _walk(value: object, limit: int) -> Iterator[tuple[Node, frozenset[str]]]:
    """The objects in a value with the keys on the way to them, in reading order."""
    waiting: list[tuple[object, frozenset[str], int]] = [(value, frozenset(), 0)]
    while waiting and limit > 0:
        current, path, level = waiting.pop()
        if level > MAX_LEVEL:
            continue
        if isinstance(current, list):
            waiting.extend((item, path, level + 1) for item in reversed(current[:400]))
        elif isinstance(current, dict):
            limit -= 1
            yield current, path
            inner = [
                (item, path | {key}, level + 1)
                for key, item in current.items()
                if isinstance(item, list | dict)
            ]
            waiting.extend(reversed(inner))


def _article_score(node: Node, url: str, headings: list[str]) -> int:
    kinds = types(node)
    if kinds & ARTICLE or ("headline" in node and "datePublished" in node):
        score = 10
    elif kinds & PAGE:
        score = 2
    else:
        return 0
    if kinds & {"Recipe", "Review"}:
        score -= 5  # the article about it says more
    page = node.get("mainEntityOfPage")
    address = node.get("url") or node.get("@id") or (page.get("@id") if isinstance(page, dict) else page)
    if isinstance(address, str) and same_page(address, url):
        score += 3
    headline = words(text_of(node.get("headline")) or text_of(node.get("name")))
    if headline and any(headline in heading or heading in headline for heading in headings if heading):
        score += 4
    return score + sum(key in node for key in ("headline", "datePublished", "author"))


def same_page(one: str, other: str) -> bool:
    """Whether two addresses have the same host and path (a coarse look, for objects within one page)."""
    return bool(one and other) and _host_and_path(one) == _host_and_path(other)


def _host_and_path(url: str) -> str:
    try:
        parts = urlsplit(url.strip())
        return (parts.hostname or "").removeprefix("www.") + unquote(parts.path).rstrip("/").removesuffix(
            "/amp"
        )
    except ValueError:
        return url
