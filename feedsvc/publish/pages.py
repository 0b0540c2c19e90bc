"""The pages beside the feeds: the directory, a page and an embed for each list, and what machines find us by.

Building them costs more than a feed, and nobody waits for them by the second. So a publication only notes
what it touched; every few seconds the pages of the touched lists are built, together, the rest once a minute.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from feedsvc.model import Article, ListKind, ListSpec, Site
from feedsvc.publish.pauses import is_over
from feedsvc.render import discovery, licence
from feedsvc.render.freeze import freeze, rising
from feedsvc.render.pages import FEW, IN_BOX, LEAD, ON_PAGE, EmbedLook, Name, Pages
from feedsvc.store.publishing.builds import SqlPublishing
from feedsvc.store.publishing.documents import NewDocument, ShownEntry
from feedsvc.store.publishing.windows import ARCHIVE

PACE = timedelta(seconds=3)  #: pages are built at most this often
AT_ONCE = 64  #: lists whose pages are built in one go
DIRECTORY_PAGES = 8  #: … and pages of the directory
MINUTE = timedelta(minutes=1)  #: the pace of the news sitemap and the counts of tags and reporters
NEWS = timedelta(days=2)  #: what the news sitemap holds
EMBEDDED = 30  #: headlines that an embed may ask for
PAGE_AGE = 60
LIST_AGE = 3600  #: seconds; OPML, catalogue and robots.txt change with the configuration alone
NAMES = 24
LOST = "/404"  #: the page that stands where there is nothing
HTML = "text/html; charset=utf-8"

#: (path, key of its list, bytes, media type, max-age, articles in it)
Page = tuple[str, str, bytes, str, int, Sequence[Article]]


class FrontPages:
    """Knows what has to be built. Not for several threads."""

    def __init__(
        self, site: Site, lists: Sequence[ListSpec], store: SqlPublishing, pages: Pages, *, stream: str = ""
    ) -> None:
        self._site = site
        self._lists = [spec for spec in lists if not spec.retired]
        self._store = store
        self._pages = pages
        self._stream = stream
        self._touched: dict[str, tuple[Article, ...] | None] = {}
        self._heads: dict[str, tuple[Article, ...]] = {}
        self._names: dict[str, list[Name]] = {"tag": [], "author": []}
        self._by_slug = {spec.slug: spec for spec in self._lists}
        self._built: datetime | None = None
        self._shown: datetime | None = None  # when the directory was built
        self._stale: set[int] = set()  # … and which of its pages show what is old
        self._minutely: datetime | None = None
        self._configured = False  # whether what changes with the configuration alone was built
        self.everything()

    def paths(self) -> list[str]:
        """Every path that is served from here."""
        fixed = [*self._site.documents, LOST]
        fixed += [
            _directory_path(number) for number in set(self._pages.directory_pages.values()) if number > 1
        ]
        return fixed + [
            path for spec in self._lists for path in (f"/feeds/{spec.slug}", f"/embed/{spec.slug}")
        ]

    def saw(self, spec: ListSpec, articles: Sequence[Article]) -> None:
        """A list's feed was built anew, with these articles."""
        self._touched[spec.slug] = tuple(articles[:ON_PAGE])
        self._stale.add(self._pages.directory_pages[spec.slug])

    def everything(self) -> None:
        """Nothing is known of what is stored: build it all."""
        self._touched = {spec.slug: None for spec in self._lists}
        self._stale = set(self._pages.directory_pages.values())
        self._minutely = None
        self._configured = False

    def due(self, now: datetime) -> bool:
        """Whether something has to be built now."""
        if self._touched:
            return is_over(PACE, self._built, now)
        return self._directory_due(now) or (
            self._minutely is not None and is_over(MINUTE, self._minutely, now)
        )

    def _directory_due(self, now: datetime) -> bool:
        return bool(self._stale) and is_over(PACE, self._shown, now)

    def build(self, now: datetime) -> list[NewDocument]:
        """What changed of all pages. Raises StoreError."""
        wanted = [self._by_slug[slug] for slug in list(self._touched)[:AT_ONCE] if slug in self._by_slug]
        touched = {spec.slug: (spec, self._articles(spec, now)) for spec in wanted}
        most = max(LEAD, FEW, IN_BOX)
        self._heads |= {slug: _heads(articles[:most]) for slug, (_, articles) in touched.items()}
        documents: list[Page] = []
        for spec, articles in touched.values():
            path, embed = f"/feeds/{spec.slug}", f"/embed/{spec.slug}"
            shown = articles[:ON_PAGE]
            page = self._pages.list_page(
                spec, shown, self._store.labels([one.no for one in shown]), older=self._older(spec)
            )
            documents.append((path, spec.key, page, HTML, PAGE_AGE, ()))
            few = articles[:EMBEDDED]
            age = max(PAGE_AGE, spec.max_age) if spec.max_age >= PAGE_AGE else spec.max_age
            documents.append((embed, spec.key, self._pages.embed(spec, few, EmbedLook()), HTML, age, few))
        if not self._configured:
            documents += self._of_the_configuration()
            self._configured = True
        if is_over(MINUTE, self._minutely, now):
            documents.append(self._news_sitemap(now))
            self._minutely = now
        if self._directory_due(now):
            for number in sorted(self._stale)[:DIRECTORY_PAGES]:
                page = self._directory(now) if number == 1 else self._pages.sections_page(number, self._heads)
                documents.append((_directory_path(number), "", page, HTML, PAGE_AGE, ()))
                self._stale.discard(number)
            self._shown = now
        made = self._changed(documents, now)
        for slug in list(self._touched)[:AT_ONCE]:
            del self._touched[slug]
        self._built = now
        return made

    def _older(self, spec: ListSpec) -> int:
        """The number of the newest archive of a list; 0 where there is none."""
        if spec.ranked:
            return 0
        entered, retired = self._store.entered(spec.of or spec.key)
        closed = entered // ARCHIVE
        return closed if closed > retired else 0

    def _articles(self, spec: ListSpec, now: datetime) -> tuple[Article, ...]:
        known = self._touched[spec.slug]
        if known is not None:
            return known
        return self._store.articles(spec, now)[:ON_PAGE]

    def _directory(self, now: datetime) -> bytes:
        return self._pages.directory(
            self._heads, tags=self._names["tag"], authors=self._names["author"], now=now
        )

    def _news_sitemap(self, now: datetime) -> Page:
        self._names = {kind: self._store.names(kind, NAMES) for kind in ("tag", "author")}
        news = self._store.newest(since=now - NEWS, limit=discovery.MOST_NEWS)
        sitemap = discovery.news_sitemap(self._site, news)
        return ("/news-sitemap.xml", "", sitemap, "application/xml; charset=utf-8", PAGE_AGE, ())

    def _of_the_configuration(self) -> list[Page]:
        latest = next(spec for spec in self._lists if spec.kind is ListKind.LATEST)
        catalogue = discovery.catalogue(self._site, self._lists, stream=self._stream)
        opml = discovery.opml(self._site, self._lists)
        machines = [
            (
                "/license.xml",
                "",
                licence.document(self._site, self._lists),
                "application/rsl+xml",
                LIST_AGE,
                (),
            )
        ]
        return [
            *(machines if licence.exists(self._site, self._lists) else []),
            ("/embed", "", self._pages.builder(latest.slug, EmbedLook()), HTML, PAGE_AGE, ()),
            (
                *("/.well-known/feed-menu.json", "", discovery.feed_menu(self._site, self._lists)),
                *("application/json", LIST_AGE, ()),
            ),
            (LOST, "", self._pages.lost(), HTML, PAGE_AGE, ()),
            ("/feeds.opml", "", opml, "text/x-opml; charset=utf-8", LIST_AGE, ()),
            ("/feeds-catalogue.json", "", catalogue, "application/json", LIST_AGE, ()),
            (
                "/robots.txt",
                "",
                discovery.robots(self._site, self._lists),
                "text/plain; charset=utf-8",
                LIST_AGE,
                (),
            ),
        ]

    def _changed(self, documents: Sequence[Page], now: datetime) -> list[NewDocument]:
        before = self._store.published([document[0] for document in documents])
        changed: list[NewDocument] = []
        for path, key, identity, media_type, max_age, articles in documents:
            digest = hashlib.blake2b(identity, digest_size=16).digest()
            known = before.get(path)
            if known is not None and known.digest == digest:
                continue
            snapshot = freeze(
                identity,
                path=path,
                media_type=media_type,
                stored=rising(now, known.last_modified if known else None),
                max_age=max_age,
                links=[("self", f"{self._site.base_url}{path}")],
            )
            entries = [ShownEntry(article.no) for article in articles]
            changed.append(NewDocument(snapshot, key, digest, entries))
        return changed


def _heads(articles: Sequence[Article]) -> tuple[Article, ...]:
    """The same without their texts: they are kept in memory for every list."""
    return tuple(replace(one, story=replace(one.story, content="")) for one in articles)


def _directory_path(number: int) -> str:
    return "/" if number == 1 else f"/feeds/sections/{number}"
