"""A store belongs to one site; another one is refused, with the ways out."""

from __future__ import annotations

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
    with pytest.raises(StoreError, match=r"'Kabar Merawan'.*'Harian Lain'.*feedsvc store adopt") as caught:
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
    code, said = call("collect", "--config", second)
    assert (code, Code.STORE_OF_ANOTHER_SITE in said) == (1, True)
    assert call("store", "adopt", "--config", second) == (
        0,
        f"sqlite:///{tmp_path}/news.db belongs to 'second' now; it was that of 'first'\n",
    )
    assert call("collect", "--config", second)[0] == 0
