"""The command line as a person meets it: mistyped, renamed, asked for help, asked for JSON."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from click.testing import CliRunner, Result

from feedsvc.cli.main import main
from feedsvc.store.engine import Database
from feedsvc.store.migrate import FOLDER
from tests.stores import migrated

CONFIG = """[site]
title = "Harbour Gazette"
url = "https://gazette.example/"
[store]
url = "sqlite:///store.db"
[[section]]
slug = "ships"
sources = [{ page = "https://gazette.example/ships" }]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "feedsvc.toml"
    found.write_text(CONFIG)
    return found


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, prog_name="feedsvc")


@pytest.mark.parametrize(
    ("typed", "meant"), [("colect", "collect"), ("statsu", "status"), ("chek", "check"), ("sevre", "serve")]
)
def test_a_mistyped_command_names_the_one_that_was_meant(typed: str, meant: str) -> None:
    done = call(typed)
    assert done.exit_code == 2
    assert f"did you mean `feedsvc {meant}`" in done.output


def test_what_resembles_no_command_leads_to_the_list_of_them() -> None:
    assert "`feedsvc --help` lists them all" in call("xyzzy").output
    assert "did you mean `feedsvc store copy`" in call("store", "copi").output


def test_the_former_name_still_works_and_says_the_new_one(file: Path) -> None:
    done = call("show", "--help")
    assert done.exit_code == 0
    assert "`feedsvc show` is now called `feedsvc unhide`" in done.output
    assert "Serve a hidden or withdrawn article again" in done.output
    assert not re.search(r"^  show ", call("--help").output, re.M)


def test_help_is_never_cut() -> None:
    for told in (call("--help").output, call("store", "--help").output):
        assert not re.search(r"\w\.\.\.", told.partition("Commands:")[2])
    assert "postgresql+psycopg://user:password@host/name." in call("store", "--help").output


def test_exit_codes_are_told() -> None:
    assert "Exit codes: 0" in call("--help").output


def test_check_answers_programs(file: Path) -> None:
    told = json.loads(call("check", "--json", "--config", str(file)).stdout)
    assert told["usable"] is True
    assert [one["slug"] for one in told["lists"]] == ["latest", "ships"]
    file.write_text(CONFIG.replace("https://gazette.example/ships", "gazette.example/ships"))
    done = call("check", "--json", "--config", str(file))
    assert done.exit_code == 2
    (problem,) = json.loads(done.stdout)["problems"]
    assert problem.startswith('[[section]] "ships" (line 6): sources[0].page: must be an address')


def test_upgrade_says_what_it_would_do_and_does_it(file: Path, tmp_path: Path) -> None:
    assert "no store yet" in call("upgrade", "--check", "--config", str(file)).output
    assert not (tmp_path / "store.db").exists()
    database = Database(f"sqlite:///{tmp_path}/store.db")
    with database.write() as connection:
        migrations = Config()
        migrations.set_main_option("script_location", str(FOLDER))
        migrations.attributes["connection"] = connection
        command.upgrade(migrations, "0005")
    database.close()
    done = call("upgrade", "--check", "--config", str(file))
    assert done.exit_code == 1
    assert "0006 what lists looked like" in done.output
    assert "backup" in done.output
    assert call("upgrade", "--config", str(file)).exit_code == 0
    assert "is up to date" in call("upgrade", "--check", "--config", str(file)).output


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_written_for_the_shells_that_the_documentation_names(shell: str) -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "feedsvc"],
        env={**os.environ, "_FEEDSVC_COMPLETE": f"{shell}_source"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "_FEEDSVC_COMPLETE" in done.stdout


def test_a_backup_into_a_folder_that_is_not_there_is_said_plainly(file: Path, tmp_path: Path) -> None:
    migrated(f"sqlite:///{tmp_path}/store.db").close()
    ended = call("backup", str(tmp_path / "nowhere" / "b.db"), "--config", str(file))
    assert ended.exit_code == 1
    assert f"there is no folder {tmp_path / 'nowhere'}; make it first" in ended.stderr


def test_an_empty_list_says_how_it_is_filled(file: Path, tmp_path: Path) -> None:
    migrated(f"sqlite:///{tmp_path}/store.db").close()
    for kind in ("token", "member"):
        said = call(kind, "list", "--config", str(file))
        assert (said.exit_code, f"feedsvc {kind} add" in said.output) == (0, True), said.output
