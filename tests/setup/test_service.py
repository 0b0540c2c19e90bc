"""`feedsvc install-service`: files that systemd itself finds right, and that let the service do little."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from feedsvc.cli.main import main
from tests.conftest import missing

CONFIG = """[site]
title = "Harbour Gazette 100%"
url = "https://gazette.example/"
[[section]]
slug = "ships"
sources = [{ page = "https://gazette.example/ships" }]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "news desk" / "feedsvc.toml"
    found.parent.mkdir()
    found.write_text(CONFIG)
    return found


def install(file: Path, root: Path, *more: str) -> Result:
    return CliRunner().invoke(main, ["install-service", "--config", str(file), "--root", str(root), *more])


def test_the_unit_runs_this_configuration_and_writes_nothing_but_the_store(
    file: Path, tmp_path: Path
) -> None:
    done = install(file, tmp_path / "root")
    assert done.exit_code == 0, done.output
    assert "systemctl enable --now feedsvc" in done.output
    unit = (tmp_path / "root/etc/systemd/system/feedsvc.service").read_text()
    assert re.search(rf'^ExecStart=\S+/feedsvc run --config "{file}"$', unit, re.M)
    assert f'ReadWritePaths="{file.parent}/var"\n' in unit
    assert "Description=feedsvc: the feeds of Harbour Gazette 100%%\n" in unit
    assert "Type=notify\n" in unit
    folders = (tmp_path / "root/etc/tmpfiles.d/feedsvc.conf").read_text()
    assert f'd "{file.parent}/var" 0700 feedsvc feedsvc -\n' in folders
    assert (tmp_path / "root/etc/sysusers.d/feedsvc.conf").read_text().startswith("u feedsvc ")


def test_files_of_others_are_not_replaced_unless_it_is_said(file: Path, tmp_path: Path) -> None:
    unit = tmp_path / "root/etc/systemd/system/feedsvc.service"
    unit.parent.mkdir(parents=True)
    unit.write_text("[Service]\nExecStart=/bin/true\n")
    done = install(file, tmp_path / "root")
    assert done.exit_code == 1
    assert "says something else" in done.output
    assert unit.read_text().endswith("/bin/true\n")
    assert install(file, tmp_path / "root", "--force").exit_code == 0
    assert install(file, tmp_path / "root").exit_code == 0  # the same once more changes nothing


def test_a_persons_own_service_needs_no_root(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    done = install(file, tmp_path, "--user")
    assert done.exit_code == 0, done.output
    unit = (tmp_path / ".config/systemd/user/feedsvc.service").read_text()
    assert "User=" not in unit
    assert "WantedBy=default.target" in unit
    assert "systemctl --user enable --now feedsvc" in done.output


def test_a_folder_that_the_account_may_not_enter_is_told(file: Path, tmp_path: Path) -> None:
    file.parent.chmod(0o700)
    told = install(file, tmp_path, "--print").output
    assert "may not enter" in told
    assert "chmod o+x" in told


def test_systemd_finds_the_unit_right_and_hardened(file: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        missing("systemd-analyze")
    install(file, tmp_path / "root")
    unit = str(tmp_path / "root/etc/systemd/system/feedsvc.service")
    found = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=20", unit],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout[-200:]
    judged = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    told = [line for line in judged.stderr.splitlines() if "feedsvc.service" in line]
    assert [line for line in told if "not executable" not in line] == []
