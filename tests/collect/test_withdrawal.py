"""Withdrawn and back, hidden, erased, corrected by hand: what the feeds show, whatever the sources do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text as sql

from feedsvc.cli.main import main
from feedsvc.errors import EditorialError
from feedsvc.model import Newsroom, Submission
from tests.collect.newsroom import House, house
from tests.conftest import Clock
from tests.servers import ScriptedServer

TITLE = "Banjir melanda tiga desa"


@pytest.fixture
def room(tmp_path: Path, clock: Clock, upstream: ScriptedServer) -> Iterator[House]:
    with house(tmp_path, clock, upstream) as found:
        found.site.publish("/read/a", TITLE, "/berita")
        found.look()
        yield found


def in_any_feed(room: House, identity: str) -> bool:
    return any(
        identity.encode() in room.document(f"/feeds/{slug}.{form}")
        for slug in ("berita", "latest")
        for form in ("rss", "json")
    )


def test_a_story_that_is_gone_is_withdrawn_within_minutes_and_comes_back(room: House) -> None:
    """It also left its list; own pages are asked at once then, and again a minute later."""
    story = room.site.stories["/read/a"]
    before = room.item(TITLE)
    story.status = 410
    room.site.lists["/berita"].remove("/read/a")
    room.look()
    assert in_any_feed(room, before["id"])  # once is nothing
    room.look()
    assert not in_any_feed(room, before["id"])
    assert room.tombstones() == room.tombstones("latest") == [before["id"]]
    assert room.editorial.describe(room.find("/read/a"))["state"] == "withdrawn"
    withdrawn = room.rows("article", id=before["id"])[0]["withdrawn_at"]
    # back, with the very same page: it answers 200, not 304
    story.status = 200
    room.look(hours=2)
    after = room.item(TITLE)
    assert (after["id"], after["date_published"]) == (before["id"], before["date_published"])
    assert datetime.fromisoformat(after["date_modified"]) > withdrawn
    assert room.tombstones() == []


def test_a_list_that_no_longer_shows_it_withdraws_nothing(room: House) -> None:
    room.site.lists["/berita"].remove("/read/a")
    for _ in range(6):
        room.look(hours=5)
    assert TITLE in room.titles()
    assert TITLE in room.titles("latest")


def test_what_a_person_withdrew_stays_withdrawn(room: House) -> None:
    """Its page goes on answering, changes, and is listed under a new headline."""
    identity = room.item(TITLE)["id"]
    assert room.editorial.withdraw(room.find("/read/a"))
    room.look()
    story = room.site.stories["/read/a"]
    story.headline = "Judul yang lain sama sekali"
    for _ in range(4):
        room.look(minutes=20)
    assert not in_any_feed(room, identity)
    assert room.tombstones() == [identity]
    assert room.editorial.show(room.find("/read/a"))
    room.look()
    assert room.item("Judul yang lain sama sekali")["id"] == identity
    assert room.tombstones() == []


def test_what_is_hidden_stays_hidden_without_a_word(room: House) -> None:
    before = room.item(TITLE)
    assert room.editorial.hide(room.find("/read/a"))
    room.look()
    assert not in_any_feed(room, before["id"])
    assert room.tombstones() == []
    room.site.stories["/read/a"].status = 410
    for _ in range(5):
        room.look(minutes=20)
    assert room.tombstones() == []  # nobody is told of it
    room.site.stories["/read/a"].status = 200
    assert room.editorial.show(room.find("/read/a"))
    room.look()
    assert room.item(TITLE) == before  # nothing that readers had seen has changed


def test_what_was_hidden_and_changed_meanwhile_is_shown_as_a_new_version(room: House) -> None:
    before = room.item(TITLE)
    room.editorial.hide(room.find("/read/a"))
    room.site.stories["/read/a"].headline = "Banjir melanda empat desa"
    room.look()
    room.editorial.show(room.find("/read/a"))
    room.look()
    after = room.item("Banjir melanda empat desa")
    assert after["id"] == before["id"]
    assert after["date_modified"] > before["date_published"]
    assert len(room.editorial.file(room.find("/read/a")).revisions) == 1


def test_erased_for_ever_whatever_its_sources_show(room: House) -> None:
    story = room.site.stories["/read/a"]
    secret = story.body[0].split()[1]
    story.body = [*story.body, "Kalimat yang ditambahkan."]
    room.look(minutes=20)  # a revision is there
    number, identity = room.find("/read/a"), room.item(TITLE)["id"]
    assert room.editorial.withdraw(number, erase=True)
    room.look()
    for _ in range(3):
        story.body = [*story.body, "Lagi."]
        story.headline = f"{TITLE} lagi"
        room.look(minutes=20)
    for table in ("statement", "revision", "fragment", "facet", "hand"):
        assert room.rows(table, article=number) == []
    with room.database.read() as connection:
        found = connection.execute(
            sql("SELECT count(*) FROM search WHERE search MATCH :w"), {"w": f'"{secret}"'}
        )
        assert found.scalar() == 0
    for path in (
        f"/feeds/{slug}.{form}" for slug in ("berita", "latest") for form in ("rss", "atom", "json")
    ):
        assert secret.encode() not in room.document(path)
    (row,) = room.rows("article", no=number)
    assert (row["id"], row["state"], row["title"], row["erased"]) == (identity, "withdrawn", "", True)
    assert room.tombstones() == [identity]
    pages = [one["no"] for one in room.rows("upstream", article=number)]
    assert all(one["upstream"] not in pages for one in room.rows("body"))
    with pytest.raises(EditorialError, match="ERASED"):
        room.editorial.show(number)
    # asked for by the newsroom itself, it is an article again, under its id
    again = room.editorial.publish(
        Newsroom("kantor"),
        Submission(url=room.server.url("/read/a"), title="Versi baru", sections=("berita",)),
    )
    room.look()
    assert again.number == number
    assert room.item("Versi baru")["id"] == identity


def test_the_editors_hand_wins_and_is_told(room: House) -> None:
    before = room.item(TITLE)
    number = room.find("/read/a")
    assert room.editorial.edit(number, {"title": "Judul redaksi", "published": "2025-12-18T01:00+07:00"})
    room.look()
    after = room.item("Judul redaksi")
    assert after["id"] == before["id"]
    assert datetime.fromisoformat(after["date_published"]) == datetime.fromisoformat("2025-12-17T18:00Z")
    room.site.stories["/read/a"].headline = "Judul dari halaman"
    for _ in range(3):
        room.look(minutes=20)
    assert room.item("Judul redaksi")["date_published"] == after["date_published"]
    told = CliRunner().invoke(main, ["why", before["id"], "--config", str(room.file)])
    assert told.exit_code == 0, told.output
    assert "title = Judul redaksi" in told.output
    assert "2025-12-18 01:00:00 WIB" in told.output
    assert "Judul dari halaman" in told.output  # what the page says is still known
    assert re.search(r"\d\d% sure", told.output)  # of its fields, and of the list that shows it
    assert room.editorial.edit(number, {"title": ""})
    room.look()
    assert room.item("Judul dari halaman")["id"] == before["id"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["edit", "ARTICLE", "titel=x"], "did you mean 'title'"),
        (["edit", "ARTICLE", "title"], "is not FIELD=VALUE"),
        (["edit", "ARTICLE", "published=besok"], "ISO 8601"),
        (["edit", "ARTICLE", "published=2025-12-18T19:00"], "has no zone"),
        (["edit", "ARTICLE", "url=x"], "is not an address"),
        (["hide", "https://nowhere.example/x"], "no article is known"),
    ],
)
def test_a_wrong_command_says_what_to_do(room: House, arguments: list[str], words: str) -> None:
    url = room.server.url("/read/a")
    given = [url if one == "ARTICLE" else one for one in arguments]
    done = CliRunner().invoke(main, [*given, "--config", str(room.file)])
    assert done.exit_code == 1
    assert words in done.output


def test_the_commands_of_editors(room: House) -> None:
    url = room.server.url("/read/a")

    def call(*arguments: str) -> str:
        done = CliRunner().invoke(main, [*arguments, "--config", str(room.file)])
        assert done.exit_code == 0, done.output
        return done.output

    assert "changed" in call("edit", url, "title=Judul redaksi")
    told = call("history", url)
    assert f"- title: {TITLE}" in told
    assert "+ title: Judul redaksi" in told
    assert "hidden" in call("hide", url)
    assert "it was not served" in call("hide", url)
    assert "shown" in call("unhide", url)
    assert "withdrawn" in call("withdraw", url)
    assert "withdrawn" in call("why", url)
    assert "erased" in call("withdraw", url, "--erase")
