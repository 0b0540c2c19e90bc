"""The answer of WordPress's REST API (developer.wordpress.org/rest-api/reference/posts): posts as drafts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from feedsvc import urls
from feedsvc.dates import Moment, Precision
from feedsvc.errors import Code, ReadError
from feedsvc.extract import jsontext
from feedsvc.extract.clean import clean_html, fold, summarise, to_text
from feedsvc.extract.encoding import decode
from feedsvc.extract.feed import texts
from feedsvc.extract.feed.wire import Text
from feedsvc.model import Draft, Image
from feedsvc.plugin_api import FeedReading, Job

LARGEST = 2_000  #: pixels; a larger rendition of a picture is left to the site


def read(job: Job) -> FeedReading:
    """The posts of an answer. Raises ReadError (NOT_WORDPRESS)."""
    posts = loads(job.body, job.url)
    if not isinstance(posts, list):
        said = fold(str(posts.get("message", "")))[:200] if isinstance(posts, dict) else ""
        raise ReadError(Code.NOT_WORDPRESS, f"{job.url}: the answer is not a list of posts {said}".rstrip())
    drafts = [_draft(post, job) for post in posts if isinstance(post, Mapping) and post.get("id")]
    return FeedReading(entries=tuple(drafts))


def loads(body: bytes, url: str) -> Any:
    """The document in an answer of the API, without what PHP files of the site say around it.

    Raises ReadError (NOT_WORDPRESS).
    """
    try:
        return orjson.loads(body)
    except ValueError:
        pass
    try:
        return jsontext.loads(decode(body))
    except (ValueError, RecursionError, ReadError) as error:
        raise ReadError(Code.NOT_WORDPRESS, f"{url}: the answer is not JSON") from error


def _draft(post: Mapping[str, Any], job: Job) -> Draft:
    """WordPress' names end here. A post behind a password is told as withdrawn: its text is not for all."""
    url = urls.absolute(job.url, _text(post.get("link"))) or ""
    content = _table(post.get("content"))
    embedded = _table(post.get("_embedded"))
    tags, categories = _terms(embedded)
    text = clean_html(_text(content.get("rendered")), base=url or job.url)
    summary = texts.summary(Text(_text(_table(post.get("excerpt")).get("rendered")), html=True))
    summary = summary.removesuffix("[…]").removesuffix("[...]").strip()
    title = texts.title(Text(_text(_table(post.get("title")).get("rendered")), html=True))
    closed = bool(content.get("protected")) or post.get("status", "publish") != "publish"
    return Draft(
        url=urls.clean(url) if url else "",
        title=title or summarise(to_text(text), 80),
        guid=_text(_table(post.get("guid")).get("rendered")),
        row=str(post["id"]),
        published=_moment(post, "date", job),
        updated=_moment(post, "modified", job),
        authors=tuple(
            name for one in _each(embedded.get("author")) if (name := texts.name(_text(one.get("name"))))
        ),
        summary=summary or texts.summary(Text(text, html=True)),
        content=text,
        image=_image(embedded, url or job.url),
        tags=tuple(dict.fromkeys((*categories, *tags))),
        section=categories[0] if categories else "",
        state="withdrawn" if closed else "published",
        origin={"url": "link", "guid": "guid", "published": "date_gmt", "content": "content.rendered"},
    )


def _moment(post: Mapping[str, Any], name: str, job: Job) -> Moment | None:
    """date_gmt is UTC without saying so; of a post that never was published it is zeros, and date counts."""
    for key, zone in ((f"{name}_gmt", UTC), (name, job.zone or UTC)):
        try:
            at = datetime.fromisoformat(_text(post.get(key)).rstrip("Z"))
        except ValueError:
            continue
        if 1990 <= at.year <= 2100:
            aware = at if at.tzinfo else at.replace(tzinfo=zone)
            return Moment(at=aware, precision=Precision.SECOND, text=_text(post.get(key)))
    return None


def _terms(embedded: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """(tags, categories) by their names; the category of posts that have none is none."""
    tags, categories = [], []
    groups = embedded.get("wp:term")
    for group in groups if isinstance(groups, list) else []:
        for term in _each(group):
            name = texts.name(_text(term.get("name")))
            if term.get("taxonomy") == "category" and name and term.get("slug") != "uncategorized":
                categories.append(name)
            elif term.get("taxonomy") == "post_tag" and name:
                tags.append(name)
    return tags, categories


def _image(embedded: Mapping[str, Any], base: str) -> Image | None:
    media = next(_each(embedded.get("wp:featuredmedia")), None)
    if media is None or media.get("media_type", "image") != "image":
        return None
    details = _table(media.get("media_details"))
    sizes = [one for one in _table(details.get("sizes")).values() if isinstance(one, Mapping)]
    whole = {
        "source_url": media.get("source_url"),
        "width": details.get("width"),
        "height": details.get("height"),
        "mime_type": media.get("mime_type"),
        "filesize": details.get("filesize"),
    }
    usable = [one for one in (whole, *sizes) if urls.absolute(base, _text(one.get("source_url")))]
    if not usable:
        return None
    fitting = [one for one in usable if _number(one.get("width")) <= LARGEST] or usable
    best = max(fitting, key=lambda one: _number(one.get("width")))
    small = [one for one in usable if 200 <= _number(one.get("width")) <= 600]
    thumbnail = min(small, key=lambda one: _number(one.get("width")), default=None)
    return Image(
        url=urls.absolute(base, _text(best["source_url"])) or "",
        width=_number(best.get("width")),
        height=_number(best.get("height")),
        type=_text(best.get("mime_type")),
        length=_number(best.get("filesize")),
        caption=texts.summary(Text(_text(_table(media.get("caption")).get("rendered")), html=True)),
        thumbnail=urls.absolute(base, _text(thumbnail["source_url"])) or "" if thumbnail else "",
    )


def _each(value: object) -> Iterator[Mapping[str, Any]]:
    return (one for one in (value if isinstance(value, list) else []) if isinstance(one, Mapping))


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> int:
    try:
        return max(int(value), 0) if isinstance(value, (int, str, float)) else 0
    except ValueError:
        return 0
