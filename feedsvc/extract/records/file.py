"""One file → its records → drafts. Runs in a child process: files come from many hands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import orjson

from feedsvc import urls
from feedsvc.errors import Code, ReadError
from feedsvc.extract import encoding
from feedsvc.extract.records import front_matter as head
from feedsvc.extract.records import record
from feedsvc.model import Draft, ninjs
from feedsvc.plugin_api import FeedReading, Job

MARKDOWN, HTML = {".md", ".markdown"}, {".html", ".htm"}
JSON, LINES = {".json", ".ninjs"}, {".ndjson", ".jsonl"}
#: Names under which fields stand in front matter and JSON, the first that is there counts.
NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title", "headline"),
    "content": ("content", "content_html", "body", "html", "text"),
    "summary": ("summary", "description", "excerpt", "abstract"),
    "published": ("published", "date", "published_at", "date_published", "datePublished", "created_at"),
    "updated": ("updated", "lastmod", "modified", "updated_at", "date_modified", "dateModified"),
    "author": ("author", "authors", "byline", "creator"),
    "tags": ("tags", "keywords", "categories"),
    "section": ("section", "category"),
    "url": ("url", "link", "permalink", "canonical"),
    "image": ("image", "cover", "featured_image", "thumbnail"),
    "caption": ("caption", "image_caption"),
    "credit": ("credit", "image_credit"),
    "language": ("language", "lang"),
}
_ID = ("id", "guid", "uuid")
_LISTS = ("items", "articles", "posts", "entries")
_DATED = re.compile(r"(\d{4}-\d\d-\d\d)[-_](.+)")
_TEXTS = frozenset(
    FIELD for FIELD in NAMES if FIELD not in ("author", "tags", "image", "published", "updated")
)


def read(job: Job) -> FeedReading:
    """The records of one file as drafts; `url` of the job is the file's path within its folder.

    `options` has what the configuration says: base, map, guid, link, text. Drafts and others are told by
    `state`. Raises ReadError (BAD_FILE) for what cannot be read; a bad record of many is a note.
    """
    ending = PurePosixPath(job.url).suffix.lower()
    if ending in JSON | LINES:
        return _many(job, _records(job.body, ending))
    text = encoding.decode(job.body, charset=job.charset, html=True)
    values, rest = head.split(text)
    if ending in HTML and not values:
        return FeedReading(entries=(_page(job, text),))
    kind = "markdown" if ending in MARKDOWN else "html"
    return FeedReading(entries=(_draft(job, {**values, "content": rest}, kind, row=job.url),))


def _records(body: bytes, ending: str) -> list[Any] | Mapping[str, Any] | ninjs.Item:
    if ending in LINES:
        lines = [line for line in body.split(b"\n") if line.strip()]
        return [_json(line, f"line {number}") for number, line in enumerate(lines, 1)]
    loaded = _json(body, "")
    if ninjs.is_ninjs(loaded):
        found = list(ninjs.items(loaded))
        return found[0] if len(found) == 1 else found
    if isinstance(loaded, Mapping):
        inner = next((loaded[name] for name in _LISTS if isinstance(loaded.get(name), list)), None)
        return loaded if inner is None else inner
    if isinstance(loaded, list):
        return loaded
    raise ReadError(Code.BAD_FILE, "is neither a record nor a list of records")


def _json(text: bytes, where: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ReadError(
            Code.BAD_FILE, f"is not valid JSON{f' in {where}' if where else ''}: {error}"
        ) from error


def _many(job: Job, found: list[Any] | Mapping[str, Any] | ninjs.Item) -> FeedReading:
    """Several records of one file: each needs an id or an address, so that it is known again."""
    alone = not isinstance(found, list)
    drafts, notes = [], []
    for number, one in enumerate(found if isinstance(found, list) else [found], 1):
        try:
            if ninjs.is_ninjs(one):
                one = ninjs.item(one)
            if isinstance(one, ninjs.Item):
                drafts.append(_of_ninjs(job, one, row=job.url if alone else f"{job.url}#{one.uri}"))
                continue
            if not isinstance(one, Mapping):
                raise ReadError(Code.BAD_FILE, "is no record")
            values = {str(key): value for key, value in one.items()}
            name = record.identity(_first(values, _ID)) or record.identity(_first(values, NAMES["url"]))
            if not name and not alone:
                raise ReadError(Code.BAD_FILE, "has neither an id nor a url, to be known again")
            drafts.append(_draft(job, values, "", row=job.url if alone else f"{job.url}#{name}"))
        except ReadError as error:
            notes.append(f"{job.url}: record {number} {error.message}")
    return FeedReading(entries=tuple(drafts), notes=tuple(notes))


def _of_ninjs(job: Job, item: ninjs.Item, *, row: str) -> Draft:
    """What an item of ninjs says: it names its fields itself."""
    values: dict[str, Any] = {
        "id": item.uri,
        "url": item.url,
        "title": item.title,
        "content": item.content,
        "summary": item.summary,
        "author": list(item.authors),
        "tags": list(item.tags),
        "section": next(iter(item.sections), ""),
        "published": item.published,
        "updated": item.updated,
        "language": item.language,
        "status": "" if item.usable else "withdrawn",
    }
    read = _draft(replace(job, options={**(job.options or {}), "map": {}}), values, "", row=row)
    base = read.url or (job.options or {})["base"]
    image = urls.absolute(base, item.image.url) if item.image else None
    files = ((one, urls.absolute(base, one.url)) for one in item.enclosures)
    return replace(
        read,
        image=replace(item.image, url=image) if item.image and image else None,
        enclosures=tuple(replace(one, url=url) for one, url in files if url),
    )


def _draft(job: Job, values: dict[str, Any], kind: str, *, row: str) -> Draft:
    options = job.options or {}
    mapped: Mapping[str, list[str]] = options.get("map", {})
    said = {name: _said(values, mapped.get(name), known) for name, known in NAMES.items()}
    for name in _TEXTS:
        if isinstance(said[name], (Mapping, list)):
            raise ReadError(
                Code.BAD_FILE, f"has a {type(said[name]).__name__} as its {name}; a text is wanted"
            )
    if kind == "markdown" or not mapped.get("content"):
        said["content"] = said["content"] if not kind else values["content"]
    stem = PurePosixPath(job.url).stem
    dated = _DATED.fullmatch(stem)
    hidden = _is_hidden(values, said["published"])
    if isinstance(said["published"], bool):
        said["published"] = _said(values, None, NAMES["published"][1:])
    if dated and not said["published"]:
        said["published"] = dated[1]
    zone = job.zone or ZoneInfo("UTC")
    text: record.Text = options.get("text", "auto")
    if kind:
        text = "markdown" if kind == "markdown" else "html"
    setting = record.Setting(
        base=options["base"],
        zone=zone,
        language=job.language,
        now=job.now,
        text=text,
    )
    names = _names(job, values, said, stem if dated is None else dated[2], setting)
    guid = (
        record.fill(options["guid"], names) if options.get("guid") else record.identity(_first(values, _ID))
    )
    link = record.fill(options["link"], names, escape=_escaped) if options.get("link") else ""
    draft = record.draft(_timed(said, zone), setting, row=row, guid=guid, link=link, note=job.url)
    if hidden:
        return replace(draft, state="withdrawn")
    if not draft.title:
        raise ReadError(Code.BAD_FILE, "has neither a title nor a text")
    return draft


def _said(values: Mapping[str, Any], mapped: list[str] | None, known: tuple[str, ...]) -> Any:
    if mapped:
        found = [values[name] for name in mapped if values.get(name) not in (None, "")]
        return found[0] if len(found) == 1 else found or None
    return _first(values, known)


def _first(values: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((values[name] for name in names if values.get(name) not in (None, "")), None)


def _is_hidden(values: Mapping[str, Any], published: Any) -> bool:
    status = str(values.get("status") or "").casefold()
    return (
        str(values.get("draft", "")).casefold() in ("true", "yes", "1")
        or published is False
        or str(published).casefold() == "false"
        or status in ("draft", "private", "pending", "trash", "withdrawn")
    )


def _timed(said: Mapping[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    """TOML knows times without a day; they are none."""
    return {name: None if isinstance(value, time) else value for name, value in said.items()}


def _names(
    job: Job, values: Mapping[str, Any], said: Mapping[str, Any], slug: str, setting: record.Setting
) -> dict[str, Any]:
    """What a template may name: every key of the file, and what its path and date give."""
    plain = {
        key: value for key, value in values.items() if isinstance(value, (str, int, float, date, datetime))
    }
    found = record.moment(said["published"], setting)[0]
    day = found.at if found else None
    path = PurePosixPath(job.url)
    made = {
        "slug": slug,
        "path": str(path.with_suffix("")),
        "section": said["section"] or (path.parts[0] if len(path.parts) > 1 else ""),
        **({"year": f"{day:%Y}", "month": f"{day:%m}", "day": f"{day:%d}"} if day else {}),
    }
    return {**made, **plain}


def _escaped(value: str) -> str:
    return quote(value, safe="/")


def _page(job: Job, text: str) -> Draft:
    """A whole HTML page, read as an article's page."""
    from feedsvc.extract import article

    options = job.options or {}
    reading = article.read(text, url=options["base"], language=job.language, zone=job.zone, now=job.now)
    draft = reading.draft
    stem = PurePosixPath(job.url).stem
    names = _names(
        job,
        {},
        {"published": None, "section": draft.section},
        stem,
        record.Setting(
            base=options["base"], zone=job.zone or ZoneInfo("UTC"), language=job.language, now=job.now
        ),
    )
    own = draft.url if draft.url != options["base"] else ""
    link = record.fill(options["link"], names, escape=_escaped) if options.get("link") else ""
    if not draft.title:
        raise ReadError(Code.BAD_FILE, "has no title")
    return replace(
        draft,
        url=link or own,
        row=job.url,
        guid=record.fill(options["guid"], names) if options.get("guid") else "",
        embargo=draft.published is not None,
    )
