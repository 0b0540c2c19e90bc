"""ninjs 3 (https://iptc.org/std/ninjs/ninjs-schema_3.3.json): a feed as a composite item of its articles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID, uuid5

import orjson

from feedsvc.model import Article, FeedHead, WindowEntry
from feedsvc.render.extension import enclosures
from feedsvc.render.text import legal_entry

#: What is written is in every 3.x.
STANDARD = {"name": "ninjs", "version": "3.0", "schema": "https://iptc.org/std/ninjs/ninjs-schema_3.0.json"}
_FILES = ("audio", "video")


def document(head: FeedHead, entries: Iterable[tuple[WindowEntry, bool]], namespace: str) -> bytes:
    """A feed; each entry comes with whether its full text is given. `namespace`: the UUID of the site."""
    made = [item(head, entry, full, namespace) for entry, full in entries]
    values: dict[str, Any] = {
        "uri": head.id,
        "standard": STANDARD,
        "type": "composite",
        "representationType": "full",
        "versionCreated": head.updated,
        "language": head.language,
        "title": head.title,
        "headlines": [_text("main", head.title)],
        "renditions": [{"name": "web", "href": head.page, "contentType": "text/html"}],
    }
    if head.description:
        values["descriptions"] = [_text("summary", head.description)]
    return orjson.dumps(values | {"associations": made})


def item(head: FeedHead, entry: WindowEntry, full: bool, namespace: str) -> dict[str, Any]:
    """An article. Its name among the associations is its headline."""
    entry = legal_entry(entry)
    article, story = entry.article, entry.article.story
    values: dict[str, Any] = {
        "name": story.title,
        "rel": "item",
        "uri": _uri(article, namespace),
        "type": "text",
        "representationType": "full" if full and story.content else "partial",
        "pubStatus": "usable",
        "firstCreated": article.published,
        "versionCreated": article.updated or article.published,
        "language": story.language or head.language,
        "title": story.title,
        "headlines": [_text("main", story.title)],
    }
    if story.summary:
        values["descriptions"] = [_text("summary", story.summary)]
    if full and story.content:
        values["bodies"] = [{"role": "main", "contentType": "text/html", "value": story.content}]
    if story.authors:
        values["by"] = "; ".join(story.authors)
        values["infoSources"] = [{"name": name, "role": "author"} for name in story.authors]
    values["subjects"] = [
        {
            "name": one.label,
            "rel": "tag" if one.scheme.endswith("/tag/") else "section",
            "literal": one.term,
            "uri": f"{one.scheme}{quote(one.term, safe='')}",
        }
        for one in entry.categories
    ]
    if story.url:
        values["renditions"] = [{"name": "web", "href": story.url, "contentType": "text/html"}]
    if not urlsplit(article.id).scheme:
        values["altIds"] = [{"role": "guid", "value": article.id}]
    if head.copyright:
        values["copyrightNotice"] = head.copyright
    if head.rights:
        values["usageTerms"] = head.rights
    if head.licence:
        values["rightsInfo"] = {"linkedRights": head.licence}
    files = [*_picture(article), *_recordings(article)]
    return values | ({"associations": files} if files else {})


def _uri(article: Article, namespace: str) -> str:
    """An id that is no URI gets one that is always the same."""
    if urlsplit(article.id).scheme:
        return article.id
    return f"urn:uuid:{uuid5(UUID(namespace), f'article:{article.id}')}"


def _text(role: str, value: str) -> dict[str, str]:
    return {"role": role, "contentType": "text/plain", "value": value}


def _picture(article: Article) -> list[dict[str, Any]]:
    image = article.story.image
    if image is None:
        return []
    rendition: dict[str, Any] = {"name": "original", "href": image.url}
    known = {
        "contentType": image.type,
        "width": image.width,
        "height": image.height,
        "sizeInBytes": image.length,
    }
    rendition |= {name: value for name, value in known.items() if value}
    values: dict[str, Any] = {"name": "picture", "rel": "lead", "uri": image.url, "type": "picture"}
    if image.caption:
        values["descriptions"] = [_text("caption", image.caption)]
    if image.credit:
        values["by"] = image.credit
    return [values | {"renditions": [rendition]}]


def _recordings(article: Article) -> list[dict[str, Any]]:
    """Sounds and films; what is neither is a component of the article."""
    episode, made = article.story.episode, []
    for number, (url, kind, length) in enumerate(enclosures(article)[: len(article.story.enclosures)], 1):
        top = kind.partition("/")[0]
        rendition: dict[str, Any] = {"name": "original", "href": url, "contentType": kind}
        if length:
            rendition["sizeInBytes"] = length
        if number == 1 and episode and episode.duration:
            rendition["duration"] = episode.duration
        values = {"name": f"file {number}", "rel": "enclosure", "uri": url}
        values["type"] = top if top in _FILES else "component"
        made.append({**values, "renditions": [rendition]})
    return made
