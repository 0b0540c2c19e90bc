"""The files of config/scale say what the program understands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pytest
from ruamel.yaml import YAML

from feedsvc import config
from feedsvc.cli import main

FOLDER = Path(__file__).parents[2] / "config" / "scale"
MANIFESTS = sorted(path.name for path in (FOLDER / "kubernetes").glob("*.yaml"))


def documents(file: Path) -> list[Any]:
    return list(YAML(typ="safe").load_all(file.read_text()))


def commands() -> list[list[str]]:
    """What containers run, of both kinds of files."""
    services = documents(FOLDER / "compose.yaml")[0]["services"].values()
    found = [service["command"] for service in services if "command" in service]
    for name in MANIFESTS:
        for one in documents(FOLDER / "kubernetes" / name):
            if one["kind"] == "Deployment":
                found += [each["command"] for each in one["spec"]["template"]["spec"]["containers"]]
    return found


@pytest.mark.parametrize("file", ["feedsvc.toml", "kubernetes/feedsvc.toml"])
def test_the_configurations_load_and_put_units_on_celery(file: str) -> None:
    settings = config.load(FOLDER / file, {"BROKER_PASSWORD": "p@ss"})
    assert settings.work.executor == "celery"
    assert settings.celery.broker.startswith("amqp://feedsvc:p%40ss@")


def test_every_container_runs_a_command_that_there_is() -> None:
    found = commands()
    assert len(found) == 6
    for program, *rest in found:
        if program == "feedsvc":
            assert rest[0] in main.list_commands(click.Context(main))
        else:
            assert [program, *rest[:3]] == ["celery", "-A", "feedsvc.celery", "worker"]


def test_every_manifest_is_applied() -> None:
    wanted = documents(FOLDER / "kubernetes" / "kustomization.yaml")[0]["resources"]
    assert sorted([*wanted, "kustomization.yaml"]) == MANIFESTS
