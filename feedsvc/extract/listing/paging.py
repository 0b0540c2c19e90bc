"""Links to the older pages of a list: next, numbers, "more"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlsplit

from feedsvc import urls
from feedsvc.extract.listing.links import Link
from feedsvc.extract.listing.page import Page, fold_space
from feedsvc.extract.listing.words import MORE, NEXT

_ARROW = re.compile(r"\W*(?:›|»|>|>>|→|▶|►)\W*")
_NUMBER = re.compile(r"\d{1,4}")
_DIGITS = re.compile(r"\d+")
_OFFSET = re.compile(r"(?:start|offset|from|skip)=", re.I)
_OFFSET_IN_PATH = re.compile(r"\d{1,5}")
_NAMED = re.compile(r"pag(?:e|ing|in|er)|nav-?(?:links|previous|next)|older|next", re.I)
_PAGE = (
    r"(?:p|pn|pg|paged?|page[-_]?(?:no|num|number|nr|index)|current[-_]?page|hal|halaman|seite|sid[ae]|sivu"
    r"|p[aá]gin[ae]|strona|str[aá]nka?|sayfa|oldal|trang)"
)
_PAGE_IN_PATH = re.compile(rf"/{_PAGE}[/_-]?(\d{{1,4}})(?:\.html?)?$", re.I)
_PAGE_IN_QUERY = re.compile(rf"{_PAGE}=(\d{{1,4}})", re.I)
_APART = 60  #: elements between the links of one pager
_MOST = 20  #: addresses that are given


@dataclass(frozen=True, slots=True)
class Pager:
    """Neighbouring links to the following pages of one list."""

    at: int  #: element of the first of them
    older: tuple[str, ...]  #: addresses, nearest first


@dataclass(frozen=True, slots=True)
class Paging:
    """Where a page leads to older articles."""

    pagers: tuple[Pager, ...]  #: in document order
    declared: str  #: `link rel=next`, or ""
    more: tuple[Link, ...]  #: "more" links, which may belong to any list

    def older(self, end: int, until: int, articles: frozenset[str]) -> tuple[str, ...]:
        """The older pages of a list that ends at element `end`, before the next list at `until`, in order.

        They are what the head declares and what the first pager after the list leads to (or the fullest one,
        where none stands after it); failing these, a "more" link right after the list.
        `articles`: the keys of what no "more" link leads to.
        """
        found = [self.declared] if self.declared else []
        after = [pager for pager in self.pagers if pager.at >= end]
        if after:
            found += after[0].older
        elif self.pagers:
            found += max(self.pagers, key=lambda pager: len(pager.older)).older
        if not found:
            near = (link for link in self.more if end <= link.at < min(until, end + _APART))
            found += [link.url for link in near if link.key not in articles][:1]
        return tuple(dict.fromkeys(found))[:_MOST]


def find_paging(page: Page, links: Sequence[Link], url: str, declared: str) -> Paging:
    """The paging of the page. `declared`: the address of its `link rel=next`, or ""."""
    own = urls.key(url) if url else ""
    candidates = [link for link in links if not link.outside and link.key != own]
    runs = _numbered(candidates, url)
    following = [link for link in candidates if _says_next(page, link)]
    kept = [link for link in following if _is_marked(page, link) or _same_pattern(link.url, url, runs)]
    numbered = {link.at for run in runs for link in run}
    turning = (link for link in candidates if link.at not in numbered and turns_page(link.url, url))
    kept = sorted({link.at: link for link in [*kept, *turning]}.values(), key=lambda link: link.at)
    more = tuple(link for link in candidates if MORE.match(link.text))
    return Paging(tuple(_pagers(runs, kept)), declared, more)


def _pagers(runs: Sequence[list[Link]], following: Sequence[Link]) -> list[Pager]:
    """Runs of numbers, each with the "next" beside it, and lone "next" links."""
    pagers = []
    alone = list(following)
    for run in runs:
        beside = [link for link in alone if run[0].at - _APART <= link.at <= run[-1].at + _APART]
        alone = [link for link in alone if link not in beside]
        pagers.append(Pager(run[0].at, tuple(dict.fromkeys(link.url for link in [*beside, *run]))))
    pagers += [Pager(link.at, (link.url,)) for link in alone]
    return sorted(pagers, key=lambda pager: pager.at)


def _says_next(page: Page, link: Link) -> bool:
    attrs = page.elements[link.at].attrs
    if "next" in (attrs.get("rel") or "").lower().split():
        return True
    label = fold_space(attrs.get("aria-label") or attrs.get("title") or "")
    text = link.text
    return bool((text and (NEXT.match(text) or _ARROW.fullmatch(text))) or (label and NEXT.match(label)))


def _is_marked(page: Page, link: Link) -> bool:
    """Whether markup says "next page" too: a lone arrow may as well turn a slider."""
    if "next" in (page.elements[link.at].attrs.get("rel") or "").lower().split():
        return True
    near = " ".join(element.marks for element in page.above(link.at, 5))
    return _NAMED.search(near) is not None


def _same_pattern(target: str, url: str, runs: Sequence[list[Link]]) -> bool:
    shapes = {_DIGITS.sub("0", urls.key(run[0].url)) for run in runs}
    return _DIGITS.sub("0", urls.key(target)) in shapes or _page_number(target) == _page_number(url) + 1


def turns_page(target: str, url: str) -> bool:
    """Whether an address is this page's own with the next page's number, whatever the link says."""
    here, own = _without_number(url)
    there, number = _without_number(target)
    return number == own + 1 and there == here


def _without_number(url: str) -> tuple[tuple[str, tuple[str, ...]], int]:
    """The path and query of an address without the number of its page, and that number; 1 if it has none."""
    parts = urlsplit(url)
    number = 1
    path = parts.path.rstrip("/")
    if match := _PAGE_IN_PATH.search(path):
        number, path = int(match[1]), path[: match.start()]
    kept = []
    for pair in parts.query.split("&"):
        if match := _PAGE_IN_QUERY.fullmatch(pair):
            number = int(match[1])
        elif pair:
            kept.append(pair)
    return (path, tuple(sorted(kept))), number


def _page_number(url: str) -> int:
    match = re.search(r"(?:page|paged|hal|seite|p|pg)[=/_-]?(\d{1,4})(?:\D|$)", url, re.I)
    return int(match[1]) if match else 1


def _numbered(links: Sequence[Link], url: str) -> list[list[Link]]:
    """Runs of numbered links whose addresses differ only in numbers, without the pages up to this one."""
    runs: list[list[Link]] = []
    shape = ""
    for link in links:
        if not _NUMBER.fullmatch(link.text):
            continue
        its = _DIGITS.sub("0", urls.key(link.url))
        last = runs[-1][-1] if runs else None
        if last and link.at - last.at <= _APART and its == shape and int(link.text) > int(last.text):
            runs[-1].append(link)
        else:
            runs.append([link])
            shape = its
    paged = [run for run in runs if _counts_pages(run, url)]
    following = ([link for link in run if int(link.text) > _current(run, url)] for run in paged)
    return [run for run in following if run]


def _counts_pages(run: Sequence[Link], url: str) -> bool:
    """Whether the numbers are those of pages, not of comments or votes: they count on, and lead there."""
    numbers = [int(link.text) for link in run]
    steps = [after - before for before, after in pairwise(numbers)]
    counting = numbers[0] == 2 or (len(run) > 1 and steps.count(1) >= max(1, len(steps) - 2))
    leading = sum(_leads_to(link.url, int(link.text)) for link in run)
    return counting and (2 * leading >= len(run) or _lead_to_offsets(run, url))


def _lead_to_offsets(run: Sequence[Link], url: str) -> bool:
    """Whether page n is at the own address with (n - 1) times what a page holds: 3 at /politik/20."""
    here = urls.key(url).rstrip("/")
    sizes = set()
    for link in run:
        front, _, offset = urls.key(link.url).rstrip("/").rpartition("/")
        if front not in (here, here.rpartition("/")[0]) or not _OFFSET_IN_PATH.fullmatch(offset):
            return False
        sizes.add(int(offset) / max(1, int(link.text) - 1))
    return len(sizes) == 1 and sizes.pop() in range(2, 101)


def _leads_to(url: str, number: int) -> bool:
    said = {int(digits) for digits in _DIGITS.findall(url) if len(digits) <= 4}
    return number in said or number - 1 in said or _OFFSET.search(url) is not None


def _current(numbered: Sequence[Link], url: str) -> int:
    """The number of this page: the one that is missing among the links, else 1."""
    said = {int(link.text) for link in numbered}
    here = _page_number(url)
    if here > 1 or here not in said:
        return here
    return next((n for n in range(1, max(said)) if n not in said), 1)
