"""What a page declares about itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from feedsvc import urls
from feedsvc.extract.listing.page import fold_space

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_ARTICLE_TYPE = re.compile(
    r'"@type"\s*:\s*\[?\s*"(?:News|Blog|Report|Analysis|Opinion|Tech|Scholarly|Review|Background|Live)?'
    r'(?:\w*Article|BlogPosting|LiveBlogPosting|Report)"'
)
_MAX_SCRIPT = 200_000


@dataclass(frozen=True, slots=True)
class Meta:
    """The declarations of a page's head; "" where there is none."""

    base: str  #: the address that relative ones belong to
    language: str
    canonical: str
    next: str  #: `link rel=next`
    title: str
    article: bool  #: declared as one article (og:type, JSON-LD)


def read_meta(tree: LexborHTMLParser, url: str) -> Meta:
    """The declarations of `tree`, whose address is `url`."""
    head = tree.head
    base, canonical, following, title, kind = url, "", "", "", ""
    language = (tree.root.attributes.get("lang") or "") if tree.root else ""
    for node in head.css("base, link[rel], meta, title") if head else ():
        attrs = node.attributes
        if node.tag == "title":
            title = title or fold_space(node.text())
        elif node.tag == "base":
            base = urls.absolute(url, attrs.get("href")) or base
        elif node.tag == "link":
            relations = (attrs.get("rel") or "").lower().split()
            if "canonical" in relations:
                canonical = canonical or urls.absolute(url, attrs.get("href")) or ""
            elif "next" in relations:
                following = following or urls.absolute(url, attrs.get("href")) or ""
        else:
            name = (attrs.get("property") or attrs.get("name") or attrs.get("http-equiv") or "").lower()
            content = attrs.get("content") or ""
            if name == "og:type":
                kind = content.strip().lower()
            elif name in ("content-language", "og:locale") and not language:
                language = content
    match = _LANGUAGE.match(language.strip())
    return Meta(
        base=base,
        language=match[0].replace("_", "-") if match else "",
        canonical=canonical,
        next=following,
        title=title,
        article=kind == "article" or _declares_article(tree),
    )


def _declares_article(tree: LexborHTMLParser) -> bool:
    for node in tree.css('script[type="application/ld+json"]')[:10]:
        found = _ARTICLE_TYPE.search(node.text()[:_MAX_SCRIPT])
        if found and "ItemList" not in node.text()[: found.start()]:
            return True
    return False
