"""`feedsvc add`: one address more in a configuration that a person keeps."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from feedsvc.cli.main import main
from feedsvc.demo import DemoServer, make_server
from tests.conftest import Clock
from tests.servers import ScriptedServer

MINE = """# Ask Rina before you change this.
[site]
title = "Harbour Gazette"
url = "https://gazette.example/"

[[section]]
slug = "ships"
sources = [
  { page = "https://gazette.example/ships" },   # an hour late
]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "feedsvc.toml"
    found.write_text(MINE)
    return found


@pytest.fixture(scope="module")
def newsroom() -> Iterator[DemoServer]:
    with make_server(clock=Clock(datetime(2025, 12, 18, 12, 0, 7, tzinfo=UTC))) as server:
        yield server


def add(file: Path, *arguments: str, answers: str = "") -> Result:
    return CliRunner().invoke(main, ["add", *arguments, "--config", str(file)], input=answers)


def sections(file: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = tomllib.loads(file.read_text())["section"]
    return found


def test_a_page_becomes_a_section_of_its_own_after_a_look_at_it(file: Path, newsroom: DemoServer) -> None:
    done = add(file, f"{newsroom.url}/ekonomi", answers="1\ny\n")
    assert done.exit_code == 0, done.output
    assert "newest" in done.output
    text = file.read_text()
    assert text.startswith(MINE.rstrip("\n"))
    added = sections(file)[1]
    assert added["slug"] in ("ekonomi", "kabar-merawan-ekonomi")
    assert "is new" not in text


def test_with_the_name_of_a_section_it_gets_one_more_source_and_keeps_its_comments(
    file: Path, newsroom: DemoServer
) -> None:
    done = add(file, f"{newsroom.url}/ekonomi", "--section", "ships", "--yes")
    assert done.exit_code == 0, done.output
    assert "one more source of ships" in done.output
    assert "# an hour late" in file.read_text()
    (ships,) = sections(file)
    sources = ships["sources"]
    assert isinstance(sources, list)
    assert len(sources) == 2


def test_a_box_is_found_by_its_heading(file: Path, newsroom: DemoServer) -> None:
    done = add(file, newsroom.url, "--box", "populer", "--yes")
    assert done.exit_code == 0, done.output
    (box,) = tomllib.loads(file.read_text())["box"]
    assert box["sources"][0]["box"] == "Populer"
    done = add(file, newsroom.url, "--box", "Nirwana", "--yes")
    assert done.exit_code == 1
    assert "'Populer'" in done.output


def test_a_feed_is_known_as_one(file: Path, newsroom: DemoServer) -> None:
    done = add(file, f"{newsroom.url}/en/feed.xml", "--section", "english", "--yes")
    assert done.exit_code == 0, done.output
    assert sections(file)[1]["slug"] == "english"
    assert sections(file)[1]["sources"] == [{"feed": f"{newsroom.url}/en/feed.xml"}]


def test_saying_no_and_pages_without_lists_change_nothing(
    file: Path, newsroom: DemoServer, upstream: ScriptedServer
) -> None:
    assert add(file, f"{newsroom.url}/ekonomi", answers="1\nn\n").exit_code == 0
    upstream.page("/", b"<html><body><h1>Bread</h1><p>Open from seven.</p></body></html>")
    done = add(file, upstream.url("/"), "--yes")
    assert done.exit_code == 1
    assert "feedsvc inspect" in done.output
    assert file.read_text() == MINE


def test_a_slug_that_cannot_be_used_is_refused_and_the_file_stays(file: Path, newsroom: DemoServer) -> None:
    done = add(file, f"{newsroom.url}/ekonomi", "--section", "Not A Slug", "--yes")
    assert done.exit_code == 2
    assert f"{file}: 1 problem" in done.output
    assert file.read_text() == MINE
    assert list(file.parent.iterdir()) == [file]
