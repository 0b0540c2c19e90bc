"""Names of reporters that nothing marks: beside the date, alone above the text, below its end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from feedsvc import dates
from feedsvc.extract.article.claims import Claim
from feedsvc.extract.article.compare import squeezed, words
from feedsvc.extract.article.lines import Line
from feedsvc.extract.article.page import Page, text_in
from feedsvc.extract.article.people import (
    is_full_name,
    names_in,
    unique,
    without_role,
)
from feedsvc.extract.article.visible_bylines import BARE, BOX, DATED, inner_names, inner_texts, is_author_link
from feedsvc.extract.article.words import (
    AGENCIES,
    IS_PUBLISHED,
    IS_UPDATE,
    LABEL,
    LABEL_ALONE,
    NO_NAME,
    NO_PERSON,
    NOT_AUTHOR,
    PARTICLES,
    ROLE,
)
from feedsvc.extract.outline import reading_length

UTC = ZoneInfo("UTC")
_BELOW = range(1, 5)  #: lines from the headline in which an agency stands alone
_BESIDE_DATE = range(-3, 9)  #: … in which a name stands before the date
_BEFORE_DATE = re.compile(r"\s{0,2}[|•·–—-]\s{0,2}(?=.{0,120}\d{2})")
_WITHOUT_CAPITALS = re.compile(r"[\u4e00-\u9fff\uac00-\ud7af]")
_LONGEST_CJK = 5  #: characters of a Chinese or Korean name
_DIGIT = re.compile(r"\d")
_HEAD_LINES, _HEAD_LINE = 16, 110  #: lines of the head of an article, characters of one
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?![\d.])")
_BUTTON = 3  #: words of a button at most
_BARE_LINE = 60  #: characters of a line that says what a person is
_SENTENCE = 40  #: characters of a first paragraph at least
_RUNNING_LINE = 90  #: length of a line of running text
#: `Posted on 3 May 2026 by X`, `02.02.2022, 11:30 Uhr von X`, `3 May 2026 • By X`
_DATE_THEN_BY = re.compile(
    r"^(?:(?:posted|published|geschrieben|veröffentlicht|publicado|publié|pubblicato|geplaatst|diposting)\b)?"
    r"[^a-z]{0,3}.{0,50}?\d.{0,25}?[\s|•·,–—-](?:by|von|par|por|oleh|di|av|af|door|de|od|przez)\s+(?P<name>(?-i:[^\W\d_a-z])\D{3,70})$",
    re.I,
)
_PARTS = re.compile(r"\s*[|•·–—]\s*|\s+[-/]\s+|\s{3,}")
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
_BRACKETS = re.compile(r"\s{0,2}[(（\[][^()（）\[\]]{0,60}[)）\]]")
_IN_BRACKETS = re.compile(r"[(（]([^()（）]{2,60})[)）]")
_SIGNED_WITHIN = 3  #: elements below the last paragraph in which its signature stands
_SIGNATURE = re.compile(r"[(（–—-]\s?(?P<name>[^()（）–—]{2,60}?)\s?[)）]?")
_PLACE_BEHIND = re.compile(r"(?<=\w)\s?/\s?[^\s/]{2,20}$")  #: `(Ann Lee / Bremen)`
_WHOLE_LINE = 0.9  #: share of a signature that is names
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "li", "td", "th"})


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
            or line.block.css_first("a[href='#']") is not None  # buttons: larger letters, print
        ):
            continue
        names, beside_date = _names_in_head_line(line, page)
        if not names or words(", ".join(names)) in page.sections or _is_one_of_a_list(line, page):
            continue
        if not beside_date and _shares_words(names, line, lines):
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


def _shares_words(names: tuple[str, ...], own: Line, lines: tuple[Line, ...]) -> bool:
    """Whether the story uses words of a name in a script without capitals: then it is a caption, a kicker."""
    written = {word for name in names if name[0].lower() == name[0].upper() for word in name.split()}
    others = " ".join(other.text for other in lines if other is not own)
    return any(len(word) > 2 and word in others for word in written if " " in names[0])


def _is_one_of_a_list(line: Line, page: Page) -> bool:
    """Whether a line is one of several items: contents, topics, key points."""
    part = page.outline.of(line.block)
    if part is None or part.tag != "li" or part.parent is None:
        return False
    return sum(each.tag == "li" for each in part.parent.children) > 3


def _leads_to_others(line: Line) -> float:
    """What a line loses that links to something that is not called an author's: a section, a place."""
    links = line.block.css("a[href]")[:6]
    return 1.5 if links and not any(map(is_author_link, links)) else 0.0


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
    parts: list[str] = []
    dated = False
    for piece in _elements_of(line) or [line.text]:
        text = _without_label(piece)
        if match := _DATE_THEN_BY.match(text):
            text, dated = match["name"], True
        elif cut := _before_date(text, page):
            text, dated = cut, True
        parts += [part.strip() for part in _PARTS.split(text) if part.strip()]
    told = [part for part in parts if _has_date(part, page)]
    dated = dated or any(map(_names_day, told))
    rest = [part for part in parts if part not in told]
    rest = [part for part in rest if not _is_button(part) and not LABEL_ALONE.match(part)] or rest
    if len(rest) == 2 and is_full_name(rest[0]) and rest[1][0].islower() and " " not in rest[1]:
        rest = rest[:1]  # the mark of the house: `Ann Lee - kabarkini`, `Ann Lee - kabarNews`
    rest = [part for part in rest if not _ROLE_PART.match(part)]
    if not 0 < len(rest) <= 3 or any(_is_no_person(part) or words(part) in page.sections for part in rest):
        return (), False
    found = [_whole_names(part, line, page) for part in rest]
    if not all(found):
        agency = [names for names in found if names and words(names[0]) in AGENCIES]
        found = found[:1] if dated and found[0] and len(found) > 1 else agency
    return unique(name for names in found for name in names), dated


def _without_label(text: str) -> str:
    """`Submitted by Ann Lee on 3 May`: what stands behind the label, where it can be a name."""
    rest = LABEL.sub("", text, count=1)
    return rest if " " in rest and rest[:1] == rest[:1].upper() else text


def _before_date(text: str, page: Page) -> str:
    """What stands before the date that ends a text, its weekday left out too; "" if none does."""
    cut = _LAST_WORDS_OF_DATE.search(text)
    if cut is None or not _names_day(text[cut.start() :]) or not _has_date(text[cut.start() :], page):
        return ""
    found = dates.find(text, language=page.language, zone=page.zone or UTC)
    return text[: min(cut.start(), found.start if found is not None else cut.start())]


def _names_day(date: str) -> bool:
    """Whether a date holds a figure besides a clock, which alone may be the length of a video."""
    return any(map(str.isdigit, _CLOCK.sub("", date)))


def _elements_of(line: Line) -> list[str]:
    """The texts of a line's elements where it consists of nothing else: a name, a date, each in its own."""
    box = line.block
    children = _with_text(box)
    while len(children) == 1 and children[0].tag != "-text":
        children = _with_text(children[0])
    if len(children) < 2 or any(each.tag == "-text" for each in children):
        return []
    texts = [text_in(each) for each in children]
    return texts if squeezed("".join(texts)) == squeezed(line.text) else []


def _with_text(node: LexborNode) -> list[LexborNode]:
    """The children of an element that say something."""
    return [each for each in node.iter(include_text=True) if text_in(each)]


def _is_button(part: str) -> bool:
    """Whether a part is what one presses or counts: `Follow`, `4 min read`."""
    return len(part.split()) <= _BUTTON and NO_NAME.search(part) is not None


def _whole_names(part: str, line: Line, page: Page) -> tuple[str, ...]:
    """The names that a part of a line consists of, or none if it says more than names and roles."""
    part = without_role(_BRACKETS.sub("", part).strip())
    if inner := inner_names(line.block, part):
        return tuple(inner)
    names = names_in(part.replace("/", ", "), page.house, is_line=True)
    label = LABEL.match(part)
    said = len(squeezed(part)) - len(squeezed(label[0] if label is not None else ""))
    whole = sum(len(squeezed(name)) for name in names) >= 0.6 * said
    is_name = any(map(is_full_name, names)) or all(words(name) in AGENCIES for name in names)
    if names and whole and is_name and all(map(_is_plain_name, names)):
        return names
    named = unique(
        name for text in inner_texts(line.block) if text in part for name in names_in(text, page.house)
    )
    joined = sum(len(squeezed(name)) for name in named)
    return named if named and joined == len(squeezed(part)) and all(map(_is_plain_name, named)) else ()


def _is_plain_name(name: str) -> bool:
    """Whether a name can be told from a heading by how it is written: two to four words with capitals."""
    if words(name) in AGENCIES:
        return True
    if _WITHOUT_CAPITALS.match(name) and len(name.replace(" ", "")) > _LONGEST_CJK:
        return False
    return is_full_name(name) and 2 <= len(name.split()) <= 4 and not _NO_PLAIN_NAME.search(name)


def _says_a_role(head: list[Line], number: int) -> bool:
    """Whether the next line, or brackets, say what the person is: `Journalist`, `Political editor`."""
    if any(_ROLE_LINE.match(said) for said in _IN_BRACKETS.findall(head[number].text)):
        return True
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


def closing_name_claims(page: Page) -> Iterator[Claim]:
    """A name that signs the text, right below its last paragraph: in bold, at the right, in brackets."""
    running = (
        node
        for node in reversed(page.tree.css("p"))
        if reading_length(text_in(node)) >= _RUNNING_LINE and not page.is_beside(node)
    )
    last, before = next(running, None), next(running, None)
    if last is None or before is None or last.parent is None or before.parent is None:
        return
    if last.parent.mem_id != before.parent.mem_id:
        return
    following, passed = last.next, 0
    while following is not None and passed < _SIGNED_WITHIN:
        text = text_in(following)
        if text and following.tag != "figure":
            passed += 1
            if text[-1] in ":?!,":
                return  # it goes on
            signed = _SIGNATURE.fullmatch(text)
            if signed is not None or _is_set_apart(following, text):
                said = _PLACE_BEHIND.sub("", signed["name"]) if signed is not None else text
                names = names_in(said.replace("/", ", "), page.house)
                if names and all(_is_plain_name(name) or _is_short_name(name) for name in names):
                    whole = sum(len(squeezed(name)) for name in names)
                    if whole >= _WHOLE_LINE * len(squeezed(said)):
                        yield Claim(names, "signature", text, BARE, following)
                        return
        following = following.next


def _is_short_name(name: str) -> bool:
    """Whether it is written like a name of a script that sets no spaces: three to five characters."""
    return _WITHOUT_CAPITALS.match(name) is not None and 2 < len(name) <= _LONGEST_CJK


def _is_set_apart(node: LexborNode, text: str) -> bool:
    """Whether a line stands at the right, or is wholly in bold or slanted letters."""
    given = node.attributes
    if "right" in f"{given.get('style') or ''} {given.get('align') or ''}":
        return True
    inner = node.css_first("strong, b, em, i") if node.tag not in ("strong", "b", "em", "i") else node
    return inner is not None and text_in(inner) == text
