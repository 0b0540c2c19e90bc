"""Which blocks are the article: trafilatura's choice, completed where it left paragraphs of the article "
"out."""

from __future__ import annotations

import logging
import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from lxml.html import HtmlElement

from feedsvc.extract.article.body.blocks import Block
from feedsvc.extract.article.body.labels import FURNITURE, RELATED
from feedsvc.extract.article.body.layout import LONG, Layout, container_of, running_text
from feedsvc.extract.article.compare import squeezed, words
from feedsvc.extract.article.ldjson import text_of
from feedsvc.extract.clean import to_text
from feedsvc.extract.outline import Part
from feedsvc.extract.places import Place

MAX_ELEMENTS = 12_000  #: a larger page is read without trafilatura, whose cost grows faster than the page
_OUTSIDE = (
    Place.SIDE
    | Place.MENU
    | Place.FOOTER
    | Place.FORM
    | Place.CAPTION
    | Place.RELATED
    | Place.PROMO
    | Place.SHARE
    | Place.TAGS
    | Place.AUTHOR
    | Place.COMMENTS
    | Place.HIDDEN
    | Place.EMBED
)
#: elements of a text that hold others, and kinds of blocks that a text consists of
_WITHIN = frozenset("p li ul ol dl dd dt blockquote figure summary details pre h2 h3 h4 h5 h6".split())
_RUNNING = frozenset("p li quote pre h2 h3 h4 h5 h6".split())
_BOLD = re.compile(r"<(strong|b)>.*</\1>", re.S)
_TEXT_ALONE = 0.7  #: share of a chunk that is running text
_LINKED_SENTENCE = 80  #: characters of a paragraph that is one link, and no title
_CHUNKS = frozenset({"div", "section"})
_AGREED = 0.6  #: share of a choice from which another confirms it
_SUBHEADING = 100  #: characters
_YEAR = 4  #: figures
_CELLS = 4  #: with text, of a table of figures at least
_FULLER = 3  #: times as much running text; what shares nothing with a container so much fuller is wrong
_FULL = 500  #: … as reading_length counts characters
_SURE = 0.85  #: share of both choices that they have in common, from which no third one is asked
_TEASERS = 3  #: neighbours that begin with a link at least
_MOSTLY_LINKED = 0.4  #: share of a line beside the text that links; a date and a rank stand with the title
_ALL_LINKED = 0.9  #: share of the text of a linked title or teaser
_TEASER_TITLE = 8  #: characters of the title of one
_EXACT = 20  #: characters; a shorter line has to be equal, a longer one may be part of another


def base_choice(
    text: str, blocks: list[Block], elements: int, titles: frozenset[str] = frozenset()
) -> frozenset[int]:
    """The blocks that trafilatura takes, or on a huge or strange page those of the fullest container.

    `titles`: squeezed headlines of the article; the text is right below.
    """
    if elements > MAX_ELEMENTS:
        return fullest_container(blocks)
    full = fullest_container(blocks)
    tree = _parsed(text)
    quick = _matched(_trafilatura_text(tree, strict=True, fast=True), blocks)
    if _is_sure(quick, full, blocks):
        return quick  # its comparison with further algorithms would take as long again
    strict = _matched(_trafilatura_text(tree, strict=True), blocks)
    here = _amount(strict, blocks)
    if here and _amount(strict & full, blocks) >= _AGREED * here:
        return strict  # two rules of different kinds say the same
    lenient = _matched(_trafilatura_text(tree, strict=False, fast=True), blocks)
    most = _FULLER * max(_amount(lenient, blocks), here)
    if not (strict | lenient) & full and _amount(full, blocks) >= max(most, _FULL):
        return full  # both fell for readers' comments or the page's frame
    if not strict & full and _amount(full, blocks) > here and _right_below(blocks, titles) & full:
        return full  # it fell for another part of the page
    if here and _amount(strict & lenient, blocks) >= _AGREED * here:
        return strict
    return lenient or full  # the strict choice fell for a dialog or a box of teasers


def _right_below(blocks: list[Block], titles: frozenset[str]) -> frozenset[int]:
    """The first paragraphs of running text below the headline; a long line of dates and names may be one."""
    title = next((block.number for block in blocks if block.is_text and block.key in titles), None)
    if title is None:
        return frozenset()
    return frozenset([block.number for block in blocks[title + 1 :] if _is_running(block)][:2])


def _is_running(block: Block) -> bool:
    """Whether a block is a paragraph of running text in no place for other things."""
    return (
        block.length >= LONG
        and block.link_share < 0.3
        and not any(place & _OUTSIDE for place, _ in block.places)
    )


def _is_sure(choice: frozenset[int], full: frozenset[int], blocks: list[Block]) -> bool:
    """Whether two rules of different kinds found nearly the same text."""
    both = _amount(choice & full, blocks)
    return both > 0 and both >= _SURE * max(_amount(choice, blocks), _amount(full, blocks))


def _amount(chosen: frozenset[int], blocks: list[Block]) -> int:
    """How much running text a choice holds."""
    return running_text(blocks[number] for number in chosen)


def _parsed(text: str) -> HtmlElement | None:
    """The page as trafilatura parses it, once for all its choices; each works on a copy."""
    from trafilatura.utils import load_html  # takes a third of a second to import: metadata does without

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    return load_html(text)


def _trafilatura_text(tree: HtmlElement | None, *, strict: bool, fast: bool = False) -> str:
    if tree is None:
        return ""
    import trafilatura

    read = trafilatura.bare_extraction(
        tree,
        fast=fast,
        include_comments=False,
        include_tables=True,
        favor_precision=strict,
        with_metadata=False,
    )
    return str(getattr(read, "text", None) or "")


def _matched(text: str, blocks: list[Block]) -> frozenset[int]:
    lines = {squeezed(line) for line in text.split("\n")}
    whole = squeezed(text)
    taken = {
        block.number
        for block in blocks
        if block.is_text
        and block.key
        and (block.key in lines or (len(block.key) >= _EXACT and block.key in whole))
    }
    return frozenset(_without_doubles(taken, blocks))


def _without_doubles(taken: set[int], blocks: list[Block]) -> set[int]:
    """Of equal blocks the one in the container: texts stand again in teasers and menus."""
    by_key: dict[str, list[int]] = defaultdict(list)
    for number in sorted(taken):
        by_key[blocks[number].key].append(number)
    container = container_of(blocks[numbers[0]] for numbers in by_key.values() if len(numbers) == 1)
    kept = set()
    for numbers in by_key.values():
        inside = [number for number in numbers if container is not None and container in blocks[number].path]
        if len(numbers) == 1:
            kept.add(numbers[0])
        elif inside and len(blocks[numbers[0]].key) < LONG:
            kept.update(inside)  # `Yes.` may be said twice
        else:
            kept.add((inside or numbers)[0])
    return kept


def fullest_container(blocks: Iterable[Block]) -> frozenset[int]:
    """The blocks around the most running text, by a rule like Readability's: parents and grandparents "
    "score."""
    score: Counter[Part] = Counter()
    texts = [block for block in blocks if _is_running(block)]
    for block in texts:
        for level, element in enumerate(reversed(block.path[-3:])):
            score[element] += block.length // (level + 1)
    best = max(score, key=lambda element: score[element], default=None)
    return frozenset(block.number for block in texts if best in block.path)


# ── completing ────────────────────────────────────────────────────────────────────────────────────────


def siblings(layout: Layout) -> frozenset[int]:
    """Paragraphs that are built like the chosen ones, stand among them, and were left out."""
    kept = layout.in_order()
    container = container_of(kept)
    built = Counter(_build(block) for block in kept if block.length >= LONG)
    common = {build for build, number in built.items() if number >= 2}
    last = max(layout.kept, default=0)
    return frozenset(
        block.number
        for block in layout.blocks
        if block.number not in layout.kept
        and block.kind in ("p", "quote")
        and container in block.path
        and len(block.text) >= LONG
        and (block.link_share < 0.5 or (is_sentence(block) and block.number < last))
        and _build(block) in common
        and not layout.stands_in(block, _OUTSIDE)
    )


def among(layout: Layout) -> frozenset[int]:
    """What stands among the chosen paragraphs as one of them: questions, quotes, points, short lines, links.

    It is a child of the same element as two or more of them, with one of them in an element of its own, or in
    an element that stands in a row with those of two or more.
    """
    kept = layout.in_order()
    running = [block for block in kept if block.length >= LONG]
    homes = Counter(_home(block) for block in running)
    builds = Counter((home.tag, home.names) for home in homes)
    rows = Counter((home.parent, home.tag) for home, count in homes.items() if count == 1)
    said = Counter(block.key for block in layout.blocks)  # a mark of the house stands many times
    first, last = min(layout.kept, default=0), _last_of_row(kept, layout)
    return frozenset(
        block.number
        for block in layout.blocks[first : last + 1]
        if block.number not in layout.kept
        and block.kind in _RUNNING
        and len(block.text) > 1
        and (
            (
                (
                    homes[home := _home(block)] > 1
                    or (homes[home] == 1 and builds[home.tag, home.names] > 1)
                    or (homes[home] == 0 and rows[home.parent, home.tag] > 1)
                )
                and _reads_on(block)
            )
            or (said[block.key] == 1 and _is_plain_subheading(block, layout))
        )
        and (block.link_share < 0.5 or is_sentence(block))
        and not layout.stands_in(block, _OUTSIDE)
    )


def _last_of_row(kept: list[Block], layout: Layout) -> int:
    """The number of the last block, with the short sentences below it that stand as it does."""
    if not kept:
        return 0
    last = kept[-1]
    for block in layout.blocks[last.number + 1 :]:
        if (
            block.kind != "p"
            or block.linked
            or block.text[-1:] not in tuple(".!?…。")
            or not (
                _home(block) is _home(last)
                or (_home(block).parent is _home(last).parent and _build(block) == _build(last))
            )
        ):
            break
        last = block
    return last.number


def _reads_on(block: Block) -> bool:
    """Whether a block is written as a part of a text: a sentence, a point, a line in bold letters."""
    if block.kind != "p" or block.length >= LONG:
        return True
    return block.text.rstrip("'\"”»’)")[-1:] in ".!?:…。？！：" or is_bold(block)


def _is_plain_subheading(block: Block, layout: Layout) -> bool:
    """Whether a line that nothing marks stands right between two chosen paragraphs, beside both or one."""
    if (
        not 0 < block.number < len(layout.blocks) - 1
        or len(block.text) > _SUBHEADING
        or block.linked
        or block.text[-1] == "."
    ):
        return False
    if sum(map(str.isdigit, block.text)) > _YEAR:
        return False  # when, not what
    above, below = layout.blocks[block.number - 1], layout.blocks[block.number + 1]
    chosen = all(each.number in layout.kept and each.length >= LONG for each in (above, below))
    beside = {_home(block), _home(block).parent} & {_home(above), _home(below), _home(below).parent}
    return (
        chosen and bool(beside) and FURNITURE.match(block.text) is None and RELATED.match(block.text) is None
    )


def is_bold(block: Block) -> bool:
    """Whether all of a line is in bold letters."""
    return _BOLD.fullmatch(block.html) is not None


def chunks(layout: Layout) -> frozenset[int]:
    """Running text in neighbours of the container: adverts part them."""
    container = container_of(layout.in_order())
    if container is None or container.tag not in _CHUNKS or container.parent is None:
        return frozenset()
    inside: dict[Part, list[Block]] = defaultdict(list)
    first, end = min(layout.kept), len(layout.blocks)
    around = [part for part in container.around() if part is not container][:3]
    for block in layout.blocks:
        if block.number > first and _begins_another(block, layout):
            end = block.number
            break
        part = next((part for part in block.path if _is_twin(part, container, around)), None)
        if part is not None and block.is_text:
            inside[part].append(block)
    headline = next((b.number for b in layout.blocks if b.kind == "h1" and b.key in layout.titles), 0)
    return frozenset(
        block.number
        for blocks in inside.values()
        if _is_text_alone(blocks)
        for block in blocks
        if headline <= block.number < end
        and block.number not in layout.kept
        and block.kind in _RUNNING
        and (block.link_share < 0.5 or is_sentence(block))
        and not layout.stands_in(block, _OUTSIDE)
    )


def _is_twin(part: Part, container: Part, around: list[Part]) -> bool:
    """Whether a part is a neighbour of the container, or built like it not far away."""
    if part is container or part.tag != container.tag or part in around:
        return False
    if part.parent is container.parent:
        return True
    named = bool(container.names.strip()) and part.names == container.names
    return named and any(each in around for each in part.around())


def _is_text_alone(blocks: list[Block]) -> bool:
    """Whether a part holds paragraphs of running text and hardly anything else."""
    running = [block for block in blocks if block.length >= LONG and block.link_share < 0.5]
    whole = sum(block.length for block in blocks)
    return len(running) > 1 and sum(block.length for block in running) >= _TEXT_ALONE * whole


def _begins_another(block: Block, layout: Layout) -> bool:
    """Whether a block belongs to another article below this one."""
    other = any(part.tag == "article" and part not in layout.trunk for part in block.path)
    return block.kind == "h1" or other


def is_sentence(block: Block) -> bool:
    """Whether a linked paragraph is written as text: some papers link each to its story."""
    return (
        block.kind == "p"
        and len(block.text) >= _LINKED_SENTENCE
        and block.text.rstrip("'\"”»’)")[-1:] in ".!?。"
    )


def _build(block: Block) -> tuple[str | None, ...]:
    """How a paragraph is made: its element and the one around it, with their classes."""
    home = _home(block)
    return block.parent.tag, block.parent.names, home.tag, home.names


def _home(block: Block) -> Part:
    """The element whose children the paragraphs, lists and quotes are."""
    for part in reversed(block.path):
        if part.tag not in _WITHIN:
            return part
    return block.parent


def teasers(layout: Layout) -> frozenset[int]:
    """Teasers of other articles below a short one, which are longer than it.

    The headline and the first sentence of its text stand in one element. What stands outside of it, in
    several neighbours that each begin with a linked title or are one link, tells of others.
    """
    own = _own_element(layout)
    if own is None:
        return frozenset()
    around = frozenset(own.around()) - {own}
    outside = [b for b in layout.blocks if b.is_text and own not in b.path and b.path[0] in around]
    boxes: dict[Part, list[Block]] = defaultdict(list)
    for block in outside:
        for part in block.path:
            if part not in around:
                boxes[part].append(block)
    found = [part for part, blocks in boxes.items() if _begins_with_link(blocks)]
    rows = Counter((part.parent, part.tag) for part in found)
    cards = {part for part in found if rows[part.parent, part.tag] >= _TEASERS}
    links = [b for b in outside if b.link_share > _ALL_LINKED and b.number in layout.kept]
    links = links if len(links) >= _TEASERS else []
    told = {b.number for b in outside if not cards.isdisjoint(b.path)} | {b.number for b in links}
    heads = {b.number for b in outside if b.is_heading and b.number + 1 in told}
    return layout.kept & (told | heads)


def another(layout: Layout) -> frozenset[int]:
    """The article that is loaded below this one: all from its h1 on, which stands as this one's does."""
    heads = [block for block in layout.blocks if block.kind == "h1"]
    own = next((block for block in heads if block.key in layout.titles), None)
    below = next(
        (
            block
            for block in heads
            if own is not None
            and block.number > own.number
            and block.key != own.key
            and _way(block) == _way(own)
            and running_text(b for b in layout.in_order() if b.number < block.number) > LONG
        ),
        None,
    )
    return frozenset(number for number in layout.kept if below is not None and number >= below.number)


def _way(block: Block) -> list[tuple[str, str]]:
    """How a heading stands in the page: the elements around it, with their names."""
    return [(part.tag, part.names) for part in block.path]


def strays(layout: Layout) -> frozenset[int]:
    """Lines outside of the text's element that mostly link, stand in a place for other things, or are no
    sentences and follow it: addresses, offers, what is left of boxes.
    """
    kept = layout.in_order()
    container = container_of(kept)
    outside = [block for block in kept if container is not None and container not in block.path]
    last = max((block.number for block in kept if container in block.path), default=0)
    return frozenset(
        block.number
        for block in outside
        if (block.link_share >= _MOSTLY_LINKED and not is_sentence(block))
        or layout.stands_in(block, _OUTSIDE)
        or (
            block.number > last
            and block.kind in ("p", "li", "cell")
            and block.length < LONG
            and block.text[-1:] not in tuple('.!?…。？！»”"')
        )
    )


def _own_element(layout: Layout) -> Part | None:
    """The smallest element that holds the headline and a sentence below it."""
    title = next((b for b in layout.blocks if b.is_text and b.key in layout.titles), None)
    if title is None:
        return None
    for part in reversed(title.path):
        inside = (b for b in layout.blocks[title.number + 1 :] if part in b.path)
        if any(b.length >= LONG and not b.linked and b.text[-1:] in ".!?…。" for b in inside):
            return part
    return None


def _begins_with_link(blocks: list[Block]) -> bool:
    """Whether an element begins with a linked title and goes on with something else."""
    return len(blocks) > 1 and blocks[0].link_share > _ALL_LINKED and len(blocks[0].text) >= _TEASER_TITLE


def headings_between(layout: Layout) -> frozenset[int]:
    """Subheadings that stand before a chosen paragraph in the container."""
    found: set[int] = set()
    waiting: list[Block] = []
    for block in layout.blocks:
        if block.number in layout.kept:
            found.update(each.number for each in waiting)
            waiting = []
        elif block.is_heading and block.kind != "h1":
            inside = any(element in layout.trunk for element in block.path[-3:-1])
            waiting = [block] if inside and 3 < len(block.text) < 150 and block.link_share < 0.5 else []
        elif block.is_text:
            waiting = []
    first = min(layout.kept, default=0)
    return frozenset(
        number for number in found if number > first and not layout.stands_in(layout.blocks[number], _OUTSIDE)
    )


def tables_between(layout: Layout) -> frozenset[int]:
    """Tables of figures that stand whole among or below the chosen paragraphs, in the container."""
    container = container_of(layout.in_order())
    first = min(layout.kept, default=0)
    cells: dict[Part, list[Block]] = defaultdict(list)
    for block in layout.blocks[first:]:
        table = next((element for element in reversed(block.path) if element.tag == "table"), None)
        if table is not None and container in block.path and table not in layout.trunk and block.is_text:
            cells[table].append(block)
    return frozenset(
        block.number
        for inside in cells.values()
        if len(inside) >= _CELLS
        and all(block.kind == "cell" for block in inside)
        and not any(block.number in layout.kept for block in inside)
        and 2 * sum(block.linked for block in inside) < sum(len(block.text) for block in inside)
        and not any(layout.stands_in(block, _OUTSIDE) for block in inside)
        for block in inside
    )


def more_of_container(layout: Layout) -> frozenset[int]:
    """Everything of the fullest container, where the choice holds much less running text."""
    full = fullest_container(layout.blocks)
    there, here = running_text(layout.blocks[n] for n in full), running_text(layout.in_order())
    # a page with two articles has two full containers: the other one is not ours
    common = running_text(layout.blocks[n] for n in full & layout.kept)
    return full if here < 0.6 * there and common >= 0.5 * here else frozenset()


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


_LEAD = re.compile(
    r"(?:^|[\s_-])(?:lead|intro(?:duction|text)?|teaser-?text|dek|deck|standfirst|summary|sub-?(?:title|"
    r"headline|head)|abstract|"
    r"vorspann|excerpt|sapo|lede|ingress|sommario|chapo|chapeau|preamble|entradilla|bajada|"
    r"article-?desc\w*|spot|"
    r"untertitel|article_*(?:intro|lead|summary|description|perex)|perex|occhiello|description)(?:$|[\s_-])",
    re.I,
)


def _is_called_lead(block: Block) -> bool:
    return any(_LEAD.search(element.names) for element in block.path[-2:])


def _may_lead(block: Block, layout: Layout) -> bool:
    return not layout.stands_in(block, _OUTSIDE) and not any(e.tag in ("a", "li") for e in block.path)


def _once(block: Block, layout: Layout) -> frozenset[int]:
    """The block, unless the text already says it, or most of it."""
    kept = layout.in_order()
    said = "".join(each.key for each in kept)
    again = sum(len(each.key) for each in kept[:4] if each.key in block.key)
    return frozenset() if block.key in said or again > 0.6 * len(block.key) else frozenset({block.number})


def stated_body(layout: Layout) -> frozenset[int]:
    """The blocks of ld+json's articleBody, where the choice lost much of it and the page shows it."""
    stated = text_of(layout.page.linked.article.get("articleBody"))
    body = squeezed(to_text(stated) if "<" in stated else stated)
    if len(body) < 400:
        return frozenset()
    shown = [b for b in layout.blocks if b.is_text and len(b.key) >= _EXACT and _is_mostly_in(b.key, body)]
    here = sum(len(b.key) for b in shown if b.number in layout.kept)
    there = sum(len(b.key) for b in shown)
    lost = there > 0.7 * len(body) and here < 0.7 * there
    return frozenset(b.number for b in shown) if lost else frozenset()


def _is_mostly_in(key: str, body: str) -> bool:
    """Whether most pieces of a text stand in another; what is stated may hold marks of links inside."""
    if key in body:
        return True
    pieces = [key[at : at + 24] for at in range(0, len(key) - 23, 24)]
    return len(pieces) >= 3 and sum(piece in body for piece in pieces) > 0.6 * len(pieces)
