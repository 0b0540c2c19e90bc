"""What else a page says about its article: section, tags, summary."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from feedsvc.extract.article.compare import overlap, words
from feedsvc.extract.article.finding import Finding, settled
from feedsvc.extract.article.ldjson import Node, text_of
from feedsvc.extract.article.lines import Line
from feedsvc.extract.article.page import Page, text_in
from feedsvc.extract.clean import fold, one_line, summarise, to_text
from feedsvc.model import Evidence
from feedsvc.urls import absolute, same_site

MAX_TAGS = 20
MAX_TAG = 60  #: characters
_KICKER_LINES = range(-4, 0)  #: from the headline
_LINKS = 300  #: of a page that are looked at for sections
_TRAIL = (
    "[class*=breadcrumb i] a, [id*=breadcrumb i] a, [aria-label*=breadcrumb i] a, "
    "[itemtype*=BreadcrumbList] a"
)
_HOME = re.compile(
    r"home(?:page)?|beranda|start(?:seite)?|accueil|inicio|portada|ホーム|トップ|홈|главная|index", re.I
)
_GENERAL_TAG = re.compile(
    r"news|berita|artikel|article|uncategorized|allgemein|nachrichten|post|default", re.I
)


def read_section(page: Page, headline: str, lines: Sequence[Line] = ()) -> Finding[str]:
    """The section as the article itself names it, else the one that its address stands below.

    `lines`: those around the headline; the kicker is one of them.
    """
    stated = [
        (value, f"meta {name}")
        for name in ("article:section", "section", "og:article:section")
        for value in page.metas.get(name, ())[:1]
    ]
    stated.append((text_of(page.linked.article.get("articleSection")), "ld+json articleSection"))
    usable = _sections(stated, page, headline)
    if not usable:
        shown = [(name, "breadcrumbs") for name in _crumbs(page)]
        shown += [(name, "kicker") for name in _kickers(page, lines)]
        shown += [(name, "address") for name in _above_in_address(page)]
        usable = [each for each in _sections(shown, page, headline) if not _GENERAL_TAG.fullmatch(each[0])]
    value, origin = usable[0] if usable else ("", "")
    evidence = (Evidence(field="section", value=each, origin=where) for each, where in usable)
    return settled(value, origin, evidence, same=overlap)


def _sections(stated: list[tuple[str, str]], page: Page, headline: str) -> list[tuple[str, str]]:
    return [
        (value, origin)
        for value, origin in stated
        if 1 < len(value) < 60
        and overlap(value, headline) < 0.85
        and not _HOME.fullmatch(value)
        and not page.house.is_named(value)
    ]


def _crumbs(page: Page) -> list[str]:
    """The trail to the article, the nearest section first."""
    trail = [
        text_of(item.get("name") or (item["item"].get("name") if isinstance(item.get("item"), dict) else ""))
        for node in page.linked.of_type(frozenset({"BreadcrumbList"}))
        for item in _elements(node)
    ]
    if not trail:
        trail = [text_in(node) for node in page.tree.css(_TRAIL)[:8]]
    return [name for name in reversed(trail) if name]


def _kickers(page: Page, lines: Sequence[Line]) -> Iterator[str]:
    """Short lines right above the headline that the page's menu names too, the nearest first."""
    for line in reversed(lines):
        if line.distance in _KICKER_LINES and words(line.text) in page.sections:
            yield line.text


def _above_in_address(page: Page) -> list[str]:
    """What the page calls the pages that its address stands below: `Dunia` links to `/dunia/`."""
    parts = [part for part in urlsplit(page.url).path.lower().split("/") if part]
    ends = {*parts, ".", ".."}
    named: dict[tuple[str, ...], str] = {}
    for node in page.tree.css("a[href]")[:_LINKS] if len(parts) > 1 else ():
        href = node.attributes.get("href") or ""
        if re.split(r"[?#]", href, maxsplit=1)[0].rstrip("/").rpartition("/")[2].lower() not in ends:
            continue  # the address ends with another word: spares most of them the work that follows
        target = absolute(page.url, href)
        if target is None or not same_site(target, page.url) or urlsplit(target).query:
            continue
        path = tuple(part for part in urlsplit(target).path.lower().split("/") if part)
        if 0 < len(path) < len(parts) and list(path) == parts[: len(path)] and (text := text_in(node)):
            named.setdefault(path, text)
    return [named[path] for path in sorted(named, key=len, reverse=True)]


def _elements(node: Node) -> Iterator[Node]:
    given = node.get("itemListElement")
    return (item for item in (given if isinstance(given, list) else [given]) if isinstance(item, dict))


def read_tags(page: Page) -> Finding[tuple[str, ...]]:
    """The topics of the article: the most careful list that the page has."""
    stated: list[tuple[list[str], str]] = [
        (list(page.metas.get("article:tag", ())), "meta article:tag"),
        (_keywords(page.linked.article.get("keywords")), "ld+json keywords"),
        (
            [part for value in page.metas.get("news_keywords", ()) for part in value.split(",")],
            "meta news_keywords",
        ),
        (
            [text_in(node) for node in page.tree.css("a[rel~=tag]")[:30] if not page.is_beside(node)],
            "rel=tag",
        ),
        ([part for value in page.metas.get("keywords", ()) for part in value.split(",")], "meta keywords"),
    ]
    evidence = []
    chosen: tuple[str, ...] = ()
    where = ""
    for given, origin in stated:
        tags = _kept_tags(
            [tag for value in given for tag in (value.split(",") if len(given) == 1 else [value])], page
        )
        used = bool(tags) and not chosen
        if used:
            chosen, where = tags, origin
        if tags:
            evidence.append(Evidence(field="tags", value=", ".join(tags)[:300], origin=origin, used=used))
    return Finding(chosen, where, tuple(evidence))


def _keywords(value: object) -> list[str]:
    if isinstance(value, list):
        return [text_of(item) for item in value[:40]]
    return text_of(value).split(",")


def _kept_tags(given: list[str], page: Page) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for tag in given:
        tag = one_line(tag).strip("# ")
        if (
            1 < len(tag) <= MAX_TAG
            and not _GENERAL_TAG.fullmatch(tag)
            and not page.house.is_named(tag)
            and ":" not in tag
        ):
            kept.setdefault(words(tag) or tag, tag)
    return tuple(kept.values())[:MAX_TAGS]


def read_summary(page: Page, headline: str, body_text: str) -> Finding[str]:
    """A summary in plain text: what the page states, else the beginning of its text."""
    stated = [
        (page.meta("og:description"), "meta og:description"),
        (page.meta("description"), "meta description"),
        (text_of(page.linked.article.get("description")), "ld+json description"),
        (page.meta("twitter:description"), "meta twitter:description"),
        (next((line for line in body_text.split("\n") if len(line) > 40), ""), "first paragraph"),
    ]
    usable = []
    for value, origin in stated:
        text = one_line(to_text(value)) if "<" in value else fold(value)
        if len(text) >= 25 and words(text) != words(headline) and not page.house.is_named(text):
            usable.append((summarise(text), origin))
    value, origin = usable[0] if usable else ("", "")
    evidence = (Evidence(field="summary", value=each, origin=where) for each, where in usable)
    return settled(value, origin, evidence, same=overlap)
