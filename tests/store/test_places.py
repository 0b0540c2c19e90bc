"""Where a store may be, and who may read it."""

from __future__ import annotations

import stat
from pathlib import Path
from urllib.parse import unquote

import pytest

from feedsvc import config
from feedsvc.errors import ServeError, StoreError
from feedsvc.store.address import sqlite_file
from feedsvc.store.engine import Database
from feedsvc.store.migrate import migrate
from feedsvc.store.web.generation import GenerationFile
from feedsvc.store.web.snapshots import Snapshots
from feedsvc.wiring.process import listening, state_path


def test_a_new_store_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "var" / "store.db"
    database = Database(f"sqlite:///{file}")
    migrate(database)
    generation = GenerationFile(file.with_suffix(".generation"))
    generation.write(7)
    modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in (file.parent, *file.parent.iterdir())}
    database.close()
    assert modes.pop("var") == 0o700
    assert set(modes.values()) == {0o600}
    assert GenerationFile(file.with_suffix(".generation")).read() == 7


def test_a_folder_that_cannot_be_made_is_said_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"cannot be made .*\[store\] url"):
        Database(f"sqlite:///{tmp_path}/file/store.db")


@pytest.mark.parametrize("folder", ["news desk", "desk #1", "100% news", "a%20b", "Büro", "why%3F", "a&x=1"])
def test_a_store_may_be_in_any_folder(tmp_path: Path, folder: str) -> None:
    url = f"sqlite:///{tmp_path}/{folder}/store.db"
    database = Database(url)
    migrate(database)
    database.close()
    assert Path(sqlite_file(url)) == tmp_path / unquote(folder) / "store.db"
    assert Path(sqlite_file(url)).exists()
    snapshots = Snapshots(url)
    assert snapshots.number() == 0
    snapshots.close()
    assert state_path(url, "generation", "").parent == tmp_path / unquote(folder)


@pytest.mark.parametrize(
    ("host", "base"),
    [("[::1]", "http://[::1]:8080"), ("::1", "http://[::1]:8080"), ("localhost", "http://localhost:8080")],
)
def test_a_host_may_be_a_name_or_an_ipv6_address(tmp_path: Path, host: str, base: str) -> None:
    file = tmp_path / "feedsvc.toml"
    file.write_text(
        '[site]\ntitle = "T"\nurl = "https://news.example/"\n'
        f'[serve]\nhost = "{host}"\n[stream]\nrun = true\nhost = "::1"\n'
        '[[section]]\nslug = "politik"\nsources = [{ page = "https://news.example/" }]\n'
    )
    settings = config.load(file, env={})
    assert settings.site.base_url == base
    assert settings.stream_url == "http://[::1]:8082/stream"
    assert listening(settings.host) in ("127.0.0.1", "::1")


def test_a_host_that_leads_nowhere_is_said(tmp_path: Path) -> None:
    with pytest.raises(ServeError, match="environment's HOST"):
        listening("x86_64-conda-linux-gnu.invalid")


def test_the_files_beside_a_database_server_are_in_the_configurations_folder(tmp_path: Path) -> None:
    file = tmp_path / "feedsvc.toml"
    file.write_text(
        '[site]\ntitle = "T"\nurl = "https://news.example/"\n[[section]]\nslug = "a"\nsources = []\n'
        '[store]\nurl = "postgresql+psycopg://u:p@db.example/news"\n'
    )
    settings = config.load(file, {})
    assert state_path(settings.store_url, "served", settings.state).parent == tmp_path / "var"
