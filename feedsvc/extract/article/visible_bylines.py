"""Who readers see named as the author: bylines, labelled lines, microdata."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from feedsvc import dates
from feedsvc.extract.article.claims import Claim
from feedsvc.extract.article.compare import squeezed, words
from feedsvc.extract.article.lines import Line
from feedsvc.extract.article.page import Page, class_of, text_in
from feedsvc.extract.article.people import (
    CJK_REPORT,
    author_field,
    is_full_name,
    names_in,
    unique,
    without_role,
)
from feedsvc.extract.article.words import (
    AGENCIES,
    AUTHOR_BOX_HEADINGS,
    AUTHOR_LINK,
    BYLINE_NODES,
    IS_PUBLISHED,
    IS_UPDATE,
    LABEL,
    LABEL_ALONE,
    LABEL_EXPLICIT,
    LABEL_INSIDE,
    NO_PERSON,
    NOT_AUTHOR,
    NOT_BYLINE,
    PARTICLES,
    REPORT_OF,
    ROLE,
)
from feedsvc.extract.outline import TITLE, reading_length

UTC = ZoneInfo("UTC")
#: what speaks for an author that readers see named, by how
MARKED, LABELLED, NAMED, DATED, BARE, BOX = 6.5, 6.0, 5.5, 5.5, 4.0, 3.0
_BYLINE_BOX = 300  #: characters of an element that holds the names of one article's reporters at most
_BELOW = range(1, 5)  #: lines from the headline in which an agency stands alone
_BESIDE_DATE = range(-3, 9)  #: … in which a name stands before the date
_BEFORE_DATE = re.compile(r"\s{0,2}[|•·–—-]\s{0,2}(?=.{0,120}\d{2})")
_WITHOUT_CAPITALS = re.compile(r"[\u4e00-\u9fff\uac00-\ud7af]")
_LONGEST_CJK = 5  #: characters of a Chinese or Korean name
_DIGIT = re.compile(r"\d")
_LAST_STOP = re.compile(r"[.!?…]$")
_COUNTED = re.compile(r"[(（]\s?\d[\d.,]{0,12}\s?[kKMw万萬]?\s?[)）]")  #: `views (1,204)`
_CLASS_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_HEAD_LINES, _HEAD_LINE = 16, 110  #: lines of the head of an article, characters of one
_BARE_LINE = 60  #: characters of a line that says what a person is
_SENTENCE = 40  #: characters of a first paragraph at least
_RUNNING_LINE = 90  #: length of a line of running text
#: `Posted on 3 May 2026 by X`, `02.02.2022, 11:30 Uhr von X`, `3 May 2026 • By X`
_DATE_THEN_BY = re.compile(
    r"^(?:(?:posted|published|geschrieben|veröffentlicht|publicado|publié|pubblicato|geplaatst|diposting)\b)?"
    r"[^a-z]{0,3}.{0,50}?\d.{0,25}?[\s|•·,–—-](?:by|von|par|por|oleh|di|av|af|door|de|od|przez)\s+(?P<name>\S.{3,70})$",
    re.I,
)
_AFTER_LABEL = re.compile(r"^(?:written|posted|words|story|text|reported)?\s*by[:\s]+(?=\S)", re.I)
_PARTS = re.compile(r"\s*[|•·–—]\s*|\s+-\s+|\s{3,}")
#: what begins the date behind a name: `X Zuletzt geändert am 6.11.2023`, `X Published 4 months ago`
_LAST_WORDS_OF_DATE = re.compile(
    r"\s(?:(?:zuletzt|last|terakhir)\s)?(?:geändert|updated|modified|published|posted|veröffentlicht|aktualisiert|publicado|"
    r"actualizado|diperbarui|publié|mis à jour|aggiornato|pubblicato|"
    r"le|am|on|pada|el|il|den)\b.*\d|\s\d|,\s*(?:\w+,?\s)?\d",
    re.I,
)
#: signs, and words that run into one another where two elements touch: `Emma MackenzieLifestyle`
_NO_PLAIN_NAME = re.compile(r"[\d:!?%&#©®™]|[^\W\dA-Z_]{4}[A-Z][a-z]{2}")
_ROLE_PART = re.compile(rf"(?:{ROLE})\b", re.I)
_ROLE_LINE = re.compile(rf"^(?:\w+\s){{0,3}}(?:{ROLE})\b", re.I)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "li", "td", "th"})
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
    links = [text_in(link) for link in (node.css("a") if node.tag != "a" else ()) if _is_author_link(link)]
    given = [link for link in links if link] or _inner_names(node, text) or [text]
    names = unique(name for value in given for name in names_in(value, page.house, is_line=True))
    trusted = bool(links) or node.tag == "a" or bool(LABEL.match(text))
    return text, tuple(name for name in names if is_full_name(name) or (trusted and _is_handle(name)))


def _inner_names(node: LexborNode, text: str) -> list[str]:
    """Full names in elements of their own that are all that a line says: `<i>Ann Lee</i> <i>Max Kern</i>`."""
    inner = [said for said in _inner_texts(node) if is_full_name(said)]
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
        elif field := author_field(line.text):
            names, text = names_in(field, page.house), line.text
        elif match := LABEL_INSIDE.search(line.text):
            names, text = names_in(match["name"], page.house, is_line=True), line.text
            names = names if _label_is_meant(match, line.text) or _says_only(names, line.text) else ()
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


def dated_name_claims(page: Page, lines: tuple[Line, ...]) -> Iterator[Claim]:
    """`Hani Fatunnisa | Rabu, 3 Januari 2024 10:15 WIB`: a name and the date, right by the headline."""
    for line in lines:
        if line.distance not in _BESIDE_DATE or not 15 < len(line.text) < 120:
            continue
        for cut in reversed(list(_BEFORE_DATE.finditer(line.text))):
            said, date = line.text[: cut.start()].strip(" ,"), line.text[cut.end() :]
            if said.isupper() or _is_no_person(said) or words(said) in page.sections:
                continue  # `VATICAN CITY | 6 June 2013`, `Berita Daerah | …`: a place, a section
            if not dates.is_date(date, page.language):
                continue
            names = names_in(said, page.house)
            if names and all(map(is_full_name, names)):
                yield Claim(names, "line of name and date", line.text, DATED, line.block)
                return


def head_name_claims(page: Page, lines: tuple[Line, ...]) -> Iterator[Claim]:
    """Names in the head of the article, between the headline and the text, that nothing marks.

    `4 June 2026 | 13:10 | X`, `Posted on … by X`, `X` alone beside the date or above what X is.
    """
    head = _head_of(lines)
    for number, line in enumerate(head):
        if (
            len(line.text) > _HEAD_LINE
            or line.block.tag in ("figcaption", "h1")
            or _heads_text(line, head[number + 1 :])
            or NOT_AUTHOR.match(line.text)
        ):
            continue
        names, beside_date = _names_in_head_line(line, page)
        if not names or words(", ".join(names)) in page.sections or _is_one_of_a_list(line, page):
            continue
        if beside_date:
            yield Claim(names, "line of name and date", line.text, DATED, line.block)
            return
        lessened = _leads_to_others(line) + _holds_particle(names)
        around = [*head[max(0, number - 2) : number], *head[number + 1 : number + 3]]
        if line.distance < 0:  # there stand menus, too
            around = [] if lessened else head[max(0, number - 1) : number + 2]
        if any(_mentions_date(other.text, page) for other in around) or _says_a_role(head, number):
            more = _names_below(head[number + 1 :], page) if lessened == 0 else ()
            names = unique((*names, *more))
            yield Claim(names, "name by the date", line.text, BARE + 0.5 - lessened, line.block)
            return
        if lessened == 0 and _is_alone(line, head[number + 1 :], names, lines):
            yield Claim(names, "name above the text", line.text, BOX, line.block)
            return


def _heads_text(line: Line, below: list[Line]) -> bool:
    """Whether a line is a subheading: right above running text."""
    is_heading = line.block.tag in ("h2", "h3", "h4", "h5", "h6")
    return is_heading and bool(below) and reading_length(below[0].text) > _RUNNING_LINE


def _names_below(below: list[Line], page: Page) -> Iterator[str]:
    """Further names, each in its own line right below the first, with roles between them."""
    for line in below[:8]:
        if line.block.tag in _HEADINGS:
            return
        names, beside_date = _names_in_head_line(line, page)
        if names and not beside_date and words(", ".join(names)) not in page.sections:
            yield from names
        elif not _ROLE_LINE.match(line.text) or len(line.text) >= _BARE_LINE:
            return


def _holds_particle(names: tuple[str, ...]) -> float:
    """What an unmarked name loses that holds a small word: `Leasing von Wagen` looks like a name."""
    return 1.5 if any(word in PARTICLES for name in names for word in name.split()) else 0.0


def _is_alone(line: Line, below: list[Line], names: tuple[str, ...], lines: tuple[Line, ...]) -> bool:
    """Whether nothing but names stands in a line right above the first paragraph of the text."""
    whole = sum(len(squeezed(name)) for name in names) >= 0.9 * len(squeezed(line.text.replace("/", " ")))
    following = below[0] if below else None
    return (
        whole
        and line.block.tag not in _HEADINGS
        and following is not None
        and following.block.tag not in _HEADINGS
        and reading_length(following.text) > _SENTENCE
        and following.text[-1] in '.!?…”"»。'
        and not any(_tells_of(other.text, names) for other in lines if other is not line)
    )


def _tells_of(text: str, names: tuple[str, ...]) -> bool:
    """Whether a line tells of one of these people: then they are in the news, not its reporters."""
    return any(name.split()[-1] in text for name in names)


def _is_one_of_a_list(line: Line, page: Page) -> bool:
    """Whether a line is one of several items: contents, topics, key points."""
    part = page.outline.of(line.block)
    if part is None or part.tag != "li" or part.parent is None:
        return False
    return sum(each.tag == "li" for each in part.parent.children) > 3


def _leads_to_others(line: Line) -> float:
    """What a line loses that links to something that is not called an author's: a section, a place."""
    links = line.block.css("a[href]")[:6]
    return 1.5 if links and not any(map(_is_author_link, links)) else 0.0


def _is_author_link(link: LexborNode) -> bool:
    """Whether a link is called one to an author, by `rel` or the path of its address."""
    given = link.attributes
    path = (given.get("href") or "").partition("?")[0]
    return AUTHOR_LINK.search(f"{path} {given.get('rel') or ''}") is not None


def _head_of(lines: tuple[Line, ...]) -> list[Line]:
    """The lines from a little above the headline to the second paragraph of running text."""
    head, running = [], 0
    for line in lines:
        if line.distance < -2 or line.distance > _HEAD_LINES:
            continue
        if line.distance > 0 and reading_length(line.text) > _RUNNING_LINE:
            running += 1
            if running > 2:
                break
        head.append(line)
    return head


def _names_in_head_line(line: Line, page: Page) -> tuple[tuple[str, ...], bool]:
    """(the full names that a line consists of but for a date, whether a date stands with them)."""
    text = _AFTER_LABEL.sub("", line.text)
    dated = False
    if match := _DATE_THEN_BY.match(text):
        text, dated = match["name"], True
    parts = [part.strip() for part in _PARTS.split(text) if part.strip()]
    rest = [part for part in parts if not _has_date(part, page)]
    dated = dated or len(rest) < len(parts)
    if not dated and len(rest) == 1 and (cut := _LAST_WORDS_OF_DATE.search(rest[0])):
        dated = _has_date(rest[0][cut.start() :], page)
        rest = [rest[0][: cut.start()]] if dated else rest
    rest = [part for part in rest if not _ROLE_PART.match(part)]
    if not 0 < len(rest) <= 3 or any(_is_no_person(part) or words(part) in page.sections for part in rest):
        return (), False
    found = [_whole_names(part, line, page) for part in rest]
    if not all(found):
        agency = [names for names in found if names and words(names[0]) in AGENCIES]
        found = found[:1] if dated and found[0] and len(found) > 1 else agency
    return unique(name for names in found for name in names), dated


def _whole_names(part: str, line: Line, page: Page) -> tuple[str, ...]:
    """The names that a part of a line consists of, or none if it says more than names and roles."""
    part = without_role(part)
    if inner := _inner_names(line.block, part):
        return tuple(inner)
    names = names_in(part.replace("/", ", "), page.house, is_line=True)
    label = LABEL.match(part)
    said = len(squeezed(part)) - len(squeezed(label[0] if label is not None else ""))
    whole = sum(len(squeezed(name)) for name in names) >= 0.6 * said
    if names and whole and all(map(_is_plain_name, names)) and any(map(is_full_name, names)):
        return names
    named = unique(
        name for text in _inner_texts(line.block) if text in part for name in names_in(text, page.house)
    )
    joined = sum(len(squeezed(name)) for name in named)
    return named if named and joined == len(squeezed(part)) and all(map(_is_plain_name, named)) else ()


def _inner_texts(node: LexborNode) -> list[str]:
    """The texts of the innermost inline elements of a line."""
    return [text_in(each) for each in node.css("a, span, b, strong")[:24] if next(each.iter(), None) is None]


def _is_plain_name(name: str) -> bool:
    """Whether a name can be told from a heading by how it is written: two to four words with capitals."""
    if words(name) in AGENCIES:
        return True
    if _WITHOUT_CAPITALS.match(name) and len(name.replace(" ", "")) > _LONGEST_CJK:
        return False
    return is_full_name(name) and 2 <= len(name.split()) <= 4 and not _NO_PLAIN_NAME.search(name)


def _says_a_role(head: list[Line], number: int) -> bool:
    """Whether the next line is what the person is: `Journalist`, `Political editor`."""
    following = head[number + 1].text if number + 1 < len(head) else ""
    return 0 < len(following) < 60 and _ROLE_LINE.match(following) is not None


def _mentions_date(text: str, page: Page) -> bool:
    """Whether a short line tells when: a date with words around it, or a clock with a label."""
    if len(text) > _HEAD_LINE or not any(map(str.isdigit, text)):
        return False
    if re.search(r"\d[:.h]\d\d", text) and (IS_PUBLISHED.search(text) or IS_UPDATE.search(text)):
        return True
    return not isinstance(
        dates.read(text, language=page.language, zone=page.zone or UTC, now=page.now), dates.Doubt
    )


def _is_no_person(text: str) -> bool:
    """Whether a text beside a date holds a word of sections and places, or a figure."""
    return NO_PERSON.search(text) is not None or _DIGIT.search(text) is not None


def _has_date(text: str, page: Page) -> bool:
    return any(map(str.isdigit, text)) and len(text) < 80 and dates.is_date(text, page.language)


def bare_name_claims(page: Page, lines: tuple[Line, ...]) -> Iterator[Claim]:
    """A line with nothing but names below the headline, where the description begins with it too."""
    description = words(page.meta("og:description", "description"))[:400]
    for line, following in pairwise(lines):
        if (
            not 0 < line.distance <= 12
            or line.block.tag != "p"
            or not re.fullmatch(r"[^.!?:…”\"\d]{5,60}", line.text)
        ):
            continue
        names = names_in(line.text.replace("/", ", "), page.house)
        said = words(line.text), words(f"{line.text} {following.text[:12]}")
        people = bool(names) and all(" " in name and is_full_name(name) for name in names)
        if people and (said[0] == description or said[1] in description):
            yield Claim(names, "line of names", line.text, BARE, line.block)
            return


def agency_line_claims(lines: tuple[Line, ...]) -> Iterator[Claim]:
    """The name of an agency, alone in a line right below the headline."""
    for line in lines:
        if line.distance in _BELOW and words(line.text) in AGENCIES and line.text[:1].isupper():
            yield Claim((line.text,), "agency line", line.text, BARE, line.block)
            return


def author_boxes(page: Page) -> Iterator[Claim]:
    """The heading of a box about the author, where nothing else names anybody and all boxes name the same."""
    for selector in AUTHOR_BOX_HEADINGS:
        said = {text for node in page.tree.css(selector)[:6] if (text := text_in(node))}
        if len(said) == 1 and len(text := said.pop()) < 60:
            names = names_in(text, page.house, is_line=True)
            if len(names) == 1 and is_full_name(names[0]):
                yield Claim(names, "author box", text, BOX)
                return


def _label_is_meant(match: re.Match[str], text: str) -> bool:
    """`By` without a colon has to begin the line and to be written as the beginning of one."""
    return (
        ":" in match["label"] or "：" in match["label"] or (match.start("label") == 0 and text[0].isupper())
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
