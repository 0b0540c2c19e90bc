"""The headline: what a reader of the page sees above the text, without the name of the site."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

from feedsvc.extract.article.compare import overlap, words
from feedsvc.extract.article.finding import Finding, settled
from feedsvc.extract.article.ldjson import text_of
from feedsvc.extract.article.page import MAX_TITLE, Page, class_of, text_in
from feedsvc.extract.clean import fold
from feedsvc.model import Evidence
from feedsvc.urls import absolute, same_site

#: What stands between a headline and the name of a site
_SEPARATOR = re.compile(r"\s{0,2}(?:\||｜|ㅣ|·|•|»|«|::|—|–|\s-|-\s|_)\s{0,2}")
_FRONT = re.compile(rf"{_SEPARATOR.pattern}|:\s")
#: h1 texts that name a part of the page
_PART_OF_PAGE = re.compile(
    r"menu|sections?|navigat\w+|search|suche|kategorien|categories|home|startseite|original text|"
    r"beitragsnavigation|"
    r"post navigation|about|subscribe|neueste kommentare|kommentare?|comments?|related.*|newsletter|terkini|"
    r"terpopuler|berita(?: terkini)?|breaking news|live|news|404|share|tags?|login|log in|masuk",
    re.I,
)
_SUPPORT = 0.3  #: an h1 that shares less than this with what the page declares is another heading
MAX_LENGTH = 500
_WIDE_TAIL = re.compile(r"[-–—]([\u3040-\u9fff\uac00-\ud7af]{2,14})$")
_NAMED_TITLE = re.compile(r"(?:^|[-_ ])(?:titles?|titulo|titre|judul|headline|heading)(?:$|[-_ ])", re.I)
_MOST_LOUD = 400  #: elements that are looked at for a headline that only its letters mark
_MOST_PLAIN = 3_000  #: … and for one that nothing marks
_SHORT_TITLE = 12  #: characters; a shorter title may be a section's
_LARGE = re.compile(r"\s?(?:[4-7]|\+[1-4])\s?")  #: sizes of `font`; 3 is the usual one
_LARGE_STYLE = re.compile(
    r"font-size\s?:\s?(?:(?:2\d|[3-9]\d)(?:\.\d+)?p[xt]|(?:1\.[5-9]|[2-6])\d*r?em)", re.I
)
_RUNNING = 300  #: characters that are no link
_TOLD_BY = 600  #: characters that are no link, around a headline that its text has to speak for
_TOLD = 0.6  #: share of a headline's longer words that its text or address repeats at least …
_TOLD_LESS = 0.25  #: … and how much less of a slogan's


@dataclass(frozen=True, slots=True)
class Headline:
    """The headline and the heading in the page that shows it."""

    text: str
    node: LexborNode | None


def read_headline(page: Page) -> tuple[Headline, Finding[str]]:
    """The headline of the page with its evidence; an empty text where there is none."""
    shown = list(_shown_headings(page))
    declared = [(text[:MAX_TITLE], origin) for text, origin in _declared(page)]
    telling = [text for text, _ in declared if not page.house.is_named(text)]
    heading = _best_heading(shown, telling)
    anchors = [heading[0]] if heading else [text for text, _ in shown]
    anchors += [text for text, origin in declared if origin == "ld+json headline"]
    stated = [(strip_house(text, page, anchors), origin) for text, origin in declared]
    if heading is None and stated:
        heading = _lesser_heading(page, stated[0][0])
    loud = heading is None
    if heading is None:
        heading = _loud_part(page, [text for text, _ in declared])
    if heading is None:
        heading = _plain_line(page, [text for text, _ in stated])
    if heading is None and all(page.house.is_part(text) for text, _ in stated):
        heading = _loud_line(page)
    if heading is None and (heading := _told_heading(page, [text for text, _ in stated])):
        stated = []
    text, origin = _choose(heading, stated)
    if loud and heading is not None:
        origin = "line in large letters"
    evidence = [
        Evidence(field="title", value=each, origin="h1", note=_weight_of(each, declared)) for each, _ in shown
    ]
    evidence += [Evidence(field="title", value=each, origin=where) for each, where in declared]
    title = _once(strip_house(text, page, anchors))[:MAX_LENGTH]
    return Headline(title, heading[1] if heading else None), settled(title, origin, evidence, same=overlap)


def _weight_of(heading: str, declared: list[tuple[str, str]]) -> str:
    """What speaks for a heading: how much of each statement of a title it has in common."""
    supports = [(_support(heading, text), origin) for text, origin in declared]
    told = ", ".join(f"{origin} {value:+.2f}" for value, origin in supports if value >= _SUPPORT)
    return f"{_score([value for value, _ in supports]):.2f}: {told}" if told else ""


def _score(supports: list[float]) -> float:
    """A good statement counts; of two headings with one each, the one that more statements speak for."""
    return max(supports) + 0.3 * sum(supports) / len(supports)


def _once(title: str) -> str:
    """A headline that stands twice in its element (for two widths of the window), once."""
    parts = title.split()
    half = len(parts) // 2
    return " ".join(parts[:half]) if half >= 3 and parts[:half] == parts[half:] else title


def _shown_headings(page: Page) -> Iterator[tuple[str, LexborNode]]:
    for heading in page.headings:
        named = _PART_OF_PAGE.fullmatch(heading.text) or page.house.is_named(heading.text)
        if not named and not _leads_home(heading.node, page):
            yield heading.text, heading.node


def _leads_home(node: LexborNode, page: Page) -> bool:
    """Whether a heading is one link to the site's home page: the name of the house, as blogs set it."""
    link = node.css_first("a[href]")
    if link is None or text_in(link) != text_in(node):
        return False
    target = absolute(page.url, link.attributes.get("href"))
    if target is None or not same_site(target, page.url):
        return False
    parts = urlsplit(target)
    return parts.path in ("", "/") and not parts.query and urlsplit(page.url).path not in ("", "/")


def _declared(page: Page) -> Iterator[tuple[str, str]]:
    """Everything in the page that states a title, the most careful statement first."""
    if text := text_of(page.linked.article.get("headline")):
        yield text, "ld+json headline"
    for name in ("og:title", "twitter:title", "dc.title", "title"):
        if text := page.meta(name):
            yield text, f"meta {name}"
    marked = page.tree.css_first("[itemprop=headline]")
    if marked is not None:
        text = fold(marked.attributes.get("content") or "") or text_in(marked)
        # an h1 does not speak for itself
        if text and all(text != heading.text for heading in page.headings):
            yield text, "itemprop headline"
    title = page.tree.css_first("head > title") or page.tree.css_first("title")
    if title is not None and (text := text_in(title)):
        yield text, "title"


def _best_heading(shown: list[tuple[str, LexborNode]], declared: list[str]) -> tuple[str, LexborNode] | None:
    if not shown:
        return None
    if not declared:
        return shown[0]
    supports = [[_support(text, other) for other in declared] for text, _ in shown]
    scored = [(_score(each), -number) for number, each in enumerate(supports)]
    number = -max(scored)[1]
    return shown[number] if max(supports[number]) >= _SUPPORT else None


def _support(heading: str, declared: str) -> float:
    value = overlap(heading, declared)
    if value == 0.9:
        # a heading that holds the declared title holds more besides (a kicker): a little less sure; and what
        # a title ends with may be the name of the site
        return (
            0.85
            if len(heading) > len(declared)
            else 0.9
            if words(declared).startswith(words(heading))
            else 0.8
        )
    a, b = set(words(heading).split()), set(words(declared).split())
    if min(len(a), len(b)) >= 4:  # a headline for readers and one for search engines
        value = max(value, 0.8 * len(a & b) / min(len(a), len(b)))
    return value


def _lesser_heading(page: Page, title: str) -> tuple[str, LexborNode] | None:
    """The h2 or h3 that shows the declared title or a part of it, on pages whose h1 is the logo."""
    wanted = words(title)
    for node in page.tree.css("h2, h3")[:30]:
        text = text_in(node)
        if wanted and (words(text) == wanted or _part_equal_to(title, text)):
            return text, node
    return None


def _told_heading(page: Page, stated: list[str]) -> tuple[str, LexborNode] | None:
    """The heading above running text that tells what is declared to be something else: the house's slogan.

    A headline has its words in common with the text and the address; a slogan has not.
    """
    address = words(unquote(urlsplit(page.url).path))
    for node in page.tree.css("h1, h2, h3")[:30]:
        text = text_in(node)[:MAX_TITLE]
        if not 15 <= len(text) <= 200 or page.house.is_part(text) or page.is_beside(node):
            continue
        box = _box_of_text(node, text, _TOLD_BY)
        if box is None:
            continue
        if len(text.split()) < 3:
            return None
        told = f"{words(text_in(box).replace(text, ' ', 1))} {address}"
        running = (text_in(part) for part in page.tree.css("p")[:_MOST_LOUD])
        elsewhere = words(" ".join(part for part in running if len(part) > 80))
        own = _share_told(text, told)
        if own >= _TOLD and all(
            page.house.is_named(other) or _share_told(other, f"{told} {elsewhere}") < own - _TOLD_LESS
            for other in stated
        ):
            return text, node
        return None  # only the first heading above text
    return None


def _share_told(title: str, told: str) -> float:
    """The share of a title's longer words that stand in another text."""
    longer = [word for word in words(title).split() if len(word) > 3]
    return sum(word in told for word in longer) / len(longer) if longer else 0.0


def _loud_line(page: Page) -> tuple[str, LexborNode] | None:
    """The first large or bold line beside running text, on pages that declare nothing but their house."""
    for node in page.tree.css("font[size], big, b, strong, p, td, div, span")[:_MOST_LOUD]:
        if not _is_loud(node):
            continue
        text = fold(text_in(node))
        if not 20 <= len(text) <= 200 or len(text.split()) < 3 or node.css_first("a") is not None:
            continue
        if page.house.is_part(text) or page.is_beside(node) or _box_of_text(node, text) is None:
            continue
        return text, node
    return None


def _loud_part(page: Page, titles: list[str]) -> tuple[str, LexborNode] | None:
    """The large or bold line that a declared title holds beside the name of the site; where no heading is."""
    for node in page.tree.css("font[size], big, b, strong, p, td, div, span")[:_MOST_LOUD] if titles else ():
        if not _is_loud(node) or len(text := fold(text_in(node))) > 200 or len(text.split()) < 3:
            continue
        parts = (title for title in titles if words(title) == words(text) or _part_equal_to(title, text))
        if next(parts, "") and not page.house.is_named(text):
            return text, node
    return None


def _plain_line(page: Page, titles: list[str]) -> tuple[str, LexborNode] | None:
    """The line that says what a title states, in an element that nothing marks; the last one above the text.

    Breadcrumbs say it before, and other titles are in links.
    """
    parts = (part.strip() for title in titles for part in (title, *_SEPARATOR.split(title)))
    wanted = {
        words(part): len(part) for part in parts if len(part) > _SHORT_TITLE and not page.house.is_part(part)
    }
    longest, found = max(wanted.values(), default=0), None
    for node in page.tree.css("div, p, span, td, strong, b, font")[:_MOST_PLAIN] if wanted else ():
        part = page.outline.of(node)
        if part is None or not 0 < part.chars <= 3 * longest + _SHORT_TITLE:
            if found is not None and node.tag == "p" and part is not None and part.chars > _RUNNING:
                break
            continue
        if words(text := text_in(node)) in wanted and not part.titles and not page.is_beside(node):
            found = text, node
    return found


def _is_loud(node: LexborNode) -> bool:
    if node.tag == "font":
        return _LARGE.fullmatch(node.attributes.get("size") or "") is not None
    if _LARGE_STYLE.search(node.attributes.get("style") or ""):
        return True
    return node.tag in ("big", "b", "strong") or _NAMED_TITLE.search(class_of(node)) is not None


def _box_of_text(node: LexborNode, text: str, running: int = _RUNNING) -> LexborNode | None:
    """The smallest box around a line with running text in it; None if there is none or a link around."""
    box = node.parent
    for _ in range(4):
        if box is None or box.tag in ("a", "body"):
            return None
        linked = sum(len(text_in(link)) for link in box.css("a")[:_MOST_LOUD])
        if len(text_in(box)) - linked - len(text) >= running:
            return box
        box = box.parent
    return None


def _choose(heading: tuple[str, LexborNode] | None, stated: list[tuple[str, str]]) -> tuple[str, str]:
    if heading is None:
        return stated[0] if stated else ("", "none")
    shown = heading[0]
    for text, origin in stated:
        if _is_kicker_and(shown, text) or _is_tail_after(shown, text):
            return text, origin
    return shown, "h1"


def _is_kicker_and(shown: str, stated: str) -> bool:
    """`Tunesien Große Aufgaben …`: the kicker stands inside the h1."""
    long, short = words(shown), words(stated)
    return ":" not in shown and long.endswith(" " + short) and len(short) > 0.5 * len(long)


def _is_tail_after(shown: str, stated: str) -> bool:
    """`Headline | Section`: the h1 holds what follows a separator."""
    return words(shown).startswith(words(stated) + " ") and bool(
        _SEPARATOR.match(shown[len(stated) :]) and len(stated) > 0.5 * len(shown)
    )


# ── the name of the site behind a headline ────────────────────────────────────────────────────────────


def strip_house(title: str, page: Page, anchors: Iterable[str] = ()) -> str:
    """`title` without the names of site and section before or behind it.

    `anchors` are headings of the page: where one of them is a part of the title, that part is the headline.
    """
    for anchor in anchors:
        if part := _part_equal_to(title, anchor):
            return part
    cut = _without_wide_tail(_without_tail(title, page), page)
    if cut != title:
        cut = _without_section(cut, page)
    return _without_front(cut, page)


def _without_front(title: str, page: Page) -> str:
    """What stands before the headline: `Kabar Kini: Headline`."""
    first = _FRONT.search(title)
    if first and page.house.is_named(title[: first.start()]) and len(title) - first.end() > 15:
        return title[first.end() :].strip()
    return title


def _part_equal_to(title: str, anchor: str) -> str:
    whole, wanted = words(title), words(anchor)
    if len(wanted) <= 12 or whole == wanted:
        return ""
    if not whole.startswith(wanted + " ") and not whole.endswith(" " + wanted):
        return ""
    for cut in _SEPARATOR.finditer(title):
        for part in (title[: cut.start()], title[cut.end() :]):
            if words(part) == wanted:
                return part.strip()
    # `…headline-section | site`: the hyphen has no spaces
    for at in range(max(1, len(anchor) - 3), min(len(title), len(anchor) + 4)):
        if title[at : at + 1] in "-–|:" and words(title[:at]) == wanted:
            return title[:at].strip()
    return ""


def _without_tail(title: str, page: Page) -> str:
    while cuts := list(_SEPARATOR.finditer(title)):
        head, tail = title[: cuts[-1].start()].strip(), title[cuts[-1].end() :]
        is_date = len(tail) <= 12 and re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{4}", tail.strip())
        if len(words(head)) < 8 or not (is_date or page.house.is_part(tail)):
            break
        title = head
    return title


def _without_wide_tail(title: str, page: Page) -> str:
    """`標題-新聞網`: scripts without capitals need no spaces around the hyphen before the house."""
    match = _WIDE_TAIL.search(title)
    return title[: match.start()].rstrip(" -–—") if match and page.house.is_named(match[1]) else title


def _without_section(title: str, page: Page) -> str:
    """What stood between headline and site: `Headline - Politik | Site`."""
    while cuts := list(_SEPARATOR.finditer(title)):
        head, tail = title[: cuts[-1].start()].strip(), title[cuts[-1].end() :]
        if len(head) <= 20 or len(tail.split()) > 3 or words(tail) not in page.sections:
            break
        title = head
    tail_of_word = re.search(r"[-–_]([^\s_-]{1,14})$", title)  # `Headline-Section`, without spaces
    if tail_of_word and tail_of_word.start() > 10:
        tail = tail_of_word[1]
        # scripts without capitals have no words with hyphens: what stands so before the site is a section
        unhyphenated = len(tail) <= 6 and not any(
            char.isdigit() or char.upper() != char.lower() for char in tail
        )
        if unhyphenated or words(tail) in page.sections:
            title = title[: tail_of_word.start()].strip()
    return title
