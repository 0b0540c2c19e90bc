"""`feedsvc inspect --source`: what configured sources give, as a person sees it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from feedsvc.cli.main import main
from tests.conftest import Clock
from tests.servers import ScriptedServer
from tests.sources.newsroom import HEAD, SECTION
from tests.sources.test_sql import MAP, Cms

FEED = (
    b"<rss version='2.0'><channel><title>K</title>"
    b"<item><title>Kabar</title><link>/1</link></item></channel></rss>"
)


@pytest.fixture
def file(tmp_path: Path, upstream: ScriptedServer) -> Path:
    cms = Cms(f"sqlite:///{tmp_path}/cms.db", Clock(datetime(2025, 12, 18, 12, tzinfo=UTC)))
    cms.add(1)
    cms.add(2)
    cms.engine.dispose()
    upstream.page("/feed", FEED, Content_Type="application/rss+xml")
    found = tmp_path / "c.toml"
    more = f'[[section.sources]]\nfeed = "{upstream.url("/feed")}"\n'
    more += f'[[section.sources]]\nfiles = "{tmp_path}/none"\n'
    head = HEAD.format(host=upstream.host, store=f"sqlite:///{tmp_path}/store.db")
    found.write_text(f'{head}{SECTION}sql = "{cms.url}"\ntable = "berita"\nmap = {MAP}\n{more}')
    return found


def test_each_source_shows_what_it_gives(file: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["inspect", "--source", "berita", "--config", str(file)])
    assert result.exit_code == 1
    for said in ("Judul 1", "Judul 2", "Kabar", 'BAD_FOLDER: [[section]] "berita": sources[2].files: '):
        assert said in result.output
    assert not (tmp_path / "store.db").exists()


def test_the_same_for_programs(file: Path) -> None:
    result = CliRunner().invoke(main, ["inspect", "--source", "berita", "--json", "--config", str(file)])
    first, feed, bad = (json.loads(line) for line in result.output.splitlines())
    assert (first["kind"], first["reading"]["entries"][0]["row"]) == ("sql", "2")
    assert feed["reading"]["entries"][0]["title"] == "Kabar"
    assert bad["error"].startswith("BAD_FOLDER")


def test_an_unknown_list_names_those_that_there_are(file: Path) -> None:
    result = CliRunner().invoke(main, ["inspect", "--source", "politik", "--config", str(file)])
    assert result.exit_code == 2
    assert "latest, berita" in result.output


def test_selectors_count_as_they_do_when_it_is_collected(tmp_path: Path, upstream: ScriptedServer) -> None:
    rows = "".join(
        f'<li class="{kind}"><a href="/{kind}/{n}">The {kind} number {n} of the week</a></li>'
        for kind in ("story", "advert")
        for n in range(1, 7)
    )
    upstream.page("/page", f"<html><body><main><ul>{rows}</ul></main></body></html>".encode())
    found = tmp_path / "c.toml"
    head = HEAD.format(host=upstream.host, store=f"sqlite:///{tmp_path}/store.db")
    source = f'page = "{upstream.url("/page")}"\nselect = {{ item = "li.advert" }}\n'
    found.write_text(f"{head}{SECTION}{source}")
    result = CliRunner().invoke(main, ["inspect", "--source", "berita", "--json", "--config", str(found)])
    (main_list,) = json.loads(result.output)["reading"]["lists"]
    assert [item["url"] for item in main_list["items"]] == [upstream.url(f"/advert/{n}") for n in range(1, 7)]
