"""Feeds that were written for these tests, with the answers beside them, and how to compare the two."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser

from feedsvc.dates import Doubt, Moment
from feedsvc.extract import feed
from feedsvc.extract.bounds.xml import MAX_ENTRIES
from feedsvc.extract.clean import ATTRIBUTES, TAGS
from feedsvc.extract.feed import texts as texts_of_feeds
from feedsvc.extract.feed.memo import Memo
from feedsvc.extract.feed.mend import FORBIDDEN
from feedsvc.model import Draft, Enclosure, Episode, Image, Transcript
from feedsvc.plugin_api import FeedReading

FEEDS = Path(__file__).parent / "feeds"
NAMES = sorted(path.name for path in FEEDS.iterdir() if not path.name.endswith(".answer.json"))
ALLOWED = frozenset().union(*ATTRIBUTES.values()) | {"dir"}
NOW = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
URL = "https://feeds.example/dir/feed.xml"


def answer_of(name: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads((FEEDS / f"{name}.answer.json").read_text("utf-8"))
    return answer


def read(body: bytes, *, url: str = URL, memo: Memo | None = None, **hints: str) -> FeedReading:
    """The feed as it is read without any memory of others."""
    zone = ZoneInfo(hints.pop("zone")) if "zone" in hints else None
    return feed.read(body, url=url, zone=zone, now=NOW, memo=Memo() if memo is None else memo, **hints)


def read_case(name: str) -> FeedReading:
    return read((FEEDS / name).read_bytes(), **answer_of(name).get("hints", {}))


def plain(value: object) -> Any:
    """A reading as JSON has it, without what is empty."""
    match value:
        case Moment():
            return value.at.isoformat()
        case Doubt():
            return str(value.reason)
        case tuple():
            return [plain(one) for one in value]
        case FeedReading() | Draft() | Image() | Enclosure() | Episode() | Transcript():
            said = {field.name: plain(getattr(value, field.name)) for field in fields(value)}
            if said.get("state") == "published":
                del said["state"]
            return {name: one for name, one in said.items() if one not in ("", None, [], {}, 0, False)}
    if isinstance(value, str | int | None):
        return value
    return dict(value)  # type: ignore[call-overload]  # the origins


def sound(reading: FeedReading) -> None:
    """What holds for every reading of every bytes, however hostile."""
    assert len(reading.entries) <= MAX_ENTRIES
    for draft in reading.entries:
        assert draft.url or draft.guid
        texts = [draft.title, draft.summary, draft.content, draft.guid, *draft.authors, *draft.tags]
        assert not any(FORBIDDEN.search(text) for text in texts)
        assert len(draft.title) <= texts_of_feeds.TITLE
        assert "\n" not in draft.title
        files = [draft.image.url] if draft.image else []
        if draft.episode:
            files += [draft.episode.image, draft.episode.chapters]
            files += [one.url for one in draft.episode.transcripts]
        for url in (draft.url, *draft.also, *files, *(file.url for file in draft.enclosures)):
            assert url == "" or url.startswith(("http://", "https://"))
        for node in LexborHTMLParser(f"<body>{draft.content}").css("body *"):
            assert node.tag in TAGS
            assert all(name in ALLOWED for name in node.attributes)
            assert not (node.attributes.get("href") or "").startswith(("javascript", "data"))
        assert len(draft.tags) == len({tag.casefold() for tag in draft.tags})
        assert draft.doubt is None or draft.published is None
