"""A parsed article page: what every field reader looks at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, LexborNode

from feedsvc import dates
from feedsvc.extract import html
from feedsvc.extract.article.compare import words
from feedsvc.extract.article.house import House, read_house, shown_names
from feedsvc.extract.article.ldjson import LinkedData, read_scripts, text_of
from feedsvc.extract.clean import one_line
from feedsvc.extract.outline import Outline, Part
from feedsvc.extract.places import is_beside

MAX_HEADINGS = 40
MAX_TITLE = 1_000  #: characters of a heading or title that are looked at
MAX_CLASS = 500
_MARGIN = 300  #: characters of an aside that may be the article's own head
_NEAR_HEADLINE = 1_500  #: characters between it and the headline: a standfirst and a caption

#: scripts that one language alone is written in; kana before Han, which Japanese has too
_SCRIPTS = (
    (re.compile(r"[\u3040-\u30ff]{2}"), "ja"),
    (re.compile(r"[\uac00-\ud7af]{2}"), "ko"),
    (re.compile(r"[\u4e00-\u9fff]{4}"), "zh"),
    (re.compile(r"[\u0e00-\u0e7f]{4}"), "th"),
    (re.compile(r"[\u0590-\u05ff]{4}"), "he"),
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A visible h1."""

    text: str
    node: LexborNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page, parsed once."""

    url: str
    text: str
    tree: LexborHTMLParser
    language: str  #: BCP 47 as given or declared; "" unknown
    zone: ZoneInfo | None
    now: datetime | None
    metas: Mapping[str, tuple[str, ...]]  #: lower-case property, name, or `itemprop:` name → contents
    linked: LinkedData
    headings: tuple[Heading, ...]
    house: House
    sections: frozenset[str]  #: folded names of sections that the page mentions
    outline: Outline
    around: tuple[int, ...] = ()  #: the elements around the headline, innermost first
    trunk: frozenset[int] = frozenset()  #: the same; what they are called tells nothing
    headline_line: int | None = None  #: characters of the page's text before the headline
    headline_end: int | None = None  #: … and before its end
    trunk_parts: frozenset[int] = frozenset()  #: the same, as numbers of parts
    #: parts that were looked at → whether they stand in a place for other things
    beside: dict[int, bool] = field(default_factory=dict, compare=False)

    def meta(self, *names: str) -> str:
        """The first content under one of these names, in this order; "" if there is none."""
        return next((content for name in names for content in self.metas.get(name, ())), "")

    def with_headline(self, headline: LexborNode | None) -> Page:
        """The page, knowing where its headline stands."""
        around = []
        part = self.outline.of(headline) if headline is not None else None
        while headline is not None and headline.tag not in ("body", "html"):
            around.append(headline.mem_id)
            headline = headline.parent
        parts = frozenset(each.index for each in part.around()) if part is not None else frozenset()
        return replace(
            self,
            around=tuple(around),
            trunk=frozenset(around),
            trunk_parts=parts,
            headline_line=part.line if part is not None else None,
            headline_end=part.end if part is not None else None,
            beside={},
        )

    def distance_to_headline(self, node: LexborNode) -> int | None:
        """Characters of text between the headline and a node, negative above it; None without a headline."""
        part = self.outline.of(node)
        while part is None and node.parent is not None:
            node = node.parent
            part = self.outline.of(node)
        if part is None or self.headline_line is None or self.headline_end is None:
            return None
        if part.line >= self.headline_end:
            return part.line - self.headline_end
        return min(part.end - self.headline_line, 0)

    def is_beside(self, node: LexborNode | None) -> bool:
        """Whether a node stands in a place for other things than the article: menu, side column, cards.

        What holds the headline holds the article, whatever it is called.
        """
        while node is not None and node.mem_id not in self.trunk:
            part = self.outline.of(node)
            if part is not None:
                return self._is_part_beside(part)
            node = node.parent
        return False

    def _is_own_aside(self, part: Part) -> bool:
        """Whether an aside by the headline is a margin with byline and date: a few lines, no titles."""
        if part.tag != "aside" or part.titles or part.chars > _MARGIN or self.headline_line is None:
            return False
        return abs(part.line - self.headline_line) <= _NEAR_HEADLINE

    def _is_part_beside(self, part: Part) -> bool:
        passed: list[int] = []
        found = False
        most = self.outline.parts[0].chars / 2  # what holds most of the page is no place beside anything
        for each in part.around():
            if each.index in self.trunk_parts or each.chars > most:
                break
            known = self.beside.get(each.index)
            if known is None:
                passed.append(each.index)
                known = is_beside(each) and not self._is_own_aside(each)
            if known:
                found = True
                break
        for index in passed:
            self.beside[index] = found
        return found


def open_page(
    text: str, *, url: str, language: str = "", zone: ZoneInfo | None = None, now: datetime | None = None
) -> Page:
    """Parse a page; raises ReadError (TOO_LARGE, TOO_DEEP) before a parser could be held up."""
    tree = html.parse(text)
    metas = _read_metas(tree)
    headings = _read_headings(tree)
    named = tree.css_first("title")
    title = text_in(named)[:MAX_TITLE] if named is not None else ""
    language = language or _declared_language(tree, metas) or _language_of_script(title)
    scripts = [
        node.text(deep=True) for node in tree.css('script[type*="ld+json" i], script[type*="json+ld" i]')[:50]
    ]
    linked = read_scripts(scripts, url=url, headings=[heading.text for heading in headings])
    return Page(
        url=url,
        text=text,
        tree=tree,
        language=language,
        zone=zone or dates.home_zone(url, language),
        now=now,
        metas=metas,
        linked=linked,
        headings=headings,
        house=read_house(url, metas, linked, title, shown_names(tree, url, title)),
        sections=_read_sections(tree, metas, linked),
        outline=Outline(tree.body),
    )


def text_in(node: LexborNode) -> str:
    """The text under a node as one line."""
    return fold_literal(node.text(deep=True, separator=" "))


def fold_literal(text: str) -> str:
    """White space folded; entities are the parser's business."""
    return " ".join(text.split())


def is_hidden(node: LexborNode) -> bool:
    """Whether a node itself says that it is not shown."""
    given = node.attributes
    style = (given.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or "hidden" in given or given.get("aria-hidden") == "true"


def class_of(node: LexborNode) -> str:
    """Class and id of a node, as one text."""
    given = node.attributes
    return f"{given.get('class') or ''} {given.get('id') or ''}"[:MAX_CLASS]


def _read_metas(tree: LexborHTMLParser) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for node in tree.css("meta[content]")[:400]:
        given = node.attributes
        # itemprop metas also belong to lists of references further down: kept apart
        item = given.get("itemprop")
        name = (
            given.get("property")
            or given.get("name")
            or (f"itemprop:{item}" if item else given.get("http-equiv"))
        )
        content = one_line(given.get("content") or "")  # the parser has undone its entities
        if name and content:
            found.setdefault(name.strip().lower(), []).append(content)
    return {name: tuple(contents) for name, contents in found.items()}


def _read_headings(tree: LexborHTMLParser) -> tuple[Heading, ...]:
    shown = (node for node in tree.css("h1")[:MAX_HEADINGS] if not is_hidden(node))
    return tuple(Heading(text, node) for node in shown if (text := one_line(text_in(node))[:MAX_TITLE]))


def _declared_language(tree: LexborHTMLParser, metas: Mapping[str, tuple[str, ...]]) -> str:
    root = tree.css_first("html")
    given = (root.attributes.get("lang") or root.attributes.get("xml:lang") or "") if root is not None else ""
    for value in (
        given,
        *(metas.get(name, ("",))[0] for name in ("content-language", "og:locale", "language")),
    ):
        tag = value.strip().replace("_", "-").split(",")[0]
        if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag):
            return tag
    return ""


def _language_of_script(text: str) -> str:
    """The language that only one script is written in, or ""; Han characters alone are Chinese."""
    for pattern, language in _SCRIPTS:
        if pattern.search(text):
            return language
    return ""


def _read_sections(
    tree: LexborHTMLParser, metas: Mapping[str, tuple[str, ...]], linked: LinkedData
) -> frozenset[str]:
    names = [*metas.get("article:section", ()), text_of(linked.article.get("articleSection"))]
    for node in linked.of_type(frozenset({"ListItem"})):
        item = node.get("item")
        names.append(text_of(node.get("name") or (item.get("name") if isinstance(item, dict) else "")))
    names += [text_in(node) for node in tree.css("nav a, header a")[:150]]
    return frozenset(words(name) for name in names if 1 < len(name) < 40)
