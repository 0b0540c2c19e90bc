"""The heads of feeds and the entries in them, as the configuration wants them: the same for every builder."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

import orjson

from feedsvc.model import (
    Article,
    Category,
    Element,
    FeedHead,
    FeedSource,
    Format,
    ListKind,
    ListSpec,
    Site,
    WindowEntry,
)
from feedsvc.render import licence, podcast, source_namespace
from feedsvc.render.tailoring import tailored, tailored_head
from feedsvc.render.version import VERSION


class Heads:
    """Knows site and lists."""

    def __init__(self, site: Site, lists: Sequence[ListSpec]) -> None:
        self._site = site
        self._lists = {spec.key: spec for spec in lists}
        self._namespace = UUID(site.namespace)

    def feed_id(self, key: str) -> str:
        """The Atom id of a feed: it survives a new slug, title or address."""
        return f"urn:uuid:{uuid5(self._namespace, f'feed:{key}')}"

    def title(self, spec: ListSpec) -> str:
        """The title of a list's feed."""
        own = spec.kind in (ListKind.LATEST, ListKind.TAKER)
        return spec.title if own else f"{self._site.title}: {spec.title}"

    def head(
        self,
        spec: ListSpec,
        form: Format,
        updated: datetime,
        *,
        previous: int = 0,
        archive: int = 0,
        following: bool = False,
        tombstones: tuple[tuple[str, datetime], ...] = (),
    ) -> FeedHead:
        """The head of a list's feed; of its archive document number `archive`, if that is not 0.

        `previous` is the number of the archive before it (0: none), `following` whether there is one after.
        """
        site, base = self._site, f"{self._site.base_url}{spec.path}"
        private = spec.taker is not None and spec.taker.private
        rights = spec.rights or site.rights
        head = FeedHead(
            id=self.feed_id(spec.key),
            title=self.title(spec),
            description=spec.description or site.description,
            url=f"{base}.{form}",
            page=base if spec.taker is None else site.url,
            language=spec.language or site.language,
            updated=updated,
            ttl=spec.max_age,
            site_title=site.title,
            site_url=site.url,
            copyright=spec.copyright or site.copyright,
            contact=spec.contact or site.contact,
            logo=spec.logo or site.logo,
            icon=spec.icon or site.icon,
            hubs=() if archive or private else site.hubs,
            previous=f"{base}/archive/{previous}.{form}" if previous else "",
            following=f"{base}/archive/{archive + 1}.{form}" if following else "",
            current=f"{base}.{form}" if archive else "",
            tombstones=tombstones,
            rights=rights.statement,
            licence=rights.licence,
            show=(
                *(podcast.of_show(spec.show, self._first(spec)) if spec.show else ()),
                *(source_namespace.of_channel(site) if form is Format.RSS else ()),
            ),
            prefixes=(
                *(podcast.NAMESPACES if spec.show else ()),
                *(("rsl",) if rights.rsl and rights.items else ()),
                *((source_namespace.PREFIX,) if form is Format.RSS and site.speaks_source else ()),
            ),
        )
        return head if spec.taker is None else tailored_head(head, spec.taker)

    def _terms(self, spec: ListSpec, article: Article) -> tuple[Element, ...]:
        """The licence for machines of an entry, where it carries one."""
        rights = spec.rights or self._site.rights
        if not (rights.rsl and rights.items and article.story.url):
            return ()
        return (licence.content(article.story.url, rights, spec.copyright or self._site.copyright),)

    def _first(self, spec: ListSpec) -> str:
        """The address of a list's RSS under its first slug, which is its key (`for:slug`: a taker's)."""
        return f"{self._site.base_url}/feeds/{spec.key.replace(':', '/')}.rss"

    def entry(
        self,
        spec: ListSpec,
        article: Article,
        sections: Sequence[str],
        extra: dict[str, object] | None = None,
    ) -> WindowEntry:
        """An article as an entry of a list's feed. `sections` are the keys of its sections."""
        base = f"{self._site.base_url}/feeds/"
        known = [self._lists[key] for key in sections if key in self._lists]
        categories = tuple(Category(one.slug, one.title, base) for one in known)
        categories += tuple(Category(tag, tag, f"{base}tag/") for tag in article.story.tags)
        source = None
        if known:
            first = known[0]
            source = FeedSource(self.feed_id(first.key), self.title(first), f"{base}{first.slug}")
        full = article.own if spec.content == "auto" else spec.content == "full"
        entry = WindowEntry(
            article=article,
            digest=self._digest(article, categories, source),
            categories=categories,
            full=full,
            source=source,
            extra=extra,
            episode=spec.show is not None,
            terms=self._terms(spec, article),
            markdown=self._site.markdown,
        )
        return entry if spec.taker is None else tailored(entry, spec.taker, self._site)

    @staticmethod
    def _digest(article: Article, categories: tuple[Category, ...], source: FeedSource | None) -> bytes:
        """Of everything that the article's fragments are rendered from."""
        about = [article.id, article.published, article.updated, article.story, categories, source]
        data = orjson.dumps(about, default=dict)
        return hashlib.blake2b(data, digest_size=16, key=VERSION).digest()
