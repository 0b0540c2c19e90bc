"""What part of a page an element is: menu, side column, footer, related box, comments, form …

Three voices, the surest first: landmark elements and roles (`by_landmark`), the structure of the page
(`Outline`: repeated cards, boxes of links), and names of classes and ids (`by_names`), which support them.
"""

from __future__ import annotations

import re
import tomllib
from enum import Flag, auto
from functools import lru_cache
from importlib.resources import files

from feedsvc.extract.outline import Part


class Place(Flag):
    """Parts of a page."""

    NONE = 0
    MENU = auto()
    HEADER = auto()
    FOOTER = auto()
    SIDE = auto()
    MAIN = auto()
    SLIDER = auto()
    RELATED = auto()  #: most read, recommended, latest: what leads to other articles
    PROMO = auto()  #: newsletter, subscription, consent, advertisement
    SHARE = auto()
    TAGS = auto()
    AUTHOR = auto()  #: about the author
    COMMENTS = auto()
    FORM = auto()  #: also dialogs and what asks to log in
    FIGURE = auto()
    CAPTION = auto()
    EMBED = auto()  #: a post of a social network
    HIDDEN = auto()


_TAGS = {
    "nav": Place.MENU,
    "header": Place.HEADER,
    "footer": Place.FOOTER,
    "aside": Place.SIDE,
    "main": Place.MAIN,
    "form": Place.FORM,
    "dialog": Place.FORM,
    "figure": Place.FIGURE,
    "figcaption": Place.CAPTION,
}
_ROLES = {
    "navigation": Place.MENU,
    "menu": Place.MENU,
    "contentinfo": Place.FOOTER,
    "complementary": Place.SIDE,
    "main": Place.MAIN,
    "banner": Place.HEADER,
    "search": Place.FORM,
    "dialog": Place.FORM,
    "alertdialog": Place.FORM,
}
MAX_NAMES = 500  #: characters of class and id that are looked at
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")
_LONGEST = 3  #: words of an entry
_EVERY = ~Place.NONE
_OWN_ENDS = Place.FOOTER | Place.HEADER


def by_landmark(tag: str, role: str | None = None) -> Place:
    """What the element itself says, as an element of HTML or by its ARIA role."""
    return _TAGS.get(tag, Place.NONE) | (_ROLES.get(role, Place.NONE) if role else Place.NONE)


@lru_cache(maxsize=16384)
def by_names(names: str) -> Place:
    """What class names and ids say (`names`: both, parted by white space), each name in whole words.

    A name says a place if its words begin or end with an entry of the table, leaving aside what only names a
    wrapper: `c-related-posts__list` is related; `relative`, `has-sidebar`, `date-comments-wrapper` and
    `pagination-disable` are no places.
    """
    found = Place.NONE
    for name in names[:MAX_NAMES].split():
        # `md:sidebar`: the variant of an utility class; `[&>a]:x`: nothing that names anything
        if not name.startswith("["):
            found |= _by_name(name.rsplit(":", 1)[-1])
    return found


@lru_cache(maxsize=16384)
def _by_name(name: str) -> Place:
    table = _table()
    words = [word.lower() for word in _WORD.findall(name) if not word.isdigit()]
    found = Place.NONE
    for first in range(len(words)):
        for last in range(first + 1, min(first + _LONGEST, len(words)) + 1):
            if place := table.places.get("".join(words[first:last])):
                found |= place & ~table.denied(words[:first], words[last:])
    return found


#: what only a name says needs structure to agree: such places hold titles of other articles, or many links
_LINKING = Place.MENU | Place.FOOTER | Place.SIDE | Place.SLIDER | Place.RELATED
_LINKED = 0.25  #: share of the text of such a place that links
_MANY_LINKS = 80  #: characters of links that make a menu; a byline and a section stay below
_TEXT_BEFORE = 300  #: characters of text that do not link; readers comment below a text, never above it
_LANDMARKS = Place.MENU | Place.FOOTER | Place.SIDE


def is_beside(part: Part) -> bool:
    """Whether an element that does not hold the headline is a place for other things than the article."""
    if part.is_card or part.is_box_of_links:
        return True
    said = by_landmark(part.tag, part.role)
    if said & _LANDMARKS:
        return not (said & Place.FOOTER and _is_own_foot(part))
    named = by_names(part.names) if part.names else Place.NONE
    if named & Place.COMMENTS and part.told >= _TEXT_BEFORE:
        return True
    leads_away = part.titles > 0 or part.linked >= _MANY_LINKS
    return bool(named & _LINKING) and leads_away and part.linked >= _LINKED * part.chars


_RUNNING = 200  #: characters of a text …
_FEW_LINKS = 0.1  #: … and the share of it that links at most
_POSTS = re.compile(r"twitter-|instagram-|tiktok-|bluesky|mastodon|facebook|fb-post|telegram", re.I)
#: what the reader of a text asks of an element; a menu, side column or footer only where the element says so
_IN_TEXT = (
    Place.RELATED
    | Place.PROMO
    | Place.SHARE
    | Place.TAGS
    | Place.AUTHOR
    | Place.COMMENTS
    | Place.CAPTION
    | Place.FORM
)


@lru_cache(maxsize=16384)
def _said(tag: str, role: str, names: str) -> Place:
    found = by_landmark(tag, role)
    if names:
        found |= by_names(names) & _IN_TEXT
        if tag == "blockquote" and _POSTS.search(names):
            found |= Place.EMBED
    return found & ~(Place.MAIN | Place.HEADER)


def place_of(part: Part, most: float = float("inf")) -> Place:
    """What an element among those of a text says that it is; whether it is so depends on what it holds.

    `most`: characters that do not link; what holds more of them is the text, whatever it is called.
    """
    names = part.names if part.unlinked <= most else ""
    said = _said(part.tag, part.role, names) | (Place.HIDDEN if part.is_hidden else Place.NONE)
    few_links = part.chars > _RUNNING and not part.titles and part.linked < _FEW_LINKS * part.chars
    if said & Place.RELATED and (few_links or (part.chars and not part.linked)):
        said &= ~Place.RELATED  # a text without links is related to nothing, whatever it is called
    if said & Place.COMMENTS and part.told < _TEXT_BEFORE:
        said &= ~Place.COMMENTS
    return said


def _is_own_foot(part: Part) -> bool:
    """Whether a footer is the article's own, where bylines stand (HTML 4.3.8: of its nearest section)."""
    words = [word.lower() for word in _WORD.findall(part.names)]
    return bool(words and words[0] in _table().own) or any(each.tag == "article" for each in part.around())


class _Table:
    """The words of places.toml."""

    def __init__(self) -> None:
        given = tomllib.loads(files("feedsvc.extract").joinpath("places.toml").read_text("utf-8"))
        self.places: dict[str, Place] = {}
        for place in Place:
            for entry in _entries(given.get((place.name or "").lower(), "")):
                joined = entry.replace(" ", "")
                self.places[joined] = self.places.get(joined, Place.NONE) | place
        self._heads, self._tails, self._unless_before, self._unless_after, self.own = (
            frozenset(_entries(given[key]))
            for key in ("heads", "tails", "unless_before", "unless_after", "own")
        )

    def denied(self, before: list[str], after: list[str]) -> Place:
        """The places that a name does not say with these words before and after an entry."""
        if not self._unless_before.isdisjoint(before) or not self._unless_after.isdisjoint(after):
            return _EVERY
        if not self._heads.issuperset(before) and not self._tails.issuperset(after):
            return _EVERY  # in the middle of a longer name it is only mentioned
        return _OWN_ENDS if before and before[-1] in self.own else Place.NONE


def _entries(text: str) -> list[str]:
    return [entry for part in text.split(";") if (entry := " ".join(part.split()))]


@lru_cache(maxsize=1)
def _table() -> _Table:
    return _Table()
