"""What a site offers for feeds: sections of its menu, boxes of its home page, feeds, sitemap, WordPress.

A menu entry is a section if the page behind it shows a list of articles that no other one shows; its name
says nothing. Each candidate says why it was taken, or why not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from feedsvc import urls
from feedsvc.errors import FeedsvcError
from feedsvc.model import Draft, Fetched, FoundList, Headline, MenuLink, PageReading, SiteReading
from feedsvc.plugin_api import FeedReading, Job, Reading, Request, SitemapReading

MAX_PAGES = 24  #: menu entries that are polled
LEAST = 4  #: articles of a list that is worth a feed of its own
LEAST_BOX = 3
FEW_SURE = 0.3  #: confidence of a list of fewer: it may be a part of one
SAME = 0.7  #: share of a list's articles in another one, from which on both are one
IN_FEED, OF_FEED = (
    0.4,
    0.5,
)  #: shares of a page's and of a feed's articles in the other: the feed is the page's
GATHERS = 3  #: other sections whose articles an overview shows
MAX_FEEDS = 16  #: feeds that are polled
SHOWN = 3  #: headlines that a person sees of each candidate

Get = Callable[[Request], Fetched]
Read = Callable[[Job], Reading]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Something that may become a section or a box."""

    table: str  #: section | box
    kind: str  #: page | feed | sitemap | wordpress
    title: str
    url: str
    box: str = ""  #: the heading, of a box of a page
    ranked: bool = False
    language: str = ""  #: that its page declares, where it is not the site's
    count: int = 0  #: articles that it shows now
    dated: int = 0  #: of them, how many carry a date
    newest: tuple[Headline, ...] = ()  #: at most SHOWN
    confidence: float = 0.0  #: 0 to 1
    why: str = ""
    chosen: bool = True
    items: frozenset[str] = field(default=frozenset(), repr=False)  #: keys of the addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A site and its candidates, in the order of its menu."""

    site: SiteReading
    candidates: tuple[Candidate, ...]
    notes: tuple[str, ...] = ()  #: what could not be looked at, for people


class Surveyor:
    """Polls a site's home page and what its menu leads to, one request after the other."""

    def __init__(
        self, get: Get, read: Read, *, now: datetime, watch: Callable[[str], None] = lambda url: None
    ) -> None:
        self._get = get
        self._read = read
        self._now = now
        self._watch = watch
        self._notes: list[str] = []

    def survey(self, url: str, *, pages: int = MAX_PAGES) -> Survey:
        """Everything that `url`, a site's home page, leads to. Raises SourceError where it cannot be read."""
        fetched = self._get(Request(url=url))
        site = self._site(fetched)
        home = self._page(fetched, site)
        headlines = {urls.key(item.url) for found in home.lists for item in found.items}
        feeds = list(site.feeds)
        sections: list[Candidate] = []
        for link in [link for link in site.links if urls.key(link.url) not in headlines][:pages]:
            answer = self._ask(link)
            if answer is None:
                continue
            if "html" not in answer.media_type and answer.media_type:
                feeds.append(MenuLink(url=answer.url, title=link.title))
                continue
            section = self._section(link, answer, site)
            if section is not None:
                there = self._site(answer)
                feeds += there.feeds
                other = there.language if there.language != site.language else ""
                sections.append(replace(section, language=other))
        known = [feed for link in _once(feeds)[:MAX_FEEDS] if (feed := self._feed(link, site)) is not None]
        sections = _distinct([_by_feed(section, known) for section in sections])
        boxes = [_of_box(found, home.url) for found in home.lists if found.role == "box" and found.heading]
        boxes = [_beside(box, sections) for box in boxes if box.count >= LEAST_BOX]
        whole = _first_alone([*self._whole(site, known, sections), *_of_home(home, site)])
        if any(section.chosen for section in sections):
            whole = [
                replace(one, chosen=False, why=f"{one.why}; the sections bring the same") for one in whole
            ]
        return Survey(site=site, candidates=(*sections, *boxes, *whole), notes=tuple(self._notes))

    def look(self, url: str) -> list[Candidate]:
        """What one address may become, the best first: its list or its feed, the boxes of a page, its feeds.

        Raises SourceError where it cannot be read.
        """
        self._watch(url)
        fetched = self._get(Request(url=url))
        for kind in () if _is_html(fetched) else ("feed", "sitemap"):
            reading = self._reading(kind, fetched, None)
            if isinstance(reading, FeedReading) and reading.entries:
                return [_of_drafts("feed", reading.title or url, url, reading.entries, "it is a feed")]
            if isinstance(reading, SitemapReading) and (reading.entries or reading.children):
                why = "it is a sitemap"
                return [
                    Candidate(table="section", kind="sitemap", title=url, url=url, confidence=0.8, why=why)
                ]
        site = self._site(fetched)
        page = self._page(fetched, site)
        title = site.name
        found = [_of_list(page.main, MenuLink(url=url, title=title), url)] if page.main is not None else []
        boxes = [_of_box(one, url) for one in page.lists if one.role == "box" and one.heading]
        feeds = [feed for link in site.feeds[:3] if (feed := self._feed(link, site)) is not None]
        better = [_by_feed(one, feeds) for one in found]
        all_of_them = _distinct_addresses([*better, *found, *feeds, *boxes])
        return [replace(one, language=site.language) for one in all_of_them]

    def _section(self, link: MenuLink, fetched: Fetched, site: SiteReading) -> Candidate | None:
        """What a menu entry leads to, if that is a list of articles."""
        try:
            page = self._page(fetched, site)
        except FeedsvcError as error:
            self._notes.append(f"{link.title}: {error}")
            return None
        if page.main is None or page.verdict != "ok":
            return None
        return _of_list(page.main, link, page.url)

    def _whole(
        self, site: SiteReading, feeds: Sequence[Candidate], sections: Sequence[Candidate]
    ) -> Iterator[Candidate]:
        """What brings all news of the site at once, the best first."""
        used = {section.url for section in sections if section.kind == "feed"}
        if site.wordpress and (posts := self._wordpress(site)) is not None:
            yield posts
        yield from (feed for feed in feeds if feed.url not in used)
        for address in self._news_sitemaps(site):
            yield Candidate(
                table="section",
                kind="sitemap",
                title=site.name,
                url=address,
                confidence=0.8,
                why="its news sitemap names every article with its date",
            )

    def _wordpress(self, site: SiteReading) -> Candidate | None:
        query = "wp/v2/posts?per_page=10&_embed"
        url = site.wordpress + (query.replace("?", "&") if "?" in site.wordpress else query)
        answer = self._ask(MenuLink(url=url, title="WordPress"))
        reading = self._reading("wordpress", answer, site) if answer is not None else None
        if not isinstance(reading, FeedReading) or not reading.entries:
            return None
        why = "WordPress answers with ids, full texts and exact dates"
        return _of_drafts("wordpress", site.name, urls.origin(site.url) + "/", reading.entries, why)

    def _news_sitemaps(self, site: SiteReading) -> list[str]:
        """Sitemaps that robots.txt names and that hold news (sitemaps.org: "Specifying the location")."""
        origin = urls.origin(site.url)
        try:
            body = self._get(Request(url=f"{origin}/robots.txt", limit=500_000, cut=True)).body
        except FeedsvcError:
            return []  # most sites have none: nothing to tell
        named = [
            line.partition(":")[2].strip()
            for line in body.decode("utf-8", "replace").splitlines()
            if line.lower().startswith("sitemap:")
        ]
        found = [at for name in named if "news" in name.lower() and (at := urls.absolute(origin, name))]
        return [address for address in found[:2] if self._is_sitemap(address, site)]

    def _is_sitemap(self, address: str, site: SiteReading) -> bool:
        answer = self._ask(MenuLink(url=address, title="news sitemap"))
        reading = self._reading("sitemap", answer, site) if answer is not None else None
        return isinstance(reading, SitemapReading) and bool(reading.entries or reading.children)

    def _feed(self, link: MenuLink, site: SiteReading) -> Candidate | None:
        """A feed that has something in it."""
        answer = self._ask(link)
        reading = self._reading("feed", answer, site) if answer is not None else None
        if not isinstance(reading, FeedReading) or len(reading.entries) < LEAST:
            return None
        title = reading.title or link.title or site.name
        return _of_drafts("feed", title, link.url, reading.entries, "a feed of the site's own")

    # ── reading ──

    def _site(self, fetched: Fetched) -> SiteReading:
        reading = self._read(self._job("site", fetched, None))
        assert isinstance(reading, SiteReading)
        return reading

    def _page(self, fetched: Fetched, site: SiteReading) -> PageReading:
        reading = self._read(self._job("page", fetched, site))
        assert isinstance(reading, PageReading)
        return reading

    def _ask(self, link: MenuLink) -> Fetched | None:
        """An answer; None, with a note, where there is none."""
        self._watch(link.url)
        try:
            return self._get(Request(url=link.url))
        except FeedsvcError as error:
            self._notes.append(f"{link.title or link.url}: {error}")
            return None

    def _reading(self, kind: str, fetched: Fetched, site: SiteReading | None) -> Reading | None:
        """What an answer says; None, with a note, where it cannot be read."""
        try:
            return self._read(self._job(kind, fetched, site))
        except FeedsvcError as error:
            self._notes.append(str(error))
            return None

    def _job(self, kind: str, fetched: Fetched, site: SiteReading | None) -> Job:
        return Job(
            kind=kind,
            body=fetched.body,
            url=fetched.url,
            charset=fetched.charset,
            media_type=fetched.media_type,
            language=site.language if site else "",
            zone=ZoneInfo(site.timezone) if site and site.timezone else None,
            now=self._now,
        )


def _of_list(found: FoundList, link: MenuLink, url: str) -> Candidate:
    count, dated = len(found.items), sum(item.published is not None for item in found.items)
    enough = count >= LEAST
    told = "all" if dated == count else dated or "none"
    return Candidate(
        table="section",
        kind="page",
        title=link.title,
        url=url,
        count=count,
        dated=dated,
        newest=found.items[:SHOWN],
        confidence=found.confidence if enough else FEW_SURE,
        why=f"{count} articles, {told} with a date" if enough else f"only {count} articles",
        chosen=enough,
        items=frozenset(urls.key(item.url) for item in found.items),
    )


def _of_drafts(kind: str, title: str, url: str, drafts: Sequence[Draft], why: str) -> Candidate:
    return Candidate(
        table="section",
        kind=kind,
        title=title,
        url=url,
        count=len(drafts),
        dated=sum(draft.published is not None for draft in drafts),
        newest=tuple(
            Headline(url=draft.url, title=draft.title, published=draft.published) for draft in drafts[:SHOWN]
        ),
        confidence=0.9,
        why=why,
        items=frozenset(urls.key(draft.url) for draft in drafts if draft.url),
    )


def _of_home(home: PageReading, site: SiteReading) -> list[Candidate]:
    link = MenuLink(url=home.url, title=site.name)
    return [_of_list(home.main, link, home.url)] if home.main is not None else []


def _by_feed(section: Candidate, feeds: Sequence[Candidate]) -> Candidate:
    """The same section by a feed that carries what its page shows and little else."""
    for feed in feeds:
        both = len(feed.items & section.items)
        if both >= IN_FEED * len(section.items) and both >= OF_FEED * len(feed.items):
            why = f"its own feed carries what {section.url} shows, with ids and exact dates"
            return replace(feed, title=section.title, language=section.language, confidence=0.95, why=why)
    return section


def _beside(box: Candidate, sections: Sequence[Candidate]) -> Candidate:
    """A box that shows what a section shows brings nothing new; a ranking does."""
    twin = next((one for one in sections if one.chosen and not box.ranked and _alike(box, one)), None)
    return replace(box, chosen=False, why=f"shows what {twin.title} shows") if twin else box


def _of_box(found: FoundList, url: str) -> Candidate:
    """A box of the home page. It is ranked if its dates do not fall."""
    times = [item.published.at for item in found.items if item.published]
    falls = all(a >= b for a, b in pairwise(times))
    ranked = len(times) == len(found.items) and not falls
    return Candidate(
        table="box",
        kind="page",
        title=found.heading,
        url=url,
        box=found.heading,
        ranked=ranked,
        count=len(found.items),
        dated=len(times),
        newest=found.items[:SHOWN],
        confidence=found.confidence,
        why="its order is not that of its dates" if ranked else "a list under its heading",
        items=frozenset(urls.key(item.url) for item in found.items),
    )


def _distinct(found: Sequence[Candidate]) -> list[Candidate]:
    """Of sections that show the same articles, the first one of the menu; the others say whose they show.

    What only gathers what several others show is no section: `latest` is made of them all.
    """
    kept: list[Candidate] = []
    for one in found:
        others = [other for other in found if other is not one]
        twin = next((other for other in kept if other.chosen and _alike(one, other)), None)
        sharing = [other for other in others if one.items & other.items and not _alike(other, one)]
        gathered = frozenset[str]().union(*(other.items for other in sharing))
        if twin is not None:
            one = replace(one, chosen=False, why=f"shows what {twin.title} shows")
        elif len(sharing) >= GATHERS and len(one.items & gathered) >= SAME * len(one.items):
            one = replace(one, chosen=False, why="gathers what the other sections show; `latest` does that")
        kept.append(one)
    return kept


def _is_html(fetched: Fetched) -> bool:
    head = fetched.body[:1000].lstrip().lower()
    return "html" in fetched.media_type or head.startswith((b"<!doctype html", b"<html"))


def _distinct_addresses(found: Sequence[Candidate]) -> list[Candidate]:
    return list({(one.kind, one.url, one.box): one for one in found}.values())


def _once(links: Sequence[MenuLink]) -> list[MenuLink]:
    return list({urls.key(link.url): link for link in links}.values())


def _alike(one: Candidate, other: Candidate) -> bool:
    return bool(one.items) and len(one.items & other.items) >= SAME * len(one.items)


def _first_alone(whole: Sequence[Candidate]) -> list[Candidate]:
    """Of several ways to all news, the first counts."""
    if not any(one.chosen for one in whole):
        return list(whole)
    first = next(one for one in whole if one.chosen)
    return [
        one if one is first else replace(one, chosen=False, why=f"{one.why}; {first.kind} brings more")
        for one in whole
    ]
