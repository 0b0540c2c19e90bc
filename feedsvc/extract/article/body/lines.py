"""Short lines that are no sentences: captions, counters, bars of links, teasers. Form decides, not words."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from feedsvc.extract.article.body.blocks import Block, is_bold, is_sentence
from feedsvc.extract.article.body.labels import CREDIT
from feedsvc.extract.article.body.layout import LONG, Layout
from feedsvc.extract.article.captions import split_credit
from feedsvc.extract.article.compare import squeezed
from feedsvc.extract.outline import TITLE
from feedsvc.extract.places import Place
from feedsvc.urls import absolute, same_site

_HEAD = 6  #: blocks that can belong to the head of an article
_CAPTION = 250  #: characters
_CAPTION_WORDS = 4  #: of a line below a picture that is no credit; a shorter one is a label: `Ingredients`
_LABEL = 25  #: characters of what stands before a link: `Read also`, without any list of such words
_TEASER = 0.6  #: share of a teaser that links
_SHORT_LINK = 25  #: characters; a bar's links are names
_COUNTER_WORDS = 3
_CONTROLS, _BUTTONS = 100, 2  #: forms and buttons that are looked at; buttons of a box that asks
_FIELDS = "input:not([type=hidden]):not([type=search]), textarea"
_ASKED = 300  #: characters of such a box at most
_ALL_LINKED = 0.9  #: share of a title in a list
_BESIDE = 100  #: characters of the line of date and reporter in a card
_ENDS = ".!?:…。？！：؟۔।;"
_SLANTED = re.compile(r"<(em|i|small|cite)>.*</\1>", re.S)
_HREF = re.compile(r'<a href="([^"]*)"')


def ends_as_sentence(text: str) -> bool:
    """Whether a line ends as sentences do, closing quotes and brackets aside."""
    return text.rstrip("'\"”»’)]」』 ")[-1:] in tuple(_ENDS)


def captions(layout: Layout) -> Iterator[Block]:
    """Texts that belong to pictures."""
    caption, credit = squeezed(layout.caption), squeezed(layout.credit)
    kept = layout.in_order()
    running = next((each.number for each in kept if each.length >= LONG and ends_as_sentence(each.text)), 0)
    for position, block in enumerate(kept):
        if (
            layout.stands_in(block, Place.CAPTION)
            or _is_in_picture_frame(block, layout)
            or (len(block.text) < _CAPTION and _is_picture_line(block, layout, above=block.number < running))
        ):
            yield block
        elif position < _HEAD and credit and caption and block.key.startswith(caption):
            # the caption of the lead picture in no frame; the rest is its credit with a label
            rest = block.key[len(caption) :]
            if rest.endswith(credit) and len(rest) < len(credit) + 20:
                yield block


def _is_in_picture_frame(block: Block, layout: Layout) -> bool:
    """Whether a text stands in a figure with a picture; figures hold tables, code and quotes as well."""
    if block.is_heading or block.kind in ("cell", "pre", "quote"):
        return False
    return any(
        place & Place.FIGURE and part.pictures and part not in layout.trunk for place, part in block.places
    )


def _is_picture_line(block: Block, layout: Layout, *, above: bool) -> bool:
    """Whether the line below a picture tells of it: with a credit in one small box, or no sentence at all.

    Among paragraphs (not `above` them) a line that is no sentence may be a subheading, so it needs a frame.
    """
    if not block.number or layout.blocks[block.number - 1].kind != "img" or block.is_heading:
        return False
    picture = layout.blocks[block.number - 1]
    framed = _is_frame_of_two(picture, block, layout)
    if (framed or block.parent in picture.path) and split_credit(block.text)[1]:
        return True
    if block.kind in ("li", "quote", "pre") or is_bold(block) or block.linked:
        return False
    if not framed and (block.kind == "cell" or not above):
        return False
    if _SLANTED.fullmatch(block.html):
        return True
    enough = 2 if framed else _CAPTION_WORDS
    return not ends_as_sentence(block.text) and (
        len(block.text.split()) >= enough or block.length > len(block.text)  # a script without spaces
    )


def _is_frame_of_two(picture: Block, block: Block, layout: Layout) -> bool:
    """Whether the smallest element around a picture and the line below it holds no other text."""
    both = [part for part in block.path if part in picture.path]
    return bool(both) and both[-1].chars <= block.length + 1


def credits_of_pictures(layout: Layout) -> Iterator[Block]:
    """`Foto: …` in a line of its own."""
    return (block for block in layout.in_order() if len(block.text) < 200 and CREDIT.match(block.text))


def asks(layout: Layout) -> Iterator[Block]:
    """Texts of a small box that asks for something: it holds a form to fill in, or two buttons."""
    boxes = set()
    for node in layout.page.tree.css("form, button")[:_CONTROLS]:
        box = node.parent
        if box is None or (node.tag == "form" and node.css_first(_FIELDS) is None):
            continue
        if node.tag == "button" and sum(child.tag == "button" for child in box.iter()) < _BUTTONS:
            continue
        part = layout.page.outline.of(box)
        if part is not None and part not in layout.trunk and part.chars <= _ASKED:
            boxes.add(part)
    return (block for block in layout.in_order() if not boxes.isdisjoint(block.path))


def counters(layout: Layout) -> Iterator[Block]:
    """`Read 1,204 times` in whatever language, above the text: a number, two words, no sentence."""
    for block in layout.in_order()[:_HEAD]:
        if block.length >= LONG and ends_as_sentence(block.text):
            return
        said = re.sub(r"[\d.,'’]+[kKmM]?", " ", block.text).split()
        counted = any(char.isdigit() for char in block.text) and len(said) <= _COUNTER_WORDS
        if counted and block.kind == "p" and not ends_as_sentence(block.text) and not is_bold(block):
            yield block


def bars(layout: Layout) -> Iterator[Block]:
    """Rows of short links with hardly a word between: what shares, tags, sections."""
    for block in layout.in_order():
        links = _HREF.findall(block.html)
        if len(links) < 2 or block.kind != "p" or ends_as_sentence(block.text):
            continue
        beside = re.sub(r"<a .*?</a>", " ", block.html, flags=re.S)
        words = re.findall(r"\w+", html.unescape(re.sub(r"<[^<>]*>", " ", beside)))
        if len(words) <= 2 and block.linked <= _SHORT_LINK * len(links):
            yield block


def teasers(layout: Layout) -> Iterator[Block]:
    """A title of another page of the site as a line among paragraphs, with a label before it or above it."""
    for block in layout.in_order():
        if block.kind == "quote" and block.link_share > _ALL_LINKED and not ends_as_sentence(block.text):
            yield block  # nobody said that: it is a title
        if not _is_teaser(block, layout):
            continue
        above = layout.blocks[block.number - 1] if block.number else block
        if block.text[: -block.linked or None].strip():
            yield block
        elif above.is_text and len(above.text) <= _LABEL and above.text.rstrip()[-1:] in (":", "："):
            yield block
            if above.number in layout.kept:
                yield above


def of_cards(layout: Layout) -> Iterator[Block]:
    """What stands below a linked title that is no part of the text: the date, and who wrote it."""
    for block in layout.in_order():
        above = layout.blocks[block.number - 1] if block.number else block
        other = above.is_text and above.number not in layout.kept and above.link_share > _ALL_LINKED
        dated = (
            block.length <= _BESIDE and re.search(r"\d{2}", block.text) and not ends_as_sentence(block.text)
        )
        if other and dated and len(above.text) >= TITLE:
            yield block


def _is_teaser(block: Block, layout: Layout) -> bool:
    links = _HREF.findall(block.html)
    if len(links) != 1 or block.kind not in ("p", "h2", "h3", "h4") or is_sentence(block):
        return False
    if block.linked < TITLE or len(block.text) - block.linked > _LABEL or block.link_share < _TEASER:
        return False
    target = absolute(layout.page.url, html.unescape(links[0]))
    ends = re.search(r"</a>(?:</\w+>|[\s)\]])*$", block.html) is not None and block.text[-1] not in ".。;…"
    return ends and target is not None and same_site(target, layout.page.url)
