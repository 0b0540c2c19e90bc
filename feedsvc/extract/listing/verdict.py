"""What kind of page was read, and what to do where it is none with a list."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from feedsvc.extract.listing.addresses import is_like_most, likeness
from feedsvc.extract.listing.blocks import Block
from feedsvc.extract.listing.landmarks import (
    DIALOG,
    FOOTER,
    HEADER,
    MAIN,
    NAV,
    NAV_LIKE,
    SIDE,
    SIDE_LIKE,
    Landmarks,
)
from feedsvc.extract.listing.meta import Meta
from feedsvc.extract.listing.page import Page, width
from feedsvc.extract.listing.roles import CONTENT, Roles
from feedsvc.extract.listing.words import BLOCKED, LOGIN, NEEDS_SCRIPT

_APP_ROOT = re.compile(
    r"<div[^>]{1,80}\bid=[\"']?(?:root|app|__next|__nuxt|___gatsby|main-app|react\w*)\b", re.I
)

WEAK = 1.2  #: score below which a list is no page's main one
_FEWEST = 3  #: cards, below which a list must be twice as strong
_ALONE = 0.8  #: share of the content's cards from which a list is the page's, however plain
_SHORT_PAGE = 3_000  #: visible characters of a login page at most …
_BARRIER = 800  #: … of a page that only keeps robots out …
_SHELL = 500  #: … of an app shell without its menu and footer …
_NOTHING = 20  #: … of a page that shows nothing
_SHOWN = 0.7  #: share of cards with a date or heading from which the text between them is theirs …
_GAP = 40  #: … pieces of text at most
_LINE = 80  #: width from which unlinked text in one block is a paragraph
_ARTICLE = 900  #: width of paragraphs outside cards that makes a declared article …
_SHORT_ARTICLE = 400  #: … one that its address or the lack of a list declares too …
_BARE = 40  #: characters besides the title below which cards only name articles
_LONG = 3_000  #: … and an undeclared one
_ARTICLE_ADDRESS = 2.0  #: likeness from which an address is an article's

HINTS = {
    "login": "The page asks to log in. Read a page that is open to everybody.",
    "blocked": "The site put a check for robots in the way. Ask the site, or use its feed or sitemap.",
    "app-shell": "The page is drawn by a program in the browser; its text is not in it."
    " Use the site's feed, sitemap or API.",
    "empty": "The page shows no text.",
    "article": "This is an article, not a list. Its boxes can be read by their headings.",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The kind of the page, and a hint for people."""

    kind: str = "ok"
    hint: str = ""


def judge_page(
    text: str, page: Page, meta: Meta, url: str, landmarks: Landmarks, blocks: Sequence[Block], roles: Roles
) -> Verdict:
    """The verdict on a page whose lists were found. `text`: its HTML."""
    visible = sum(map(len, page.texts))
    score = roles.main.score if roles.main else 0.0
    may_stand_in = score < WEAK or visible < _SHORT_PAGE
    if may_stand_in and (kind := _obstacle(text, page, meta, landmarks, roles)):
        return Verdict(kind, HINTS[kind])
    if is_article(page, meta, url, landmarks, blocks, roles):
        return Verdict("article", HINTS["article"])
    if score < _needed(blocks, roles):
        return Verdict("no-list", _candidates(roles))
    return Verdict()


def _needed(blocks: Sequence[Block], roles: Roles) -> float:
    """The score that the main list must have: less where it is all that the page's content holds."""
    main = roles.main
    if main is None or len(main.items) < _FEWEST:
        return 2 * WEAK
    content = sum(len(block.items) for block in blocks if block.standing >= CONTENT)
    beside = main.around & (NAV | NAV_LIKE | FOOTER | HEADER | SIDE | SIDE_LIKE)
    alone = not beside and len(main.items) >= _ALONE * content
    return 0.0 if alone else WEAK


def _obstacle(text: str, page: Page, meta: Meta, landmarks: Landmarks, roles: Roles) -> str:
    """Why a short page without a strong list has none, or ""."""
    visible = sum(map(len, page.texts))
    score = roles.main.score if roles.main else 0.0
    if visible >= _SHORT_PAGE or score >= 2 * WEAK:
        return ""
    shown = page.join(0, len(page.texts))
    # a contact form has its captcha too: only a page of little else is a barrier
    if BLOCKED.search(meta.title) or (visible < _BARRIER and not page.has_password and BLOCKED.search(shown)):
        return "blocked"
    if page.has_password and LOGIN.search(f"{meta.title} {shown}"):
        return "login"
    framed = zip(page.texts, page.owners, strict=True)
    content = sum(len(t) for t, at in framed if not landmarks.around(at) & (NAV | FOOTER | HEADER))
    drawn = roles.main is not None and roles.main.standing >= CONTENT
    if score < WEAK and content < _SHELL and not drawn and "<script" in text:
        empty = visible < _NOTHING and text.count("<script") >= 3
        if empty or _APP_ROOT.search(text) or NEEDS_SCRIPT.search(text):
            return "app-shell"
    return "empty" if visible < _NOTHING else ""


def is_article(
    page: Page, meta: Meta, url: str, landmarks: Landmarks, blocks: Sequence[Block], roles: Roles
) -> bool:
    """Whether the page tells one story: paragraphs outside of all cards, more than the cards hold."""
    prose = _prose(page, landmarks, blocks)
    main = roles.main
    twin = main is not None and is_like_most(url, [item.link.url for item in main.items])
    declared = meta.article + (likeness(url, outside=False) >= _ARTICLE_ADDRESS) + twin
    if declared and (main is None or main.standing < CONTENT):
        declared = 2  # whatever lists there are stand beside something
    if twin and main is not None and main.worded < _BARE:
        declared = 2  # the page is one of those that a bare list names
    if prose < (_SHORT_ARTICLE if declared >= 2 else _ARTICLE) or not urlsplit(url).path.strip("/"):
        return False  # a home page is never one
    if main is not None and main.standing >= CONTENT and main.worded * len(main.items) >= prose:
        return False  # posts in full
    return declared > 0 or (prose >= _LONG and len(page.headings) > 0)


def _spans(page: Page, block: Block) -> list[tuple[int, int]]:
    """The chunks of the cards of a list, with what stands between them where each is more than a link."""
    elements = page.elements
    spans = [(elements[item.card.first].start, elements[item.card.last].stop) for item in block.items]
    if max(block.headed, block.dated) < _SHOWN:
        return spans  # links amid the paragraphs of a story
    ends = [start for start, _ in spans[1:]] + [elements[block.container].stop]
    longest = max((end - stop for (_, stop), end in zip(spans, ends[:-1], strict=False)), default=0)
    return [
        (start, end if stop <= end <= stop + min(longest, _GAP) else stop)
        for (start, stop), end in zip(spans, ends, strict=True)
    ]


def _prose(page: Page, landmarks: Landmarks, blocks: Sequence[Block]) -> int:
    """The width of the paragraphs outside the cards of all lists, and outside what frames the content."""
    elements = page.elements
    needed = MAIN if any(mark & MAIN for mark in landmarks.own) else 0
    spans = sorted(span for block in blocks if len(block.items) > 1 for span in _spans(page, block))
    starts = [start for start, _ in spans]
    unlinked: defaultdict[int, int] = defaultdict(int)
    for chunk, owner in enumerate(page.owners):
        element = elements[owner]
        around = landmarks.around(owner)
        if element.link >= 0 or around & (NAV | FOOTER | HEADER | SIDE | DIALOG) or around & needed != needed:
            continue
        place = bisect_right(starts, chunk) - 1
        if place < 0 or chunk >= spans[place][1]:
            unlinked[element.block] += width(page.texts[chunk].strip())
    return sum(length for length in unlinked.values() if length >= _LINE)


def _candidates(roles: Roles) -> str:
    """The best lists of a page without a main one, for a person to choose from."""
    best = [*([roles.main] if roles.main else []), *roles.boxes][:3]
    if not best:
        return "No list of articles was found. Name its cards with `select`."
    named = "; ".join(
        f"{len(block.items)} under “{block.heading or block.items[0].title[:40]}” ({block.score:.1f})"
        for block in best
    )
    return f"No list stands out. Choose a box by its heading, or name the cards with `select`. Best: {named}"
