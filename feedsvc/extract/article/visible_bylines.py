"""Who readers see marked as the author: bylines, labelled lines, microdata."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC

from selectolax.lexbor import LexborNode

from feedsvc import dates
from feedsvc.extract.article.claims import Claim
from feedsvc.extract.article.compare import squeezed, words
from feedsvc.extract.article.lines import Line
from feedsvc.extract.article.page import Page, class_of, text_in
from feedsvc.extract.article.people import (
    CJK_LABELLED,
    CJK_REPORT,
    KOREAN_REPORTER,
    author_field,
    is_full_name,
    names_in,
    unique,
)
from feedsvc.extract.article.words import (
    AGENCIES,
    AUTHOR_BOX_HEADINGS,
    AUTHOR_LINK,
    BYLINE_NODES,
    EDITOR_AFTER,
    LABEL,
    LABEL_ALONE,
    LABEL_EXPLICIT,
    LABEL_INSIDE,
    NOT_AUTHOR,
    NOT_BYLINE,
    REPORT_OF,
)
from feedsvc.extract.outline import TITLE

#: what speaks for an author that readers see named, by how
MARKED, LABELLED, NAMED, DATED, BARE, BOX = 6.5, 6.0, 5.5, 5.5, 4.0, 3.0
_BYLINE_BOX = 300  #: characters of an element that holds the names of one article's reporters at most
_BYLINE_LINE = (
    60  #: characters of a line of an East Asian byline; a longer one is a caption with its photographer
)
_LAST_STOP = re.compile(r"[.!?…]$")
_COUNTED = re.compile(r"[(（]\s?\d[\d.,]{0,12}\s?[kKMw万萬]?\s?[)）]")  #: `views (1,204)`
_CLASS_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_HEAD = range(-6, 31)  #: lines from the headline in which a labelled byline is looked for


@dataclass(frozen=True, slots=True)
class _Byline:
    """An element that names people."""

    node: LexborNode
    text: str
    names: tuple[str, ...]


def byline_claims(page: Page) -> Iterator[Claim]:
    """Elements that are called a byline, in three kinds: marked as author, linked, only named so."""
    kinds: dict[str, list[_Byline]] = {"rel=author": [], "author link": [], "byline": []}
    for node in page.tree.css(BYLINE_NODES)[:60]:
        kind = _byline_kind(node, page)
        if kind is None:
            continue
        text, names = _byline_names(node, page)
        if names:
            kind = kind if kind == "rel=author" or node.tag != "a" else "author link"
            kinds[kind].append(_Byline(node, text, names))
    for kind, found in kinds.items():
        if near := _together(_nearest(found, page)):
            yield Claim(
                unique(name for byline in near for name in byline.names)[:6],
                kind,
                " · ".join(byline.text for byline in near),
                MARKED if kind == "rel=author" else NAMED,
                near[0].node,
            )


def _nearest(found: list[_Byline], page: Page) -> list[_Byline]:
    """Those in the smallest element around the headline that holds any: other articles have bylines too."""
    if len(found) < 2 or not page.trunk:
        return found
    depths = [_steps_to(byline.node, page.trunk) for byline in found]
    known = [place for place in depths if place is not None]
    if not known:
        return found
    around = {mem_id: level for level, mem_id in enumerate(page.around)}
    closest = min(around.get(place, len(around)) for place in known)
    return [
        byline
        for byline, place in zip(found, depths, strict=True)
        if place is not None and around.get(place, len(around)) == closest
    ]


def _steps_to(node: LexborNode | None, trunk: frozenset[int]) -> int | None:
    """The innermost element around both a node and the headline."""
    while node is not None:
        if node.mem_id in trunk:
            return node.mem_id
        node = node.parent
    return None


def _together(found: list[_Byline]) -> list[_Byline]:
    """The first and those that stand in one short line or box with it."""
    if len(found) < 2:
        return found
    box: LexborNode | None = found[0].node
    around = {found[0].node.mem_id}
    while box is not None and box.parent is not None and len(text_in(box.parent)) <= _BYLINE_BOX:
        box = box.parent
        around.add(box.mem_id)
    return [byline for byline in found if _steps_to(byline.node, frozenset(around)) is not None]


def _byline_kind(node: LexborNode, page: Page) -> str | None:
    if node.tag in (
        "body",
        "html",
        "article",
        "main",
        "script",
        "meta",
        "link",
        "style",
        "img",
        "svg",
        "input",
        "form",
    ):
        return None
    if _says_another_thing(node) or page.is_beside(node) or _is_in_card_link(node):
        return None
    given = node.attributes
    if "author" in (given.get("rel") or "").split() or given.get("itemprop") == "author":
        return "rel=author"
    return "byline"


def _is_handle(name: str) -> bool:
    return name[:1].isupper() and len(name.split()) <= 2


def _says_another_thing(node: LexborNode) -> bool:
    """Whether its class says that it only stands beside a byline: `author-avatar`, `byline-share`."""
    said = [word.lower() for word in _CLASS_WORD.findall(class_of(node))]
    return not NOT_BYLINE.isdisjoint(said) or bool(said and said[-1] == "title")


def _is_in_card_link(node: LexborNode) -> bool:
    """Whether a byline stands in a link that holds more than it: a card that leads to another article."""
    said, box = len(text_in(node)), node.parent
    for _ in range(4):
        if box is None or box.tag == "body":
            return False
        if box.tag == "a":
            return len(text_in(box)) >= said + TITLE
        box = box.parent
    return False


def _byline_names(node: LexborNode, page: Page) -> tuple[str, tuple[str, ...]]:
    text = text_in(node)
    if not text or len(text) > 140 or NOT_AUTHOR.match(text) or _COUNTED.search(text):
        return "", ()
    if words(text) in AGENCIES:
        return text, (text,)
    links = [text_in(link) for link in (node.css("a") if node.tag != "a" else ()) if is_author_link(link)]
    given = [link for link in links if link] or inner_names(node, text) or [text]
    names = unique(name for value in given for name in names_in(value, page.house, is_line=True))
    trusted = bool(links) or node.tag == "a" or bool(LABEL.match(text))
    return text, tuple(name for name in names if is_full_name(name) or (trusted and _is_handle(name)))


def inner_names(node: LexborNode, text: str) -> list[str]:
    """Full names in elements of their own that are all that a line says: `<i>Ann Lee</i> <i>Max Kern</i>`."""
    inner = [said for said in inner_texts(node) if is_full_name(said)]
    return inner if len(inner) > 1 and squeezed("".join(inner)) == squeezed(text) else []


def person_items(page: Page) -> Iterator[Claim]:
    """Microdata: a person's name in a short line."""
    found = []
    for node in page.tree.css("[itemtype*='schema.org/Person'] [itemprop=name]")[:4]:
        above = node.parent.parent if node.parent is not None else None
        if above is not None and len(text_in(above)) < 60 and not page.is_beside(node):
            found.append(node.attributes.get("content") or text_in(node))
    if found:
        yield Claim(
            unique(name for text in found for name in names_in(text, page.house)),
            "itemprop",
            ", ".join(found),
            NAMED,
        )


def line_claims(page: Page, lines: tuple[Line, ...]) -> Iterator[Claim]:
    """`LAPORAN: X`, `Penulis: X`, `By X` near the headline; a label and a name on two lines."""
    head = [line for line in lines if line.distance in _HEAD]
    for line, following in zip(head, [*head[1:], None], strict=False):
        if len(line.text) > 160 or _is_in_card_link(line.block):
            continue
        if LABEL_ALONE.match(line.text) and following is not None and len(following.text) < 80:
            names = names_in(following.text, page.house, is_line=True)
            text = f"{line.text} {following.text}"
        elif match := REPORT_OF.match(line.text):
            names, text = names_in(match["name"], page.house), line.text
        elif report := CJK_REPORT.search(line.text):
            names, text = names_in(report[0], page.house), line.text
        elif KOREAN_REPORTER.search(line.text) and len(line.text) <= _BYLINE_LINE:
            names, text = names_in(line.text, page.house), f"기자: {line.text}"
        elif (match := CJK_LABELLED.search(line.text)) and len(line.text) <= _BYLINE_LINE:
            names, text = (match["name"],), f"記者: {line.text}"
        elif field := author_field(line.text):
            names, text = names_in(field, page.house), line.text
        elif match := LABEL_INSIDE.search(EDITOR_AFTER.sub("", line.text)):
            meant, text = _label_is_meant(match, line.text, page.language), line.text
            names = names_in(_before_date(match, page), page.house, is_line=True, sure=meant)
            names = names if meant or _says_only(names, line.text) else ()
        elif LABEL.match(line.text):
            names, text = names_in(line.text, page.house, is_line=True), line.text
            names = names if line.distance > 0 and _says_only(names, text) else ()
        else:
            continue
        full = tuple(name for name in names if is_full_name(name) or words(name) in AGENCIES)
        names = names if ":" in text else full if names[:1] == full[:1] else ()
        if names:
            yield Claim(names, "labelled line", text, LABELLED, line.block)
            return


def _says_only(names: tuple[str, ...], text: str) -> bool:
    """Whether a short line holds hardly more than a label and the names: `von Ann Lee`."""
    said = sum(len(squeezed(name)) for name in names)
    return all(map(is_full_name, names)) and said >= 0.4 * len(squeezed(text)) and not _LAST_STOP.search(text)


def is_author_link(link: LexborNode) -> bool:
    """Whether a link is called one to an author, by `rel` or the path of its address."""
    given = link.attributes
    path = (given.get("href") or "").partition("?")[0]
    return AUTHOR_LINK.search(f"{path} {given.get('rel') or ''}") is not None


def inner_texts(node: LexborNode) -> list[str]:
    """The texts of the innermost inline elements of a line."""
    return [text_in(each) for each in node.css("a, span, b, strong")[:24] if next(each.iter(), None) is None]


def author_boxes(page: Page) -> Iterator[Claim]:
    """The heading of a box about the author, where nothing else names anybody and all boxes name the same."""
    for selector in AUTHOR_BOX_HEADINGS:
        said = {text for node in page.tree.css(selector)[:6] if (text := text_in(node))}
        if len(said) == 1 and len(text := said.pop()) < 60:
            names = names_in(text, page.house, is_line=True)
            if len(names) == 1 and is_full_name(names[0]):
                yield Claim(names, "author box", text, BOX)
                return


def _before_date(match: re.Match[str], page: Page) -> str:
    """The name behind a label, without the date behind it and its label: `By X Published: 3 May`."""
    start = match.start("name")
    found = dates.find(match.string[start:], language=page.language, zone=page.zone or UTC)
    return match.string[start : start + found.start] if found and found.start > 2 else match["name"]


def _label_is_meant(match: re.Match[str], text: str, language: str) -> bool:
    """`By` without a colon has to begin the line, or what follows its date, and to be written so."""
    label, before = match["label"], text[: match.start("label")].rstrip(" |•·/–—-")
    return (
        ":" in label
        or "：" in label
        or (label[0].isupper() and (not before or dates.is_date(before, language)))
    )


def labelled_nodes(page: Page) -> Iterator[Claim]:
    """An explicit label anywhere: `<dt>Penulis</dt><dd>X</dd>`, `<em>Reporter: X</em>` at the end."""
    for node in page.tree.css("strong, b, em, i, small, h4, h5, dt, th, td, li, span, label, div, p")[:3000]:
        inner = node.child
        if inner is None or inner.tag != "-text":
            continue
        text = " ".join((inner.text_content or "").split())
        if not 4 < len(text) < 120 or not (LABEL_ALONE.match(text) or LABEL_EXPLICIT.match(text)):
            continue
        if page.is_beside(node):
            continue
        whole = text_in(node)
        said = _text_after(node) if whole == text and LABEL_ALONE.match(text) else whole
        if len(said) <= 140 and (names := _explicit_names(said, page)):
            yield Claim(names, "labelled element", said if whole in said else f"{text} {said}", BOX, node)
            return


def _text_after(node: LexborNode) -> str:
    following = node.next
    while following is not None and following.tag == "-text" and not (following.text_content or "").strip():
        following = following.next
    if following is None:
        return ""
    return (
        " ".join((following.text_content or "").split()) if following.tag == "-text" else text_in(following)
    )


def _explicit_names(text: str, page: Page) -> tuple[str, ...]:
    match = LABEL_INSIDE.search(text)
    said = match["name"] if match is not None and LABEL_EXPLICIT.match(text) is None else text
    return tuple(name for name in names_in(said, page.house, is_line=True) if is_full_name(name))
