"""From the text of a page to its lists: every step of the way in its order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from feedsvc import dates
from feedsvc.extract import html
from feedsvc.extract.listing import ranking, roles, unlinked
from feedsvc.extract.listing.articles import Articles
from feedsvc.extract.listing.blocks import Block, BlockMaker
from feedsvc.extract.listing.cards import Grouping
from feedsvc.extract.listing.confidence import of_box, of_main
from feedsvc.extract.listing.dating import Dating
from feedsvc.extract.listing.details import image_of, summary_of
from feedsvc.extract.listing.headings import Headings
from feedsvc.extract.listing.judging import judge
from feedsvc.extract.listing.landmarks import Landmarks
from feedsvc.extract.listing.links import Link, find_links, reasons
from feedsvc.extract.listing.meta import Meta, read_meta
from feedsvc.extract.listing.page import Page
from feedsvc.extract.listing.paging import Paging, find_paging
from feedsvc.extract.listing.selector import Selectors
from feedsvc.extract.listing.titles import Titles
from feedsvc.extract.listing.verdict import judge_page
from feedsvc.model import FoundList, Headline, PageReading


def read(
    text: str,
    *,
    url: str,
    language: str = "",
    zone: ZoneInfo | None = None,
    now: datetime | None = None,
) -> PageReading:
    """The lists of a page: its main list, its boxes with their headings, and where it goes on.

    `text`: the page's HTML; `url`: its address, from which relative ones are resolved; `language`: where the
    page does not declare one; `zone`: of printed times without one (else guessed from `url` and language,
    else UTC, which their `flags` say); `now`: when the page was read, for "3 hours ago" (else this moment).
    Raises ReadError (TOO_LARGE, TOO_DEEP) for what is no news page.
    """
    tree = html.parse(text)
    meta = read_meta(tree, url)
    language = language or meta.language
    zone = zone or dates.home_zone(url, language) or ZoneInfo("UTC")
    page = Page(tree.body or tree.root)
    reader = _Reader(page, meta, url, Dating(language, zone, now or datetime.now(UTC), page.texts))
    return reader.read(text)


class _Reader:
    """One reading of one page."""

    def __init__(self, page: Page, meta: Meta, url: str, dating: Dating) -> None:
        self._page = page
        self._meta = meta
        self._url = url
        self._dating = dating
        self._selectors = Selectors(page)

    def read(self, text: str) -> PageReading:
        """The reading; `text` is the page's HTML."""
        page, meta = self._page, self._meta
        landmarks = Landmarks(page)
        links = find_links(page, self._url, meta.base)
        judge(page, links, landmarks, self._dating.is_date)
        unlinked.adopt(page, links, landmarks, self._dating.is_date)
        paging = find_paging(page, links, self._url, meta.next)
        blocks = self._blocks(links, landmarks)
        ranking.score(blocks, page, landmarks, self._url, paging.pagers)
        chosen = roles.assign(blocks)
        verdict = judge_page(text, page, meta, self._url, landmarks, blocks, chosen)
        listed = verdict.kind == "ok"
        lists = [self._found(box, "box", of_box(box)) for box in chosen.boxes]
        if listed and chosen.main is not None:
            lists.insert(0, self._found(chosen.main, "main", of_main(chosen.main, chosen)))
        elif chosen.best is not None and chosen.best not in chosen.boxes:
            lists.insert(0, self._found(chosen.best, "box", of_box(chosen.best)))
        return PageReading(
            url=self._url,
            lists=tuple(lists),
            verdict=verdict.kind,
            hint=verdict.hint,
            older=self._older(paging, blocks, chosen.main if listed else None),
            rejected=_frozen(reasons(links)),
            language=meta.language,
            canonical=meta.canonical,
        )

    def _blocks(self, links: list[Link], landmarks: Landmarks) -> list[Block]:
        keys = {link.key for link in links if link.accepted}
        articles = Articles(self._page, [link for link in links if link.key in keys])
        headings = Headings(self._page, landmarks, self._dating.is_date)
        runs = Grouping(articles, headings).runs()
        titles = Titles(articles, links, self._dating)
        return BlockMaker(articles, titles, headings, self._dating).make(runs)

    def _older(self, paging: Paging, blocks: list[Block], main: Block | None) -> tuple[str, ...]:
        """The pages that follow the main list's."""
        if main is None:
            return ()
        end = self._page.elements[main.items[-1].card.last].end
        until = min((block.first for block in blocks if block.first >= end), default=len(self._page.elements))
        return paging.older(end, until, frozenset(item.key for block in blocks for item in block.items))

    def _found(self, block: Block, role: str, confidence: float) -> FoundList:
        return FoundList(
            role=role,
            heading=block.heading,
            items=tuple(self._headlines(block)),
            score=round(block.score, 2),
            confidence=confidence,
            why="; ".join(block.why),
            select=self._selectors.of(block),
        )

    def _headlines(self, block: Block) -> list[Headline]:
        page, found = self._page, []
        for item in block.items:
            first, last = page.elements[item.card.first], page.elements[item.card.last]
            found.append(
                Headline(
                    url=item.link.url,
                    title=item.title,
                    published=item.published,
                    doubt=item.doubt,
                    summary=summary_of(page, first.start, last.stop, item.skip, item.title, self._dating),
                    image=image_of(page, first.index, last.end, self._meta.base),
                )
            )
        return found


def _frozen(counts: Mapping[str, int]) -> Mapping[str, int]:
    return MappingProxyType(dict(counts))
