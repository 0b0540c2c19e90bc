"""What the head of an article page tells machines: each desk has its own habit, and all of it is true."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime

from markupsafe import Markup

from feedsvc.demo.dateline import local_iso, utc_iso
from feedsvc.demo.desks import NAME, Metadata
from feedsvc.demo.newsroom import Story

CONTEXT = "https://schema.org"


def head(story: Story, base: str) -> Markup:
    """The elements for the head."""
    parts: list[Markup] = []
    match story.desk.metadata:
        case Metadata.NONE:
            pass
        case Metadata.OPEN_GRAPH:
            parts = [*_metas(story, base)]
        case Metadata.FULL:
            parts = [*_metas(story, base), _script({"@context": CONTEXT, **_article(story, base)})]
        case Metadata.GRAPH:
            graph = [
                _article(story, base),
                _trail(story, base),
                {"@type": "WebSite", "name": NAME, "url": f"{base}/"},
            ]
            parts = [*_metas(story, base), _script({"@context": CONTEXT, "@graph": graph})]
        case Metadata.UTC:
            objects = [_trail(story, base), _article(story, base)]
            parts = [*_metas(story, base), _script([{"@context": CONTEXT, **one} for one in objects])]
    return Markup("\n").join(parts)


def _time(story: Story, moment: datetime) -> str:
    return utc_iso(moment) if story.desk.metadata is Metadata.UTC else local_iso(moment)


def _metas(story: Story, base: str) -> Iterator[Markup]:
    yield Markup('<link rel="canonical" href="{}">').format(base + story.path)
    named = {"description": story.lead, "author": story.reporter, "keywords": ", ".join(story.tags)}
    for name, value in named.items():
        yield Markup('<meta name="{}" content="{}">').format(name, value)
    properties = {
        "og:type": "article",
        "og:site_name": NAME,
        "og:locale": "en_GB" if story.desk.language == "en" else "id_ID",
        "og:title": story.headline,
        "og:description": story.lead,
        "og:url": base + story.path,
        "og:image": base + story.picture,
        "og:image:width": "1200",
        "og:image:height": "675",
        "og:image:alt": story.photo,
        "article:section": story.desk.title,
        "article:published_time": _time(story, story.published),
    }
    if story.updated != story.published:
        properties["article:modified_time"] = _time(story, story.updated)
    pairs = [*properties.items(), *(("article:tag", tag) for tag in story.tags)]
    for name, value in pairs:
        yield Markup('<meta property="{}" content="{}">').format(name, value)


def _article(story: Story, base: str) -> dict[str, object]:
    return {
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": base + story.path},
        "headline": story.headline,
        "description": story.lead,
        "image": [{"@type": "ImageObject", "url": base + story.picture, "width": 1200, "height": 675}],
        "datePublished": _time(story, story.published),
        "dateModified": _time(story, story.updated),
        "articleSection": story.desk.title,
        "keywords": list(story.tags),
        "inLanguage": story.desk.language,
        "author": {"@type": "Person", "name": story.reporter},
        "publisher": {
            "@type": "Organization",
            "name": NAME,
            "logo": {"@type": "ImageObject", "url": f"{base}/logo.png", "width": 512, "height": 512},
        },
    }


def _trail(story: Story, base: str) -> dict[str, object]:
    stations = ((NAME, "/"), (story.desk.title, story.desk.path), (story.headline, story.path))
    items = [
        {"@type": "ListItem", "position": at, "name": name, "item": base + path}
        for at, (name, path) in enumerate(stations, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _script(value: Mapping[str, object] | list[dict[str, object]]) -> Markup:
    text = json.dumps(value, ensure_ascii=False).replace("<", "\\u003c").replace("&", "\\u0026")
    return Markup('<script type="application/ld+json">{}</script>').format(Markup(text))  # noqa: S704
