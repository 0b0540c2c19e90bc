"""Which links of a page lead to articles.

Each link is looked at by itself. Then the links that look alike (one `Signature`) are judged together: by how
many of them read like headlines, and by what their cards show: a date beside each, a heading around each.
Where a page has no other list, a plain column of like links is one.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from statistics import median_low

from feedsvc.extract.listing.addresses import agreement
from feedsvc.extract.listing.amid import Amid
from feedsvc.extract.listing.landmarks import FOOTER, HEADER, MAIN, NAV, NAV_LIKE, SIDE, Landmarks
from feedsvc.extract.listing.links import Link, Signature
from feedsvc.extract.listing.page import Page, count_words, has_letter
from feedsvc.extract.listing.prose import IsDate, Prose

#: The same words above this many addresses name a thing of the page's own ("Read more", an author)
REPEATED = 3
_COUNT = re.compile(r"\W{0,3}\d[\d.,]*\s*[^\W\d]{0,14}\W{0,2}")
_COUNT_WIDTH = 18  #: of "12 comments"; in Chinese a number and a headline look like one
_FEWEST = 3  #: links, below which nothing can be seen of what they have in common
_BESIDE = 0.7  #: share of a group's links that have a date, a heading, another link beside them
_NEED = 0.4  #: share of headlines among links that look alike, from which all are taken for articles' …
_NEED_IN_FOOTER, _NEED_IN_MENU = 0.7, 0.8  #: … where other links stand
_MENU = NAV | NAV_LIKE
_PLAIN = 0.5  #: likeness of the addresses of a plain column of links, at least


@dataclass(eq=False)
class Group:
    """The links of one page that look alike."""

    links: list[Link]
    around: int  #: the landmarks around the first of them

    @cached_property
    def voters(self) -> list[Link]:
        """Those with a text: an image's link says nothing of its fellows."""
        return [link for link in self.links if link.text]

    @cached_property
    def keys(self) -> set[str]:
        """Where they lead."""
        return {link.key for link in self.voters}

    @cached_property
    def strong(self) -> float:
        """The share of headlines among them."""
        return sum(link.strong for link in self.voters) / len(self.voters)

    @cached_property
    def usual(self) -> float:
        """How much like an article's their addresses are in the middle."""
        return median_low(link.likeness for link in self.voters)

    @cached_property
    def headed(self) -> bool:
        """Whether they stand in headings."""
        return sum(link.in_heading for link in self.voters) >= _BESIDE * len(self.voters)

    @property
    def differ(self) -> bool:
        """Whether most of their texts are different ones."""
        return 2 * len({link.text for link in self.voters}) > len(self.voters)

    @property
    def is_register(self) -> bool:
        """The same few links again and again: sections, authors; not a title with its "more"."""
        distinct = len({(link.key, link.text) for link in self.voters}) / len(self.voters)
        short = median_low(link.width for link in self.voters) < 25
        return len(self.voters) >= 4 and distinct < 0.6 and short

    @property
    def need(self) -> float:
        """The share of headlines from which all are taken."""
        if self.around & _MENU:
            return _NEED_IN_MENU
        return _NEED_IN_FOOTER if self.around & FOOTER else _NEED


def judge(page: Page, links: list[Link], landmarks: Landmarks, is_date: IsDate) -> None:
    """Set `reason` of every link that does not lead to an article."""
    _look_at_each(page, links, is_date)
    alike: defaultdict[tuple[Signature, int], list[Link]] = defaultdict(list)
    for link in links:  # in the same kind of place
        alike[link.signature, landmarks.around(link.at) & (_MENU | FOOTER)].append(link)
    groups = [Group(its, landmarks.around(its[0].at)) for its in alike.values()]
    groups = [group for group in groups if group.voters]
    doubtful = [group for group in groups if not _vote(group)]
    amid = Amid(page, [link for link in links if link.accepted], is_date)
    for group in groups:
        if group not in doubtful:
            _take_short(group, amid)
    for group in sorted(doubtful, key=lambda group: (not group.headed, group.links[0].at)):
        if _is_shown(group, amid):
            _take_all(group, in_cards=True)
            amid.accept(group.links)
        else:
            _keep_best(group)
    _take_plain(groups)


# ── each link ─────────────────────────────────────────────────────────────────────────────────────────


def _look_at_each(page: Page, links: list[Link], is_date: IsDate) -> None:
    keys_of_text: defaultdict[str, set[str]] = defaultdict(set)
    for link in links:
        if link.text:
            keys_of_text[link.text.casefold()].add(link.key)
    prose = Prose(page, is_date)
    for link in links:
        link.reason = _first_look(link, keys_of_text, prose, is_date)
        link.strong = not link.reason and _like_headline(link)


def _first_look(link: Link, keys_of_text: dict[str, set[str]], prose: Prose, is_date: IsDate) -> str:
    text = link.text
    if link.paid:
        return "sponsored"
    if not any(map(str.isalnum, text)):
        return "image"  # or an arrow
    if not has_letter(text) or (link.width < _COUNT_WIDTH and _COUNT.fullmatch(text)):
        return "counter"
    if text[0] == "#" or len(keys_of_text[text.casefold()]) >= REPEATED:
        return "label"
    if link.likeness <= (-3 if link.in_heading else -1.5):
        return "address"
    if link.width < 45 and is_date(text):
        return "date"
    if not link.in_heading and prose.holds(link):
        return "prose"
    return ""


def _like_headline(link: Link) -> bool:
    words = count_words(link.text)
    if link.likeness < 0:
        return link.likeness >= -1 and link.width >= 25 and words >= 4
    if link.in_heading and link.width >= 12 and words >= 2:
        return True
    if words >= 3 and link.width >= 16:
        return link.width >= 22 or not link.text.isascii() or (agreement(link.text, link.url) or 0) >= 0.6
    return False


# ── links that look alike ─────────────────────────────────────────────────────────────────────────────


def _vote(group: Group) -> bool:
    """Judge a group by its texts and addresses; False where they do not speak for it."""
    if group.is_register:
        once = _without_repeated(group)
        if once is None:
            _refuse(group.links, "label")
        else:
            _refuse((link for link in group.links if link not in once.links), "label")
            return _vote(once)
    elif group.strong < group.need:
        return False
    else:
        _take_all(group)
    return True


def _without_repeated(group: Group) -> Group | None:
    """The links of a group that stand once, where they are headlines beside an author or a section."""
    often = Counter((link.key, link.text) for link in group.voters)
    once = [link for link in group.voters if often[link.key, link.text] < REPEATED]
    rest = Group(once, group.around)
    return (
        rest if len(once) >= _FEWEST and len(once) < len(group.links) and rest.strong >= group.need else None
    )


def _is_shown(group: Group, amid: Amid) -> bool:
    """Whether the cards of a group's links say that they are articles, however short their titles."""
    if len(group.keys) < _FEWEST or group.around & (_MENU | FOOTER) or group.usual <= -1.5:
        return False
    beside = amid.beside(group.voters)
    if beside.lists >= 0.5:  # lists stand below its links: it names sections
        return False
    if group.headed:
        return beside.dated >= _BESIDE or (beside.linked < 0.5 and group.usual >= -1)
    return beside.dated >= _BESIDE and beside.linked < 0.5


def _take_all(group: Group, *, in_cards: bool = False) -> None:
    """Accept a group. `in_cards`: what their cards show speaks for them, however short their texts."""
    for link in group.links:
        if link.reason == "address" and group.strong >= 0.6 and group.usual >= 0.5 and link.likeness > -2:
            link.reason = ""  # an odd address among many good ones
        if link.reason == "label" and _like_headline(link) and group.differ:
            link.reason = ""  # one headline above several addresses
        if link.reason == "date" and (in_cards or link.in_heading):
            link.reason = ""
        if link.reason:
            continue
        if link.width < (2 if in_cards else 4):
            link.reason = "short"
        elif in_cards:
            continue
        elif not link.strong and (group.around & _MENU or (group.usual < 0.5 and not link.in_heading)):
            link.reason = "menu"
        elif link.likeness < 0 and group.usual >= 1.5 and link.width < 25 and not link.outside:
            link.reason = "address"


def _take_short(group: Group, amid: Amid) -> None:
    """Accept the short titles of a group that was taken, where the cards show that all are alike."""
    short = [link for link in group.links if link.reason in ("menu", "short") and link.width > 1]
    if short and _is_shown(group, amid):
        for link in short:
            link.reason = ""


def _keep_best(group: Group) -> None:
    for link in group.links:
        if not link.reason and not (
            link.strong and link.likeness >= 1 and not group.around & (_MENU | FOOTER)
        ):
            link.reason = "menu"


def _take_plain(groups: Iterable[Group]) -> None:
    """Accept the longest plain column of links, where it is far longer than every list of the page."""
    content = [group for group in groups if not group.around & (_MENU | FOOTER | HEADER | SIDE)]
    # what stands in the main part is not judged by what stands beside it
    content = [group for group in content if group.around & MAIN] or content
    plain = [group for group in content if len(group.keys) >= _FEWEST and group.usual >= _PLAIN]
    best = max(plain, key=lambda group: len(group.keys), default=None)
    if best and all(len(best.keys) >= 3 * _accepted(group) for group in content if group is not best):
        for link in best.links:
            if link.reason == "menu":
                link.reason = ""


def _accepted(group: Group) -> int:
    return len({link.key for link in group.voters if link.accepted})


def _refuse(links: Iterable[Link], reason: str) -> None:
    for link in links:
        link.reason = link.reason or reason
