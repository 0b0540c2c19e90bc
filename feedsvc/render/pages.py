"""Pages for people: the directory, a page for each feed, tag, reporter and search, and what others embed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from feedsvc.model import Article, Labels, ListKind, ListSpec, Site
from feedsvc.render import assets
from feedsvc.render.language import Language
from feedsvc.render.shown import Block, all_shown, block, links, root_of

LEAD = 9  #: headlines of everything on the directory
FEW = 5  #: headlines of a list on the directory
IN_BOX = 7
ON_PAGE = 100
NAMES = 24  #: tags, and reporters, on the directory
SECTIONS = 60  #: on one page of the directory, and in a form; pages grow with what a person can look at …
BOXES = 20  #: beside them
IN_BAR = 24  #: sections at the top of every page

ACCENT = "a3201c"  #: of embeds, unless they say otherwise
_FORM = dict.fromkeys(("q", "not", "section", "tag", "author"), "")

#: (slug, name, articles)
Name = tuple[str, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedLook:
    """How an embed looks: the options of its address, checked."""

    count: int = 10
    theme: str = "auto"  #: light | dark | auto
    images: bool = False
    time: bool = True
    accent: str = ""  #: six hexadecimal digits

    def query(self) -> str:
        """The options that are not as by default, in the one order that our own links have."""
        pairs = [
            ("accent", self.accent),
            ("count", str(self.count) if self.count != EmbedLook().count else ""),
            ("images", "1" if self.images else ""),
            ("theme", self.theme if self.theme != "auto" else ""),
            ("time", "" if self.time else "0"),
        ]
        return "&".join(f"{name}={value}" for name, value in pairs if value)


class Pages:
    """Renders the pages of one site. `translations`: a folder with catalogues of other languages, or ""."""

    def __init__(
        self, site: Site, lists: Sequence[ListSpec], *, translations: str = "", stream: str = ""
    ) -> None:
        self._site = site
        self._lists = tuple(spec for spec in lists if not spec.retired)
        self._folder = Path(translations) if translations else None
        self._stream = stream
        sections = [spec for spec in self._lists if spec.kind is ListKind.SECTION]
        boxes = [spec for spec in self._lists if spec.kind is ListKind.BOX and not spec.of]
        self._boxes = boxes[:BOXES]
        # what is new in a ranked box mostly stands in the box itself: it comes last, not beside it
        rest = [*sections, *(spec for spec in self._lists if spec.of), *boxes[BOXES:]]
        #: … so the lists of the directory stand on several, the first of which is the front page
        self._parts = [rest[first : first + SECTIONS] for first in range(0, len(rest), SECTIONS)] or [[]]
        self._environments: dict[str, tuple[Environment, Language]] = {}

    # ── for people ──

    def directory(
        self,
        newest: Mapping[str, Sequence[Article]],
        *,
        tags: Sequence[Name],
        authors: Sequence[Name],
        now: datetime,
    ) -> bytes:
        """The front page: everything newest, each list with its feeds, tags and reporters. Keys are slugs."""
        language = self.language()
        latest = next(spec for spec in self._lists if spec.kind is ListKind.LATEST)
        everything = block(
            self._site, latest, newest.get(latest.slug, ())[:LEAD], language, self._words("Latest news")
        )
        return self._render(
            "directory.html",
            "",
            everything=everything,
            sections=self._blocks(self._parts[0], newest),
            boxes=self._blocks(self._boxes, newest),
            number=1,
            pages=len(self._parts),
            tags=tags[:NAMES],
            authors=authors[:NAMES],
            today=language.day(now, self._site.zone),
            linked_data=self._linked_data(everything),
        )

    def sections_page(self, number: int, newest: Mapping[str, Sequence[Article]]) -> bytes:
        """A further page of the directory, from 2: more lists. Keys are slugs."""
        sections = self._blocks(self._parts[number - 1], newest)
        return self._render("sections.html", "", sections=sections, number=number, pages=len(self._parts))

    @cached_property
    def directory_pages(self) -> dict[str, int]:
        """Slug → the page of the directory, from 1, that shows the list."""
        front = dict.fromkeys((spec.slug for spec in self._lists), 1)
        return front | {spec.slug: n for n, part in enumerate(self._parts, 1) for spec in part}

    def _blocks(self, specs: Sequence[ListSpec], newest: Mapping[str, Sequence[Article]]) -> list[Block]:
        language = self.language()
        return [
            block(self._site, spec, newest.get(spec.slug, ())[: IN_BOX if spec.ranked else FEW], language)
            for spec in specs
        ]

    def list_page(
        self, spec: ListSpec, articles: Sequence[Article], labels: Labels | None = None, *, older: int = 0
    ) -> bytes:
        """What a feed carries, for a person, and how to subscribe to it; `older`: its newest archive."""
        return self._render(
            "list.html",
            spec.language,
            one=self._labelled(spec, articles[:ON_PAGE], labels),
            about="",
            older=f"/feeds/{spec.slug}/archive/{older}" if older else "",
        )

    def archive_page(
        self,
        spec: ListSpec,
        articles: Sequence[Article],
        labels: Labels,
        *,
        number: int,
        older: int,
        newer: int,
    ) -> bytes:
        """What entered a feed before, for a person. `older`, `newer`: archives beside it, 0: none."""
        path = f"/feeds/{spec.slug}"
        return self._render(
            "archive.html",
            spec.language,
            one=self._labelled(spec, articles, labels),
            about="",
            number=number,
            older=f"{path}/archive/{older}" if older else "",
            newer=f"{path}/archive/{newer}" if newer else path,
        )

    def _labelled(self, spec: ListSpec, articles: Sequence[Article], labels: Labels | None) -> Block:
        language = self.language(spec.language)
        title = self._words("Latest news", spec.language) if spec.kind is ListKind.LATEST else spec.title
        others = {key: one for key, one in self._labels.items() if key != spec.key}
        return block(self._site, spec, articles, language, title, labels, others)

    @cached_property
    def _labels(self) -> dict[str, tuple[str, str]]:
        """Key → (title, path) of every section."""
        found = (spec for spec in self._lists if spec.kind is ListKind.SECTION)
        return {spec.key: (spec.title, f"/feeds/{spec.slug}") for spec in found}

    def facet_page(
        self, kind: str, slug: str, name: str, articles: Sequence[Article], labels: Labels
    ) -> bytes:
        """The page of a tag or a reporter."""
        about = self._words("Tag") if kind == "tag" else self._words("Reporter")
        return self._derived(f"/feeds/{kind}/{slug}", name, about, articles, labels)

    def names_page(self, kind: str, names: Sequence[Name]) -> bytes:
        """All tags, or all reporters."""
        title = self._words("Tags") if kind == "tag" else self._words("Reporters")
        return self._render("names.html", "", kind=kind, title=title, names=names)

    def lost(self) -> bytes:
        """What stands where there is nothing."""
        return self._render("lost.html", "")

    def search_page(
        self,
        query: str,
        options: Mapping[str, str],
        articles: Sequence[Article] | None,
        labels: Labels | None = None,
        *,
        count: int = 0,
    ) -> bytes:
        """What a search finds, as a page; None: nothing is searched for yet. `query` as our links have it.

        `count`: how many articles it finds, shown or not.
        """
        language = self.language()
        one = Block(
            slug="",
            links=links(self._site, "/feeds/search", options.get("q") or self._words("Search"), query=query),
            headlines=all_shown(articles or (), self._site, language, labels, self._labels),
            kind="search",
        )
        return self._render(
            "search.html",
            "",
            one=one,
            options=_FORM | dict(options),
            asked=articles is not None,
            found=count,
            older="",
            words=wanted_words(options.get("q", "")),
            sections=_choices(self._sections, options.get("section", "")),
            named=self._named(options.get("q", "")),
        )

    def _named(self, words: str) -> list[tuple[str, str]]:
        """Sections by their titles, where there are more than a person can look through."""
        wanted = words.casefold().split()
        if not wanted or len(self._parts) == 1:
            return []
        titles = ((slug, title) for slug, title in self._sections)
        return [one for one in titles if all(word in one[1].casefold() for word in wanted)][:NAMES]

    def _derived(
        self, path: str, name: str, about: str, articles: Sequence[Article], labels: Labels
    ) -> bytes:
        language = self.language()
        one = Block(
            slug="",
            links=links(self._site, path, name),
            headlines=all_shown(articles, self._site, language, labels, self._labels),
            kind="derived",
        )
        return self._render("list.html", "", one=one, about=about, older="")

    # ── for other sites ──

    def embed(
        self, spec: ListSpec, articles: Sequence[Article], look: EmbedLook, *, fragment: bool = False
    ) -> bytes:
        """A list's newest headlines for another site: a document for a frame, or a fragment to include."""
        language = self.language(spec.language)
        title = self._site.title if spec.kind is ListKind.LATEST else spec.title
        return self._render(
            "fragment.html" if fragment else "embed.html",
            spec.language,
            one=block(self._site, spec, articles[: look.count], language, title),
            look=look,
        )

    def builder(self, slug: str, look: EmbedLook) -> bytes:
        """The page that makes the lines which a site pastes. `slug` must be a list's."""
        spec = next(spec for spec in self._lists if spec.slug == slug)
        query = look.query()
        number = assets.newest()
        return self._render(
            "builder.html",
            "",
            lists=_choices([(one.slug, self._list_title(one)) for one in self._lists], slug),
            slug=slug,
            title=self._list_title(spec),
            look=look,
            accent=ACCENT,
            query=f"?{query}" if query else "",
            height=embed_height(look),
            number=number,
            integrity=assets.integrity(number),
            stream=self._stream,
            oembed=quote(f"{self._site.base_url}/feeds/{slug}", safe=""),
        )

    def _list_title(self, spec: ListSpec) -> str:
        return self._words("Latest news") if spec.kind is ListKind.LATEST else spec.title

    # ── words and templates ──

    def language(self, tag: str = "") -> Language:
        """A language, by its tag; the site's by default."""
        return self._in(tag)[1]

    def _words(self, text: str, tag: str = "") -> str:
        return self._in(tag)[1].translations.gettext(text)

    @cached_property
    def _sections(self) -> list[tuple[str, str]]:
        return [(spec.slug, spec.title) for spec in self._lists if spec.kind is ListKind.SECTION]

    def _in(self, tag: str) -> tuple[Environment, Language]:
        tag = tag or self._site.language
        known = self._environments.get(tag)
        if known is None:
            language = Language(tag, self._folder)
            environment: Any = Environment(
                loader=PackageLoader("feedsvc.render"),
                autoescape=select_autoescape(default=True),
                undefined=StrictUndefined,
                trim_blocks=True,
                lstrip_blocks=True,
                extensions=["jinja2.ext.i18n"],
            )
            environment.install_gettext_translations(language.translations, newstyle=True)
            environment.policies["ext.i18n.trimmed"] = True
            environment.filters["number"] = language.number
            environment.filters["marked"] = marked
            environment.globals |= {
                "site": self._site,
                "root": root_of(self._site),
                "version": assets.version,
            }
            known = self._environments[tag] = (environment, language)
        return known

    def _render(self, name: str, tag: str, **values: object) -> bytes:
        environment, language = self._in(tag)
        nav = [(f"/feeds/{slug}", title) for slug, title in self._sections[:IN_BAR]]
        text = environment.get_template(name).render(language=language, nav=nav, **values)
        return str(text).encode()

    def _linked_data(self, everything: Block) -> dict[str, Any]:
        """What search engines read (schema.org)."""
        site, base = self._site, f"{self._site.base_url}/"
        about = {
            "@type": "WebSite",
            "@id": f"{base}#site",
            "name": site.title,
            "url": base,
            "inLanguage": site.language,
            "publisher": {"@type": "NewsMediaOrganization", "name": site.title, "url": site.url},
            "potentialAction": {
                "@type": "SearchAction",
                "target": {"@type": "EntryPoint", "urlTemplate": f"{base}feeds/search?q={{q}}"},
                "query-input": "required name=q",
            },
        }
        items = [
            {"@type": "ListItem", "position": place, "url": one.url, "name": one.title}
            for place, one in enumerate(everything.headlines, 1)
        ]
        return {
            "@context": "https://schema.org",
            "@graph": [
                about,
                {"@type": "ItemList", "name": everything.links.title, "itemListElement": items},
            ],
        }


def wanted_words(query: str) -> tuple[str, ...]:
    """The words and phrases that a search asks for, the longest first."""
    found = {(phrase or word).strip() for phrase, word in re.findall(r'"([^"]*)"|(\S+)', query)}
    return tuple(sorted((one for one in found if one), key=len, reverse=True))


def marked(text: str, words: Sequence[str]) -> Markup:
    """A text with the words that were searched for in it marked, whole words alone."""
    if not words:
        return escape(text)
    either = "|".join(re.escape(word) for word in words)
    parts = re.split(rf"(?<!\w)({either})(?!\w)", text, flags=re.I)
    return Markup("").join(
        Markup("<mark>{}</mark>").format(part) if n % 2 else escape(part) for n, part in enumerate(parts)
    )


def _choices(named: Sequence[tuple[str, str]], chosen: str) -> list[tuple[str, str]]:
    """What a form offers: the first ones, and the one that is chosen."""
    return [one for n, one in enumerate(named) if n < SECTIONS or one[0] == chosen]


def embed_height(look: EmbedLook) -> int:
    """Pixels that a frame of some 300 to 600 pixels' width needs, roughly; the list scrolls in less."""
    return 96 + look.count * ((88 if look.images else 56) + (20 if look.time else 0))
