"""What the documentation promises is there, and what is there is documented."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import BaseModel

from feedsvc import __version__, config
from feedsvc.cli.main import main
from feedsvc.config.list_models import BoxConfig, SectionConfig, TakerConfig
from feedsvc.config.models import WebhookConfig
from feedsvc.config.own_sources import StatusConfig, TableMapConfig
from feedsvc.config.sources import SelectConfig
from feedsvc.errors import Code
from feedsvc.store import schema

ROOT = Path(__file__).parent.parent
DOCS = {path.name: path.read_text() for path in (ROOT / "docs").glob("*.md")}
README = (ROOT / "README.md").read_text()
#: every page, by its path from the root
PAGES = {
    str(path.relative_to(ROOT)): path.read_text()
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / ".github").rglob("*.md")]
    if "_build" not in path.parts
}
COMMANDS = main.list_commands(None)  # type: ignore[arg-type]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented_and_explains_itself(command: str) -> None:
    assert f"feedsvc {command}" in README
    result = CliRunner().invoke(main, [command, "--help"])
    assert result.exit_code == 0
    assert "--help" in result.output
    assert len(result.output.split("Options:")[0].split()) > 12


def _keys(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def _all_keys() -> set[str]:
    found = _keys(SectionConfig) | _keys(BoxConfig) | _keys(SelectConfig)
    found |= _keys(TableMapConfig) | _keys(StatusConfig) | _keys(WebhookConfig) | _keys(TakerConfig)
    for source in config.KINDS.values():
        found |= _keys(source)
    for name, field in config.FileConfig.model_fields.items():
        found.add(name)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            found |= _keys(field.annotation)
    return found


@pytest.mark.parametrize("key", sorted(_all_keys()))
def test_every_key_is_documented_and_shown(key: str) -> None:
    assert re.search(rf"`{key}`|\[\[?{key}\]\]?", DOCS["configuration.md"])
    assert re.search(rf"(^|[\[{{, ]){key}( =|\]|\.)", (ROOT / "config/example.toml").read_text(), re.M)


@pytest.mark.parametrize("code", list(Code))
def test_every_error_code_is_documented(code: Code) -> None:
    assert f"| `{code}` |" in DOCS["errors.md"]


def test_links_between_documents_lead_somewhere() -> None:
    for name, text in PAGES.items():
        for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", text):
            assert (ROOT / name).parent.joinpath(target).exists(), f"{name}: {target}"


def test_where_to_change_what_is_there() -> None:
    """Every module that CONTRIBUTING names exists, and holds the name that stands in brackets behind it."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"`(feedsvc/[\w/.]+)`(?: \(`(\w+)`\))?", text)
    assert len(named) > 30
    for path, inside in named:
        assert (ROOT / path).exists(), path
        assert inside in ((ROOT / path).read_text(encoding="utf-8") if inside else ""), (path, inside)


def test_the_reference_is_what_the_code_says() -> None:
    done = subprocess.run(
        [sys.executable, "tools/make_reference.py", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_extras_and_variables_are_spelt_as_they_are() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    for name, text in PAGES.items():
        assert set(re.findall(r"feedsvc\[(\w+)\]", text)) <= set(extras), name
        assert "psycopg[binary]" not in text, f"{name}: say feedsvc[postgres]"


def test_the_changelog_names_this_version_and_its_date_first() -> None:
    heads = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.M)
    released = [head for head in heads if head != "Unreleased"]
    assert re.fullmatch(rf"{re.escape(__version__)} - \d{{4}}-\d\d-\d\d", released[0])
    assert heads.index(released[0]) <= 1
    assert all(re.fullmatch(r"\d+\.\d+\.\d+ - \d{4}-\d\d-\d\d", head) for head in released)


def test_every_dependency_says_why_it_is_here() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    for name in tomllib.loads(text)["project"]["dependencies"]:
        assert re.search(rf'"{re.escape(name)}",? +# \w+', text), name


def test_only_fetch_opens_connections() -> None:
    """Decision 5: one way out. Others may listen, or look whether one of our own ports is free or taken."""
    allowed = {
        "fetch/guard.py",
        "fetch/client.py",
        "fetch/connections.py",
        "fetch/failures.py",
        "fetch/sender.py",
        "fetch/brake.py",
        "cli/running.py",
        "wiring/process.py",  # what a host to listen at stands for
        "run/supervise.py",
        "run/life.py",  # the service manager's socket, and whether our own port answers
        "demo/server.py",
    }
    found = set()
    for path in (ROOT / "feedsvc").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if {"socket", "requests", "urllib3", "http.client", "urllib.request"} & set(names):
                found.add(str(path.relative_to(ROOT / "feedsvc")))
    assert found <= allowed, found - allowed


def test_every_table_is_documented() -> None:
    for table in schema.metadata.tables:
        assert f"`{table}`" in DOCS["tables.md"], table


def test_decisions_are_found_by_number_and_by_name() -> None:
    notes = {path.name: path.read_text() for path in (ROOT / "docs/decisions").glob("0*.md")}
    for name, text in notes.items():
        assert re.match(rf"# {int(name[:4])}\. .+\n\nDecided \d{{4}}-\d\d-\d\d\.\n", text), name
        assert "## Context\n" in text, name
        assert "## Decision\n" in text, name
        assert "## Reason\n" in text, name
        assert len(text.splitlines()) < 60, f"{name}: a decision is one page"
        assert f"(decisions/{name})" in DOCS["architecture.md"], name
    for path in [*(ROOT / "feedsvc").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]:
        for number in re.findall(r"[Dd]ecision (\d+)", path.read_text()):
            assert any(name.startswith(f"{int(number):04}-") for name in notes), f"{path}: decision {number}"


def test_nothing_names_this_workplace() -> None:
    for path in [*DOCS, "README.md"]:
        text = DOCS.get(path, README)
        assert "../shared" not in text
        assert "/work/" not in text


def test_the_schema_of_an_article_is_the_one_that_is_checked() -> None:
    from feedsvc.serve.api.models import ArticleIn

    shown = re.search(r"```json\n(.*?)```", DOCS["api.md"], re.S)
    assert shown is not None
    assert json.loads(shown[1]) == ArticleIn.model_json_schema()
