"""The example of docs/plugins.md, built and installed as a distribution; and plug-ins that are broken."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from feedsvc import config, plugins
from feedsvc.errors import Code, ConfigError
from tests.conftest import Clock
from tests.servers import ScriptedServer
from tests.sources.newsroom import HEAD, SECTION, Newsroom

DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "plugins.md"


def install(folder: Path, project: str, name: str, code: str) -> Path:
    """Build a wheel and unpack it, which is what `pip install --target` does with one; needs no network."""
    source, target = folder / f"{name}-source", folder / f"{name}-target"
    source.mkdir()
    (source / "pyproject.toml").write_text(project)
    (source / f"{name}.py").write_text(code)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / name)],
        cwd=source,
        check=True,
        capture_output=True,
    )
    (wheel,) = (folder / name).glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = dict(re.findall(r"^`(\S+)`:\n\n```\w+\n(.*?)```", DOCUMENT.read_text(), re.S | re.M))
    code = blocks["feedsvc_quakes.py"]
    assert len([line for line in code.splitlines() if line.strip()]) <= 30
    target = install(tmp_path, blocks["pyproject.toml"], "feedsvc_quakes", code)
    monkeypatch.syspath_prepend(str(target))
    monkeypatch.delitem(sys.modules, "feedsvc_quakes", raising=False)


def newsroom(tmp_path: Path, clock: Clock, upstream: ScriptedServer, source: str) -> Newsroom:
    return Newsroom(tmp_path, f"sqlite:///{tmp_path}/store.db", clock, source, host=upstream.host)


@pytest.mark.usefixtures("example")
def test_the_documented_example(tmp_path: Path, clock: Clock, upstream: ScriptedServer) -> None:
    quakes = [
        {"id": n, "magnitude": 4.5 + n, "place": f"Laut {n}", "time": "2025-12-18T11:00:00+00:00",
         "url": f"https://quakes.example/{n}"} for n in (0, 1, 2)
    ]  # fmt: skip
    upstream.page("/quakes.json", json.dumps(quakes).encode(), Content_Type="application/json", ETag='"a"')
    room = newsroom(tmp_path, clock, upstream, f'quakes = "{upstream.url("/quakes.json")}"\nleast = 5.0\n')
    try:
        assert room.look().new == 2
        assert set(room.titles()) == {"M 5.5: Laut 1", "M 6.5: Laut 2"}
        room.look(minutes=30)
        assert upstream.log[-1][2]["if-none-match"] == '"a"'
    finally:
        room.close()


@pytest.mark.usefixtures("example")
def test_its_keys_are_checked_by_itself(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    head = HEAD.format(host="news.example", store="sqlite:///x.db")
    file.write_text(head + SECTION + 'quakes = "https://data.example/q"\nleast = "strong"\nevery = "1m"\n')
    with pytest.raises(ConfigError, match=r"\(line 15\): sources\[0\]: 'least' must be a magnitude"):
        config.load(file, {}, plugins=plugins.checks())


def test_a_kind_that_nothing_brings_is_told_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    head = HEAD.format(host="news.example", store="sqlite:///x.db")
    file.write_text(head + SECTION + 'tides = "https://data.example/t"\nleast = 5.0\n')
    with pytest.raises(ConfigError, match="if a plug-in brings 'tides', install it beside feedsvc"):
        config.load(file, {})


BROKEN = {
    "raises at import": ("1 / 0", "cannot be loaded: ZeroDivisionError"),
    "of another version": (
        "class Kind:\n    api = 99\n",
        "is written for version 99 of the API, this is version 1: update feedsvc",
    ),
    "no source": ("class Kind:\n    api = 1\n", "is no source"),
    "fails": (
        (
            "from feedsvc.model import Level\nclass Kind:\n    api = 1\n    level = Level.FEED\n"
            "    def read(self, look, tools):\n        raise KeyError('x')\n"
        ),
        "failed: KeyError: 'x'",
    ),
    **{
        f"gives {what}": (
            (
                "from datetime import datetime, UTC\n"
                "from feedsvc.plugin_api import Batch, Draft, Image, Level, Moment, Precision\n"
                "class Kind:\n    api = 1\n    level = Level.FEED\n    def read(self, look, tools):\n"
                f"        return Batch(drafts=(Draft(row='7', {fields}),))\n"
            ),
            f"gave a draft of '7': Draft.{says}",
        )
        for what, fields, says in (
            ("a date as it is", "published=datetime.now(UTC)", "published must be Moment, not datetime"),
            ("a number as a title", "title=5", "title must be str, not 5"),
            ("a list of names", "authors=['A']", "authors must be a tuple of str, not ['A']"),
            ("a picture without words", "image=Image(url=None)", "image.url must be str, not None"),
            (
                "a precision as a text",
                "published=Moment(at=datetime.now(UTC), precision='day')",
                "published.precision must be Precision, not 'day'",
            ),
        )
    },
    "gives no address": (
        (
            "from feedsvc.plugin_api import Batch, Draft, Level\n"
            "class Kind:\n    api = 1\n    level = Level.FEED\n    def read(self, look, tools):\n"
            "        return Batch(drafts=(Draft(url='/quakes/7'),))\n"
        ),
        "Draft.url must be an address that begins with http:// or https://, not '/quakes/7'",
    ),
    "answers nonsense": (
        (
            "from feedsvc.model import Level\nclass Kind:\n    api = 1\n    level = Level.FEED\n"
            "    def read(self, look, tools):\n        return []\n"
        ),
        "answered list, not a Batch",
    ),
}
PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "{name}"
version = "2.1"
[project.entry-points."feedsvc.sources"]
{name} = "{name}:Kind"
[tool.hatch.build.targets.wheel]
include = ["{name}.py"]
"""


@pytest.mark.slow
@pytest.mark.parametrize("what", list(BROKEN))
def test_a_broken_plugin_is_named_and_the_rest_runs(
    what: str, tmp_path: Path, clock: Clock, upstream: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, says = BROKEN[what]
    name = f"broken_{list(BROKEN).index(what)}"
    monkeypatch.syspath_prepend(str(install(tmp_path, PROJECT.format(name=name), name, code)))
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "a.json").write_text('{"title": "Satu"}')
    more = f'[[section.sources]]\nfiles = "{tmp_path}/posts"\n'
    room = newsroom(tmp_path, clock, upstream, f'{name} = "anything"\n{more}')
    try:
        report = room.look()
        assert report.code is Code.PLUGIN
        assert report.message.startswith(f"plug-in '{name}' ({name} 2.1) ")
        assert says in report.message
        room.look(minutes=6)
        assert room.titles() == ["Satu"]
    finally:
        room.close()
