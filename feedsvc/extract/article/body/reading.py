"""From a page to the text of its article: blocks, choice, completion, drops, rendering."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from feedsvc.extract.article.body import choose, complete, drops, leads, others
from feedsvc.extract.article.body.blocks import Block, read_blocks
from feedsvc.extract.article.body.layout import LONG, Layout, container_of, trunk_of
from feedsvc.extract.article.body.render import render
from feedsvc.extract.article.compare import squeezed
from feedsvc.extract.article.headline import Headline
from feedsvc.extract.article.ldjson import text_of
from feedsvc.extract.article.page import Page
from feedsvc.extract.places import Place
from feedsvc.model import Image

#: Rules that add what trafilatura left out
ADDITIONS: tuple[tuple[str, Callable[[Layout], frozenset[int]]], ...] = (
    ("more_of_container", complete.more_of_container),
    ("stated_body", complete.stated_body),
    ("chunks", complete.chunks),
    ("siblings", complete.siblings),
    ("among", complete.among),
    ("tables", complete.tables_between),
    ("headings", complete.headings_between),
    ("standfirst", leads.standfirst),
)


_TWIN = 0.5  #: share of a hidden text that stands in shown ones
MAX_TEXT = 300_000  #: characters; the longest articles have a quarter of it


@dataclass(frozen=True, slots=True)
class Body:
    """The text of an article."""

    content: str = ""  #: clean HTML
    text: str = ""  #: a paragraph a line


def read_body(
    page: Page,
    headline: Headline,
    authors: tuple[str, ...],
    lead: Image | None = None,
    date_lines: tuple[str, ...] = (),
) -> Body:
    """The body of the page's article; empty where none can be made out.

    `lead` is its lead picture, `date_lines` are the lines that say when it was published.
    """
    if page.tree.body is None:
        return Body()
    blocks = read_blocks(page.tree.body, page.outline)
    titles = _titles(page, headline)
    kept = choose.base_choice(page.text, blocks, len(page.outline.parts), titles)
    layout = _with(Layout(page, tuple(blocks), kept, titles, authors, frozenset()), kept)
    layout = replace(layout, date_lines=frozenset(map(squeezed, date_lines)) - {""})
    if lead is not None:
        layout = replace(layout, caption=lead.caption, credit=lead.credit)
    for _, add in ADDITIONS:
        if more := add(layout):
            layout = _with(layout, layout.kept | more)
    for other in (others.another, others.teasers, others.strays):
        layout = _with(layout, layout.kept - other(layout))
    for _, rule in drops.RULES:
        if less := drops.dropped(layout, rule):
            layout = replace(layout, kept=layout.kept - less)
    layout = _with_dateline(_bounded(_said_once(_without_hidden_twins(layout))))
    content = render(layout, lead.url if lead is not None else "")
    return Body(content, "\n".join(block.text for block in layout.in_order()))


def _without_hidden_twins(layout: Layout) -> Layout:
    """Without hidden blocks of which the shown ones say most: texts for a search engine, in one piece."""
    kept = layout.in_order()
    hidden = [block for block in kept if layout.stands_in(block, Place.HIDDEN)]
    shown = [block for block in kept if block not in hidden and len(block.key) >= LONG]
    twins = {
        block.number
        for block in hidden
        if sum(len(each.key) for each in shown if each.key in block.key) > _TWIN * len(block.key)
    }
    return replace(layout, kept=layout.kept - twins)


def _said_once(layout: Layout) -> Layout:
    """Each paragraph once: a page may hold its text a second time, hidden, for another width or a printer."""
    seen: dict[str, Block] = {}
    again: set[int] = set()
    for block in layout.in_order():
        if len(block.key) < LONG:
            continue
        before = seen.setdefault(block.key, block)
        if before is not block:
            hidden = layout.stands_in(before, Place.HIDDEN) and not layout.stands_in(block, Place.HIDDEN)
            again.add(before.number if hidden else block.number)
            seen[block.key] = block if hidden else before
    return replace(layout, kept=layout.kept - again)


def _bounded(layout: Layout) -> Layout:
    """At most MAX_TEXT characters of text: the beginning of it."""
    room = MAX_TEXT
    kept = []
    for block in layout.in_order():
        room -= len(block.text)
        if room < 0:
            break
        kept.append(block.number)
    return replace(layout, kept=frozenset(kept))


def _with_dateline(layout: Layout) -> Layout:
    """`Jakarta -` in a line of its own belongs to the paragraph below it."""
    kept = layout.in_order()
    if len(kept) < 2 or not re.fullmatch(r"[^.!?]{2,40}\s*[-–—]", kept[0].text):
        return layout
    first, second = kept[:2]
    joined = replace(
        second,
        text=f"{first.text} {second.text}",
        html=f"{first.html} {second.html}",
        linked=first.linked + second.linked,
    )
    blocks = (*layout.blocks[: second.number], joined, *layout.blocks[second.number + 1 :])
    return replace(layout, blocks=blocks, kept=layout.kept - {first.number})


def _titles(page: Page, headline: Headline) -> frozenset[str]:
    stated = (headline.text, page.meta("og:title"), text_of(page.linked.article.get("headline")))
    shown = (heading.text for heading in page.headings)
    return frozenset(key for text in (*stated, *shown) if (key := squeezed(text)))


def _with(layout: Layout, kept: frozenset[int]) -> Layout:
    chosen = replace(layout, kept=kept)
    return replace(chosen, trunk=trunk_of(container_of(chosen.in_order())))
