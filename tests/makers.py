"""Short ways to make the nouns that tests need."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from feedsvc.curate import Context, decide, merge, prepare, release, story_digest
from feedsvc.dates import Moment, Precision
from feedsvc.model import Article, Draft, Level, Site, State, Statement, Story

JAKARTA = ZoneInfo("Asia/Jakarta")
SITE = Site(
    title="Kantor Berita Contoh",
    url="https://news.example/",
    language="id",
    zone=JAKARTA,
    namespace="6b2b5a0e-6c1d-4a41-9d54-6f2a6f6c9a11",
    base_url="https://feeds.example",
)
#: A configuration of one section; its own host is reached at `port`, foreign ones at `ports`.
OWN_AND_FOREIGN = """
[site]
title = "x"
url = "http://reader.example/"
namespace = "5b0c5f0e-6c1d-4a41-9d54-6f2a6f6c9a11"
[serve]
base_url = "https://feeds.example"
[fetch]
own = ["own.example:{port}"]
ports = [{ports}]
[store]
url = "sqlite:///{folder}/store.db"
[[section]]
slug = "all"
sources = [{sources}]
"""


def moment(at: datetime, precision: Precision = Precision.MINUTE, *flags: str) -> Moment:
    return Moment(at=at, precision=precision, flags=frozenset(flags))


def draft(number: int | str = 1, **fields: object) -> Draft:
    values: dict[str, object] = {
        "url": f"https://news.example/politik/read/{number}",
        "title": f"Judul {number}",
    }
    return Draft(**(values | fields))  # type: ignore[arg-type]


def statement(one: Draft, level: Level, at: datetime, upstream: int = 1) -> Statement:
    return Statement(upstream=upstream, upstream_key=f"u{upstream}", level=level, draft=one, at=at)


def article(number: int, at: datetime, **story: object) -> Article:
    values: dict[str, object] = {
        "url": f"https://news.example/politik/read/{number}",
        "title": f"Judul {number}",
        "summary": f"Ringkasan {number}.",
        "content": f"<p>Isi {number}.</p>",
    }
    return Article(
        no=number,
        id=f"urn:uuid:00000000-0000-5000-8000-{number:012d}",
        state=State.LIVE,
        story=Story(**(values | story)),  # type: ignore[arg-type]
        published=at,
        precision=Precision.MINUTE,
        updated=at,
        first_seen=at,
    )


def context(at: datetime, **fields: object) -> Context:
    values: dict[str, object] = {
        "upstream": 1,
        "upstream_key": "page:1",
        "level": Level.LIST,
        "own": True,
        "now": at,
    }
    return Context(**(values | fields))  # type: ignore[arg-type]


def listed(name: str, drafts: Sequence[Draft], follow: bool = False) -> tuple[str, list[tuple[Draft, bool]]]:
    return name, [(one, follow) for one in drafts]


__all__ = [
    "SITE",
    "article",
    "context",
    "decide",
    "draft",
    "listed",
    "merge",
    "prepare",
    "release",
    "story_digest",
]
