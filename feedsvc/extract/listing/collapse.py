"""Sibling records that lead to several articles: which of their links is the title's?

`<li><a>headline</a> <a>keyword</a></li>`: the keyword's link looks like an article's by itself; seen over all
records it is the lesser one, and the record is one card.
"""

from __future__ import annotations

from collections import defaultdict

from feedsvc.extract.listing.articles import NONE, SEVERAL, Articles
from feedsvc.extract.listing.links import Link, Signature
from feedsvc.extract.listing.page import Page
from feedsvc.extract.listing.words import SECONDARY

_FEWEST = 3  #: records, below which nothing can be seen
_NEARLY_ALL = 0.8
_FURTHER = 2.5  #: links beside the title's that a record may have, in the mean
_MOST_LINKS = 40  #: a record that leads to more articles is a list itself
Kind = tuple[Signature, bool]  #: how a link looks, and whether it is a heading


def chosen_keys(articles: Articles) -> dict[int, int]:
    """The article of each element that leads to several but is one record.

    Records are alike wherever they stand: side by side, in rows, in columns.
    """
    groups: defaultdict[tuple[int, frozenset[str]], list[int]] = defaultdict(list)
    for element in articles.page.elements[1:]:
        if articles.below[element.index] != NONE and articles.below[element.parent] == SEVERAL:
            groups[element.path, element.stable].append(element.index)
    chosen: dict[int, int] = {}
    for records in groups.values():
        several = [record for record in records if articles.below[record] < 0]
        if len(records) < _FEWEST or not several:
            continue
        links = {record: _accepted(articles, record) for record in several}
        if all(len(found) <= _MOST_LINKS for found in links.values()):
            chosen |= _by_kind(articles, records, links) or _by_length(articles, records, links)
    return chosen


def _accepted(articles: Articles, record: int) -> list[Link]:
    found: list[Link] = []
    until = _related(articles.page, record)
    for link in articles.within(record, until):
        if link.accepted:
            found.append(link)
            if len(found) > _MOST_LINKS:
                break
    return found


def _related(page: Page, record: int) -> int:
    """Where a box of related articles begins below the title of a record, else where the record ends."""
    end = page.elements[record].end
    headings = page.headings_within(record, end)
    return next((at for at in headings[1:] if SECONDARY.search(page.text(at))), end)


def _by_length(articles: Articles, records: list[int], links: dict[int, list[Link]]) -> dict[int, int]:
    """One long link and short ones (keywords, section, author): the long one is the title."""
    chosen: dict[int, int] = {}
    for record, found in links.items():
        widths: dict[str, int] = {}
        for link in found:
            widths[link.key] = max(widths.get(link.key, 0), link.width)
        order = sorted(widths, key=widths.__getitem__, reverse=True)
        if not order:
            continue
        longest, second = widths[order[0]], widths[order[1]] if len(order) > 1 else 0
        if len(order) == 1 or (longest >= 16 and second < 24 and longest >= 2 * second):
            chosen[record] = articles.numbers[order[0]]
    unclear = len(links) - len(chosen)
    return chosen if unclear <= (1 - _NEARLY_ALL) * len(records) else {}


def _by_kind(articles: Articles, records: list[int], links: dict[int, list[Link]]) -> dict[int, int]:
    """The kind of link that nearly every record has once, and that stands out from the other kinds."""
    all_links = links | {r: _accepted(articles, r) for r in records if r not in links}
    single: defaultdict[Kind, int] = defaultdict(int)  # records that have one link of the kind …
    found: defaultdict[Kind, int] = defaultdict(int)  # … that have any
    widths: defaultdict[Kind, list[int]] = defaultdict(list)
    further = 0
    for its_links in all_links.values():
        keys: defaultdict[Kind, set[str]] = defaultdict(set)
        for link in its_links:
            kind = (link.signature, link.in_heading)
            keys[kind].add(link.key)
            widths[kind].append(link.width)
        for kind, its in keys.items():
            single[kind] += len(its) == 1
            found[kind] += 1
        further += len({link.key for link in its_links}) - 1
    usual = [kind for kind, n in single.items() if n >= _NEARLY_ALL * len(records)]
    if not usual:
        return {}
    mean = {kind: sum(its) / len(its) for kind, its in widths.items()}
    best = max(usual, key=lambda kind: (kind[1], mean[kind]))
    # posts in full hold many links, of kinds that other posts have not; sections hold the same kinds
    in_full = best[1] and all(found[kind] < 0.5 * len(records) for kind in widths if kind != best)
    if further > _FURTHER * len(records) and not in_full:
        return {}
    for kind in widths:
        heading_over_text = best[1] and not kind[1]
        # other headings that most records have are headlines too: a column of a section's articles
        rare = (found if kind[1] else single)[kind] < 0.5 * len(records)
        if kind != best and not (heading_over_text or rare or mean[kind] < 0.7 * mean[best]):
            return {}
    return {
        record: articles.numbers[link.key]
        for record, its_links in links.items()
        for link in reversed(its_links)
        if (link.signature, link.in_heading) == best
    }
