"""RFC 5005: whoever walks along prev-archive from the subscription document gets every article that stands.

Articles come, are corrected and withdrawn while a reader polls and walks; it must have each at least once,
under one id, with its newest text, in every format.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from sqlalchemy import update

from feedsvc.config import Settings, load
from feedsvc.model import Format, State
from feedsvc.serve.front import Front
from feedsvc.store import codec
from feedsvc.store import schema as t
from feedsvc.store.articles.lists import write_outbox
from tests.asking import ask
from tests.conftest import Clock
from tests.filled import Filled, story
from tests.fronts import front_of
from tests.judges import ATOM, complaints

BASE = "https://feeds.example"
NOW = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)


class Newsroom:
    """A store whose articles change, its publisher and its service."""

    def __init__(self, folder: Path, articles: int) -> None:
        self.clock = Clock(NOW)
        self.filled = Filled(folder / "store.db", sections=1, articles=articles, base_url=BASE)
        self.publisher = self.filled.publisher(lambda number: None, self.clock)
        config = folder / "feedsvc.toml"
        config.write_text(
            '[site]\ntitle = "Contoh"\nurl = "https://news.example/"\nlanguage = "id"\n'
            'namespace = "6b2b5a0e-6c1d-4a41-9d54-6f2a6f6c9a11"\n'
            f'[serve]\nbase_url = "{BASE}"\n[store]\nurl = "{self.filled.url}"\n'
            '[[section]]\nslug = "s0"\nsources = [{ page = "https://news.example/" }]\n'
            '[[box]]\nslug = "populer"\nranked = true\n'
            'sources = [{ page = "https://news.example/", box = "P" }]\n'
        )
        self.settings: Settings = load(config, {})
        self.standing = {number: story(number).title for number in range(1, articles + 1)}
        self.publish()
        self.front: Front = front_of(self.settings)

    def publish(self) -> None:
        self.clock.forward(seconds=2)
        self.publisher.run()

    def come(self, count: int) -> None:
        first = self.filled.articles + 1
        self.filled.add(count, self.clock.forward(seconds=2), backfill=False)
        self.standing |= {number: story(number).title for number in range(first, first + count)}

    def correct(self, number: int, title: str) -> None:
        moment = self.clock.forward(seconds=2)
        self._change(
            number, {"story": codec.pack(replace(story(number), title=title)), "updated": moment}, {}, moment
        )
        self.standing[number] = title

    def withdraw(self, number: int) -> None:
        moment = self.clock.forward(seconds=2)
        self._change(number, {"state": State.WITHDRAWN, "withdrawn_at": moment}, {"live": False}, moment)
        del self.standing[number]

    def _change(self, number: int, values: dict[str, Any], place: dict[str, Any], at: datetime) -> None:
        m = t.membership.c
        with self.filled.database.write() as connection:
            connection.execute(update(t.article).where(t.article.c.no == number).values(touched=at, **values))
            connection.execute(
                update(t.membership).where(m.article == number).values(touched=at, backfill=False, **place)
            )
            write_outbox(connection, {"latest": True, "s0": True}, at)

    def get(self, address: str, **headers: str) -> Any:
        assert address.startswith(BASE)
        self.front.published.refresh()
        return ask(self.front, address.removeprefix(BASE), **headers)


def documents(newsroom: Newsroom, slug: str, form: Format) -> Iterator[tuple[str, bytes]]:
    """The subscription document, and the archives that it leads to, the newest first."""
    address = f"{BASE}/feeds/{slug}.{form}"
    seen: set[str] = set()
    while address:
        assert address not in seen, "the links run in a circle"
        seen.add(address)
        answer = newsroom.get(address)
        assert answer.status == 200, address
        yield address, answer.body
        address = previous(answer.body, form)


def previous(body: bytes, form: Format) -> str:
    if form is Format.JSON:
        return str(json.loads(body).get("next_url", ""))
    root: Any = etree.fromstring(body)
    where = root if form is Format.ATOM else root[0]
    links = {one.get("rel"): one.get("href") for one in where.findall(f"{ATOM}link")}
    return str(links.get("prev-archive", ""))


def entries(body: bytes, form: Format) -> dict[str, str]:
    """Id → title."""
    if form is Format.JSON:
        return {one["id"]: one["title"] for one in json.loads(body)["items"]}
    root: Any = etree.fromstring(body)
    if form is Format.ATOM:
        found = root.findall(f"{ATOM}entry")
        return {one.findtext(f"{ATOM}id"): one.findtext(f"{ATOM}title") for one in found}
    return {one.findtext("guid"): one.findtext("title") for one in root[0].findall("item")}


def walked(newsroom: Newsroom, slug: str, form: Format) -> dict[str, str]:
    """Everything that a reader gets who walks all the way: id → title."""
    found: dict[str, str] = {}
    for _, body in documents(newsroom, slug, form):
        for identity, title in entries(body, form).items():
            assert found.setdefault(identity, title) == title, "two texts of one article"
    return found


def expected(newsroom: Newsroom) -> dict[str, str]:
    return {f"https://news.example/?p={number}": title for number, title in newsroom.standing.items()}


@pytest.mark.parametrize("form", list(Format))
@pytest.mark.slow
def test_a_walker_gets_everything_while_everything_changes(tmp_path: Path, form: Format) -> None:
    newsroom = Newsroom(tmp_path, 330)
    chance = random.Random(7)
    for step in range(4):
        newsroom.come(chance.choice((1, 40, 99)))
        newsroom.correct(chance.choice(sorted(newsroom.standing)), f"Dibetulkan {step}")
        newsroom.withdraw(chance.choice(sorted(newsroom.standing)))
        newsroom.publish()
        for slug in ("latest", "s0"):
            assert walked(newsroom, slug, form) == expected(newsroom)
    newsroom.clock.forward(days=2)  # nothing is recent any more: the window is the newest ones
    newsroom.publisher.run()
    newsroom.publish()
    assert walked(newsroom, "s0", form) == expected(newsroom)
    for address, body in documents(newsroom, "latest", form):
        assert complaints(body, address=address) == []


def test_a_correction_of_an_old_article_returns_to_the_subscription_document(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, 330)
    identity = "https://news.example/?p=5"
    assert identity not in entries(newsroom.get(f"{BASE}/feeds/s0.json").body, Format.JSON)
    before = newsroom.get(f"{BASE}/feeds/s0/archive/1.json")
    tag = before.headers["ETag"]
    assert newsroom.get(f"{BASE}/feeds/s0/archive/1.json", if_none_match=tag).status == 304
    newsroom.correct(5, "Dibetulkan")
    newsroom.publish()
    assert entries(newsroom.get(f"{BASE}/feeds/s0.json").body, Format.JSON)[identity] == "Dibetulkan"
    after = newsroom.get(f"{BASE}/feeds/s0/archive/1.json", if_none_match=tag)
    assert after.status == 200
    assert entries(after.body, Format.JSON)[identity] == "Dibetulkan"
    assert set(entries(after.body, Format.JSON)) == set(entries(before.body, Format.JSON))


def test_an_archive_only_shrinks_and_is_validated_like_any_feed(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, 330)
    first = newsroom.get(f"{BASE}/feeds/s0/archive/2.rss", accept_encoding="gzip")
    assert first.headers["Cache-Control"].startswith("public, max-age=86400, ")
    assert "immutable" not in first.headers["Cache-Control"]
    before = entries(newsroom.get(f"{BASE}/feeds/s0/archive/2.rss").body, Format.RSS)
    assert len(before) == 100
    newsroom.come(150)
    newsroom.withdraw(150)
    newsroom.publish()
    after = entries(newsroom.get(f"{BASE}/feeds/s0/archive/2.rss").body, Format.RSS)
    assert set(before) - set(after) == {"https://news.example/?p=150"}
    assert set(after) <= set(before)
    again = newsroom.get(f"{BASE}/feeds/s0/archive/2.rss", accept_encoding="gzip")
    assert again.headers["ETag"] != first.headers["ETag"]
    assert again.headers["Last-Modified"] != first.headers["Last-Modified"]


@pytest.mark.slow
def test_retention_drops_the_oldest_archives(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, 330)
    with newsroom.filled.database.write() as connection:
        connection.execute(update(t.listing).where(t.listing.c.key == "s0").values(retired=2))
        write_outbox(connection, {"s0": False}, newsroom.clock())
    newsroom.publish()
    assert newsroom.get(f"{BASE}/feeds/s0/archive/1.atom").status == 410
    assert newsroom.get(f"{BASE}/feeds/s0/archive/2.json").status == 410
    assert newsroom.get(f"{BASE}/feeds/s0/archive/4.json").status == 404
    last = list(documents(newsroom, "s0", Format.ATOM))[-1]
    assert last[0] == f"{BASE}/feeds/s0/archive/3.atom"
    assert len(list(documents(newsroom, "latest", Format.ATOM))) == 4


def test_ranked_boxes_have_no_archives(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, 5)
    assert newsroom.get(f"{BASE}/feeds/populer/archive/1.rss").status == 404
    assert newsroom.get(f"{BASE}/feeds/s0/archive/1.rss").status == 404  # not closed yet
