"""A page as flat arrays: elements in document order, and the pieces of visible text between them.

One walk over the parser's tree makes them; all that follows works on integer ranges and never goes back to
the parser. An element's subtree is `elements[i:elements[i].end]`, its text the chunks `start:stop`.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from selectolax.lexbor import LexborNode

from feedsvc.errors import Code, ReadError

MAX_ELEMENTS = 250_000  #: a page of more is no news page
MAX_DEPTH = 300  #: what lies deeper is not looked at; real pages stay below 60

SKIPPED = frozenset(
    "script style noscript template svg math iframe object select option textarea head datalist".split()
)
BLOCKS = frozenset(
    "address article aside blockquote body br center dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section summary table tbody td "
    "tfoot th thead tr ul".split()
)
HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
#: Elements that only style a stretch of a sentence
STYLING = frozenset("b i em strong u sup sub font abbr mark wbr small s q cite code bdi".split())
LINE_BREAK = "\n"
#: What an attribute's name says that carries a date for machines, and what it says of another date than the
#: article's (`data-updated-at`, `data-end-time`, `data-expires`) or of no date (`data-read-time`)
_STAMP_NAME = re.compile(
    r"^datetime$|^d(?:ata)?-(?:.*[-_])?(?:date(?:time)?|time|timestamp|unixtime|ts|utime|utc|unix|epoch|livestamp|"
    r"pub(?:lished|date|lish)?|posted|created)(?:[-_]|$)"
)
_OTHER_STAMP = re.compile(
    r"upd|modif|chang|edit|expir|end|start|until|read|dur|refresh|out|format|now|zone|tz|load"
)
#: Elements whose plain attributes may: `<abbr title="2026-…">`, `<meta content="2026-…">`
_STAMP_ATTRIBUTE = {"abbr": "title", "time": "title", "meta": "content"}
_ISO_START = re.compile(r"\s*(?:19|20)\d\d-\d\d-\d\dT\d\d")

_SPACE = re.compile(r"\s+")
#: Soft hyphens, zero-width spaces, byte order marks; not the joiners, which change letters of some scripts
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_WIDE = re.compile(r"[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60\u3040-\u30ff]")
#: Scripts that write words without spaces between them
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_VOLATILE = frozenset("first last odd even active current selected clone hidden show slick-slide".split())


def fold_space(text: str) -> str:
    """`text` with white space folded to single spaces, none at the ends, and no invisible characters."""
    if not text.isascii():
        text = text.translate(_INVISIBLE)
    return _SPACE.sub(" ", text).strip()


def width(text: str) -> int:
    """How much a reader sees: characters, with those of Chinese, Japanese and Korean counted twice."""
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text))


def count_words(text: str) -> int:
    """Words of `text`; in scripts without spaces, three characters count as one."""
    spaced = len(text.split())
    return spaced if text.isascii() else spaced + len(_UNSPACED.findall(text)) // 3


def has_letter(text: str) -> bool:
    """Whether `text` holds a letter of any script."""
    return any(map(str.isalpha, text))


def folded(text: str) -> str:
    """`text` for comparing: compatibility forms, case and accents folded away."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


@lru_cache(maxsize=4096)
def _names_stamp(name: str) -> bool:
    return bool(_STAMP_NAME.search(name)) and not _OTHER_STAMP.search(name.removeprefix("data-"))


def stamps_of(tag: str, attrs: dict[str, str | None]) -> list[str]:
    """The values of an element's attributes that may carry a date for machines."""
    found = [value for name, value in attrs.items() if value and _names_stamp(name)]
    value = attrs.get(_STAMP_ATTRIBUTE.get(tag, "")) or ""
    if value and _ISO_START.match(value) and "modif" not in (attrs.get("itemprop") or "").lower():
        found.append(value)
    return found


@lru_cache(maxsize=8192)
def stable_classes(value: str) -> frozenset[str]:
    """The class names that do not number, mark or animate an element, so that equal cards have equal ones."""
    return frozenset(
        name
        for name in value.split()
        if name not in _VOLATILE
        and not any(map(str.isdigit, name))
        and not name.startswith(("slick-", "swiper-slide-", "status-", "tag-", "category-", "is-"))
    )


NO_CLASSES: frozenset[str] = frozenset()


@dataclass(slots=True, eq=False)
class Element:
    """One element; its subtree is the range `index:end`, its text the chunks `start:stop`."""

    index: int
    tag: str
    parent: int  #: -1 for the root
    depth: int
    attrs: dict[str, str | None]
    path: int  #: number of its tag path from the root; equal for equal paths
    block: int  #: the nearest element at or above it that starts a line
    link: int  #: the `a` at or above it, or -1
    start: int
    end: int = 0
    stop: int = 0
    children: list[int] = field(default_factory=list)

    @property
    def stable(self) -> frozenset[str]:
        """Its class names that equal elements share."""
        value = self.attrs.get("class")
        return stable_classes(value) if value else NO_CLASSES

    @property
    def marks(self) -> str:
        """Class names, id and the name of a house's own element in one string, for word tests."""
        value, name = self.attrs.get("class"), self.attrs.get("id")
        own = self.tag if "-" in self.tag else ""
        return f"{value or ''} {name or ''} {own}" if value or name or own else ""


def is_paid(link: Element) -> bool:
    """Whether a link says that somebody paid for it (`rel=sponsored`)."""
    return "sponsored" in (link.attrs.get("rel") or "").lower().split()


class Page:
    """The elements and text chunks of one page. `owners[t]` is the element that holds chunk `texts[t]`."""

    def __init__(self, root: LexborNode | None) -> None:
        self.elements: list[Element] = []
        self.texts: list[str] = []
        self.owners: list[int] = []
        self._spaced: set[int] = set()  # chunks that white space stands before
        self.anchors: list[int] = []
        self.headings: list[int] = []
        self.images: list[int] = []
        self.forms: list[int] = []
        self.stamped: list[int] = []  #: elements with a machine-readable date
        self.has_password = False
        if root is not None:
            self._walk(root)

    def _walk(self, root: LexborNode) -> None:
        paths: dict[tuple[int, str], int] = {}
        open_elements = [(self._add(root, -1, paths), root.child)]
        while open_elements:
            element, child = open_elements[-1]
            if child is None:
                open_elements.pop()
                element.end, element.stop = len(self.elements), len(self.texts)
                continue
            open_elements[-1] = (element, child.next)
            tag = child.tag or "-"
            if tag == "-text":
                text = child.text_content or ""
                if text.isspace():
                    self._spaced.add(len(self.texts))
                elif text:
                    self.texts.append(text)
                    self.owners.append(element.index)
            elif tag not in SKIPPED and tag[0] not in "-_!?" and element.depth < MAX_DEPTH:
                added = self._add(child, element.index, paths)
                open_elements.append((added, child.child))

    def _add(self, node: LexborNode, parent: int, paths: dict[tuple[int, str], int]) -> Element:
        index, tag = len(self.elements), node.tag or "-"
        if index >= MAX_ELEMENTS:
            raise ReadError(Code.TOO_LARGE, f"the page has more than {MAX_ELEMENTS:,} elements")
        above = self.elements[parent] if parent >= 0 else None
        place = (above.path if above else 0, tag)
        element = Element(
            index=index,
            tag=tag,
            parent=parent,
            depth=above.depth + 1 if above else 0,
            attrs=node.attributes,
            path=paths.setdefault(place, len(paths) + 1),
            block=index if tag in BLOCKS or above is None else above.block,
            link=index if tag == "a" else above.link if above else -1,
            start=len(self.texts),
        )
        self.elements.append(element)
        if above:
            above.children.append(index)
        if element.attrs and stamps_of(tag, element.attrs):
            self.stamped.append(index)
        if tag == "a":
            self.anchors.append(index)
        elif tag in HEADINGS:
            self.headings.append(index)
        elif tag == "br":  # a line break parts text as a block does, without being one
            self.texts.append(LINE_BREAK)
            self.owners.append(index)
        elif tag == "img":
            self.images.append(index)
        elif tag == "form":
            self.forms.append(index)
        elif tag == "input" and (element.attrs.get("type") or "").lower() == "password":
            self.has_password = True
        return element

    def above(self, index: int, limit: int = MAX_DEPTH) -> Iterator[Element]:
        """The element and those that hold it, innermost first, `limit` at most."""
        while index >= 0 and limit > 0:
            element = self.elements[index]
            yield element
            index, limit = element.parent, limit - 1

    def headings_within(self, first: int, end: int) -> list[int]:
        """The h1–h6 among the elements `first:end`."""
        return self.headings[bisect_left(self.headings, first) : bisect_left(self.headings, end)]

    def images_within(self, first: int, end: int) -> list[int]:
        """The images among the elements `first:end`."""
        return self.images[bisect_left(self.images, first) : bisect_left(self.images, end)]

    def holds_form(self, element: Element) -> bool:
        """Whether an element is or holds a form."""
        place = bisect_left(self.forms, element.index)
        return place < len(self.forms) and self.forms[place] < element.end

    def text(self, index: int) -> str:
        """The visible text of an element, on one line."""
        element = self.elements[index]
        return self.join(element.start, element.stop)

    def join(self, start: int, stop: int) -> str:
        """The chunks `start:stop` on one line, parted where a reader sees them apart."""
        if stop - start == 1:
            return fold_space(self.texts[start])
        pieces: list[str] = []
        for chunk in range(start, stop):
            if pieces and self.parted(chunk):
                pieces.append(" ")
            pieces.append(self.texts[chunk])
        return fold_space("".join(pieces))

    def parted(self, chunk: int) -> bool:
        """Whether a reader sees chunk and the one before it apart: other blocks, or inlines with a seam."""
        one, two = self.owners[chunk - 1], self.owners[chunk]
        if one == two:
            return False
        if chunk in self._spaced:
            return True
        if self.elements[one].block != self.elements[two].block:
            return True
        return self._seam(chunk)

    def _seam(self, chunk: int) -> bool:
        # inline elements that touch without white space, yet are set apart by their styles:
        # <span class=kicker>Sport</span><span class=title>Cup final …</span>
        before, after = self.texts[chunk - 1], self.texts[chunk]
        last, first = before[-1], after[0]
        if not (last.isalnum() and first.isalnum()) or len(before.strip()) < 2:
            return False
        if last.islower() and first.isupper():
            return True
        one, two = self.elements[self.owners[chunk - 1]], self.elements[self.owners[chunk]]
        styled = one.tag in STYLING and two.tag in STYLING
        return not styled and bool(one.attrs.get("class") or two.attrs.get("class")) and not _WIDE.match(last)
