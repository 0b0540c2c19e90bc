"""What pages show of an article and of a list: plain values, already in words, for templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import quote, urlsplit

from feedsvc.model import Article, Format, Labels, ListSpec, Site, tag_key
from feedsvc.render.language import Language

MAX_SUMMARY = 280
FORMATS = (
    (Format.RSS, "RSS", "application/rss+xml"),
    (Format.ATOM, "Atom", "application/atom+xml"),
    (Format.JSON, "JSON Feed", "application/feed+json"),
)
#: Readers that take a feed's address in theirs: (name, address before the quoted feed address).
READERS = (
    ("Feedly", "https://feedly.com/i/subscription/feed%2F"),
    ("Inoreader", "https://www.inoreader.com/?add_feed="),
    ("NewsBlur", "https://www.newsblur.com/?url="),
    ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url="),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One headline."""

    title: str
    url: str
    iso: str = ""  #: of its time, for machines
    when: str = ""  #: the same for people
    summary: str = ""
    authors: tuple[tuple[str, str], ...] = ()  #: (name, path of the page, "" where there is none)
    tags: tuple[tuple[str, str], ...] = ()  #: the same
    sections: tuple[tuple[str, str], ...] = ()  #: (title, path)
    picture: str = ""
    width: int = 0
    height: int = 0
    alt: str = ""
    language: str = ""  #: where it differs from the page's


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLinks:
    """A feed, to be subscribed to."""

    title: str
    page: str  #: path, for people
    feeds: tuple[tuple[str, str, str], ...]  #: (format, media type, address)
    readers: tuple[tuple[str, str], ...]  #: (name, address that subscribes there)
    subscribe: str  #: address of the feed: scheme
    description: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A list with its newest headlines."""

    slug: str
    links: FeedLinks
    headlines: tuple[Shown, ...]
    ranked: bool = False
    kind: str = "section"
    companion: bool = False  #: what is new in a ranked box
    embed: str = ""  #: path of its embed; "" where it has none


def shown(
    article: Article,
    site: Site,
    language: Language,
    labels: Labels | None = None,
    sections: Mapping[str, tuple[str, str]] = MappingProxyType({}),
) -> Shown:
    """An article as a headline. `sections`: key → (title, path) of those that are to be named."""
    story = article.story
    precision = article.precision
    published = article.published or article.first_seen
    picture, width, height = _picture(article, site)
    return Shown(
        title=story.title or story.url,
        url=story.url,
        iso=published.isoformat(timespec="seconds").replace("+00:00", "Z"),
        when=language.moment(published, site.zone, precision),
        summary=_short(story.summary),
        authors=_linked(article, "author", story.authors, labels),
        tags=_linked(article, "tag", story.tags, labels) if labels is not None else (),
        sections=tuple(
            sections[key]
            for key in (labels.sections.get(article.no, ()) if labels is not None else ())
            if key in sections
        ),
        picture=picture,
        width=width,
        height=height,
        alt=story.image.caption if story.image else "",
        language=story.language if story.language and story.language != language.tag else "",
    )


def _linked(
    article: Article, kind: str, names: Sequence[str], labels: Labels | None
) -> tuple[tuple[str, str], ...]:
    slugs = labels.slugs if labels is not None else {}
    found = [(name, slugs.get((article.no, kind, tag_key(name)), "")) for name in names]
    return tuple((name, f"/feeds/{kind}/{slug}" if slug else "") for name, slug in found)


def all_shown(
    articles: Iterable[Article],
    site: Site,
    language: Language,
    labels: Labels | None = None,
    sections: Mapping[str, tuple[str, str]] = MappingProxyType({}),
) -> tuple[Shown, ...]:
    """Articles as headlines; one without an address cannot be linked and is left out."""
    return tuple(shown(one, site, language, labels, sections) for one in articles if one.story.url)


def _picture(article: Article, site: Site) -> tuple[str, int, int]:
    image = article.story.image
    if image is None:
        return "", 0, 0
    secure = site.base_url.startswith("https:")
    for url, width, height in ((image.url, image.width, image.height), (image.thumbnail, 0, 0)):
        # browsers do not load pictures over http into a page over https
        if url.startswith("https:" if secure else ("https:", "http:")):
            return url, width, height
    return "", 0, 0


def _short(text: str) -> str:
    if len(text) <= MAX_SUMMARY:
        return text
    return text[:MAX_SUMMARY].rpartition(" ")[0].rstrip(" ,.;:") + " …"


def links(site: Site, path: str, title: str, *, query: str = "", description: str = "") -> FeedLinks:
    """A feed's addresses. `path` has no extension; `query` are its options."""
    ending = f"?{query}" if query else ""
    address = {form: f"{site.base_url}{path}.{form}{ending}" for form in Format}
    first = address[Format.RSS]
    quoted = quote(first, safe="")
    return FeedLinks(
        title=title,
        page=f"{path}{ending}",
        feeds=tuple((label, kind, address[form]) for form, label, kind in FORMATS),
        readers=tuple((name, before + quoted) for name, before in READERS),
        subscribe=f"feed:{first}",
        description=description,
    )


def block(
    site: Site,
    spec: ListSpec,
    articles: Sequence[Article],
    language: Language,
    title: str = "",
    labels: Labels | None = None,
    sections: Mapping[str, tuple[str, str]] = MappingProxyType({}),
) -> Block:
    """A list of the configuration with its newest headlines."""
    path = f"/feeds/{spec.slug}"
    return Block(
        slug=spec.slug,
        links=links(site, path, title or spec.title, description=spec.description),
        headlines=all_shown(articles, site, language, labels, sections),
        ranked=spec.ranked,
        kind=spec.kind,
        companion=bool(spec.of),
        embed=f"/embed/{spec.slug}",
    )


def root_of(site: Site) -> str:
    """The path that our addresses begin with: what `base_url` has behind its host."""
    return urlsplit(site.base_url).path.rstrip("/")
