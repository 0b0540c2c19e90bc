"""A store belongs to one site; another one is refused, with the ways out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from feedsvc.cli import main
from feedsvc.errors import Code, StoreError
from feedsvc.store.engine import Database
from feedsvc.store.owner import adopt, belong
from feedsvc.store.web.snapshots import Snapshots

OURS, OTHERS = "5b0c5f0e-6c1d-4a41-9d54-6f2a6f6c9a11", "0d4f9a52-6d7b-4b7e-9a53-1b5f7e0c2a11"


def test_a_store_stays_with_the_site_that_filled_it(database: Database, store_url: str) -> None:
    belong(database, OURS, "Kabar Merawan")
    belong(database, OURS, "Kabar Merawan, under a new title")
    wanted = rf"'Kabar Merawan'.*'Harian Lain'.*namespace = \"{OURS}\".*feedsvc store adopt"
    with pytest.raises(StoreError, match=wanted) as caught:
        belong(database, OTHERS, "Harian Lain")
    assert caught.value.code is Code.STORE_OF_ANOTHER_SITE
    snapshots = Snapshots(store_url)
    try:
        snapshots.must_belong(OURS, "Kabar Merawan")
        with pytest.raises(StoreError, match="feedsvc store adopt"):
            snapshots.must_belong(OTHERS, "Harian Lain")
    finally:
        snapshots.close()


def test_a_store_can_be_taken_over(database: Database) -> None:
    belong(database, OURS, "Kabar Merawan")
    assert adopt(database, OTHERS, "Harian Lain") == "Kabar Merawan"
    belong(database, OTHERS, "Harian Lain")
    with pytest.raises(StoreError):
        belong(database, OURS, "Kabar Merawan")


def test_nobodys_store_is_refused_to_nobody(tmp_path: Path) -> None:
    snapshots = Snapshots(f"sqlite:///{tmp_path}/not-there.db")
    snapshots.must_belong(OURS, "Kabar Merawan")
    snapshots.close()
    assert not (tmp_path / "not-there.db").exists()


def test_the_demo_and_a_site_of_ones_own_do_not_mix(tmp_path: Path) -> None:
    def site(name: str, namespace: str) -> str:
        file = tmp_path / f"{name}.toml"
        file.write_text(
            f'[site]\ntitle = "{name}"\nurl = "https://news.example/"\nnamespace = "{namespace}"\n'
            '[store]\nurl = "sqlite:///news.db"\n[[section]]\nslug = "a"\nsources = []\n'
        )
        return str(file)

    def call(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, arguments)
        return result.exit_code, result.output

    first, second = site("first", OURS), site("second", OTHERS)
    assert call("collect", "--config", first)[0] == 0
    for command in ("check", "collect"):
        code, said = call(command, "--config", second)
        assert (code, f'namespace = "{OURS}"' in said) == (1, True), command
    assert call("store", "adopt", "--config", second) == (
        0,
        f"sqlite:///{tmp_path}/news.db belongs to 'second' now; it was that of 'first'\n",
    )
    assert call("collect", "--config", second)[0] == 0


def test_another_address_of_the_site_is_told_with_what_keeps_the_ids(tmp_path: Path) -> None:
    """Without a namespace ids are made from the address: http -> https would be another site."""
    file = tmp_path / "moved.toml"
    text = (
        '[site]\ntitle = "Kabar"\nurl = "http://news.example/"\n'
        '[store]\nurl = "sqlite:///moved.db"\n[[section]]\nslug = "a"\nsources = []\n'
    )
    file.write_text(text)
    assert CliRunner().invoke(main, ["collect", "--config", str(file)]).exit_code == 0
    moved = text.replace("http:", "https:")
    file.write_text(moved)
    said = CliRunner().invoke(main, ["check", "--config", str(file)])
    assert said.exit_code == 1
    named = re.search(r'namespace = "[0-9a-f-]+"', said.output)
    assert named is not None
    file.write_text(moved.replace("[site]", f"[site]\n{named[0]}"))
    assert CliRunner().invoke(main, ["check", "--config", str(file)]).exit_code == 0
    assert CliRunner().invoke(main, ["collect", "--config", str(file)]).exit_code == 0
