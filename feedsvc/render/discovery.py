"""What machines find our feeds and articles by: OPML, a catalogue, the news sitemap, robots.txt."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, urlsplit

import orjson
from lxml import etree

from feedsvc.model import Article, Format, ListSpec, Site
from feedsvc.render import assets, licence
from feedsvc.render.text import legal

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
MOST_NEWS = 1000  #: Google News reads no more of one sitemap
#: Google wants a language of two or three letters, but these two of Chinese.
_CHINESE = {
    **dict.fromkeys(("zh", "zh-hans", "zh-cn", "zh-sg"), "zh-cn"),
    **dict.fromkeys(("zh-hant", "zh-tw", "zh-hk"), "zh-tw"),
}


def opml(site: Site, lists: Sequence[ListSpec]) -> bytes:
    """All feeds as a subscription list (OPML 2.0)."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = legal(site.title)
    etree.SubElement(head, "ownerId").text = site.url
    etree.SubElement(head, "docs").text = "https://opml.org/spec2.opml"
    body = etree.SubElement(root, "body")
    for spec in _served(lists):
        address = f"{site.base_url}/feeds/{spec.slug}"
        etree.SubElement(
            body,
            "outline",
            type="rss",
            text=legal(spec.title),
            title=legal(spec.title),
            description=legal(spec.description),
            xmlUrl=f"{address}.{Format.RSS}",
            htmlUrl=address,
            language=spec.language or site.language,
            version="RSS2",
        )
    return _bytes(root)


def catalogue(site: Site, lists: Sequence[ListSpec], *, stream: str = "") -> bytes:
    """All feeds with all their addresses, for programs. Keys are only ever added."""
    base = site.base_url
    number = assets.newest()
    about = {
        "version": 1,
        "site": {
            "title": site.title,
            "description": site.description,
            "url": site.url,
            "language": site.language,
            "timezone": site.zone.key,
        },
        "feeds": [_feed(site, spec) for spec in _served(lists)],
        "derived": {
            "tag": f"{base}/feeds/tag/{{slug}}",
            "author": f"{base}/feeds/author/{{slug}}",
            "search": f"{base}/feeds/search.{{format}}?q={{q}}",
        },
        "opml": f"{base}/feeds.opml",
        "news_sitemap": f"{base}/news-sitemap.xml",
        "oembed": f"{base}/oembed",
        "embed": {
            "script": f"{base}/embed-{number}.js",
            "integrity": assets.integrity(number),
            "scripts": {f"{base}/embed-{one}.js": assets.integrity(one) for one in sorted(assets.scripts())},
            "builder": f"{base}/embed",
        },
        **({"stream": stream} if stream else {}),
    }
    return orjson.dumps(about, option=orjson.OPT_INDENT_2)


def _feed(site: Site, spec: ListSpec) -> dict[str, object]:
    address = f"{site.base_url}/feeds/{spec.slug}"
    return {
        "slug": spec.slug,
        "title": spec.title,
        "description": spec.description,
        "kind": str(spec.kind),
        "ranked": spec.ranked,
        "language": spec.language or site.language,
        "page": address,
        **{str(form): f"{address}.{form}" for form in Format},
        "embed": f"{site.base_url}/embed/{spec.slug}",
        "fragment": f"{site.base_url}/embed/{spec.slug}/fragment",
    }


def news_sitemap(site: Site, articles: Sequence[Article]) -> bytes:
    """The newsroom's own articles of the last two days, by the rules of Google News."""
    names: dict[str | None, str] = {None: SITEMAP, "news": NEWS}
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap=names)  # type: ignore[arg-type] # None is the default
    host = _host(site.url)
    for article in articles[:MOST_NEWS]:
        story = article.story
        # a sitemap may only name addresses whose owner vouches for it: others' articles stay out
        if not story.url or article.published is None or not (article.own or _host(story.url) == host):
            continue
        url = etree.SubElement(root, f"{{{SITEMAP}}}url")
        etree.SubElement(url, f"{{{SITEMAP}}}loc").text = legal(story.url)
        news = etree.SubElement(url, f"{{{NEWS}}}news")
        publication = etree.SubElement(news, f"{{{NEWS}}}publication")
        etree.SubElement(publication, f"{{{NEWS}}}name").text = legal(site.title)
        etree.SubElement(publication, f"{{{NEWS}}}language").text = _news_language(
            story.language or site.language
        )
        etree.SubElement(news, f"{{{NEWS}}}publication_date").text = article.published.astimezone(
            site.zone
        ).isoformat(timespec="seconds")
        etree.SubElement(news, f"{{{NEWS}}}title").text = legal(story.title)
    return _bytes(root)


def feed_menu(site: Site, lists: Sequence[ListSpec]) -> bytes:
    """The feeds, as readers find them at a well-known address (draft-nottingham-feed-menu)."""
    items = [
        {
            "feed-title": spec.title,
            **{str(form): f"{site.base_url}{spec.path}.{form}" for form in Format},
        }
        for spec in _served(lists)
    ]
    return orjson.dumps({"feed-menu": site.title, "items": items}, option=orjson.OPT_INDENT_2)


def robots(site: Site, lists: Sequence[ListSpec]) -> bytes:
    """Everything may be read; searches are endless, so crawlers keep out of them."""
    path = quote(urlsplit(site.base_url).path.rstrip("/"))
    usage = site.rights.usage
    own = [(spec.path, spec.rights.usage) for spec in _served(lists) if spec.rights is not None]
    lines = [
        *([f"License: {site.base_url}/license.xml", ""] if licence.exists(site, lists) else []),
        "User-agent: *",
        *([f"Content-Usage: {usage}"] if usage else []),
        # the longest path that matches counts, as with Disallow (draft-ietf-aipref-attach 6)
        *(f"Content-Usage: {path}{place} {said}" for place, said in own if said and said != usage),
        f"Disallow: {path}/api/",
        f"Disallow: {path}/feeds/search",
        "",
        f"Sitemap: {site.base_url}/news-sitemap.xml",
        "",
    ]
    return "\n".join(lines).encode()


def _served(lists: Sequence[ListSpec]) -> list[ListSpec]:
    return [spec for spec in lists if not spec.retired]


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _news_language(tag: str) -> str:
    low = tag.lower()
    return _CHINESE.get(low) or _CHINESE.get("-".join(low.split("-")[:2])) or low.partition("-")[0]


def _bytes(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))
