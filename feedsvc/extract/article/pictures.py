"""The lead picture: the one that the page declares, in the widest rendition that it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from feedsvc.extract.article.captions import caption_of, split_credit
from feedsvc.extract.article.finding import Finding
from feedsvc.extract.article.ldjson import text_of
from feedsvc.extract.article.page import Page, class_of
from feedsvc.extract.article.renditions import Rendition, is_no_picture, picture_keys, renditions_of, width_in
from feedsvc.model import Evidence, Image
from feedsvc.urls import absolute

MIN_WIDTH = 300  #: pixels; a smaller picture is no lead picture
ENOUGH = 400  #: … and a wider one needs no replacement
MAX_NODES = 60
_DECLARED = ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src")
_STAND_IN = re.compile(
    r"logo|placeholder|default[-_.]|fallback|no-?image|blank\.|sharing-?image|og-?image\.", re.I
)
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:$|[?#])|^(?:#|javascript:|$)", re.I)
_OF_PEOPLE = re.compile(r"author|byline|avatar|newsletter|logo", re.I)
_FRAMES = frozenset("figure picture article main".split())
_TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "avif": "image/avif",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture element in the page."""

    node: LexborNode
    renditions: tuple[Rendition, ...]
    is_lead: bool  #: stands where lead pictures stand
    is_early: bool = False  #: between the headline and the third paragraph

    @property
    def keys(self) -> frozenset[str]:
        """What identifies the picture over its sizes."""
        return frozenset().union(*(picture_keys(each.url) for each in self.renditions))


def read_image(page: Page, headline: LexborNode | None) -> Finding[Image | None]:
    """The lead picture with caption, credit and size as far as the page states them."""
    declared = [each for each in _declared(page) if not _STAND_IN.search(each[0].url.rsplit("/", 1)[-1])]
    shown = list(_shown(page, headline))
    same = _shown_among(declared, shown)
    lead = same or next((each for each in shown if each.is_lead), None)
    if lead is not None:
        best = _widest(lead, declared)
        origin = "picture in the page" if same else "first picture"
    elif declared:
        best, origin = declared[0]
    elif lead := next((each for each in shown if _is_by_headline(each, page)), None):
        best, origin = _widest(lead, []), "picture by the headline"
    else:
        return Finding(None)
    image = _image(best, lead, page)
    evidence = [
        Evidence(field="image", value=each.url[:300], origin=where, used=each.url == best.url)
        for each, where in declared[:6]
    ]
    if lead is not None:
        note = "the declared picture" if same else "stands where lead pictures stand"
        evidence.append(Evidence(field="image", value=best.url[:300], origin=origin, used=True, note=note))
    return Finding(image, origin, tuple(evidence)) if image else Finding(None, "", tuple(evidence))


def _image(best: Rendition, lead: Shown | None, page: Page) -> Image | None:
    url = absolute(page.url, best.url)
    if url is None:
        return None
    caption, credit = caption_of(lead.node) if lead is not None else ("", "")
    if not caption and not credit:
        caption, credit = _linked_caption(page)
    name = url.split("?")[0].rsplit(".", 1)[-1].lower()
    return Image(
        url=url,
        width=best.width,
        height=best.height,
        type=best.type or _TYPES.get(name, ""),
        caption=caption,
        credit=credit,
    )


def _linked_caption(page: Page) -> tuple[str, str]:
    picture = page.linked.article.get("image")
    picture = picture[0] if isinstance(picture, list) and picture else picture
    if not isinstance(picture, dict):
        return "", ""
    node = page.linked.resolved(picture)
    caption, credit = split_credit(text_of(node.get("caption") or node.get("description")))
    return caption, credit or text_of(node.get("creditText") or node.get("author"))


# ── declared ──────────────────────────────────────────────────────────────────────────────────────────


def _declared(page: Page) -> Iterator[tuple[Rendition, str]]:
    width, height = (page.meta(f"og:image:{side}") for side in ("width", "height"))
    for name in _DECLARED:
        for number, url in enumerate(page.metas.get(name, ())[:4]):
            sized = name == "og:image" and number == 0 and width.isdecimal() and height.isdecimal()
            kind = page.meta("og:image:type") if sized else ""
            yield (
                Rendition(
                    url, int(width[:5]) if sized else width_in(url), int(height[:5]) if sized else 0, kind
                ),
                f"meta {name}",
            )
    for key in ("image", "thumbnailUrl"):
        for each in _linked_images(page.linked.article.get(key), page, 0):
            yield each, f"ld+json {key}"


def _linked_images(value: object, page: Page, level: int) -> Iterator[Rendition]:
    if level > 3:
        return
    if isinstance(value, str) and value.strip() and not value.startswith("data:"):
        yield Rendition(value.strip(), width_in(value))
    elif isinstance(value, list):
        for item in value[:8]:
            yield from _linked_images(item, page, level + 1)
    elif isinstance(value, dict):
        node = page.linked.resolved(value)
        url = text_of(node.get("url")) or text_of(node.get("contentUrl"))
        sides = (re.match(r"\d{1,5}", text_of(node.get(side))) for side in ("width", "height"))
        width, height = (int(side[0]) if side else 0 for side in sides)
        if url and not url.startswith("data:"):
            yield Rendition(url, width, height)


# ── shown ─────────────────────────────────────────────────────────────────────────────────────────────


def _shown(page: Page, headline: LexborNode | None) -> Iterator[Shown]:
    body = page.tree.body
    if body is None:
        return
    passed, paragraphs, found = headline is None, 0, 0
    own = headline.mem_id if headline is not None else None
    for node in body.css("h1, h2, h3, img, picture source, p"):
        if node.tag in ("h1", "h2", "h3"):
            passed = passed or node.mem_id == own
        elif node.tag == "p":
            paragraphs += passed and paragraphs < 5 and len(node.text(deep=True)) > 80
        elif found < MAX_NODES:
            offered = tuple(each for each in renditions_of(node) if len(each.url) >= 8)
            if not offered or is_no_picture(offered[0].url):
                continue
            found += 1
            early = passed and paragraphs <= 3
            yield Shown(node, offered, early and _can_lead(node, offered[0], page), early)


def _can_lead(node: LexborNode, widest: Rendition, page: Page) -> bool:
    if 0 < widest.width < MIN_WIDTH or re.search(r"avatar|author|logo|icon", class_of(node), re.I):
        return False
    if page.is_beside(node):
        return False
    box, framed = node.parent, False
    for _ in range(5):
        if box is None:
            break
        framed = framed or box.tag in _FRAMES
        if _OF_PEOPLE.search(class_of(box)):
            return False
        box = box.parent
    return framed


def _is_by_headline(each: Shown, page: Page) -> bool:
    """Whether a picture that no frame marks stands right by the headline, and is large or has a caption."""
    if page.is_beside(each.node) or _OF_PEOPLE.search(class_of(each.node)):
        return False
    width = max(rendition.width for rendition in each.renditions)
    if 0 < width < MIN_WIDTH:
        return False
    box = each.node.parent
    for level in range(5):
        if box is None or box.tag in ("body", "header", "nav", "footer", "li"):
            return False
        if level > 2 and not each.is_early:
            return False
        if box.tag == "a" and not _PICTURE_FILE.search(box.attributes.get("href") or ""):
            return False  # the picture of another article
        if box.mem_id in page.trunk:
            return width >= MIN_WIDTH or bool(caption_of(each.node)[0])
        box = box.parent
    return False


def _shown_among(declared: list[tuple[Rendition, str]], shown: list[Shown]) -> Shown | None:
    """The element that shows a declared picture; the first declaration counts before the others.

    ld+json also names pictures further down the text: none of those goes before the one that stands where
    lead pictures stand.
    """
    first, others = (
        frozenset().union(*(picture_keys(each.url) for each, _ in group))
        for group in (declared[:1], declared[1:])
    )
    if same := next((each for each in shown if first & each.keys), None):
        return same
    above = next((number for number, each in enumerate(shown) if each.is_lead), len(shown))
    return next((each for each in shown[: above + 1] if others & each.keys), None)


def _widest(lead: Shown, declared: list[tuple[Rendition, str]]) -> Rendition:
    """The widest rendition: of the element itself, or the declared one where the element shows a "
    "thumbnail."""
    best = max(lead.renditions, key=lambda each: each.width)
    if best.width < ENOUGH:
        keys = lead.keys
        larger = [
            each
            for each, _ in declared
            if each.width > max(best.width, MIN_WIDTH) and picture_keys(each.url) & keys
        ]
        best = max(larger, key=lambda each: each.width, default=best) if best.width or larger else best
    return best if best.width else lead.renditions[0]
