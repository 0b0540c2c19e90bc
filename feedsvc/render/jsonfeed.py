"""JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

from typing import Any

import orjson

from feedsvc.model import SELF, FeedHead, Fragment, Frame, WindowEntry
from feedsvc.render.extension import enclosures

VERSION = "https://jsonfeed.org/version/1.1"


def entry(item: WindowEntry) -> Fragment:
    """One item. Without its full text it carries its summary, or else its headline, as content_text.

    JSON Feed wants one of content_html and content_text.
    """
    article, story = item.article, item.article.story
    assert article.published is not None
    values: dict[str, Any] = {"id": article.id}
    if story.url:
        values["url"] = story.url
    values["title"] = story.title
    values["date_published"] = article.published
    if article.updated and article.updated != article.published:
        values["date_modified"] = article.updated
    if story.image:
        values["image"] = story.image.url
    if story.authors:
        values["authors"] = [{"name": name} for name in story.authors]
        values["author"] = values["authors"][0]  # readers of 1.0 know this one alone
    tags = list(dict.fromkeys(category.label for category in item.categories))
    if tags:
        values["tags"] = tags
    if story.language:
        values["language"] = story.language
    attached = [
        {"url": url, "mime_type": kind, **({"size_in_bytes": length} if length else {})}
        for url, kind, length in enclosures(article)
    ]
    if attached and story.episode and story.episode.duration and story.enclosures:
        attached[0]["duration_in_seconds"] = story.episode.duration
    if attached:
        values["attachments"] = attached
    return Fragment(
        head=orjson.dumps(values)[:-1],
        summary=_member("summary", story.summary),
        content=_member("content_html", story.content),
        tail=b"}",
        instead=_member("content_text", story.summary or story.title),
        bare=_member("content_text", story.title),
    )


def _member(name: str, value: str) -> bytes:
    return b",%s:%s" % (orjson.dumps(name), orjson.dumps(value)) if value else b""


def frame(head: FeedHead) -> Frame:
    """The feed object with everything but its items."""
    values: dict[str, Any] = {
        "version": VERSION,
        "title": head.title,
        "home_page_url": head.page,
        "feed_url": SELF,
        "language": head.language,
        "authors": [{"name": head.site_title, "url": head.site_url}],
        "author": {"name": head.site_title, "url": head.site_url},
    }
    if head.description:
        values["description"] = head.description
    if head.icon:
        values["favicon"] = head.icon
    if head.logo:
        values["icon"] = head.logo
    if head.previous:
        values["next_url"] = head.previous
    if head.hubs:
        values["hubs"] = [{"type": "WebSub", "url": hub} for hub in head.hubs]
    said = {"rights": head.rights, "licence": head.licence}
    if any(said.values()):
        values["_feedsvc"] = {name: value for name, value in said.items() if value}
    return Frame(head=orjson.dumps(values)[:-1] + b',"items":[', separator=b",", tail=b"]}")
