"""`feedsvc remove`: a stray leaves one section, and no poll brings it back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from feedsvc.cli.main import main
from tests.collect.newsroom import House, house
from tests.conftest import Clock
from tests.servers import ScriptedServer

TITLE = "Harga cabai naik di pasar induk"
LISTS = """[[section]]
slug = "ekonomi"
sources = [{ page = "SITE/ekonomi" }]
[[section]]
slug = "dunia"
sources = [{ page = "SITE/dunia" }]
[[box]]
slug = "populer"
ranked = true
sources = [{ page = "SITE/populer" }]
"""


@pytest.fixture
def room(tmp_path: Path, clock: Clock, upstream: ScriptedServer) -> Iterator[House]:
    with house(tmp_path, clock, upstream, LISTS) as found:
        for number in range(5):
            story = found.site.publish(f"/d/{number}", f"Kabar luar negeri ke-{number} hari ini", "/dunia")
            found.site.lists.setdefault("/populer", []).append(story.path)
        found.site.publish("/read/cabai", TITLE, "/ekonomi", "/dunia", "/populer")
        for number in range(4):
            found.site.publish(f"/e/{number}", f"Kabar perdagangan ke-{number} hari ini", "/ekonomi")
        found.look()
        yield found


def call(room: House, *arguments: str) -> str:
    done = CliRunner().invoke(main, [*arguments, "--config", str(room.file)])
    assert done.exit_code == 0, done.output
    return done.output


def poll(room: House) -> None:
    """Every list changes and is read again."""
    for number, name in enumerate(("ekonomi", "dunia", "populer")):
        path = f"/new/{name}/{len(room.site.stories)}"
        room.site.publish(path, f"Berita terbaru {name} nomor {number} dan {path}", f"/{name}")
    room.look(minutes=5)


def test_a_stray_leaves_its_section_and_stays_out(room: House) -> None:
    assert TITLE in room.titles("dunia")
    told = call(room, "remove", room.server.url("/read/cabai"), "--from", "dunia")
    assert "is out of dunia and stays out" in told
    poll(room)
    assert TITLE not in room.titles("dunia")
    assert TITLE in room.titles("ekonomi")
    assert TITLE in room.titles("latest")
    assert "before" in call(room, "remove", room.server.url("/read/cabai"), "--from", "dunia")


def test_a_ranked_box_does_not_take_it_back_though_the_page_shows_it(room: House) -> None:
    call(room, "remove", room.server.url("/read/cabai"), "--from", "populer")
    poll(room)
    assert TITLE not in room.titles("populer")
    assert len(room.titles("populer")) == 6


def test_what_stands_nowhere_else_leaves_latest_and_comes_back_when_undone(room: House) -> None:
    title = "Kabar luar negeri ke-2 hari ini"
    for slug in ("populer", "dunia"):
        call(room, "remove", room.server.url("/d/2"), "--from", slug)
    poll(room)
    assert title not in room.titles("latest")
    assert "is in dunia again" in call(room, "remove", room.server.url("/d/2"), "--from", "dunia", "--undo")
    room.look()
    assert title in room.titles("dunia")
    assert title in room.titles("latest")


def test_a_section_that_is_unknown_or_never_had_it_is_told_with_those_that_have_it(room: House) -> None:
    url = room.server.url("/read/cabai")
    for slug, says in (("duniaa", "dunia, ekonomi, populer"), ("ekonomi", "")):
        done = CliRunner().invoke(main, ["remove", url, "--from", slug, "--config", str(room.file)])
        assert (done.exit_code == 1) == bool(says)
        assert says in done.output
    done = CliRunner().invoke(
        main, ["remove", room.server.url("/e/1"), "--from", "dunia", "--config", str(room.file)]
    )
    assert done.exit_code == 1
    assert "is not in 'dunia'; it is in ekonomi" in done.output
