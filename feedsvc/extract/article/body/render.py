"""Chosen blocks → clean HTML: paragraphs, headings, lists, tables, quotes, and the pictures among them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import groupby
from urllib.parse import urlsplit

from feedsvc.extract.article.body.blocks import Block
from feedsvc.extract.article.body.layout import OUTSIDE, Layout
from feedsvc.extract.article.renditions import is_no_picture, picture_keys
from feedsvc.extract.clean import clean_html
from feedsvc.extract.outline import Part
from feedsvc.extract.places import Place

_NOT_HERE = OUTSIDE & ~(Place.CAPTION | Place.EMBED)
_SOURCE = re.compile(r'src="([^"]*)"')
_LINK = re.compile(r'<a href="([^"]+)"')


def render(layout: Layout, lead: str) -> str:
    """The kept blocks as HTML that may stand in a feed; the picture `lead` is left out, it goes with the "
    "entry."""
    shown = list(_shown(layout, lead))
    parts = [_group(kind, element, list(blocks)) for (kind, element), blocks in groupby(shown, key=_group_of)]
    return clean_html("\n".join(parts), base=layout.page.url)


def _shown(layout: Layout, lead: str) -> Iterator[Block]:
    """The kept blocks with the pictures, captions and frames that stand among them."""
    if not layout.kept:
        return
    first, last = min(layout.kept), max(layout.kept)
    seen = set(picture_keys(lead)) if lead else set()
    figures: set[Part] = set()
    posts: set[Part] = set()
    for block in layout.blocks[first : last + 1]:
        if block.number in layout.kept:
            yield block
        elif layout.stands_in(block, Place.EMBED):
            if (link := _post_link(block)) and not any(element in posts for element in block.path):
                posts.add(block.parent)
                posts.update(element for place, element in block.places if place & Place.EMBED)
                yield link
        elif block.kind == "img" and _is_shown_picture(block, layout, seen):
            seen |= picture_keys(_source(block))
            figures.update(element for element in block.path if element.tag == "figure")
            yield block
        elif (block.kind == "caption" and any(element in figures for element in block.path)) or (
            block.kind == "frame" and block.html and not layout.stands_in(block, _NOT_HERE)
        ):
            yield block


def _is_shown_picture(block: Block, layout: Layout, seen: set[str]) -> bool:
    source = _source(block)
    if not source or is_no_picture(source) or layout.stands_in(block, _NOT_HERE):
        return False
    width = re.search(r'width="(\d+)"', block.html)
    if (width and int(width[1]) < 200) or picture_keys(source) & seen:
        return False
    return any(element in layout.trunk for element in block.path[-4:])


def _source(block: Block) -> str:
    match = _SOURCE.search(block.html)
    return html.unescape(match[1]) if match else ""


def _post_link(block: Block) -> Block | None:
    """A post of a social network becomes a link to it: its text is not the article's."""
    links = _LINK.findall(block.html)
    if not links:
        return None
    label = html.escape(urlsplit(html.unescape(links[-1])).hostname or "")
    return Block(block.number, "p", "", f'<a href="{links[-1]}">{label}</a>', 0, block.path, ())


def _group_of(block: Block) -> tuple[str, Part | int]:
    """What makes neighbours one list, quote, table or figure."""
    wanted = {
        "li": ("ul", "ol", "dl"),
        "quote": ("blockquote",),
        "cell": ("table",),
        "img": ("figure",),
        "caption": ("figure",),
    }
    for element in reversed(block.path):
        if element.tag in wanted.get(block.kind, ()):
            kind = str(element.tag)
            return kind, element
    return "alone", block.number


def _group(kind: str, element: Part | int, blocks: list[Block]) -> str:
    if kind in ("ul", "ol", "dl"):
        tag = "ol" if kind == "ol" else "ul"
        items = (list(inside) for _, inside in groupby(blocks, key=lambda block: block.parent))
        return f"<{tag}>{''.join(f'<li>{_joined(item)}</li>' for item in items)}</{tag}>"
    if kind == "blockquote":
        return f"<blockquote>{''.join(f'<p>{block.html}</p>' for block in blocks)}</blockquote>"
    if kind == "table":
        rows = (list(inside) for _, inside in groupby(blocks, key=_row))
        return f"<table>{''.join(_table_row(row) for row in rows)}</table>"
    if kind == "figure":
        caption = _joined([block for block in blocks if block.kind == "caption"])
        # one picture in two elements: for browsers that run scripts, and for others
        once = {tuple(_SOURCE.findall(block.html)): block.html for block in blocks if block.kind == "img"}
        pictures = "".join(once.values())
        return f"<figure>{pictures}{f'<figcaption>{caption}</figcaption>' if caption else ''}</figure>"
    return "".join(_alone(block) for block in blocks)


def _alone(block: Block) -> str:
    if block.is_heading:
        level = "h2" if block.kind == "h1" else block.kind
        return f"<{level}>{block.html}</{level}>"
    if block.kind == "img":
        return f"<figure>{block.html}</figure>"
    return block.html if block.kind == "frame" else f"<p>{block.html}</p>"


def _joined(blocks: list[Block]) -> str:
    return "<br>".join(block.html for block in blocks)


def _row(block: Block) -> Part | None:
    return next((element for element in reversed(block.path) if element.tag == "tr"), None)


def _table_row(blocks: list[Block]) -> str:
    cells = (list(inside) for _, inside in groupby(blocks, key=lambda block: block.parent))
    return f"<tr>{''.join(f'<td>{_joined(cell)}</td>' for cell in cells)}</tr>"
