"""The demo newsroom stands beside the pipeline: it shares nothing with it but the name of the package."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

import feedsvc.demo

MODULES = sorted(Path(feedsvc.demo.__file__).parent.rglob("*.py"))
ALLOWED = {"jinja2", "markupsafe"}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_it_imports_nothing_but_the_standard_library_and_templates(module: Path) -> None:
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names = [node.module or ""]
        for name in names:
            root = name.partition(".")[0]
            assert root in sys.stdlib_module_names | ALLOWED or name.startswith("feedsvc.demo"), name
