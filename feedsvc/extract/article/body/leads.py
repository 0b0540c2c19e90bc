"""The standfirst: the paragraph that introduces an article, outside of its text."""

from __future__ import annotations

import re

from feedsvc.extract.article.body.blocks import Block
from feedsvc.extract.article.body.layout import LONG, OUTSIDE, Layout
from feedsvc.extract.article.compare import words
from feedsvc.extract.article.ldjson import text_of

_LEAD = re.compile(
    r"(?:^|[\s_-])(?:lead|intro(?:duction|text)?|teaser-?text|dek|deck|standfirst|summary|sub-?(?:title|"
    r"headline|head)|abstract|"
    r"vorspann|excerpt|sapo|lede|ingress|sommario|chapo|chapeau|preamble|entradilla|bajada|"
    r"article-?desc\w*|spot|"
    r"untertitel|article_*(?:intro|lead|summary|description|perex)|perex|occhiello|description)(?:$|[\s_-])",
    re.I,
)


def standfirst(layout: Layout) -> frozenset[int]:
    """The lead that the page sets apart from the text: equal to the description, or called a lead."""
    stated = [
        words(layout.page.meta(name)) for name in ("og:description", "description", "twitter:description")
    ]
    stated.append(words(text_of(layout.page.linked.article.get("description"))))
    wanted = [text for text in stated if len(text) > 40]
    candidates = [
        block
        for block in layout.blocks
        if block.is_text
        and 40 <= block.length <= 900
        and block.link_share < 0.5
        and block.key not in layout.titles
    ]
    for block in candidates:
        if any(_is_said_by(words(block.text), text) for text in wanted) and _may_lead(block, layout):
            return frozenset() if block.number in layout.kept else _once(block, layout)
    seen = False
    for block in candidates if layout.kept else ():
        if block.number >= min(layout.kept):
            break
        seen = seen or any(b.key in layout.titles for b in layout.blocks[: block.number] if b.is_text)
        if seen and _is_called_lead(block) and _may_lead(block, layout):
            return _once(block, layout)
    return _plain_lead(candidates, layout)


def _plain_lead(candidates: list[Block], layout: Layout) -> frozenset[int]:
    """Sentences right below the headline that nothing marks, above the text; at most two."""
    title = next((b for b in layout.blocks if b.is_text and b.key in layout.titles), None)
    if title is None or not layout.kept:
        return frozenset()
    first = min((number for number in layout.kept if number > title.number), default=0)
    between = [block for block in candidates if title.number < block.number < first]
    leads = [
        block
        for block in between
        if block.kind in ("p", "h2", "h3")
        and block.length >= LONG
        and not block.linked
        and block.text[-1] in ".!?…。؟"
        and not (layout.blocks[block.number - 1].kind == "img" and layout.blocks[block.number - 1].html)
        and _may_lead(block, layout)
    ]
    if not leads or len(between) > len(leads) + 3 or len(leads) > 2:
        return frozenset()
    return frozenset().union(*(_once(block, layout) for block in leads))


def _is_said_by(text: str, stated: str) -> bool:
    if text == stated:
        return True
    return len(stated) > 60 and (
        text.startswith(stated[:-12]) or (stated.startswith(text) and len(text) > 0.6 * len(stated))
    )


def _is_called_lead(block: Block) -> bool:
    return any(_LEAD.search(element.names) for element in block.path[-2:])


def _may_lead(block: Block, layout: Layout) -> bool:
    return not layout.stands_in(block, OUTSIDE) and not any(e.tag in ("a", "li") for e in block.path)


def _once(block: Block, layout: Layout) -> frozenset[int]:
    """The block, unless the text already says it, or most of it."""
    kept = layout.in_order()
    said = "".join(each.key for each in kept)
    again = sum(len(each.key) for each in kept[:4] if each.key in block.key)
    return frozenset() if block.key in said or again > 0.6 * len(block.key) else frozenset({block.number})
