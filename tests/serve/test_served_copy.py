"""A store that is broken, empty or not ours to write in: what was served last is served."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from feedsvc.config import Settings, load
from feedsvc.store.web.served_copy import ServedCopy
from feedsvc.store.web.snapshots import Snapshots
from feedsvc.wiring.process import state_path
from tests.asking import ask
from tests.conftest import until
from tests.filled import START, Filled
from tests.fronts import front_of

CONFIG = """
[site]
title = "Contoh"
url = "https://news.example/"
namespace = "6b2b5a0e-6c1d-4a41-9d54-6f2a6f6c9a11"
[store]
url = "{store}"
[[section]]
slug = "s0"
sources = [{{ page = "https://news.example/" }}]
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    filled = Filled(tmp_path / "store.db", sections=1, articles=20)
    filled.publisher(lambda number: None, lambda: START).run(last=True)
    filled.database.close()
    file = tmp_path / "feedsvc.toml"
    file.write_text(CONFIG.format(store=filled.url))
    return load(file, {})


def truncate(store: Path) -> None:
    os.truncate(store, store.stat().st_size // 2)


def scramble(store: Path) -> None:
    store.write_bytes(b"no database at all" * 1000)


def empty(store: Path) -> None:
    os.truncate(store, 0)


@pytest.fixture
def store(settings: Settings) -> Path:
    return Path(settings.store_url.removeprefix("sqlite:///"))


@pytest.mark.parametrize("harm", [truncate, scramble, empty])
def test_a_broken_store_leaves_the_last_good_copy(
    settings: Settings, store: Path, harm: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    before = ask(front_of(settings), "/feeds/s0.rss", accept_encoding="gzip")
    until(state_path(settings.store_url, "served", settings.state).exists)
    whole = store.read_bytes()
    for ending in ("-wal", "-shm"):
        Path(f"{store}{ending}").unlink(missing_ok=True)
    harm(store)
    with caplog.at_level(logging.ERROR):
        front = front_of(settings)
    after = ask(front, "/feeds/s0.rss", accept_encoding="gzip")
    assert (after.status, after.body, after.headers) == (200, before.body, before.headers)
    assert ask(front, "/feeds/s0.rss", if_none_match="*").status == 304
    assert "the last good copy" in caplog.text
    assert front.serves
    assert front.published.number == -1
    assert ask(front, "/feeds/search?q=kata").status in {200, 503}  # what is built needs the store

    for ending in ("-wal", "-shm"):
        Path(f"{store}{ending}").unlink(missing_ok=True)
    store.write_bytes(whole)
    front.published.refresh()
    assert front.published.number > 0
    assert ask(front, "/feeds/s0.rss?limit=3").status == 200


def test_one_process_keeps_the_copy_and_another_takes_over(tmp_path: Path, settings: Settings) -> None:
    with closing(Snapshots(settings.store_url)) as snapshots:
        rows = snapshots.since(0)
    first, second = ServedCopy(tmp_path / "copy"), ServedCopy(tmp_path / "copy")
    first.keep(rows[:2], lambda: rows[:2])
    second.keep(rows[2:], lambda: rows)
    assert [one.path for one in second.load()] == [one.path for one in rows[:2]]
    first.keep(rows[2:3], lambda: pytest.fail("only what is new is added"))
    assert len(first.load()) == 3
    first.close()
    second.keep(rows[2:], lambda: rows)
    assert sorted(second.load(), key=lambda one: one.path) == sorted(rows, key=lambda one: one.path)
    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o600
    second.close()


def test_a_copy_that_cannot_be_kept_is_said_once(
    tmp_path: Path, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(Snapshots(settings.store_url)) as snapshots:
        rows = snapshots.since(0)
    copy = ServedCopy(tmp_path / "nowhere" / "copy")
    for _ in range(3):
        copy.keep(rows, lambda: rows)
    assert caplog.text.count("the copy of what is served cannot be written") == 1
    assert list(copy.load()) == []


READ = """
import os, sys
from pathlib import Path
from feedsvc.config import load
from feedsvc.wiring.spec import web_spec
from feedsvc.wiring.web import web_app
from click.testing import CliRunner
from feedsvc.cli import main
from tests.asking import ask

def answers(file):
    front = web_app(web_spec(load(Path(file), {})))
    served = [ask(front, path).status for path in ("/feeds/s0.rss", "/feeds/s0.rss?limit=3")]
    for command in (["status"], ["preflight", "s0"]):  # they read, and find what they find
        said = CliRunner().invoke(main, [*command, "--config", file])
        assert "STORE" not in said.output, said.output
    return served

answers(sys.argv[1])  # loads every module: the next user may not be able to read them
if os.getuid() == 0:
    os.setuid(65534)  # root may write everywhere
print(answers(sys.argv[2]))
"""


def test_a_store_that_is_read_only_is_served(settings: Settings, tmp_path: Path) -> None:
    folder = Path(tempfile.mkdtemp(prefix="feedsvc-read-only-"))  # pytest's is for its own user alone
    try:
        shutil.copy(settings.store_url.removeprefix("sqlite:///"), folder / "store.db")
        (folder / "feedsvc.toml").write_text(CONFIG.format(store=f"sqlite:///{folder}/store.db"))
        for file in folder.iterdir():
            file.chmod(0o444)
        folder.chmod(0o555)
        done = subprocess.run(
            [sys.executable, "-c", READ, str(tmp_path / "feedsvc.toml"), str(folder / "feedsvc.toml")],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.stdout == "[200, 200]\n", done.stderr
        assert sorted(one.name for one in folder.iterdir()) == ["feedsvc.toml", "store.db"]
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


def test_the_front_keeps_what_it_takes_over(settings: Settings) -> None:
    front_of(settings)
    until(state_path(settings.store_url, "served", settings.state).exists)
    copy = ServedCopy(state_path(settings.store_url, "served", settings.state))
    with closing(Snapshots(settings.store_url)) as snapshots:
        assert {one.path for one in copy.load()} == {one.path for one in snapshots.since(0)}


def test_after_a_reload_the_next_front_keeps_the_copy(settings: Settings) -> None:
    """The front that ended lets go of it, in the same process."""
    path = state_path(settings.store_url, "served", settings.state)
    former = front_of(settings)
    until(path.exists)
    former.stop()
    path.unlink()
    following = front_of(settings)
    until(path.exists)
    following.stop()


def test_what_is_private_by_now_is_not_served_from_the_copy(settings: Settings, store: Path) -> None:
    with closing(Snapshots(settings.store_url)) as snapshots:
        rows = [row for row in snapshots.since(0) if row.path == "/feeds/s0.rss"]
    copy = ServedCopy(state_path(settings.store_url, "served", settings.state))
    both = [*rows, replace(rows[0], path="/feeds/for/acme.rss")]
    copy.keep(both, lambda: both)
    copy.close()
    scramble(store)
    front = front_of(settings)
    assert ask(front, "/feeds/s0.rss").status == 200
    assert ask(front, "/feeds/for/acme.rss").status in (401, 404)
    front.stop()
