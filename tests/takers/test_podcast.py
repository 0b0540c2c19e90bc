"""Podcasts: what the API takes is served to players, in the section's feed, its archives, and to members."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from lxml import etree
from sqlalchemy import update

from feedsvc.cli.main import main
from feedsvc.config import load
from feedsvc.errors import ConfigError
from feedsvc.model import Enclosure, Episode
from feedsvc.serve.api.models import ArticleIn
from feedsvc.store import codec
from feedsvc.store import schema as t
from feedsvc.store.articles.lists import write_outbox
from tests.asking import ask
from tests.filled import story
from tests.judges import complaints
from tests.takers.room import BASE, Room, ask_built

ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
SENT: dict[str, Any] = {
    "duration": 1801,
    "number": 12,
    "season": 2,
    "kind": "trailer",
    "explicit": False,
    "image": "https://news.example/e12.jpg",
    "title": "Pasar <malam>",
    "summary": "Bunyi & cerita.",
    "transcripts": [
        {"url": "https://news.example/e12.srt", "type": "", "language": "id", "captions": True},
    ],
    "chapters": "https://news.example/e12.json",
}
SECTION = """[section.podcast]
categories = ["News > Daily News", "Comedy"]
owner = "Ani <ani@news.example>"
image = "https://news.example/suara.jpg"
type = "serial"
"""


def sent(**changes: Any) -> Episode:
    body = {"title": "x", "sections": ["s0"], "episode": SENT | changes}
    episode = ArticleIn.model_validate_json(json.dumps(body)).submitted().episode
    assert episode is not None
    return episode


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Callable[..., Room]]:
    made: list[Room] = []

    def make(takers: str = "", *, section: str = SECTION, articles: int = 12) -> Room:
        found = Room(tmp_path, takers, articles=articles, section=section)
        made.append(found)
        return found

    yield make
    for one in made:
        one.close()


def tell(room: Room, number: int, episode: Episode | None, **fields: Any) -> None:
    """Make an article an episode."""
    told = replace(story(number), episode=episode, **fields)
    with room.filled.database.write() as connection:
        values = {"story": codec.pack(told), "touched": room.clock()}
        connection.execute(update(t.article).where(t.article.c.no == number).values(values))
        write_outbox(connection, {"s0": True, "latest": True, "for:plus": True}, room.clock())


FILE = (Enclosure(url="https://news.example/12.mp3"),)


def item(body: bytes, number: int) -> etree._Element:
    root = etree.fromstring(body)
    (found,) = [one for one in root.iter("item") if one.findtext("guid", "").endswith(f"?p={number}")]
    return found


def test_a_podcast_has_its_show_and_its_episodes(room: Callable[..., Room]) -> None:
    made = room()
    tell(made, 12, sent(), enclosures=FILE)
    made.publish()
    front = made.front()
    body = ask(front, "/feeds/s0.rss").body
    channel = etree.fromstring(body)[0]
    assert channel.findtext(f"{ITUNES}author") == "Kantor Berita Contoh"
    assert channel.findtext(f"{ITUNES}owner/{ITUNES}name") == "Ani"
    assert channel.findtext(f"{ITUNES}owner/{ITUNES}email") == "ani@news.example"
    assert [one.get("text") for one in channel.iter(f"{ITUNES}category")] == ["News", "Daily News", "Comedy"]
    assert channel.findtext(f"{ITUNES}type") == "serial"
    assert channel.findtext(f"{ITUNES}explicit") == "false"
    assert channel.find(f"{ITUNES}image").get("href") == "https://news.example/suara.jpg"  # type: ignore[union-attr]
    assert channel.findtext(f"{PODCAST}locked") == "no"
    assert channel.find(f"{ITUNES}block") is None
    # uuid5 of "feeds.example/feeds/s0.rss" in the namespace of podcast:guid
    assert channel.findtext(f"{PODCAST}guid") == "1eee288b-66d6-5772-a397-b10058d08628"

    one = item(body, 12)
    enclosure = one.find("enclosure")
    assert enclosure is not None
    assert [enclosure.get(name) for name in ("url", "type", "length")] == [FILE[0].url, "audio/mpeg", "0"]
    about = {name: one.findtext(f"{ITUNES}{name}") for name in ("title", "duration", "episode", "season")}
    assert about == {"title": "Pasar <malam>", "duration": "1801", "episode": "12", "season": "2"}
    assert one.findtext(f"{ITUNES}episodeType") == "trailer"
    assert one.findtext(f"{ITUNES}summary") == "Bunyi & cerita."
    assert one.findtext(f"{PODCAST}episode") == "12"
    transcript = one.find(f"{PODCAST}transcript")
    assert transcript is not None
    said = {name: transcript.get(name, "") for name in ("url", "type", "language", "rel")}
    assert said == {
        "url": "https://news.example/e12.srt",
        "type": "application/x-subrip",
        "language": "id",
        "rel": "captions",
    }
    assert one.find(f"{PODCAST}chapters").get("type") == "application/json+chapters"  # type: ignore[union-attr]
    # the other episodes say nothing of themselves, and other feeds have none of it
    assert item(body, 8).find(f"{ITUNES}duration") is None
    assert b"itunes:" not in ask(front, "/feeds/latest.rss").body
    assert complaints(body) == []
    atom = ask(front, "/feeds/s0.atom").body
    assert complaints(atom) == []
    assert etree.fromstring(atom).findtext(f".//{ITUNES}duration") == "1801"
    feed = json.loads(ask(front, "/feeds/s0.json").body)
    shown = next(one for one in feed["items"] if one["id"].endswith("?p=12"))
    assert shown["attachments"][0]["duration_in_seconds"] == 1801
    assert shown["_feedsvc"]["episode"]["number"] == 12
    assert shown["_feedsvc"]["episode"]["explicit"] is False


def test_variants_and_archives_have_episodes_too(room: Callable[..., Room]) -> None:
    made = room(articles=4 * 120)
    tell(made, 4, sent(), enclosures=FILE)
    made.publish()
    archive = ask_built(made.front(), "/feeds/s0/archive/1.rss").body
    assert item(archive, 4).findtext(f"{ITUNES}duration") == "1801"
    tell(made, 480, sent(number=0.5), enclosures=FILE)
    made.publish()
    variant = item(ask_built(made.front(), "/feeds/s0.rss?limit=3").body, 480)
    assert variant.findtext(f"{PODCAST}episode") == "0.5"
    assert variant.find(f"{ITUNES}episode") is None  # Apple knows whole numbers from 1


def test_a_change_of_an_episode_changes_the_feed(room: Callable[..., Room]) -> None:
    made = room()
    tell(made, 12, sent(), enclosures=FILE)
    made.publish()
    before = ask(made.front(), "/feeds/s0.rss")
    tell(made, 12, sent(duration=60), enclosures=FILE)
    made.publish(seconds=70)
    after = ask(made.front(), "/feeds/s0.rss")
    assert after.headers["ETag"] != before.headers["ETag"]
    assert item(after.body, 12).findtext(f"{ITUNES}duration") == "60"


def test_what_a_feed_that_is_no_podcast_keeps(room: Callable[..., Room]) -> None:
    made = room(section="")
    tell(made, 12, sent(), enclosures=FILE)
    made.publish()
    body = ask(made.front(), "/feeds/s0.rss").body
    assert b"itunes" not in body
    assert item(body, 12).find("enclosure") is not None


def test_members_get_a_podcast_that_no_directory_lists(room: Callable[..., Room]) -> None:
    made = room('[[taker]]\nslug = "plus"\nsections = ["s0"]\naccess = "token"\npodcast = true\n')
    taker = made.settings.takers[0]
    assert taker.show is not None
    assert (taker.show.private, taker.show.locked, taker.show.serial) == (True, True, True)
    tell(made, 12, sent(), enclosures=FILE)
    made.publish()
    words = ["member", "add", "ani", "--feed", "plus", "--config", str(made.config)]
    address = CliRunner().invoke(main, words).output.split()[0].removeprefix(BASE)
    body = ask_built(made.front(), address).body
    channel = etree.fromstring(body)[0]
    assert channel.findtext(f"{ITUNES}block") == "Yes"
    assert channel.findtext(f"{PODCAST}block") == "yes"
    assert channel.findtext(f"{PODCAST}guid") != "1eee288b-66d6-5772-a397-b10058d08628"
    assert item(body, 12).findtext(f"{ITUNES}duration") == "1801"


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('podcast = { categories = ["News > Daily"] }', "did you mean 'News > Daily News'"),
        ('podcast = { categories = ["Cats"] }', "is not a category of Apple's"),
        ("podcast = { categories = [] }", "at least 1 item"),
        ('podcast = { kategori = ["News"] }', "kategori"),
        ('podcast = { guid = "12" }', "guid"),
    ],
)
def test_a_wrong_table_is_told(tmp_path: Path, table: str, says: str) -> None:
    file = tmp_path / "feedsvc.toml"
    file.write_text(
        '[site]\ntitle = "x"\nurl = "https://news.example/"\n[[section]]\nslug = "a"\nsources = []\n' + table
    )
    with pytest.raises(ConfigError, match=says):
        load(file, {})
