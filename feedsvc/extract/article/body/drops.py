"""What is dropped from the chosen blocks. Each rule answers with the blocks that it would drop.

Losing a paragraph is worse than keeping a button: `dropped` lets no rule take more than its share of the
running text.
"""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise
from urllib.parse import urlsplit

from feedsvc import dates
from feedsvc.extract.article.body import lines
from feedsvc.extract.article.body.blocks import Block, is_bold, is_sentence
from feedsvc.extract.article.body.labels import (
    FURNITURE,
    LETTER,
    PROMO,
    RELATED,
    RELATED_ONLY,
    RIGHTS,
    TAG_LINE,
)
from feedsvc.extract.article.body.layout import LONG, Layout, running_text
from feedsvc.extract.article.compare import squeezed, words
from feedsvc.extract.article.people import CJK_REPORT, is_full_name, names_in
from feedsvc.extract.article.words import COMMENTS, LABEL, NOT_AUTHOR, REPORT_OF
from feedsvc.extract.outline import Part
from feedsvc.extract.places import Place
from feedsvc.urls import absolute, same_site

Rule = Callable[[Layout], Iterator[Block]]
RULE_SHARE = 0.2  #: of the running text; a rule that would take more takes nothing
LINKS_SHARE = 0.6  #: … of links alone: what is wholly linked is hardly the article
BOX_SHARE = 0.15
_HEAD = 6  #: blocks that can belong to the head of an article
_SIGN = re.compile(
    r"انتهای پیام ?/?|"
    r"[(\[{]?\s?(?:red|redaksi|\*{1,5}|#{1,3})\s?[)\]}]?\.?|[*#_=~-]{2,}",
    re.I,
)
_MOSTLY_DATE = 0.4  #: share of the letters and figures of a date line that are its date
_DATE_LINE = 140  #: characters
_KICKER = 40  #: characters
_PARTS = 3  #: of a chronology at least
_ALONE = re.compile(r"(?:reporter|penulis|pewarta|wartawan|jurnalis|editor|redaktur|penyunting)\s*:?", re.I)
_TAGS_LINKED = 0.4  #: share of a line of tags, its label and commas aside
_LINKED = 0.8  #: share of a text
_ITEMS = frozenset({"li", "p", "h2", "h3", "h4"})
_BOXES = (
    Place.RELATED
    | Place.PROMO
    | Place.SHARE
    | Place.TAGS
    | Place.AUTHOR
    | Place.COMMENTS
    | Place.FORM
    | Place.SIDE
    | Place.MENU
    | Place.FOOTER
)


def titles(layout: Layout) -> Iterator[Block]:
    """The headline again, alone or with its kicker."""
    for position, block in enumerate(layout.in_order()):
        if block.key in layout.titles or (position < 4 and _ends_in_title(block, layout)):
            yield block


def _ends_in_title(block: Block, layout: Layout) -> bool:
    return any(
        len(title) > 15 and block.key.endswith(title) and len(block.key) < 1.8 * len(title)
        for title in layout.titles
    )


def kickers(layout: Layout) -> Iterator[Block]:
    """Short lines above the headline, and above the text: section, kind of the article."""
    top = next((b.number for b in layout.blocks if b.is_heading and b.key in layout.titles), 0)
    for block in layout.in_order():
        if block.number >= top or block.length >= LONG:
            return
        if len(block.text) < _KICKER:
            yield block


def beside(layout: Layout) -> Iterator[Block]:
    """Texts in boxes that are called related, promotion, share bar, tags, author, comments, form, aside.

    A box with a good part of the text in it is the article, whatever it is called.
    """
    boxes: dict[Part, list[Block]] = defaultdict(list)
    kept = layout.in_order()
    for block in kept:
        for place, element in block.places:
            if place & _BOXES and element not in layout.trunk:
                boxes[element].append(block)
    most = BOX_SHARE * running_text(kept)
    return (block for inside in boxes.values() if running_text(inside) <= most for block in inside)


def comments(layout: Layout) -> Iterator[Block]:
    """Everything below the line that readers' comments stand under."""
    kept = layout.in_order()
    running = 0
    for block in layout.blocks:
        running += block.number in layout.kept and block.length >= LONG
        if running > 1 and block.is_text and len(block.text) < _KICKER and COMMENTS.match(block.text):
            yield from (each for each in kept if each.number >= block.number)
            return


def about_authors(layout: Layout) -> Iterator[Block]:
    """What stands under a heading that names the author again, below the text: `Written by X`, `About X`."""
    known = _known(layout)
    kept = layout.in_order()
    running = 0
    for position, block in enumerate(kept):
        if running > 1 and block.is_heading and LABEL.match(block.text):
            named = set(map(words, names_in(block.text, layout.page.house, is_line=True)))
            if named and named <= known:
                yield from kept[position:]
                return
        running += block.length >= LONG


def cards(layout: Layout) -> Iterator[Block]:
    """Cards and boxes of links to other articles, with their headings, whatever they are called."""
    for block in layout.in_order():
        for part in reversed(block.path):
            if part in layout.trunk:
                break
            if part.is_card or part.is_box_of_links:
                yield block
                break


def related(layout: Layout) -> Iterator[Block]:
    """`Baca juga: …`: a label with a link, and what is linked below a label alone."""
    below = False
    kept = layout.in_order()
    for position, block in enumerate(kept):
        following = kept[position + 1] if position + 1 < len(kept) else None
        if RELATED_ONLY.match(block.text) or _heads_others(block, following):
            below = True
            yield block
        elif below and block.link_share > 0.7:
            yield block
        else:
            below = False
            if (match := RELATED.match(block.text)) and len(block.text) < 400:
                rest = len(block.text) - match.end()
                labelled = re.match(r"\s*[:：|–—>»-]", block.text[match.end() :]) is not None
                if block.linked > 0.6 * rest or (labelled and len(block.text) < 220):
                    yield block


def _heads_others(block: Block, following: Block | None) -> bool:
    """`Mehr zum Thema auf unserer Seite`: a heading that goes on a little after the label, above links."""
    match = RELATED.match(block.text) if block.is_heading else None
    if match is None or len(block.text) - match.end() > 25:
        return False
    return following is None or following.link_share > 0.5


def link_lists(layout: Layout) -> Iterator[Block]:
    """Two or more items or paragraphs in a row that are links to other pages of the site and nothing else."""
    row: list[Block] = []
    for block in [*layout.in_order(), None]:
        if (
            block is not None
            and block.link_share > _LINKED
            and block.kind in _ITEMS
            and not is_sentence(block)
            and _leads_inside(block, layout)
        ):
            row.append(block)
            continue
        if len(row) >= 2:
            yield from row
        row = []


def _leads_inside(block: Block, layout: Layout) -> bool:
    hrefs = re.findall(r'<a href="([^"]*)"', block.html)
    addresses = [absolute(layout.page.url, html.unescape(href)) for href in hrefs]
    return bool(addresses) and all(address and same_site(address, layout.page.url) for address in addresses)


def furniture(layout: Layout) -> Iterator[Block]:
    """Buttons, advertisement marks, labels of boxes, lines of tags."""
    for block in layout.in_order():
        tags = block.link_share > _TAGS_LINKED and TAG_LINE.match(block.text)
        if tags or (len(block.text) < 200 and FURNITURE.match(block.text)):
            yield block


def promotion(layout: Layout) -> Iterator[Block]:
    """Invitations to subscribe, follow or install: short ones anywhere, longer ones in the second half."""
    kept = layout.in_order()
    for position, block in enumerate(kept):
        if len(block.text) < (260 if position > len(kept) / 2 else 140) and PROMO.search(block.text):
            yield block
        elif block.is_heading and LETTER.match(block.text) and len(block.path) > 1:
            box = block.path[-2]  # a box for a letter by mail: all of it
            yield from (each for each in kept if box not in layout.trunk and box in each.path)


def rights(layout: Layout) -> Iterator[Block]:
    """`Dilarang keras mengambil konten …`, below the text."""
    return (block for block in layout.in_order()[-4:] if len(block.text) < 400 and RIGHTS.search(block.text))


def date_lines(layout: Layout) -> Iterator[Block]:
    """Date lines above the text, with the byline that may stand in them: `KAMIS, … WIB | LAPORAN: X`."""
    kept = layout.in_order()
    chronology = _chronology(kept, layout.page.language)
    for position, block in enumerate(kept):
        if block.number in chronology:
            continue
        if position < _HEAD and _says_when(block, layout) and not _heads_a_part(kept, position):
            yield block
            continue
        if position == 0 and block.is_heading and dates.is_date(block.text):
            yield block
            continue
        if len(block.text) >= 120 or not re.search(r"\d{2}", block.text):
            continue
        if block.kind == "cell" or block.is_heading or _heads_a_part(kept, position):
            continue  # a table of times, a chronology
        if position < _HEAD and (_is_date_line(block.text, layout) or _is_mostly_date(block.text, layout)):
            yield block
        elif _ends_with_a_clock(block.text) and dates.is_date(block.text, layout.page.language):
            yield block  # of a teaser: no sentence is a day with a year and a clock


def _says_when(block: Block, layout: Layout) -> bool:
    """Whether a short line of the head is the line that dates the article, or a part of it."""
    if (
        block.is_heading
        or len(block.text) >= _DATE_LINE
        or lines.ends_as_sentence(block.text)
        or not re.search(r"\d", block.text)
    ):
        return False
    return any(block.key in line or line in block.key for line in layout.date_lines)


def _chronology(kept: list[Block], language: str) -> set[int]:
    """Lines that date the parts of a text: three or more alike, each above running text."""
    found = [
        block
        for block, below in pairwise(kept)
        if below.length >= LONG
        and (block.is_heading or is_bold(block) or block.kind == "p")
        and len(block.text) < _KICKER
        and dates.is_date(block.text.rstrip(":"), language)
    ]
    alike = Counter((block.kind, block.parent.tag, block.parent.names) for block in found)
    return {
        block.number for block in found if alike[block.kind, block.parent.tag, block.parent.names] >= _PARTS
    }


def _heads_a_part(kept: list[Block], position: int) -> bool:
    """Whether a line in bold letters stands between paragraphs of running text, as a subheading does."""
    around = kept[max(0, position - 1) : position] + kept[position + 1 : position + 2]
    return (
        len(around) == 2
        and is_bold(kept[position])
        and all(block.kind == "p" and block.length >= LONG for block in around)
    )


def _is_date_line(text: str, layout: Layout) -> bool:
    if dates.is_date(text, layout.page.language):
        return True
    parts = [part.strip() for part in re.split(r"[|•·]", text)]
    rest = [part for part in parts if not LABEL.match(part) and words(part) not in _known(layout)]
    return len(rest) < len(parts) and dates.is_date(" ".join(rest), layout.page.language)


def _ends_with_a_clock(text: str) -> bool:
    """Whether the last words are a time of day, and a year stands before them."""
    clock = re.search(r"\d:\d\d$", text)
    return clock is not None and re.search(r"\d{4}", text[: clock.start()]) is not None


def _is_mostly_date(text: str, layout: Layout) -> bool:
    """`Kabar Kini Submitted on Sun, 2021-04-25 18:30`: no sentence, and most of it is the date."""
    if text[-1] in ".!?。":
        return False
    found = dates.find(text, language=layout.page.language)
    return found is not None and found.fill >= _MOSTLY_DATE


def _known(layout: Layout) -> set[str]:
    return set(map(words, layout.authors))


def bylines(layout: Layout) -> Iterator[Block]:
    """Lines at the ends that name the reporters, the editor or the photographer and say nothing else."""
    kept = layout.in_order()
    known = _known(layout)
    labelled_alone = False
    for position, block in enumerate(kept):
        if position < _HEAD and _ALONE.fullmatch(block.text):
            labelled_alone = True  # the name is in the next line
            yield block
            continue
        if labelled_alone and len(block.text) < _KICKER and is_full_name(block.text):
            yield block
        labelled_alone = False
        if (position < 4 or position >= len(kept) - 4) and len(block.text) < 90:
            named = set(map(words, names_in(block.text.replace("/", ", "), layout.page.house, is_line=True)))
            only_names = named and named <= known and len("".join(named)) > 0.4 * len(block.text)
            is_labelled = len(block.text) < 60 and LABEL.match(block.text) is not None
            labelled = is_labelled and named and (position < 4 or named <= known)
            others = re.match(r"[^:：]{2,25}[:：]", block.text) and NOT_AUTHOR.match(block.text)
            report = REPORT_OF.match(block.text) or (
                len(block.text) < _KICKER and CJK_REPORT.search(block.text)
            )
            if only_names or labelled or others or report:
                yield block


def signatures(layout: Layout) -> Iterator[Block]:
    """The newsroom's address or sign in a last line of its own: `kabar kini dot id`, `(red)`, `***`."""
    host = squeezed((urlsplit(layout.page.url).hostname or "").removeprefix("www."))
    last = layout.in_order()[-1:]
    return (
        block
        for block in last
        if squeezed(re.sub(r"\bdot\b", " ", block.text)) == host or _SIGN.fullmatch(block.text)
    )


def orphans(layout: Layout) -> Iterator[Block]:
    """Headings at the end with nothing below them: their boxes are gone."""
    for block in reversed(layout.in_order()):
        if not block.is_heading:
            return
        yield block


#: In this order; the name is for measuring each rule alone
RULES: tuple[tuple[str, Rule], ...] = (
    ("comments", comments),
    ("cards", cards),
    ("about_authors", about_authors),
    ("titles", titles),
    ("kickers", kickers),
    ("captions", lines.captions),
    ("beside", beside),
    ("asks", lines.asks),
    ("related", related),
    ("link_lists", link_lists),
    ("teasers", lines.teasers),
    ("furniture", furniture),
    ("of_cards", lines.of_cards),
    ("bars", lines.bars),
    ("counters", lines.counters),
    ("credits", lines.credits_of_pictures),
    ("promotion", promotion),
    ("rights", rights),
    ("date_lines", date_lines),
    ("bylines", bylines),
    ("signatures", signatures),
    ("orphans", orphans),
)


def dropped(layout: Layout, rule: Rule) -> frozenset[int]:
    """The blocks that a rule drops; none if they hold more than its share of the running text."""
    found = list(rule(layout))
    if running_text(found) > RULE_SHARE * running_text(layout.in_order()):
        return frozenset()
    return frozenset(block.number for block in found)
