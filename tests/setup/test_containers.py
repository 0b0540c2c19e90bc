"""The container files, read as their programs read them: no daemon is needed for what goes wrong mostly."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from feedsvc.cli.main import main

ROOT = Path(__file__).parent.parent.parent
COMPOSE = sorted((ROOT / "config/compose").glob("*.yml"))
COMMANDS = set(main.list_commands(None))  # type: ignore[arg-type]


def services(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(file)["services"]
    return found


def instructions() -> list[tuple[str, str]]:
    joined = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text())
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in lines]


def test_the_image_runs_as_nobody_and_copies_what_is_there() -> None:
    found = instructions()
    last = found[max(n for n, (name, _) in enumerate(found) if name == "FROM") :]
    users = [said for name, said in last if name == "USER"]
    assert users == ["10001:10001"]
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    for name, said in found:
        if name == "COPY" and "--from" not in said:
            for source in shlex.split(said)[:-1]:
                assert (ROOT / source).exists(), source
                assert f"!{source}" in ignored, f"{source} is ignored by .dockerignore"
    assert not any(name == "ADD" for name, _ in found)
    (command,) = (said for name, said in last if name == "CMD")
    assert command == '["run"]'


def test_pip_in_the_image_checks_every_hash() -> None:
    (install,) = (said for name, said in instructions() if name == "RUN" and "requirements-" in said)
    assert "--require-hashes" in install
    for lock in re.findall(r"-r (\S+)", install):
        assert "--hash=sha256:" in (ROOT / lock).read_text(), lock
    assert re.search(r"^psycopg\[?.*==", (ROOT / "requirements-postgres.lock").read_text(), re.M)


@pytest.mark.parametrize("file", COMPOSE, ids=lambda file: file.stem)
def test_compose_files_start_our_commands_and_allow_little(file: Path) -> None:
    found = services(file)
    ours = [one for one in found.values() if one.get("image") == "feedsvc"]
    assert ours
    for one in ours:
        assert set(one.get("command", ["run"])) <= COMMANDS
        assert one["read_only"] is True
        assert one["cap_drop"] == ["ALL"]
        assert one["security_opt"] == ["no-new-privileges:true"]
        assert any(each.startswith("/tmp:") for each in one["tmpfs"])
        # `run` reaps orphans itself; the halves have Docker's init
        assert one.get("init") is True or one.get("command", ["run"]) == ["run"]
        assert (file.parent / one["build"]).resolve() == ROOT


@pytest.mark.parametrize("file", COMPOSE, ids=lambda file: file.stem)
def test_what_compose_files_mount_and_name_is_there(file: Path) -> None:
    whole = YAML(typ="safe").load(file)
    named = set(whole.get("volumes") or ())
    for name, one in whole["services"].items():
        for volume in one.get("volumes", ()):
            source = volume.split(":")[0]
            if not source.startswith("."):
                assert source in named, f"{name}: {source}"
            elif not source.endswith("feedsvc.toml"):  # the operator's own
                assert (file.parent / source).exists(), source
        assert set(one.get("depends_on") or ()) <= set(whole["services"])


def test_the_procfile_names_commands_that_there_are() -> None:
    for line in (ROOT / "Procfile").read_text().splitlines():
        _, command = line.split(":", 1)
        program, name, *options = shlex.split(command)
        assert program == "feedsvc"
        known = main.get_command(None, name)  # type: ignore[arg-type]
        assert known is not None
        flags = {flag for each in known.params for flag in each.opts}
        assert {each for each in options if each.startswith("--")} <= flags
