"""The how-tos, followed literally on a demo newsroom: files are checked, commands run, outputs compared."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from feedsvc import config
from feedsvc.cli.main import main
from feedsvc.demo import DESKS, DemoServer, make_server
from tests.conftest import Clock, missing
from tests.pipeline import Pipeline
from tests.servers import ScriptedServer

PAGES = {path.stem: path.read_text() for path in (Path(__file__).parent.parent / "docs/howto").glob("*.md")}
HEAD = """
[site]
title = "Kabar Merawan"
url = "http://127.0.0.1:8081/"
language = "id"
timezone = "Asia/Jakarta"
[fetch]
own = ["127.0.0.1:8081", "{own}"]
[store]
url = "sqlite:///{folder}/store.db"
"""
LIST = """
[[section]]
slug = "politik"
sources = [{ page = "http://127.0.0.1:8081/politik" }]
"""


def blocks(page: str, language: str) -> list[str]:
    """The fenced examples of a page, without their indentation."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", PAGES[page], re.M | re.S)
    return [re.sub(rf"^{indent}", "", text, flags=re.M) for indent, text in found]


EXAMPLES = [
    pytest.param(page, number, id=f"{page}-{number}")
    for page in sorted(PAGES)
    for number in range(len(blocks(page, "toml")))
]


AT = datetime(2025, 12, 18, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def newsroom() -> Iterator[DemoServer]:
    with make_server(clock=lambda: AT) as server:
        yield server


def here(text: str, newsroom: DemoServer) -> str:
    """`text` with the address of this newsroom in place of the one in the page."""
    return text.replace("127.0.0.1:8081", newsroom.url.removeprefix("http://").rstrip("/"))


def write(folder: Path, newsroom: DemoServer, example: str, own: str = "") -> Path:
    """A whole configuration with the tables of `example`; without a list in it, one is added."""
    file = folder / "feedsvc.toml"
    head = HEAD.format(folder=folder, own=own or "127.0.0.1:8081")
    example += "" if re.search(r"^\[\[(section|box)\]\]$", example, re.M) else LIST
    file.write_text(here(head + example, newsroom))
    return file


@contextmanager
def followed(folder: Path, newsroom: DemoServer, example: str, own: str = "") -> Iterator[Pipeline]:
    """The feeds of a configuration, after everything was collected once; `own` is a further host of ours."""
    file = write(folder, newsroom, example, own)
    pipeline = Pipeline(file, f"sqlite:///{folder}/store.db", Clock(AT))
    try:
        pipeline.settle()
        yield pipeline
    finally:
        pipeline.close()


@pytest.mark.parametrize(("page", "number"), EXAMPLES)
def test_every_configuration_is_right(page: str, number: int, newsroom: DemoServer, tmp_path: Path) -> None:
    example = blocks(page, "toml")[number]
    settings = config.load(write(tmp_path, newsroom, example), {"CDN_TOKEN": "secret"})
    named = {entry["slug"] for kind in ("section", "box") for entry in tomllib.loads(example).get(kind, [])}
    assert named <= {spec.slug for spec in settings.lists}


@pytest.mark.parametrize("page", [page for page in sorted(PAGES) if blocks(page, "console")])
@pytest.mark.slow
def test_every_command_prints_what_the_page_shows(page: str, newsroom: DemoServer, tmp_path: Path) -> None:
    file = write(tmp_path, newsroom, blocks(page, "toml")[0])
    for block in blocks(page, "console"):
        command, *shown = here(block, newsroom).splitlines()
        program, *arguments = shlex.split(command.removeprefix("$ "))
        assert program == "feedsvc"
        result = CliRunner().invoke(main, arguments, env={"FEEDSVC_CONFIG": str(file), "COLUMNS": "300"})
        assert result.exit_code == 0, result.output
        for part in (part.strip() for line in shown for part in line.split("…")):
            assert part in result.output, result.output


@pytest.mark.slow
def test_a_box_without_a_heading_has_its_feed(newsroom: DemoServer, tmp_path: Path) -> None:
    with followed(tmp_path, newsroom, blocks("box-without-heading", "toml")[0]) as pipeline:
        titles = [item["title"] for item in pipeline.items("paling-dibaca")]
    assert titles == [story.headline for story in newsroom.newsroom.popular(AT)]


@pytest.mark.slow
def test_three_sites_are_one_feed(newsroom: DemoServer, tmp_path: Path) -> None:
    with followed(tmp_path, newsroom, blocks("three-sites", "toml")[0]) as pipeline:
        paths = {urlsplit(item["url"]).path.split("/")[1] for item in pipeline.items("semua")}
    assert paths == {"politik", "hukum", "en"}


@pytest.mark.slow
def test_moving_keeps_the_old_ids(upstream: ScriptedServer, newsroom: DemoServer, tmp_path: Path) -> None:
    """An old feed as RSS-Bridge writes Atom: the ids are URNs of hashes, the addresses those of the page."""
    stories = newsroom.newsroom.listing(AT, DESKS[0], count=5)
    old = {f"urn:sha1:{number:040x}": story for number, story in enumerate(stories)}
    entries = "".join(
        f"<entry><id>{id_}</id><title>{escape(story.headline)}</title><updated>{AT.isoformat()}</updated>"
        f'<link href="{newsroom.url.rstrip("/")}{story.path}"/></entry>'
        for id_, story in old.items()
    )
    body = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Old</title><id>urn:x</id>{entries}</feed>'
    upstream.routes["/old"] = lambda exchange: exchange.answer(
        body=body.encode(), headers={"Content-Type": "application/atom+xml"}
    )
    before, after, _ = blocks("move", "toml")
    before = before.replace("http://127.0.0.1:8081/politik/rss", upstream.url("/old"))
    with followed(tmp_path, newsroom, before, own=upstream.host) as pipeline:
        assert {item["id"] for item in pipeline.items("politik")} == set(old)
    with followed(tmp_path, newsroom, after) as pipeline:
        served = {item["id"]: item["url"] for item in pipeline.items("politik")}
    assert len(served) == 20
    assert {id_: served.get(id_) for id_ in old} == {
        id_: f"{newsroom.url.rstrip('/')}{story.path}" for id_, story in old.items()
    }


@pytest.mark.server
def test_nginx_takes_the_example(tmp_path: Path) -> None:
    program = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if program is None:
        missing("nginx")
    assert program is not None
    (server,) = [text for text in blocks("nginx", "nginx") if text.startswith("server")]
    file = tmp_path / "nginx.conf"
    file.write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\naccess_log off;\n{server}}}\n")
    done = subprocess.run(
        [program, "-t", "-e", "stderr", "-p", str(tmp_path), "-c", str(file)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
