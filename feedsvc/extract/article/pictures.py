"""The lead picture: the one that the page declares, in the widest rendition that it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote

from selectolax.lexbor import LexborNode

from feedsvc.extract.article.captions import caption_of, split_credit
from feedsvc.extract.article.compare import share_of_words
from feedsvc.extract.article.finding import Finding
from feedsvc.extract.article.ldjson import address_of, text_of
from feedsvc.extract.article.page import Page, class_of
from feedsvc.extract.article.renditions import (
    PICTURES,
    Rendition,
    is_no_picture,
    is_stand_in,
    offered_by,
    picture_keys,
    width_in,
)
from feedsvc.model import Evidence, Image
from feedsvc.urls import absolute

MIN_WIDTH = 300  #: pixels; a smaller picture is no lead picture
WIDE = 400  #: … and a wider one needs no replacement
MAX_NODES = 60
_DECLARED = ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src")
_STAND_IN = re.compile(
    r"logo|placeholder|default[-_.]|fallback|no-?image|blank\.|sharing-?image|og-?image\.", re.I
)
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:$|[?#])|^(?:#|javascript:|$)", re.I)
_OF_PEOPLE = re.compile(
    r"(?:^|[\s_-])(?:authors?|byline|avatar|newsletter|logo|icon|profile)(?:$|[\s_-])", re.I
)
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
    """A picture element in the page, with what speaks for it being the lead."""

    node: LexborNode
    renditions: tuple[Rendition, ...]
    weight: float = 0.0
    reasons: tuple[str, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """What identifies the picture over its sizes."""
        return frozenset().union(*(picture_keys(each.url) for each in self.renditions))

    @property
    def width(self) -> int:
        """The widest that it offers; 0 if nothing says."""
        return max(each.width for each in self.renditions)


def read_image(page: Page, headline: LexborNode | None, title: str = "") -> Finding[Image | None]:
    """The lead picture with caption, credit and size as far as the page states them."""
    declared = [each for each in _declared(page) if not _STAND_IN.search(each[0].url.rsplit("/", 1)[-1])]
    shown = sorted(_shown(page, declared, title), key=lambda each: -each.weight)
    lead = shown[0] if shown and shown[0].weight >= (ENOUGH_DECLARED if declared else ENOUGH_ALONE) else None
    same = lead is not None and any(lead.keys & picture_keys(each.url) for each, _ in declared)
    if lead is not None:
        best = _widest(lead, declared)
        origin = "picture in the page" if same else "first picture"
    elif declared:
        best, origin = declared[0]
    else:
        return Finding(None, "", tuple(_evidence(declared, shown, None)))
    image = _image(best, lead, page)
    evidence = tuple(_evidence(declared, shown, best))
    weight = lead.weight if lead is not None else 0.0
    return Finding(image, origin, evidence, weight) if image else Finding(None, "", evidence)


def _evidence(
    declared: list[tuple[Rendition, str]], shown: list[Shown], best: Rendition | None
) -> Iterator[Evidence]:
    for each, where in declared[:6]:
        used = best is not None and each.url == best.url
        yield Evidence(field="image", value=each.url[:300], origin=where, used=used)
    for number, one in enumerate(shown[:4]):
        used = best is not None and number == 0 and any(each.url == best.url for each in one.renditions)
        value = best.url if used and best is not None else one.renditions[0].url
        note = f"{one.weight:g}: {', '.join(one.reasons)}"
        yield Evidence(field="image", value=value[:300], origin="picture in the page", used=used, note=note)


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
    for node in page.tree.css("meta[itemprop=image][content], link[rel=image_src][href]")[:2]:
        if url := (node.attributes.get("content") or node.attributes.get("href") or "").strip():
            yield (
                Rendition(url, width_in(url)),
                f"{node.tag} {'image_src' if node.tag == 'link' else 'image'}",
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
        url = address_of(node.get("url")) or address_of(node.get("contentUrl"))
        sides = (re.match(r"\d{1,5}", text_of(node.get(side))) for side in ("width", "height"))
        width, height = (int(side[0]) if side else 0 for side in sides)
        if url and not url.startswith("data:"):
            yield Rendition(url, width, height)


# ── shown ─────────────────────────────────────────────────────────────────────────────────────────────


#: weight from which a picture of the page is its lead: where the page declares another one, and where none
ENOUGH_DECLARED, ENOUGH_ALONE = 3.5, 2.0
_NEAR, _BELOW, _FAR = 400, 2_000, 5_000  #: characters of text between the headline and a picture
_DECLARED_FIRST, _DECLARED_OTHER = 9.0, 2.5
_ELSEWHERE = 8.0  #: what a picture loses in a card, a side column, an author's box
_LARGE = 600  #: pixels


def _shown(page: Page, declared: list[tuple[Rendition, str]], title: str) -> Iterator[Shown]:
    """The pictures of the page, weighed."""
    body = page.tree.body
    if body is None:
        return
    first, others = (
        frozenset().union(*(picture_keys(each.url) for each, _ in group))
        for group in (declared[:1], declared[1:])
    )
    found = paragraphs = 0
    seen: set[str] = set()
    for node in body.css(f"{PICTURES}, p"):
        if node.tag == "p":
            below = (page.distance_to_headline(node) or 0) >= 0
            paragraphs += below and not page.is_beside(node) and len(node.text(deep=True)) > 80
        elif found < MAX_NODES:
            offered = tuple(each for each in offered_by(node) if len(each.url) >= 8)
            if not offered or is_no_picture(offered[0].url) or is_stand_in(offered[0].url):
                continue
            if offered[0].url in seen:
                continue  # an icon; the lead picture stands first
            seen.add(offered[0].url)
            found += 1
            one = Shown(node, offered)
            reasons = [
                *_by_declaration(one, first, others),
                *_by_place(one, paragraphs, page),
                *_by_form(one, title),
            ]
            given = [(value, why) for value, why in reasons if value]
            weight = sum(value for value, _ in given)
            yield replace(one, weight=weight, reasons=tuple(f"{why} {value:+g}" for value, why in given))


def _by_declaration(one: Shown, first: frozenset[str], others: frozenset[str]) -> Iterator[tuple[float, str]]:
    keys = one.keys
    if keys & first:
        yield _DECLARED_FIRST, "the declared picture"
    elif keys & others:
        yield _DECLARED_OTHER, "declared too"


def _by_place(one: Shown, paragraphs: int, page: Page) -> Iterator[tuple[float, str]]:
    if page.is_beside(one.node):
        yield -_ELSEWHERE, "in a card or side column"
    away = page.distance_to_headline(one.node)
    if away is not None:
        near = abs(away)
        yield (3.0 if near <= _NEAR else 2.0 if near <= _BELOW else 0.0), "near the headline"
        yield (-2.0 if near > _FAR else 0.0), "far from the headline"
    yield (-3.0 if paragraphs > 3 else 0.0), "below the first paragraphs"
    box, linked, framed = one.node.parent, False, one.node.tag == "source"
    for _ in range(5):
        if box is None or box.tag == "body":
            break
        linked = linked or (box.tag == "a" and not _PICTURE_FILE.search(box.attributes.get("href") or ""))
        framed = framed or box.tag in _FRAMES
        box = box.parent
    yield (1.0 if framed else 0.0), "in a frame"
    large = one.width >= _LARGE and away is not None and 0 <= away <= _NEAR  # it leads to itself, enlarged
    yield (-1.5 if linked and large else -3.0 if linked else 0.0), "leads elsewhere"


def _by_form(one: Shown, title: str) -> Iterator[tuple[float, str]]:
    width = one.width
    if width:
        yield (-4.0 if width < MIN_WIDTH else 1.5 if width >= _LARGE else 0.5), f"{width} pixels wide"
    box: LexborNode | None = one.node
    for _ in range(4):
        if box is not None and _OF_PEOPLE.search(class_of(box)):
            yield -_ELSEWHERE, "of a person or the house"
            break
        box = box.parent if box is not None else None
    caption, credit = caption_of(one.node)
    yield (1.0 if caption or credit else 0.0), "has a caption"
    alt = one.node.attributes.get("alt") or ""
    named = f"{alt} {unquote(one.renditions[0].url.rsplit('/', 1)[-1])}"
    yield (1.0 if title and share_of_words(title, named) >= 0.5 else 0.0), "named like the headline"


def _widest(lead: Shown, declared: list[tuple[Rendition, str]]) -> Rendition:
    """The widest rendition: the element's own, or the declared one where the element shows a thumbnail."""
    best = max(lead.renditions, key=lambda each: each.width)
    if best.width < WIDE:
        keys = lead.keys
        larger = [
            each
            for each, _ in declared
            if each.width > max(best.width, MIN_WIDTH) and picture_keys(each.url) & keys
        ]
        best = max(larger, key=lambda each: each.width, default=best) if best.width or larger else best
    return best if best.width else lead.renditions[0]
