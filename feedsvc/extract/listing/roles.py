"""Which of the ranked lists are the page's own news, and which are boxes."""

from __future__ import annotations

from dataclasses import dataclass

from feedsvc.extract.listing.blocks import Block, Item

CONTENT = 0.8  #: standing from which a list counts as the page's own content
_ASIDE = 0.45  #: standing below which a list is never the page's, where another stands in the content
_FEWEST_BLOCKS = 3  #: a page of fewer is no page of many blocks
_DOMINANT = 0.5  #: share of all blocks' score from which one list is the page's list
_PAGED_RIVER = 4  #: cards of a river that older pages follow, at least
_DATED_RIVER = 6  #: cards of the only list with dates, at least: menus, tickers and boxes have none
_RIVER = 8  #: cards of another river at least …
_RIVER_LEAD = 1.5  #: … this many times those of the next list …
_RIVER_SHARE = 0.42  #: … and this share of all blocks' score
_PAGED_SHARE = 0.25  #: share of a river that older pages follow
_DATED, _DRESSED = 0.8, 0.2  #: shares of cards with a date, and with anything beside their titles
_HERO_WIDTH = 20  #: width of a lone card's title at least
_HERO_CARDS = 3  #: a hero of lone cards is no more than this many …
_HERO_GRID = 6  #: … one with a grid beside the big card this many


@dataclass(frozen=True, slots=True)
class Roles:
    """What the lists of a page are to it."""

    main: Block | None  #: its items in page order; None where there is no list
    best: Block | None  #: the list that stands out most, alone
    boxes: list[Block]  #: the others, best first; of a page of many blocks all of them


def assign(blocks: list[Block]) -> Roles:
    """Choose the main list among scored blocks (in document order)."""
    several = [block for block in blocks if len(block.items) >= 2]
    news = [block for block in several if not _is_menu(block)]
    if all(block.standing < CONTENT for block in news):  # short names are what such a page is a list of
        news = [block for block in several if block in news or block.standing >= CONTENT]
    lists = _once(news)
    if not lists:
        return Roles(None, None, [])
    own = any(block.standing >= CONTENT and len(block.items) > 2 for block in lists)
    ranked = sorted(lists, key=lambda block: (own and block.standing < _ASIDE, -block.score))
    best = ranked[0]
    if (dated := _only_dated(lists, best)) is not None:
        best = dated
        ranked = [best, *(block for block in ranked if block is not best)]
    content = [block for block in blocks if block.standing >= CONTENT and _is_news(block)]
    foremost = best
    if best.standing < CONTENT and best.score < _RIVER_SHARE * sum(block.score for block in content):
        foremost = max(content, key=lambda block: block.score)  # a long side list beside many blocks
    if _is_many_blocks(foremost, content):
        return Roles(_union(content), best, ranked)
    heroes = _heroes(best, blocks)
    return Roles(_union([*heroes, best]) if heroes else best, best, ranked[1:])


def _only_dated(lists: list[Block], best: Block) -> Block | None:
    """The only list of the content that dates its cards, where `best` is none and not far longer.

    News are dated; previews in menus, tickers and ranks mostly are not, however rich they are.
    """
    dated = [
        block
        for block in lists
        if block.standing >= CONTENT and block.dated >= _DATED and len(block.items) >= _DATED_RIVER
    ]
    if len(dated) != 1 or best.dated >= _DRESSED or len(best.items) > _RIVER_LEAD * len(dated[0].items):
        return None
    return dated[0]


def _is_menu(block: Block) -> bool:
    return block.width < 16 and block.dated < 0.5


def _is_news(block: Block) -> bool:
    if len(block.items) > 1:
        return not _is_menu(block)
    # a lone card is news where it is dressed like one
    return block.width >= _HERO_WIDTH and (block.headed == 1 or (block.pictured == 1 and block.outside == 0))


def _once(blocks: list[Block]) -> list[Block]:
    """Without second copies of a list under one heading (for phones, for print)."""
    seen: set[tuple[frozenset[str], str]] = set()
    kept = []
    for block in blocks:
        mark = (block.keys, block.heading)
        if mark not in seen:
            seen.add(mark)
            kept.append(block)
    return kept


def _is_many_blocks(best: Block, content: list[Block]) -> bool:
    blocks = [block for block in content if len(block.items) >= 2]
    if len(blocks) < _FEWEST_BLOCKS or best.standing < CONTENT or any(block.named for block in blocks):
        return False
    if best.dated >= _DATED and sum(not _is_bare(block) for block in blocks) < _FEWEST_BLOCKS:
        return False
    sizes = sorted((len(block.items) for block in blocks if block is not best), reverse=True)
    cards, most = len(best.items), sizes[0]
    if best.dated >= _DATED and cards >= _DATED_RIVER and not any(_rivals(block, best) for block in blocks):
        return False
    share = best.score / sum(block.score for block in content)
    if best.paged and cards >= _PAGED_RIVER:
        return share < _PAGED_SHARE
    if cards >= _RIVER and best.dated >= 0.8 and cards >= _RIVER_LEAD * most:
        return share < _RIVER_SHARE
    return share < _DOMINANT


def _rivals(block: Block, best: Block) -> bool:
    """Whether a list dates its cards too, and is not much shorter than the best one, or is far longer."""
    dated = block.dated >= _DATED and 2 * len(block.items) > len(best.items)
    return block is not best and (dated or len(block.items) > _RIVER_LEAD * len(best.items))


def _is_bare(block: Block) -> bool:
    """Whether a list shows its headlines only: beside dated news it is a box."""
    return max(block.dated, block.pictured, block.headed) < _DRESSED


def _heroes(best: Block, blocks: list[Block]) -> list[Block]:
    """The few big cards right above the best list: lone ones, or one with a grid of small ones beside it.

    A lead's related links, bare and without a heading, go with it.
    """
    above = [b for b in blocks if b.first < best.first and b.standing >= CONTENT and b is not best]
    heroes: list[Block] = []
    for place in range(len(above) - 1, -1, -1):
        block = above[place]
        cards = len(block.items) + sum(len(hero.items) for hero in heroes)
        grid = len(block.items) > 1
        related = grid and place > 0 and _is_related(block, above[place - 1])
        if grid and not related and not _is_grid(block, heroes):
            break
        most = _HERO_GRID if grid or any(len(hero.items) > 1 for hero in heroes) else _HERO_CARDS
        if cards > most or not _is_news(block) or 2 * cards > len(best.items):
            break
        heroes.insert(0, block)
    # a grid or a slider alone, without the big card, is a list of its own
    return heroes if any(len(hero.items) == 1 for hero in heroes) else []


def _is_grid(block: Block, heroes: list[Block]) -> bool:
    return not (block.heading or min(block.pictured, block.headed) < 1 or block.outside or heroes)


def _is_related(block: Block, lead: Block) -> bool:
    bare = not block.heading and max(block.pictured, block.headed) == 0
    return bare and len(lead.items) == 1 and _is_news(lead)


def _union(blocks: list[Block]) -> Block:
    """One list of the cards of several, in page order, each article once."""
    items: list[Item] = []
    seen: set[str] = set()
    for block in sorted(blocks, key=lambda block: block.first):
        for item in block.items:
            if item.key not in seen:
                seen.add(item.key)
                items.append(item)
    best = max(blocks, key=lambda block: block.score)
    named = best.heading if len(blocks) <= _HERO_CARDS else ""
    union = Block(items, container=0, heading=named, score=sum(block.score for block in blocks))
    union.why = [f"{len(blocks)} blocks of the content column together", *best.why[:1]]
    return union
